"""What is true of every child on a period's last day, by the contract's definitions. Keyed by child: no matching here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from schemas.bimester import Bimester
from transforms.sample.faults import is_refused
from transforms.sample.registry import current_records, live_records
from transforms.sample.roster import held_roster
from transforms.sample.timeline import school_year_of
from transforms.sample.world import World

UNITS = {"教委": 4, "公安": 3, "镇街": 3, "村社": 2, "学校": 1}
FOR_GOOD = ("死亡", "户籍迁出", "户籍或证件错误", "重复信息", "已毕业", "超龄")
ELSEWHERE = ("外地就读有学籍", "外地就读无学籍")
TRACKED = ("休学", "延缓入学", "送教上门", "中职就读")
NOT_OURS = ("死亡", "出国(境)", "户籍迁出", "户籍或证件错误", "重复信息")
FOREVER = date(2999, 12, 31)


@dataclass(frozen=True)
class Day:
    """The last day of a period. Sets hold children.

    `records`: accepted rows of the snapshot · `current`: one live record a child · `quarantined`: refused there ·
    `roster`: the 底册 in force with `in_base` (denominator of enrolment) · `explained`: child → result that still
    holds · `review`: on the 年度复核清单 · `completed`: grade 9 done · `moved_out`: 转出 已办结 that still holds
    """

    period: Bimester
    records: pl.DataFrame
    current: pl.DataFrame
    quarantined: frozenset[int]
    roster: pl.DataFrame
    explained: dict[int, str]
    review: frozenset[int]
    completed: frozenset[int]
    moved_out: frozenset[int]
    said: dict[int, str]

    @cached_property
    def live(self) -> frozenset[int]:
        """Children with a live record."""
        return frozenset(self.current["child"])


def observe(world: World, period: Bimester, first: Bimester, completed: frozenset[int]) -> Day:
    """Work out a day. `completed`: who had finished grade 9 by the delivered period before."""
    children = world.children.select("child", "registry_refused", "refused_when", "cohort")
    records = world.records_of(period).join(children, on="child", how="left", maintain_order="left")
    refused = records.filter(is_refused(period))
    accepted = records.filter(~is_refused(period)).drop("registry_refused", "refused_when")
    verified = last_verifications(world, period)
    moved = moved_out(world, period)
    explained = dict.fromkeys(moved.filter(pl.col("until") >= period.last_day)["child"], "转出已办结")
    holding = verified.filter(pl.col("until") >= period.last_day)
    explained |= dict(holding.select("child", "result").iter_rows())
    done = completed | _completed_now(world, period, accepted)
    held = held_roster(world, period, first)
    return Day(
        period, accepted, current_records(accepted), frozenset(refused["child"]),
        _mark_base(held, holding, period), explained, _review(holding, moved, period), done,
        frozenset(moved.filter(pl.col("until") >= period.last_day)["child"]), dict(verified.select("child", "result").iter_rows()),
    )  # fmt: skip


def known_by(frame: pl.DataFrame, period: Bimester) -> pl.DataFrame:
    """Rows told by a period and dated no later than its last day."""
    return frame.filter((pl.col("learned") <= str(period)) & (pl.col("day") <= period.last_day))


def last_verifications(world: World, period: Bimester) -> pl.DataFrame:
    """The ruling finding of each child (by day, then the higher unit, then the later told), with its last day of holding."""
    rows = known_by(world.verifications, period).with_columns(
        pl.col("unit").replace_strict(UNITS, default=0, return_dtype=pl.Int64).alias("rank")
    )
    rows = rows.sort("child", "day", "rank", "order").unique("child", keep="last", maintain_order=True)
    until = [_until(r, day, evident, ends) for r, day, evident, ends in rows.select("result", "day", "evident", "ends_on").iter_rows()]
    return rows.with_columns(pl.Series("until", until, dtype=pl.Date))


def _until(result: str, day: date, evident: bool, ends_on: date | None) -> date | None:
    """How long a finding explains its child (contract §5); None: not at all."""
    if not evident:
        return None
    if result in FOR_GOOD:
        return FOREVER
    if result in ELSEWHERE or result == "出国(境)":
        return end_of_holding(day)
    if result in TRACKED:
        return ends_on
    if result == "在校就读":
        return Bimester.containing(day).last_day
    return None


def end_of_holding(day: date) -> date:
    """The end of B6 of the school year after the day's."""
    return date(school_year_of(day) + 1, 12, 31)


def moved_out(world: World, period: Bimester) -> pl.DataFrame:
    """Children whose 转出 is 已办结 with a receiver outside the district, and how long that explains them."""
    ours = world.schools["school_code"].to_list()
    rows = known_by(world.movements, period).filter(
        (pl.col("kind") == "转出") & (pl.col("state") == "已办结") & pl.col("receiver").is_not_null() & ~pl.col("receiver").is_in(ours)
    )
    until = [end_of_holding(day) for day in rows["day"]]
    return rows.select("child", "day").with_columns(pl.Series("until", until, dtype=pl.Date))


def _completed_now(world: World, period: Bimester, accepted: pl.DataFrame) -> frozenset[int]:
    """Grade 9 finished, by snapshot, movement or verification known now."""
    by_record = accepted.filter((pl.col("status") == "毕业") & (pl.col("grade") == 9))["child"]
    moves = known_by(world.movements, period)
    by_move = moves.filter(pl.col("kind").is_in(["毕业", "结业", "提前毕业"]) & (pl.col("grade") == 9))["child"]
    feedback = known_by(world.verifications, period)
    by_word = feedback.filter((pl.col("result") == "已毕业") & pl.col("evident"))["child"]
    return frozenset([*by_record, *by_move, *by_word])


def _mark_base(held: pl.DataFrame, holding: pl.DataFrame, period: Bimester) -> pl.DataFrame:
    """Mark the children of the denominator of enrolment (`in_base`) and whether each has school age."""
    not_ours = holding.filter(pl.col("result").is_in(NOT_OURS))["child"].to_list()
    gone = (pl.col("status") != "正常") & pl.col("status_on").is_not_null()
    year = period.school_year
    return held.with_columns(
        (pl.col("cohort").is_between(year - 8, year) & ~gone & ~pl.col("child").is_in(not_ours)).alias("in_base")
    )


def _review(holding: pl.DataFrame, moved: pl.DataFrame, period: Bimester) -> frozenset[int]:
    """Explained as elsewhere or abroad by word of last school year, in the two periods in which it is asked again."""
    if period.number not in (5, 6):
        return frozenset()
    away = pl.concat([
        holding.filter(pl.col("result").is_in([*ELSEWHERE, "出国(境)"])).select("child", "day"), moved.select("child", "day")
    ])  # fmt: skip
    years = [school_year_of(day) + 1 == period.school_year for day in away["day"]]
    return frozenset(away.filter(pl.Series(years, dtype=pl.Boolean))["child"])


def duplicates(world: World, day: Day) -> frozenset[int]:
    """Children with more than one live record (one moving child apart), and children who share a 学籍号."""
    live = live_records(day.records)
    several = live.filter(pl.col("status") != "转出中").group_by("child").len().filter(pl.col("len") > 1)["child"]
    shared = live.group_by("number").agg(pl.col("child").n_unique().alias("n")).filter(pl.col("n") > 1)["number"]
    return frozenset(several) | frozenset(live.filter(pl.col("number").is_in(shared.to_list()))["child"])


def find_leave_ended(world: World, day: Day) -> frozenset[int]:
    """Pupils still on leave past the day that their leave was granted to, by the last word of it."""
    words = pl.concat([
        known_by(world.movements, day.period).filter(pl.col("kind") == "休学").select("child", "ends_on"),
        known_by(world.verifications, day.period).filter(pl.col("result") == "休学").select("child", "ends_on"),
    ])  # fmt: skip
    ended = words.group_by("child").agg(pl.col("ends_on").max()).filter(pl.col("ends_on") < day.period.last_day)["child"]
    return frozenset(day.current.filter(pl.col("status") == "休学")["child"]) & frozenset(ended)
