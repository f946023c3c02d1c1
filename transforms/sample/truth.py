"""The truth about a sample: what a right pipeline must find. Counted from the world, never from a pipeline."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from schemas.bimester import Bimester
from transforms.sample.deliver_lists import disability_of, listed_children
from transforms.sample.roster import WHOLE_PERIOD
from transforms.sample.sheets import Written
from transforms.sample.truth_cases import Docket, advance
from transforms.sample.truth_indicators import YearRoll, count_all, extend_year, open_year
from transforms.sample.truth_presence import Seats, take_seats
from transforms.sample.truth_state import Day, duplicates, observe
from transforms.sample.world import World

FINDING = ("comparison", "id_number", "name", "registry_number", "school_code", "month", "township")
CASE = ("id_number", "name", "state", "opened_by", "school_code", "township")


def write_truth(home: Path, world: World, written: dict[str, list[Written]]) -> dict[str, int]:
    """Write `private/sample_truth/<period>/*.csv` for every period; return the last one's findings by comparison."""
    periods = [Bimester.parse(text) for text in written]
    first, docket = periods[0], Docket()
    roll: YearRoll | None = None
    day: Day | None = None
    counts: dict[str, int] = {}
    known: dict[int, str] = {}
    for period in periods:
        before, day = day, observe(world, period, first, day.completed if day else frozenset())
        if roll is None or roll.year != period.school_year:
            roll = open_year(roll, before, day)
        extend_year(roll, day)
        known |= dict(day.records.select("child", "school").iter_rows()) | dict(day.current.select("child", "school").iter_rows())
        seats, lists = take_seats(world, day), list_groups(world, period, first)
        unenrolled = find_unenrolled(day)
        in_class = frozenset(seats.pupils.filter("inside")["child"]) if len(seats.pupils) else frozenset()
        advance(docket, world, day, first, _of_age(world, day, seats.absent), unenrolled, in_class)
        findings = list_findings(world, Places(world, day, known), seats, unenrolled, lists["monitored"])
        folder = home / "private" / "sample_truth" / str(period)
        folder.mkdir(parents=True, exist_ok=True)
        findings.write_csv(folder / "finding.csv")
        list_cases(Places(world, day, known), docket).write_csv(folder / "case.csv")
        count_all(world, day, seats, docket, roll, lists).write_csv(folder / "indicator.csv")
        list_files(written[str(period)]).write_csv(folder / "file.csv")
        list_faults(written[str(period)]).write_csv(folder / "fault.csv")
        counts = dict(findings.group_by("comparison").len().sort("comparison").iter_rows())
    return counts


def find_unenrolled(day: Day) -> frozenset[int]:
    """Children of the denominator without a record, a finished grade 9, a holding explanation or a refused row."""
    known = day.live | day.completed | frozenset(day.explained) | day.quarantined
    return frozenset(day.roster.filter("in_base")["child"]) - known


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
    world: World, place: Places, seats: Seats, unenrolled: frozenset[int], monitored: frozenset[int]
) -> pl.DataFrame:
    """One row is a finding of a comparison."""
    out = unenrolled | seats.absent
    rows = [("unenrolled", c) for c in sorted(unenrolled)] + [("absent", c) for c in sorted(seats.absent)]
    rows += [("monitored_out", c) for c in sorted(out & monitored)]
    rows += [("duplicate_registry", c) for c in sorted(duplicates(world, place.day))]
    lines = [(comparison, *place.identify(c), place.number(c), place.school(c), "", place.township(c)) for comparison, c in rows]
    towns = dict(world.schools.select("school_code", "township").iter_rows())
    lines += [("silent_school", "", "", "", s, m, towns[s]) for s, m in sorted(seats.silent)]
    return pl.DataFrame(lines, schema=FINDING, orient="row")


class Places:
    """Where a child is known: id, name, number; school of the live, else the last record; township of the roster, else of it."""

    def __init__(self, world: World, day: Day, known: dict[int, str]) -> None:
        """Index the day's registers; `known` holds each child's school by the last record seen."""
        self.day, self.known = day, dict(known)
        self.people = world.children
        self.records = {r["child"]: r for r in day.current.select("child", "school", "number").iter_rows(named=True)}
        self.roster = dict(day.roster.select("child", "township").iter_rows())
        self.towns = dict(world.schools.select("school_code", "township").iter_rows())

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
        return self.roster.get(child) or self.towns.get(self.school(child), "")


def list_cases(place: Places, docket: Docket) -> pl.DataFrame:
    """One row is a case, closed ones included."""
    rows = []
    for case in docket.cases:
        if case.child is None:
            rows.append(("", case.name, case.state, case.opened_by, "", ""))
        else:
            identity = place.identify(case.child)
            rows.append((*identity, case.state, case.opened_by, place.school(case.child), place.township(case.child)))
    return pl.DataFrame(rows, schema=CASE, orient="row")


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
