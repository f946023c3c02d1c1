"""Formulas whose result was not saved: a reader finds such a cell empty, though whoever opens the sheet sees a value."""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from transforms.extracts.merges import number_column

NO_RESULT = "公式没有保存结果"
_FORMULA = re.compile(rb"f(?<=[<:]f)[\s/>]")
_UNSAVED = re.compile(
    rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]+)(\d+)"[^>]*>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*'
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)


def find_unsaved(part: bytes) -> list[tuple[int, int]]:
    """List a sheet's formulas without a saved result as (column, row), 0-based."""
    found = _UNSAVED.findall(part) if _FORMULA.search(part) else []
    return [(number_column(letters.decode()), int(row) - 1) for letters, row in found]


def mark_unsaved(cells: pl.DataFrame, places: Iterable[tuple[int, int]], first_column: int = 0) -> pl.DataFrame:
    """Write into each such cell that its result is missing, so that the rules can show it; c0 is Excel's `first_column`."""
    columns: dict[str, list[str | None]] = {}
    for column, row in places:
        name = f"c{column - first_column}"
        if name in cells.columns and row < cells.height:
            columns.setdefault(name, cells[name].to_list())[row] = NO_RESULT
    return cells.with_columns(pl.Series(name, values, dtype=pl.String) for name, values in columns.items())
