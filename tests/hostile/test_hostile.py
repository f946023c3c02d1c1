"""Files made to hurt are refused in Chinese or neutralised, and cost next to nothing."""

from __future__ import annotations

import csv
import io
import re
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.extracts.books import write_xls
from tests.hostile.books import change_parts, make_ods, make_xlsx
from transforms.documents.naming import name_part, name_school_folder
from transforms.extracts import guard
from transforms.extracts.read import Unreadable, read_file
from transforms.published.export import Rows, write_rows

PLAIN = make_xlsx([["姓名"], ["", "甲"]])


def refuse(data: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        read_file(data)
    return str(refused.value)


def change_sheet(old: bytes, new: bytes) -> bytes:
    return change_parts(PLAIN, lambda name, body: body.replace(old, new) if name.endswith("sheet1.xml") else body)


@pytest.mark.parametrize("corner", [b'r="XFD1048576"', b"r='XFD1048576'", b'r = "xfd1048576"', b'a=">" r="ZZ300000"'])
def test_one_cell_in_a_far_corner_asks_for_no_memory(corner: bytes):
    assert re.search(r"要占\d+行×\d+列，最多6000万格", refuse(change_sheet(b'r="B2"', corner)))


def test_cells_that_do_not_say_where_they_stand_are_counted():
    rows = b"<row><c/></row>" * 40_000 + b"<row>" + b"<c/>" * 3_000 + b"</row>"
    data = change_sheet(b"<sheetData>", b"<sheetData>" + rows)
    assert "最多6000万格" in refuse(data)


def test_a_sheet_may_lie_about_its_size():
    data = change_sheet(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
    assert read_file(data)[0].cells.rows() == [("姓名", None), (None, "甲")]


def test_a_sheet_under_another_name_is_looked_at_too():
    def move(name: str, body: bytes) -> bytes:
        return body.replace(b"worksheets/sheet1.xml", b"odd/page.xml").replace(b'r="B2"', b'r="XFD1048576"')

    moved = change_parts(PLAIN, move)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(moved)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name.replace("worksheets/sheet1.xml", "odd/page.xml"), old.read(name))
    assert "最多6000万格" in refuse(out.getvalue())


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(guard, "MOST_UNPACKED", 20_000_000)
    assert "疑似压缩炸弹" in refuse(change_sheet(b"<pageMargins", b" " * 30_000_000 + b"<pageMargins"))


def test_a_bomb_that_lies_about_its_size_is_not_unpacked(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(guard, "MOST_UNPACKED", 20_000_000)
    data = bytearray(change_sheet(b"<pageMargins", b" " * 30_000_000 + b"<pageMargins"))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        size = package.getinfo("xl/worksheets/sheet1.xml").file_size
    for place in (m.start() for m in re.finditer(re.escape(size.to_bytes(4, "little")), bytes(data))):
        data[place : place + 4] = (1000).to_bytes(4, "little")
    assert "疑似压缩炸弹" in refuse(bytes(data))


@pytest.mark.parametrize("entity", [b'"' + b"ha" * 1000 + b'"', b'SYSTEM "file:///etc/hostname"'])
def test_entities_are_not_followed(entity: bytes):
    def change(name: str, body: bytes) -> bytes:
        if not name.endswith("sharedStrings.xml"):
            return body
        declared = b"?><!DOCTYPE x [<!ENTITY e " + entity + b">]>"
        return body.replace(b"?>", declared, 1).replace("<t>甲</t>".encode(), b"<t>&e;</t>")

    assert refuse(change_parts(PLAIN, change))


@pytest.mark.parametrize("times", ["number-rows-repeated='1048576'", "number-rows-repeated='900000000'"])
def test_a_repeated_row_is_not_laid_out(times: str):
    cell = "<table:table-cell office:value-type='string' table:number-columns-repeated='500'><text:p>x</text:p></table:table-cell>"
    assert "最多6000万格" in refuse(make_ods(f"<table:table-row table:{times}>{cell}</table:table-row>"))


def test_empty_rows_and_columns_to_the_sheets_end_are_normal():
    cell = "<table:table-cell office:value-type='string'><text:p>姓名</text:p></table:table-cell>"
    rest = "<table:table-cell table:number-columns-repeated='16383'/>"
    empty = "<table:table-row table:number-rows-repeated='1048575'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>"
    assert read_file(make_ods(f"<table:table-row>{cell}{rest}</table:table-row>{empty}"))[0].cells.rows() == [("姓名",)]


def test_texts_that_are_no_tables():
    assert "第2行长达1500000字" in refuse(b"a,b\n" + b"x" * 1_500_000)
    assert "最多16384列" in refuse(b"," * 20_000 + b"\na\n")
    assert "最多6000万格" in refuse(b"," * 16_000 + b"\n" * 5_000)


def test_a_quotation_mark_that_never_closes_is_refused_not_a_fault():
    data = b'a,b\n"x"y,2\n"' + b"z\n" * 200_000
    assert "引号没有成对" in refuse(data)


def test_a_file_too_large_says_so():
    assert "最多200MB" in refuse(bytes(1) + b"a" * (guard.MOST_BYTES + 1))


def test_a_package_with_a_password_or_packed_strangely_is_refused():
    data = bytearray(PLAIN)
    for place in (m.start() for m in re.finditer(b"PK\x01\x02", bytes(data))):
        data[place + 8] |= 1
    assert refuse(bytes(data))


def test_merged_cells_said_a_million_times_cost_no_hour():
    import polars as pl

    from transforms.extracts.merges import fill_merged

    cells = pl.DataFrame({"c0": ["甲", *[None] * 200_000]}, schema={"c0": pl.String})
    filled = fill_merged(cells, [(0, 0, 200_000)] * 100_000)
    assert filled["c0"].null_count() == 0


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_no_name_leads_out_of_its_folder(name: str):
    for part in (name_part(name), name_school_folder("2150000001", name).removeprefix("学校/")):
        assert part and part not in (".", "..")
        assert not set(part) & set('/\\\0:*?"<>|\n') and len(part.encode()) <= 200
        assert (Path("/out") / part).resolve().parent == Path("/out")


@pytest.mark.parametrize("name", ["CON", "nul.txt", "..", ".ssh", "a.", "x" * 500, ""])
def test_names_that_systems_keep_for_themselves_are_changed(name: str):
    assert name_part(name) not in ("", name)


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1"])
def test_no_text_runs_as_a_formula(tmp_path: Path, text: str):
    rows = Rows(("姓名", "人数"), [(text, -5)])
    write_rows(rows, tmp_path / "a.csv", "表")
    (_, got) = csv.reader((tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines())
    assert got == [f"'{text}", "-5"]
    write_rows(rows, tmp_path / "a.xlsx", "表")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        assert b"<f>" not in b"".join(book.read(name) for name in book.namelist())


def test_a_name_with_markup_is_plain_on_a_page():
    from flows.artifacts import make_plain

    shown = make_plain('<img src=x onerror=alert(1)>[点这里](http://evil.invalid)昌元小学')
    assert "<" not in shown and "](" not in shown and "昌元小学" in shown


def test_an_old_workbook_whose_sectors_go_round_in_a_ring_is_refused(tmp_path: Path):
    data = bytearray(write_xls(tmp_path / "a.xls", {"表": [["姓名"], ["甲"]] * 200}).read_bytes())
    first = 512 + 512 * int.from_bytes(data[76:80], "little")  # the sector table
    ring = next(place for place in range(first, first + 512, 4) if int.from_bytes(data[place : place + 4], "little") == 2)
    data[ring : ring + 4] = (0).to_bytes(4, "little")
    assert "损坏" in refuse(bytes(data))


def test_a_cell_in_a_far_corner_of_an_old_workbook_asks_for_no_memory(tmp_path: Path):
    data = write_xls(tmp_path / "a.xls", {"表": [["姓名"], [1.5]] * 200}).read_bytes()
    cell = re.search(rb"\x7e\x02\x0a\x00", data)
    assert cell
    far = data[: cell.end()] + b"\xff\xff\xff\xff" + data[cell.end() + 4 :]
    assert "最多6000万格" in refuse(far)


@pytest.mark.parametrize("extent", [(0xD1000000, 6, 0, 9), (0, 0xFFFFFFFF, 0, 9), (0, 6, 9, 1)])
def test_the_extent_that_an_old_workbook_tells_asks_for_no_memory(tmp_path: Path, extent: tuple[int, ...]):
    data = write_xls(tmp_path / "a.xls", {"表": [["姓名"], ["甲"]]}).read_bytes()
    place = data.index(b"\x00\x02\x0e\x00")  # DIMENSIONS: readers reserve for it before they read a cell
    with pytest.raises(Unreadable):
        read_file(data[: place + 4] + struct.pack("<IIHH", *extent) + data[place + 16 :])
    assert read_file(data)[0].cells.height == 2
