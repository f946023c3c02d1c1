"""Cases by the rules of the contract, replayed period by period over the planted events: states, days, owners."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import polars as pl

from schemas.bimester import Bimester
from schemas.calendar import (
    add_working_days,
    default_issue_date,
    is_working_day,
    list_school_days,
    read_terms,
)
from transforms.sample.truth_state import TRACKED, Day
from transforms.sample.truth_words import CLOSED, OUT, Standing, Word, find_made, hear, list_words
from transforms.sample.world import World

OPEN_DROPOUT = OUT
UNRESOLVED = ("待核实", "待补佐证")
OBSERVATION = 60  # days of term, contract §6
WARNING, RELAPSE = 3, 5  # school days running without leave, domain §5
DAYS = {"待核实": 10, "待补佐证": 10, "外地就读待转学": 30, "劝返中": 3, "失联": 3}  # working days, domain §5
TOWNSHIP_DAYS = 5  # late by more: the district's


@dataclass
class Case:
    """One case: whose it is (`child`, or a list row that leads to nobody), how and when it opened, where it stands now."""

    child: int | None
    name: str
    opened_by: str
    opened_in: str
    opened_on: date
    listed_on: date | None = None
    verify_by: date | None = None
    listing: dict[str, Any] | None = None
    opened_at: tuple[str, str | None] | None = None
    words: list[Word] = field(default_factory=list)
    standing: Standing = field(default_factory=Standing)
    closed_on: date | None = None
    due_on: date | None = None
    late: int | None = None

    @property
    def state(self) -> str:
        """Its state at the end of the last period replayed."""
        return self.standing.state

    @property
    def is_open(self) -> bool:
        """Not 已销号."""
        return self.state != CLOSED


@dataclass
class Docket:
    """All cases so far; `open` holds the open one of each child, `live_in` the children with a record by period."""

    cases: list[Case] = field(default_factory=list)
    open: dict[int, Case] = field(default_factory=dict)
    live_in: dict[str, frozenset[int]] = field(default_factory=dict)
    completed_in: dict[int, str] = field(default_factory=dict)
    listed: dict[int, Case] = field(default_factory=dict)

    def add(self, case: Case) -> None:
        """Open a case unless the child has one."""
        if case.child is None:
            self.cases.append(case)
        elif case.child not in self.open:
            self.cases.append(case)
            self.open[case.child] = case

    def listed_cases(self) -> list[Case]:
        """The open cases that a line of a list opened or met; the last line of a child counts."""
        nobody = [case for case in self.cases if case.child is None]
        return [case for case in [*self.listed.values(), *nobody] if case.is_open]

    def in_state(self, *states: str) -> frozenset[int]:
        """Children whose open case is in one of the states."""
        return frozenset(child for child, case in self.open.items() if case.state in states)


@dataclass(frozen=True)
class Found:
    """What a period finds that opens cases: children by comparison, in the order that names the opening."""

    transition_gap: frozenset[int]
    unaccounted: frozenset[int]
    absent: frozenset[int]
    unenrolled: frozenset[int]
    leave_ended: frozenset[int]


def advance(
    docket: Docket, world: World, day: Day, first: Bimester, found: Found, in_class: frozenset[int], reporting: frozenset[str]
) -> None:  # fmt: skip
    """Bring the docket to the end of a period: lists, findings and feedback open, words move, clocks run out.

    `in_class`: seen in class in the last month that owes attendance; `reporting`: schools that sent every month.
    """
    period = str(day.period)
    docket.live_in[period] = day.live
    _note_completed(docket, world, day)
    said = list_words(world, first).get(period, [])
    _open_cases(docket, world, day.period, found, said)
    for word in said:
        case = docket.open.get(word.child)
        if case and (case.listed_on is None or word.day >= case.listed_on):
            case.words.append(word)
    for child, case in list(docket.open.items()):
        case.standing = hear(case.words, docket.live_in, day.period)
        _watch(case, world, day, child in in_class, reporting)
        _run_out(docket, case, world, day)
        if not case.is_open:
            del docket.open[child]
    for case in docket.cases:
        _wind_clock(case, day.period)


def _open_cases(docket: Docket, world: World, period: Bimester, found: Found, said: list[Word]) -> None:
    issued, told = default_issue_date(period), str(period)
    words: dict[int, list[date]] = {}
    for word in said:
        if word.kind != "movement" and (word.held_when_told or word.left_on):
            words.setdefault(word.child, []).append(word.day)

    def open_case(child: int, opened_by: str) -> None:
        docket.add(Case(child, _name(world, child), opened_by, told, min(words.get(child, [issued]))))

    for row in world.suspects.filter(pl.col("period") == told).iter_rows(named=True):
        child = None if row["form"] == "name_only" else row["child"]
        docket.add(Case(child, _name(world, row["child"]), "listed", told, row["issued_on"], row["issued_on"], row["verify_by"], row))
        if child is not None:
            docket.listed[child] = docket.open[child]
    for comparison in ("transition_gap", "unaccounted", "absent", "unenrolled"):
        for child in sorted(getattr(found, comparison)):
            open_case(child, comparison)
    for word in said:
        if word.kind == "persuasion" or (word.kind == "verification" and word.says in ("失学", "确认辍学", "失联")):
            open_case(word.child, "feedback")
    for child in sorted(found.leave_ended):
        open_case(child, "leave_ended")


def _name(world: World, child: int) -> str:
    return str(world.children["name"][child])


def _note_completed(docket: Docket, world: World, day: Day) -> None:
    """The period in which grade 9 was finished: of the snapshot or word that says it, of the movement's own day."""
    moved = world.movements.filter(pl.col("kind").is_in(["毕业", "结业", "提前毕业"]) & (pl.col("grade") == 9))
    own = {child: str(Bimester.containing(on)) for child, on in moved.select("child", "day").iter_rows()}
    for child in day.completed:
        docket.completed_in.setdefault(child, min(own.get(child, str(day.period)), str(day.period)))


def _run_out(docket: Docket, case: Case, world: World, day: Day) -> None:
    """What closes or lapses by itself: completion, over age, evidence that never came."""
    child, standing, word = case.child, case.standing, case.standing.word
    assert child is not None
    over_on = date(int(world.children["cohort"][child]) + 9, 9, 1)
    if standing.state == CLOSED:
        gone = _record_gone(docket, word, day.period) if word and word.says == "外地就读有学籍" else None
        gone = find_made(word, docket.live_in) if word and gone is None else gone
        settled = max(word.day, word.signed_on or word.day) if word else case.opened_on
        case.closed_on = max(day_ for day_ in (settled, gone, case.opened_on) if day_)
    elif child in day.completed:
        _close(case, "已毕业", Bimester.parse(docket.completed_in[child]).last_day)
    elif over_on <= day.period.last_day:
        _close(case, "超龄", over_on)
    elif standing.state == "待补佐证" and word and word.told < str(day.period) and add_working_days(word.day, 10) < day.period.last_day:
        standing.state = "待核实"


def _close(case: Case, closed_as: str, on: date) -> None:
    case.standing.state, case.standing.closed_as = CLOSED, closed_as
    case.closed_on = max(on, case.opened_on)


def _record_gone(docket: Docket, word: Word, period: Bimester) -> date | None:
    """The last day of the first snapshot without the record, when it still was there after the word came."""
    seen = [p for p in docket.live_in if word.child in docket.live_in[p]]
    if not seen or max(seen) < word.told or word.child in docket.live_in[str(period)]:
        return None
    return Bimester.parse(min(p for p in docket.live_in if p > max(seen))).last_day


def _watch(case: Case, world: World, day: Day, is_in_class: bool, reporting: frozenset[str]) -> None:
    """复学观察: away again without leave is a relapse; in class at the end of the watch closes it."""
    if case.state != "复学跟踪" or case.standing.returned_on is None or case.child is None:
        return
    back, ends = case.standing.returned_on, watched_until(case.standing.returned_on)
    away = _left_again(case.child, back, world, day) if _school_of(day, case.child) in reporting else None
    turn = ("再次离校", away) if away else None
    if turn is None and is_in_class and ends is not None and ends <= day.period.last_day:
        turn = ("观察期满", max(ends, day.period.first_day))
    if turn is None:
        return
    says, on = turn
    word = Word(case.child, on, str(day.period), "", "turning", says)
    relapses, returned = case.standing.relapses + (says == "再次离校"), back
    case.words.append(word)
    case.standing.word, case.standing.returned_on, case.standing.relapses = word, returned, relapses
    if says == "再次离校":
        case.standing.state = case.standing.out = "劝返中"
        case.standing.relapsed_from, case.standing.is_back = back, False
    else:
        case.standing.state, case.standing.closed_as = CLOSED, "复学巩固"


def _school_of(day: Day, child: int) -> str:
    return dict(day.current.select("child", "school").iter_rows()).get(child, "")


def _left_again(child: int, back: date, world: World, day: Day) -> date | None:
    """The day of a relapse in this period: gone for good, or the fifth school day running without leave."""
    rows = world.presence.states.filter((pl.col("child") == child) & (pl.col("period") == str(day.period)))
    for row in rows.sort("month").iter_rows(named=True):
        since = row["since"]
        if since is None or since < back:
            continue
        if row["state"] == "离校未归":
            return since
        if row["state"] == "无故缺勤" and (row["days"] is None or row["days"] >= RELAPSE):
            return list_school_days(since, since + timedelta(days=30), read_terms())[RELAPSE - 1]
    return None


def watched_until(returned_on: date) -> date | None:
    """The rest of the term, at least 60 days of term."""
    terms = sorted((t.first_day, t.last_day) for t in read_terms())
    term_end = next((last for _, last in terms if last >= returned_on), None)
    days = [first + timedelta(n) for first, last in terms for n in range((last - first).days + 1)]
    watched = [day for day in days if day > returned_on][:OBSERVATION]
    return max(term_end, watched[-1]) if term_end and len(watched) == OBSERVATION else None


def _wind_clock(case: Case, period: Bimester) -> None:
    """When an open case is due, and how many working days it is late on the issue date."""
    standing, word = case.standing, case.standing.word
    state, case.due_on, case.late = standing.state, None, None
    if state == CLOSED:
        return
    if state == "在册跟踪":
        case.due_on = word.holds_until if word else None
    elif state == "复学跟踪":
        case.due_on = watched_until(standing.returned_on) if standing.returned_on else None
    elif word is None and case.verify_by:
        case.due_on = case.verify_by
    elif word is not None and state == "待核实" and word.says in (*TRACKED, "外地就读有学籍", "外地就读无学籍") and _has_lapsed(word, period):
        case.due_on = add_working_days(word.holds_until or word.day, DAYS[state])
    else:
        case.due_on = add_working_days(word.day if word else case.opened_on, DAYS[state])
    if case.due_on is not None:
        case.late = count_working_days(case.due_on, default_issue_date(period))


def _has_lapsed(word: Word, period: Bimester) -> bool:
    return word.evident and word.holds_until is not None and word.holds_until < period.last_day


def count_working_days(after: date, until: date) -> int:
    """Working days after a day, to another and including it."""
    days = (after + timedelta(n) for n in range(1, (until - after).days + 1))
    return sum(map(is_working_day, days))


def own(case: Case, school: str, township: str, village: str | None, has_record: bool) -> tuple[str, str] | None:
    """Who has an open case now: the first owner by its opening; a late one goes up, a lost child to its 镇街 at once."""
    if not case.is_open:
        return None
    first = "village" if village else "township"
    by_record = case.opened_by in ("feedback", "leave_ended") and has_record
    if school and (by_record or case.opened_by in ("absent", "unaccounted", "transition_gap", "listed")):
        first = "school"
    level = first
    if case.state not in ("在册跟踪", "外地就读待转学", "复学跟踪"):
        late = case.late or 0
        level = "district" if late > TOWNSHIP_DAYS else "township" if late > 0 or case.state == "失联" else first
    if level == "township" and not township:
        level = "district"
    return level, {"school": school, "village": f"{township}{village}", "township": township}.get(level, "区教委")


def confirmed_in_year(docket: Docket, year: int) -> frozenset[int]:
    """Children whose open case says a dropout dated in a school year and is still 劝返中 or 失联."""
    first, last = date(year, 9, 1), date(year + 1, 8, 31)

    def in_year(days: Iterable[date]) -> bool:
        return any(first <= day <= last for day in days)

    return frozenset(
        child for child, case in docket.open.items() if case.state in OPEN_DROPOUT and in_year(case.standing.dropped_out)
    )
