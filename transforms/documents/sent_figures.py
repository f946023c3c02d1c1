"""与已上报数据对照: figures that were handed up (`reported`) beside ours of the same period."""

from __future__ import annotations

from typing import Any

import polars as pl

from schemas.bimester import Bimester
from schemas.indicators import INDICATORS
from transforms.documents.context import ReportContext
from transforms.documents.reading import Source
from transforms.documents.wording import print_date, print_rate
from transforms.documents.workbook import Sheet, SheetColumn

# Counts that are handed up by name, and the indicator and part they are a count of.
COUNTS = {
    "应入学人数": ("enrolment_rate", "denominator"), "适龄儿童少年人数": ("enrolment_rate", "denominator"),
    "已入学人数": ("enrolment_rate", "numerator"), "辍学人数": ("dropout_rate", "numerator"),
    "应巩固人数": ("retention_rate_year", "denominator"), "在籍学生数": ("match_quality", "denominator"),
    "残疾儿童少年人数": ("enrolment_rate_disabled", "denominator"),
}  # fmt: skip
TITLES = {indicator.title: name for name, indicator in INDICATORS.items()}
COLUMNS = (
    SheetColumn("number", "序号", 6, "count"), SheetColumn("period", "期间", 16), SheetColumn("indicator", "指标", 30),
    SheetColumn("sent_to", "报送对象", 16), SheetColumn("sent_on", "报送日期", 16), SheetColumn("sent", "已上报数", 12, "centre"),
    SheetColumn("ours", "本系统数", 12, "centre"), SheetColumn("result", "对照结果", 14, "centre"), SheetColumn("note", "说明", 34),
)  # fmt: skip


def list_sent_figures(source: Source, context: ReportContext) -> Sheet:
    """One row a figure handed up, of this period and those before it."""
    rows = source.rows("""
        select reported_period, reported_indicator, reported_value, reported_to, sent_on from validated.reported
        where reported_period <= $period
        qualify row_number() over (partition by reported_period, reported_indicator, reported_to
                                   order by period desc, sent_on desc nulls last, source_row desc) = 1
        order by reported_period desc, reported_indicator, reported_to nulls last""")  # fmt: skip
    held = _read_held(source)
    lines = [(number, *_compare(held, row)) for number, row in enumerate(rows, 1)]
    frame = pl.DataFrame(lines, schema={c.name: pl.Int64 if c.name == "number" else pl.String for c in COLUMNS}, orient="row")
    note = "注：率按两位小数对照；本系统数为该期发布后用于对照的版本。不一致的，以核对原始材料后的更正为准。"
    return Sheet("已上报对照", f"{context.label}与已上报数据对照", COLUMNS, frame, note, "没有收到已上报数据，无可对照。")


def _read_held(source: Source) -> dict[tuple[str, str], tuple[int | None, int | None]]:
    rows = source.rows("""
        select period, indicator, numerator, denominator from indicators.value
        where area_level = 'district' and stage = 'all' and grade = 'all' and population_group = 'all'
          and (period < $period or version = $version)
        qualify row_number() over (partition by period, indicator order by version desc) = 1""")  # fmt: skip
    return {(period, indicator): (top, bottom) for period, indicator, top, bottom in rows}


def _compare(held: dict[tuple[str, str], tuple[int | None, int | None]], row: tuple[Any, ...]) -> tuple[str | None, ...]:
    period, title, value, sent_to, sent_on = row
    head = (_label(period), title, sent_to, print_date(sent_on) if sent_on else None)
    if title in COUNTS:
        name, part = COUNTS[title]
        cell = held.get((period, name), (None, None))[0 if part == "numerator" else 1]
        ours = None if cell is None else str(cell)
        return (*head, _plain(value), ours, *_judge(_plain(value), ours))
    if title in TITLES:
        # a rate is handed up as 0.9985 or as 99.85
        sent = f"{value * 100 if abs(value) <= 2 else value:.2f}"
        cells = held.get((period, TITLES[title]), (None, None))
        ours = None if cells[1] is None or cells[1] <= 0 else print_rate(*cells)
        return (*head, sent, ours, *_judge(sent, ours))
    return (*head, _plain(value), None, "未能对应", "指标名称不在本系统指标之内，请按指标表的名称填写")


def _plain(value: float) -> str:
    """A count as it is written, however large."""
    return str(int(value)) if value == int(value) else f"{value:g}"


def _label(period: str) -> str:
    return Bimester.parse(period).label


def _judge(sent: str, ours: str | None) -> tuple[str, str | None]:
    if ours is None:
        return "无可对照", "本系统没有该期的数"
    if sent == ours:
        return "√", None
    more = float(sent) - float(ours)
    gap = f"{abs(more):.2f}".rstrip("0").rstrip(".")
    return f"上报数{'多' if more > 0 else '少'}{gap}", "请核对两数的口径和时点"
