"""回执: what became of each line, what it changed, and how to mend what was refused; nobody else's child is named."""

from __future__ import annotations

import polars as pl
import pytest

from schemas.bimester import Bimester
from tests.towns.town import Town, build_town, in_school, join_tables
from transforms.documents.reading import Source
from transforms.documents.receipts import list_receipts

PERIOD = Bimester.parse("2025-B3")
NAMES = "王一 赵三 钱四 孙五 周六"
SAID = """
期间 | 姓名 | 案件编号 | 核实日期 | 核实单位 | 核实结果 | 佐证材料 | 审核人
2025-B2 | 赵三 | - | 2025-04-20 | 镇街 | 失联 | - | -
2025-B2 | 钱四 | - | 2025-04-20 | 镇街 | 死亡 | - | -
2025-B3 | 王一 | - | 2025-05-20 | 镇街 | 确认辍学 | - | -
2025-B3 | 赵三 | - | 2025-04-20 | 镇街 | 失联 | - | -
2025-B3 | 钱四 | - | 2025-04-20 | 镇街 | 死亡 | 死亡证明 | -
2025-B3 | 孙五 | RC2025B9-99999 | 2025-07-20 | 镇街 | 失联 | - | -
"""


def deliver(town: Town, file: str, title: str, extract: str = "verification") -> None:
    """Say that the town's rows of B3 came in one file with such a title."""
    con = town.con
    con.execute(f"update validated.{extract} set file_id = 'f', sheet = '表' where period = '2025-B3'")
    con.execute(f"""insert into validated.form_line by name select period, '{extract}' as extract, file_id, sheet, source_row,
        'accepted' as fate, case_no, name, id_number from validated.{extract} where period = '2025-B3'""")
    con.execute("""insert into validated.file by name select '2025-B3' as period, 'f' as file_id, ? as file_name, '表' as sheet,
        ? as extract, ? as title_text, 4 as rows_read, 4 as accepted, 0 as merged, 0 as quarantined, 1 as not_answered""",
        [file, extract, title])  # fmt: skip


@pytest.fixture
def town() -> Town:
    child = {"child": in_school(NAMES)["child"]}
    listed = "批次 | 下发日期 | 来源 | 姓名 | 性别 | 出生日期\n"
    listed += "\n".join(f"一批 | 2025-05-06 | 平台下发 | {n} | 男 | 2016-03-01" for n in NAMES.split())
    return build_town(**join_tables(in_school("李二"), child), suspect=listed, verification=SAID)


def receipts(town: Town) -> dict[str, pl.DataFrame]:
    return {place: sheets[1].frame for place, name, sheets in list_receipts(Source(town.con, PERIOD, 1)) if name == "回执"}


def tell(lines: pl.DataFrame) -> dict[str, str]:
    return dict(lines.select("name", "said").rows())


def test_a_line_is_told_what_it_changed(town):
    deliver(town, "收到/1.xlsx", "甲镇2025年5—6月核实反馈表")
    [(place, lines)] = receipts(town).items()
    told = tell(lines)
    assert place == "镇街/甲镇"
    assert told["王一"] == "已记入案件" and dict(lines.select("name", "state").rows())["王一"] == "劝返中"
    assert dict(lines.select("name", "answer").rows())["王一"] == "确认辍学（2025-05-20）"


def test_the_same_word_again_changes_nothing_but_its_evidence_does(town):
    deliver(town, "1.xlsx", "甲镇核实反馈表")
    told = tell(receipts(town)["镇街/甲镇"])
    assert told["赵三"] == "与以前所报相同，没有改变"
    assert "没有改变" not in told["钱四"]


def test_an_unknown_case_number_and_a_day_to_come_are_told(town):
    deliver(town, "1.xlsx", "甲镇核实反馈表")
    assert tell(receipts(town)["镇街/甲镇"])["孙五"] == "案件编号不存在，请照预填的编号抄写；日期在本期之后，留待下期生效"


def test_unanswered_and_refused_lines_are_told_with_the_way_to_mend(town):
    deliver(town, "1.xlsx", "甲镇核实反馈表")
    [(number, name)] = town.rows("select case_no, name from cases.case join conformed.person using (child_key) where name = '周六'")
    for row, fate in ((20, "not_answered"), (21, "quarantined")):
        town.con.execute("insert into validated.form_line by name select '2025-B3' as period, 'verification' as extract, 'f' as file_id, "
                         "'表' as sheet, ? as source_row, ? as fate, ? as case_no, ? as name", [row, fate, number, name])  # fmt: skip
    town.con.execute("insert into validated.problem by name select '2025-B3' as period, 'f' as file_id, '表' as sheet, 21 as source_row, "
                     "'核实日期' as heading, '核实日期不是成立的日期。请改正。' as message, '6月31日' as value")  # fmt: skip
    lines = receipts(town)["镇街/甲镇"].filter(name="周六")
    assert lines.select("source_row", "fate", "said").rows() == [
        (20, "未反馈", "请核实后补报"), (21, "未接收", "核实日期不是成立的日期。请改正。所填：6月31日。")]  # fmt: skip


def test_a_sender_is_known_by_title_else_folder_else_its_children(town):
    deliver(town, "甲镇/表.xlsx", "核实反馈表")
    assert list(receipts(town)) == ["镇街/甲镇"]
    town.con.execute("update validated.file set file_name = '表.xlsx', title_text = ''")
    assert list(receipts(town)) == ["镇街/甲镇"]
    town.con.execute("update validated.file set title_text = '学校标识码：1000000001'")
    assert list(receipts(town)) == ["学校/1000000001 甲小学"]


def test_another_ones_child_is_not_named(town):
    deliver(town, "表.xlsx", "乙镇核实反馈表")
    lines = receipts(town)["镇街/乙镇"]
    assert lines["name"].drop_nulls().to_list() == [] and lines["state"].drop_nulls().to_list() == []
    assert all("不属本单位的儿童" in said for said in lines["said"])
