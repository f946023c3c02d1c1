"""Cases by the rules of the contract, replayed period by period over the planted events."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from schemas.bimester import Bimester
from transforms.sample.truth_state import ELSEWHERE, TRACKED, UNITS, Day, end_of_holding
from transforms.sample.world import World

OPEN_DROPOUT = ("劝返中", "失联")
UNRESOLVED = ("待核实", "待补佐证")
CLOSED = "已销号"


@dataclass
class Case:
    """One case: whose it is (`child`, or a list row that leads to nobody), how it opened, its state now."""

    child: int | None
    name: str
    opened_by: str
    opened_in: str
    school: str = ""
    state: str = "待核实"
    watched_until: date | None = None
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


def advance(docket: Docket, world: World, day: Day, first: Bimester, absent: frozenset[int], unenrolled: frozenset[int]) -> None:
    """Bring the docket to the end of a period: lists, findings and feedback open, events move, clocks run out."""
    period = str(day.period)
    for row in world.suspects.filter(pl.col("period") == period).iter_rows(named=True):
        nobody = row["form"] == "name_only"
        docket.add(Case(None if nobody else row["child"], _name(world, row["child"]), "listed", period))
    for found, comparison in ((absent, "absent"), (unenrolled, "unenrolled")):
        for child in sorted(found):
            docket.add(Case(child, _name(world, child), comparison, period))
    live = day.live
    for event in list_events(world, day.period, first):
        _apply(docket, world, event, period, live)
    _run_out(docket, world, day)


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
    if case is None:
        return
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
        case.state = "复学跟踪"
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
        case.state = "复学跟踪"
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


def confirmed_in_year(docket: Docket, year: int) -> frozenset[int]:
    """Children whose open case says a dropout dated in a school year and is still 劝返中 or 失联."""
    first, last = date(year, 9, 1), date(year + 1, 8, 31)
    return frozenset(
        child for child, case in docket.open.items()
        if case.state in OPEN_DROPOUT and any(first <= day <= last for day in case.dropped_out)
    )  # fmt: skip
