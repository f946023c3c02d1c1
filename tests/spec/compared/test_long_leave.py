"""长期请假未办休学: report, no case. Rules page: transforms/compared/long_leave.md."""

from tests.towns.town import build_town, in_school

HEAD = "月份 | 学校标识码 | 年级 | 班级 | 姓名 | 在校状态 | 缺勤起始日 | 连续缺勤天数 | 期间\n"
ROLL = "月份 | 学校标识码 | 年级 | 班级 | 在籍人数 | 在校人数\n2025-05 | 1000000001 | 3 | 1 | 2 | 1"


def on_leave(*rows: str) -> list[str]:
    lines = (f"{m} | 1000000001 | 3 | 1 | 王一 | 请假 | {since} | {days} | {p}" for m, since, days, p in map(str.split, rows))
    return build_town(**in_school("王一 李二"), class_roll=ROLL, absentee=HEAD + "\n".join(lines)).names("long_leave")


def test_twenty_school_days_running_inclusive():
    assert on_leave("2025-05 - 20 2025-B3") == ["王一"]
    assert on_leave("2025-05 - 19 2025-B3") == []


def test_the_first_day_given_joins_months():
    assert on_leave("2025-05 2025-04-21 - 2025-B3") == ["王一"]


def test_two_months_in_a_row():
    assert on_leave("2025-05 - 3 2025-B3", "2025-06 - 3 2025-B3") == ["王一"]
    assert on_leave("2025-04 - 3 2025-B2", "2025-05 - 3 2025-B3") == ["王一"], "over the border of two periods"
    assert on_leave("2025-03 - 3 2025-B2", "2025-05 - 3 2025-B3") == []
