"""Which child's row carries which data fault, and how a value is spoilt."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl

from schemas.bimester import Bimester
from transforms.sample.names import check_digit
from transforms.sample.settings import read_proportions, scale_count, seeded

QUARANTINE = (
    "identity_missing", "required_empty", "code_unknown", "date_impossible", "number_impossible", "school_unknown",
    "township_unknown", "grade_not_offered", "duplicate_conflict",
)  # fmt: skip
# [full size, smallest] of rows refused in the 学籍 (all of children who exist) and in the 底册
REGISTRY_REFUSED = {
    "code_unknown": [9, 3], "required_empty": [8, 2], "date_impossible": [6, 1], "school_unknown": [6, 1],
    "grade_not_offered": [9, 3], "duplicate_conflict": [6, 1],
}  # fmt: skip
ROSTER_REFUSED = {
    "township_unknown": [12, 1], "required_empty": [6, 1], "code_unknown": [6, 1], "date_impossible": [4, 1],
    "duplicate_conflict": [6, 1],
}  # fmt: skip
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def give_faults(children: pl.DataFrame, scale: float, seed: int) -> pl.DataFrame:
    """Add registry_fault, registry_refused (with refused_when), roster_fault, mend ('' = clean).

    Children with a fault are otherwise undisturbed, so that each fault's effect stands alone.
    """
    rng = seeded(seed, "faults")
    free = children.filter(
        (pl.col("role") == "") & (pl.col("entry") == pl.col("cohort")) & pl.col("leave_on").is_null()
        & pl.col("join_on").is_null() & pl.col("shift_on").is_null() & pl.col("suspend_on").is_null()
        & ~pl.col("special") & ~pl.col("home_taught") & ~pl.col("double") & pl.col("number_of").is_null()
        & ~pl.col("temporary_number") & ~pl.col("old_code") & ~pl.col("child").is_in(children["number_of"].drop_nulls().to_list())
        & pl.col("cohort").is_between(2017, 2023)
    )  # fmt: skip
    order = rng.permutation(free["child"].to_numpy()).tolist()
    rates = read_proportions()["id_faults_per_mille"]
    full = read_proportions()["full_pupils"]
    faults = {rule: [round(rate * full / 1000), 1] for rule, rate in rates.items()}
    roster = {k: v for k, v in faults.items() if k not in ("status_defaulted", "id_place_unknown")}
    roster |= {"village_unknown": [40, 1]}
    no_hukou = [order.pop() for _ in range(scale_count([30, 2], scale))]
    columns = {
        "registry_refused": _deal(REGISTRY_REFUSED, order, scale),
        "roster_refused": _deal(ROSTER_REFUSED, order, scale),
        "registry_fault": _deal(faults, order, scale),
        "roster_fault": _deal(roster, order, scale),
        "mend": _deal({k: [round(v * full / 1000), 1] for k, v in read_proportions()["mends_per_mille"].items()}, order, scale),
    }
    frame = children.with_columns(
        pl.col("child").replace_strict(dealt, default="", return_dtype=pl.String).alias(name) for name, dealt in columns.items()
    )
    frame = frame.with_columns(pl.col("child").is_in(no_hukou).alias("no_hukou"))
    # other offices cannot list a child without an id or from outside: so that lists and records agree
    unlisted = pl.col("no_hukou") | pl.col("join_on").is_not_null() | (pl.col("cohort") == 2009)
    at_home = pl.col("home_taught") | (pl.col("role") == "home_unregistered")
    frame = frame.with_columns(
        pl.when(at_home & (pl.col("disability") == "无")).then(pl.lit("肢体")).when(unlisted).then(pl.lit("无"))
        .otherwise("disability").alias("disability"),
        (pl.col("orphan") & ~unlisted).alias("orphan"), (pl.col("monitored") & ~unlisted).alias("monitored"),
    )  # fmt: skip
    # children far outside the age of pupils are reported wherever they stand
    frame = frame.with_columns(
        pl.when(pl.col("cohort") == 2009).then(pl.lit("age_out_of_range")).otherwise("registry_fault").alias("registry_fault")
    )
    strange = pl.col("registry_fault") == "id_place_unknown"
    frame = frame.with_columns(
        pl.when(strange).then(pl.col("id").map_elements(_elsewhere, return_dtype=pl.String)).otherwise("id").alias("id"),
        pl.when(strange).then("registry_fault").otherwise("roster_fault").alias("roster_fault"),
    )
    # the first of each rule in every delivery, the others only in one half of the year
    turn = pl.int_range(pl.len()).over("registry_refused") % 3
    return frame.with_columns(
        turn.replace_strict({0: "always", 1: "spring", 2: "autumn"}, return_dtype=pl.String).alias("refused_when"),
        (pl.col("registry_refused") != "").alias("quarantined")
    )


def _deal(counts: dict[str, list[int]], order: list[int], scale: float) -> dict[int, str]:
    return {order.pop(): rule for rule, pair in counts.items() for _ in range(scale_count(pair, scale))}


def is_refused(period: Bimester) -> pl.Expr:
    """Whether a child's registry row is spoilt in this period's delivery: some always, some only in one term."""
    term = "autumn" if period.number in (5, 6) else "spring"
    return (pl.col("registry_refused") != "") & pl.col("refused_when").is_in(["always", term])


def spoil_id(rule: str, row: dict[str, Any]) -> dict[str, Any]:
    """Change a row of text as an id fault does."""
    number = row["id_number"]
    if rule == "id_empty":
        return row | {"id_number": ""}
    if rule == "id_length":
        return row | {"id_number": number[:17]}
    if rule == "id_check_digit":
        return row | {"id_number": one_digit_wrong(number)}
    if rule == "id_excel_lost":
        sign = int(number[10:12]) % 2
        lost = f"{int(number[:6]) / 100000:.5f}E+17"
        return row | {"id_number": lost if sign else _tail_of_zeros(number)}
    if rule == "id_fifteen":
        return row | {"id_number": number[:6] + number[8:17]}
    if rule in ("id_place_unknown", "age_out_of_range"):
        return row  # in the child's own number or birth day, wherever it is written
    if rule == "id_birth_mismatch":
        return row | {"birth_date": row["birth_date"] + timedelta(days=9)}
    if rule == "id_sex_mismatch":
        return row | {"sex": 3 - row["sex"]}
    if rule == "name_odd":
        return row | {"name": row["name"] + "A1"}
    raise KeyError(rule)


def one_digit_wrong(number: str) -> str:
    """An id with one digit of its running number wrong: the check digit cannot hold any more."""
    return number[:15] + str((int(number[15]) + 3) % 10) + number[16:]


def swap_neighbours(number: str) -> str:
    """An id with two unequal neighbouring digits swapped."""
    for i in range(16, 5, -1):
        if number[i] != number[i - 1] and i not in (6, 10, 12, 14):
            return number[: i - 1] + number[i] + number[i - 1] + number[i + 1 :]
    return one_digit_wrong(number)


def _tail_of_zeros(number: str) -> str:
    """What a number cell keeps of an id: fifteen digits. Written 5.00153E+17 where the zeros would check by chance."""
    return number[:15] + "000" if check_digit(number[:15] + "00") != "0" else f"{int(number[:6]) / 100000:.5f}E+17"


def _elsewhere(number: str) -> str:
    """The same id with a place that no code book has, and a check digit that fits."""
    body = "990101" + number[6:17]
    return body + check_digit(body)


def mend(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    """Write a right value in a way that is mended and counted, never a fault."""
    number = row["id_number"]
    if kind == "lower_x":
        return row | {"id_number": number.lower()}
    if kind == "spaces":
        return row | {"id_number": f" {number[:6]} {number[6:14]} {number[14:]}"}
    if kind == "full_width":
        return row | {"id_number": number.translate(FULL_WIDTH)}
    return row | {"name": f"{row['name'][0]} {row['name'][1:]}"}


def break_id_rule(row: dict[str, Any]) -> str:
    """What a right id of a strange place, or none, breaks in a list that has no other number to know the child by."""
    return "id_empty" if row["no_hukou"] else break_place_rule(row)


def break_place_rule(row: dict[str, Any]) -> str:
    """What a right id of a strange place breaks wherever it is written."""
    return "id_place_unknown" if row["registry_fault"] == "id_place_unknown" else ""
