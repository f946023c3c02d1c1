"""The years that the sample covers, and what each of its bimesters owes."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np

from schemas.bimester import Bimester
from schemas.calendar import list_months, list_school_days, read_terms

FIRST, LAST = Bimester(2024, 5), Bimester(2026, 4)
# (school year, term, first day, last day) in which roll events are dated
TERMS = (
    (2024, "秋季", date(2024, 9, 10), date(2025, 1, 10)),
    (2024, "春季", date(2025, 2, 20), date(2025, 6, 20)),
    (2024, "暑假", date(2025, 7, 8), date(2025, 8, 25)),
    (2025, "秋季", date(2025, 9, 10), date(2026, 1, 10)),
    (2025, "春季", date(2026, 3, 10), date(2026, 6, 20)),
)


@cache
def horizon() -> tuple[Bimester, ...]:
    """Every bimester that the sample can show."""
    return tuple(LAST.back(11))


@cache
def school_days(month: str) -> tuple[date, ...]:
    """School days of a month `YYYY-MM`."""
    year, number = map(int, month.split("-"))
    first = date(year, number, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return tuple(list_school_days(first, last, read_terms()))


@cache
def owed_months(period: Bimester, grade: int = 1) -> tuple[str, ...]:
    """Months of a period that owe attendance for a grade, oldest first."""
    months = list_months(period, read_terms())
    return tuple(m.month for m in months if (m.owed_grade_9 if grade == 9 else m.owed))


def last_owed(period: Bimester, grade: int) -> str | None:
    """The last of them, or None."""
    months = owed_months(period, grade)
    return months[-1] if months else None


def school_year_of(day: date) -> int:
    """Starting year of the school year of a day."""
    return Bimester.containing(day).school_year


def pick_days(first: date, last: date, count: int, rng: np.random.Generator) -> list[date]:
    """Days drawn between two days, both included."""
    span = (last - first).days + 1
    return [first + timedelta(days=int(offset)) for offset in rng.integers(0, span, count)]


def day_in(period: Bimester, share: float) -> date:
    """The day at a share (0 to 1) of a period."""
    return period.first_day + timedelta(days=int(share * (period.last_day - period.first_day).days))
