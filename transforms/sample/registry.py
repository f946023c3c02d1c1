"""The 学籍 of a period as the national system holds it: clean rows keyed by child, before faults and files."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from schemas.bimester import Bimester
from transforms.sample.roll import STATUS_AFTER
from transforms.sample.settings import scale_count, seeded
from transforms.sample.timeline import school_year_of

LIVE = ("在读", "休学", "转出中")


def give_record_flags(children: pl.DataFrame, schools: pl.DataFrame, scale: float, seed: int) -> pl.DataFrame:
    """Add what only some records have: home teaching, a second school, another's number, an old school code, L or J."""
    rng = seeded(seed, "records")
    free = children.filter(
        (pl.col("role") == "") & pl.col("leave_on").is_null() & pl.col("join_on").is_null()
        & pl.col("shift_on").is_null() & pl.col("suspend_on").is_null() & (pl.col("entry") == pl.col("cohort"))
        & pl.col("cohort").is_between(2018, 2023) & ~pl.col("special")
    )  # fmt: skip
    order = rng.permutation(free["child"].to_numpy()).tolist()

    def take(full: int, least: int) -> list[int]:
        return [order.pop() for _ in range(scale_count([full, least], scale))]

    home, double, temporary = take(200, 3), take(15, 2), take(40, 2)
    pairs = _pair_apart(children, order, scale_count([6, 1], scale))
    closed = schools.filter(pl.col("school_status") == "撤并")
    old = dict(zip(closed["successor_code"], closed["school_code"], strict=True))
    return children.with_columns(
        pl.col("child").is_in(home).alias("home_taught"),
        pl.col("child").is_in(double).alias("double"),
        pl.col("child").is_in(temporary).alias("temporary_number"),
        pl.col("child").replace_strict({b: a for a, b in pairs}, default=None, return_dtype=pl.Int64).alias("number_of"),
        (pl.col("primary").is_in(list(old)) & (pl.col("entry") == 2020)).alias("old_code"),
    )


def _pair_apart(children: pl.DataFrame, order: list[int], count: int) -> list[tuple[int, int]]:
    """Pairs of pupils in different schools, the second of whom carries the first one's number."""
    school = dict(zip(children["child"], zip(children["primary"], children["junior"], strict=True), strict=True))
    pairs: list[tuple[int, int]] = []
    while len(pairs) < count:
        first = order.pop()
        second = next(c for c in reversed(order) if not set(school[c]) & set(school[first]))
        order.remove(second)
        pairs.append((first, second))
    return pairs


def list_records(children: pl.DataFrame, schools: pl.DataFrame, period: Bimester) -> pl.DataFrame:
    """One row is a record in the snapshot of the period's last day.

    child, school (counts there), written_code, grade, class_name, status, entry_month, number, second (a second record)
    """
    as_of, year = period.last_day, period.school_year
    frame = children.with_columns((year - pl.col("entry") + 1).alias("grade")).filter(
        (pl.col("role") == "") & pl.col("grade").is_between(1, 9)
        & (pl.col("join_on").is_null() | (pl.col("join_on") <= as_of))
    )  # fmt: skip
    frame = frame.with_columns(
        _status(period).alias("status"),
        pl.when(pl.col("grade") <= 6).then("primary").otherwise("junior").alias("base"),
        pl.when(pl.col("grade") <= 6).then("class_primary").otherwise("class_junior").alias("class_name"),
        _stage_year(as_of, year).alias("entry_month"),
    ).filter(pl.col("status") != "")
    main = frame.with_columns(_shifted(as_of, year).alias("own"), pl.lit(False).alias("second"))
    return _finish(pl.concat([main, _second(frame, schools, as_of, period)], how="diagonal"), children, schools, period)


def _status(period: Bimester) -> pl.Expr:
    """学籍状态 on the period's last day; '' = no row."""
    as_of = period.last_day
    left = pl.col("leave_on") <= as_of
    this_year = pl.col("leave_on") >= date(period.school_year, 9, 1)
    suspended = (pl.col("suspend_on") <= as_of) & (pl.col("suspend_end") > as_of)
    finished = pl.col("grade").is_in([6, 9]) if period.is_summer else pl.lit(False)
    after = pl.col("leave_kind").replace_strict(STATUS_AFTER, default="")
    return (
        pl.when(left & this_year).then(after).when(left).then(pl.lit(""))
        .when(finished).then(pl.lit("毕业")).when(suspended).then(pl.lit("休学")).otherwise(pl.lit("在读"))
    )  # fmt: skip


def _stage_year(as_of: date, year: int) -> pl.Expr:
    start = pl.when(pl.col("grade") <= 6).then(pl.col("entry")).otherwise(pl.col("entry") + 6)
    joined = pl.col("join_on") <= as_of
    return pl.when(joined).then(pl.col("join_on").dt.strftime("%Y%m")).otherwise(start.cast(pl.String) + "09")


def _shifted(as_of: date, year: int) -> pl.Expr:
    """The school after a move inside the district, as long as the stage lasts."""
    moved_grade = pl.col("shift_on").map_elements(school_year_of, return_dtype=pl.Int64) - pl.col("entry") + 1
    same_stage = (moved_grade <= 6) == (pl.col("grade") <= 6)
    return pl.when((pl.col("shift_on") <= as_of) & same_stage).then("shift_school").otherwise("base")


def _second(frame: pl.DataFrame, schools: pl.DataFrame, as_of: date, period: Bimester) -> pl.DataFrame:
    """Second records: one pupil on two schools' rolls, or the old school still showing 转出中."""
    codes = schools.filter((pl.col("school_type") == "小学") & (pl.col("school_status") == "正常"))["school_code"].to_list()
    juniors = schools.filter(pl.col("school_type") == "初级中学")["school_code"].to_list()

    def other(row: dict) -> str:
        choice = [c for c in (codes if row["grade"] <= 6 else juniors) if c != row["base"]]
        return choice[row["child"] % len(choice)]

    double = frame.filter(pl.col("double") & (pl.col("status") == "在读"))
    schools_of = pl.Series([other(row) for row in double.iter_rows(named=True)], dtype=pl.String)
    # the second record came later: it is the newest, where the pupil counts
    double = double.with_columns(schools_of.alias("own"), (pl.col("grade") * 0 + period.school_year).cast(pl.String).alias("y"))
    double = double.with_columns((pl.col("y") + "10").alias("entry_month")).drop("y")
    leaving = frame.filter(
        pl.col("shift_double") & (pl.col("shift_on") <= as_of) & (pl.col("shift_on") > as_of - timedelta(days=60))
        & (pl.col("status") == "在读")
    ).with_columns(pl.col("base").alias("own"), pl.lit("转出中").alias("status"))  # fmt: skip
    return pl.concat([double, leaving]).with_columns(pl.lit(True).alias("second"))


def _finish(frame: pl.DataFrame, children: pl.DataFrame, schools: pl.DataFrame, period: Bimester) -> pl.DataFrame:
    """Fold 教学点 into their 中心校, write old codes and 学籍号."""
    points = schools.filter(pl.col("school_type") == "教学点")
    centre = dict(zip(points["school_code"], points["central_school_code"], strict=True))
    closed = schools.filter(pl.col("school_status") == "撤并")
    old = dict(zip(closed["successor_code"], closed["school_code"], strict=True))
    ids = children.select(pl.col("child").alias("number_of"), pl.col("id").alias("other_id"))
    frame = frame.join(ids, on="number_of", how="left", maintain_order="left")
    counts_at = pl.col("own").replace(centre)
    temporary = pl.col("temporary_number") & pl.lit(period.last_day < date(2025, 3, 1))
    old_list = pl.col("old_code") & (pl.col("grade") <= 6) & counts_at.is_in(list(old)) & ~pl.col("second")
    in_point = pl.col("own").is_in(list(centre)) & (pl.col("grade") <= 3)
    return frame.select(
        "child",
        counts_at.alias("school"),
        pl.when(old_list).then(counts_at.replace(old)).when(in_point).then("own").otherwise(counts_at).alias("written_code"),
        "grade", "class_name", "status", "entry_month",
        _number(temporary).alias("number"),
        "second",
    )  # fmt: skip


def _number(temporary: pl.Expr) -> pl.Expr:
    """学籍号: J without an id, L until the record is formal, else G."""
    unknown = pl.lit("J500153") + pl.col("child").cast(pl.String).str.zfill(12)
    formal = pl.when(temporary).then(pl.lit("L")).otherwise(pl.lit("G")) + pl.coalesce("other_id", "id")
    return pl.when("no_hukou").then(unknown).otherwise(formal)


def live_records(records: pl.DataFrame) -> pl.DataFrame:
    """Records that count as live: 在读, 休学, 转出中, and a finished grade 6 until 31 August."""
    return records.filter(pl.col("status").is_in(LIVE) | ((pl.col("status") == "毕业") & (pl.col("grade") == 6)))


def current_records(records: pl.DataFrame) -> pl.DataFrame:
    """One live record a child: the 在读 one, else the newest by entry month, then the larger school code."""
    order = pl.col("status").replace_strict({"在读": 0}, default=1)
    return (
        live_records(records).with_columns(order.alias("rank"))
        .sort("child", "rank", "entry_month", "school", descending=[False, False, True, True])
        .unique("child", keep="first", maintain_order=True).drop("rank")
    )  # fmt: skip
