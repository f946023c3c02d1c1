"""Who was in class: silent schools, absent pupils, the in-school rate's two sides."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from transforms.sample.timeline import last_owed, owed_months
from transforms.sample.truth_state import Day
from transforms.sample.world import World

THRESHOLD = 5
SILENT_SHARE = 0.80


@dataclass(frozen=True)
class Seats:
    """`silent`: (school, month) · `usable`: (school, month) with a report · `absent`: children found 籍在人不在 ·
    `pupils`: one row is a 在读 pupil of the in-school rate's denominator, with `inside`.
    """

    silent: frozenset[tuple[str, str]]
    usable: frozenset[tuple[str, str]]
    absent: frozenset[int]
    pupils: pl.DataFrame


def take_seats(world: World, day: Day) -> Seats:
    """Work out a period's months."""
    states = world.presence.states.select("child", "month", "state", "days", "since")
    reports = world.schools.select(pl.col("school_code").alias("school"), "reports")
    taught = world.children.select("child", "home_taught")
    rows = pl.concat([_month(day, month) for month in owed_months(day.period)]) if owed_months(day.period) else None
    if rows is None:
        empty = _with_nobody(day)
        return Seats(frozenset(), frozenset(), frozenset(), empty)
    open_classes = world.presence.open_classes.with_columns(pl.lit(True).alias("open"))
    rows = (
        rows.join(states, on=["child", "month"], how="left", maintain_order="left")
        .join(open_classes, on=["month", "school", "grade", "class_name"], how="left", maintain_order="left")
        .join(reports, on="school", how="left", maintain_order="left").join(taught, on="child", how="left", maintain_order="left")
        .with_columns(pl.col("state").fill_null(""), pl.col("open").fill_null(False))
    )  # fmt: skip
    usable = _usable(world, day)
    silent = _silent(world, day, rows, usable)
    rows = rows.with_columns(_is_in(silent, rows).alias("silent"))
    last = _last_month(rows, day)
    in_base = (pl.col("status") == "在读") & ~pl.col("silent") & ~pl.col("home_taught")
    unknown = (pl.col("reports") == "roll") & (pl.col("state") == "") & pl.col("open")
    pupils = last.filter(in_base & ~unknown).with_columns(pl.col("state").is_in(["", "请假", "elsewhere"]).alias("inside"))
    found = last.filter(in_base & _is_absent(rows))
    excused = {child for child, result in day.explained.items() if result != "在校就读"}
    return Seats(silent, usable, frozenset(found["child"]) - excused, pupils)


def _with_nobody(day: Day) -> pl.DataFrame:
    return day.current.head(0).with_columns(pl.lit(True).alias("inside"))


def _month(day: Day, month: str) -> pl.DataFrame:
    """Current live records of the grades that owe a month."""
    owing = day.current if month in owed_months(day.period, 9) else day.current.filter(pl.col("grade") < 9)
    return owing.with_columns(pl.lit(month).alias("month"))


def _usable(world: World, day: Day) -> frozenset[tuple[str, str]]:
    months = owed_months(day.period)
    plan = world.presence.silent[str(day.period)]
    sent = {"nothing": (), "second_month": months[:1]}
    schools = world.schools.filter(pl.col("reports") != "none")["school_code"]
    return frozenset((s, m) for s in schools for m in sent.get(plan.get(s, ""), months))


def _silent(world: World, day: Day, rows: pl.DataFrame, usable: frozenset[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """School-months without a usable report, or with too few of the live records accounted for."""
    named = (pl.col("reports") == "attendance") & ~pl.col("state").is_in(["unlisted", "elsewhere"])
    closed = (pl.col("reports") == "roll") & ~pl.col("open")
    counts = rows.group_by("school", "month").agg(pl.len().alias("expected"), (named | closed).sum().alias("accounted"))
    few = counts.filter(pl.col("accounted") < SILENT_SHARE * pl.col("expected")).select("school", "month").iter_rows()
    schools = world.schools.filter(pl.col("reports") != "none")["school_code"]
    nothing = {(s, m) for s in schools for m in owed_months(day.period)} - usable
    return frozenset(few) | nothing


def _is_in(pairs: frozenset[tuple[str, str]], rows: pl.DataFrame) -> pl.Series:
    return pl.Series([pair in pairs for pair in rows.select("school", "month").iter_rows()], dtype=pl.Boolean)


def _last_month(rows: pl.DataFrame, day: Day) -> pl.DataFrame:
    """Each pupil in the last month that the grade owes, with the run of the month before (`earlier`)."""
    months = {grade: last_owed(day.period, grade) for grade in range(1, 10)}
    last = rows.filter(pl.col("month") == pl.col("grade").replace_strict(months, return_dtype=pl.String))
    before = rows.filter(pl.col("state") == "无故缺勤").select(
        "child", pl.col("month").alias("month_before"), pl.col("days").alias("days_before"), pl.col("since").alias("since_before")
    )
    last = last.join(before, on="child", how="left", maintain_order="left").filter(
        pl.col("month_before").is_null() | (pl.col("month_before") <= pl.col("month"))
    )
    # the month itself is a 'before' too: the earliest row rules, and joins only when both give one first day
    last = last.sort("child", "month_before").unique("child", keep="first", maintain_order=True)
    joins = (pl.col("month_before") < pl.col("month")) & (pl.col("since") == pl.col("since_before"))
    return last.with_columns(pl.when(joins).then("days_before").otherwise(0).alias("earlier"))


def _is_absent(rows: pl.DataFrame) -> pl.Expr:
    run = pl.col("days") + pl.col("earlier").fill_null(0)
    return (
        pl.col("state").is_in(["离校未归", "unlisted"])
        | ((pl.col("state") == "无故缺勤") & (pl.col("days").is_null() | (run >= THRESHOLD)))
    )  # fmt: skip
