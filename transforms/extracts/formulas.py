"""Formulas without a saved result, or with an error for one: a reader finds such a cell empty, though who opens the sheet does not."""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from transforms.extracts.merges import number_column

NO_RESULT = "公式没有保存结果"
# What a failed formula shows. #N/A is not here: a look-up that found nothing is an empty cell.
ERRORS = ("#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")
_FORMULA = re.compile(rb"f(?<=[<:]f)[\s/>]")
_UNSAVED = re.compile(
    rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]+)(\d+)"[^>]*>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*'
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_FAILED = re.compile(
    rb'<(?:\w+:)?c\s(?=[^>]*?\bt="e")[^>]*?\br="([A-Z]+)(\d+)"[^>]*>\s*(?:<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*)?'
    rb"<(?:\w+:)?v>([^<]*)</(?:\w+:)?v>"
)


def find_failed(part: bytes) -> list[tuple[int, int, str]]:
    """List a sheet's formulas whose result cannot be taken as (column, row, what to show), 0-based."""
    unsaved = _UNSAVED.findall(part) if _FORMULA.search(part) else []
    failed = _FAILED.findall(part) if b't="e"' in part else []
    shown = [(letters, row, NO_RESULT) for letters, row in unsaved]
    shown += [(letters, row, text) for letters, row, said in failed if (text := said.decode()) in ERRORS]
    return [(number_column(letters.decode()), int(row) - 1, text) for letters, row, text in shown]


def mark_failed(cells: pl.DataFrame, places: Iterable[tuple[int, int, str]], first_column: int = 0) -> pl.DataFrame:
    """Write into each such cell what is wrong with it, so that the rules can show it; c0 is Excel's `first_column`."""
    columns: dict[str, list[str | None]] = {}
    for column, row, text in places:
        name = f"c{column - first_column}"
        if name in cells.columns and row < cells.height:
            columns.setdefault(name, cells[name].to_list())[row] = text
    return cells.with_columns(pl.Series(name, values, dtype=pl.String) for name, values in columns.items())
