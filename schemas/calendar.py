"""School days, months that owe attendance, and Chinese working days.

The school calendar (校历) is declared data: `data/reference/school_calendar.csv`, replaced by the office's own.
National holidays and make-up working days (调休) come from the `chinese_calendar` package.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import chinese_calendar

from schemas.bimester import Bimester

SCHOOL_CALENDAR = Path(__file__).parent.parent / "data" / "reference" / "school_calendar.csv"


class CalendarGap(ValueError):
    """A year that no calendar covers; the message says which and what to fill in."""


@dataclass(frozen=True)
class Term:
    """One term (学期) of a school year: first and last school day, and the day of 中考."""

    school_year: int
    name: str
    first_day: date
    last_day: date
    exam_day: date | None
    verified: bool


def find_next_opening(day: date, terms: tuple[Term, ...]) -> date | None:
    """The first day of the next term for a day in the holidays; None inside a term, and where the calendar ends."""
    if any(term.first_day <= day <= term.last_day for term in terms):
        return None
    return min((term.first_day for term in terms if term.first_day > day), default=None)


@dataclass(frozen=True)
class OwedMonth:
    """One month of a period: its school days and the grades that owe attendance for it."""

    month: str
    school_days: int
    owed: bool
    owed_grade_9: bool


def read_terms(path: Path = SCHOOL_CALENDAR) -> tuple[Term, ...]:
    """Read the declared school calendar, one row a term."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return tuple(
            Term(
                int(row["school_year"]),
                row["term"],
                date.fromisoformat(row["first_day"]),
                date.fromisoformat(row["last_day"]),
                date.fromisoformat(row["exam_day"]) if row["exam_day"] else None,
                row["verified"] == "是",
            )
            for row in csv.DictReader(handle)
        )


@cache
def is_working_day(day: date) -> bool:
    """True on a Chinese working day, make-up days included. Raises CalendarGap beyond the table."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError as error:
        raise CalendarGap(f"{day.year}年的国家节假日安排尚未收入日历，请更新程序的节假日数据") from error


def add_working_days(day: date, count: int) -> date:
    """Return the day `count` working days after `day`; the clock starts the day after it."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def default_issue_date(period: Bimester) -> date:
    """First working day on or after the 10th of the month after the period (contract §1)."""
    day = period.next().first_day.replace(day=10)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def list_school_days(first: date, last: date, terms: tuple[Term, ...]) -> list[date]:
    """List working days inside a term, `first` to `last` inclusive.

    Raises CalendarGap when a day's school year has no row in the school calendar: never guessed.
    """
    known = {term.school_year for term in terms}
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    for year in sorted({Bimester.containing(day).school_year for day in days} - known):
        raise CalendarGap(f"校历缺{year}—{year + 1}学年，请在校历（school_calendar.csv）补充起止日期后重跑")
    in_term = [d for d in days if any(t.first_day <= d <= t.last_day for t in terms)]
    return [d for d in in_term if is_working_day(d)]


def list_months(period: Bimester, terms: tuple[Term, ...], owed_from: int = 5) -> tuple[OwedMonth, ...]:
    """List the two months of a period with what they owe (contract §1).

    A month owes attendance from `owed_from` school days on; grade 9 only before the month of 中考.
    """
    days = list_school_days(period.first_day, period.last_day, terms)
    exam_months = {t.exam_day.strftime("%Y-%m") for t in terms if t.exam_day and t.school_year == period.school_year}
    result = []
    for month in period.months:
        count = sum(d.strftime("%Y-%m") == month for d in days)
        owed = count >= owed_from
        result.append(OwedMonth(month, count, owed, owed and all(month < exam for exam in exam_months)))
    return tuple(result)
