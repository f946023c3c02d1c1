"""Ledgers and lists as .xlsx: ids as text, frozen headings, print set-up, drop-downs; the same bytes each time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from io import BytesIO
from itertools import accumulate
from math import ceil
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from transforms.documents.layout import break_heading
from transforms.documents.quick_sheet import QuickSheet
from transforms.documents.wording import print_label, shorten_village

# Excel's built-in formats: 49 is @ (text), 1 is 0, 2 is 0.00. Figures are centred, as in the papers' own tables.
FORMATS: dict[str, dict[str, Any]] = {
    "text": {"num_format": 49, "align": "left"},
    "village": {"num_format": 49, "align": "left"},
    "centre": {"num_format": 49, "align": "center"},
    "count": {"num_format": 1, "align": "center"},
    "rate": {"num_format": 2, "align": "center"},
}
# What is to be filled in stands on pale yellow.
OPEN_COLOUR = "#FFFBE6"
# Millimetres between the margins of half an inch, and how far 10 pt may shrink to fit them: printed text has at least 8 pt.
A4_UPRIGHT, A4_ACROSS, A3_ACROSS = 184.6, 271.6, 394.6
LEAST_SCALE = 0.8
A4, A3 = 9, 8
LINE_HEIGHT = 13.5
BETWEEN = 3.0  # what several lines need from the rules above and below
HAND_HEIGHT = 27.0
MARK = "稿别"
CELL = {"font_name": "宋体", "font_size": 10, "border": 1, "valign": "vcenter", "text_wrap": True}


@dataclass(frozen=True)
class SheetColumn:
    """One column: the frame's column, its Chinese heading, width in characters and kind.

    `kind` is text | centre | village | count | rate; a village is printed as people call it. `choices` make a drop-down;
    `open_choices`: other words are let in too.
    `answer`: to be filled in by whoever gets the sheet, so its cells stay unlocked. `hint` shows beside a chosen cell.
    """

    name: str
    heading: str
    width: float = 12
    kind: str = "text"
    choices: tuple[str, ...] = ()
    open_choices: bool = False
    answer: bool = False
    hint: str = ""


@dataclass(frozen=True)
class Printing:
    """The paper a sheet prints on: Excel's number of it, whether it lies across, and how many pages stand side by side."""

    paper: int
    lies: bool
    pages: int = 1


def measure_mm(width: float) -> float:
    """A column's width on paper: 7 pixels a character and 5 beside, at 96 to the inch."""
    return (7 * width + 5) * 25.4 / 96


@dataclass(frozen=True)
class Sheet:
    """One sheet: title row, `lead` line if any, heading row, one row a frame row; `empty` is said where it has none.

    `is_form`: protected without a password; answer cells and the `spare` lines below stay open. `foot`: the line of
    signatures under the table. `least_height`: points a row has at least (HAND_HEIGHT where it is filled in by hand).
    """

    name: str
    title: str
    columns: tuple[SheetColumn, ...]
    frame: pl.DataFrame
    note: str = ""
    empty: str = "本期无此项数据。"
    totals: int = 0
    lead: str = ""
    foot: str = ""
    spare: int = 0
    is_form: bool = False
    least_height: float = 0.0

    @property
    def printing(self) -> Printing:
        """The smallest paper on which its text stays legible."""
        full = sum(measure_mm(column.width) for column in self.columns)
        least = LEAST_SCALE * full
        if (least if self.is_form else full) <= A4_UPRIGHT:
            return Printing(A4, False)
        if least <= A4_ACROSS:
            return Printing(A4, True)
        return Printing(A3, True, ceil(least / A3_ACROSS))

    @property
    def first_page(self) -> int:
        """0-based last column of the first page across."""
        share = sum(column.width for column in self.columns) / self.printing.pages
        run = list(accumulate(column.width for column in self.columns))
        return max(0, sum(width <= share + 0.01 for width in run) - 1)

    @property
    def repeated(self) -> int:
        """How many columns stand on every page across: whom the row is about, and as many as the title is wide."""
        names, run = [column.name for column in self.columns], list(accumulate(column.width for column in self.columns))
        title = 1.6 * _measure(self.title)  # 16 pt beside 10
        wide = next((n for n, width in enumerate(run, 1) if width >= title), len(run))
        return max(wide, names.index("name") + 1 if "name" in names else 0)

    @property
    def head_row(self) -> int:
        """0-based row of the headings."""
        return 2 if self.lead else 1

    @property
    def end_row(self) -> int:
        """0-based row below the last line, spare lines included."""
        return self.head_row + 1 + self.frame.height + self.spare


def describe_file(author: str, period: object, version: int, manifest_id: str, draft: bool) -> dict[str, str]:
    """The properties of a workbook of one run; a draft is marked 送审稿."""
    known = {"作者": author, "期间": str(period), "版本": f"v{version}", "清单编号": manifest_id}
    return known | ({MARK: "送审稿"} if draft else {})


def write_workbook(sheets: Sequence[Sheet], issued: date, properties: Mapping[str, str]) -> bytes:
    """Return the .xlsx bytes. `issued` stamps the file; no clock is read. A 稿别 among the properties stands in every title."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False,
                                        "strings_to_urls": False})  # fmt: skip
    said = "；".join(f"{key}：{value}" for key, value in properties.items() if key != "作者")
    book.set_properties({"title": sheets[0].title, "author": properties.get("作者", ""), "keywords": said,
                         "created": datetime.combine(issued, time(0))})  # fmt: skip
    mark = f"（{properties[MARK]}）" if MARK in properties else ""
    for sheet in sheets:
        _write_sheet(book, replace(sheet, title=sheet.title + mark))
    book.close()
    return buffer.getvalue()


def _write_sheet(book: xlsxwriter.Workbook, sheet: Sheet) -> None:
    page = book.add_worksheet(sheet.name, worksheet_class=QuickSheet)
    last, head_row = len(sheet.columns) - 1, sheet.head_row
    # on a ledger of several pages a centred title would fall between them
    place = "left" if sheet.printing.pages > 1 else "center"
    title = book.add_format({"font_name": "黑体", "font_size": 16, "align": place, "valign": "vcenter"})
    head = book.add_format({**CELL, "font_name": "黑体", "align": "center", "bg_color": "#E8EDF2"})
    if last:
        page.merge_range(0, 0, 0, last, sheet.title, title)
    else:
        page.write_string(0, 0, sheet.title, title)
    page.set_row(0, 30)
    if sheet.lead:
        page.write_string(1, 0, sheet.lead, book.add_format({"font_name": "宋体", "font_size": 10, "valign": "vcenter"}))
    room = _list_room(sheet)
    headings = tuple(_break_heading(column, sheet.is_form) for column in sheet.columns)
    page.set_row(head_row, max(30, _measure_height(headings, room) + 3))
    for index, (column, heading) in enumerate(zip(sheet.columns, headings, strict=True)):
        page.set_column(index, index, column.width)
        page.write_string(head_row, index, heading, head)
    _write_rows(book, page, sheet)
    _write_below(book, page, sheet)
    _offer_choices(page, sheet)
    _set_up_print(page, sheet)
    if sheet.is_form:
        page.protect("", {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True, "insert_rows": True})


def _write_rows(book: xlsxwriter.Workbook, page: QuickSheet, sheet: Sheet) -> None:
    """Numbers only in count and rate columns: everything else is text, so that no id loses a digit."""
    plain = _make_formats(book)
    heavy = _make_formats(book, bold=True)
    open_ = _make_formats(book, locked=False, bg_color=OPEN_COLOUR) if sheet.is_form else plain
    line, total, to_fill = (
        [((open_ if column.answer else looks)[column.kind], column.kind in ("count", "rate")) for column in sheet.columns]
        for looks in (plain, heavy, open_)
    )
    first, room = sheet.head_row + 1, _list_room(sheet)
    rows = _print_frame(sheet).rows()
    spare = [(None,) * len(sheet.columns)] * sheet.spare
    for number, row in enumerate([*rows, *spare]):
        if (height := max(sheet.least_height, _measure_height(row, room))) > LINE_HEIGHT:
            page.set_row(first + number, height)
        looks = to_fill if number >= len(rows) else total if number >= len(rows) - sheet.totals else line
        page.write_line(first + number, row, looks)
    if not rows and not sheet.spare:
        page.write_string(sheet.head_row + 1, 0, sheet.empty)


def _break_heading(column: SheetColumn, is_form: bool) -> str:
    """A form comes back by its headings, perhaps as plain text: only a unit in brackets goes to a line of its own there."""
    return column.heading if is_form and "（" not in column.heading else break_heading(column.heading, column.width / 2)


def _print_frame(sheet: Sheet) -> pl.DataFrame:
    """The cells as printed: no bracket of a code, no committee after a village's name."""
    villages = [column.name for column in sheet.columns if column.kind == "village"]
    frame = sheet.frame.select([column.name for column in sheet.columns])
    names = {name: shorten_village(name) for each in villages for name in frame[each].drop_nulls().unique()}
    code = "出国(境)"
    return frame.with_columns(pl.col(pl.String).str.replace_all(code, print_label(code), literal=True)).with_columns(
        pl.col(villages).replace(names)
    )


def _list_room(sheet: Sheet) -> list[float]:
    return [column.width - 1 for column in sheet.columns]


def _measure_height(row: tuple[Any, ...], room: list[float]) -> float:
    """Points that the cell with most lines needs: office programs do not all fit wrapped text by themselves.

    room: characters that fit into a line of each column.
    """
    lines = 1
    for value, fitting in zip(row, room, strict=True):
        if isinstance(value, str) and (2 * len(value) > fitting or "\n" in value):
            # GBK spends two bytes on what takes two places
            lines = max(lines, sum(ceil(_measure(line) / fitting) for line in value.split("\n")))
    return lines * LINE_HEIGHT + (BETWEEN if lines > 1 else 0)


def _make_formats(book: xlsxwriter.Workbook, **more: Any) -> dict[str, Format]:
    return {kind: book.add_format({**CELL, **look, **more}) for kind, look in FORMATS.items()}


def _write_below(book: xlsxwriter.Workbook, page: Worksheet, sheet: Sheet) -> None:
    """The note and the line of signatures, over the width of the first page, as high as their lines need."""
    look = book.add_format({"font_name": "宋体", "font_size": 10, "locked": not sheet.is_form, "text_wrap": True, "valign": "vcenter"})
    last = sheet.first_page
    room = [sum(column.width for column in sheet.columns[: last + 1]) - 2]
    foot = _fit_signatures(sheet.foot, room[0])
    lines = [text for text in (sheet.note, foot) if text and (sheet.frame.height or sheet.spare)]
    for row, text in enumerate(lines, sheet.end_row):
        if last:
            page.merge_range(row, 0, row, last, text, look)
        else:
            page.write_string(row, 0, text, look)
        page.set_row(row, _measure_height((text,), room) + 4)


def _fit_signatures(text: str, room: float) -> str:
    """A line of signatures within the table's width: its widest blanks taken together while a name fits in, else two lines."""
    tight = text
    while _measure(tight) > room and (wide := max(re.findall("　{5,}", tight), key=len, default="")):
        tight = tight.replace(wide, wide[1:], 1)
    if _measure(tight) <= room:
        return tight
    parts = re.findall("[^　：]+：(?:　|[年月日])*", text)
    half = len(parts) // 2
    return "".join(parts[:half]).rstrip("　") + "\n" + "".join(parts[half:])


def _measure(text: str) -> int:
    """Width in characters of the sheet's own measure: a Chinese one is two."""
    return len(text.encode("gbk", "replace"))


def _offer_choices(page: Worksheet, sheet: Sheet) -> None:
    if not sheet.frame.height and not sheet.spare:
        return
    for index, column in enumerate(sheet.columns):
        rule: dict[str, Any] = {"input_title": column.heading[:32], "input_message": column.hint} if column.hint else {}
        if column.choices:
            rule |= {"validate": "list", "source": list(column.choices), "error_message": "请从下拉列表中选择。",
                     "error_type": "information" if column.open_choices else "stop"}  # fmt: skip
        elif rule:
            rule["validate"] = "any"
        if rule:
            page.data_validation(sheet.head_row + 1, index, sheet.end_row - 1, index, rule)


def _set_up_print(page: Worksheet, sheet: Sheet) -> None:
    page.freeze_panes(sheet.head_row + 1, min(2, len(sheet.columns) - 1))
    page.repeat_rows(0, sheet.head_row)
    printing = sheet.printing
    if printing.lies:
        page.set_landscape()
    page.set_paper(printing.paper)
    page.fit_to_pages(printing.pages, 0)
    if printing.pages > 1:
        page.repeat_columns(0, sheet.repeated - 1)
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    page.set_footer("&C第&P页，共&N页")
    if sheet.frame.height:
        last = sheet.head_row + sheet.frame.height - sheet.totals
        page.autofilter(sheet.head_row, 0, last, len(sheet.columns) - 1)
