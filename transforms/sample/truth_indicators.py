"""Numerators and denominators of the indicators, in the shape of `indicators.value`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from transforms.sample.timeline import owed_months
from transforms.sample.truth_cases import OPEN_DROPOUT, UNRESOLVED, Docket, confirmed_in_year
from transforms.sample.truth_presence import Seats
from transforms.sample.truth_state import ELSEWHERE, Day
from transforms.sample.world import World

DISTRICT = "荣昌区"
SUMS = ("numerator", "denominator", "numerator_low", "numerator_high")
COLUMNS = ("area_level", "area_name", "school_code", "stage", "grade", "population_group", "indicator", *SUMS)
ROLL_GROUPS = ("girls", "boys", "minority", "left_behind", "migrant_worker", "boarding", "orphan", "disabled")


@dataclass
class YearRoll:
    """The members of a school year's roll: child → first and last live record of the year."""

    year: int
    start: frozenset[int] = frozenset()
    first: dict[int, dict] = field(default_factory=dict)
    last: dict[int, dict] = field(default_factory=dict)


def open_year(before: YearRoll | None, previous: Day | None, day: Day) -> YearRoll:
    """Begin a school year: the last snapshot of the year before without grade-9 completers, and new first-years."""
    here = _by_child(day.current)
    if before is None or previous is None:
        return YearRoll(day.period.school_year, frozenset(here))
    kept = {c: r for c, r in _by_child(previous.current).items() if c not in day.completed}
    new = {c for c, row in here.items() if row["grade"] == 1}
    roll = YearRoll(day.period.school_year, frozenset(kept) | frozenset(new))
    # no record of this year yet: the old one, a grade on
    roll.first = {c: r | {"grade": r["grade"] + 1, "flag_grade": r["grade"], "old": True} for c, r in kept.items()}
    roll.last = {c: r | {"old": True} for c, r in kept.items()}
    return roll


def extend_year(roll: YearRoll, day: Day) -> None:
    """Take in a snapshot: whoever is live the first time in the year is a member."""
    for child, row in _by_child(day.current).items():
        if child not in roll.first or roll.first[child].get("old"):
            roll.first[child] = row
        roll.last[child] = row


def _by_child(current: pl.DataFrame) -> dict[int, dict]:
    return {row["child"]: row for row in current.select("child", "school", "grade").iter_rows(named=True)}


def count_all(
    world: World, day: Day, seats: Seats, docket: Docket, roll: YearRoll, lists: dict[str, frozenset[int]],
    others: list[pl.DataFrame],
) -> pl.DataFrame:  # fmt: skip
    """Every row of the truth of a period; `others` are counted in truth_rates."""
    parts = [
        count_enrolment(world, day, docket, lists), *count_roll(world, day, docket, roll, lists),
        count_in_school(world, seats, lists), count_submission(world, day, seats), *others,
    ]  # fmt: skip
    return pl.concat([part.select(COLUMNS) for part in parts if len(part)])


def count_enrolment(world: World, day: Day, docket: Docket, lists: dict[str, frozenset[int]]) -> pl.DataFrame:
    """适龄儿童少年入学率: areas by the child's home, stage by age, groups at district."""
    year = day.period.school_year
    unresolved = docket.in_state(*UNRESOLVED)
    inside = day.live | day.completed | {c for c, r in day.explained.items() if r in (*ELSEWHERE, "在校就读", "转出已办结")} | day.moved_out
    child, numerator = pl.col("child"), pl.col("numerator") == 1
    frame = day.roster.filter("in_base").with_columns(
        child.is_in(list(inside)).cast(pl.Int64).alias("numerator"), pl.lit(1).alias("denominator"),
        pl.when(pl.col("cohort") >= year - 5).then(pl.lit("primary")).otherwise(pl.lit("junior")).alias("stage"),
        pl.lit("all").alias("grade"),
        (pl.col("hukou") == "本区户籍").alias("local_hukou"), (pl.col("hukou") == "非本区户籍常住").alias("resident_migrant"),
        (pl.col("sex") == 2).alias("girls"), (pl.col("sex") == 1).alias("boys"), (pl.col("ethnicity") != "汉族").alias("minority"),
        *[child.is_in(list(lists[name])).alias(name) for name in ("orphan", "disabled", "monitored")],
    ).with_columns(
        (numerator & ~child.is_in(list(unresolved | day.review))).cast(pl.Int64).alias("numerator_low"),
        (numerator | child.is_in(list(unresolved | day.quarantined))).cast(pl.Int64).alias("numerator_high"),
    )  # fmt: skip
    groups = ("local_hukou", "resident_migrant", "girls", "boys", "minority", "orphan", "disabled", "monitored")
    areas = {"township": "township", "village": "village"}
    return cube(frame, "enrolment_rate", areas, groups, by_grade=False)


def count_roll(
    world: World, day: Day, docket: Docket, roll: YearRoll, lists: dict[str, frozenset[int]]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """学年巩固率 and 辍学率 of the year's members, at the school of the last record, in the grade of the first."""
    out, unresolved = docket.in_state(*OPEN_DROPOUT), docket.in_state(*UNRESOLVED)
    confirmed, live = confirmed_in_year(docket, roll.year), day.live
    rows = []
    for child, record in roll.first.items():
        result = day.explained.get(child, "")
        gone = child in day.moved_out or result in (*ELSEWHERE, "死亡", "出国(境)")
        unexplained = child not in live and child not in day.completed and not result
        lost = not gone and (child in out or unexplained)
        kept = not gone and not lost
        rows.append((
            child, roll.last[child]["school"], record["grade"], int(kept), int(not gone),
            int(kept and child not in unresolved and child not in day.review),
            int(kept or (lost and (child in unresolved or child in day.quarantined))),
            int(child in confirmed),
            int(child in confirmed or child in unresolved or child in day.review or child in day.quarantined),
            record.get("flag_grade", record["grade"]),
        ))  # fmt: skip
    names = ("child", "school", "grade", "kept", "expected", "kept_low", "kept_high", "confirmed", "confirmed_high",
             "flag_grade")
    frame = describe_pupils(world, pl.DataFrame(rows, schema=names, orient="row"), lists)
    retention = frame.with_columns(
        numerator="kept", denominator="expected", numerator_low="kept_low", numerator_high="kept_high"
    )
    dropout = frame.with_columns(
        pl.lit(1).alias("denominator"), numerator="confirmed", numerator_low="confirmed", numerator_high="confirmed_high"
    )
    areas, groups = {"township": "township", "school": "school"}, (*ROLL_GROUPS, "monitored")
    return (
        # who has left counts nowhere: a cell with nobody expected is no cell
        name_schools(world, cube(retention.filter(pl.col("expected") == 1), "retention_rate_year", areas, groups)),
        name_schools(world, cube(dropout, "dropout_rate", areas, groups)),
    )


def count_in_school(world: World, seats: Seats, lists: dict[str, frozenset[int]]) -> pl.DataFrame:
    """在籍学生在校率; no bounds."""
    inside = pl.col("inside").cast(pl.Int64).alias("numerator")
    frame = seats.pupils.select("child", "school", "grade", pl.col("grade").alias("flag_grade"), inside)
    if not len(frame):
        return pl.DataFrame()
    frame = describe_pupils(world, frame.with_columns(pl.lit(1).alias("denominator")), lists)
    frame = frame.with_columns(*[pl.lit(None, dtype=pl.Int64).alias(name) for name in SUMS[2:]])
    areas, groups = {"township": "township", "school": "school"}, (*ROLL_GROUPS, "monitored")
    return without_bounds(name_schools(world, cube(frame, "in_school_rate", areas, groups)))


def count_submission(world: World, day: Day, seats: Seats) -> pl.DataFrame:
    """报送率: school-months with a usable report; no bounds."""
    schools = world.schools.filter(pl.col("reports") != "none").select("school_code", "township")
    rows = [
        {"child": 0, "school": s, "township": t, "numerator": int((s, m) in seats.usable), "denominator": 1, "stage": "all", "grade": "all"}
        for s, t in schools.iter_rows() for m in owed_months(day.period)
    ]  # fmt: skip
    if not rows:
        return pl.DataFrame()
    frame = pl.DataFrame(rows).with_columns(*[pl.lit(None, dtype=pl.Int64).alias(name) for name in SUMS[2:]])
    cells = cube(frame, "submission_rate", {"township": "township", "school": "school"}, (), by_grade=False, by_stage=False)
    return without_bounds(name_schools(world, cells))


def describe_pupils(world: World, frame: pl.DataFrame, lists: dict[str, frozenset[int]]) -> pl.DataFrame:
    """Add township of the school, stage, and the registry's flags."""
    towns = world.schools.select(pl.col("school_code").alias("school"), "township")
    flags = world.children.select(
        "child", "sex", "ethnicity", "migrant_worker", "orphan", "boarding_primary", "boarding_junior", "disability",
        pl.col("left_behind").alias("left"),
    )  # fmt: skip
    frame = frame.join(towns, on="school", how="left", maintain_order="left").join(flags, on="child", how="left", maintain_order="left")
    junior = pl.col("grade") > 6
    return frame.with_columns(
        pl.when(junior).then(pl.lit("junior")).otherwise(pl.lit("primary")).alias("stage"), pl.col("grade").cast(pl.String),
        (pl.col("sex") == 2).alias("girls"), (pl.col("sex") == 1).alias("boys"), (pl.col("ethnicity") != "汉族").alias("minority"),
        (pl.col("left") > 0).alias("left_behind"), (pl.col("disability") != "无").alias("disabled"),
        # flags are those of the record, which may be last year's
        pl.when(pl.col("flag_grade") > 6).then("boarding_junior").otherwise("boarding_primary").alias("boarding"),
        pl.col("child").is_in(list(lists["monitored"])).alias("monitored"),
    )  # fmt: skip


def cube(
    frame: pl.DataFrame, indicator: str, areas: dict[str, str], groups: Sequence[str], by_grade: bool = True, by_stage: bool = True
) -> pl.DataFrame:
    """Sums by area, stage and grade; groups for the district as a whole."""
    cuts: list[list[str]] = [[]] + ([["stage"]] if by_stage else []) + ([["stage", "grade"]] if by_grade else [])
    parts = []
    for level, column in {"district": "", **areas}.items():
        for cut in cuts:
            keys = ([column] if column else []) + cut
            named = frame.filter(pl.col(column).is_not_null()) if column else frame
            parts.append(_sum(named, keys, level, column, "all"))
    parts += [_sum(frame.filter(group), [], "district", "", group) for group in groups]
    return pl.concat(parts).with_columns(pl.lit(indicator).alias("indicator")).filter(pl.col("members") > 0).drop("members")


def _sum(frame: pl.DataFrame, keys: list[str], level: str, column: str, group: str) -> pl.DataFrame:
    sums = [pl.col(name).cast(pl.Int64).sum() for name in SUMS] + [pl.len().alias("members")]
    result = frame.group_by(keys).agg(sums).sort(keys) if keys else frame.select(sums)
    area = pl.col(column) if column else pl.lit(DISTRICT)
    return result.select(
        pl.lit(level).alias("area_level"), area.alias("area_name"), pl.lit(None, dtype=pl.String).alias("school_code"),
        (pl.col("stage") if "stage" in keys else pl.lit("all")).alias("stage"),
        (pl.col("grade") if "grade" in keys else pl.lit("all")).alias("grade"),
        pl.lit(group).alias("population_group"), *SUMS, "members",
    )  # fmt: skip


def name_schools(world: World, frame: pl.DataFrame) -> pl.DataFrame:
    """School rows carry the code, and the school's name as the area's."""
    names = dict(world.schools.select("school_code", "school_name").iter_rows())
    is_school = pl.col("area_level") == "school"
    return frame.with_columns(
        pl.when(is_school).then("area_name").alias("school_code"),
        pl.when(is_school).then(pl.col("area_name").replace(names)).otherwise("area_name").alias("area_name"),
    )


def without_bounds(frame: pl.DataFrame) -> pl.DataFrame:
    """Empty the bounds: the indicator has none."""
    return frame.with_columns(*[pl.lit(None, dtype=pl.Int64).alias(name) for name in SUMS[2:]])


