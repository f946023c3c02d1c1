"""Workbooks: ids as text, print set-up, each recipient's rows and no other."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import fastexcel
import openpyxl
import polars as pl
import pytest

from tests.documents.world import build_world
from transforms.documents.workbook import Sheet, SheetColumn, describe_file, write_workbook


def read_sheet(path: Path, sheet: str | int = 0) -> pl.DataFrame:
    return fastexcel.read_excel(path).load_sheet(sheet, header_row=1, dtypes="string").to_polars()


def test_an_id_keeps_every_digit_as_text():
    frame = pl.DataFrame({"id": ["500153201501010011", "=1+1", "0012"], "n": [3, None, 0]})
    columns = (SheetColumn("id", "身份证件号", 22), SheetColumn("n", "人数", 8, "count"))
    data = write_workbook([Sheet("表", "名单", columns, frame)], date(2025, 7, 10), {})
    path = fastexcel.read_excel(data).load_sheet(0, header_row=1).to_polars()
    assert path["身份证件号"].to_list() == ["500153201501010011", "=1+1", "0012"]
    assert path["人数"].to_list() == [3.0, None, 0.0]
    assert data == write_workbook([Sheet("表", "名单", columns, frame)], date(2025, 7, 10), {})


@pytest.mark.parametrize(("draft", "title"), [(False, "名单"), (True, "名单（送审稿）")])
def test_a_draft_says_so_in_the_title_of_every_sheet(draft, title):
    columns, frame = (SheetColumn("name", "姓名"),), pl.DataFrame({"name": ["王一"]})
    sheets = [Sheet(name, "名单", columns, frame) for name in ("一", "二")]
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(sheets, date(2025, 7, 10), describe_file("委", "2025-B3", 1, "m", draft))))
    assert [page["A1"].value for page in book] == [title] * 2


def test_sheets_are_ready_to_print(paper_folder):
    with zipfile.ZipFile(paper_folder / "区级/报送情况统计表.xlsx") as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
        styles, book = package.read("xl/styles.xml").decode(), package.read("xl/workbook.xml").decode()
        core = package.read("docProps/core.xml").decode()
    assert 'paperSize="9"' in sheet and 'orientation="landscape"' in sheet and 'state="frozen"' in sheet
    assert 'numFmtId="49"' in styles  # @
    assert "$1:$2" in book
    assert "2025-07-10T00:00:00Z" in core and "7c1f9a30d2" in core


def test_a_school_gets_its_own_rows_and_no_other(paper_folder):
    folders = sorted((paper_folder / "学校").iterdir())
    assert [folder.name for folder in folders] == [
        "3500500000 重庆市荣昌区昌元中心小学",
        "3500500001 重庆市荣昌区昌州中心小学",
        "3500500002 重庆市荣昌区广顺中心小学",
        "3500500003 重庆市荣昌区双河初级中学",
    ]
    lengths = [read_sheet(folder / "问题数据整改清单.xlsx").height for folder in folders]
    district = read_sheet(paper_folder / "区级/问题数据整改清单.xlsx", "整改清单")
    summary = read_sheet(paper_folder / "区级/问题数据整改清单.xlsx", "各校汇总")
    # one closing note a sheet
    assert sum(n - 1 for n in lengths) + district.height - 1 == 23
    assert [int(float(n)) for n in summary["问题数据（行）"]] == sorted(
        (n - 1 for n in lengths), reverse=True
    )


def test_every_reporting_school_and_month_stands_in_the_submission_table(paper_folder):
    schools = read_sheet(paper_folder / "区级/报送情况统计表.xlsx", "学校报送情况").head(60)
    zones = read_sheet(paper_folder / "区级/报送情况统计表.xlsx", "责任区汇总")
    assert set(schools["6月"]) == {"已报", "零报告", "未报"}
    total = zones.row(-1, named=True)
    assert (total["督导责任区"], total["学校（所）"], total["应报（校月）"]) == ("合计", "60", "120")
    assert float(total["6月未报"]) == (schools["6月"] == "未报").sum()


def test_printed_rates_in_the_indicator_table_follow_the_rule(paper_folder):
    whole = read_sheet(paper_folder / "区级/指标表.xlsx", "全区")
    first = whole.row(0, named=True)
    assert (first["指标"], first["学段"], first["群体"]) == ("适龄儿童少年入学率", "合计", "全体")
    assert (float(first["分子"]), float(first["率（%）"])) == (47640, 99.94)
    assert set(fastexcel.read_excel(paper_folder / "区级/指标表.xlsx").sheet_names) == {
        "全区",
        "镇街",
        "学校",
    }


def test_papers_hold_no_child_of_the_world(paper_folder):
    from schemas.bimester import Bimester

    keys = {
        row[0]
        for row in build_world(Bimester.parse("2025-B3"))
        .execute("select child_key from cases.case")
        .fetchall()
    }
    for path in (paper_folder / "区级").glob("*.docx"):
        with zipfile.ZipFile(path) as package:
            text = package.read("word/document.xml").decode()
        assert not any(f">{key}<" in text for key in keys)
        assert "50015320150101001X" not in text


def test_cells_are_printed_as_people_write_them():
    frame = pl.DataFrame({"village": ["黄檀村村民委员会", "武城社区居民委员会", None], "why": ["出国(境)", "底册出国(境)", "死亡"]})
    columns = (SheetColumn("village", "村社", 12, "village"), SheetColumn("why", "可能原因（单位提示）", 8))
    data = write_workbook([Sheet("表", "名单", columns, frame)], date(2025, 7, 10), {})
    page = openpyxl.load_workbook(io.BytesIO(data)).active
    assert [[cell.value for cell in row] for row in page["A2:B5"]] == [
        ["村社", "可能原因\n（单位提示）"], ["黄檀村", "出国（境）"], ["武城社区", "底册出国（境）"], [None, "死亡"]]  # fmt: skip


@pytest.mark.parametrize(("widths", "lies", "repeated"), [((20, 30), False, None), ((60, 60), True, None), ((6, 10, 30, 200, 200), True, 3)])
def test_a_narrow_list_stands_upright_and_a_wide_one_repeats_what_its_title_needs(widths, lies, repeated):
    columns = tuple(SheetColumn(f"c{n}" if n != 1 else "name", "栏", width) for n, width in enumerate(widths))
    sheet = Sheet("表", "2025年5—6月某某台账", columns, pl.DataFrame({c.name: ["一"] for c in columns}))
    page = openpyxl.load_workbook(io.BytesIO(write_workbook([sheet], date(2025, 7, 10), {}))).active
    assert page.page_setup.orientation == ("landscape" if lies else "portrait")
    assert page.print_title_cols == (f"$A:${'ABCDE'[repeated - 1]}" if repeated else None)
