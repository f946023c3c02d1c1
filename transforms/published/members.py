"""Who is behind a change of a figure: the children who entered or left an indicator since another version or period.

Children stand here by pseudonym; the workbook 变动明细, for the office's own eyes, joins their names.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from transforms.published.attach import attach_read_only

# The figures that an official answers for.
WATCHED = ("enrolment_rate", "retention_rate_year", "dropout_rate", "in_school_rate", "return_rate")
ENTERED, LEFT, GAINED, LOST = "新进入分母", "离开分母", "转为计入分子", "不再计入分子"

_COLUMNS = (
    "since varchar, from_period varchar, from_version integer, indicator varchar, child_key varchar, how varchar, "
    "in_numerator boolean, why_before varchar, why_after varchar, school_before varchar, school_after varchar, "
    "state_before varchar, state varchar"
)

# What both sides say of a child: where it counts, why, its school, its case.
_SIDE = """
    select c.child_key, c.denominators, c.numerators, c.why, e.school_code, s.state
    from {db}indicators.counted as c
    left join {db}conformed.enrolment as e on {join}
    left join (
        -- the open case, else the last
        select child_key, arg_max(state, (state <> '已销号')::integer || case_no) as state
        from {db}cases."case" where period = $p and version = $v group by child_key
    ) as s on c.child_key = s.child_key
    where c.period = $p and c.version = $v"""

CHANGES = f"""
with watched as (select unnest($watched) as indicator),
old as ({{old}}), new as ({{new}}),
both_sides as (
    select
        w.indicator, coalesce(n.child_key, o.child_key) as child_key,
        coalesce(list_contains(string_split(o.denominators, ';'), w.indicator), false) as d_old,
        coalesce(list_contains(string_split(n.denominators, ';'), w.indicator), false) as d_new,
        coalesce(list_contains(string_split(o.numerators, ';'), w.indicator), false) as n_old,
        coalesce(list_contains(string_split(n.numerators, ';'), w.indicator), false) as n_new,
        o.why as why_before, n.why as why_after, o.school_code as school_before, n.school_code as school_after,
        o.state as state_before, n.state
    from new as n full join old as o on n.child_key = o.child_key
    cross join watched as w
    -- most children are counted alike on both sides
    where n.denominators is distinct from o.denominators or n.numerators is distinct from o.numerators
)
insert into meta.member_change
select
    $since, $from_period, $from_version, b.indicator, b.child_key,
    case when not d_old then '{ENTERED}' when not d_new then '{LEFT}' when n_new then '{GAINED}' else '{LOST}' end,
    n_new, b.why_before, b.why_after, b.school_before, b.school_after, b.state_before, b.state
from both_sides as b
where d_old <> d_new or (d_old and n_old <> n_new)
order by all
"""


def write_member_changes(
    con: duckdb.DuckDBPyConnection,
    published: Path | None,
    period: str,
    version: int,
    previous: tuple[str, int | None],
) -> int:
    """Set `meta.member_change` into the work file; return its rows.

    Compared with the newest earlier version of the period, and with `previous`: the period before and the version of it
    that was handed up (None: its current one). Without them, or where an older file kept no children, it is empty.
    """
    con.execute("create schema if not exists meta")
    con.execute(f"create or replace table meta.member_change ({_COLUMNS})")
    if published is None or not published.exists():
        return 0
    with attach_read_only(con, published, "published"):
        if _keeps_children(con):
            for since, where in (("上一版", _find_version(con, period, version)), ("上一期", _find_period(con, *previous))):
                if where is not None:
                    _compare(con, since, where, (period, version))
    found = con.execute("select count(*) from meta.member_change").fetchone()
    return int(found[0]) if found else 0


def _keeps_children(con: duckdb.DuckDBPyConnection) -> bool:
    sql = ("select count(*) from duckdb_tables() where database_name = 'published' and schema_name = 'indicators' "
           "and table_name = 'counted'")  # fmt: skip
    return con.execute(sql).fetchone() == (1,)


def _find_version(con: duckdb.DuckDBPyConnection, period: str, version: int) -> tuple[str, int] | None:
    row = con.execute("select max(version) from published.indicators.counted where period = ? and version < ?", [period, version]).fetchone()
    return (period, row[0]) if row and row[0] is not None else None


def _find_period(con: duckdb.DuckDBPyConnection, period: str, version: int | None) -> tuple[str, int] | None:
    row = con.execute("select max(version) from published.indicators.counted where period = ? and version = coalesce(?, version)",
                      [period, version]).fetchone()  # fmt: skip
    return (period, row[0]) if row and row[0] is not None else None


def _compare(con: duckdb.DuckDBPyConnection, since: str, old: tuple[str, int], new: tuple[str, int]) -> None:
    old_side = _SIDE.format(db="published.", join="e.period = c.period and e.version = c.version and e.child_key = c.child_key")
    new_side = _SIDE.format(db="", join="e.child_key = c.child_key")
    sql = CHANGES.format(
        old=old_side.replace("$p", "$from_period").replace("$v", "$from_version"),
        new=new_side.replace("$p", "$period").replace("$v", "$version"),
    )
    con.execute(sql, {"watched": list(WATCHED), "since": since, "from_period": old[0], "from_version": old[1],
                      "period": new[0], "version": new[1]})  # fmt: skip
