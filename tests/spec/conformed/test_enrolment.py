from tests.towns.town import build_town

HEAD = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 入学年月 | 学籍状态\n"


def test_a_child_with_several_live_records_counts_once():
    """At the 在读 record, else the newest by 入学年月, else the smallest school code (contract §1: Live record)."""
    town = build_town(registry=HEAD + """
    1000000001 | 3 | 1班 | 王一 | 男 | 2016-03-01 | 2024-09 | 转出中
    1000000002 | 3 | 1班 | 王一 | 男 | 2016-03-01 | 2022-09 | 在读
    1000000001 | 3 | 1班 | 李二 | 男 | 2016-03-01 | 2022-09 | 在读
    1000000002 | 3 | 1班 | 李二 | 男 | 2016-03-01 | 2024-09 | 在读
    1000000002 | 3 | 1班 | 赵三 | 男 | 2016-03-01 | 2022-09 | 在读
    1000000001 | 3 | 1班 | 赵三 | 男 | 2016-03-01 | 2022-09 | 在读
    """)  # fmt: skip
    assert town.by_name("person_id, school_code, records from conformed.enrolment") == {
        "王一": ("1000000002", 2), "李二": ("1000000002", 2), "赵三": ("1000000001", 2),
    }  # fmt: skip


def test_age_is_that_of_31_august():
    """Age in completed years on 31 August of the school year (contract §1: School age)."""
    town = build_town(registry=HEAD + """
    1000000001 | 1 | 1班 | 王一 | 男 | 2018-08-31 | - | 在读
    1000000001 | 1 | 1班 | 李二 | 男 | 2018-09-01 | - | 在读
    1000000002 | 9 | 1班 | 赵三 | 男 | 2009-09-01 | - | 在读
    1000000002 | 9 | 1班 | 钱四 | 男 | 2009-08-31 | - | 在读
    """)  # fmt: skip
    assert town.by_name("person_id, age, is_school_age from conformed.enrolment") == {
        "王一": (6, True), "李二": (5, False), "赵三": (14, True), "钱四": (15, False),
    }  # fmt: skip
