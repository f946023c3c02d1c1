"""Read the analysts' file: a query as rows, a table as .xlsx, .csv or .parquet."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import xlsxwriter

from schemas.published import list_published
from schemas.table import Table
from transforms.published.attach import attach_read_only, quote_name, quote_text
from transforms.published.describe import CURRENT, name_columns

FIXED_DATE = datetime(2000, 1, 1)  # noqa: DTZ001 - workbooks carry a creation date: the same bytes for the same rows


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
        result = con.execute(sql)
        rows = result.fetchall() if limit is None else result.fetchmany(limit)
        return Rows(tuple(column[0] for column in result.description or ()), rows)
    finally:
        con.close()


def find_table(name: str) -> Table:
    """Find a published table by `stage.name`, by name, or by Chinese title."""
    tables = list_published()
    for table in tables:
        if name in (table.full_name, table.title):
            return table
    by_name = [table for table in tables if table.name == name]
    if len(by_name) == 1:
        return by_name[0]
    known = "、".join(f"{table.full_name}（{table.title}）" for table in tables)
    raise NoSuchTable(f"没有“{name}”这张表。可导出：{known}")


def read_table(database: Path, table: Table, period: str | None, named: Path | None) -> Rows:
    """Read a table's current rows, of one period or all, with Chinese column names.

    `named` puts 姓名 and 身份证件号 behind the pseudonym.
    """
    titles = name_columns(table)
    picked = []
    for column, title in titles.items():
        picked.append(f"t.{quote_name(column)} as {quote_name(title)}")
        if named and column == "child_key":
            picked.append('n.name as "姓名", n.id_number as "身份证件号"')
    con = duckdb.connect()
    try:
        join = f"left join read_parquet({quote_text(named)}) as n using (child_key)" if named else ""
        versioned = {"period", "version"} <= titles.keys()
        with attach_read_only(con, database, "published"):
            con.execute("use published")
            result = con.execute(
                f"select {', '.join(picked)} from {table.full_name} as t {join} "
                f"{CURRENT if versioned and table.full_name != 'meta.period' else ''} "
                f"{'where t.period = $period' if period and 'period' in titles else ''} order by all",
                {"period": period} if period and "period" in titles else {},
            )
            rows = Rows(tuple(column[0] for column in result.description or ()), result.fetchall())
            con.execute("use memory")
        return rows
    finally:
        con.close()


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
        writer.writerows([_flat(value) for value in row] for row in rows.rows)


def _write_parquet(rows: Rows, path: Path, title: str) -> None:
    pl.DataFrame(rows.rows, schema=list(rows.names), orient="row", infer_schema_length=None).write_parquet(path)


def _write_xlsx(rows: Rows, path: Path, title: str) -> None:
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
