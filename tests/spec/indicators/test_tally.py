"""The finest grain of every figure: each unit once, and once more in every group its child is of."""

from tests.towns.town import SCHOOLS, build_town, in_school, join_tables

TWO = SCHOOLS + "1000000003 | 丙小学 | 小学 | 民办 | 甲镇 | 一学区 | -"


def test_a_child_stands_once_and_once_in_each_of_its_groups():
    """Where a pupil stands is its school's: 镇街, 学区, 责任区; a school without a zone is in none. Two alike are one row."""
    world = join_tables(in_school("甲 乙", 就读方式="住校"), in_school("丙", "7", "1000000002", 就读方式="走读"),
                        in_school("丁", school="1000000003", 就读方式="住校"))  # fmt: skip
    town = build_town(**world, school=TWO)
    rows = town.rows("select population_group, township, village, school_zone, supervision_zone, school_code, stage, grade, n, d "
                     "from indicators.tally where indicator = 'match_quality' and population_group in ('all', 'boarding') order by all")  # fmt: skip
    first, second, third = (("甲镇", None, "一学区", "一责任区", "1000000001", "primary", "3"),
                            ("乙镇", None, "二学区", "二责任区", "1000000002", "junior", "7"),
                            ("甲镇", None, "一学区", None, "1000000003", "primary", "3"))  # fmt: skip
    assert rows == sorted([("all", *first, 2, 2), ("all", *second, 1, 1), ("all", *third, 1, 1),
                           ("boarding", *first, 2, 2), ("boarding", *third, 1, 1)], key=lambda row: [(v is None, v) for v in row])  # fmt: skip
    # a population rate stands where the child lives, and has no grade
    places = "select distinct township, village, grade from indicators.tally where indicator = 'enrolment_rate'"
    assert town.rows(places) == [("甲镇", "东村", None)]
    assert town.rows("from indicators.tally where indicator = 'vocational'") == []


def test_what_was_never_delivered_is_not_counted():
    """Children in school, nobody's aid delivered: no row of its rate, for it is missing and not 0 (contract §3)."""
    town = build_town(**in_school("甲", 是否孤儿="是"))
    assert town.rows("select count(*) from indicators.unit where indicator = 'aid_coverage_rate'") != [(0,)]
    assert town.rows("from indicators.tally where indicator = 'aid_coverage_rate'") == []
    assert town.rate("aid_coverage_rate") == (None, None)
