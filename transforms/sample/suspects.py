"""疑似辍学名单: batches of children, mostly in school, half of the ids spoilt; and what comes of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl

from schemas.bimester import Bimester
from transforms.sample.events import Log
from transforms.sample.faults import one_digit_wrong, swap_neighbours
from transforms.sample.settings import read_proportions, scale_count, seeded
from transforms.sample.timeline import day_in, horizon

# Shares of a batch: pupils sitting in school, pupils elsewhere, unexplained, over age, graduated, in no register
MIX = (("school", 0.75), ("elsewhere", 0.09), ("unknown", 0.04), ("over_age", 0.02), ("done_early", 0.02), ("stranger", 0.08))
# How ids are spoilt, in turn; the other half is right
FORMS = ("right", "one_digit", "right", "swapped", "right", "empty_number", "right", "empty_birth", "right", "short_birth")


def make_suspects(
    children: pl.DataFrame, plants: pl.DataFrame, records: dict[str, pl.DataFrame], log: Log, scale: float, seed: int
) -> pl.DataFrame:
    """One row is a child of a batch: child, period, batch, issued_on, verify_by, form, source; feedback goes to `log`."""
    rows: list[dict[str, Any]] = []
    for period in (p for p in horizon() if p.number in (3, 6)):
        chosen = _choose(children, plants, records, period, scale, seed)
        issued = day_in(period, 0.15)
        for i, (kind, child) in enumerate(chosen):
            form = "right" if kind in ("stranger", "over_age") else FORMS[i % len(FORMS)]
            if kind == "school" and i % 31 == 5:
                form = "name_only"
            if kind != "school" and form == "empty_number":
                form = "empty_birth"  # a number of elsewhere leads to nobody here
            rows.append({
                "child": child, "period": str(period), "batch": f"{period.year}年第{period.number}批", "issued_on": issued,
                "verify_by": issued + timedelta(days=25), "form": form, "kind": kind,
            })  # fmt: skip
            if form != "name_only":
                _feed_back(log, period, issued, kind, child, i)
    return pl.DataFrame(rows)


def _choose(
    children: pl.DataFrame, plants: pl.DataFrame, records: dict[str, pl.DataFrame], period: Bimester, scale: float, seed: int
) -> list[tuple[str, int]]:
    rng = seeded(seed, "suspects", period)
    total = scale_count(read_proportions()["suspects_per_batch"], scale)
    clean = children.filter(
        (pl.col("registry_fault") == "") & (pl.col("roster_fault") == "") & (pl.col("roster_refused") == "")
        & ~pl.col("quarantined") & ~pl.col("child").is_in(plants["child"].to_list()) & pl.col("number_of").is_null()
        & ~pl.col("child").is_in(children["number_of"].drop_nulls().to_list()) & ~pl.col("temporary_number")
        & ~pl.any_horizontal(pl.col("leave_on", "join_on", "shift_on", "suspend_on").is_not_null()) & ~pl.col("no_hukou")
    )  # fmt: skip
    seated = records[str(period)].filter(pl.col("status") == "在读")["child"].to_list()
    over = (pl.col("cohort") < period.school_year - 8) & (pl.col("cohort") > 2012)
    pools = {
        "school": clean.filter(pl.col("child").is_in(seated) & (pl.col("entry") == pl.col("cohort"))),
        "over_age": clean.filter(pl.col("child").is_in(seated) & over),
    }
    chosen = []
    for kind, share in MIX:
        pool = pools.get(kind, clean.filter((pl.col("role") == kind) & (pl.col("cohort") < 2025)))["child"].to_numpy()
        picks = rng.permutation(pool)[: max(1, round(total * share))]
        chosen += [(kind, int(child)) for child in picks]
    return [chosen[i] for i in rng.permutation(len(chosen))]


def _feed_back(log: Log, period: Bimester, issued: date, kind: str, child: int, i: int) -> None:
    """Most are verified in time, some in the next period, some not yet."""
    day = issued + timedelta(days=5 + i % 20)
    told = str(period)
    if i % 8 == 3:
        day = day_in(period.next(), 0.3)
        # a finding dated after the period it is told in waits for the next
        told = str(period if i % 16 == 3 else period.next())
    if i % 8 == 6 or kind == "unknown":
        return
    if kind == "school":
        log.verify(child, day, "在校就读", evident=i % 5 != 0, unit="学校", learned=told)
    elif kind == "elsewhere":
        log.verify(child, day, "外地就读有学籍", learned=told)
    elif kind == "over_age":
        log.verify(child, day, "超龄", unit="学校")
    elif kind == "done_early":
        log.verify(child, day, "已毕业", unit="学校")
    else:
        log.verify(child, day, ("户籍或证件错误", "户籍迁出", "重复信息")[i % 3], unit="公安")


def write_suspect(child: dict[str, Any], row: dict[str, Any], number: str) -> dict[str, Any]:
    """The row as the batch shows it: id spoilt by its form, birth date, number and sex only where that form has them."""
    form, identity = row["form"], child["id"]
    shown = {
        "right": identity, "one_digit": one_digit_wrong(identity), "swapped": swap_neighbours(identity),
        "empty_number": "", "empty_birth": "", "short_birth": identity[:16], "name_only": "",
    }[form]  # fmt: skip
    has_birth = form in ("empty_birth", "short_birth")
    return {
        "name": child["name"], "id_number": shown,
        "registry_number": number if form == "empty_number" else "",
        "sex": child["sex"] if has_birth else None,
        "birth_date": child["birth"] if has_birth else None,
    }  # fmt: skip


SUSPECT_FAULTS = {
    "right": "", "one_digit": "id_check_digit", "swapped": "id_check_digit", "empty_number": "id_empty",
    "empty_birth": "id_empty", "short_birth": "id_length", "name_only": "id_empty",
}  # fmt: skip
