"""The same key twice inside one file (contract §4)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from tests.extracts.books import make_id, write_xlsx
from tests.validated.conftest import CHILD, REGISTRY, SCHOOLS, District, Result, child, pupil

Run = Callable[..., Result]


def counts(result: Result, extract: str = "registry") -> tuple[int, int, int, int]:
    return result.read("file").filter(pl.col("extract") == extract).select("rows_read", "accepted", "merged", "quarantined").row(0)


def test_identical_rows_merge_and_are_counted(registry: Run) -> None:
    result = registry(pupil(1), pupil(3), pupil(1), pupil(1))
    assert counts(result) == (4, 2, 2, 0)
    assert result.read("registry")["source_row"].to_list() == [2, 3]
    assert result.rules("registry") == []


def test_the_same_content_in_another_notation_is_identical(registry: Run) -> None:
    result = registry(pupil(1), pupil(1, 出生日期="2015年9月1日", 年级="3", 性别="1", 学籍状态="01"))
    assert counts(result) == (2, 1, 1, 0)


def test_different_rows_are_all_set_aside(registry: Run) -> None:
    result = registry(pupil(1), pupil(3), pupil(1, 班级="2班"), pupil(1))
    assert counts(result) == (4, 1, 0, 3)
    assert result.rules("registry") == [(2, "duplicate_conflict"), (4, "duplicate_conflict"), (5, "duplicate_conflict")]


def test_one_person_in_two_schools_is_no_duplicate(registry: Run) -> None:
    result = registry(pupil(1), pupil(1, 学校标识码="3150000002", 年级="初一"))
    assert counts(result) == (2, 2, 0, 0)


def test_persons_without_number_are_told_by_name_sex_and_birth(registry: Run) -> None:
    bare = {"身份证件号": "", "全国学籍号": "", "姓名": "张三"}
    result = registry(pupil(1, **bare), pupil(1, **bare, 班级="2班"), pupil(1, **{**bare, "姓名": "张四"}))
    assert counts(result) == (3, 1, 0, 2)


def test_a_child_in_two_sources_is_no_duplicate(district: District) -> None:
    rows = [[*child(1), "公安户籍"], [*child(1, 村社=""), "学校"], [*child(1), "公安户籍"]]
    result = district.put("底册.xlsx", [[*CHILD, "来源"], *rows]).validate()
    assert counts(result, "child") == (3, 2, 1, 0)


def test_duplicates_count_across_sheets_of_one_file_but_not_across_files(district: District) -> None:
    write_xlsx(district.inbox / "一.xlsx", {"甲": [REGISTRY, pupil(1)], "乙": [REGISTRY, pupil(1)]})
    write_xlsx(district.inbox / "二.xlsx", {"丙": [REGISTRY, pupil(1, 班级="2班")]})
    result = district.validate()
    assert result.read("registry").height == 2
    assert result.rules("registry") == []


def test_two_visits_on_one_day_by_two_units_are_two(district: District) -> None:
    headings = ["姓名", "身份证件号", "劝返日期", "劝返单位", "劝返人", "结果"]
    rows = [["张三", make_id(), "2025-06-01", unit, "王某", "未返校"] for unit in ("学校", "村社", "学校")]
    result = district.put("劝返.xlsx", [headings, *rows]).validate()
    assert counts(result, "persuasion") == (3, 2, 1, 0)


def test_two_files_that_say_otherwise_of_one_class_are_told(district: District) -> None:
    """Both rows go on, one of them is used: nobody would know. A remark more is no difference."""
    heads = ["月份", "学校标识码", "年级", "班级", "在籍人数", "在校人数", "说明"]
    first = [["2025-05", "3150000001", "一年级", "1班", 30, 30, ""], ["2025-05", "3150000001", "二年级", "1班", 28, 28, ""]]
    second = [["2025-05", "3150000001", "一年级", "1班", 30, 29, ""], ["2025-05", "3150000001", "二年级", "1班", 28, 28, "零报告"]]
    district.put("甲.xlsx", [heads, *first]).put("乙.xlsx", [heads, *second]).put("校.xlsx", SCHOOLS)
    result = district.validate()
    assert result.read("class_roll").height == 4
    told = result.read("problem").filter(rule="file_conflict")
    assert sorted(told.select("file_name", "source_row").rows()) == [("乙.xlsx", 2), ("甲.xlsx", 2)]
    assert "月份、学校标识码、年级、班级都相同" in told["message"][0]
