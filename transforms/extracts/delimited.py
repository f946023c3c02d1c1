"""Text files: encoding, separator, rows of cells."""

from __future__ import annotations

import codecs
import csv
import io

import polars as pl

from transforms.extracts.guard import LONGEST_LINE, MOST_COLUMNS, TooLarge, check_area

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
SEPARATORS = (",", "\t", ";")


def decode(data: bytes) -> tuple[str, str]:
    """Decode text and name its encoding. Always GB18030, never GBK: 4-byte names. Raises UnicodeError."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding), encoding.removesuffix("-sig")
    zeros = data[:4000].count(0)
    if zeros:
        if zeros * 10 < len(data[:4000]):
            raise UnicodeError("binary")
        little = data[:4000:2].count(0) < data[1:4000:2].count(0)
        return data.decode("utf-16-le" if little else "utf-16-be"), "utf-16"
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("gb18030"), "gb18030"


def choose_separator(lines: list[str]) -> str:
    """Choose the separator that most of the first lines carry, the more frequent one on a tie."""
    return max(SEPARATORS, key=lambda s: (sum(s in line for line in lines), sum(line.count(s) for line in lines)))


def _check_size(lines: list[str], width: int) -> None:
    longest = max(range(len(lines)), key=lambda number: len(lines[number]))
    if len(lines[longest]) > LONGEST_LINE:
        raise TooLarge(f"第{longest + 1}行长达{len(lines[longest])}字，不像表格")
    if width > MOST_COLUMNS:
        raise TooLarge(f"一行多达{width}列，最多{MOST_COLUMNS}列")
    check_area(len(lines), width)


def read_delimited(data: bytes) -> tuple[pl.DataFrame, str]:
    """Read delimited text into columns c0, c1, … of text; blank lines stay rows. Raises UnicodeError, TooLarge."""
    text, encoding = decode(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    lines = text.split("\n")
    separator = choose_separator([line for line in lines[:60] if line.strip()])
    width = max(line.count(separator) for line in lines) + 1
    _check_size(lines, width)
    schema = {f"c{i}": pl.String for i in range(width)}
    if text.startswith("\n"):  # a blank first line would be taken for the number of columns
        text = separator * (width - 1) + text
    try:
        cells = pl.read_csv(
            text.encode(), has_header=False, schema=schema, separator=separator, missing_columns="insert",
            truncate_ragged_lines=True,
        )  # fmt: skip
    except pl.exceptions.PolarsError:  # a stray quotation mark: the slower reader forgives it
        rows = list(csv.reader(io.StringIO(text), delimiter=separator))
        cells = pl.DataFrame([(*row, *[None] * (width - len(row))) for row in rows], schema=schema, orient="row")
    used = [name for name in cells.columns if cells[name].null_count() < cells.height]
    return cells.select(used).rename({old: f"c{i}" for i, old in enumerate(used)}), encoding
