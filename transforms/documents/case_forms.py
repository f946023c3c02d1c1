"""Which workbook of the cases goes to whom: the district's ledgers, and the forms of each school and 镇街 (contract §7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from schemas.bimester import Bimester
from schemas.calendar import CalendarGap, Term, list_months, read_terms
from schemas.thresholds import threshold
from transforms.documents.bridge_lists import list_differences
from transforms.documents.case_papers import (
    SCHOOL_AGE,
    list_case_ledgers,
    list_inquiries,
    make_sheet,
    read_cases,
    read_school_age,
)
from transforms.documents.forms import (
    Asked,
    RosterMonth,
    ask_school,
    ask_township,
    list_closing_proposals,
    list_persuasion_form,
    list_review_forms,
    list_roster_forms,
    list_search_forms,
    list_verification_form,
)
from transforms.documents.naming import name_part, name_school_folder, name_township_folder
from transforms.documents.platform_forms import PlatformColumn, list_platform_sheets, read_platform_columns
from transforms.documents.reading import Source
from transforms.documents.receipts import list_receipts
from transforms.documents.registry_faults import list_registry_faults
from transforms.documents.return_lists import list_return_lists
from transforms.documents.township_papers import list_duty_lists
from transforms.documents.workbook import Sheet, describe_file, write_workbook

Paper = tuple[str, str, list[Sheet]]


def write_case_papers(
    con: duckdb.DuckDBPyConnection,
    out_dir: Path,
    period: Bimester,
    version: int,
    issued: date,
    *,
    issuer: str,
    manifest_id: str,
    draft: bool = False,
    platform_forms: Path | None = None,
    keep: Callable[[str, str, list[Sheet]], None] = lambda *_: None,
) -> list[Path]:
    """Write the ledgers, lists and forms of the cases below `out_dir`, readable by their owner only; return the paths.

    `platform_forms`: the office's own columns of the platform tables, if it has any. `keep` is told each workbook's
    folder, name and sheets. Raises PlatformFormFault.
    """
    columns = read_platform_columns(platform_forms)
    properties = describe_file(issuer, period, version, manifest_id, draft)
    paths = []
    for place, name, sheets in list_case_papers(Source(con, period, version), columns):
        path = out_dir / place / f"{name}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(write_workbook(sheets, issued, properties))
        path.chmod(0o600)
        paths.append(path)
        keep(place, name, sheets)
    return paths


def list_case_papers(source: Source, platform_columns: tuple[PlatformColumn, ...]) -> Iterator[Paper]:
    """Yield folder, file name without ending, and sheets of every workbook about cases; empty forms are left out."""
    con, period = source.con, source.period
    cases = read_cases(con, period)
    children = make_sheet("适龄儿童台账", f"{period.label}适龄儿童台账", SCHOOL_AGE, read_school_age(con, period))
    yield "区级", "适龄儿童台账", [children]
    for name, sheets in list_case_ledgers(cases, period).items():
        yield "区级", name, sheets
    if differences := list_differences(con, period):  # a small district may have none
        yield "区级", "名册差异名单", differences
    yield "区级", "拟销号名单", [list_closing_proposals(cases, period)]
    for office, sheet in list_inquiries(con, cases, period).items():
        yield "区级", f"协查名单（{office}）", [sheet]
    for name, sheet in list_platform_sheets(con, cases, period, platform_columns).items():
        yield "区级", name, [sheet]
    yield from _list_case_forms(source, cases)
    yield from _list_other_forms(source, cases)
    yield from list_registry_faults(source)
    yield from list_receipts(source)


def _list_case_forms(source: Source, cases: pl.DataFrame) -> Iterator[Paper]:
    """A school is asked about all its children; a 镇街 about those without a school and those it answers for."""
    is_open = cases.filter(pl.col("state") != "已销号")
    schools = is_open.filter(pl.col("school_name").is_not_null())
    for (code, name), part in schools.group_by("school_code", "school_name", maintain_order=True):
        asked = ask_school(str(code), str(name))
        yield from _list_recipient(source, part, name_school_folder(str(code), str(name)), asked)
    theirs = pl.col("school_name").is_null() | pl.col("owner_level").is_in(["village", "township"])
    rest = is_open.filter(theirs & pl.col("township").is_not_null())
    for (town,), part in rest.group_by("township", maintain_order=True):
        yield from _list_recipient(source, part, name_township_folder(str(town)), ask_township(str(town)))


def _list_recipient(source: Source, part: pl.DataFrame, place: str, asked: Asked) -> Iterator[Paper]:
    yield place, "核实反馈表", [list_verification_form(part, asked, source.period)]
    if part["state"].is_in(["劝返中", "失联"]).any():
        yield place, "劝返记录表", [list_persuasion_form(part, asked, source.period)]


def _list_other_forms(source: Source, cases: pl.DataFrame) -> Iterator[Paper]:
    """What goes out beside the case forms: 复核清单, 劝返清单, 摸排表, 劝学责任清单 and the next months' 月报表."""
    con, period = source.con, source.period
    for town, sheet in list_review_forms(con, period).items():
        yield name_township_folder(str(town)), "外地就读年度复核清单", [sheet]
    for town, sheets in list_return_lists(cases, period):
        yield name_township_folder(str(town)), "劝返清单", sheets
    for town, village, sheet in list_search_forms(con, cases, period):
        yield name_township_folder(str(town)), f"摸排表（{name_part(village)}）", [sheet]
    for town, village, sheet in list_duty_lists(con, cases, period):
        yield name_township_folder(town), f"村社劝学责任清单（{name_part(village)}）", [sheet]
    for month in list_coming_months(period, read_terms()):
        for code, name, sheets in list_roster_forms(con, month):
            yield name_school_folder(code, name), f"在校学生月报表（{month.label}）", sheets


def list_coming_months(period: Bimester, terms: tuple[Term, ...]) -> tuple[RosterMonth, ...]:
    """The months of the next period that owes attendance; none where the calendars do not reach it."""
    owed_from = int(threshold("attendance_owed_school_days"))
    coming = period.next()
    for _ in range(2):  # July and August owe nothing
        try:
            owed = [m for m in list_months(coming, terms, owed_from) if m.owed]
        except CalendarGap:
            return ()
        if owed:
            up = coming.school_year - period.school_year
            return tuple(RosterMonth(m.month, m.owed_grade_9, up) for m in owed)
        coming = coming.next()
    return ()
