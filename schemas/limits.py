"""Limits on a school's work (减负提质): declared in `limits.csv` with authority and dates, read once.

A limit without `item` has no column in the monthly self-report and is not computed. One that is not `verified` waits
for its text (待补) and judges nobody.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Limit:
    """One limit: the column it judges, the 年级段 it covers, its direction (at_most, at_least), value, dates, authority."""

    limit: str
    item: str
    title: str
    grade_bands: tuple[str, ...]
    direction: str
    value: float | None
    unit: str
    in_force_from: date | None
    in_force_until: date | None
    authority: str
    verified: bool

    @property
    def is_computed(self) -> bool:
        """Whether the monthly self-report can be judged by it."""
        return self.verified and bool(self.item)


@cache
def read_limits() -> tuple[Limit, ...]:
    """Read every declared limit, in declared order. An unknown direction or a computed limit without value is an error."""
    with (Path(__file__).parent / "limits.csv").open(encoding="utf-8", newline="") as handle:
        limits = tuple(_read_limit(row) for row in csv.DictReader(handle))
    for limit in limits:
        if limit.direction not in ("at_most", "at_least") or (limit.is_computed and limit.value is None):
            raise ValueError(f"limits.csv: {limit.limit} has no direction or no value")
    return limits


def _read_limit(row: dict[str, str]) -> Limit:
    return Limit(
        row["limit"], row["item"], row["title"], tuple(row["grade_bands"].split("|")), row["direction"],
        float(row["value"]) if row["value"] else None, row["unit"], _read_day(row["in_force_from"]),
        _read_day(row["in_force_until"]), row["authority"], row["verified"] == "true",
    )  # fmt: skip


def _read_day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
