"""Cases by the rules of the contract, replayed period by period over the planted events."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import polars as pl

from schemas.bimester import Bimester
from schemas.calendar import read_terms
from transforms.sample.truth_state import ELSEWHERE, TRACKED, UNITS, Day, end_of_holding
from transforms.sample.world import World

OPEN_DROPOUT = ("劝返中", "失联")
UNRESOLVED = ("待核实", "待补佐证")
CLOSED = "已销号"
OBSERVATION = 60  # days of term, contract §6


@dataclass
class Case:
    """One case: whose it is (`child`, or a list row that leads to nobody), how it opened, its state now."""

    child: int | None
    name: str
    opened_by: str
    opened_in: str
    listed_on: date | None = None
    state: str = "待核实"
    watched_until: date | None = None
    returned_on: date | None = None
    dropped_out: list[date] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Not 已销号."""
        return self.state != CLOSED


@dataclass
class Docket:
    """All cases so far; `open` holds the open one of each child."""

    cases: list[Case] = field(default_factory=list)
    open: dict[int, Case] = field(default_factory=dict)

    def add(self, case: Case) -> None:
        """Open a case unless the child has one."""
        if case.child is None:
            self.cases.append(case)
        elif case.child not in self.open:
            self.cases.append(case)
            self.open[case.child] = case

    def in_state(self, *states: str) -> frozenset[int]:
        """Children whose open case is in one of the states."""
        return frozenset(child for child, case in self.open.items() if case.state in states)


def advance(
    docket: Docket, world: World, day: Day, first: Bimester, absent: frozenset[int], unenrolled: frozenset[int], in_class: frozenset[int]
) -> None:  # fmt: skip
    """Bring the docket to the end of a period: lists, findings and feedback open, events move, clocks run out."""
    period = str(day.period)
    for row in world.suspects.filter(pl.col("period") == period).iter_rows(named=True):
        nobody = row["form"] == "name_only"
        child = None if nobody else row["child"]
        docket.add(Case(child, _name(world, row["child"]), "listed", period, row["issued_on"]))
    for found, comparison in ((absent, "absent"), (unenrolled, "unenrolled")):
        for child in sorted(found):
            docket.add(Case(child, _name(world, child), comparison, period))
    live = day.live
    for event in list_events(world, day.period, first):
        _apply(docket, world, event, period, live)
    _run_out(docket, world, day)
    _watch(docket, day, in_class)


def _name(world: World, child: int) -> str:
    return str(world.children["name"][child])


def list_events(world: World, period: Bimester, first: Bimester) -> list[dict[str, Any]]:
    """Findings and visits that take effect in a period: told by it and dated by its end, and not before."""
    events = []
    for kind, frame in (("verification", world.verifications), ("persuasion", world.visits)):
        for row in frame.filter((pl.col("learned") <= str(period)) & (pl.col("day") <= period.last_day)).iter_rows(named=True):
            effective = max(row["learned"], str(Bimester.containing(row["day"])))
            if effective == str(period) or (period == first and effective <= str(period)):
                events.append(row | {"kind": kind})
    return sorted(events, key=lambda e: (e["day"], UNITS.get(e["unit"], 0), e["kind"] == "persuasion", e["order"]))


def _apply(docket: Docket, world: World, event: dict[str, Any], period: str, live: frozenset[int]) -> None:
    child, kind = event["child"], event["kind"]
    opens = kind == "persuasion" or event["result"] in ("失学", "确认辍学", "失联")
    if child not in docket.open and opens:
        docket.add(Case(child, _name(world, child), kind, period))
    case = docket.open.get(child)
    if case is None or (case.listed_on and event["day"] < case.listed_on):
        return  # what was said before the list came does not answer it
    if kind == "persuasion":
        _visit(case, event)
    else:
        _verify(case, event, child in live)
    if not case.is_open:
        del docket.open[child]


def _visit(case: Case, event: dict[str, Any]) -> None:
    if event["left_on"]:
        case.state = "劝返中"
        case.dropped_out.append(event["left_on"])
    if event["result"] == "已复学":
        _return(case, event["day"])
    elif event["result"] == "失联":
        case.state = "失联"


def _verify(case: Case, event: dict[str, Any], has_record: bool) -> None:
    result, was_out = event["result"], case.state in OPEN_DROPOUT
    evident = event["evident"] or result == "超龄" or (result in ("在校就读", "已毕业") and has_record)
    if result == "其他":
        case.state = "待核实"
    elif result in ("失学", "确认辍学"):
        case.state = "劝返中"
        if result == "确认辍学":
            case.dropped_out.append(event["day"])
    elif result == "失联":
        case.state = "失联"
    elif not evident:
        case.state = "待补佐证"
    elif result == "在校就读" and was_out:
        _return(case, event["day"])
    elif result in TRACKED:
        case.state, case.watched_until = "在册跟踪", event["ends_on"]
    elif result == "外地就读无学籍" or (result in ELSEWHERE and has_record):
        case.state, case.watched_until = "外地就读待转学", end_of_holding(event["day"])
    elif not (was_out and not event["signed"]):
        case.state = CLOSED


def _run_out(docket: Docket, world: World, day: Day) -> None:
    """End dates that have passed, over age and completion."""
    cohorts, year = world.children["cohort"], day.period.school_year
    for child, case in list(docket.open.items()):
        watched = case.state in ("在册跟踪", "外地就读待转学")
        if watched and case.watched_until and case.watched_until < day.period.last_day:
            case.state = "待核实"
        if cohorts[child] < year - 8 or child in day.completed:
            case.state = CLOSED
            del docket.open[child]


def _return(case: Case, day: date) -> None:
    """Back in school: the watch starts with the first word of the return."""
    if case.state != "复学跟踪":
        case.state, case.returned_on = "复学跟踪", day


def _watch(docket: Docket, day: Day, in_class: frozenset[int]) -> None:
    """A child in class at the end of its observation (the rest of the term, at least 60 days of term) is closed."""
    for child, case in list(docket.open.items()):
        if case.state != "复学跟踪" or case.returned_on is None or child not in in_class:
            continue
        ends = _watched_until(case.returned_on)
        if ends is not None and ends <= day.period.last_day:
            case.state = CLOSED
            del docket.open[child]


def _watched_until(returned_on: date) -> date | None:
    terms = sorted((t.first_day, t.last_day) for t in read_terms())
    term_end = next((last for _, last in terms if last >= returned_on), None)
    days = [first + timedelta(n) for first, last in terms for n in range((last - first).days + 1)]
    watched = [day for day in days if day > returned_on][:OBSERVATION]
    return max(term_end, watched[-1]) if term_end and len(watched) == OBSERVATION else None


def confirmed_in_year(docket: Docket, year: int) -> frozenset[int]:
    """Children whose open case says a dropout dated in a school year and is still 劝返中 or 失联."""
    first, last = date(year, 9, 1), date(year + 1, 8, 31)
    return frozenset(
        child for child, case in docket.open.items()
        if case.state in OPEN_DROPOUT and any(first <= day <= last for day in case.dropped_out)
    )  # fmt: skip
