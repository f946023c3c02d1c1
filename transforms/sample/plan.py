"""A file to be written: its name in the inbox and its sheets; and shared ways to fill them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from transforms.sample.faults import QUARANTINE
from transforms.sample.sheets import Sheet


@dataclass(frozen=True)
class FilePlan:
    """One file to deliver."""

    name: str
    sheets: list[Sheet]
    encoding: str = "utf-8-sig"


def strength_of(rule: str) -> str:
    """Quarantine or report, by rule."""
    return "quarantine" if rule in QUARANTINE else "report"


def add_faults(sheet: Sheet, faults: Iterable[tuple[int, str]]) -> Sheet:
    """Note the rules that rows of a sheet break; '' is none."""
    sheet.faults += [(row, rule, strength_of(rule)) for row, rule in faults if rule]
    return sheet


def to_rows(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> list[Sequence[Any]]:
    """Dicts to lines in column order; a missing value is an empty cell."""
    return [["" if (value := row.get(name)) is None else value for name in columns] for row in rows]
