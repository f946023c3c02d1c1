"""The 底册 as held in a period: deliveries, coverage, sources. Clean rows keyed by child."""

from __future__ import annotations

from datetime import date

import polars as pl

from schemas.bimester import Bimester
from transforms.sample.settings import scale_count
from transforms.sample.world import World

STATUSES = ("迁出", "空挂户", "死亡", "出国(境)")
PART_TOWNSHIP = "清流镇"
PART_PERIOD = Bimester(2025, 1)
WHOLE_PERIOD = Bimester(2025, 5)


def roster_delivery(period: Bimester, first: Bimester) -> str:
    """What of the 底册 comes in a period: 'whole', 'part' (one 镇街's police list) or ''."""
    if period in (first, WHOLE_PERIOD):
        return "whole"
    return "part" if period == PART_PERIOD else ""


def held_roster(world: World, period: Bimester, first: Bimester) -> pl.DataFrame:
    """One row is a child of the 底册 in force, by the source that rules; rows that were refused are not in it.

    child, township, village (None when not known), status, status_on, hukou
    """
    deliveries = [p for p in period.back(12) if p >= first and roster_delivery(p, first)]
    whole = max(p for p in deliveries if roster_delivery(p, first) == "whole")
    held = list_roster(world, whole)
    for part in (p for p in deliveries if p > whole):
        newer = list_roster(world, part)
        covered = (pl.col("township") == PART_TOWNSHIP) & (pl.col("source") == "公安户籍")
        held = pl.concat([held.filter(~covered), newer.filter(covered)])
    held = held.filter((pl.col("roster_refused") == "") | (pl.col("source") != "公安户籍"))
    return held.with_columns(
        pl.when(pl.col("roster_fault") == "village_unknown").then(None).otherwise("village").alias("village")
    )


def list_roster(world: World, delivered: Bimester) -> pl.DataFrame:
    """One row is a child in its ruling source, as of a delivery's last day: school age, some older and younger."""
    as_of, year = delivered.last_day, delivered.school_year
    in_age = pl.col("cohort").is_between(year - 8, year)
    extra = pl.col("cohort").is_between(year - 11, year + 1) & ((pl.col("entry") != pl.col("cohort")) | (pl.col("child") % 100 == 0))
    ours = (pl.col("role") != "stranger") & pl.col("record_of").is_null()
    frame = world.children.filter(
        (in_age | extra) & ours & (pl.col("join_on").is_null() | (pl.col("join_on") <= as_of))
    )
    source = pl.when("no_hukou").then(pl.lit("镇街摸排")).when("migrant").then(pl.lit("流动人口")).otherwise(pl.lit("公安户籍"))
    hukou = pl.when("no_hukou").then(pl.lit("无户籍")).when("migrant").then(pl.lit("非本区户籍常住")).otherwise(pl.lit("本区户籍"))
    frame = frame.with_columns(source.alias("source"), hukou.alias("hukou"))
    return _with_status(frame, as_of)


def _with_status(frame: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """底册状态 and its date: of one in three `household` children, and of those who died or left the country."""
    place = pl.int_range(pl.len()).over("role")
    listed = (pl.col("role") == "household") & (place % 6 >= 4)
    gone = pl.col("leave_kind").is_in(["died", "went_abroad"]) & (pl.col("leave_on") <= as_of)
    kinds = pl.lit(pl.Series(STATUSES)).implode()
    status = (
        pl.when(listed).then(kinds.list.get((place // 6 + place) % 4))
        .when(gone & (pl.col("leave_kind") == "died")).then(pl.lit("死亡"))
        .when(gone).then(pl.lit("出国(境)")).otherwise(pl.lit("正常"))
    )  # fmt: skip
    # one in eight has no date: such a child stays in the denominator
    dated = (place // 6) % 8 != 0
    day = (
        pl.when(listed & (dated | (place % 6 == 5)))
        .then(pl.lit(date(2024, 2, 1)) + pl.duration(days=pl.col("child") % 150)).when(gone).then("leave_on")
    )  # fmt: skip
    return frame.with_columns(status.alias("status"), day.cast(pl.Date).alias("status_on"))


def also_listed(world: World, delivered: pl.DataFrame) -> pl.DataFrame:
    """Children whom a second source lists too, with another village: the police list rules."""
    count = scale_count([700, 6], world.scale)
    clean = delivered.filter(
        (pl.col("source") == "公安户籍") & (pl.col("roster_fault") == "") & (pl.col("roster_refused") == "") & (pl.col("status") == "正常")
    )
    return clean.gather_every(max(1, len(clean) // count)).head(count)


