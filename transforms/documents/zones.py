"""学区/ and 督导责任区/: each zone's own schools with true counts, and the other zones with small cells hidden.

Two rates of one denominator side by side tell a third count, their difference: where it would be small, the later is hidden.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from schemas.thresholds import threshold
from transforms.documents.context import ReportContext
from transforms.documents.figures import School
from transforms.documents.naming import FORBIDDEN
from transforms.documents.reading import Source
from transforms.documents.report_tables import order_zone
from transforms.documents.wording import print_rate
from transforms.documents.workbook import Sheet, SheetColumn

HIDDEN = "*"
LEVELS = {"学区": "school_zone", "督导责任区": "supervision_zone"}
RATES = ("enrolment_rate", "retention_rate_year", "in_school_rate", "dropout_rate")
NAME = "学校控辍保学情况"


def list_zone_papers(source: Source, context: ReportContext) -> Iterator[tuple[str, str, list[Sheet]]]:
    """Yield folder, file name and sheets of every zone that has a school."""
    for kind, level in LEVELS.items():
        zones = sorted({_zone(kind, school) for school in context.schools} - {""}, key=order_zone)
        rows = _read_zones(source, level)
        for zone in zones:
            own = [school for school in context.schools if _zone(kind, school) == zone]
            sheets = [list_schools(context, own, zone), *_list_late(context, own, zone)]
            if len(zones) > 1:
                sheets.append(_list_zones(context, kind, zone, zones, rows))
            yield f"{kind}/{zone.translate(FORBIDDEN)}", NAME, sheets


def _zone(kind: str, school: School) -> str:
    return school.zone if kind == "学区" else school.supervision_zone


def list_schools(context: ReportContext, schools: list[School], whose: str) -> Sheet:
    """One row a school with its rates, open and overdue cases, and what it reported; true counts."""
    rows = [
        {"number": number, "name": s.name, "township": s.township, "pupils": s.pupils, "retention": _rate(s.retention.cell),
         "lost": s.retention.missing if s.retention.reported else None, "in_school": _rate(s.in_school.cell),
         "dropout": s.dropout.numerator, "open": s.open_cases, "overdue": s.overdue, **dict(zip(context.months, s.months, strict=True))}
        for number, s in enumerate(schools, 1)
    ]  # fmt: skip
    columns = (
        SheetColumn("number", "序号", 6, "count"), SheetColumn("name", "学校", 34), SheetColumn("township", "镇街", 12),
        SheetColumn("pupils", "在籍（人）", 10, "count"), SheetColumn("retention", "学年巩固率（%）", 12, "rate"),
        SheetColumn("lost", "流失（人）", 10, "count"), SheetColumn("in_school", "在校率（%）", 10, "rate"),
        SheetColumn("dropout", "辍学（人）", 10, "count"), SheetColumn("open", "在册案件", 10, "count"),
        SheetColumn("overdue", "其中逾期", 10, "count"), *(SheetColumn(month, f"{month}报送", 10, "centre") for month in context.months),
    )  # fmt: skip
    schema = {c.name: pl.Float64 if c.kind == "rate" else pl.Int64 if c.kind == "count" else pl.String for c in columns}
    note = "注：空格为无此数或未报送，不视为零；未报送的月份在校率不作统计。"
    return Sheet("学校情况", f"{whose}{context.label}{NAME}", columns, pl.DataFrame(rows, schema=schema), note)


def _rate(cell: str) -> float | None:
    return None if cell == "—" else float(cell)


def _list_late(context: ReportContext, schools: list[School], whose: str) -> list[Sheet]:
    """The schools that are silent or have an overdue case, with what is wanted of them; no sheet where there are none."""
    rows: list[tuple[int, str, str, str]] = []
    for school in schools:
        wanted = [f"{month}{word}" for month, word in zip(context.months, school.months, strict=True) if word in ("未报", "不全")]
        if school.overdue:
            wanted.append(f"逾期案件{school.overdue}个")
        if wanted:
            rows.append((len(rows) + 1, school.name, school.township, "、".join(wanted)))
    columns = (SheetColumn("number", "序号", 6, "count"), SheetColumn("name", "学校", 34), SheetColumn("township", "镇街", 12),
               SheetColumn("wanted", "需督促事项", 50))  # fmt: skip
    frame = pl.DataFrame(rows, schema=[column.name for column in columns], orient="row")
    return [Sheet("未报和逾期", f"{whose}{context.label}未报送和逾期学校", columns, frame)] if rows else []


Row = tuple[str, str, int | None, int | None, bool]
Cell = tuple[int | None, int | None, bool]


def _read_zones(source: Source, level: str) -> list[Row]:
    return source.rows("""
        select area_name, indicator, numerator, denominator, coalesce(suppressed, false) from indicators.value
        where period = $period and version = $version and area_level = $level and stage = 'all' and grade = 'all'
          and population_group = 'all'""", level=level)  # fmt: skip


def _list_zones(context: ReportContext, kind: str, own: str, zones: list[str], rows: list[Row]) -> Sheet:
    """Every zone beside this one: rates and what is missing; what is hidden from other eyes is * and its rate with it."""
    cells = {(area, indicator): (top, bottom, hidden) for area, indicator, top, bottom, hidden in rows}
    shown = _choose_shown(cells, zones)
    lines = []
    for zone in zones:
        line: dict[str, str | None] = {"zone": zone}
        for name in RATES:
            top, bottom, hidden = cells.get((zone, name), (None, None, False))
            covered = zone != own and (hidden or name not in shown)
            line[name] = None if bottom is None or bottom <= 0 else HIDDEN if covered else print_rate(top, bottom)
        lines.append(line)
    # every report prints these: something to stand beside, where the other zones are too small to be shown
    whole = {name: context.rate(name) for name in RATES}
    lines.append({"zone": "全区", **{name: rate.cell if rate.reported else None for name, rate in whole.items()}})
    columns = (SheetColumn("zone", kind, 20), *(SheetColumn(name, f"{context.rate(name).title}（%）", 20, "centre") for name in RATES))
    note = f"注：*为涉及人数较少、不对外显示的数；本{kind}的数照实列示；空格为无此数。"
    frame = pl.DataFrame(lines, schema={column.name: pl.String for column in columns})
    return Sheet(f"各{kind}对照", f"各{kind}{context.label}主要指标", columns, frame, note, totals=1)


def _choose_shown(cells: dict[tuple[str, str], Cell], zones: list[str]) -> list[str]:
    """The rates that may stand side by side. A column is hidden whole: of one zone alone the total would give it back."""
    shown: list[str] = []
    for name in RATES:
        if not any(_tell_small(cells.get((zone, name)), cells.get((zone, other))) for zone in zones for other in shown):
            shown.append(name)
    return shown


def _tell_small(one: Cell | None, other: Cell | None) -> bool:
    """Whether two shown counts of one denominator differ by a small count."""
    if one is None or other is None or one[2] or other[2]:
        return False
    (top, bottom, _), (top_2, bottom_2, _) = one, other
    if top is None or top_2 is None or not bottom or bottom != bottom_2:
        return False
    return any(0 < abs(top - count) < threshold("suppress_below") for count in (top_2, bottom - top_2))
