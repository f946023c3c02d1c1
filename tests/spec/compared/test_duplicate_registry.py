import pytest

from tests.towns.town import build_town

HEAD = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 全国学籍号 | 学籍状态\n"


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("在读", "在读", True),
        ("在读", "休学", True),
        ("在读", "转出中", False),  # one child moving
        ("休学", "转出中", True),
        ("转出中", "转出中", True),
        ("在读", "已转出", False),
        ("在读", "其他离校", False),
    ],
)
def test_one_child_more_than_one_live_record(first: str, second: str, found: bool):
    """More than one live record is a duplicate, but 转出中 beside 在读 is one child moving (contract §1, §5)."""
    town = build_town(registry=HEAD + f"""
    1000000001 | 3 | 1班 | 王一 | 男 | 2016-03-01 | - | {first}
    1000000002 | 3 | 1班 | 王一 | 男 | 2016-03-01 | - | {second}
    """)
    assert town.names("duplicate_registry") == (["王一"] if found else [])


def test_a_graduate_already_taken_in_by_the_junior_school_is_one_child():
    """A grade-6 graduate counts as live through 31 August; the record of the new school is no second one (§1)."""
    town = build_town("2025-B4", registry=HEAD + """
    1000000001 | 6 | 1班 | 王一 | 男 | 2013-03-01 | G500153201303010011 | 毕业
    1000000002 | 7 | 1班 | 王一 | 男 | 2013-03-01 | G500153201303010011 | 在读
    """)
    assert town.names("duplicate_registry") == []
    assert town.rows("select school_code, grade from conformed.enrolment") == [("1000000002", "7")]


def test_one_registry_number_more_than_one_child():
    """Two children on one 学籍号 are both found (contract §5)."""
    town = build_town(registry=HEAD + """
    1000000001 | 3 | 1班 | 王一 | 男 | 2016-03-01 | G500153201603010011 | 在读
    1000000002 | 3 | 1班 | 李二 | 男 | 2016-05-01 | G500153201603010011 | 在读
    1000000002 | 3 | 1班 | 赵三 | 男 | 2016-05-01 | G500153201603010022 | 在读
    """)
    assert town.names("duplicate_registry") == ["李二", "王一"]
