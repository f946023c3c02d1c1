"""A sheet is known by its headings and title row, whatever the file is called."""

from __future__ import annotations

import polars as pl
import pytest

from schemas.extracts import EXTRACTS
from transforms.extracts.headings import plain
from transforms.extracts.recognise import NearMiss, Recognition, recognise
from transforms.extracts.rows import classify_rows
from transforms.extracts.titles import Surroundings, find_data_date, find_in_title

REGISTRY = ["学校标识码", "年级", "班级", "姓名", "性别", "出生日期", "身份证件类型", "身份证件号", "全国学籍号"]


def sheet(*rows: list[str]) -> pl.DataFrame:
    width = max(map(len, rows))
    return pl.DataFrame(
        [[*row, *[""] * (width - len(row))] for row in rows], schema={f"c{i}": pl.String for i in range(width)}, orient="row"
    )


def know(*rows: list[str], name: str = "Sheet1", folders: tuple[str, ...] = ()) -> Recognition | NearMiss | None:
    return recognise(sheet(*rows), name, folders)


@pytest.mark.parametrize("extract", EXTRACTS.values(), ids=list(EXTRACTS))
def test_every_extract_is_known_by_its_declared_headings(extract) -> None:
    found = know([f"荣昌区{extract.title}"], [field.title for field in extract.fields])
    assert isinstance(found, Recognition)
    assert found.extract == extract.name
    assert found.first_row == 1
    assert set(found.columns) == {field.name for field in extract.fields}


@pytest.mark.parametrize("extract", EXTRACTS.values(), ids=list(EXTRACTS))
def test_every_extract_is_known_by_its_required_headings_and_title(extract) -> None:
    headings = [field.title for field in extract.required_headings]
    headings += [next(f.title for f in extract.fields if f.name == group[0]) for group in extract.either]
    headings += ["学校名称"] if extract.name == "registry" else []
    found = know([extract.title], headings)
    assert isinstance(found, Recognition)
    assert found.extract == extract.name


def test_every_alias_is_known() -> None:
    for extract in EXTRACTS.values():
        for field in extract.fields:
            for alias in field.aliases:
                headings = [alias if f.name == field.name else f.title for f in extract.fields]
                found = know([extract.title], headings)
                assert isinstance(found, Recognition), (extract.name, alias)
                assert (found.extract, field.name in found.columns) == (extract.name, True), (extract.name, alias)


@pytest.mark.parametrize(
    "written", ["姓名", "*姓名", "姓 名", "姓\n名", "姓名（必填）", "姓名(必填)", "　姓名　", "姓名*", "姓名：", "★姓名"]
)
def test_headings_as_people_write_them(written: str) -> None:
    assert plain(written) == "姓名"


def test_a_note_in_brackets_does_not_hide_a_heading() -> None:
    found = know([*REGISTRY[:5], "出生日期（如20150901）", *REGISTRY[6:]])
    assert isinstance(found, Recognition)
    assert found.columns["birth_date"] == 5


def test_headings_may_start_low_and_to_the_right() -> None:
    found = know(["荣昌区学籍名册"], [""], ["导出时间：2025-06-30"], ["", *REGISTRY])
    assert isinstance(found, Recognition)
    assert (found.first_row, found.columns["school_code"]) == (3, 1)


def test_headings_in_two_rows() -> None:
    upper = [*REGISTRY, "监护人", "", "住宿"]
    lower = [*[""] * 9, "姓名", "电话", ""]
    found = know(["学籍名册"], upper, lower)
    assert isinstance(found, Recognition)
    assert (found.last_row, found.columns["guardian_name"], found.columns["guardian_phone"]) == (2, 9, 10)
    assert found.columns["name"] == 3


def test_month_and_school_in_the_title() -> None:
    found = know(["荣昌区昌元小学2025年5月班级在校情况汇总"], ["年级", "班级", "在籍人数", "在校人数"])
    assert isinstance(found, Recognition)
    assert (found.extract, found.given["month"]) == ("class_roll", "2025-05")
    assert "昌元小学" in found.given["school_name"]


def test_month_in_the_sheet_name_and_school_in_the_folder() -> None:
    found = know(["年级", "班级", "在籍人数", "在校人数"], name="2025年6月", folders=("3150000001 昌元小学",))
    assert isinstance(found, Recognition)
    assert (found.given["month"], found.given["school_code"]) == ("2025-06", "3150000001")


def test_kind_of_movement_in_the_title() -> None:
    found = know(["休学学生花名册"], ["姓名", "全国学籍号", "异动日期"])
    assert isinstance(found, Recognition)
    assert (found.extract, found.given) == ("movement", {"movement_type": "休学"})


def test_unknown_table_names_the_nearest_extract_and_what_it_lacks() -> None:
    found = know(["学籍名册"], [h for h in REGISTRY if h not in ("性别", "身份证件类型")])
    assert isinstance(found, NearMiss)
    assert (found.extract, found.lacking) == ("registry", ("性别", "身份证件类型"))


def test_a_school_list_without_its_school_is_not_guessed() -> None:
    found = know(["学籍名册"], REGISTRY[1:])
    assert isinstance(found, NearMiss)
    assert found.lacking == ("学校标识码",)


def test_monthly_list_that_lacks_a_heading_is_not_taken_for_another() -> None:
    found = know(["昌元小学2025年5月在校学生月报"], ["姓名", "全国学籍号", "年级", "班级", "应到天数", "在校状态"])
    assert isinstance(found, NearMiss)
    assert (found.extract, found.lacking) == ("attendance", ("缺勤天数",))


def test_explanations_and_drop_down_lists_are_no_tables() -> None:
    assert know(["填表说明"], ["一、请如实填写姓名。"], ["二、截止日期为28日。"]) is None
    assert know(["性别", "男"], ["男", ""], ["女", ""]) is None


def test_rows_are_told_apart() -> None:
    cells = sheet(
        ["昌元小学2025年5月班级在校情况汇总", "", "", "", ""],
        ["序号", "年级", "班级", "在籍人数", "在校人数"],
        ["1", "一年级", "1班", "40", "40"],
        ["", "一年级", "小计", "40", "40"],
        ["", "", "", "", ""],
        ["序号", "年级", "班级", "在籍人数", "在校人数"],
        ["2", "二年级", "1班", "41", "40"],
        ["3", "", "", "", ""],
        ["合计", "", "", "81", "80"],
        ["填表人：王老师", "", "审核人：李校长", "", ""],
        ["注：在校人数为月末实有人数，请班主任逐一核对后填报。", "", "", "", ""],
    )
    found = recognise(cells, "", ())
    assert isinstance(found, Recognition)
    assert classify_rows(cells, found).to_list() == [
        "title", "heading", "data", "total", "blank", "repeated_heading", "data", "blank", "total", "note", "note",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "title", "value"),
    [
        ("month", "2025年5月", "2025-05"),
        ("month", "月份：2025-06 填报日期：2025年7月3日", "2025-06"),
        ("month", "202505在校情况", "2025-05"),
        ("month", "填报日期：2025年6月3日", None),
        ("month", "2025年5—6月", None),
        ("school_code", "学校标识码：3150000001 联系电话：13812345678", "3150000001"),
        ("school_code", "联系电话：13812345678", None),
        ("township", "镇街：昌元街道", "昌元街道"),
        ("care_kind", "农村留守儿童花名册", "农村留守儿童"),
        ("batch", "2025年第3批疑似辍学学生名单", "2025年第3批"),
        ("issued_on", "下发日期：2025年5月6日", "2025年5月6日"),
        ("verify_by", "核实期限：2025-05-30", "2025-05-30"),
    ],
)
def test_values_in_titles(field: str, title: str, value: str | None) -> None:
    assert find_in_title(field, Surroundings((title,), "", ())) in (value, *_canonical(field, value))


def _canonical(field: str, value: str | None) -> tuple[str, ...]:
    return ("留守儿童",) if field == "care_kind" and value else ()


@pytest.mark.parametrize(
    ("title", "day"),
    [("数据时点：2025年6月30日", (2025, 6, 30)), ("（截至2025-06-30）", (2025, 6, 30)), ("2025年6月30日填", None)],
)
def test_data_date_in_the_title(title: str, day: tuple[int, int, int] | None) -> None:
    assert find_data_date(Surroundings((title,), "", ())) == day
