"""The truth of the other indicators: enrolment by other definitions, what stands beside retention, care, school work.

Counted from the invented world, as `truth_indicators` counts its five.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from schemas.bimester import Bimester
from transforms.sample.deliver_lists import listed_children
from transforms.sample.deliver_presence import host_school, seat_guests, seat_pupils
from transforms.sample.deliver_registry import needs_boarding
from transforms.sample.registry import current_records
from transforms.sample.timeline import owed_months, school_days
from transforms.sample.truth_cases import UNRESOLVED, Docket
from transforms.sample.truth_counts import count_cases, count_cohorts, count_work, empty_bounds, in_force
from transforms.sample.truth_indicators import (
    ROLL_GROUPS,
    YearRoll,
    cube,
    describe_pupils,
    name_schools,
    without_bounds,
)  # fmt: skip
from transforms.sample.truth_memory import Memory
from transforms.sample.truth_state import ELSEWHERE, NOT_OURS, Day, find_leave_ended, known_by
from transforms.sample.world import World

ID_LOST = ("id_empty", "id_length", "id_check_digit", "id_excel_lost", "id_fifteen")
HOME, SCHOOL = {"township": "township", "village": "village"}, {"township": "township", "school": "school"}
SEXES = ("girls", "boys")
Groups = dict[str, frozenset[int]]


def count_others(
    world: World, day: Day, docket: Docket, roll: YearRoll, memory: Memory, lists: Groups
) -> list[pl.DataFrame]:
    """Every row of the truth of a period that `truth_indicators` does not give. `memory` has learned this day."""
    return [
        *count_due(world, day, docket, lists), count_gross(world, day), count_guarded(world, day, memory.first),
        *count_pupils(world, day, memory.first, lists), count_tracked(world, day, docket, memory, lists),
        count_transition(world, day, docket, memory, lists), *count_leaving(world, day, roll, memory, lists),
        *count_cohorts(world, day, memory), count_absence(world, day, lists), *count_work(world, day),
        *count_cases(world, day, docket, memory, roll),
    ]  # fmt: skip


def _bounded(frame: pl.DataFrame, day: Day, docket: Docket) -> pl.DataFrame:
    """Add denominator and bounds to a frame with child and numerator."""
    unresolved = docket.in_state(*UNRESOLVED)
    child, inside = pl.col("child"), pl.col("numerator")
    return frame.with_columns(
        inside.cast(pl.Int64), pl.lit(1).alias("denominator"),
        (inside & ~child.is_in(list(unresolved | day.review))).cast(pl.Int64).alias("numerator_low"),
        (inside | child.is_in(list(unresolved | day.review | day.quarantined))).cast(pl.Int64).alias("numerator_high"),
    )  # fmt: skip


def _inside(day: Day) -> frozenset[int]:
    """Enrolled: a live record, verified at school, or grade 9 done."""
    said = {c for c, r in day.explained.items() if r in (*ELSEWHERE, "在校就读", "转出已办结")}
    return day.live | day.completed | said | day.moved_out


def count_due(world: World, day: Day, docket: Docket, lists: Groups) -> list[pl.DataFrame]:
    """The enrolment rates by other definitions."""
    year, child = day.period.school_year, pl.col("child")
    on_leave = frozenset(day.current.filter(pl.col("status") == "休学")["child"])
    on_leave |= {c for c, r in day.explained.items() if r == "休学"}
    lapsed = find_leave_ended(world, day)
    postponed = {c for c, r in day.explained.items() if r == "延缓入学"} - day.live - day.completed
    in_primary = frozenset(day.current.filter(pl.col("grade") < 7)["child"])
    frame = day.roster.filter("in_base").with_columns(
        child.is_in(list(_inside(day))).alias("numerator"), child.is_in(list(on_leave)).alias("on_leave"),
        pl.when(pl.col("cohort") >= year - 5).then(pl.lit("primary")).otherwise(pl.lit("junior")).alias("stage"),
        pl.lit("all").alias("grade"), (pl.col("sex") == 2).alias("girls"), (pl.col("sex") == 1).alias("boys"),
    )  # fmt: skip
    numerator, stage = pl.col("numerator"), pl.col("stage")
    cuts = {
        "enrolment_rate_statistical": frame.with_columns(numerator & ~pl.col("on_leave")),
        "enrolment_rate_policy": frame.filter(~(pl.col("on_leave") & ~child.is_in(list(lapsed))) & ~child.is_in(list(postponed))),
        "enrolment_rate_primary": frame.filter(stage == "primary"),
        "enrolment_rate_junior": frame.filter(stage == "junior").with_columns(numerator & ~child.is_in(list(in_primary))),
        "enrolment_rate_migrant": frame.filter(pl.col("hukou") == "非本区户籍常住"),
        "enrolment_rate_monitored": frame.filter(child.is_in(list(lists["monitored"]))),
    }
    cuts["enrolment_rate_disabled"] = _list_disabled(world, day, frame, lists)
    return [cube(_bounded(part, day, docket), name, HOME, ("girls", "boys"), by_grade=False) for name, part in cuts.items()]


def _list_disabled(world: World, day: Day, due: pl.DataFrame, lists: Groups) -> pl.DataFrame:
    """School-age children of the disability list who are still somebody's to enrol."""
    year, held = day.period.school_year, frozenset(day.roster["child"])
    gone = {c for c, r in day.explained.items() if r in NOT_OURS} | (held - frozenset(due["child"]))
    listed = world.children.filter(
        pl.col("child").is_in(list(lists["disabled"])) & pl.col("cohort").is_between(year - 8, year) & ~pl.col("child").is_in(list(gone))
    ).with_columns(
        pl.col("child").is_in(list(_inside(day))).alias("numerator"), pl.lit("all").alias("grade"),
        pl.when(pl.col("cohort") >= year - 5).then(pl.lit("primary")).otherwise(pl.lit("junior")).alias("stage"),
        (pl.col("sex") == 2).alias("girls"), (pl.col("sex") == 1).alias("boys"),
    )  # fmt: skip
    homes = day.roster.select("child", pl.col("township").alias("t"), pl.col("village").alias("v"), pl.lit(True).alias("held"))
    placed = listed.join(homes, on="child", how="left", maintain_order="left")
    return placed.with_columns(
        pl.coalesce("t", "township").alias("township"), pl.when("held").then("v").otherwise("village").alias("village")
    ).drop("t", "v", "held")  # fmt: skip


def count_gross(world: World, day: Day) -> pl.DataFrame:
    """初中阶段毛入学率: junior pupils of any age, children of junior age; a pupil at home, else at the school's 镇街."""
    towns = world.schools.select(pl.col("school_code").alias("school"), pl.col("township").alias("of_school"))
    homes = day.roster.select("child", "township", "village")
    pupils = day.current.filter(pl.col("grade") > 6).join(homes, on="child", how="left", maintain_order="left")
    pupils = pupils.join(towns, on="school", how="left", maintain_order="left").select(
        "child", pl.coalesce("township", "of_school").alias("township"), "village", pl.lit(1).alias("numerator"), pl.lit(0).alias("denominator")
    )
    due = day.roster.filter(pl.col("in_base") & (pl.col("cohort") < day.period.school_year - 5)).select(
        "child", "township", "village", pl.lit(0).alias("numerator"), pl.lit(1).alias("denominator")
    )
    both = pl.concat([pupils, due]).with_columns(pl.lit("junior").alias("stage"), pl.lit("all").alias("grade"))
    return without_bounds(cube(empty_bounds(both), "gross_enrolment_rate_junior", HOME, (), by_grade=False))


def count_guarded(world: World, day: Day, first: Bimester) -> pl.DataFrame:
    """监护落实率: the guardianship of a child is one value on every list; empty is unknown."""
    state = ("正常", "正常", "正常", "监护能力弱", "", "无人监护")
    kinds = {"留守儿童": pl.col("left_behind") == 2, "孤儿": pl.col("orphan"), "困境儿童": pl.col("child") % 211 == 5,
             "事实无人抚养儿童": pl.col("child") % 499 == 7}  # fmt: skip
    held: dict[tuple[str, str], set[int]] = {}
    for delivered in sorted({first, in_force(day.period, first)}):
        # a later list replaces what it covers, 镇街 by 镇街: where it names nobody the old one stands
        listed = listed_children(world, delivered)
        for kind, picked in kinds.items():
            for town, part in listed.filter(picked).group_by("township", maintain_order=True):
                held[kind, str(town[0])] = set(part["child"])
    rows = []
    for child in sorted({c for children in held.values() for c in children}):
        told = state[child % 6 if child % 5 == 0 else 0]
        if told:
            rows.append((child, int(told == "正常" or child % 2 == 1), 1, "all", "all"))
    frame = pl.DataFrame(rows, schema=("child", "numerator", "denominator", "stage", "grade"), orient="row")
    return without_bounds(cube(empty_bounds(frame), "guardian_ok_rate", {}, (), by_grade=False, by_stage=False))


def _cube_roll(
    world: World, frame: pl.DataFrame, name: str, lists: Groups, bounds: bool = False, groups: tuple[str, ...] = (*ROLL_GROUPS, "monitored")
) -> pl.DataFrame:  # fmt: skip
    """Cells of pupils by school, stage and grade; `frame` has child, school, grade and the sums.

    Who may be gone from the year's roll bears no flag of its records any more: `groups` are then the sexes alone.
    """
    if not len(frame):
        return pl.DataFrame()
    described = describe_pupils(world, frame.with_columns(pl.col("grade").alias("flag_grade")), lists)
    cells = name_schools(world, cube(described, name, SCHOOL, groups))
    return cells if bounds else without_bounds(cells)


def count_pupils(world: World, day: Day, first: Bimester, lists: Groups) -> list[pl.DataFrame]:
    """信息完整率, 随迁子女公办比例, 资助覆盖率, 寄宿需求满足率."""
    flags = world.children.select(
        "child", "no_hukou", "registry_fault", "migrant_worker", "orphan", "disability", "monitored", "boarding_primary", "boarding_junior",
    )  # fmt: skip
    here = day.current.join(flags, on="child", how="left", maintain_order="left").with_columns(pl.lit(1).alias("denominator"))
    public = world.schools.filter(pl.col("founder_type") == "公办")["school_code"].to_list()
    reading, on_list = pl.col("status") == "在读", pl.col("child").is_in(list(lists["monitored"]))
    hard = listed_children(world, in_force(day.period, first)).filter(pl.col("child") % 211 == 5)["child"]
    entitled = (
        on_list | pl.col("orphan") | (pl.col("disability") != "无")
        | pl.col("child").is_in([*lists["orphan"], *lists["disabled"], *hard])
    )  # fmt: skip
    boards = pl.when(pl.col("grade") > 6).then("boarding_junior").otherwise("boarding_primary")
    kept = pl.col("no_hukou") | pl.col("registry_fault").is_in(ID_LOST)
    cuts = {
        "match_quality": (here, ~kept),
        "migrant_public_place_share": (here.filter("migrant_worker"), pl.col("school").is_in(public)),
        "aid_coverage_rate": (here.filter(reading & entitled), pl.col("child").is_in(list(_aided(world, day, first)))),
        "boarding_met_rate": (here.filter(reading & on_list & needs_boarding(boards)), boards),
    }
    return [_cube_roll(world, empty_bounds(part.with_columns(top.cast(pl.Int64).alias("numerator")).select(
        "child", "school", "grade", "numerator", "denominator")), name, lists) for name, (part, top) in cuts.items()]  # fmt: skip


def _aided(world: World, day: Day, first: Bimester) -> frozenset[int]:
    """Who was paid in the term of the period's first day: on the 20th of a delivery's first month."""
    start = day.period.first_day
    begins = date(start.year - 1, 9, 1) if start.month == 1 else date(start.year, 9 if start.month >= 9 else 2, 1)
    ends = date(begins.year + 1, 1, 31) if begins.month == 9 else date(begins.year, 8, 31)
    got: set[int] = set()
    for period in (p for p in day.period.back(5) if p >= first and (p == first or p.number in (3, 6))):
        paid = period.first_day.replace(day=20)
        if begins <= paid <= min(ends, day.period.last_day):
            got |= set(current_records(world.records_of(period))["child"])
    listed = world.children.filter(pl.col("monitored") & ~pl.col("no_hukou"))["child"]
    return frozenset(got & set(listed))


def count_tracked(world: World, day: Day, docket: Docket, memory: Memory, lists: Groups) -> pl.DataFrame:
    """巩固率（追踪口径）: the first snapshot's grades 1 and 7, followed by person."""
    gone = {c for c, r in day.explained.items() if r in ("死亡", "出国(境)")}
    kept = _inside(day) | {c for c, r in day.explained.items() if r in ("中职就读", "已毕业")}
    members = [c for c in memory.tracked if c not in gone]
    frame = pl.DataFrame({
        "child": members, "school": [memory.last[c]["school"] for c in members], "grade": [memory.tracked[c] for c in members],
        "numerator": [c in kept for c in members],
    })  # fmt: skip
    cells = _cube_roll(world, _bounded(frame, day, docket), "retention_rate_tracked", lists, True, SEXES)
    return cells.filter(pl.col("grade") == "all")


def count_transition(world: World, day: Day, docket: Docket, memory: Memory, lists: Groups) -> pl.DataFrame:
    """小学毕业生升学率: last school year's grade-6 completers."""
    year = day.period.school_year
    done = {c: s for c, (s, known) in memory.grade6.items() if f"{year - 1}-B5" < known <= f"{year}-B5"}
    up = memory.up | {c for c, r in day.explained.items() if r in (*ELSEWHERE, "转出已办结")} | day.moved_out
    frame = pl.DataFrame(
        [(c, s, 6, c in up) for c, s in done.items()],
        schema={"child": pl.Int64, "school": pl.String, "grade": pl.Int64, "numerator": pl.Boolean}, orient="row",
    )  # fmt: skip
    return _cube_roll(world, _bounded(frame, day, docket), "transition_rate", lists, True, SEXES)


def count_leaving(world: World, day: Day, roll: YearRoll, memory: Memory, lists: Groups) -> list[pl.DataFrame]:
    """离校去向未核实比例 and 辍学率（净流失口径）."""
    opens = date(roll.year, 9, 1)
    moves = known_by(world.movements, day.period).filter((pl.col("day") >= opens) & (pl.col("state") == "已办结"))
    said = known_by(world.verifications, day.period).filter((pl.col("day") >= opens) & pl.col("evident"))
    settled = set(moves.filter(pl.col("kind").is_in(["转出", "死亡", "出国", "休学", "转入中职"]))["child"]) | set(day.explained)
    settled |= set(said.filter(~pl.col("result").is_in(["失联", "其他"]))["child"])
    rows = [(c, roll.last[c]["school"], r["grade"], int(c not in settled), 1) for c, r in roll.first.items() if _has_left(day, memory, c)]
    schema = {"child": pl.Int64, "school": pl.String, "grade": pl.Int64, "numerator": pl.Int64, "denominator": pl.Int64}
    leavers = pl.DataFrame(rows, schema=schema, orient="row")
    flows = [(c, roll.last[c]["school"], r["grade"], 0, 1) for c, r in roll.first.items() if c in roll.start]
    flows += [(0, "", 1, n, 0) for n in _net_steps(world, moves)]
    net = pl.DataFrame(flows, schema=schema, orient="row")
    district = net.select(pl.sum("numerator", "denominator")).with_columns(stage=pl.lit("all"), grade=pl.lit("all"))
    share = _cube_roll(world, empty_bounds(leavers), "unconfirmed_leaver_share", lists, groups=SEXES)
    return [share, without_bounds(cube(empty_bounds(district), "dropout_rate_net", {}, (), by_grade=False, by_stage=False))]


def _has_left(day: Day, memory: Memory, child: int) -> bool:
    """No longer on the roll, and neither a graduate nor dead."""
    graduated = child in day.completed or (child in memory.grade6 and child not in memory.up and not _in_junior(day, child))
    held = child in day.live or child in day.quarantined
    return not held and not graduated and day.explained.get(child) != "死亡"


def _in_junior(day: Day, child: int) -> bool:
    return bool(len(day.records.filter((pl.col("child") == child) & (pl.col("grade") > 6))))


def _net_steps(world: World, moves: pl.DataFrame) -> list[int]:
    """+1 for each way out, −1 for each way in; a move inside the district is both."""
    ours = set(world.schools["school_code"])
    steps = []
    for kind, sender, receiver in moves.select("kind", "sender", "receiver").iter_rows():
        inside = sender in ours and receiver in ours
        if kind in ("转出", "转入"):
            steps.append(0 if inside else 1 if kind == "转出" else -1)
        elif kind in ("休学", "退学", "失踪", "死亡", "出国", "转入中职", "其他"):
            steps.append(1)
        elif kind == "复学":
            steps.append(-1)
    return steps


def count_absence(world: World, day: Day, lists: Groups) -> pl.DataFrame:
    """缺勤率: the days of everybody named in a 在校学生月报; a number left empty is no day."""
    if not owed_months(day.period):
        return pl.DataFrame()
    guests = seat_guests(world, day.period).with_columns(pl.lit(host_school(world, day.period)).alias("school"))
    pupils = pl.concat([seat_pupils(world, day.period), guests], how="diagonal")
    reports = dict(world.schools.select("school_code", "reports").iter_rows())
    silent = world.presence.silent[str(day.period)]
    rows = []
    for r in pupils.iter_rows(named=True):
        at = r["at"] if r["state"] == "elsewhere" else r["school"]
        sent = {"nothing": (), "second_month": owed_months(day.period)[:1]}.get(silent.get(at, ""), owed_months(day.period))
        if reports.get(at) != "attendance" or r["state"] == "unlisted" or r["month"] not in sent:
            continue
        due = len(school_days(r["month"]))
        away = {"": 0, "elsewhere": 0, "请假": r["days"], "无故缺勤": r["days"]}.get(r["state"], due)
        if away is not None:
            rows.append((r["child"], at, r["grade"], away, due))
    schema = {"child": pl.Int64, "school": pl.String, "grade": pl.Int64, "numerator": pl.Int64, "denominator": pl.Int64}
    cells = _cube_roll(world, empty_bounds(pl.DataFrame(rows, schema=schema, orient="row")), "absence_rate", lists)
    return cells.filter(pl.col("population_group") == "all") if len(cells) else cells
