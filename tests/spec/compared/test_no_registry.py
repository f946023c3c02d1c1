"""在校无学籍: on a classroom list, no live record. Rules page: transforms/compared/no_registry.md."""

from tests.towns.town import build_town, in_school


def test_a_child_in_class_without_a_record_is_found():
    town = build_town(
        **in_school("李二"),
        attendance="月份 | 学校标识码 | 年级 | 班级 | 姓名 | 身份证件号 | 在校状态\n"
        "2025-05 | 1000000001 | 3 | 1 | 李二 | - | 在校\n"
        "2025-05 | 1000000001 | 3 | 1 | 王一 | 500153201603010014 | 在校\n"
        "2025-05 | 1000000001 | 3 | 1 | 赵三 | 500153201603010030 | 离校未归",
    )
    assert town.names("no_registry") == ["王一"]
    assert town.rows("select school_code from compared.no_registry") == [("1000000001",)]
    assert town.case_states() == {}, "reported, no case"


def test_a_child_whose_registry_row_was_set_aside_is_not_found():
    town = build_town(
        child="姓名 | 性别 | 出生日期 | 镇街 | 村社\n王一 | 男 | 2016-03-01 | 甲镇 | 东村",
        attendance="月份 | 学校标识码 | 年级 | 班级 | 姓名 | 在校状态\n2025-05 | 1000000001 | 3 | 1 | 王一 | 在校",
        quarantined="学校标识码 | 姓名 | 性别 | 出生日期\n1000000001 | 王一 | 男 | 2016-03-01",
    )
    assert town.names("no_registry") == []


def test_never_delivered_is_said():
    town = build_town(**in_school("李二"))
    assert town.rows("select reported from compared.coverage where comparison = 'no_registry'") == [(False,)]
