"""Schools by code and name; 镇街 and 村社 by name. Built from the registers held and delivered."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

REFERENCE_AREAS = Path(__file__).parents[2] / "data" / "reference" / "rongchang_areas.csv"

_REGION = re.compile(r"^(重庆市|重庆)?(荣昌区|荣昌县|荣昌(?=.{4,}))?")
_VILLAGE_END = re.compile(r"(村民委员会|社区居民委员会|社区居委会|居民委员会|村委会|居委会|社区|居委|村)$")
_TOWNSHIP_END = re.compile(r"(街道办事处|办事处|人民政府|镇政府|街道办)$")

# Grades that each kind of school teaches (办学类型).
OFFERED = {
    "小学": range(1, 7), "教学点": range(1, 7), "初级中学": range(7, 10), "完全中学": range(7, 10),
    "九年一贯制学校": range(1, 10), "十二年一贯制学校": range(1, 10), "特殊教育学校": range(1, 10),
    "中等职业学校": range(0),
}  # fmt: skip


def squeeze(text: str) -> str:
    """Reduce a name: half-width, no white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def short_school(name: str) -> str:
    """Drop 重庆市 and 荣昌区 in front of a school's name."""
    return _REGION.sub("", squeeze(name))


def short_village(name: str) -> str:
    """Reduce a village's name to its own part: 黄檀村村民委员会 and 黄檀村 both read 黄檀."""
    text = squeeze(name)
    return _VILLAGE_END.sub("", _VILLAGE_END.sub("", text)) or text


@dataclass(frozen=True)
class Schools:
    """Known schools: code → 办学类型, and the codes that a (short) name can mean."""

    types: dict[str, str] = field(default_factory=dict)
    names: dict[str, frozenset[str]] = field(default_factory=dict)

    def find_by_name(self, name: str) -> str | None:
        """Return the code of a school by its name, when exactly one school is called so."""
        codes = self.names.get(short_school(name), frozenset())
        return next(iter(codes)) if len(codes) == 1 else None

    def find_in(self, text: str) -> str | None:
        """Return the code of the school whose name (the longest) or code stands in a text."""
        text = squeeze(text)
        for code in re.findall(r"(?<!\d)\d{10}(?!\d)", text):
            if code in self.types:
                return code
        found = [name for name in self.names if len(name) >= 4 and name in text]
        return self.find_by_name(max(found, key=len)) if found else None


def build_schools(frames: Iterable[pl.DataFrame]) -> Schools:
    """Build from validated school registers, oldest first; a code once known stays known (merged schools)."""
    types: dict[str, str] = {}
    names: dict[str, set[str]] = {}
    for frame in frames:
        for code, name, kind in frame.select("school_code", "school_name", "school_type").iter_rows():
            types[code] = kind
            names.setdefault(short_school(name), set()).add(code)
    return Schools(types, {name: frozenset(codes) for name, codes in names.items()})


@dataclass(frozen=True)
class Areas:
    """Known 镇街 by every accepted spelling, and 村社 by (镇街, short name)."""

    townships: dict[str, str] = field(default_factory=dict)
    villages: dict[tuple[str, str], str] = field(default_factory=dict)
    delivered: bool = False

    def find_township(self, text: str) -> str | None:
        """Return the canonical 镇街 that a text names."""
        name = _REGION.sub("", squeeze(text))
        return self.townships.get(name) or self.townships.get(_TOWNSHIP_END.sub("", name))

    def find_township_in(self, text: str) -> str | None:
        """Return the one 镇街 whose full name stands in a text; two different ones are none."""
        text = squeeze(text)
        found = {full for full in set(self.townships.values()) if full in text}
        return found.pop() if len(found) == 1 else None

    def find_village(self, township: str | None, text: str) -> str | None:
        """Return the canonical 村社 inside its 镇街; without a 镇街 only when one village is called so."""
        name = squeeze(text)
        if township:
            name = name.removeprefix(township) or name
            return self.villages.get((township, short_village(name)))
        found = {full for (_, short), full in self.villages.items() if short == short_village(name)}
        return found.pop() if len(found) == 1 else None


def build_areas(rows: Iterable[tuple[str, str, str | None]], delivered: bool) -> Areas:
    """Build from (层级, 名称, 上级镇街) rows, oldest first."""
    rows = [(level, squeeze(name), squeeze(parent) if parent else None) for level, name, parent in rows if name]
    full_names = sorted({_REGION.sub("", name) for level, name, _ in rows if level == "镇街"})
    spellings: dict[str, set[str]] = {}
    for full in full_names:
        for spelling in (full, re.sub(r"(街道|镇|乡)$", "", full)):
            spellings.setdefault(spelling, set()).add(full)
    townships = {spelling: next(iter(full)) for spelling, full in spellings.items() if len(full) == 1}
    areas = Areas(townships, {}, delivered)
    villages = {
        (areas.find_township(parent) or parent, short_village(name)): name
        for level, name, parent in rows
        if level == "村社" and parent
    }
    return Areas(townships, villages, delivered)


def read_reference_areas(path: Path = REFERENCE_AREAS) -> list[tuple[str, str, str | None]]:
    """Read the district's published 镇街 and 村社 as rows for build_areas."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return [
            ("镇街" if row["level"] == "township" else "村社", row["name"], row["township"] or None)
            for row in csv.DictReader(handle)
        ]
