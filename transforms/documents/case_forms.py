"""Which workbook of the cases goes to whom: the district's ledgers, and the forms of each school and 镇街 (contract §7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from schemas.bimester import Bimester
from transforms.documents.case_papers import (
    SCHOOL_AGE,
    list_case_ledgers,
    list_closing_proposals,
    list_inquiries,
    list_persuasion_form,
    list_platform_sheets,
    list_review_sheets,
    list_verification_form,
    make_sheet,
    read_cases,
    read_school_age,
)
from transforms.documents.reading import Source
from transforms.documents.workbook import Sheet, write_workbook

FORBIDDEN = str.maketrans(dict.fromkeys('<>:"/\\|?*', "_"))
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
) -> list[Path]:
    """Write the ledgers, lists and forms of the cases below `out_dir`, readable by their owner only; return the paths."""
    properties = {"作者": issuer, "期间": str(period), "版本": f"v{version}", "清单编号": manifest_id}
    paths = []
    for place, name, sheets in list_case_papers(Source(con, period, version)):
        path = out_dir / place / f"{name}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(write_workbook(sheets, issued, properties))
        path.chmod(0o600)
        paths.append(path)
    return paths


def list_case_papers(source: Source) -> Iterator[Paper]:
    """Yield folder, file name without ending, and sheets of every workbook about cases; empty forms are left out."""
    con, period = source.con, source.period
    cases = read_cases(con, period)
    children = make_sheet("适龄儿童台账", f"{period.label}适龄儿童台账", SCHOOL_AGE, read_school_age(con, period))
    yield "区级", "适龄儿童台账", [children]
    for name, sheets in list_case_ledgers(cases, period).items():
        yield "区级", name, sheets
    yield "区级", "拟销号名单", [list_closing_proposals(cases, period)]
    for office, sheet in list_inquiries(con, cases, period).items():
        yield "区级", f"协查名单（{office}）", [sheet]
    for name, sheet in list_platform_sheets(con, cases, period).items():
        yield "区级", name, [sheet]
    yield from _list_forms(source, cases)
    for town, sheet in list_review_sheets(con, period).items():
        yield f"镇街/{town}", "外地就读年度复核清单", [sheet]


def _list_forms(source: Source, cases: pl.DataFrame) -> Iterator[Paper]:
    """A child is on the form of its school; where it has none, on that of its 镇街."""
    is_open = cases.filter(pl.col("state") != "已销号")
    schools = is_open.filter(pl.col("school_name").is_not_null())
    for (code, name), part in schools.group_by("school_code", "school_name", maintain_order=True):
        yield from _list_recipient(source, part, f"学校/{code} {str(name).translate(FORBIDDEN)}", str(name))
    rest = is_open.filter(pl.col("school_name").is_null() & pl.col("township").is_not_null())
    for (town,), part in rest.group_by("township", maintain_order=True):
        yield from _list_recipient(source, part, f"镇街/{town}", str(town))


def _list_recipient(source: Source, part: pl.DataFrame, place: str, whose: str) -> Iterator[Paper]:
    yield place, "核实反馈表", [list_verification_form(part, whose, source.period)]
    if part["state"].is_in(["劝返中", "失联"]).any():
        yield place, "劝返记录表", [list_persuasion_form(part, whose, source.period)]
