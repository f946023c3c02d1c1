from schemas.rates import INDICATORS
from tests.towns.town import build_town, in_school, join_tables

WORLD = join_tables(in_school("甲 乙"), in_school("丙", "7", "1000000002"))


def test_a_total_is_the_word_all_and_the_parts_sum():
    """Total = `all`, never NULL; school_code only at school level; the district is 荣昌区 (contract §7)."""
    town = build_town(**WORLD)
    assert town.rows("""select stage, grade, denominator from indicators.value where indicator = 'retention_rate_year'
        and area_level = 'district' and population_group = 'all' order by all""") == [
        ("all", "all", 3), ("junior", "7", 1), ("junior", "all", 1), ("primary", "3", 2), ("primary", "all", 2),
    ]  # fmt: skip
    assert town.rows("select count(*) from indicators.value where stage is null or grade is null or area_name is null "
                     "or population_group is null or (school_code is null) <> (area_level <> 'school')") == [(0,)]  # fmt: skip
    assert town.rows("select distinct area_name from indicators.value where area_level = 'district'") == [
        ("荣昌区",)
    ]


def test_roll_rates_have_no_village_and_population_rates_no_grade():
    """Roll rates stand by the school's area; population rates by the child's (contract §8)."""
    town = build_town(**WORLD)
    with_villages = {row[0] for row in town.rows("select indicator from indicators.value where area_level = 'village'")}
    with_grades = {row[0] for row in town.rows("select indicator from indicators.value where grade <> 'all'")}
    assert "enrolment_rate" in with_villages - with_grades
    assert {"retention_rate_year", "dropout_rate"} <= with_grades - with_villages
    assert not with_villages & with_grades


def test_a_village_name_that_two_townships_share_is_told_apart():
    """A village is one area; a name that two 镇街 share is led by its 镇街 (contract §7: area_name)."""
    child = """
    姓名 | 性别 | 出生日期 | 镇街 | 村社
    甲 | 男 | 2016-03-01 | 甲镇 | 桥村
    乙 | 男 | 2016-03-01 | 乙镇 | 桥村
    丙 | 男 | 2016-03-01 | 乙镇 | 西村
    """
    villages = "select distinct area_name from indicators.value where area_level = 'village' order by 1"
    assert build_town(child=child).rows(villages) == [("乙镇桥村",), ("甲镇桥村",), ("西村",)]


def test_every_indicator_has_a_district_row():
    """Not reported: one district row with NULL counts; a count of nobody is no rate (contract §7)."""
    rows = build_town().rows("select indicator, numerator, denominator, rate from indicators.value where area_level = "
                             "'district'")  # fmt: skip
    assert sorted(row[0] for row in rows) == sorted(INDICATORS)
    assert {row[1:] for row in rows if row[0] != "submission_rate"} <= {(None, None, None), (0, 0, None)}
    assert ("submission_rate", 0, 4, 0.0) in rows


def test_small_cells_are_marked():
    """`suppressed` marks cells with 1–9 in or out, counts stay true (contract §7, domain.md §11)."""
    ten = in_school("一 二 三 四 五 六 七 八 九 十")
    mark = "select numerator, denominator, suppressed from indicators.value where indicator = 'enrolment_rate' and " \
           "area_level = 'district' and stage = 'all' and population_group = 'all'"  # fmt: skip
    assert build_town(**ten).rows(mark) == [(10, 10, False)]
    assert build_town(
        **join_tables(
            ten, {"child": "姓名 | 性别 | 出生日期 | 镇街 | 村社\n外 | 男 | 2016-03-01 | 甲镇 | 东村"}
        )
    ).rows(mark) == [(10, 11, True)]
    assert build_town(**in_school("一 二 三 四 五 六 七 八 九")).rows(mark) == [(9, 9, True)]


def test_the_whole_bears_the_name_that_the_office_has():
    """Another district's office sets its own name; every 镇街 stands under it."""
    town = build_town(**WORLD, district="某县")
    assert town.rows("select distinct area_name from indicators.value where area_level = 'district'") == [("某县",)]
    assert town.rows("select distinct parent_area from indicators.cell where area_level = 'township'") == [("某县",)]
