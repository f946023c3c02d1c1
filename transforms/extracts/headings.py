"""Headings as people write them, reduced to the form by which they are looked up."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from schemas.extracts import EXTRACTS, Extract

_MARKS = re.compile(r"\((?:必填|选填|必填项|选填项|必须填写)\)|[*★☆※]|^\d{1,2}[.、](?=\D)")
_SPACE = re.compile(r"[\s\u200b-\u200f\ufeff]+")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")

# The school may be told by name wherever its code is asked for (contract §3, registry and the school's own lists).
SCHOOL_NAME = "school_name"


@lru_cache(maxsize=10_000)
def plain(text: str) -> str:
    """Reduce a heading: full-width to half-width, no white space or line breaks, no 必填 marks."""
    return _MARKS.sub("", _SPACE.sub("", unicodedata.normalize("NFKC", text))).strip(":")


@lru_cache(maxsize=10_000)
def bare(text: str) -> str:
    """Reduce further: drop anything in brackets, such as 出生日期(YYYY-MM-DD)."""
    return _BRACKETS.sub("", plain(text))


@cache
def read_headings(extract_name: str) -> dict[str, str]:
    """Map every accepted heading of one extract, in plain form, to its column."""
    extract = EXTRACTS[extract_name]
    fields = list(extract.fields)
    found: dict[str, str] = {}
    for field in fields:
        for text in (field.title, *field.aliases):
            found.setdefault(plain(text), field.name)
    for field in fields:
        found[plain(field.title)] = field.name
    if wants_school_name(extract):
        for text in school_name_headings():
            found.setdefault(plain(text), SCHOOL_NAME)
    return found


def wants_school_name(extract: Extract) -> bool:
    """Whether a column of school names can stand in for the school code of this extract."""
    return extract.name != "school" and extract.has("school_code") and not extract.has(SCHOOL_NAME)


def school_name_headings() -> tuple[str, ...]:
    """The headings under which a school's name stands."""
    field = next(f for f in EXTRACTS["registry"].fields if f.name == SCHOOL_NAME)
    return field.title, *field.aliases


def match_headings(extract_name: str, cells: tuple[str, ...]) -> dict[str, int]:
    """Find the columns of one extract in a row of cells: column name → cell index, first one wins.

    A heading that matches as it stands goes before one that matches without its brackets.
    """
    known = read_headings(extract_name)
    found: dict[str, int] = {}
    for reduce in (plain, bare):
        for index, cell in enumerate(cells):
            field = known.get(reduce(cell)) if cell else None
            if field and field not in found and index not in found.values():
                found[field] = index
    return found


@cache
def all_headings() -> dict[str, tuple[str, ...]]:
    """Map every heading of any extract, in plain form, to the extracts that know it."""
    known: dict[str, list[str]] = {}
    for name in EXTRACTS:
        for heading in read_headings(name):
            known.setdefault(heading, []).append(name)
    return {heading: tuple(names) for heading, names in known.items()}
