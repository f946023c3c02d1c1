"""Who is who: identities of all extracts to persons, as contract §5 orders the ways of matching."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import NamedTuple

import polars as pl

FIELDS = ("id_number", "id_number_given", "registry_number", "name", "sex", "birth_date")


class Spelling(NamedTuple):
    """One identity as a row gives it; `given` is an id that is not valid."""

    id_number: str | None
    given: str | None
    registry_number: str | None
    name: str | None
    sex: str | None
    birth_date: date | None

    @property
    def digits(self) -> str | None:
        """学籍号 without its letter: L and J become G and stay the same person."""
        return self.registry_number[1:] if self.registry_number else None

    @property
    def triple(self) -> tuple[str, str, date] | None:
        """Name, sex and birth date, where all three are known."""
        return (self.name, self.sex, self.birth_date) if self.name and self.sex and self.birth_date else None


class Person(NamedTuple):
    """A person: how it is called here, and how each spelling led to it."""

    key: str
    how: str


def spell(frame: pl.DataFrame) -> list[Spelling]:
    """The spelling of every row; an extract that lacks a column does not know it."""
    columns = [frame[c].to_list() if c in frame.columns else [None] * frame.height for c in FIELDS]
    return [Spelling(*values) for values in zip(*columns, strict=True)]


def match_people(spellings: set[Spelling]) -> dict[Spelling, Person]:
    """Lead each spelling to a person: valid id; 学籍号; name + sex + birth date; a close id under the same name; among itself."""
    numbers = _owners((s.digits, s.id_number) for s in spellings if s.id_number and s.digits)
    triples = _owners((s.triple, s.id_number) for s in spellings if s.id_number and s.triple)
    names: dict[str | None, set[str]] = defaultdict(set)
    for s in spellings:
        if s.id_number:
            names[s.name].add(s.id_number)
    found: dict[Spelling, Person] = {}
    for s in spellings:
        if s.id_number:
            found[s] = Person(s.id_number, "id")
        elif s.digits in numbers:
            found[s] = Person(numbers[s.digits], "registry_number")
        elif s.triple in triples:
            found[s] = Person(triples[s.triple], "name_birth")
        elif s.given and len(near := {i for i in names[s.name] if is_close(s.given, i)}) == 1:
            found[s] = Person(near.pop(), "close_id")
    return found | _match_rest([s for s in spellings if s not in found], found)


def _owners(pairs) -> dict:
    """What leads to one id alone; shared by two, it names nobody."""
    seen = defaultdict(set)
    for what, who in pairs:
        seen[what].add(who)
    return {what: next(iter(who)) for what, who in seen.items() if len(who) == 1}


def is_close(given: str, valid: str) -> bool:
    """Equal but for one digit, or two neighbouring digits swapped."""
    if len(given) != 18:
        return False
    differ = [k for k in range(18) if given[k] != valid[k]]
    if len(differ) == 1:
        return True
    return (len(differ) == 2 and differ[1] == differ[0] + 1
            and given[differ[0]] == valid[differ[1]] and given[differ[1]] == valid[differ[0]])  # fmt: skip


def _match_rest(rest: list[Spelling], found: dict[Spelling, Person]) -> dict[Spelling, Person]:
    """Spellings that lead to no valid id: by a 学籍号 already placed, else among themselves."""
    placed = _owners((s.digits, p.key) for s, p in found.items() if s.digits)
    result = {s: Person(placed[s.digits], "registry_number") for s in rest if s.digits in placed}
    own = [s for s in rest if s not in result]
    group: dict[object, object] = {}

    def root(node):
        while group.get(node, node) != node:
            node = group[node]
        return node

    for s in own:  # the same faulty id and name make one person of two birth dates
        if s.triple:
            for node in (_faulty(s),) if _faulty(s) else ():
                group[root(node)] = root(s.triple)
    numbers = _owners((s.digits, root(s.triple)) for s in own if s.triple and s.digits)
    for s in own:
        if s.triple:
            result[s] = Person(str(root(s.triple)), "name_birth")
        elif s.digits:
            result[s] = Person(str(numbers.get(s.digits, s.digits)), "registry_number")
        elif _faulty(s):
            result[s] = Person(str(root(_faulty(s))), "close_id")
    return result


def _faulty(s: Spelling) -> tuple[str, str | None] | None:
    """A faulty id that still says something, with the name."""
    if s.given and len(s.given) >= 8 and "+" not in s.given:
        return (s.given, s.name)
    return None
