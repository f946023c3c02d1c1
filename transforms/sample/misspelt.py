"""Children whose record carries another spelling and no id: for the registers two people, in truth one.

The child of the 底册 has the role `misspelt`. Its record is a child of its own (`record_of` names the first): on the roll
and in class, in no 底册. So all counts follow the registers, as they must until somebody has verified; only the likely
cause knows better (truth: cause.csv).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from transforms.sample.names import check_digit
from transforms.sample.settings import read_names, read_proportions, scale_count

Row = dict[str, Any]


def add_misspelt(children: pl.DataFrame, schools: pl.DataFrame, scale: float) -> pl.DataFrame:
    """Append children of role `misspelt` and the record of each; add `record_of` (the child) and `slip` (what differs)."""
    marked = children.with_columns(pl.lit(None, pl.Int64).alias("record_of"), pl.lit("").alias("slip"))
    models = marked.filter(pl.col("role") == "unknown").to_dicts()
    count = min(len(models), scale_count(read_proportions()["misspelt"], scale))
    ids, born = set(children["id"]), set(children.select("name", "birth").iter_rows())
    chosen = [models[turn * len(models) // count] for turn in range(count)]
    found = [_invent(row, turn, ids, born) | {"child": len(children) + turn} for turn, row in enumerate(chosen)]
    seats, so_far = _Seats.of(schools), Counter[str]()
    records = [_write_record(row, turn, so_far) | seats.seat(row) | {"child": len(children) + count + turn} for turn, row in enumerate(found)]
    return pl.concat([marked, pl.DataFrame([*found, *records], schema=marked.schema)])


def _invent(model: Row, turn: int, ids: set[str], born: set[tuple[str, date]]) -> Row:
    """A child of the model's birth day and village with a name, an id and a home of its own."""
    stock = read_names()
    given, surnames = stock["given"], stock["surnames"]
    number = 999 if model["sex"] == 1 else 998
    while (identity := (body := f"{model['id'][:14]}{number:03d}") + check_digit(body)) in ids:
        number -= 2
    step = turn
    while ((name := surnames[step % len(surnames)] + given[step * 5 % len(given)] + given[step * 11 % len(given)]), model["birth"]) in born:
        step += 1
    ids.add(identity)
    born.add((name, model["birth"]))
    guardian = surnames[step * 3 % len(surnames)] + given[step * 13 % len(given)]
    home = {"guardian": guardian, "phone": model["phone"][:3] + model["phone"][:2:-1], "orphan": False, "monitored": False}
    return model | home | {"name": name, "id": identity, "role": "misspelt"}


@dataclass(frozen=True)
class _Seats:
    """Where a child without an id sits: never where every pupil is named by id, whose list would then go by 学籍号."""

    by_name: frozenset[str]
    primary: str
    junior: str

    @classmethod
    def of(cls, schools: pl.DataFrame) -> _Seats:
        roll = schools.filter((pl.col("reports") == "roll") & (pl.col("school_status") == "正常"))
        first = {kind: roll.filter(pl.col("school_type") == kind)["school_code"][0] for kind in ("小学", "初级中学")}
        return cls(frozenset(schools.filter(pl.col("reports") == "attendance")["school_code"]), first["小学"], first["初级中学"])

    def seat(self, row: Row) -> Row:
        moved: Row = {}
        if row["primary"] in self.by_name:
            moved |= {"primary": self.primary, "class_primary": "1班", "old_code": False}
        if row["junior"] in self.by_name:
            moved |= {"junior": self.junior, "class_junior": "1班"}
        return moved


def _write_record(row: Row, turn: int, so_far: Counter[str]) -> Row:
    """The record with one slip: of those that the name and birth date lend themselves to, the one planted least so far."""
    kind, changed = min(((kind, new) for kind in SLIPS if (new := SLIPS[kind](row))), key=lambda slip: so_far[slip[0]])
    so_far[kind] += 1
    # the parent who signed at school, an old telephone
    other_home = ({}, {"phone": row["phone"][:-2] + "00"}, {"guardian": row["guardian"][0] + "某"}, {})[turn % 4]
    plain = {"orphan": False, "monitored": False, "no_hukou": True, "role": "", "record_of": row["child"], "slip": kind}
    return row | changed | other_home | plain


def _respell(find: Callable[[str], str | None]) -> Callable[[Row], Row | None]:
    """Another character for the last that has one, the surname kept."""
    def spoil(row: Row) -> Row | None:
        name = row["name"]
        for place in range(len(name) - 1, 0, -1):
            if "·" not in name and (other := find(name[place])):
                return {"name": name[:place] + other + name[place + 1 :]}
        return None

    return spoil


def _stand_in(sign: str) -> Callable[[Row], Row | None]:
    return lambda row: {"name": row["name"][:-1] + sign} if len(row["name"]) == 3 else None


def _drop_last(row: Row) -> Row | None:
    return {"name": row["name"][:-1]} if len(row["name"]) == 3 else None


def _swap_day(row: Row) -> Row | None:
    """Month and day of the birth date swapped, where that leaves the child in its school year."""
    birth: date = row["birth"]
    if birth.day > 12 or birth.day == birth.month or (birth.day > 8) != (birth.month > 8):
        return None
    return {"birth": birth.replace(month=birth.day, day=birth.month)}


def _one_digit(row: Row) -> Row:
    """Another digit in the day, in the same month."""
    day = row["birth"].day
    return {"birth": row["birth"].replace(day=day + 1 if day % 10 < 8 and day < 28 else day - 1 if day % 10 else day - 10)}


SLIPS: dict[str, Callable[[Row], Row | None]] = {
    "同音字": _respell(lambda sign: read_names()["same_sound"].get(sign)),
    "形近字": _respell(lambda sign: read_names()["look_alike"].get(sign)),
    "以□代字": _stand_in("□"), "造字区代字": _stand_in("\ue815"), "漏一字": _drop_last,
    "出生日期月日颠倒": _swap_day, "出生日期差一位": _one_digit,
}  # fmt: skip
