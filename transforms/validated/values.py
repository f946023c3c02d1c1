"""Read one written value: date, month, year, number, 是/否, grade, code. Pure; None means it does not hold.

Every function takes cleaned text (half-width, no outer white space) and is called once for each distinct value.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, timedelta
from functools import cache

from schemas.codes import OPEN_LISTS, read_codes

OTHER_STAGE = "other"
_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_DATE = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_CLOCK = re.compile(r"[T\s]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
_SERIAL = re.compile(r"^[2-6]\d{4}(\.\d+)?$")
_EPOCH_1900 = date(1899, 12, 30)
SERIAL_1904_OFFSET = 1462

_MONTH = re.compile(r"^(\d{4})(?:[-/.年](\d{1,2})月?份?|(\d{2}))$")
_MONTH_ALONE = re.compile(r"^(\d{1,2})月份?$")
_YEAR = re.compile(r"^((?:19|20)\d{2})(?:[年级届]|学年)*(?:[-—~至](?:19|20)?\d{2}(?:学年|年)?)?$")
_NUMBER = re.compile(r"^\d+(\.\d+)?$")
_UNITS = re.compile(r"(人次?|名|天|日|元|次|套|场次?|小时|分钟|个|份)$")

YES = {"是", "有", "1", "1.0", "Y", "YES", "√", "✓", "✔", "☑", "TRUE", "T", "对", "已", "已制定"}
NO = {"否", "无", "0", "0.0", "N", "NO", "×", "✗", "✕", "X", "FALSE", "F", "不是", "没有", "未", "未制定"}

_OTHER = re.compile(r"^(普通)?(高|职高|中职|大专|学前|幼儿|托|小班|中班|大班|小小班|预备|十[一二]?年?级?$|1[0-2](年级|$|级$))")
_GRADE = (
    (re.compile(r"^(?:小学|培智|聋|盲)?部?([一二三四五六七八九1-9])年?级"), 0),
    (re.compile(r"^(?:小学|小)([一二三四五六1-6])"), 0),
    (re.compile(r"^(?:初中|中学)?([七八九7-9])年?级?"), 0),
    (re.compile(r"^(?:初中|初级中学)([一二三123])年?级"), 6),
    (re.compile(r"^初中?([一二三123])"), 6),
    (re.compile(r"^0?([1-9])(?:\.0)?$"), 0),
    (re.compile(r"^([一二三四五六七八九])$"), 0),
)


def parse_date(text: str) -> date | None:
    """Read a day in any notation of the contract, true date cells and Excel serials (1900) included."""
    text = _CLOCK.sub("", text).replace(" ", "")
    match = _DATE.match(text) or _COMPACT.match(text.removesuffix(".0"))
    if match:
        return _build(int(match[1]), int(match[2]), int(match[3]))
    if _SERIAL.match(text):
        return _EPOCH_1900 + timedelta(days=int(float(text)))
    return None


def _build(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1900 <= year <= 2100 else None
    except ValueError:
        return None


def parse_month(text: str, months: tuple[str, ...] = ()) -> str | None:
    """Read a month as YYYY-MM; 5月 alone is taken from the months of the period."""
    text = _CLOCK.sub("", text).replace(" ", "")
    match = _MONTH.match(text.removesuffix(".0") if len(text) == 8 else text)
    if match:
        year, month = int(match[1]), int(match[2] or match[3])
        return f"{year}-{month:02d}" if 1 <= month <= 12 and 1900 <= year <= 2100 else None
    alone = _MONTH_ALONE.match(text)
    if alone:
        return next((month for month in months if int(month[5:]) == int(alone[1])), None)
    day = parse_date(text)
    return day.strftime("%Y-%m") if day else None


def parse_year(text: str) -> int | None:
    """Read a year: 2019, 2019年, 2019级, 2019-2020学年 (its first)."""
    match = _YEAR.match(text.replace(" ", "").removesuffix(".0"))
    if match:
        return int(match[1])
    day = parse_date(text)
    return day.year if day else None


LARGEST = 2**31 - 1  # of an INTEGER column: a school's code typed among the counts is beyond it


def parse_number(text: str) -> float | None:
    """Read a count or amount that is not negative; thousands commas and a unit behind are fine."""
    text = _UNITS.sub("", text.replace(" ", "").replace(",", "").lstrip("¥￥"))
    number = float(text) if _NUMBER.match(text) else math.inf
    return number if math.isfinite(number) else None


def parse_integer(text: str) -> int | None:
    """Read a whole number that is not negative."""
    number = parse_number(text)
    return int(number) if number is not None and number <= LARGEST and number == int(number) else None


def parse_boolean(text: str) -> bool | None:
    """Read 是/否 in the spellings of the contract."""
    word = text.upper()
    return True if word in YES else False if word in NO else None


def parse_grade(text: str) -> str | None:
    """Read a grade as text 1–9; OTHER_STAGE for 高一, 中班 and the like; None when it is no grade."""
    text = re.sub(r"[\s()]", "", text)
    if _OTHER.match(text):
        return OTHER_STAGE
    for pattern, offset in _GRADE:
        match = pattern.match(text)
        if match:
            return str((_DIGITS.get(match[1]) or int(match[1])) + offset)
    return None


@cache
def _folded(list_name: str) -> dict[str, str]:
    return {fold(spelling): value for spelling, value in read_codes(list_name).items()}


def fold(text: str) -> str:
    """Fold a code's spelling: half-width, no white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def parse_code(text: str, list_name: str) -> str | None:
    """Read a value of a code list: the word, an alias, a code, or code and word together (“01 汉族”, “1-男”)."""
    known, word = _folded(list_name), fold(text)
    parts = (word, re.sub(r"\.0$", "", word), re.sub(r"^[0-9A-Za-z]{1,2}[-_.、:/—]*(?=\D)", "", word),
             re.sub(r"[-_.、:/—(]*[0-9A-Za-z]{1,2}\)?$", "", word))  # fmt: skip
    found = next((known[part] for part in parts if part in known), None)
    return found or (text if list_name in OPEN_LISTS else None)


def parse_codes(text: str, list_name: str) -> str | None:
    """Read several values of a list in one cell, joined again with 、; None when one is unknown."""
    values = [parse_code(part, list_name) for part in re.split(r"[、,，;；/\s]+", text) if part]
    return "、".join(dict.fromkeys(v for v in values if v)) if values and all(values) else None
