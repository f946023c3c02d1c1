"""Cells merged downwards in .xlsx sheets: their value belongs to every row they span (年级 beside its classes)."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator

import polars as pl

# Exports of whole registers have no merged cells, and unpacking them again would cost seconds.
LARGEST = 20_000_000
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_SHEET = re.compile(r'<(?:\w+:)?sheet\s[^>]*?r:id="([^"]+)"')
_TARGET = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")


def read_parts(data: bytes) -> Iterator[bytes]:
    """Give each sheet of an .xlsx file as it is written, in the workbook's order; nothing of a very large one.

    Raises KeyError, ValueError or BadZipFile on other formats and damaged files.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        for path in _sheet_paths(book):
            yield book.read(path) if book.getinfo(path).file_size <= LARGEST else b""


def find_merged(part: bytes) -> list[tuple[int, int, int]]:
    """List a sheet's downward merges as (column, first row, last row), 0-based."""
    found = _MERGED.findall(part) if b"mergeCell" in part else []
    return [
        (number_column(left.decode()), int(top) - 1, int(bottom) - 1)
        for left, top, right, bottom in found if left == right and top != bottom
    ]  # fmt: skip


def fill_merged(cells: pl.DataFrame, merges: list[tuple[int, int, int]], first_column: int = 0) -> pl.DataFrame:
    """Write the value of each downward merge into the empty rows below it; c0 is Excel's `first_column`."""
    columns: dict[str, list[str | None]] = {}
    filled: dict[str, int] = {}
    for column, first, last in sorted(merges):
        name = f"c{column - first_column}"
        if name not in cells.columns or first >= cells.height or first <= filled.get(name, -1):
            continue  # merges never overlap, but a made-up file could say a million times that they do
        filled[name] = last
        values = columns.get(name) or cells[name].to_list()
        for row in range(first + 1, min(last + 1, cells.height)):
            values[row] = values[row] or values[first]
        columns[name] = values
    return cells.with_columns(pl.Series(name, values, dtype=pl.String) for name, values in columns.items())


def _sheet_paths(book: zipfile.ZipFile) -> Iterator[str]:
    """The part of each sheet, in the workbook's order. Raises KeyError when the package lacks one."""
    relations = book.read("xl/_rels/workbook.xml.rels").decode()
    targets = {}
    for tag in _TARGET.findall(relations):
        parts = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        targets[parts["Id"]] = parts["Target"]
    for relation in _SHEET.findall(book.read("xl/workbook.xml").decode()):
        yield posixpath.normpath(posixpath.join("/xl", targets[relation])).lstrip("/")


def number_column(letters: str) -> int:
    """The 0-based number of an Excel column: A is 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
