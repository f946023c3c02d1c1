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


def find_hidden(con: duckdb.DuckDBPyConnection, parameters: dict[str, Any]) -> None:
    """Make `indicators.hidden`, one row per hidden cell: the small ones of `indicators.cell` and all that follow."""
    con.execute("create table indicators.hidden (id bigint)")
    # Into a table first: fetched straight from this query, ten million links never come (DuckDB 1.5.5 waits for itself).
    con.execute(f"create temp table _links as {LINKS}", parameters)
    links = con.execute("from _links").fetchnumpy()
    con.execute("drop table _links")
    cells = con.execute("select coalesce(max(id), 0) from indicators.cell").fetchone()
    reached = follow(_plain(links["source"]), _plain(links["target"]), np.zeros(1, dtype=np.uint64))
    last = cells[0] if cells else 0
    con.register("_hidden", {"id": reached[(reached > 0) & (reached <= last)].astype(np.int64)})
    con.execute(
        "insert into indicators.hidden select id from _hidden union all select c.id from indicators.cell as c "
        "inner join validated.indicator as i on c.indicator = i.indicator and i.of_children where c.is_small order by id"
    )
    con.unregister("_hidden")


def _plain(values: Any) -> np.ndarray:
    return np.asarray(values, dtype=np.uint64)


def follow(source: np.ndarray, target: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Return every node that can be reached from `start` along the links, `start` included, sorted."""
    nodes, places = np.unique(np.concatenate([source, target, start]), return_inverse=True)
    heads, tails, frontier = np.split(places, [len(source), 2 * len(source)])
    order = np.argsort(heads, kind="stable")
    heads, tails = heads[order], tails[order]
    first = np.searchsorted(heads, np.arange(len(nodes) + 1))
    seen = np.zeros(len(nodes), dtype=bool)
    frontier = np.unique(frontier)
    while len(frontier):
        seen[frontier] = True
        reached = tails[_spread(first[frontier], first[frontier + 1])]
        frontier = np.unique(reached[~seen[reached]])
    return nodes[seen]


def _spread(starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Return the numbers of every half-open range, one after the other."""
    lengths = ends - starts
    before = np.cumsum(lengths) - lengths
    return np.arange(lengths.sum()) + np.repeat(starts - before, lengths)
