"""Score pairs of records by a declared linkage (schemas/linking.py) with Splink on DuckDB, and choose one for each.

Splink loads late: a run that has nothing to link does not pay for it. Nothing is trained and nothing is drawn.
"""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from schemas.linking import Linkage, Trait
from transforms.work import open_beside

# DuckDB's own string distances count bytes, so characters are compared as lists: each is a list of the ways to read it.
MACROS = """
create macro sign_alike(x, y) as list_has_any(x, y) or x = ['□'] or y = ['□'];
create macro spelt_alike(a, b) as len(a) = len(b)
    and coalesce(list_bool_and(list_transform(range(1, len(a) + 1), lambda i: sign_alike(a[i], b[i]))), false);
create macro fits_without(a, b, k) as spelt_alike(list_concat(a[1:k - 1], a[k + 1:len(a)]), b);
create macro one_missing(a, b) as (len(a) > 2 and len(a) = len(b) + 1
        and list_bool_or(list_transform(range(2, len(a) + 1), lambda k: fits_without(a, b, k))))
    or (len(b) > 2 and len(b) = len(a) + 1
        and list_bool_or(list_transform(range(2, len(b) + 1), lambda k: fits_without(b, a, k))))
    or (least(len(a), len(b)) > 2 and spelt_alike(a[1:least(len(a), len(b))], b[1:least(len(a), len(b))]));
create macro one_unlike(a, b) as len(a) = len(b) and list_has_any(a[1], b[1])
    and len(list_filter(range(1, len(a) + 1), lambda i: not sign_alike(a[i], b[i]))) = 1;
create macro same_signs(a, b) as len(a) > 1 and list_sort(string_split(a, '')) = list_sort(string_split(b, ''));
create macro digits_apart(a, b) as len(list_filter(range(1, length(a) + 1), lambda k: substr(a, k, 1) <> substr(b, k, 1)));
create macro one_digit(a, b) as length(a::varchar) = length(b::varchar) and digits_apart(a::varchar, b::varchar) = 1;
create macro days_swapped(a, b) as year(a) = year(b) and month(a) = day(b) and day(a) = month(b);
create macro close_number(a, b) as list_bool_or(list_transform(a, lambda x: list_bool_or(list_transform(
    b, lambda y: length(x) = length(y) and digits_apart(x, y) <= 2))));
"""


def _list_comparison(trait: Trait) -> dict[str, Any]:
    empty = f"{trait.column}_l is null or {trait.column}_r is null"
    levels: list[dict[str, Any]] = [{"sql_condition": empty, "label_for_charts": "empty", "is_null_level": True}]
    levels += [{"sql_condition": f"coalesce({level.sql}, false)", "label_for_charts": level.words or level.sql,
                "m_probability": level.m, "u_probability": level.u} for level in trait.levels]  # fmt: skip
    m, u = trait.rest
    levels.append({"sql_condition": "ELSE", "label_for_charts": "else", "m_probability": m, "u_probability": u})
    return {"output_column_name": trait.name, "comparison_levels": levels}


def score_pairs(
    left: Any, right: Any, linkage: Linkage, least: float, run: duckdb.DuckDBPyConnection | None = None
) -> pl.DataFrame:
    """Return the pairs of two Arrow tables (each with `unique_id`) that are one with a probability of `least` or more.

    left_id, right_id, probability, weight (bits), and a column for each trait: the number of the level that holds
    (0 the first), null where either side is empty, and the number of levels where none holds. `run`: the connection whose
    limits and spill folder hold here too; without one nothing is spilt.
    """
    con = duckdb.connect(config={"temp_directory": ""}) if run is None else open_beside(run)
    try:
        con.execute("set enable_progress_bar = false")
        con.execute(MACROS)
        con.register("left_side", left)
        con.register("right_side", right)
        if not _has_candidates(con, linkage):
            return _shape(None, linkage)
        return _shape(_predict(con, linkage, least), linkage)
    finally:
        con.close()


def _has_candidates(con: duckdb.DuckDBPyConnection, linkage: Linkage) -> bool:
    return any(
        con.execute(f"select 1 from left_side as l inner join right_side as r on {block} and {linkage.only} limit 1").fetchone()
        for block in linkage.blocks
    )


def _predict(con: duckdb.DuckDBPyConnection, linkage: Linkage, least: float) -> pl.DataFrame:
    from splink import DuckDBAPI, Linker, SettingsCreator

    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[_list_comparison(trait) for trait in linkage.traits],
        blocking_rules_to_generate_predictions=[
            {"blocking_rule": f"{block} and {linkage.only}", "sql_dialect": "duckdb"} for block in linkage.blocks
        ],
        probability_two_random_records_match=linkage.prior,
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=False,
        linker_uid="baoxue",
    )
    api = DuckDBAPI(connection=con)
    sides = [api.register(f"{side}_side", dataset_display_name=side) for side in ("left", "right")]
    linker = Linker(sides, settings, log_level=None, validate_settings=False)
    return con.sql(f"from {linker.inference.predict(threshold_match_probability=least).physical_name}").pl()


def _shape(found: pl.DataFrame | None, linkage: Linkage) -> pl.DataFrame:
    """Splink counts levels down to 0 (none holds) and gives -1 for empty: number them as they are declared."""
    levels = {trait.name: pl.Int64() for trait in linkage.traits}
    if found is None:
        return pl.DataFrame(schema={"left_id": pl.String, "right_id": pl.String, "probability": pl.Float64,
                                    "weight": pl.Float64, **levels})  # fmt: skip
    shaped = found.select(
        pl.col("unique_id_l").alias("left_id"), pl.col("unique_id_r").alias("right_id"),
        pl.col("match_probability").alias("probability"), pl.col("match_weight").alias("weight"),
        *(pl.when(pl.col(f"gamma_{t.name}") >= 0).then(len(t.levels) - pl.col(f"gamma_{t.name}")).cast(pl.Int64).alias(t.name)
          for t in linkage.traits),
    )  # fmt: skip
    kept = [pl.col(t.name).fill_null(len(t.levels)) < len(t.levels) for t in linkage.traits if t.needed]
    return shaped.filter(*kept).sort("weight", "left_id", "right_id", descending=[True, False, False])


def choose_one_each(pairs: pl.DataFrame) -> pl.DataFrame:
    """Keep the surest pair of each record, and no record twice: greedily by weight. `lead`: bits ahead of the next pair.

    A pair that another of the same record comes near to is contested, whoever was taken first.
    """
    taken_left, taken_right, kept = set(), set(), []
    for left, right in pairs.select("left_id", "right_id").iter_rows():
        keep = left not in taken_left and right not in taken_right
        kept.append(keep)
        if keep:
            taken_left.add(left)
            taken_right.add(right)
    rivals = [_find_rival(pairs, end) for end in ("left_id", "right_id")]
    return pairs.with_columns(lead=pl.col("weight") - pl.max_horizontal(*rivals)).filter(pl.Series(kept, dtype=pl.Boolean))


def _find_rival(pairs: pl.DataFrame, end: str) -> pl.Series:
    """The weight of the best other pair of the same record; null where there is none."""
    best = pl.col("weight").top_k(2).over(end, mapping_strategy="join")
    return pairs.select(
        pl.when(pl.col("weight").rank("ordinal", descending=True).over(end) == 1)
        .then(best.list.get(1, null_on_oob=True)).otherwise(best.list.get(0))
    ).to_series()  # fmt: skip
