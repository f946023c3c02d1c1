import pytest

from tests.towns.town import build_town, in_school

HEAD = "月份 | 学校标识码 | 年级 | 班级 | 姓名 | 在校状态 | 最长连续无故缺勤天数 | 缺勤起始日\n"


@pytest.mark.parametrize(
    ("month", "days", "since", "run"),
    [
        ("2025-06", "4", "-", 4),
        ("2025-06", "5", "-", 5),
        # 29 and 30 May are school days, 31 May to 2 June is 端午: 2 + 3 days
        ("2025-06", "3", "2025-05-29", 5),
        ("2025-06", "2", "2025-05-29", 4),
        # only a first day: every school day since, to the month's end (23-27 and 30 June)
        ("2025-06", "-", "2025-06-23", 6),
        # begun inside the month: the reported run stands
        ("2025-06", "4", "2025-06-03", 4),
        # without a number: unknown
        ("2025-06", "-", "-", None),
    ],
)
def test_a_run_joins_across_months_when_its_first_day_is_given(month: str, days: str, since: str, run: int | None):
    """Unexcused school days running, holidays not counted, joined across months by the first day (contract §5)."""
    town = build_town(**in_school("王一"), attendance=HEAD + f"{month} | 1000000001 | 3 | 1班 | 王一 | 无故缺勤 | {days} | {since}")
    assert town.rows("select unexcused_run from conformed.absence") == [(run,)]


def test_a_name_in_its_class_is_enough_where_it_is_unique():
    """In `attendance` and `absentee` school + grade + class + name identify a pupil, if unique there (contract §3);
    a faulty id beside the name does not stand in the way."""
    town = build_town(
        child="姓名 | 性别 | 出生日期 | 镇街\n王一 | 男 | 2016-03-01 | 甲镇",
        registry="""
        学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 身份证件号
        1000000001 | 3 | 三年级1班 | 王一 | 男 | 2016-03-01 | -
        1000000001 | 3 | 三年级2班 | 李二 | 男 | 2016-03-01 | -
        1000000001 | 3 | 三年级2班 | 李二 | 女 | 2016-04-01 | -
        """,
        attendance="""
        月份 | 学校标识码 | 年级 | 班级 | 姓名 | 身份证件号 | 在校状态
        2025-06 | 1000000001 | 3 | 1班 | 王一 | 500153201603 | 在校
        2025-06 | 1000000001 | 3 | 2班 | 李二 | - | 在校
        """,
    )
    assert town.by_name("person_id, presence_status from conformed.absence") == {"王一": "在校"}


def test_the_kinder_of_two_rows_rules():
    """Named twice in one school and month, the pupil is where the better row says (contract §5)."""
    town = build_town(**in_school("王一"), attendance=HEAD + """
    2025-06 | 1000000001 | 3 | 1班 | 王一 | 离校未归 | - | -
    2025-06 | 1000000001 | 3 | 1班 | 王一 | 请假 | - | -
    """)  # fmt: skip
    assert town.rows("select presence_status from conformed.absence") == [("请假",)]
