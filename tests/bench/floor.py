"""The floor: the least work that any program would do on the same bytes. No rules but where they are counted, no papers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from schemas.bimester import Bimester

RULED = "registry"  # the extract with the most columns and rules
TIMES = 8  # its rows are taken so often: half a million in a district
# A child of the 底册, its record, and whether a school named it this month: who is in one and not in the other, by area and school.
JOIN = """
with c as (select id_number, any_value(township) as township from read_parquet($child) where id_number is not null group by id_number),
r as (select id_number, any_value(school_code) as school_code, any_value(grade) as grade
    from read_parquet($registry) where id_number is not null group by id_number),
a as (select distinct id_number from read_parquet($absentee) where id_number is not null)
select township, school_code, grade, count(*), count(*) filter (where r.id_number is null), count(*) filter (where c.id_number is null),
    count(a.id_number)
from c full join r on c.id_number = r.id_number left join a on r.id_number = a.id_number
group by grouping sets ((), (township), (school_code), (school_code, grade), (township, grade))
"""
JOINED = ("child", "registry", "absentee")


def read_files(folder: Path) -> int:
    """Read every file with the bare reader and scan it once with bare DuckDB; return rows."""
    import duckdb
    import fastexcel

    rows = 0
    con = duckdb.connect()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        for frame in _read_bare(path, fastexcel):
            con.register("sheet", frame.to_arrow())
            rows += con.execute("select count(*), min(columns(*)) from sheet").fetchone()[0]  # type: ignore[index]
    return rows


def _read_bare(path: Path, fastexcel: Any) -> list[pl.DataFrame]:
    if path.suffix.lower() in (".csv", ".tsv", ".txt"):
        text = decode(path.read_bytes())
        return [pl.read_csv(text.encode(), infer_schema=False, truncate_ragged_lines=True, has_header=False)]
    book = fastexcel.read_excel(path)
    sheets = [book.load_sheet(name, header_row=None, dtypes="string").to_polars() for name in book.sheet_names]
    return [sheet for sheet in sheets if sheet.width]


def decode(raw: bytes) -> str:
    """Text of a file in one of the two encodings that schools use."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def scan_columns(folder: Path) -> int:
    """Read every column of the accepted rows once; return rows."""
    import duckdb

    con = duckdb.connect()
    paths = sorted(folder.glob("*.parquet"))
    return sum(con.execute("select count(*), min(columns(*)) from read_parquet(?)", [str(p)]).fetchone()[0] for p in paths)  # type: ignore[index]


def join_registers(folder: Path) -> int:
    """Compare 底册, 学籍 and the absent by id and count by area, school and grade; return result rows."""
    import duckdb

    paths = {name: str(folder / f"{name}.parquet") for name in JOINED}
    return len(duckdb.connect().execute(JOIN, paths).fetchall())


def prepare_rules(landing: Any, lake: Path, period: Bimester, done: str, are_twins: bool) -> Callable[[], int]:
    """The typed rows of the registry many times over, each time as a file of its own or all in one, every row with seven twins.

    `done`: all its rules are counted; or each row's fate is found; or the accepted ones pass through pandera besides.
    """
    from transforms.validated.checks import list_checks
    from transforms.validated.contract import check_contract
    from transforms.validated.gather import Context, gather, load_sheets
    from transforms.validated.judge import _apply_checks, _describe_sheets, _is_other_stage, _shape
    from transforms.validated.typed import type_columns
    from transforms.validated.validate import EXTRACTS, by_extract

    delivered = by_extract(load_sheets(landing.files, lake))[RULED]
    context = Context(period)
    frame = type_columns(RULED, gather(RULED, delivered, context), context)
    frame = frame.join(_describe_sheets(EXTRACTS[RULED], delivered, context), on="sheet_no", how="left", maintain_order="left")
    frame = frame.filter(~_is_other_stage(EXTRACTS[RULED]))
    files = ["" if are_twins else str(number) for number in range(TIMES)]
    many = pl.concat([frame.with_columns(file_id=pl.col("file_id") + file) for file in files]).rechunk()
    checks = list_checks(RULED, context)

    def count() -> int:
        many.select(check.bad.sum().alias(str(number)) for number, check in enumerate(checks))
        return many.height

    def judge() -> int:
        return _apply_checks(EXTRACTS[RULED], many, context)[0].height

    def accept() -> int:
        judged = _apply_checks(EXTRACTS[RULED], many, context)[0]
        check_contract(RULED, _shape(EXTRACTS[RULED], judged, context))
        return judged.height

    check_contract(RULED, _shape(EXTRACTS[RULED], _apply_checks(EXTRACTS[RULED], frame.head(0), context)[0], context))  # pandera is loaded
    return {"counted": count, "judged": judge, "accepted": accept}[done]
