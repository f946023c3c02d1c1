"""Files as an office receives them: title rows, merged cells, totals, notes, aliased headings, odd encodings."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
import xlwt

from schemas.extracts import EXTRACTS
from schemas.fields import FIELDS
from transforms.sample.big_sheet import column_letters, write_big_sheet

CREATED = datetime(2024, 1, 1)
BIG = 400  # lines from which a workbook of one sheet is written straight as XML
DATE_FORMS = ("%Y%m%d", "%Y-%m-%d", "{y}/{m}/{d}", "{y}.{m}.{d}", "{y}年{m}月{d}日")


@dataclass(frozen=True)
class Look:
    """How a sheet looks around its data.

    `marks`: star · required · break · space on some headings. `alias`: 1 and more take the alias of that place.
    `dates`: a place in DATE_FORMS, or cell (a true date), serial (a bare Excel number). `repeat_every`, `blank_every`:
    headings or a blank line again after so many rows.
    """

    titles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    total: bool = False
    marks: str = ""
    alias: int = 0
    dates: int | str = 1
    repeat_every: int = 0
    blank_every: int = 0
    hidden: bool = False


@dataclass
class Sheet:
    """One sheet of one extract. `rows` are in the order of `columns` (field names, or headings of other systems).

    `faults`: (row, rule, strength) · `merged`: rows that repeat another · `other`: rows of other stages.
    """

    extract: str
    name: str
    columns: Sequence[str]
    rows: list[Sequence[Any]]
    look: Look = field(default_factory=Look)
    faults: list[tuple[int, str, str]] = field(default_factory=list)
    merged: int = 0
    other: int = 0

    @property
    def quarantined(self) -> int:
        """Rows that at least one rule refuses."""
        return len({row for row, _, strength in self.faults if strength == "quarantine"})


@dataclass(frozen=True)
class Written:
    """A sheet on disk, with the row in the file of every data row."""

    file: str
    sheet: str
    content: Sheet
    source_rows: list[int]


def write_file(inbox: Path, name: str, sheets: list[Sheet], encoding: str = "utf-8-sig") -> list[Written]:
    """Write a workbook (.xlsx, .xls) or a text file (.csv, .tsv) by its suffix."""
    path = inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    laid = [(sheet, *_lay_out(sheet)) for sheet in sheets]
    if path.suffix == ".xlsx" and len(laid) == 1 and len(laid[0][1]) > BIG:
        content, lines, _ = laid[0]
        last = column_letters(len(content.columns))[-1]
        write_big_sheet(path, content.name, lines, [f"A{i}:{last}{i}" for i in range(1, len(content.look.titles) + 1)])
    elif path.suffix == ".xlsx":
        _write_xlsx(path, laid)
    elif path.suffix == ".xls":
        _write_xls(path, laid)
    else:
        _write_text(path, laid[0][1], encoding)
    flat = path.suffix not in (".xlsx", ".xls")
    return [Written(name, "" if flat else sheet.name, sheet, places) for sheet, _, places in laid]


def head(sheet: Sheet) -> list[str]:
    """The headings as this sheet spells them."""
    look, titles = sheet.look, []
    required = {h.field.name for h in EXTRACTS[sheet.extract].headings if h.required}
    for name in sheet.columns:
        known = FIELDS.get(name)
        title = known.title if known else name
        if known and look.alias and len(known.aliases) >= look.alias:
            title = known.aliases[look.alias - 1]
        if look.marks == "star" and name in required:
            title = "*" + title
        elif look.marks == "required" and name in required:
            title += "（必填）"
        elif look.marks == "break" and len(title) > 4:
            title = title[:3] + "\n" + title[3:]
        elif look.marks == "space" and len(title) == 2:
            title = title[0] + " " + title[1]
        titles.append(title)
    return titles


def _lay_out(sheet: Sheet) -> tuple[list[Sequence[Any]], list[int]]:
    """All lines of the sheet, and the 1-based line of each data row."""
    look, headings = sheet.look, head(sheet)
    lines: list[Sequence[Any]] = [[title] for title in look.titles]
    lines.append(headings)
    places = []
    for i, row in enumerate(sheet.rows):
        if look.repeat_every and i and i % look.repeat_every == 0:
            lines.append(headings)
        if look.blank_every and i and i % look.blank_every == 0:
            lines.append([])
        lines.append(row)
        places.append(len(lines))
    if look.total:
        lines.append(_total(sheet))
    lines += [[note] for note in look.notes]
    return lines, places


def _total(sheet: Sheet) -> list[Any]:
    """合计 and the sums of the number columns."""
    sums: list[Any] = ["合计"]
    for i in range(1, len(sheet.columns)):
        values = [row[i] for row in sheet.rows]
        sums.append(sum(values) if values and all(isinstance(v, int) for v in values) else "")
    return sums


def show_date(day: date | None, form: int | str) -> Any:
    """A date as the sheet's owner types it."""
    if day is None:
        return ""
    if form == "cell":
        return day
    if form == "serial":
        return (day - date(1899, 12, 30)).days
    pattern = DATE_FORMS[int(form) % len(DATE_FORMS)]
    return day.strftime(pattern) if "%" in pattern else pattern.format(y=day.year, m=day.month, d=day.day)


def _write_xlsx(path: Path, laid: list[tuple[Sheet, list[Sequence[Any]], list[int]]]) -> None:
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    book.set_properties({"created": CREATED})
    title_form, day_form = book.add_format({"bold": True, "align": "center"}), book.add_format({"num_format": "yyyy-mm-dd"})
    for content, lines, _ in laid:
        page = book.add_worksheet(content.name[:31])
        if content.look.hidden:
            page.hide()
        titles = len(content.look.titles)
        for i, line in enumerate(lines):
            if i < titles and len(content.columns) > 1:
                page.merge_range(i, 0, i, len(content.columns) - 1, line[0], title_form)
                continue
            for j, value in enumerate(line):
                if isinstance(value, str):
                    if value:
                        page.write_string(i, j, value)
                elif isinstance(value, date):
                    page.write_datetime(i, j, datetime(value.year, value.month, value.day), day_form)
                elif value is not None:
                    page.write_number(i, j, value)
    book.close()


def _write_xls(path: Path, laid: list[tuple[Sheet, list[Sequence[Any]], list[int]]]) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    day_form = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for content, lines, _ in laid:
        page = book.add_sheet(content.name[:31])
        if content.look.hidden:
            page.visibility = 1
        for i, line in enumerate(lines):
            for j, value in enumerate(line):
                if isinstance(value, date):
                    page.write(i, j, datetime(value.year, value.month, value.day), day_form)
                elif value not in (None, ""):
                    page.write(i, j, value)
    book.save(str(path))


def _write_text(path: Path, lines: list[Sequence[Any]], encoding: str) -> None:
    buffer = io.StringIO()
    delimiter = "\t" if path.suffix in (".tsv", ".txt") else ","
    csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n").writerows(lines)
    path.write_bytes(buffer.getvalue().encode(encoding))
