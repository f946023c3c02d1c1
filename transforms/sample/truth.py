"""The truth about a sample: what a right pipeline must find. Counted from the world, never from a pipeline."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from schemas.bimester import Bimester
from transforms.sample.deliver_lists import disability_of, listed_children
from transforms.sample.deliver_small import junior_schools
from transforms.sample.presence import STAYING
from transforms.sample.roster import WHOLE_PERIOD
from transforms.sample.sheets import Written
from transforms.sample.timeline import owed_months
from transforms.sample.truth_cases import OPEN_DROPOUT, Case, Docket, Found, advance, own
from transforms.sample.truth_compared import Seen, find_all
from transforms.sample.truth_counts import list_breaches
from transforms.sample.truth_indicators import YearRoll, count_all, extend_year, open_year
from transforms.sample.truth_memory import Memory
from transforms.sample.truth_presence import Seats, take_seats
from transforms.sample.truth_rates import count_others
from transforms.sample.truth_state import Day, find_leave_ended, observe
from transforms.sample.world import World

FINDING = ("comparison", "id_number", "name", "registry_number", "school_code", "month", "township")
CAUSE = ("id_number", "name", "plant", "causes", "nearest_name")
# What a planted error in a list's id is: the list's error where the child sits in class, else where the child is
LISTED_CAUSES = {"school": "证件错误", "elsewhere": "外地就读有学籍|外地就读未转学", "done_early": "已毕业"}
CASE = ("id_number", "name", "state", "opened_by", "opened_in", "opened_on", "due_on", "overdue_working_days", "returned_on", "relapses",
        "closed_on", "closed_as", "owner_level", "owner_office", "school_code", "township")  # fmt: skip


def write_truth(home: Path, world: World, written: dict[str, list[Written]]) -> dict[str, int]:
    """Write `private/sample_truth/<period>/*.csv` for every period; return the last one's findings by comparison."""
    periods = [Bimester.parse(text) for text in written]
    first, docket = periods[0], Docket()
    roll: YearRoll | None = None
    days: list[Day] = []
    sat: list[Seats] = []
    counts: dict[str, int] = {}
    known: dict[int, str] = {}
    memory = Memory(first)
    for period in periods:
        before = days[-1] if days else None
        day = observe(world, period, first, before.completed if before else frozenset())
        days.append(day)
        if roll is None or roll.year != period.school_year:
            roll = open_year(roll, before, day)
        extend_year(roll, day)
        memory.learn(day)
        memory.watch(docket)
        known |= dict(day.records.select("child", "school").iter_rows()) | dict(day.current.select("child", "school").iter_rows())
        seats, lists = take_seats(world, day), list_groups(world, period, first)
        sat.append(seats)
        found = find_all(Seen(world, days, sat), find_unenrolled(day), lists["monitored"])
        opening = Found(found["transition_gap"], found["unaccounted"], _of_age(world, day, seats.absent), found["unenrolled"],
                        find_leave_ended(world, day))  # fmt: skip
        in_class = frozenset(seats.pupils.filter("inside")["child"]) if len(seats.pupils) else frozenset()
        advance(docket, world, day, first, opening, in_class, _reporting(seats, period))
        place = Places(world, day, known)
        folder = home / "private" / "sample_truth" / str(period)
        folder.mkdir(parents=True, exist_ok=True)
        findings = list_findings(world, place, seats, found, docket)
        findings.write_csv(folder / "finding.csv")
        list_causes(place, world, docket, seats.absent).write_csv(folder / "cause.csv")
        list_cases(place, docket).write_csv(folder / "case.csv")
        others = count_others(world, day, docket, roll, memory, lists)
        count_all(world, day, seats, docket, roll, lists, others).write_csv(folder / "indicator.csv")
        list_breaches(world, [p for p in periods if p <= period]).write_csv(folder / "work.csv")
        list_files(written[str(period)]).write_csv(folder / "file.csv")
        list_faults(written[str(period)]).write_csv(folder / "fault.csv")
        counts = dict(findings.group_by("comparison").len().sort("comparison").iter_rows())
    return counts


def find_unenrolled(day: Day) -> frozenset[int]:
    """Children of the denominator without a record, a finished grade 9, a holding explanation or a refused row."""
    known = day.live | day.completed | frozenset(day.explained) | day.quarantined
    return frozenset(day.roster.filter("in_base")["child"]) - known


def _reporting(seats: Seats, period: Bimester) -> frozenset[str]:
    """Schools whose every owed month came."""
    months = owed_months(period)
    return frozenset(school for school, _ in seats.usable if all((school, month) in seats.usable for month in months))


def _of_age(world: World, day: Day, absent: frozenset[int]) -> frozenset[int]:
    """A pupil over school age is found but gets no case."""
    cohorts = world.children["cohort"]
    return frozenset(child for child in absent if cohorts[child] >= day.period.school_year - 8)


def list_groups(world: World, period: Bimester, first: Bimester) -> dict[str, frozenset[int]]:
    """Children on the lists of other offices in force: monitored, disabled, orphan."""
    delivered = WHOLE_PERIOD if first < WHOLE_PERIOD <= period else first
    children = listed_children(world, delivered)
    return {
        "monitored": frozenset(children.filter("monitored")["child"]), "disabled": frozenset(disability_of(children)["child"]),
        "orphan": frozenset(children.filter("orphan")["child"]),
    }  # fmt: skip


def list_findings(
    world: World, place: Places, seats: Seats, found: dict[str, frozenset[int]], docket: Docket
) -> pl.DataFrame:
    """One row is a finding of a comparison."""
    rows = [(comparison, child) for comparison, children in found.items() for child in sorted(children)]
    lines = [(comparison, *place.identify(c), place.number(c), place.school(c), "", place.township(c)) for comparison, c in rows]
    # a listed child is found until the case that its line opened or met is closed
    for case in docket.listed_cases():
        who = place.identify(case.child) if case.child is not None else ("", case.name)
        lines.append(("listed", *who, "", "", "", ""))
    towns = dict(world.schools.select("school_code", "township").iter_rows())
    lines += [("silent_school", "", "", "", s, m, towns[s]) for s, m in sorted(seats.silent)]
    return pl.DataFrame(lines, schema=FINDING, orient="row")


def list_causes(place: Places, world: World, docket: Docket, absent: frozenset[int]) -> pl.DataFrame:
    """One row is a child whose likely cause was planted: the causes that may be said, and the name its record carries.

    `misspelt` and `listed_id_error` are errors of ids and names; of a `dropout` nothing but 疑似辍学 may be said.
    """
    names = place.people["name"]
    records = place.people.filter(pl.col("record_of").is_not_null() & pl.col("child").is_in(list(place.day.live)))
    rows = [(*place.identify(child), "misspelt", "证件错误", names[record]) for child, record in records.select("record_of", "child").iter_rows()]
    listed = world.suspects.filter(
        (pl.col("period") <= str(place.day.period)) & ~pl.col("form").is_in(["right", "name_only"]) & pl.col("kind").is_in(list(LISTED_CAUSES))
    )
    # who is a dropout by now is one, whatever the list's error was; so is who has left and will prove one, or never came
    plants = world.presence.plants.filter(pl.col("script").is_in(STAYING) & (pl.col("script") != "elsewhere"))["child"]
    never = world.children.filter(pl.col("role") == "never_enrolled")["child"]
    out = docket.in_state(*OPEN_DROPOUT) | (absent & frozenset(plants)) | frozenset(never)
    rows += [(*place.identify(child), "listed_id_error", LISTED_CAUSES[kind], "")
             for child, kind in listed.select("child", "kind").iter_rows() if child not in out]  # fmt: skip
    rows += [(*place.identify(child), "dropout", "疑似辍学", "") for child in sorted(out)]
    return pl.DataFrame(rows, schema=CAUSE, orient="row").unique(maintain_order=True)


class Places:
    """Where a child is known: id, name, number; school of the live, else the last record; township of the roster, else of it."""

    def __init__(self, world: World, day: Day, known: dict[int, str]) -> None:
        """Index the day's registers; `known` holds each child's school by the last record seen."""
        self.day, self.known = day, dict(known)
        self.people = world.children
        self.records = {r["child"]: r for r in day.current.select("child", "school", "number").iter_rows(named=True)}
        self.roster = {c: (t, v) for c, t, v in day.roster.select("child", "township", "village").iter_rows()}
        self.towns = dict(world.schools.select("school_code", "township").iter_rows())
        self.names = dict(world.schools.select("school_code", "school_name").iter_rows())
        self.juniors = junior_schools(world)
        self.seats_of_lists = {str(p): dict(frame.select("child", "school").iter_rows()) for p, frame in world.records.items()}

    def identify(self, child: int) -> tuple[str, str]:
        """Id ('' when no register has one) and name."""
        return "" if self.people["no_hukou"][child] else self.people["id"][child], self.people["name"][child]

    def number(self, child: int) -> str:
        """学籍号 of the live record."""
        return self.records[child]["number"] if child in self.records else ""

    def school(self, child: int) -> str:
        """School of the live record, else of the last one seen."""
        return self.known.get(child, "")

    def township(self, child: int) -> str:
        """镇街 of the roster row, else of the school."""
        return self.roster.get(child, ("", None))[0] or self.towns.get(self.school(child), "")

    def locate(self, case: Case) -> tuple[str, str, str | None]:
        """School, 镇街 and 村社 of a case's child; where no register has it, where the list put it."""
        row = case.listing
        child = case.child if case.child is not None else row["child"] if row else -1
        listed = (self.people["township"][child], self.people["village"][child]) if row else ("", None)
        school = self.seats_of_lists[case.opened_in].get(child, "") if case.child is None else self.school(child)
        if case.child is not None and child in self.roster:
            place = self.roster[child]
        else:
            # in no 底册: where the school of its record is; without one, where the list or its case puts it
            told = case.opened_at or listed
            has_record = case.child is not None and child in self.known
            at_school = self.towns.get(school, "")
            town = (at_school if has_record else "") or told[0] or at_school
            place = town, told[1] if town == told[0] or not has_record else None
        case.opened_at = case.opened_at or place
        return school, *place


def list_cases(place: Places, docket: Docket) -> pl.DataFrame:
    """One row is a case, closed ones included."""
    rows = []
    for case in docket.cases:
        identity = place.identify(case.child) if case.child is not None else ("", case.name)
        school, township, village = place.locate(case)
        standing = case.standing
        level, office = own(case, school, township, village, case.child in place.records) or (None, None)
        if level == "school":
            junior = place.juniors.get((township, village or "")) if case.opened_by == "transition_gap" else None
            office = "、".join(place.names[code] for code in (school, junior) if code)
        rows.append((*identity, case.state, case.opened_by, case.opened_in, case.opened_on, case.due_on, case.late, standing.returned_on,
                     standing.relapses, case.closed_on, standing.closed_as, level, office, school, township))  # fmt: skip
    return pl.DataFrame(rows, schema=CASE, orient="row", infer_schema_length=None)


def list_files(written: list[Written]) -> pl.DataFrame:
    """One row is a sheet with its counts: rows of other stages stand apart from rows read."""
    return pl.DataFrame(
        [
            {
                "file": w.file, "sheet": w.sheet, "extract": w.content.extract,
                "rows_read": len(w.source_rows) - w.content.other,
                "accepted": len(w.source_rows) - w.content.other - w.content.merged - w.content.quarantined,
                "merged": w.content.merged, "quarantined": w.content.quarantined, "other_stage_rows": w.content.other,
            }
            for w in written
        ]
    )  # fmt: skip


def list_faults(written: list[Written]) -> pl.DataFrame:
    """One row is a rule broken by a row of a file."""
    rows = [
        (w.file, w.sheet, w.source_rows[row], rule, strength) for w in written for row, rule, strength in w.content.faults
    ]
    return pl.DataFrame(rows, schema=("file", "sheet", "source_row", "rule", "strength"), orient="row")
