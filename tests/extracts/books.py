"""Small files as an office sends them, for tests. No real persons."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
import xlwt

Rows = Sequence[Sequence[Any]]
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def make_id(serial: int = 1, birth: str = "20150901", place: str = "500153") -> str:
    """An invented id with a valid check character; an odd serial is a boy."""
    body = f"{place}{birth}{serial:03d}"
    return body + "10X98765432"[sum(int(a) * b for a, b in zip(body, WEIGHTS, strict=True)) % 11]


def write_xlsx(path: Path, sheets: dict[str, Rows], hidden: Sequence[str] = (), **options: Any) -> Path:
    """Write a workbook; None and '' leave a cell empty."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(str(path), options)
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        if name in hidden:
            page.hide()
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if value not in (None, ""):
                    page.write(r, c, value, book.add_format({"num_format": "yyyy-mm-dd"}) if _is_day(value) else None)
    book.close()
    return path


def _is_day(value: Any) -> bool:
    return hasattr(value, "strftime")


def write_xls(path: Path, sheets: dict[str, Rows]) -> Path:
    """Write an old .xls workbook."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlwt.Workbook()
    for name, rows in sheets.items():
        page = book.add_sheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if value not in (None, ""):
                    page.write(r, c, value)
    book.save(str(path))
    return path


def write_text(path: Path, rows: Rows, encoding: str = "utf-8", separator: str = ",") -> Path:
    """Write delimited text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [separator.join("" if cell is None else str(cell) for cell in row) for row in rows]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return path


def say_nothing(text: str) -> None:
    """Progress that nobody reads."""
