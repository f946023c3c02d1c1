"""Write one publication into a copy of the analysts' file."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from schemas.bimester import Bimester
from schemas.extracts import EXTRACTS
from schemas.indicators import INDICATORS
from schemas.limits import read_limits
from schemas.published import list_published
from schemas.rules import RULES
from schemas.table import Table
from transforms.engine import QUARTER, Engine
from transforms.published.attach import attach_new, quote_name
from transforms.published.describe import comment_tables, make_views
from transforms.published.lineage import list_lineage
from transforms.published.questions import make_questions
from transforms.work import attach, insert_rows, open_memory

VALIDATED = ("validated.problem_count",)


@dataclass(frozen=True)
class Publication:
    """What a publication says of itself. `held`: run id of each earlier period it builds on."""

    period: Bimester
    version: int
    issued: date
    manifest_id: str
    run_id: str
    code_version: str
    reference_hash: str
    held: tuple[tuple[str, str], ...] = ()


def write_analysts_file(
    work: Path, published: Path | None, target: Path, what: Publication, engine: Engine = QUARTER
) -> dict[str, int]:
    """Copy the published file to `target` and set this version's rows beside the others; return rows by table.

    Other periods and versions stay as they are. Rows go in sorted, so that equal content hashes alike. The file is
    checkpointed and closed, ready to be moved into place. A target left by a killed run is overwritten.
    """
    target.unlink(missing_ok=True)
    target.with_name(target.name + ".wal").unlink(missing_ok=True)
    if published is not None and published.exists():
        shutil.copyfile(published, target)
    con = engine.set_up(open_memory())
    try:
        with attach(con, work), attach_new(con, target, "target"):
            return _fill(con, what)
    finally:
        con.close()


def _fill(con: duckdb.DuckDBPyConnection, what: Publication) -> dict[str, int]:
    tables = list_published()
    con.execute("begin")
    is_shaped = _is_shaped(con, what.code_version)
    for table in tables:
        if not is_shaped:
            create_table(con, table)
        if {"period", "version"} <= {column.name for column in table.columns}:
            # published once more, as when the file could not be read: a version stands there once
            con.execute(f"delete from {table.full_name} where period = ? and version = ?", [str(what.period), what.version])
    rows = {table.full_name: _insert_stage(con, table, what) for table in tables if _is_stage(table)}
    insert_meta(con, what)
    if not is_shaped:
        comment_tables(con, tables)
        make_views(con, tables)
        make_questions(con)
    con.execute("commit")
    return rows


def _is_shaped(con: duckdb.DuckDBPyConnection, code_version: str) -> bool:
    """Whether this very code wrote every version in the file: its tables, comments and views are then as they should be.

    They are some 1,400 statements, half of what a small publication takes.
    """
    if not con.execute("select 1 from duckdb_tables() where database_name = current_database() and schema_name = 'meta' "
                       "and table_name = 'run'").fetchone():  # fmt: skip
        return False
    writers = con.execute("select distinct code_version from meta.run").fetchall()
    return writers == [(code_version,)]


def _is_stage(table: Table) -> bool:
    return table.stage != "meta" and table.full_name not in VALIDATED


def create_table(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Create a declared table where it is missing, and the columns that an older file lacks."""
    con.execute(f"create schema if not exists {table.stage}")
    columns = ", ".join(f"{quote_name(column.name)} {column.type}" for column in table.columns)
    con.execute(f"create table if not exists {table.full_name} ({columns})")
    own = _list_columns(con, table.full_name)
    for column in table.columns:  # a column declared since the file was begun
        if column.name not in own:
            con.execute(f"alter table {table.full_name} add column {quote_name(column.name)} {column.type}")


def _list_columns(con: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    """A table's columns; duckdb_columns() would look at every table and view of every file first."""
    return {name for name, *_ in con.execute(f"from {table} limit 0").description}


def _insert_stage(con: duckdb.DuckDBPyConnection, table: Table, what: Publication) -> int:
    """Copy a stage table's public columns; a work table that holds earlier periods too gives only this one's rows."""
    given = {"period": str(what.period), "version": what.version}
    own = _list_columns(con, f"work.{table.full_name}")
    names = [column.name for column in table.columns]
    picked = ", ".join(quote_name(n) if n in own else f"${n} as {n}" for n in names)
    kept = [f"{name} = ${name}" for name in given if name in own]
    where = "where " + " and ".join(kept) if kept else ""
    # by what tells its rows apart: no two have one key, and a column that is alike in all would be compared with them
    order = ", ".join(quote_name(name) for name in (table.key or names) if name not in given)
    listed = ", ".join(quote_name(name) for name in names)
    con.execute(f"insert into {table.full_name} ({listed}) select {picked} from work.{table.full_name} {where} "
                f"order by {order}", given)  # fmt: skip
    return _count(con, table, what)


def _count(con: duckdb.DuckDBPyConnection, table: Table, what: Publication) -> int:
    found = con.execute(
        f"select count(*) from {table.full_name} where period = ? and version = ?",
        [str(what.period), what.version],
    ).fetchone()
    return int(found[0]) if found else 0


SOURCE_FILE = """
insert into meta.source_file by name
select $period as period, $version as version, file_id,
row_number() over (partition by file_id, extract order by sheet)::integer as sheet_no,
extract, t.title as extract_title, encoding, data_as_of, hidden, rows_read, accepted, merged, quarantined,
other_stage_rows, mended_values
from work.validated.file left join extract_title as t using (extract) where period = $period
order by extract, file_id, sheet_no
"""

PROBLEM_COUNT = """
insert into validated.problem_count by name
select $period as period, $version as version, extract, t.title as extract_title, rule, strength, school_code,
count(*)::integer as problems
from work.validated.problem left join extract_title as t using (extract) where period = $period
group by all order by extract, rule, strength, school_code
"""

RUN = """
insert into meta.run by name
select $period as period, $version as version, $manifest_id as manifest_id, $run_id as run_id,
$issued::date as issued, $code_version as code_version, $reference_hash as reference_hash, $held as held,
count(distinct file_id)::integer as files, coalesce(sum(rows_read), 0)::integer as rows_read,
coalesce(sum(accepted), 0)::integer as accepted, coalesce(sum(merged), 0)::integer as merged,
coalesce(sum(quarantined), 0)::integer as quarantined
from work.validated.file where period = $period
"""


def insert_meta(con: duckdb.DuckDBPyConnection, what: Publication) -> None:
    """Fill `meta` and the counts of what was validated."""
    key = {"period": str(what.period), "version": what.version}
    con.execute("create or replace temp table extract_title (extract varchar, title varchar)")
    con.executemany("insert into extract_title values (?, ?)", [(e.name, e.title) for e in EXTRACTS.values()])
    con.execute(SOURCE_FILE, key)
    con.execute(PROBLEM_COUNT, key)
    held = "；".join(f"{period} {run_id}" for period, run_id in what.held)
    con.execute(RUN, key | {"manifest_id": what.manifest_id, "run_id": what.run_id, "issued": what.issued,
                            "code_version": what.code_version, "reference_hash": what.reference_hash,
                            "held": held})  # fmt: skip
    con.execute("insert into meta.change by name select * from work.meta.change order by kind, what")
    _replace_definitions(con)
    _list_periods(con)


def _replace_definitions(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("delete from meta.indicator")
    con.execute("delete from meta.rule")
    con.execute("delete from meta.lineage")
    indicators = [(i.id, i.title, i.base, i.numerator, i.denominator, i.authority, i.better) for i in INDICATORS.values()]
    insert_rows(con, "meta.indicator", indicators)
    insert_rows(con, "meta.lineage", list(list_lineage()))
    insert_rows(con, "meta.rule", [(r.id, r.title, r.strength, r.mend) for r in RULES.values()])
    con.execute("delete from meta.work_limit")
    limits = [(x.limit, x.title, "、".join(x.grade_bands), x.direction, x.value, x.unit, x.in_force_from, x.in_force_until,
               x.authority, x.verified, x.is_computed) for x in read_limits()]  # fmt: skip
    insert_rows(con, "meta.work_limit", limits)


def _list_periods(con: duckdb.DuckDBPyConnection) -> None:
    """Rebuild `meta.period` from `meta.run`: the newest version of a period is current."""
    runs = con.execute("select period, version, issued from meta.run order by all").fetchall()
    newest = {period: version for period, version, _ in runs}
    con.execute("delete from meta.period")
    for text, version, issued in runs:
        period = Bimester.parse(text)
        values = [text, version, newest[text] == version, period.label, period.first_day, period.last_day,
                  period.school_year, issued]  # fmt: skip
        con.execute("insert into meta.period values (?, ?, ?, ?, ?, ?, ?, ?)", values)
