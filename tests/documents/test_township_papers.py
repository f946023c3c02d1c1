"""What a 镇街 is sent on one day: its 任务单 and its 情况通报函 speak of the same children."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest

from schemas.bimester import Bimester
from tests.towns.town import Town, build_town, in_school, join_tables
from transforms.documents.blocks import Paragraph
from transforms.documents.context import read_office
from transforms.documents.names import list_values
from transforms.documents.recipients import list_orders, open_reader
from transforms.documents.source import build_paper
from transforms.documents.tasks import Task

PERIOD, ISSUED = Bimester.parse("2025-B3"), date(2025, 7, 10)
# 孙五 and 吴八 are absent from their school, which has to find out why; 王一 has dropped out and stands with his school too;
# 郑九 is on no roll, so that his village is asked.
ATTENDANCE = "月份 | 学校标识码 | 年级 | 班级 | 姓名 | 应到天数 | 缺勤天数 | 最长连续无故缺勤天数 | 缺勤起始日 | 在校状态\n" + "\n".join(
    f"2025-{month} | 1000000001 | 3 | 1班 | {name} | 20 | {days} | {days} | {since} | {state}"
    for name in "王一 孙五 吴八 钱四".split()
    for month, days, since, state in (("05", 0, "-", "在校"), ("06", 9, "2025-06-16", "无故缺勤"))
    if name != "钱四" or month == "05"
) + "\n2025-06 | 1000000001 | 3 | 1班 | 钱四 | 20 | 0 | 0 | - | 在校"  # fmt: skip
SAID = "姓名 | 核实日期 | 核实单位 | 核实结果\n王一 | 2025-06-20 | 学校 | 确认辍学"


def tell(town: Town, name: str) -> str:
    """The prose of the paper `name` for 甲镇."""
    reader = open_reader(town.con, PERIOD, 1, ISSUED, read_office())
    order = next(o for o in list_orders(reader, Path("none")) if (o.place, o.name) == ("镇街/甲镇", name))
    values = list_values(order.contexts[0])
    paper = build_paper(order.template, values, values["tables"], {}, properties={})
    return "\n".join(block.text for block in paper.blocks if isinstance(block, Paragraph))


@pytest.fixture(scope="module")
def town() -> Town:
    pupils = in_school("王一 孙五 吴八 钱四")
    return build_town(**join_tables(pupils, {"child": in_school("郑九")["child"]}), attendance=ATTENDANCE, verification=SAID)


def test_what_schools_answer_for_is_told_in_both_papers(town: Town):
    task, letter = tell(town, "任务单"), tell(town, "情况通报函")
    assert "辍学未返和失联学生1人，去向待核实的适龄儿童少年3人" in letter
    assert "上述4人中，由你镇、村社核实和劝返的1人，由学校或我委主责、请你镇配合的3人" in letter
    assert "需你处核实和劝返的儿童1人" in task
    assert "另有由学校或区教委主责、请你处和村社配合的儿童3人：劝返中1人（逾期1人）、待核实2人" in task


def test_a_township_whose_children_all_stand_with_schools_is_not_told_that_there_is_nothing():
    town = build_town(**in_school("王一 孙五 吴八 钱四"), attendance=ATTENDANCE, verification=SAID)
    assert "没有需要核实和劝返的儿童" not in tell(town, "任务单")
    assert "另有由学校或区教委主责、请你处和村社配合的儿童3人" in tell(town, "任务单")
    assert "上述3人中，由学校或我委主责、请你镇配合的3人" in tell(town, "情况通报函")


def test_a_township_finds_a_child_by_its_village_and_a_school_by_its_class():
    case = {"case_no": "一", "name": "丁某", "village": "黄金坡社区居民委员会", "class": "六年级", "state": "待核实", "due_on": ISSUED,
            "overdue_working_days": 0, "owner_level": "village", "owner_office": ""}  # fmt: skip
    ours = {"cases": (case,), "shown": 9, "villages": (), "found": {}}
    for own, title, place in ((("village", "township"), "村社", "黄金坡社区"), (("school",), "班级或村社", "六年级")):
        fields = dict.fromkeys((field.name for field in dataclasses.fields(Task)), ()) | ours | {"own": own}
        table = Task(**fields).tables["学生"]
        assert (table.columns[1].title, table.rows[0][1]) == (title, place)
