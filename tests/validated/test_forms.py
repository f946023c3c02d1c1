"""Fill-in forms that come back: a line without an answer is 未反馈, counted apart and no fault."""

from __future__ import annotations

import openpyxl
import pytest

from tests.extracts.books import make_id, write_xlsx
from tests.validated.conftest import REGISTRY, District, pupil
from transforms.validated.check import check_files

VERIFICATION = ["姓名", "身份证件号", "案件编号", "村社", "核实日期", "核实单位", "核实结果", "佐证材料"]
PERSUASION = ["姓名", "身份证件号", "案件编号", "劝返日期", "劝返单位", "劝返人", "结果"]
SUSPECT = ["姓名", "身份证件号", "案件编号", "性别", "出生日期", "疑似类型"]
FOOT = ["填报单位（盖章）：　　　　单位负责人：　　　　审核人：　　　　填表人：　　　　联系电话：　　　　填报日期：　　年　月　日"]


def printed(serial: int = 1) -> list[str]:
    """What we print of a child."""
    return [f"李{chr(0x4E00 + serial)}", make_id(serial), f"RC2025B3-0000{serial}"]


def counts(result, extract: str) -> tuple[int, ...]:
    names = ("rows_read", "accepted", "merged", "quarantined", "not_answered", "blank_rows", "note_rows")
    return result.read("file").filter(extract=extract).select(names).row(0)


@pytest.fixture
def ready(district: District) -> District:
    return district.put("学籍.xlsx", [REGISTRY, pupil(1)])


def test_a_blank_form_comes_back_as_no_feedback_and_refuses_nothing(ready: District) -> None:
    for name, heads in (("核实反馈表", VERIFICATION), ("劝返记录表", PERSUASION)):
        ready.put(f"{name}.xlsx", [[f"甲镇{name}"], heads, printed(1), printed(2), [], FOOT])
    result = ready.validate()
    assert result.refused() == []
    for extract in ("verification", "persuasion"):
        assert counts(result, extract) == (0, 0, 0, 0, 2, 1, 1)
        assert result.rules(extract) == []
    assert result.read("file").filter("is_unanswered")["extract"].to_list() == ["persuasion", "verification"]


def test_answered_half_answered_and_unanswered_lines_part_ways(ready: District) -> None:
    rows = [[*printed(1), "黄檀村", "2025-06-20", "村社", "确认辍学"], [*printed(2), "", "2025-06-20"], [*printed(3), "黄檀村"]]
    result = ready.put("核实反馈表.xlsx", [VERIFICATION, *rows]).validate()
    assert counts(result, "verification")[:5] == (2, 1, 0, 1, 1)
    assert result.rules("verification") == [(3, "required_empty")]
    fates = result.read("form_line").select("source_row", "fate", "case_no").rows()
    assert fates == [(2, "accepted", "RC2025B3-00001"), (3, "quarantined", "RC2025B3-00002"), (4, "not_answered", "RC2025B3-00003")]


def test_one_bad_line_of_our_form_goes_back_in_the_receipt_and_refuses_nothing(ready: District) -> None:
    result = ready.put("劝返记录表.xlsx", [PERSUASION, [*printed(1), "2025-13-40", "村社", "某", "未返校"]]).validate()
    assert (result.refused(), counts(result, "persuasion")[:4]) == ([], (1, 0, 0, 1))


def test_a_roster_marks_only_the_exceptions(ready: District) -> None:
    heads = ["年级", "班级", "姓名", "身份证件号", "在校状态", "缺勤起始日"]
    rows = [["三年级", "1班", *printed(n)[:2], status, ""] for n, status in enumerate(("", "在校", "无故缺勤"), 1)]
    ready.put("名单.xlsx", [["昌元小学2025年6月不在校学生名单"], heads, *rows])
    roll = ["年级", "班级", "在籍人数", "在校人数"]
    ready.put("汇总.xlsx", [["昌元小学2025年6月班级在校情况汇总"], roll, ["三年级", "1班", "3", "2"], ["三年级", "2班", "40", ""]])
    result = ready.validate()
    assert counts(result, "absentee")[:5] == (1, 1, 0, 0, 2)
    assert not result.read("file")["is_unanswered"].any()  # pupils left unmarked are in school: that is a report
    assert counts(result, "class_roll")[:5] == (1, 1, 0, 0, 1)


def test_a_child_written_on_a_spare_line_is_an_answer(ready: District) -> None:
    title = [["黄檀村2025年5—6月摸排表"], ["镇街：河包镇　村社：黄檀村　来源：镇街摸排　批次：2025年5—6月摸排"]]
    spare = ["李某", make_id(3), "", "男", "2015-09-01", ""]
    rows = [[*printed(1), "男", "2015-09-01", ""], [*printed(2), "女", "2015-09-01", "疑似失学"], spare]
    result = ready.put("摸排表.xlsx", [*title, SUSPECT, *rows]).validate()
    assert counts(result, "suspect")[:5] == (2, 2, 0, 0, 1)
    found = result.read("suspect").select("suspect_source", "township", "village", "batch").unique().rows()
    assert found == [("镇街摸排", "河包镇", "黄檀村村民委员会", "2025年5—6月摸排")]


def test_a_platform_list_without_types_loses_no_name(ready: District) -> None:
    heads = ["批次", "姓名", "身份证件号"]
    result = ready.put("名单.xlsx", [["全区各乡镇疑似辍学名单"], heads, ["第1批", "李某", make_id(3)]]).validate()
    assert counts(result, "suspect")[:5] == (1, 1, 0, 0, 0)
    assert result.read("suspect")["township"].to_list() == [None]


def test_check_names_each_column_at_fault_and_counts_the_unanswered(tmp_path) -> None:
    rows = [[*printed(1), "", "", "村社"], [*printed(2)]]
    [report] = check_files([write_xlsx(tmp_path / "表.xlsx", {"核实反馈": [VERIFICATION, *rows]})])
    assert report.sheets[0].not_answered == 1
    told = [(rule.rule, rule.heading, rule.count, rule.first) for rule in report.rules]
    assert told == [("required_empty", heading, 1, (("核实反馈", 2, None),)) for heading in ("核实日期", "核实结果")]


ROLL = ["年级", "班级", "在籍人数", "在校人数"]


def test_a_report_of_another_periods_month_is_told_and_counts_nowhere(ready: District) -> None:
    """The form of September put into May–June: no row of it is used, the run goes on, the school is told."""
    ready.put("九月.xlsx", [["昌元小学2025年9月班级在校情况汇总"], ["学校标识码：3150000001　月份：2025年9月"], ROLL,
                            ["三年级", "1班", "2", "2"]])  # fmt: skip
    ready.put("六月.xlsx", [["学校标识码：3150000001　月份：2025年6月"], ROLL, ["三年级", "1班", "1", "1"]])
    result = ready.validate()
    assert result.refused() == [] and result.read("class_roll")["month"].to_list() == ["2025-06"]
    [told] = result.read("problem").filter(rule="month_elsewhere").to_dicts()
    assert (told["school_code"], told["source_row"], told["value"]) == ("3150000001", 4, "2025年9月")


def test_a_form_whose_title_names_no_known_school_is_told(ready: District) -> None:
    rows = [VERIFICATION, [*printed(1), "黄檀村", "2025-06-20", "村社", "确认辍学"]]
    ready.put("甲.xlsx", [["学校标识码：3150009999"], *rows]).put("乙.xlsx", [["学校标识码：3150000001"], *rows])
    [told] = ready.validate().read("problem").filter(extract="verification").to_dicts()
    assert (told["rule"], told["file_name"], told["value"], told["school_code"]) == ("title_school_unknown", "甲.xlsx", "3150009999", None)


def test_a_rejected_line_goes_back_to_the_school_that_its_form_names(ready: District) -> None:
    ready.put("核实反馈表.xlsx", [["昌元小学核实反馈表"], ["学校标识码：3150000001"], VERIFICATION,
                                  [*printed(1), "", "2025-13-40", "学校", "确认辍学"]])  # fmt: skip
    told = ready.validate().read("problem").filter(extract="verification")
    assert told["school_code"].unique().to_list() == ["3150000001"]


def test_a_formula_without_a_saved_result_is_told_as_one(ready: District) -> None:
    ready.put("核实反馈表.xlsx", [VERIFICATION, [*printed(1), "", "@", "学校", "失学"]])
    path = ready.inbox / "核实反馈表.xlsx"
    book = openpyxl.load_workbook(path)
    book.active["E2"] = "=DATE(2025,6,1)"  # openpyxl saves no results
    book.save(path)
    result = ready.validate()
    [told] = result.read("problem").filter(extract="verification").filter(strength="quarantine").to_dicts()
    assert (told["rule"], told["heading"], told["source_row"]) == ("formula_unsaved", "核实日期", 2)


def test_a_formula_that_failed_is_told_and_not_taken_for_an_empty_cell(ready: District) -> None:
    ready.put("核实反馈表.xlsx", [VERIFICATION, [*printed(1), "", "@", "学校", "失学"]])
    path = ready.inbox / "核实反馈表.xlsx"
    book = openpyxl.load_workbook(path)
    book.active["E2"], book.active["A2"] = "#REF!", "#NAME?"
    book.save(path)
    told = ready.validate().read("problem").filter(extract="verification", strength="quarantine")
    assert told.select("rule", "heading", "value").rows() == [("date_impossible", "核实日期", "#REF!")]
