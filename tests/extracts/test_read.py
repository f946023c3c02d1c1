"""Every accepted format gives the same cells of text, at the rows where Excel shows them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

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
    assert error.value.rule == "file_unreadable"


def test_web_page_under_a_false_name_is_refused() -> None:
    with pytest.raises(Unreadable, match="网页"):
        read_file("<html><table><tr><td>姓名</td></tr></table></html>".encode())
