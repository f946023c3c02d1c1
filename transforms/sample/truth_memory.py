"""What earlier periods of a sample leave to be known."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from schemas.bimester import Bimester
from transforms.sample.truth_cases import CLOSED, Docket
from transforms.sample.truth_state import Day


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
