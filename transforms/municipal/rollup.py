"""The municipality's file: every district's current figures beside their sum. Made anew each time, from the published files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from schemas.municipal import TABLES
from transforms.municipal.elsewhere import read_sql
from transforms.published.attach import attach_new, attach_read_only
from transforms.published.describe import comment_tables, make_view
from transforms.published.write import create_table

COLLECTED = {
    "district_value": "select period, $district as district, indicator, stage, grade, population_group, numerator, denominator, "
                      "rate_low, rate_high from one.indicators.current where area_level = 'district'",
    "district_balance": "select t.period, $district as district, ledger, opening, added, closed, closing from one.cases.balance as t "
                        "semi join (from one.meta.period where is_current) as p on t.period = p.period and t.version = p.version",
    "district_run": "select t.period, $district as district, '已出报' as state, manifest_id from one.meta.run as t "
                    "semi join (from one.meta.period where is_current) as p on t.period = p.period and t.version = p.version",
}  # fmt: skip


@dataclass(frozen=True)
class Sum:
    """What the sum is made of. `files`: each district's analysts' file; `silent`: (period, district, why) without a report.

    `crossings`: how many children of each district another has on its roll (count_crossings), of all periods.
    """

    files: Mapping[str, Path]
    silent: tuple[tuple[str, str, str], ...]
    crossings: pl.DataFrame


def write_city_file(parts: Sum, target: Path) -> None:
    """Write the municipality's file at `target`, checkpointed and closed. It holds no person."""
    target.unlink(missing_ok=True)
    con = duckdb.connect()
    try:
        with attach_new(con, target, "target"):
            _collect(con, parts)
            _fill(con, parts)
    finally:
        con.close()


def _collect(con: duckdb.DuckDBPyConnection, parts: Sum) -> None:
    made: set[str] = set()
    for district, path in sorted(parts.files.items()):
        with attach_read_only(con, path, "one"):
            for name, sql in COLLECTED.items():
                begin = f"insert into {name}" if name in made else f"create temp table {name} as"
                con.execute(f"{begin} {sql}", {"district": district})
                made.add(name)


def _fill(con: duckdb.DuckDBPyConnection, parts: Sum) -> None:
    con.register("city_crossing", parts.crossings.to_arrow())
    con.execute("create temp table silent (period varchar, district varchar, state varchar)")
    con.executemany("insert into silent values (?, ?, ?)", parts.silent or [(None, None, None)])
    sources = {
        "district": "from district_run union all by name (from silent where period is not null)",
        "value": read_sql("value"),
        "balance": read_sql("balance"),
        "crossing": "from city_crossing",
    }
    for table in TABLES:
        create_table(con, table)
        order = ", ".join(table.key)
        con.execute(f"insert into {table.full_name} by name select * from ({sources[table.name]}) order by {order}")
    comment_tables(con, TABLES)
    con.execute('create schema "中文"')
    for table in TABLES:
        make_view(con, table)
