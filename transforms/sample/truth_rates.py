"""The truth of the other indicators: enrolment by other definitions, what stands beside retention, care, school work.

Counted from the invented world, as `truth_indicators` counts its five.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from schemas.bimester import Bimester
from schemas.calendar import add_working_days, default_issue_date
from transforms.sample.deliver_lists import listed_children
from transforms.sample.deliver_presence import host_school, seat_guests, seat_pupils
from transforms.sample.deliver_registry import needs_boarding
from transforms.sample.deliver_small import list_cohorts, list_school_work
from transforms.sample.registry import current_records
from transforms.sample.roster import WHOLE_PERIOD
from transforms.sample.timeline import owed_months, school_days
from transforms.sample.truth_cases import CLOSED, DAYS, UNRESOLVED, Case, Docket
from transforms.sample.truth_indicators import (
    ROLL_GROUPS,
    SUMS,
    YearRoll,
    cube,
    describe_pupils,
    name_schools,
    without_bounds,
)  # fmt: skip
from transforms.sample.truth_state import ELSEWHERE, NOT_OURS, Day, known_by
from transforms.sample.world import World

ID_LOST = ("id_empty", "id_length", "id_check_digit", "id_excel_lost", "id_fifteen")
ON_LEDGER = (*UNRESOLVED, "外地就读待转学", "劝返中", "失联", "复学跟踪")
HOME, SCHOOL = {"township": "township", "village": "village"}, {"township": "township", "school": "school"}
SEXES = ("girls", "boys")
Groups = dict[str, frozenset[int]]


@dataclass
class Memory:
    """What earlier periods of the sample leave to be known: who finished grade 6 when, the first cohorts, case states."""

    first: Bimester
    tracked: dict[int, int] = field(default_factory=dict)
    grade6: dict[int, tuple[str, str]] = field(default_factory=dict)
    up: set[int] = field(default_factory=set)
    last: dict[int, dict] = field(default_factory=dict)
    states: dict[int, str] = field(default_factory=dict)
    over: frozenset[int] = frozenset()
    seen: str = ""
    turned: bool = False
    grade9_at_start: int = 0

    def learn(self, day: Day) -> None:
        """Take in a snapshot: grade-6 completers by their status, or gone from the grade when the year turns."""
        period = str(day.period)
        turns = self.turned = bool(self.seen) and Bimester.parse(self.seen).school_year < day.period.school_year
        rows = day.current.select("child", "school", "grade").to_dicts()
        if turns or not self.seen:
            self.grade9_at_start = sum(r["grade"] == 9 for r in rows)
        if not self.seen:
            self.tracked = {r["child"]: r["grade"] for r in rows if r["grade"] in (1, 7)}
        if turns:
            self.up.clear()
            now = {r["child"]: r["grade"] for r in rows}
            for child, r in self.last.items():
                if r["grade"] == 6 and r["in"] == self.seen and now.get(child) != 6:
                    self.grade6.setdefault(child, (r["school"], period))
        finished = day.records.filter((pl.col("status") == "毕业") & (pl.col("grade") == 6))
        for child, school in finished.select("child", "school").iter_rows():
            self.grade6.setdefault(child, (school, period))
        self.up |= {r["child"] for r in rows if r["grade"] > 6}
        self.last |= {r["child"]: r | {"in": period} for r in rows}
        self.seen = period

    def watch(self, docket: Docket) -> None:
        """Remember every case's state before the period moves it, and which were over when the school year began."""
        self.states = {id(case): case.state for case in docket.cases}
        if self.turned:
            self.over = frozenset(number for number, state in self.states.items() if state == CLOSED)


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


def _counted(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame with numerator and denominator alone gets empty bounds."""
    return frame.with_columns(*[pl.lit(None, dtype=pl.Int64).alias(name) for name in SUMS[2:]])


def _inside(day: Day) -> frozenset[int]:
    """Enrolled: a live record, verified at school, or grade 9 done."""
    said = {c for c, r in day.explained.items() if r in (*ELSEWHERE, "在校就读", "转出已办结")}
    return day.live | day.completed | said | day.moved_out


def count_due(world: World, day: Day, docket: Docket, lists: Groups) -> list[pl.DataFrame]:
    """The enrolment rates by other definitions."""
    year, child = day.period.school_year, pl.col("child")
    on_leave = frozenset(day.current.filter(pl.col("status") == "休学")["child"])
    on_leave |= {c for c, r in day.explained.items() if r == "休学"}
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
        "enrolment_rate_policy": frame.filter(~pl.col("on_leave") & ~child.is_in(list(postponed))),
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
    return without_bounds(cube(_counted(both), "gross_enrolment_rate_junior", HOME, (), by_grade=False))


def count_guarded(world: World, day: Day, first: Bimester) -> pl.DataFrame:
    """监护落实率: the guardianship of a child is one value on every list; empty is unknown."""
    state = ("正常", "正常", "正常", "监护能力弱", "", "无人监护")
    kinds = {"留守儿童": pl.col("left_behind") == 2, "孤儿": pl.col("orphan"), "困境儿童": pl.col("child") % 211 == 5,
             "事实无人抚养儿童": pl.col("child") % 499 == 7}  # fmt: skip
    held: dict[tuple[str, str], set[int]] = {}
    for delivered in sorted({first, _delivered(day.period, first)}):
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
    return without_bounds(cube(_counted(frame), "guardian_ok_rate", {}, (), by_grade=False, by_stage=False))


def _delivered(period: Bimester, first: Bimester) -> Bimester:
    """The delivery of the lists that is in force."""
    return WHOLE_PERIOD if first < WHOLE_PERIOD <= period else first


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
    hard = listed_children(world, _delivered(day.period, first)).filter(pl.col("child") % 211 == 5)["child"]
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
    return [_cube_roll(world, _counted(part.with_columns(top.cast(pl.Int64).alias("numerator")).select(
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
    share = _cube_roll(world, _counted(leavers), "unconfirmed_leaver_share", lists, groups=SEXES)
    return [share, without_bounds(cube(_counted(district), "dropout_rate_net", {}, (), by_grade=False, by_stage=False))]


def _has_left(day: Day, memory: Memory, child: int) -> bool:
    """No longer on the roll, and neither a graduate nor dead."""
    graduated = child in day.completed or (child in memory.grade6 and child not in memory.up and not _in_junior(day, child))
    return child not in day.live and not graduated and day.explained.get(child) != "死亡"


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


def count_cohorts(world: World, day: Day, memory: Memory) -> list[pl.DataFrame]:
    """Cohort retention: the entrants written for the schools, and the pupils of grades 6 and 9 now or graduated this year."""
    year = day.period.school_year
    told: dict[tuple[str, int, int], dict] = {}
    for delivered in sorted({memory.first, _delivered(day.period, memory.first)}):
        told |= {(r["school_code"], r["entry_grade"], r["entry_year"]): r for r in list_cohorts(world, delivered)}
    now = _list_last_grades(world, day, memory)
    frames = []
    for name, grade, entry, years in (("primary6", 6, 1, 5), ("junior3", 9, 7, 2)):
        due = [r for (_, e, y), r in told.items() if e == entry and y == year - years]
        for kind in ("", "_simple"):
            rows = [(r["school_code"], now.get((grade, r["school_code"]), 0), r["entrants"] + (0 if kind else _net(r))) for r in due]
            frames.append(_cube_cohort(world, rows, f"retention_rate_{name}{kind}"))
    due = [r for (_, e, y), r in told.items() if e == 1 and y == year - 8]
    nine = sum(n for (grade, _), n in now.items() if grade == 9)
    totals = {
        "nine": (nine, sum(r["entrants"] + _net(r) for r in due)), "nine_simple": (nine, sum(r["entrants"] for r in due)),
        "nine_national": (memory.grade9_at_start, sum(r["year_start_count"] for r in due)),
    }  # fmt: skip
    frames += [_cube_cohort(world, [("", n, d)], f"retention_rate_{kind}") for kind, (n, d) in totals.items()]
    return frames


def _list_last_grades(world: World, day: Day, memory: Memory) -> Counter[tuple[int, str]]:
    """(Grade 6 or 9, school) → pupils there now or graduated this year; a district has no other grade to leave from."""
    here = {(r["child"], r["grade"]): r["school"] for r in day.current.select("child", "school", "grade").to_dicts() if r["grade"] in (6, 9)}
    if day.period.school_year == Bimester.parse(memory.seen).school_year:
        finished = day.records.filter((pl.col("status") == "毕业") & pl.col("grade").is_in([6, 9]))
        for child, school, grade in finished.select("child", "school", "grade").iter_rows():
            here.setdefault((child, grade), school)
    return Counter((grade, school) for (_, grade), school in here.items())


def _net(row: dict) -> int:
    return row["moved_in_total"] - row["moved_out_total"] - row["died_total"] - row["abroad_total"]


def _cube_cohort(world: World, rows: list[tuple[str, int, int]], name: str) -> pl.DataFrame:
    towns = dict(world.schools.select("school_code", "township").iter_rows())
    frame = pl.DataFrame(
        [(s or None, towns.get(s), n, d, "all", "all") for s, n, d in rows],
        schema={"school": pl.String, "township": pl.String, "numerator": pl.Int64, "denominator": pl.Int64, "stage": pl.String, "grade": pl.String},
        orient="row",
    )  # fmt: skip
    areas = SCHOOL if rows and rows[0][0] else {}
    return without_bounds(name_schools(world, cube(_counted(frame), name, areas, (), by_grade=False, by_stage=False)))


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
    cells = _cube_roll(world, _counted(pl.DataFrame(rows, schema=schema, orient="row")), "absence_rate", lists)
    return cells.filter(pl.col("population_group") == "all") if len(cells) else cells


def count_work(world: World, day: Day) -> list[pl.DataFrame]:
    """学困帮扶 and 法治宣传 of the last month that the schools reported."""
    rows = [r for r in list_school_work(world, day.period) if r["month"] == max(owed_months(day.period))]
    live = Counter(day.current["school"])
    helped = [(r["school_code"], r["help_plans"], r["struggling_pupils"]) for r in rows]
    reached = [(r["school_code"], r["law_reached"], live[r["school_code"]]) for r in rows]
    return [_cube_cohort(world, part, name) for name, part in (("help_plan_rate", helped), ("publicity_coverage", reached)) if part]


def count_cases(world: World, day: Day, docket: Docket, memory: Memory, roll: YearRoll) -> list[pl.DataFrame]:
    """劝返复学率, 再次辍学率, 销号率 and the two of 核实: the district."""
    opens, period, issued = date(roll.year, 9, 1), str(day.period), default_issue_date(day.period)
    confirmed = {case.child: case for case in docket.cases if case.standing.dropped_out and _is_of_year(case, memory, opens)}
    back = {case.child: case for case in docket.cases if case.standing.returned_on and case.standing.returned_on >= opens}
    active = [case for case in docket.cases if case.opened_in == period or memory.states.get(id(case)) not in (None, CLOSED)]
    moved = [case for case in active if _is_on_ledger(case, period, memory.states.get(id(case)))]
    due = [case for case in active if _verify_due(case) <= issued]
    counts = {
        "return_rate": (sum(_is_back(case) for case in confirmed.values()), len(confirmed)),
        "relapse_rate": (sum(case.standing.relapses > 0 for case in back.values()), len(back)),
        "closing_rate": (sum(case.state == CLOSED for case in moved), len(moved)),
        "verification_rate": (sum(_verified_on(case) is not None for case in due), len(due)),
        "verification_on_time_rate": (sum((_verified_on(case) or date.max) <= _verify_due(case) for case in due), len(due)),
    }
    return [_cube_cohort(world, [("", n, d)], name) for name, (n, d) in counts.items() if d]


def _verify_due(case: Case) -> date:
    """The batch's own day, else ten working days after it was opened."""
    return case.verify_by or add_working_days(case.opened_on, DAYS["待核实"])


def _verified_on(case: Case) -> date | None:
    """The first word that says where the child is."""
    told = (w for w in case.words if w.left_on or (w.held_when_told and w.says not in ("未返校", "承诺复学")))
    return min((w.day for w in told), default=None)


def _is_on_ledger(case: Case, period: str, before: str | None) -> bool:
    """On the suspected or dropout ledger at the start, or added to it in the period."""
    return before in ON_LEDGER or case.state in ON_LEDGER or (case.opened_in == period and case.state == CLOSED)


def _is_of_year(case: Case, memory: Memory, opens: date) -> bool:
    """Confirmed since the school year's start, or carried into it: neither back nor closed before."""
    returned = case.standing.returned_on
    carried = id(case) not in memory.over and (returned is None or returned >= opens)
    return carried or max(case.standing.dropped_out) >= opens


def _is_back(case: Case) -> bool:
    returned = case.standing.returned_on
    closed_after = case.state == CLOSED and returned is not None and returned >= max(case.standing.dropped_out)
    return case.state == "复学跟踪" or closed_after
