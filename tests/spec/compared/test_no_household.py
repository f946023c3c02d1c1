"""有学籍无户籍: live record, school age, not in the 底册. Rules page: transforms/compared/no_household.md."""

from tests.towns.town import build_town, in_school, join_tables


def test_a_pupil_outside_the_roster_is_found():
    town = build_town(**join_tables(in_school("李二"), {"registry": in_school("王一")["registry"]}))
    assert town.names("no_household") == ["王一"]
    assert town.case_states() == {}, "a gap in the 底册, not a suspect"


def test_a_pupil_past_school_age_is_not():
    older = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 学籍状态\n1000000002 | 9 | 1班 | 钱四 | 男 | 2009-08-31 | 在读"
    assert build_town(**join_tables(in_school("李二"), {"registry": older})).names("no_household") == []


def test_the_last_day_of_birth_that_is_school_age():
    """15 completed years on 31 August 2024 is past it, 14 is not (contract §1)."""
    younger = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 学籍状态\n1000000002 | 9 | 1班 | 钱四 | 男 | 2009-09-01 | 在读"
    assert build_town(**join_tables(in_school("李二"), {"registry": younger})).names("no_household") == ["钱四"]
