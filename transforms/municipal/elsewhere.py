"""Children of one district who sit in another's registry: what no district can see from its own files.

Each district is told in an ordinary 核实反馈 file in its own inbox. So what it learned is received, validated and counted
as any other paper, can be read by its clerks, and closes a case by the rules of every verification (contract §6). It names
only children that the district itself holds.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import polars as pl

from schemas.bimester import Bimester
from schemas.fields import FIELDS
from transforms import work
from transforms.build import load_validated
from transforms.engine import QUARTER, Engine

HERE = Path(__file__).parent
READ = ("school", "registry", "child", "suspect")
FILE = "市级学籍比对_核实反馈.csv"
HEADINGS = (
    "name", "id_number", "verified_on", "verifying_unit", "verification_result", "destination", "school_attended",
    "registry_number_elsewhere", "evidence", "verification_method", "verifier",
)  # fmt: skip


CROSSING = pl.Schema({"period": pl.String, "district": pl.String, "found_in": pl.String, "finding": pl.String, "children": pl.Int32})


@cache
def read_sql(name: str) -> str:
    """Return the text of one model of this folder."""
    return (HERE / f"{name}.sql").read_text(encoding="utf-8")


def read_pupils(district: str, folders: tuple[Path, ...], engine: Engine = QUARTER) -> dict[str, pl.DataFrame]:
    """Read from a district's validated folders, oldest first: `live` records and `held` children (see the models)."""
    con = engine.set_up(work.open_memory())
    try:
        load_validated(con, folders, READ)
        return {name: con.execute(read_sql(name), {"district": district}).pl() for name in ("live", "held")}
    finally:
        con.close()


def find_elsewhere(districts: Iterable[Mapping[str, pl.DataFrame]], engine: Engine = QUARTER) -> pl.DataFrame:
    """Match every district's children with every other's registry: one row a child (elsewhere.sql)."""
    tables = list(districts)
    con = engine.set_up(work.open_memory())
    try:
        for name in ("live", "held"):
            con.register(name, pl.concat([table[name] for table in tables], how="vertical_relaxed").to_arrow())
        return con.execute(read_sql("elsewhere")).pl()
    finally:
        con.close()


def write_feedback(found: pl.DataFrame, district: str, period: Bimester) -> str | None:
    """Return one district's 核实反馈 as CSV with its byte order mark, a row a child of `finding` elsewhere; None where there is none."""
    rows = found.filter((pl.col("district") == district) & (pl.col("finding") == "elsewhere")).sort("id_number")
    if rows.is_empty():
        return None
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([FIELDS[name].title for name in HEADINGS])
    for row in rows.iter_rows(named=True):
        writer.writerow([
            row["name"], row["id_number"], period.last_day.isoformat(), "教委", "外地就读有学籍", row["found_in"],
            row["school_name"], row["registry_number"], f"{row['found_in']}{period.label}学籍", "学籍查询", "市级学籍比对",
        ])  # fmt: skip
    return text.getvalue()


def count_crossings(found: pl.DataFrame, period: Bimester) -> pl.DataFrame:
    """Count the children by finding, district and the district where they are on a roll."""
    counted = found.group_by("district", "found_in", "finding").agg(pl.len().alias("children"))
    return counted.select(pl.lit(str(period)).alias("period"), *list(CROSSING)[1:]).sort("district", "found_in", "finding").cast(CROSSING)
