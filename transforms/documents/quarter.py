"""The calendar quarter that a bimester closes: 一季度一复核 of the 2024 notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from schemas.bimester import Bimester


@dataclass(frozen=True)
class Quarter:
    """A calendar quarter, reviewed with the first bimester that covers its last month (2024 notice: 一季度一复核)."""

    year: int
    number: int

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def last_day(self) -> date:
        """Its last day."""
        return date(self.year + self.number // 4, self.number * 3 % 12 + 1, 1) - timedelta(days=1)

    @property
    def label(self) -> str:
        """2025年第三季度."""
        return f"{self.year}年第{'一二三四'[self.number - 1]}季度"


def find_quarter(period: Bimester) -> Quarter | None:
    """The quarter that a bimester closes: B2 (March), B3 (June), B5 (September), B6 (December); none with B1 and B4."""
    number = {2: 1, 3: 2, 5: 3, 6: 4}.get(period.number)
    return Quarter(period.year, number) if number else None
