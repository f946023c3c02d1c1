"""The truth of what is counted by school or case: cohorts, school work, cases."""

from __future__ import annotations

from collections import Counter
from datetime import date

import polars as pl

from schemas.bimester import Bimester
from schemas.calendar import add_working_days, default_issue_date
from transforms.sample.deliver_small import list_cohorts, list_school_work
from transforms.sample.roster import WHOLE_PERIOD
from transforms.sample.timeline import owed_months
from transforms.sample.truth_cases import CLOSED, DAYS, OUT, UNRESOLVED, Case, Docket
from transforms.sample.truth_indicators import SUMS, YearRoll, cube, name_schools, without_bounds
from transforms.sample.truth_memory import Memory
from transforms.sample.truth_state import Day
from transforms.sample.truth_words import hear
from transforms.sample.world import World

ON_LEDGER = (*UNRESOLVED, "外地就读待转学", "劝返中", "失联", "复学跟踪")
SCHOOL = {"township": "township", "school": "school"}


def empty_bounds(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame with numerator and denominator alone gets empty bounds."""
    return frame.with_columns(*[pl.lit(None, dtype=pl.Int64).alias(name) for name in SUMS[2:]])


def count_cohorts(world: World, day: Day, memory: Memory) -> list[pl.DataFrame]:
    """Cohort retention: the entrants written for the schools, and the pupils of grades 6 and 9 now or graduated this year."""
    year = day.period.school_year
    told: dict[tuple[str, int, int], dict] = {}
    for delivered in sorted({memory.first, in_force(day.period, memory.first)}):
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
    return without_bounds(name_schools(world, cube(empty_bounds(frame), name, areas, (), by_grade=False, by_stage=False)))


def count_work(world: World, day: Day) -> list[pl.DataFrame]:
    """学困帮扶 and 法治宣传 of the last month that the schools reported."""
    rows = [r for r in list_school_work(world, day.period) if r["month"] == max(owed_months(day.period))]
    live = Counter(day.current["school"])
    helped = [(r["school_code"], r["help_plans"], r["struggling_pupils"]) for r in rows]
    reached = [(r["school_code"], r["law_reached"], live[r["school_code"]]) for r in rows]
    return [_cube_cohort(world, part, name) for name, part in (("help_plan_rate", helped), ("publicity_coverage", reached)) if part]


# What a school may not exceed by 年级段: study hours and minutes of homework a day, exams a term, study aids a subject (domain §7).
AT_MOST = {
    "一二年级": {"study_hours": 6, "homework_minutes": 0, "exams": 0, "aids_per_subject": 1},
    "三至六年级": {"study_hours": 6, "homework_minutes": 60, "exams": 1, "aids_per_subject": 1},
    "初中": {"study_hours": 8, "homework_minutes": 90, "exams": 2, "aids_per_subject": 1},
}


def list_breaches(world: World, periods: list[Bimester]) -> pl.DataFrame:
    """One row per place, month of the last period, 年级段 and item: what was told, and whether it breaks its limit."""
    central = dict(world.schools.filter(pl.col("school_type") == "教学点").select("school_code", "central_school_code").iter_rows())
    exams: Counter[tuple[str, str]] = Counter()
    told: dict[tuple[str, ...], float] = {}
    for period in periods:
        for row in list_school_work(world, period):
            band, month = row["grade_band"], row["month"]
            year, number = int(month[:4]), int(month[5:])
            term = f"{year}春" if 2 <= number <= 8 else f"{year - (number == 1)}秋"
            exams[row["school_code"], term] += row["exams"]
            measured = {"sport_hours": row["sport_hours"]} | {item: row[item] for item in AT_MOST[band]}
            measured["exams"] = exams[row["school_code"], term]
            for item, value in measured.items():
                key: tuple[str, ...] = (central.get(row["school_code"]) or row["school_code"], month, band, item)
                worse = min if item == "sport_hours" else max  # of a 中心校 and its 教学点 the worse counts
                if period == periods[-1]:
                    told[key] = worse(told.get(key, value), value)
    rows = [(*key, float(value), value < (2 if key[1] >= "2024-11" else 1) if key[3] == "sport_hours" else value > AT_MOST[key[2]][key[3]])
            for key, value in told.items()]  # fmt: skip
    schema = {"school_code": pl.String, "month": pl.String, "grade_band": pl.String, "item": pl.String, "measured": pl.Float64,
              "is_breach": pl.Boolean}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row").sort("school_code", "month", "grade_band", "item")


def count_cases(world: World, day: Day, docket: Docket, memory: Memory, roll: YearRoll) -> list[pl.DataFrame]:
    """劝返复学率, 再次辍学率, 销号率 and the two of 核实: the district."""
    opens, period, issued = date(roll.year, 9, 1), str(day.period), default_issue_date(day.period)
    confirmed = {case.child: case for case in docket.cases if case.standing.dropped_out and _is_of_year(case, docket, day, memory, opens)}
    back = {case.child: case for case in docket.cases if case.standing.returned_on and case.standing.returned_on >= opens}
    active = [case for case in docket.cases if case.opened_in == period or memory.states.get(id(case)) not in (None, CLOSED)]
    moved = [case for case in active if _is_on_ledger(case, period, memory.states.get(id(case)))]
    due = [case for case in active if _verify_due(case) <= issued]
    counts = {
        "return_rate": (sum(_is_back(case) for case in confirmed.values()), len(confirmed)),
        "relapse_rate": (sum((case.standing.relapsed_from or date.min) >= opens for case in back.values()), len(back)),
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


def _is_of_year(case: Case, docket: Docket, day: Day, memory: Memory, opens: date) -> bool:
    """Confirmed since the school year's start, or on the ledger of dropouts when it began."""
    then = hear((word for word in case.words if word.day < opens), docket.live_in, day.period)
    carried = id(case) not in memory.over and then.state in (*OUT, "复学跟踪")
    return carried or max(case.standing.dropped_out) >= opens


def _is_back(case: Case) -> bool:
    closed_after = case.state == CLOSED and case.standing.is_back and case.standing.closed_as not in ("超龄", "死亡", "户籍迁出")
    return case.state == "复学跟踪" or closed_after


def in_force(period: Bimester, first: Bimester) -> Bimester:
    """The delivery of the lists that is in force."""
    return WHOLE_PERIOD if first < WHOLE_PERIOD <= period else first
