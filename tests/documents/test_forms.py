"""Fill-in forms: prefilled, locked but for the answers, and read back by the recogniser as what they are."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import fastexcel
import polars as pl
import pytest

from schemas.bimester import Bimester
from schemas.calendar import read_terms
from schemas.extracts import EXTRACTS
from tests.documents.test_case_papers import PERIOD, SAID
from tests.towns.town import Town, build_town, in_school, join_tables
from transforms.documents import forms
from transforms.documents.case_forms import list_case_papers, list_coming_months
from transforms.documents.case_papers import list_case_ledgers, read_cases
from transforms.documents.platform_forms import read_platform_columns
from transforms.documents.reading import Source
from transforms.documents.workbook import Sheet, SheetColumn, write_workbook
from transforms.extracts.read import read_file
from transforms.extracts.recognise import Recognition, recognise
from transforms.extracts.rows import classify_rows

MONTH = forms.RosterMonth("2025-09", True, 1)


@pytest.fixture(scope="module")
def town() -> Town:
    names = "王一 赵三 钱四 孙五"
    child = {"child": in_school(names)["child"]}
    listed = "批次 | 下发日期 | 来源 | 姓名 | 性别 | 出生日期\n"
    listed += "\n".join(f"一批 | 2025-05-06 | 平台下发 | {n} | 男 | 2016-03-01" for n in names.split())
    pupils = join_tables(in_school("李二 安六"), in_school("曾七", grade="6"), in_school("陈八", grade="9", school="1000000002"))
    return build_town(**join_tables(pupils, child), suspect=listed, verification=SAID)


@pytest.fixture(scope="module")
def every_form(town: Town) -> dict[str, list[Sheet]]:
    """The sheets of every form the town sends out, by the extract it comes back as."""
    cases = read_cases(town.con, PERIOD)
    rosters = [sheets for _, _, sheets in forms.list_roster_forms(town.con, MONTH)]
    return {
        "verification": [forms.list_verification_form(cases, forms.ask_township("甲镇"), PERIOD), forms.list_closing_proposals(cases, PERIOD)],
        "persuasion": [forms.list_persuasion_form(cases, forms.ask_school("1000000001", "甲小学"), PERIOD)],
        "suspect": [form for _, _, form in forms.list_search_forms(town.con, cases, PERIOD)],
        "class_roll": [sheets[0] for sheets in rosters],
        "absentee": [sheets[1] for sheets in rosters],
    }


def write(sheet: Sheet) -> bytes:
    return write_workbook([sheet], date(2025, 7, 10), {"作者": "区教委"})


def read(sheet: Sheet) -> list[list[str]]:
    """The sheet as a reader of the .xlsx sees it."""
    frame = fastexcel.read_excel(write(sheet)).load_sheet(0, header_row=None, dtypes="string").to_polars()
    return [[str(v) if v is not None else "" for v in row] for row in frame.rows()]


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name).decode()


def list_locked(data: bytes, row: int) -> list[bool]:
    """Whether each cell of a row (1-based) is locked."""
    formats = re.search(r"<cellXfs.*?</cellXfs>", part(data, "xl/styles.xml"), re.S)[0]
    locked = ['locked="0"' not in look for look in re.split(r"(?=<xf )", formats)[1:]]
    cells = re.search(rf'<row r="{row}".*?</row>', part(data, "xl/worksheets/sheet1.xml"), re.S)[0]
    return [locked[int(number)] for number in re.findall(r'<c r="[A-Z]+\d+" s="(\d+)"', cells)]


def test_every_form_is_known_by_its_headings_and_only_its_lines_are_rows(every_form):
    for extract, sheets in every_form.items():
        for sheet in sheets:
            cells = read_file(write(sheet))[0].cells
            found = recognise(cells, sheet.name, ())
            assert isinstance(found, Recognition) and found.extract == extract, sheet.title
            known = {field.name for field in EXTRACTS[extract].fields}
            assert set(found.columns) >= {column.name for column in sheet.columns} & known
            kinds = dict(classify_rows(cells, found).value_counts().iter_rows())
            assert (kinds.get("data", 0), kinds["note"]) == (sheet.frame.height, 2), sheet.title


def test_no_answer_is_printed_for_those_who_are_asked(every_form):
    for extract, sheets in every_form.items():
        for sheet in sheets:
            open_ = [c.name for c in sheet.columns if c.answer and c.name not in ("enrolled_count",)]
            assert open_ and set(open_) <= set(EXTRACTS[extract].answers) | {"enrolled_count"}
            assert all(sheet.frame[name].is_null().all() for name in open_)


def test_keys_are_locked_and_answers_and_spare_lines_open(every_form):
    sheet = every_form["verification"][0]
    data = write(sheet)
    page = part(data, "xl/worksheets/sheet1.xml")
    assert '<sheetProtection sheet="1"' in page and "password" not in page
    first, spare = sheet.head_row + 2, sheet.head_row + 2 + sheet.frame.height
    assert list_locked(data, first) == [not column.answer for column in sheet.columns]
    assert not any(list_locked(data, spare))


def test_forms_are_ready_to_print(every_form):
    page = part(write(every_form["verification"][0]), "xl/worksheets/sheet1.xml")
    assert 'paperSize="8"' in page and 'orientation="landscape"' in page and 'fitToHeight="0"' in page
    page = part(write(every_form["suspect"][0]), "xl/worksheets/sheet1.xml")
    assert 'paperSize="9"' in page and 'orientation="landscape"' in page
    for upright in ("class_roll", "absentee"):
        assert "landscape" not in part(write(every_form[upright][0]), "xl/worksheets/sheet1.xml")


def test_what_is_printed_has_eight_points(every_form):
    """10 pt, shrunk until the columns fit the paper between its margins."""
    across = {("9", False): 210, ("9", True): 297, ("8", True): 420}
    for sheet in (sheet for sheets in every_form.values() for sheet in sheets):
        page = part(write(sheet), "xl/worksheets/sheet1.xml")
        paper, pages = re.search(r'paperSize="(\d)"', page)[1], int((re.search(r'fitToWidth="(\d)"', page) or (0, 1))[1])
        room = pages * (across[paper, "landscape" in page] - 25.4)
        widths = re.findall(r'<col min="(\d+)" max="(\d+)" width="([\d.]+)"', page)
        wide = sum((int(last) - int(first) + 1) * float(width) for first, last, width in widths) * 7 * 25.4 / 96
        assert 10 * min(1, room / wide) >= 8, sheet.title


def test_a_wide_ledger_goes_on_a3_and_repeats_the_names(town):
    sheet = list_case_ledgers(read_cases(town.con, PERIOD), PERIOD)["疑似辍学学生台账"][0]
    data = write(sheet)
    page = part(data, "xl/worksheets/sheet1.xml")
    assert 'paperSize="8"' in page and 'fitToWidth="2"' in page
    assert "疑似辍学学生台账!$A:$E,疑似辍学学生台账!$1:$2" in part(data, "xl/workbook.xml")


def test_a_long_text_gets_the_height_it_needs():
    columns = (SheetColumn("a", "姓名", 8), SheetColumn("b", "说明", 11))
    rows = pl.DataFrame({"a": ["王一", "李二"], "b": ["短", "请核对户口簿后改正并重报"]})
    page = part(write(Sheet("表", "表", columns, rows)), "xl/worksheets/sheet1.xml")
    assert re.findall(r'<row r="[34]"[^>]*?ht="([0-9.]+)"', page) == ["43.5"]


def test_choices_are_the_declared_words(every_form):
    choices = {c.name: c.choices for sheets in every_form.values() for c in sheets[0].columns if c.choices}
    assert "外地就读有学籍" in choices["verification_result"] and "未返校" in choices["visit_result"]
    assert "在校" not in choices["presence_status"]
    assert all(len(",".join(words)) <= 255 for words in choices.values())


def test_ids_and_case_numbers_are_prefilled_as_text(every_form):
    rows = read(every_form["verification"][0])
    prefilled = [row for row in rows[3:] if row[0] in ("王一", "孙五")]
    assert len(prefilled) == 2 and all(len(row[1]) == 18 and row[2].startswith("RC") for row in prefilled)


def test_the_closing_of_a_lost_child_waits_on_the_list(every_form):
    sheet = every_form["verification"][1]
    assert sheet.frame.select("name", "verification_result", "reviewer").rows() == [("赵三", "死亡", None)]


def test_each_village_looks_for_its_own_children(every_form):
    west, east = every_form["suspect"]  # 乙镇西村, 甲镇东村
    assert (set(east.frame["name"]), west.frame.height, west.spare) == ({"赵三", "孙五"}, 0, 10)


def test_the_roster_of_a_new_school_year_moves_up_a_grade(every_form):
    classes, [pupils] = every_form["class_roll"], every_form["absentee"]
    assert classes[0].frame.select("grade", "class_name", "enrolled_count").rows() == [("四年级", "1班", "2")]
    # grade 6 leaves the primary school, grade 9 is done; names in the order of a class list
    assert pupils.frame["name"].to_list() == ["安六", "李二"]


def test_the_next_months_that_owe_a_report_are_asked_for():
    terms = read_terms()
    asked = {p: [(m.month, m.grades_up) for m in list_coming_months(Bimester.parse(p), terms)] for p in ("2025-B3", "2025-B2")}
    assert asked == {"2025-B3": [("2025-09", 1), ("2025-10", 1)], "2025-B2": [("2025-05", 0), ("2025-06", 0)]}


def test_each_folder_holds_its_own_children(town):
    papers = list_case_papers(Source(town.con, PERIOD, 1), read_platform_columns())
    schools = {name for place, _, sheets in papers if place.startswith("学校/1000000001")
               for sheet in sheets if "name" in sheet.frame.columns for name in sheet.frame["name"]}  # fmt: skip
    assert schools == {"李二", "安六"}
