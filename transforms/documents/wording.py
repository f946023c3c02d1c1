"""How figures are said: rates, dates, counts (contract §7 and GB/T 15835). No figure is computed here."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

MISSING = "—"
UNREPORTED = "未报送"


def print_rate(numerator: int | None, denominator: int | None) -> str:
    """Print a rate in per cent with two decimals (contract §7).

    100.00 only when both are equal, else at most 99.99 below it and at least 100.01 above it; 0.00 only when the
    numerator is 0, else at least 0.01. Half up, exactly. — where the denominator is ≤ 0 or a count is missing.
    """
    if numerator is None or denominator is None or denominator <= 0:
        return MISSING
    hundredths = _round_half_up(Fraction(numerator * 10000, denominator))
    if hundredths == 10000 and numerator != denominator:
        hundredths = 9999 if numerator < denominator else 10001
    if hundredths == 0 and numerator:
        hundredths = 1 if numerator > 0 else -1
    sign = "-" if hundredths < 0 else ""
    whole, part = divmod(abs(hundredths), 100)
    return f"{sign}{whole}.{part:02d}"


def print_percent(numerator: int | None, denominator: int | None) -> str:
    """As `print_rate`, with the per cent sign where there is a figure."""
    text = print_rate(numerator, denominator)
    return text if text == MISSING else f"{text}%"


def _round_half_up(value: Fraction) -> int:
    magnitude = int(abs(value) + Fraction(1, 2))
    return magnitude if value >= 0 else -magnitude


def print_date(day: date) -> str:
    """2025年7月5日, no leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def print_day(day: date) -> str:
    """7月5日, where the year is plain from the text."""
    return f"{day.month}月{day.day}日"


def print_count(count: int | None) -> str:
    """A count for a table cell; — where it is missing, which is not zero."""
    return MISSING if count is None else str(count)


def print_month(month: str) -> str:
    """2025-06 → 6月."""
    return f"{int(month[-2:])}月"


def join_names(names: list[str] | tuple[str, ...], limit: int = 5) -> str:
    """甲、乙、丙, and 等N个 where the list is longer than `limit`."""
    shown = "、".join(names[:limit])
    return shown if len(names) <= limit else f"{shown}等{len(names)}个"


def print_label(text: str) -> str:
    """出国(境) is 出国（境） on paper: half-width brackets belong to the codes."""
    return text.replace("(", "（").replace(")", "）")


DIGITS = "〇一二三四五六七八九"


def number_chinese(value: int) -> str:
    """1…99 in Chinese, for headings."""
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else DIGITS[tens] + "十")
    return head + (DIGITS[ones] if ones else "")


GRADES = {str(number): f"{DIGITS[number]}年级" for number in range(1, 10)}


def name_grade(grade: str | None) -> str:
    """8 → 八年级; "" where nobody gave one."""
    return GRADES.get(grade or "", "")


def name_class(grade: str | None, class_name: str | None) -> str:
    """8, 1 → 八年级1班; the grade alone where the class is not known."""
    return name_grade(grade) + (f"{class_name}班" if grade and class_name else "")


def shorten_village(name: str | None) -> str:
    """武城社区居民委员会 is 武城社区, 方家坝村村民委员会 is 方家坝村."""
    return (name or "").removesuffix("居民委员会").removesuffix("村民委员会")
