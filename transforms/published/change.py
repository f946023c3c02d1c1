"""数据更正说明: what differs between a version and the one it replaces, in conditions, files, counts and indicators."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from schemas.indicators import INDICATORS
from schemas.table import list_tables
from transforms.published.attach import attach_read_only

COUNTS = """
select '比对结果：' || comparison as what, count(*)::varchar as value from {db}compared.finding
where period = $period and version = $version group by all
union all
select '案件状态：' || state, count(*)::varchar from {db}cases.case
where period = $period and version = $version group by all
union all
select '台账期末在册：' || ledger, closing::varchar from {db}cases.balance
where period = $period and version = $version
union all
select '未报送或报送不全：' || right(month, 2)::integer || '月', count(*)::varchar from {db}compared.silent_school
where period = $period and version = $version group by month
"""

FIGURES = """
select indicator as what, concat(numerator, '/', denominator) as value from {db}indicators.value
where period = $period and version = $version and area_level = 'district'
and stage = 'all' and grade = 'all' and population_group = 'all'
"""


@dataclass(frozen=True)
class Change:
    """One difference. `before` or `after` is empty where there was none."""

    kind: str
    what: str
    before: str
    after: str


def compare_values(kind: str, before: dict[str, str], after: dict[str, str]) -> list[Change]:
    """List what differs: the items whose values differ, sorted by name."""
    items = sorted(before.keys() | after.keys())
    return [
        Change(kind, what, before.get(what, ""), after.get(what, ""))
        for what in items
        if before.get(what) != after.get(what)
    ]


def compare_versions(
    con: duckdb.DuckDBPyConnection, published: Path | None, period: str, version: int, from_version: int
) -> list[Change]:
    """Compare a work file with an earlier published version of the same period: files, counts, figures."""
    if published is None or not published.exists():
        return []
    with attach_read_only(con, published, "published"):
        changes = _compare_files(con, period, from_version)
        for kind, query in (("数量", COUNTS), ("指标", FIGURES)):
            old = _read_values(con, query, "published.", period, from_version)
            changes += compare_values(kind, old, _read_values(con, query, "", period, version))
    return [_name_items(change) for change in changes]


def _read_values(con: duckdb.DuckDBPyConnection, query: str, db: str, period: str, version: int) -> dict[str, str]:
    """Read item → value."""
    return dict(con.execute(query.format(db=db), {"period": period, "version": version}).fetchall())


def _compare_files(con: duckdb.DuckDBPyConnection, period: str, from_version: int) -> list[Change]:
    rows = con.execute(
        """with old as (select distinct extract, file_id from published.meta.source_file
                        where period = $period and version = $version),
        new as (select distinct extract, file_id from validated.file where period = $period)
        select coalesce(old.extract, new.extract) as extract, count(old.file_id), count(new.file_id),
        count(*) filter (old.file_id is null), count(*) filter (new.file_id is null)
        from old full join new using (extract, file_id) group by all order by all""",
        {"period": period, "version": from_version},
    ).fetchall()
    return [
        Change("文件", extract, f"{old}个", f"{new}个（新增或改动{added}个，撤去或被替{gone}个）")
        for extract, old, new, added, gone in rows
        if added or gone
    ]


def _name_items(change: Change) -> Change:
    """Put Chinese titles where the tables hold ids."""
    from schemas.extracts import EXTRACTS

    label, _, word = change.what.rpartition("：")
    titles = {
        **{name: extract.title for name, extract in EXTRACTS.items()},
        **{name: indicator.title for name, indicator in INDICATORS.items()},
        **{table.name: table.title for table in list_tables().values() if table.stage == "compared"},
        "school_age": "适龄台账", "suspected": "疑似台账", "dropout": "辍学台账", "tracked": "在册跟踪台账",
    }  # fmt: skip
    title = titles.get(word, word)
    return Change(change.kind, f"{label}：{title}" if label else title, change.before, change.after)


def write_changes(
    con: duckdb.DuckDBPyConnection, changes: list[Change], period: str, version: int, from_version: int | None
) -> None:
    """Set `meta.change` into the work file, where papers and the analysts' file find it."""
    con.execute("create schema if not exists meta")
    con.execute(
        "create or replace table meta.change (period varchar, version integer, from_version integer, "
        "kind varchar, what varchar, before varchar, after varchar)"
    )
    for change in changes:
        values = [period, version, from_version, change.kind, change.what, change.before, change.after]
        con.execute("insert into meta.change values (?, ?, ?, ?, ?, ?, ?)", values)
