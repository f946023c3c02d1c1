"""Workbooks that nobody honest sends, made by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import xlsxwriter

_NAMES = ('xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
          'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
          'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"')  # fmt: skip


def make_xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    """A plain workbook of text."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def change_parts(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """Pack a workbook again with other parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def make_ods(table: str) -> bytes:
    """An OpenDocument sheet with the given inside of its table."""
    content = (f"<office:document-content {_NAMES}><office:body><office:spreadsheet><table:table table:name='S'>{table}"
               "</table:table></office:spreadsheet></office:body></office:document-content>")  # fmt: skip
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = ('<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
                f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>')  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(zipfile.ZipInfo("mimetype"), kind)
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def write_ods(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """Write rows of text as .ods."""
    cells = ("".join(f"<table:table-cell office:value-type='string'><text:p>{escape(value)}</text:p></table:table-cell>"
                     for value in row) for row in rows)  # fmt: skip
    path.write_bytes(make_ods("".join(f"<table:table-row>{row}</table:table-row>" for row in cells)))
    return path
