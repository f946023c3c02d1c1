"""Read one file of any accepted format into sheets of text cells. Knows formats, not meaning."""

from __future__ import annotations

import csv
import io
import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import fastexcel
import msoffcrypto
import olefile
import polars as pl

from transforms.extracts.delimited import read_delimited
from transforms.extracts.formulas import find_failed, mark_failed
from transforms.extracts.guard import MOST_BYTES, MOST_COLUMNS, TooLarge, check_compound, check_package
from transforms.extracts.merges import fill_merged, find_merged, read_parts

# What other office files hold, by the names of their parts.
_OTHER_FILES = ((b"word/document.xml", "Word文档，请把其中的表格复制到表格文件里"), (b"ppt/presentation.xml", "演示文稿"))
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_PACKED = "压缩包，请解压后把里面的文件放回"
_ALIEN = {b"%PDF": "PDF文件", b"\x89PNG": "图片", b"\xff\xd8\xff": "图片", b"GIF8": "图片", b"Rar!": _PACKED, b"7z\xbc\xaf": _PACKED}
# Every workbook that is a ZIP package has one of these parts.
_WORKBOOK_PARTS = ("[Content_Types].xml", "content.xml", "mimetype")
# From this many digits on a number cell has lost some.
_ROUNDED_DIGITS = 16


class Unreadable(ValueError):
    """A file that cannot be read: `rule` is the stop rule, the text says why in Chinese."""

    def __init__(self, rule: str, reason: str = "") -> None:
        """Keep the rule beside the reason."""
        super().__init__(reason)
        self.rule = rule


@dataclass(frozen=True)
class RawSheet:
    """One sheet as text: `cells` has a row for each row of the sheet, columns c0, c1, …; row 0 is Excel's row 1.

    `encoding` is the text encoding or the kind of workbook. `date_1904`: serial dates count from 1904.
    `first_column`: Excel's column (0-based) that stands in c0.
    """

    name: str
    cells: pl.DataFrame
    encoding: str
    hidden: bool = False
    date_1904: bool = False
    first_column: int = 0


def too_large(size: int) -> Unreadable:
    """Refuse a file of so many bytes."""
    return Unreadable("file_unreadable", f"文件有{size // 1_000_000}MB，最多{MOST_BYTES // 1_000_000}MB，请分成几个文件")


def read_file(data: bytes) -> tuple[RawSheet, ...]:
    """Read a file by what is in it, not by what it is called. Raises Unreadable."""
    if len(data) > MOST_BYTES:
        raise too_large(len(data))
    if not data.strip(b"\x00\t\r\n "):
        raise Unreadable("file_unreadable", "文件是空的")
    if alien := next((said for start, said in _ALIEN.items() if data.startswith(start)), None):
        raise Unreadable("file_alien", alien)
    if data.startswith((ZIP, OLE)):
        return _read_workbook(data)
    if data.lstrip()[:200].lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise Unreadable("file_unreadable", "网页格式冒充的表格")
    try:
        cells, encoding = read_delimited(data)
    except TooLarge as error:
        raise Unreadable("file_unreadable", str(error)) from error
    except csv.Error as error:
        raise Unreadable("file_unreadable", "有引号没有成对，分不清各格") from error
    except (UnicodeError, pl.exceptions.PolarsError) as error:
        raise Unreadable("file_unreadable", "不是文字内容或编码不明") from error
    return (RawSheet("", cells, encoding),)


def _read_workbook(data: bytes) -> tuple[RawSheet, ...]:
    if is_encrypted(data):
        raise Unreadable("file_encrypted")
    if data.startswith(ZIP) and (other := _name_other_package(data)):
        raise Unreadable("file_alien", other)
    try:
        may_be_long = check_package(data) if data.startswith(ZIP) else check_compound(data)
        with _refuse_panic():
            book = fastexcel.read_excel(data)
        names = list(book.sheet_names)
    except TooLarge as error:
        raise Unreadable("file_unreadable", str(error)) from error
    except (fastexcel.FastExcelError, ValueError) as error:
        raise Unreadable("file_unreadable", "表格文件已损坏或不是表格") from error
    kind, old_epoch = _kind_of(data), starts_1904(data)
    with _refuse_panic():
        sheets = [_read_sheet(book, index, name, kind, old_epoch, may_be_long) for index, name in enumerate(names)]
    written = _look_through(data)
    return tuple(map(_complete, sheets, *zip(*written, strict=True))) if len(written) == len(sheets) else tuple(sheets)


def _name_other_package(data: bytes) -> str | None:
    """What a ZIP package is that is no workbook; None for a workbook, and for one too damaged to be looked into."""
    if other := next((said for part, said in _OTHER_FILES if part in data), None):
        return other
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return None if set(_WORKBOOK_PARTS) & set(package.namelist()) else _PACKED
    except (zipfile.BadZipFile, ValueError):
        return None


def _look_through(data: bytes) -> list[tuple[list[tuple[int, int, str]], list[tuple[int, int, int]]]]:
    """For each sheet of an .xlsx file, what its reader does not tell: formulas without a usable result, merged cells."""
    try:
        return [(find_failed(part), find_merged(part)) for part in read_parts(data)]
    except (KeyError, ValueError, zipfile.BadZipFile):
        return []


def _complete(sheet: RawSheet, failed: list[tuple[int, int, str]], merged: list[tuple[int, int, int]]) -> RawSheet:
    if not failed and not merged:
        return sheet
    cells = mark_failed(sheet.cells, failed, sheet.first_column)
    return replace(sheet, cells=fill_merged(cells, merged, sheet.first_column))


@contextmanager
def _refuse_panic() -> Iterator[None]:
    """Refuse a file on which the library below Python panics, without the stack that it prints meanwhile."""
    with Path(os.devnull).open("wb") as nowhere:
        errors = os.dup(2)
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        except BaseException as error:
            if type(error).__name__ != "PanicException":  # not an Exception, and of no importable class
                raise
            raise Unreadable("file_unreadable", "表格文件已损坏或不是表格") from None
        finally:
            os.dup2(errors, 2)
            os.close(errors)


def _kind_of(data: bytes) -> str:
    if data.startswith(OLE):
        return "xls"
    # the names of a package's parts stand in it unpacked
    return "ods" if b"content.xml" in data[-4000:] or b"opendocument" in data[:200] else (
        "xlsb" if b"xl/workbook.bin" in data else "xlsx"
    )


def _read_sheet(
    book: fastexcel.ExcelReader, index: int, name: str, kind: str, date_1904: bool, may_be_long: bool
) -> RawSheet:
    try:
        # skip_rows=0: without it the reader drops blank rows at the top and row numbers no longer match Excel's.
        sheet = book.load_sheet(index, header_row=None, skip_rows=0, dtypes="string")
        cells = sheet.to_polars()
    except fastexcel.FastExcelError as error:
        raise Unreadable("file_unreadable", f"工作表“{name}”无法读取") from error
    if cells.width > MOST_COLUMNS:
        raise Unreadable("file_unreadable", f"工作表“{name}”有{cells.width}列，最多{MOST_COLUMNS}列")
    cells = cells.rename({old: f"c{i}" for i, old in enumerate(cells.columns)})
    if may_be_long:
        cells = _restore_lost_digits(cells, book, index)
    first = sheet.selected_columns[0].absolute_index if cells.width else 0
    return RawSheet(name, cells, kind, sheet.visible != "visible", date_1904, first)


def _restore_lost_digits(cells: pl.DataFrame, book: fastexcel.ExcelReader, index: int) -> pl.DataFrame:
    """Write a long number as Excel shows it, so that its lost digits can be seen.

    A number keeps 15 digits in Excel; the reader prints its binary neighbour (…9984 for …0000), which looks like
    a whole id. The sheet is decoded again only when some cell could be such a number.
    """
    if not cells.width:
        return cells
    long = cells.select((pl.all().str.len_bytes() >= _ROUNDED_DIGITS).any()).row(0)
    suspects = [name for name, is_long in zip(cells.columns, long, strict=True) if is_long and _may_be_rounded(cells[name])]
    if not suspects:
        return cells
    places = [int(name[1:]) for name in suspects]
    # read as 是/否, a number cell is true and a text cell is nothing: the one way to tell them apart
    numeric = book.load_sheet_eager(index, header_row=None, skip_rows=0, dtypes="boolean", use_columns=places)
    for name, is_number in zip(suspects, pl.DataFrame(numeric).iter_columns(), strict=True):
        lost = is_number.fill_null(False) & (cells[name].str.len_bytes() >= _ROUNDED_DIGITS).fill_null(False)
        shown = [f"{float(text):.14E}" if bad else text for text, bad in zip(cells[name], lost, strict=True)]
        shortened = pl.Series(name, shown, dtype=pl.String).str.replace(r"\.?0*E", "E")
        cells = cells.with_columns(shortened)
    return cells


def _may_be_rounded(column: pl.Series) -> bool:
    """Whether a column has digits, as many as an id, that are exactly a binary number."""
    long = column.filter(column.str.len_bytes().fill_null(0) >= _ROUNDED_DIGITS)
    digits = long.filter(long.str.contains(r"^[0-9]{16,19}$")).cast(pl.Int64, strict=False).drop_nulls()
    return bool((digits.cast(pl.Float64).cast(pl.Int64) == digits).any())


def is_encrypted(data: bytes) -> bool:
    """Whether an Office file asks for a password to open."""
    if not data.startswith(OLE):
        return False
    try:
        return bool(msoffcrypto.OfficeFile(io.BytesIO(data)).is_encrypted())
    except Exception:
        return False


def starts_1904(data: bytes) -> bool:
    """Whether the workbook counts serial dates from 1904 (old Mac Excel)."""
    if data.startswith(ZIP):
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as book:
                text = book.read("xl/workbook.xml")
        except (KeyError, zipfile.BadZipFile):
            return False
        return bool(re.search(rb'date1904="(1|true)"', text))
    return _xls_starts_1904(data)


def _xls_starts_1904(data: bytes) -> bool:
    """Look for the DATEMODE record (0x0022) in the globals of a BIFF workbook."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            name = next((n for n in ("Workbook", "Book") if ole.exists(n)), None)
            stream = ole.openstream(name).read() if name else b""
    except OSError:
        return False
    place = 0
    while place + 4 <= len(stream):
        record = int.from_bytes(stream[place : place + 2], "little")
        size = int.from_bytes(stream[place + 2 : place + 4], "little")
        if record in (0x0022, 0x000A):  # DATEMODE, or the end of the globals
            return record == 0x0022 and stream[place + 4 : place + 6] == b"\x01\x00"
        place += 4 + size
    return False
