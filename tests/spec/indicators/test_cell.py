"""The tally rolled up to every area, stage and grade, with the mark of what is small."""

from tests.towns.town import build_town, in_school, join_tables

ROLL = "select area_level, area_name, school_code, parent_area, n, d from indicators.cell where indicator = 'match_quality' and "
WHOLE = "(stage, grade, population_group) = ('all', 'all', 'all')"


def test_every_area_adds_up_its_parts():
    """District, 镇街, 学区, 责任区 and school; a school of the roll hangs on its 镇街, every other area on the district."""
    town = build_town(**join_tables(in_school("甲 乙"), in_school("丙", "2"), in_school("丁", "7", "1000000002")))
    assert sorted(town.rows(ROLL + WHOLE)) == sorted([
        ("district", "荣昌区", None, None, 4, 4),
        ("township", "甲镇", None, "荣昌区", 3, 3), ("township", "乙镇", None, "荣昌区", 1, 1),
        ("school_zone", "一学区", None, "荣昌区", 3, 3), ("school_zone", "二学区", None, "荣昌区", 1, 1),
        ("supervision_zone", "一责任区", None, "荣昌区", 3, 3), ("supervision_zone", "二责任区", None, "荣昌区", 1, 1),
        ("school", "甲小学", "1000000001", "甲镇", 3, 3), ("school", "乙中学", "1000000002", "乙镇", 1, 1),
    ])  # fmt: skip
    parts = "select stage, grade, d from indicators.cell where indicator = 'match_quality' and area_level = 'district' and population_group = 'all'"
    assert sorted(town.rows(parts)) == [("all", "all", 4), ("junior", "7", 1), ("junior", "all", 1), ("primary", "2", 1),
                                        ("primary", "3", 2), ("primary", "all", 3)]  # fmt: skip
    assert set(town.rows("select area_level from indicators.cell where indicator = 'enrolment_rate'")) >= {("village",)}
    assert town.rows("select id from indicators.cell group by id having count(*) > 1") == []


def test_nobody_to_count_is_zero_where_that_is_an_answer():
    """A district without a case has closed none of none; what was not delivered has no counts at all (contract §7)."""
    town = build_town(**in_school("甲"))
    assert town.rows("select area_level, area_name, n, d from indicators.cell where indicator in ('closing_rate', 'guardian_ok_rate') "
                     "order by indicator") == [("district", "荣昌区", 0, 0), ("district", "荣昌区", None, None)]  # fmt: skip


def test_small_is_what_could_be_told_of_a_few():
    """1 to 9 in or out, of the group or of the others beside it; 0 and 10 are not (domain §11)."""
    boys = " ".join(f"男{n}" for n in "一二三四五六七八九十甲乙丙辰戊己庚辛壬")
    world = in_school(boys)
    for key in world:
        world[key] += "\n" + world[key].splitlines()[1].replace("男一", "女一").replace("| 男 |", "| 女 |")
    small = ("select population_group, n, d, is_small from indicators.cell where indicator = 'match_quality' and area_level = 'district' "
             "and stage = 'all' order by 1")  # fmt: skip
    assert build_town(**world).rows(small) == [
        ("all", 20, 20, False), ("boys", 19, 19, True), ("girls", 1, 1, True), ("local_hukou", 20, 20, False)]  # fmt: skip
    assert build_town(**in_school(boys)).rows(small)[:2] == [("all", 19, 19, False), ("boys", 19, 19, False)]
