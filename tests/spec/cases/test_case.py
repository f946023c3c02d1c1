from datetime import date

import pytest

from schemas.bimester import Bimester
from schemas.calendar import CalendarGap, is_working_day
from tests.towns.town import Town, build_town, in_school
from transforms.documents.names import list_values
from transforms.documents.reading import Source, count_undated
from transforms.documents.source import fill_template
from transforms.documents.tasks import Task

CHILD = "姓名 | 性别 | 出生日期 | 镇街 | 村社\n"
LISTED = "批次 | 下发日期 | 核实期限 | 姓名\n一 | {} | {} | 王一"
SAID = "姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称\n王一 | {} | 镇街 | {} | {}"


def clock(town: Town) -> tuple[str, int]:
    (row,) = town.rows("select due_on::varchar, overdue_working_days from cases.case")
    return row


@pytest.mark.parametrize(
    ("issued", "verify_by", "due"),
    [
        # 10 working days, from the day after 下发日期: 17 June, Tuesday, to 1 July
        ("2025-06-17", "-", ("2025-07-01", 7)),  # overdue at the issue date, 10 July
        ("2025-06-26", "-", ("2025-07-10", 0)),  # due that very day: not overdue
        # the holiday 端午 (31 May to 2 June) and weekends are no working days
        ("2025-05-28", "-", ("2025-06-12", 20)),
        # the batch's own day rules
        ("2025-06-17", "2025-07-09", ("2025-07-09", 1)),
    ],
)
def test_ten_working_days_to_verify_or_the_batch_s_own_day(issued: str, verify_by: str, due: tuple[str, int]):
    """待核实: 10 working days by our calendar; a batch's own 核实期限 rules (contract §6, domain.md §5: Clocks)."""
    assert clock(build_town(**in_school("王一"), suspect=LISTED.format(issued, verify_by))) == due


@pytest.mark.parametrize(
    ("result", "school", "due"),
    [
        ("外地就读有学籍", "-", "2025-07-08"),  # evidence: 10 working days from 24 June
        ("外地就读无学籍", "外地小学", "2025-08-05"),  # transfer: 30
        ("失学", "-", "2025-06-27"),  # persuasion: 3
        ("失联", "-", "2025-06-27"),
    ],
)
def test_the_clock_of_each_state(result: str, school: str, due: str):
    """Each state has its clock, from the day after the finding (domain.md §5: Clocks)."""
    child = CHILD + "王一 | 男 | 2016-03-01 | 甲镇 | 东村"
    town = build_town(
        child=child,
        suspect=LISTED.format("2025-06-10", "-"),
        verification=SAID.format("2025-06-24", result, school),
    )
    assert clock(town)[0] == due


def test_a_case_of_a_comparison_starts_at_the_issue_date():
    """Clocks start the day after the issue date: 10 July 2025 + 10 working days (contract §1)."""
    assert clock(build_town(child=CHILD + "王一 | 男 | 2016-03-01 | 甲镇 | 东村")) == ("2025-07-24", 0)


def test_first_owner_by_opening():
    """`unenrolled` → 村社 (镇街 where no village is known); `absent` → school; a closed case has none (§6)."""
    world = in_school("甲 乙 丙 丁 缺勤")
    world["child"] += (
        "\n有村 | 男 | 2016-03-01 | 甲镇 | 东村\n无村 | 男 | 2016-03-01 | 甲镇 | -\n销号 | 男 | 2016-03-01 | 甲镇 | 东村"
    )
    rows = "".join(f"2025-06 | 1000000001 | {n} | 在校\n" for n in ["甲", "乙", "丙", "丁"])
    town = build_town(
        **world,
        attendance="月份 | 学校标识码 | 姓名 | 在校状态\n" + rows + "2025-06 | 1000000001 | 缺勤 | 离校未归",
        suspect="批次 | 下发日期 | 姓名\n一 | 2025-05-20 | 销号",
        verification="姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料\n销号 | 2025-06-10 | 公安 | 死亡 | 证明",
    )
    owner = "person_id, owner_level, owner_office from cases.case join conformed.person using (child_key)"
    assert town.by_name(owner) == {
        "缺勤": ("school", "甲小学"), "有村": ("village", "甲镇东村"), "无村": ("township", "甲镇"), "销号": (None, None),
    }  # fmt: skip


def test_a_day_past_the_holiday_table_is_left_empty_and_said(monkeypatch: pytest.MonkeyPatch):
    """A year that the calendars do not cover is said, never guessed (contract §1): counted for the run, the report and the 任务单."""
    def know_until_july(day: date) -> bool:
        if day > date(2025, 7, 20):
            raise CalendarGap("no table")
        return is_working_day(day)

    world = {"child": "姓名 | 性别 | 出生日期 | 镇街\n王一 | 男 | 2016-03-01 | 甲镇"}
    dated = build_town(**world)
    assert count_undated(Source(dated.con, Bimester.parse("2025-B3"), 1)) == 0
    monkeypatch.setattr("transforms.build.is_working_day", know_until_july)
    town = build_town(**world)
    assert town.rows("select due_on, overdue_working_days from cases.case") == [(None, None)]
    assert count_undated(Source(town.con, Bimester.parse("2025-B3"), 1)) == 1


@pytest.mark.parametrize("template", ["学校任务单.md.j2", "镇街任务单.md.j2"])
def test_a_task_sheet_says_how_many_have_no_day(template: str):
    case = {"case_no": "一", "name": "王一", "state": "待核实", "due_on": date(2025, 7, 1), "overdue_working_days": 0,
            "owner_level": "school", "class": "1班", "village": None}  # fmt: skip
    undated = case | {"due_on": None, "overdue_working_days": None}

    def say(*cases: dict) -> str:
        task = Task("甲小学", ("school",), "本期", "今日", "教委", "今日", cases, (), (), 5, "十日内", (), {}, (), (), 0)
        return fill_template(template, list_values(task))

    assert "有1人的办理期限在已收录的国家节假日安排或校历之后" in say(case, undated)
    assert "暂缺" not in say(case)
