"""Secondary suppression: which cells papers for other eyes hide, so that no small one can be worked out from the rest.

A sum is a whole and its parts: townships → district, schools or villages → township, stages → all, grades → stage, boys
and girls → all, a group and the others → all. Zones cross the townships.

- A hidden whole hides its parts, and a part that is all of its whole hides the whole.
- A hidden part hides the other parts of that sum. Among areas, with every child counted together, the two smallest that
  are safe themselves are enough (else all): what is left over of the sum is then two unknowns, and not small.
- A zone (a school too, where children stand at home) shows only when no township, village or school is hidden.
"""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np

# A link says: when the first is hidden, so is the second. Sums stand between cells as nodes of their own, by hash. Small
# cells, the most of all, are one node, 0: whatever they lead to is hidden from the start, and nothing needs to lead to them.
LINKS = """
with cell as materialized (
    select c.*, case when c.is_small then 0 else c.id end::ubigint as node,
        hash(c.indicator, population_group) as lattice, hash(area_level, area_name, school_code) as place,
        area_level in ('school_zone', 'supervision_zone')
        or (area_level = 'school' and i.base not in ('roll', 'school')) as crosses
    from indicators.cell as c
    inner join validated.indicator as i on c.indicator = i.indicator and i.of_children
),
part as materialized (
    select id, node, n, d, population_group <> 'all' as all_parts, true as is_sum,
        hash('area', lattice, area_level, parent_area, stage, grade) as total
    from cell where parent_area is not null
    union all
    select id, node, n, d, true, true, hash('stage', lattice, place) from cell where stage <> 'all' and grade = 'all'
    union all
    select id, node, n, d, true, true, hash('grade', lattice, place, stage) from cell where grade <> 'all'
    union all
    select id, node, n, d, true, true, hash('sex', indicator, place, stage, grade) from cell where population_group in ('boys', 'girls')
    union all
    select id, node, n, d, true, false, hash('group', indicator, place, stage, grade) from cell where population_group <> 'all'
),
whole as materialized (
    select node, n, d, hash('area', lattice, level, area_name, stage, grade) as total
    from cell as c, unnest(['township', 'village', 'school', 'school_zone', 'supervision_zone']) as l(level)
    where area_level = 'district' or (area_level = 'township' and level in ('village', 'school'))
    union all
    select node, n, d, hash('stage', lattice, place) from cell where stage = 'all'
    union all
    select node, n, d, hash('grade', lattice, place, stage) from cell where stage <> 'all' and grade = 'all'
    union all
    select node, n, d, hash('group', indicator, place, stage, grade) from cell where population_group = 'all'
),
safe as (
    select id, total from part where not all_parts and n >= $suppress_below and d - n >= $suppress_below
    qualify row_number() over (partition by total order by d, n, id) <= 2
),
two as (select total from safe group by total having count(*) = 2),
crossing as (select node, crosses, hash('cross', lattice, stage, grade) as total from cell)
select distinct part.node as source, part.total as target
from part semi join (select total from part where node > 0) as open using (total) where is_sum
union all
select part.total, node from part left join two using (total) where node > 0 and is_sum and (all_parts or two.total is null)
union all
select total, id::ubigint from safe semi join two using (total)
union all
select whole.node, part.node from whole inner join part using (total) where part.node > 0
union all
select part.node, whole.node
from whole inner join part on whole.total = part.total and whole.n = part.n and whole.d = part.d
where whole.node > 0
union all
select distinct node, total from crossing
union all
select total, node from crossing where crosses and node > 0
"""


# A node's number is its row: what is held in memory is a few bytes a link and a node, the hashes are not.
NODES = "create temp table _node as select source as node from _link union select target from _link union select 0::ubigint"
NUMBERED = """
select a.rowid::integer as source, b.rowid::integer as target
from _link as l inner join _node as a on l.source = a.node inner join _node as b on l.target = b.node
order by all
"""


def find_hidden(con: duckdb.DuckDBPyConnection, parameters: dict[str, Any]) -> None:
    """Make `indicators.hidden`, one row per hidden cell: the small ones of `indicators.cell` and all that follow."""
    con.execute("create table indicators.hidden (id bigint)")
    # Into a table first: fetched straight from this query, ten million links never come (DuckDB 1.5.5 waits for itself).
    con.execute(f"create temp table _link as {LINKS}", parameters)
    con.execute(NODES)
    links = con.execute(NUMBERED).fetchnumpy()
    con.execute("drop table _link")
    start = con.execute("select rowid from _node where node = 0").fetchall()[0][0]
    con.register("_reached", {"number": follow(_plain(links["source"]), _plain(links["target"]), start)})
    con.execute(
        "insert into indicators.hidden "
        "select node::bigint from _node semi join _reached on _node.rowid = number "
        "where node between 1 and (select max(id) from indicators.cell) "
        "union all select c.id from indicators.cell as c "
        "inner join validated.indicator as i on c.indicator = i.indicator and i.of_children where c.is_small order by all"
    )
    con.unregister("_reached")
    con.execute("drop table _node")


def _plain(values: Any) -> np.ndarray:
    return np.asarray(values, dtype=np.int32)


def follow(source: np.ndarray, target: np.ndarray, start: int) -> np.ndarray:
    """Return every number that can be reached from `start` along the links, itself included. Links stand in order of source."""
    numbers = 1 + max(source.max(initial=start), target.max(initial=start))
    first = np.searchsorted(source, np.arange(numbers + 1, dtype=np.int32))
    seen = np.zeros(numbers, dtype=bool)
    frontier = np.array([start], dtype=np.int32)
    while len(frontier):
        seen[frontier] = True
        reached = target[_spread(first[frontier], first[frontier + 1])]
        frontier = np.unique(reached[~seen[reached]])
    return np.flatnonzero(seen)


def _spread(starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Return the numbers of every half-open range, one after the other."""
    lengths = ends - starts
    before = np.cumsum(lengths) - lengths
    return np.arange(lengths.sum()) + np.repeat(starts - before, lengths)
