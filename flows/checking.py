"""What `baoxue check` prints. It may quote values: whoever holds the file sees them there anyway."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemas.extracts import EXTRACTS

if TYPE_CHECKING:
    from transforms.validated.check import FileReport, RuleReport, SheetReport

STRENGTHS = {"report": "报告", "quarantine": "隔离该行", "stop": "停止出报"}


def describe_file(report: FileReport) -> Iterator[str]:
    """Say what a file is, how many of its rows count, and the first places of each rule."""
    yield f"■ {report.file_name}"
    for problem in report.refusals:
        yield f"  不能接收：{problem.message}"
    for sheet in report.sheets:
        yield _describe_sheet(sheet)
    for label in report.set_aside:
        yield f"  未见需要的表，略过：{label}"
    for rule in report.rules:
        yield from _describe_rule(rule)


def _describe_sheet(sheet: SheetReport) -> str:
    form = EXTRACTS[sheet.extract].form
    beside = (("其他学段另计", sheet.other_stage_rows), ("自动规范值", sheet.mended_values),
              (form.unanswered if form else "", sheet.not_answered))  # fmt: skip
    more = "".join(f"，{word}{count}" for word, count in beside if count)
    place = f"（{sheet.sheet}{'，隐藏的工作表' if sheet.hidden else ''}）" if sheet.sheet else ""
    if not (sheet.rows_read or more):
        return f"  {sheet.title}{place}：只有表头，没有数据行"
    return (f"  {sheet.title}{place}：读入{sheet.rows_read}行＝接收{sheet.accepted}＋合并{sheet.merged}"
            f"＋隔离{sheet.quarantined}{more}")  # fmt: skip


def _describe_rule(rule: RuleReport) -> Iterator[str]:
    column = f"（{rule.heading}）" if rule.heading not in rule.message else ""
    yield f"  {STRENGTHS[rule.strength]}：{rule.title}{column}，{rule.count}处。{rule.message}"
    for sheet, row, value in rule.first:
        place = "".join((f"{sheet} " if sheet else "", f"第{row}行" if row else "全表"))
        yield f"      {place}" + (f"：{value}" if value else "")
