"""What is said of a child, and what it makes of a case: the rules of contract §6 in plain code, for the sample's truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from schemas.bimester import Bimester
from transforms.sample.truth_state import ELSEWHERE, TRACKED, UNITS, end_of_holding
from transforms.sample.world import World

OUT = ("劝返中", "失联")
CLOSED = "已销号"
BY_MOVEMENT = {"转出": "外地就读有学籍", "死亡": "死亡", "出国": "出国(境)", "休学": "休学", "转入中职": "中职就读", "复学": "复学"}
KINDS = ("verification", "turning", "persuasion", "movement")  # which stands last among words of one day and unit


@dataclass(frozen=True)
class Word:
    """One thing said: `told` is the period it takes effect in; `says` is a result, or what a visit or a turning brings."""

    child: int
    day: date
    told: str
    unit: str
    kind: str
    says: str
    evident: bool = True
    signed: bool = False
    ends_on: date | None = None
    left_on: date | None = None
    signed_on: date | None = None

    @property
    def order(self) -> tuple[Any, ...]:
        """By day, then the higher unit, then the later told."""
        return (self.day, UNITS.get(self.unit, 0), self.told, KINDS.index(self.kind))

    @property
    def holds_until(self) -> date | None:
        """The last day that a result which ends by itself holds."""
        if self.says in TRACKED:
            return self.ends_on
        return end_of_holding(self.day) if self.says in (*ELSEWHERE, "出国(境)") else None

    @property
    def held_when_told(self) -> bool:
        """A result that had lapsed before it came says nothing any more."""
        return self.holds_until is None or self.holds_until >= Bimester.parse(self.told).last_day


def list_words(world: World, first: Bimester) -> dict[str, list[Word]]:
    """Everything said, by the period in which it takes effect: told by it, dated by its end, and not before."""
    words: list[Word] = []
    for row in world.verifications.iter_rows(named=True):
        words.append(_word(row, first, "verification", row["unit"], row["result"], row["evident"], row["signed"], row["ends_on"],
                           signed_on=row["signed_on"]))
    for row in world.visits.iter_rows(named=True):
        words.append(_word(row, first, "persuasion", row["unit"], row["result"], left_on=row["left_on"]))
    ours = set(world.schools["school_code"])
    for row in world.movements.filter(pl.col("state") == "已办结").iter_rows(named=True):
        moves_on = row["kind"] != "转出" or (row["receiver"] and row["receiver"] not in ours)
        if row["kind"] in BY_MOVEMENT and moves_on:
            words.append(_word(row, first, "movement", "教委", BY_MOVEMENT[row["kind"]], True, True, row["ends_on"]))
    by_period: dict[str, list[Word]] = {}
    for word in sorted(words, key=lambda w: w.order):
        by_period.setdefault(word.told, []).append(word)
    return by_period


def _word(
    row: Mapping[str, Any], first: Bimester, kind: str, unit: str, says: str, evident: bool = True, signed: bool = False,
    ends_on: date | None = None, left_on: date | None = None, signed_on: date | None = None,
) -> Word:  # fmt: skip
    told = max(row["learned"], str(Bimester.containing(row["day"])), str(first))
    return Word(row["child"], row["day"], told, unit, kind, says, evident, signed, ends_on, left_on, signed_on)


@dataclass
class Standing:
    """Where the words heard so far put a case. `out`: what it is remembered as, once a dropout or lost ('' = never).

    `is_back`: of leaving and returning the last was a return; `relapsed_from`: the return that the last relapse undid.
    """

    state: str = "待核实"
    closed_as: str | None = None
    word: Word | None = None
    out: str = ""
    returned_on: date | None = None
    relapses: int = 0
    relapsed_from: date | None = None
    is_back: bool = False
    waits: bool = False
    dropped_out: list[date] = field(default_factory=list)


def hear(words: Iterable[Word], live_in: Mapping[str, frozenset[int]], period: Bimester) -> Standing:
    """Fold a case's words, oldest first. `live_in`: children with a live record, by period."""
    standing = Standing()
    for word in sorted(words, key=lambda w: w.order):
        if word.kind == "persuasion" and word.left_on:
            standing.dropped_out.append(word.left_on)
        if word.held_when_told and word.says not in ("承诺复学", "未返校"):
            _take(standing, word, live_in, period)
        elif word.left_on:
            _move(standing, word, "劝返中", "劝返中")
    return standing


def _take(standing: Standing, word: Word, live_in: Mapping[str, frozenset[int]], period: Bimester) -> None:
    now, then = word.child in live_in[str(period)], word.child in live_in[word.told]
    says, is_back = word.says, word.says in ("在校就读", "复学")
    made = find_made(word, live_in)
    moving = (says == "外地就读无学籍" and made is None) or (says == "外地就读有学籍" and now and then)
    proved = word.evident or says == "超龄" or (is_back and (now or then))
    until = word.holds_until
    if says == "确认辍学":
        standing.dropped_out.append(word.day)
    if says in ("失学", "确认辍学", "再次离校"):
        if standing.state == "复学跟踪":
            standing.relapses, standing.relapsed_from = standing.relapses + 1, standing.returned_on
        _move(standing, word, "劝返中", "劝返中")
    elif says == "失联":
        _move(standing, word, "失联", "失联")
    elif says == "已复学" or (is_back and standing.out):
        if standing.state != "复学跟踪":
            standing.returned_on = word.day
        _move(standing, word, "复学跟踪", "复学跟踪")
    elif says == "其他":
        _move(standing, word, "待核实", standing.out)
    elif not proved:
        _move(standing, word, "待补佐证", standing.out)
    elif says in TRACKED or moving:
        lapsed = until is not None and until < period.last_day
        _move(standing, word, "待核实" if lapsed else "在册跟踪" if says in TRACKED else "外地就读待转学", standing.out)
    elif standing.out and not word.signed and says not in ("超龄", "观察期满"):
        # a former dropout's closing waits for a second person
        _move(standing, word, standing.out, standing.out, waits=True)
    else:
        away = made is not None or (says == "外地就读有学籍" and (word.kind == "movement" or (then and not now)))
        named = {"观察期满": "复学巩固", "复学": "在校就读"}.get(says, says)
        _move(standing, word, CLOSED, "", closed_as="转学办结" if away else named)


def find_made(word: Word, live_in: Mapping[str, frozenset[int]]) -> date | None:
    """The last day of the first snapshot with a record, of a child said to be elsewhere without one that had none then."""
    if word.says != "外地就读无学籍" or word.child in live_in[word.told]:
        return None
    made = next((Bimester.parse(p).last_day for p in sorted(live_in) if p > word.told and word.child in live_in[p]), None)
    return made if made and made <= (word.holds_until or made) else None


def _move(
    standing: Standing, word: Word, state: str, out: str, closed_as: str | None = None, waits: bool = False
) -> None:  # fmt: skip
    standing.word, standing.state, standing.out = word, state, out
    standing.closed_as, standing.waits = closed_as, waits
    if state in (*OUT, "复学跟踪"):
        standing.is_back = state == "复学跟踪"
