"""A bimester (双月): the period of every run, table and paper."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

PATTERN = re.compile(r"^(\d{4})-B([1-6])$")


@dataclass(frozen=True, order=True)
class Bimester:
    """Two calendar months: `2025-B3` is May and June 2025 (contract §1)."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 6:
            raise ValueError(f"双月序号应为1至6，收到{self.number}")

    @classmethod
    def parse(cls, text: str) -> Bimester:
        """Read `YYYY-Bn`. Raises ValueError with a Chinese message."""
        match = PATTERN.match(text.strip())
        if not match:
            raise ValueError(f"期间“{text}”写法不对，应写成如 2025-B3（2025年5—6月）")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def containing(cls, day: date) -> Bimester:
        """Return the bimester a day falls in."""
        return cls(day.year, (day.month + 1) // 2)

    def __str__(self) -> str:
        return f"{self.year}-B{self.number}"

    @property
    def months(self) -> tuple[str, str]:
        """The two months as `YYYY-MM`."""
        first = self.number * 2 - 1
        return f"{self.year}-{first:02d}", f"{self.year}-{first + 1:02d}"

    @property
    def first_day(self) -> date:
        """First day of the first month."""
        return date(self.year, self.number * 2 - 1, 1)

    @property
    def last_day(self) -> date:
        """Last day of the second month: the `as_of` of every figure."""
        month = self.number * 2
        return date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def label(self) -> str:
        """The period as papers print it: 2025年5—6月."""
        return f"{self.year}年{self.number * 2 - 1}—{self.number * 2}月"

    @property
    def school_year(self) -> int:
        """Starting year of the school year (学年): 1 September to 31 August; B5 opens it."""
        return self.year if self.number >= 5 else self.year - 1

    @property
    def is_summer(self) -> bool:
        """July–August: no attendance is owed and the report has its own shape."""
        return self.number == 4

    def previous(self) -> Bimester:
        """The bimester before."""
        return Bimester(self.year, self.number - 1) if self.number > 1 else Bimester(self.year - 1, 6)

    def next(self) -> Bimester:
        """The bimester after."""
        return Bimester(self.year, self.number + 1) if self.number < 6 else Bimester(self.year + 1, 1)

    def back(self, count: int) -> list[Bimester]:
        """Return this bimester and `count` before it, oldest first."""
        periods = [self]
        for _ in range(count):
            periods.insert(0, periods[0].previous())
        return periods


def school_year_label(school_year: int) -> str:
    """2024 → 2024—2025学年."""
    return f"{school_year}—{school_year + 1}学年"
