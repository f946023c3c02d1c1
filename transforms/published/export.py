"""Read the analysts' file: a query as rows, a table as .xlsx, .csv or .parquet."""

from __future__ import annotations

import csv
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import xlsxwriter

from schemas.indicators import INDICATORS
from schemas.municipal import TABLES as CITY_TABLES
from schemas.published import list_published, short_title
from schemas.table import all_columns
from transforms import vault
from transforms.published.attach import quote_name

FIXED_DATE = datetime(2000, 1, 1)  # workbooks carry a creation date: the same bytes for the same rows

FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")

EMPTY = "没有写查询语句"
CHILD = short_title(all_columns()["child_key"].title)


class NoSuchTable(LookupError):
    """The analysts' file has no table of this name; the message lists those it has."""


@dataclass(frozen=True)
class Rows:
    """Column names and rows of a result."""

    names: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def run_query(database: Path, sql: str, limit: int | None = None) -> Rows:
    """Run a read-only query on the analysts' file. The query can reach no other file."""
    con = duckdb.connect(str(database), read_only=True)
    try:
        con.execute("set enable_progress_bar = false")
        con.execute("set enable_external_access = false")
        con.execute("set lock_configuration = true")
        if not sql.strip(" ;\n\t"):
            raise duckdb.InvalidInputException(EMPTY)
        result = con.execute(sql)
        rows = result.fetchall() if limit is None else result.fetchmany(limit)
        return Rows(tuple(column[0] for column in result.description or ()), rows)
    finally:
        con.close()


def find_view(name: str, *, city: bool = False) -> str:
    """Return the Chinese view of a table (`stage.name` or title) or indicator (id or title); `city`: of the municipality's file."""
    tables = CITY_TABLES if city else list_published()
    views = {} if city else {"indicators.current": "指标值"}
    for table in tables:
        views |= {table.full_name: table.title, table.title: table.title}
    for indicator in () if city else INDICATORS.values():
        views |= {indicator.id: indicator.title, indicator.title: indicator.title}
    if name in views:
        return views[name]
    known = "、".join(f"{table.full_name}（{table.title}）" for table in tables)
    raise NoSuchTable(f"没有“{name}”这张表。可导出：{known}")


def read_view(database: Path, view: str, period: str | None, named: Path | None) -> Rows:
    """Read a Chinese view, of one period or all; `named` adds 姓名 and 身份证件号 of each pseudonym.

    Raises NoSuchTable when names are asked of a view without children.
    """
    con = duckdb.connect(str(database), read_only=True)
    try:
        columns = {row[0] for row in con.execute(f'describe "中文".{quote_name(view)}').fetchall()}
        if named and CHILD not in columns:
            raise NoSuchTable(f"“{view}”没有“{CHILD}”一列，不能带姓名导出")
        of_period = period is not None and "期间" in columns
        with vault.open_source(con, named) if named else nullcontext() as names:
            result = con.execute(_compose(view, of_period, names), {"period": period} if of_period else {})
            return Rows(tuple(column[0] for column in result.description or ()), result.fetchall())
    finally:
        con.close()


def _compose(view: str, of_period: bool, names: str | None) -> str:
    source = f'"中文".{quote_name(view)} as t'
    where = "where t.期间 = $period" if of_period else ""
    if names is None:
        return f"select t.* from {source} {where} order by all"
    return (f"select t.*, n.name as 姓名, n.id_number as 身份证件号 from {source} "
            f"left join {names} as n on n.child_key = t.{CHILD} {where} order by all")  # fmt: skip


def write_rows(rows: Rows, path: Path, title: str) -> None:
    """Write rows as .xlsx, .csv (UTF-8 with BOM, as Excel wants it) or .parquet. Raises ValueError on another ending."""
    writers = {".xlsx": _write_xlsx, ".csv": _write_csv, ".parquet": _write_parquet}
    if path.suffix.lower() not in writers:
        raise ValueError(f"不能写成“{path.suffix or path.name}”，文件名请以 .xlsx、.csv 或 .parquet 结尾")
    writers[path.suffix.lower()](rows, path, title)


def _write_csv(rows: Rows, path: Path, title: str) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(rows.names)
        writer.writerows([_disarm(_flat(value)) for value in row] for row in rows.rows)


def _disarm(value: Any) -> Any:
    """Put an apostrophe before a text that a spreadsheet would run as a formula on opening a .csv."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_MARKS) else value


def _write_parquet(rows: Rows, path: Path, title: str) -> None:
    pl.DataFrame(rows.rows, schema=list(rows.names), orient="row", infer_schema_length=None).write_parquet(path)


def _write_xlsx(rows: Rows, path: Path, title: str) -> None:
    path.open("ab").close()  # a place that cannot be written is said as an OSError, before the work
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
        book.set_properties({"title": title, "created": FIXED_DATE})
        text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
        heading = book.add_format({"bold": True, "bottom": 1})
        sheet = book.add_worksheet(title[:31])
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, rows.names, heading)
        for number, row in enumerate(rows.rows, start=1):
            for place, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, place, datetime.combine(value, time()), day)
                elif isinstance(value, (int, float)) and not isinstance(value, bool):
                    sheet.write_number(number, place, value)
                elif value is not None:
                    sheet.write_string(number, place, str(_flat(value)), text)
        sheet.autofilter(0, 0, max(len(rows.rows), 1), max(len(rows.names) - 1, 0))


def _flat(value: Any) -> Any:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(map(str, value)) if isinstance(value, (list, tuple)) else value
