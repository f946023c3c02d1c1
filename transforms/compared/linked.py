"""`compared.linked`: the record that linking sets beside a child under suspicion, with its reasons side by side.

It proposes. Nothing is closed, counted or explained away by it: likely_cause.md says what becomes of a proposal.
"""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl
import pyarrow as pa

from schemas.linking import CHILDREN, CONFIDENCE, CONTEST, Linkage, Trait
from transforms.compared.linking import choose_one_each, score_pairs
from transforms.compared.spelling import spell_columns

LINKED = "-- One row per child under suspicion and the record that linking sets beside it: linked.py.\nfrom compared.comparable"
KEPT = ("sex", "birth_date", "address", "school_name", "township", "village", "has_id", "in_roster", "live_in", "is_enrolled",
        "is_absent")  # fmt: skip
COLUMNS = {"person_id": pl.Int32, "nearest_person_id": pl.Int32, "is_proposed": pl.Boolean, "confidence": pl.String,
           "nearest_how": pl.String, "side_by_side": pl.String}  # fmt: skip


def link_suspects(con: duckdb.DuckDBPyConnection, parameters: dict[str, Any]) -> None:
    """Make `compared.linked`: for each child under suspicion its best pair, if that is likely enough to be shown."""
    rows = link_people(_read_side(con, "suspect"), _read_side(con, "other"), con)
    found = pl.DataFrame(rows, schema=COLUMNS).sort("person_id")
    con.register("_linked", found.to_arrow())
    con.execute("create table compared.linked as from _linked")
    con.unregister("_linked")


def link_people(
    suspects: pl.DataFrame, others: pl.DataFrame, run: duckdb.DuckDBPyConnection | None = None
) -> list[dict[str, Any]]:
    """Return the rows of `compared.linked` for two frames of `compared.comparable`; `run`: as score_pairs takes it."""
    if not len(suspects) or not len(others):
        return []
    pairs = score_pairs(_spell(suspects), _spell(others), CHILDREN, CONFIDENCE[-1][1], run)
    known = [{row["person_id"]: row for row in side.iter_rows(named=True)} for side in (suspects, others)]
    return [describe(p, known[0][p["left_id"]], known[1][p["right_id"]]) for p in choose_one_each(pairs).to_dicts()]


def _read_side(con: duckdb.DuckDBPyConnection, side: str) -> pl.DataFrame:
    return con.execute(
        "select *, concat_ws('', township, village) as place from compared.comparable where side = ? order by person_id", [side]
    ).pl()


def _spell(people: pl.DataFrame) -> pa.Table:
    """The columns that the linkage names, names spelt out."""
    columns = {"unique_id": people["person_id"].to_arrow()} | {name: people[name].to_arrow() for name in KEPT}
    columns |= spell_columns(people["name"].to_list())
    guardian = spell_columns(people["guardian_name"].to_list())
    columns |= {"guardian": guardian["name"], "guardian_sounds": guardian["sounds"], "phone": people["guardian_phone"].to_arrow()}
    numbers = people.select(pl.when(pl.col("numbers").list.len() > 0).then("numbers")).to_series()
    return pa.table(columns | {"numbers": numbers.to_arrow()})


def describe(pair: dict[str, Any], suspect: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """One row of `compared.linked`: whether the pair proposes anything, how sure it is in words, and why."""
    proposed = judge(pair, CHILDREN)
    sure = next(words for words, least in CONFIDENCE if pair["probability"] >= least)
    agreed = [(trait, trait.levels[pair[trait.name]].words) for trait in CHILDREN.traits if _agrees(pair, trait)]
    differ = [trait for trait in CHILDREN.traits if pair[trait.name] == len(trait.levels)]
    told = [f"{words}（{_show(suspect, other, trait)}）" for trait, words in agreed]
    told += [f"{trait.title}不同（{_show(suspect, other, trait)}）" for trait in differ]
    return {
        "person_id": suspect["person_id"], "nearest_person_id": other["person_id"],
        "is_proposed": proposed and sure != "低", "confidence": sure if proposed else "低",
        "nearest_how": "、".join(words for _, words in agreed), "side_by_side": "；".join(told),
    }  # fmt: skip


def judge(pair: dict[str, Any], linkage: Linkage) -> bool:
    """Whether a pair may be proposed as one child: on its grounds, uncontradicted and uncontested."""
    traits = {trait.name: trait for trait in linkage.traits}
    grounded = all(any(_agrees(pair, traits[name]) for name in group) for group in linkage.grounds)
    weak = any(_agrees(pair, trait) and trait.levels[pair[trait.name]].weak for trait in linkage.traits)
    contradicted = any(trait.contradicts and pair[trait.name] == len(trait.levels) for trait in linkage.traits)
    contested = pair["lead"] is not None and pair["lead"] < CONTEST
    return grounded and not weak and not contradicted and not contested


def _agrees(pair: dict[str, Any], trait: Trait) -> bool:
    return pair[trait.name] is not None and pair[trait.name] < len(trait.levels)


def _show(suspect: dict[str, Any], other: dict[str, Any], trait: Trait) -> str:
    """The value both have, or both values with ／."""
    ours, theirs = (_text(row[trait.shown]) for row in (suspect, other))
    return ours if ours == theirs else f"{ours}／{theirs}"


def _text(value: Any) -> str:
    return "、".join(value) if isinstance(value, list) else str(value)
