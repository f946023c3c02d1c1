"""Ledgers and lists as .xlsx: ids as text, frozen headings, print set-up, drop-downs; the same bytes each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

# Excel's built-in formats: 49 is @ (text), 1 is 0, 2 is 0.00.
FORMATS: dict[str, dict[str, Any]] = {
    "text": {"num_format": 49, "align": "left"},
    "centre": {"num_format": 49, "align": "center"},
    "count": {"num_format": 1, "align": "right"},
    "rate": {"num_format": 2, "align": "right"},
}
CELL = {"font_name": "宋体", "font_size": 10, "border": 1, "valign": "vcenter", "text_wrap": True}


@dataclass(frozen=True)
class SheetColumn:
    """One column: the frame's column, its Chinese heading, width in characters and kind.

    `kind` is text | centre | count | rate; `choices` make a drop-down, and only such cells stay unlocked by habit.
    """

    name: str
    heading: str
    width: float = 12
    kind: str = "text"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One sheet: title row, heading row, one row a frame row; `empty` is said where the frame has none."""

    name: str
    title: str
    columns: tuple[SheetColumn, ...]
    frame: pl.DataFrame
    note: str = ""
    empty: str = "本期无此项数据。"
    totals: int = 0


def write_workbook(sheets: Sequence[Sheet], issued: date, properties: Mapping[str, str]) -> bytes:
    """Return the .xlsx bytes. `issued` stamps the file; no clock is read."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False,
                                        "strings_to_urls": False})  # fmt: skip
    said = "；".join(f"{key}：{value}" for key, value in properties.items() if key != "作者")
    book.set_properties({"title": sheets[0].title, "author": properties.get("作者", ""), "keywords": said,
                         "created": datetime.combine(issued, time(0))})  # fmt: skip
    for sheet in sheets:
        _write_sheet(book, sheet)
    book.close()
    return buffer.getvalue()


def _write_sheet(book: xlsxwriter.Workbook, sheet: Sheet) -> None:
    page = book.add_worksheet(sheet.name)
    last = len(sheet.columns) - 1
    title = book.add_format({"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"})
    head = book.add_format({**CELL, "font_name": "黑体", "align": "center", "bg_color": "#E8EDF2"})
    if last:
        page.merge_range(0, 0, 0, last, sheet.title, title)
    else:
        page.write_string(0, 0, sheet.title, title)
    page.set_row(0, 30)
    page.set_row(1, 30)
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width)
        page.write_string(1, index, column.heading, head)
    _write_rows(book, page, sheet)
    _set_up_print(page, sheet)


def _write_rows(book: xlsxwriter.Workbook, page: Worksheet, sheet: Sheet) -> None:
    plain = {kind: book.add_format({**CELL, **look}) for kind, look in FORMATS.items()}
    heavy = {kind: book.add_format({**CELL, **look, "bold": True}) for kind, look in FORMATS.items()}
    rows = sheet.frame.select([column.name for column in sheet.columns]).rows()
    for number, row in enumerate(rows):
        looks = heavy if number >= len(rows) - sheet.totals else plain
        for index, (value, column) in enumerate(zip(row, sheet.columns, strict=True)):
            _write_cell(page, number + 2, index, value, looks[column.kind], column.kind)
    end = len(rows) + 2
    if not rows:
        page.write_string(2, 0, sheet.empty)
    elif sheet.note:
        page.write_string(end, 0, sheet.note)
    for index, column in enumerate(sheet.columns):
        if column.choices and rows:
            page.data_validation(
                2, index, end - 1, index, {"validate": "list", "source": list(column.choices)}
            )


def _write_cell(page: Worksheet, row: int, column: int, value: Any, look: Format, kind: str) -> None:
    """Numbers only in count and rate columns: everything else is text, so that no id loses a digit."""
    if value is None:
        page.write_blank(row, column, None, look)
    elif kind in ("count", "rate") and isinstance(value, int | float):
        page.write_number(row, column, value, look)
    else:
        page.write_string(row, column, str(value), look)


def _set_up_print(page: Worksheet, sheet: Sheet) -> None:
    page.freeze_panes(2, min(2, len(sheet.columns) - 1))
    page.repeat_rows(0, 1)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    page.set_footer("&C第&P页，共&N页")
    if sheet.frame.height:
        page.autofilter(1, 0, sheet.frame.height + 1 - sheet.totals, len(sheet.columns) - 1)
