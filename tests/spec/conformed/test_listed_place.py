"""A child in no register of ours stands where the list that found it puts it."""

from tests.towns.town import build_town, in_school


def test_the_village_that_found_a_child_keeps_it_whatever_school_it_once_went_to():
    found = "批次 | 下发日期 | 来源 | 姓名 | 性别 | 出生日期 | 镇街 | 村社 | 原就读学校标识码\n"
    found += "摸排 | 2025-05-06 | 镇街摸排 | 王一 | 男 | 2012-03-01 | 甲镇 | 东村 | 1000000002"
    town = build_town(**in_school("李二"), suspect=found)
    assert town.by_name("person_id, township, village from conformed.place")["王一"] == ("甲镇", "东村")
