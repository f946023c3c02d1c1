"""Who has a record here, from when to when: roles of children without one, events of pupils with one."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from transforms.sample.settings import read_proportions, scale_count, seeded
from transforms.sample.timeline import TERMS, pick_days

LEAVING = (
    "move_out", "vanished", "left_otherwise", "out_in_progress", "out_no_receiver", "out_no_paper", "died",
    "went_abroad", "not_promoted",
)  # fmt: skip
# What the snapshot shows, to the end of the school year, after the pupil has left ('' = the record is gone)
STATUS_AFTER = {
    "move_out": "已转出", "vanished": "", "left_otherwise": "其他离校", "out_in_progress": "",
    "out_no_receiver": "已转出", "out_no_paper": "已转出", "died": "死亡", "went_abroad": "出国", "not_promoted": "",
}  # fmt: skip


def give_roles(children: pl.DataFrame, scale: float, seed: int) -> pl.DataFrame:
    """Add `role`: '' for pupils with a record here, else why there is none."""
    rng = seeded(seed, "roles")
    usual = children.filter(
        (pl.col("entry") == pl.col("cohort")) & ~pl.col("special") & ~pl.col("migrant") & (pl.col("disability") == "无")
    )
    free = {cohort: rng.permutation(usual.filter(pl.col("cohort") == cohort)["child"]).tolist() for cohort in range(2016, 2026)}
    roles = {}
    for role, pair in read_proportions()["out_of_roll"].items():
        cohorts = {"done_early": [2016], "postponed": [2024, 2023]}.get(role, list(range(2016, 2025)))
        count = scale_count(pair, scale)
        for i in range(count):
            roles[free[cohorts[i % len(cohorts)]].pop()] = role
        for _ in range(round(count / 9) if role != "done_early" else 0):
            roles[free[2025].pop()] = role
    frame = pl.DataFrame({"child": list(roles), "role": list(roles.values())}, schema={"child": pl.Int64, "role": pl.String})
    return children.join(frame, on="child", how="left", maintain_order="left").with_columns(pl.col("role").fill_null(""))


def give_events(children: pl.DataFrame, schools: pl.DataFrame, scale: float, seed: int) -> pl.DataFrame:
    """Add the dated events of a pupil's record; each pupil has at most one kind.

    leave_on, leave_kind · join_on · shift_on, shift_school, shift_double (both records live) · suspend_on, suspend_end
    """
    rng = seeded(seed, "roll events")
    usual = children.filter((pl.col("role") == "") & (pl.col("entry") == pl.col("cohort")) & ~pl.col("special"))
    free = rng.permutation(usual["child"].to_numpy()).tolist()
    entry = dict(zip(usual["child"], usual["entry"], strict=True))
    events: list[dict] = []
    for year, term, first, last in TERMS:
        for kind, pair in read_proportions()["per_term"].items():
            if (term == "暑假" and kind not in ("vanished", "move_out", "not_promoted")) or (kind == "not_promoted" and term != "暑假"):
                continue
            count = scale_count(pair, scale / (4 if term == "暑假" else 1))
            for day in pick_days(first, last, count, rng):
                child = _take(free, entry, year, kind)
                # in the summer's snapshot as finished, and in the autumn's no more
                events.append({"child": child, "kind": kind, "day": date(year + 1, 9, 2) if kind == "not_promoted" else day})
    return _join_events(children, pl.DataFrame(events), schools, rng)


def _take(free: list[int], entry: dict[int, int], year: int, kind: str) -> int:
    """Next free pupil in grades 1 to 8 of that year (movers inside: not about to change stage)."""
    grades = {"move_inside": (1, 2, 3, 4, 5, 7, 8), "moving": (1, 2, 3, 4, 5, 7, 8), "not_promoted": (6,)}.get(kind, range(1, 9))
    for i in range(len(free) - 1, -1, -1):
        if year - entry[free[i]] + 1 in grades:
            return free.pop(i)
    raise ValueError("the district is too small for its planted events")


def _join_events(children: pl.DataFrame, events: pl.DataFrame, schools: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    frame = children.join(events, on="child", how="left", maintain_order="left")
    kind, day = pl.col("kind"), pl.col("day")
    moves = kind.is_in(["move_inside", "moving"])
    frame = frame.with_columns(
        pl.when(kind.is_in(LEAVING)).then(day).alias("leave_on"),
        pl.when(kind.is_in(LEAVING)).then(kind).alias("leave_kind"),
        pl.when(kind == "move_in").then(day).alias("join_on"),
        pl.when(moves).then(day).alias("shift_on"),
        (kind == "moving").fill_null(False).alias("shift_double"),
        pl.when(kind == "suspended").then(day).alias("suspend_on"),
        pl.when(kind == "suspended").then(day + timedelta(days=365)).alias("suspend_end"),
        # those who come from elsewhere during the horizon are not registered here
        ((kind == "move_in").fill_null(False) | pl.col("migrant")).alias("migrant"),
    )
    return frame.with_columns(_other_school(frame, schools, rng).alias("shift_school")).drop("kind", "day")


def _other_school(frame: pl.DataFrame, schools: pl.DataFrame, rng: np.random.Generator) -> pl.Series:
    """The school a mover inside the district goes to: same stage, another one."""
    def codes(kinds: tuple[str, ...]) -> list[str]:
        return schools.filter(pl.col("school_type").is_in(kinds) & (pl.col("school_status") == "正常"))["school_code"].to_list()

    primary, junior = codes(("小学", "九年一贯制学校")), codes(("初级中学", "九年一贯制学校", "完全中学"))
    picks = rng.integers(0, 1 << 30, len(frame))
    result: list[str | None] = []
    for on, entry, p, j, pick in zip(
        frame["shift_on"], frame["entry"], frame["primary"], frame["junior"], picks, strict=True
    ):
        if on is None:
            result.append(None)
            continue
        grade = (on.year if on >= date(on.year, 9, 1) else on.year - 1) - entry + 1
        own, choice = (p, primary) if grade <= 6 else (j, junior)
        choice = [code for code in choice if code != own]
        result.append(choice[pick % len(choice)])
    return pl.Series(result, dtype=pl.String)
