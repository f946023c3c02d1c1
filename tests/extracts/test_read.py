"""Every accepted format gives the same cells of text, at the rows where Excel shows them."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from tests.extracts.books import make_id, write_text, write_xls, write_xlsx
from transforms.extracts.read import Unreadable, read_file

ROWS = [["标题"], [], ["姓名", "学号"], ["张三", "007"], ["李𠮷", "8"]]


def cells_of(path: Path) -> list[tuple[str | None, ...]]:
    return read_file(path.read_bytes())[0].cells.rows()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_text_in_any_encoding_and_separator(tmp_path: Path, encoding: str, separator: str) -> None:
    path = write_text(tmp_path / "a.csv", ROWS, encoding, separator)
    assert cells_of(path) == [("标题", None), (None, None), ("姓名", "学号"), ("张三", "007"), ("李𠮷", "8")]


def test_blank_first_lines_keep_row_numbers(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.csv", [[], [], ["姓名", "班"], ["张三", "1"]])
    assert cells_of(path)[2] == ("姓名", "班")


def test_quoted_line_break_is_one_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('姓名,"出生\n日期"\n张三,2015\n', encoding="utf-8")
    assert cells_of(path) == [("姓名", "出生\n日期"), ("张三", "2015")]


def test_a_stray_quotation_mark_loses_no_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('姓名,班\n张"三,1\n李四,2\n', encoding="utf-8")
    assert len(cells_of(path)) == 3


@pytest.mark.parametrize("writer", [write_xlsx, write_xls])
def test_workbooks_keep_row_numbers(tmp_path: Path, writer) -> None:
    path = writer(tmp_path / "a.xls", {"表": [[], [], *ROWS]})
    assert cells_of(path)[4] == ("姓名", "学号")
    assert cells_of(path)[5] == ("张三", "007")


def test_kind_is_known_by_content_not_by_suffix(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "导出.csv", {"表": ROWS})
    assert read_file(path.read_bytes())[0].encoding == "xlsx"


def test_hidden_sheets_are_read_and_named(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"明": ROWS, "暗": ROWS}, hidden=["暗"])
    assert [(s.name, s.hidden) for s in read_file(path.read_bytes())] == [("明", False), ("暗", True)]


def test_true_dates_and_truth_values_come_as_text(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"表": [[datetime(2015, 9, 1), True, 3.5, 30]]})
    assert cells_of(path) == [("2015-09-01 00:00:00", "true", "3.5", "30")]


def test_an_id_kept_as_number_shows_its_lost_digits(tmp_path: Path) -> None:
    """The reader would print 500153201509011328: plausible, and nobody's number."""
    whole = make_id(1)
    path = write_xlsx(tmp_path / "a.xlsx", {"表": [[500153201509011234], [whole], ["500153201509011328"]]})
    assert cells_of(path) == [("5.00153201509011E+17",), (whole,), ("500153201509011328",)]


@pytest.mark.parametrize("writer", [write_xlsx])
def test_old_mac_dates_are_noticed(tmp_path: Path, writer) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"表": ROWS}, date_1904=True)
    assert read_file(path.read_bytes())[0].date_1904
    assert not read_file(write_xlsx(tmp_path / "b.xlsx", {"表": ROWS}).read_bytes())[0].date_1904


@pytest.mark.parametrize("content", [b"", b"\x00" * 50, b"%PDF-1.7 x", b"\x89PNG\r\n", b"PK\x03\x04broken", b"\xff\xd8\xff\xe0"])
def test_what_is_no_spreadsheet_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable) as error:
        read_file(content)
    assert error.value.rule in ("file_unreadable", "file_alien")


def test_web_page_under_a_false_name_is_refused() -> None:
    with pytest.raises(Unreadable, match="网页"):
        read_file("<html><table><tr><td>姓名</td></tr></table></html>".encode())


def test_a_wps_et_file_is_an_old_workbook(tmp_path: Path) -> None:
    assert cells_of(write_xls(tmp_path / "a.et", {"表": ROWS}))[3] == ("张三", "007")


def test_open_document_sheets(tmp_path: Path) -> None:
    office = "urn:oasis:names:tc:opendocument:xmlns"
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = "".join(f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>" for row in ROWS[2:])
    content = (
        f'<office:document-content xmlns:office="{office}:office:1.0" xmlns:table="{office}:table:1.0" '
        f'xmlns:text="{office}:text:1.0"><office:body><office:spreadsheet><table:table table:name="表">'
        f'<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>{rows}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{office}:manifest:1.0"/>')
    [sheet] = read_file((tmp_path / "a.ods").read_bytes())
    assert (sheet.encoding, sheet.cells.row(3)) == ("ods", ("张三", "007"))


def test_a_cell_merged_downwards_counts_for_each_row(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("别的").write(0, 0, "x")
    page = book.add_worksheet("表")
    page.merge_range("A1:C1", "标题")
    page.merge_range("B2:B4", "一年级")
    blank_a = book.add_worksheet("左边空一列")
    blank_a.merge_range("C2:C4", "二年级")
    for row in (1, 2, 3, 4):
        page.write(row, 2, f"{row}班")
        blank_a.write(row, 3, f"{row}班")
    book.close()
    sheets = read_file(path.read_bytes())
    assert sheets[1].cells["c1"].to_list() == [None, "一年级", "一年级", "一年级", None]
    assert sheets[1].cells["c0"].to_list() == ["标题", None, None, None, None]
    assert sheets[2].cells["c0"].to_list() == [None, "二年级", "二年级", "二年级", None]
