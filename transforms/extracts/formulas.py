"""Formulas whose result was not saved: a reader finds such a cell empty, though whoever opens the sheet sees a value."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator

import polars as pl

from transforms.extracts.merges import LARGEST, number_column, sheet_paths

NO_RESULT = "公式没有保存结果"
_UNSAVED = re.compile(
    rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]+)(\d+)"[^>]*>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*'
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)


def list_unsaved(data: bytes) -> list[list[tuple[int, int]]]:
    """List for each sheet of an .xlsx file its formulas without a saved result as (column, row), 0-based.

    Other formats, damaged parts and very large sheets give none.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            return [list(_read_unsaved(book, path)) for path in sheet_paths(book)]
    except (KeyError, ValueError, zipfile.BadZipFile):
        return []


def mark_unsaved(cells: pl.DataFrame, places: Iterable[tuple[int, int]], first_column: int = 0) -> pl.DataFrame:
    """Write into each such cell that its result is missing, so that the rules can show it; c0 is Excel's `first_column`."""
    columns: dict[str, list[str | None]] = {}
    for column, row in places:
        name = f"c{column - first_column}"
        if name in cells.columns and row < cells.height:
            columns.setdefault(name, cells[name].to_list())[row] = NO_RESULT
    return cells.with_columns(pl.Series(name, values, dtype=pl.String) for name, values in columns.items())


def _read_unsaved(book: zipfile.ZipFile, path: str) -> Iterator[tuple[int, int]]:
    if book.getinfo(path).file_size > LARGEST:
        return
    for letters, row in _UNSAVED.findall(book.read(path)):
        yield number_column(letters.decode()), int(row) - 1
