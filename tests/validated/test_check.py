"""`baoxue check`: what a file is and what is wrong with it, without changing anything."""

from __future__ import annotations

from pathlib import Path

from tests.extracts.books import write_xlsx
from tests.validated.conftest import REGISTRY, SCHOOLS, District, pupil
from transforms.validated.check import check_files


def test_a_file_is_named_counted_and_its_problems_shown(tmp_path: Path) -> None:
    school = write_xlsx(tmp_path / "a.xlsx", {"校": SCHOOLS})
    registry = write_xlsx(tmp_path / "b.xlsx", {"籍": [REGISTRY, pupil(1), pupil(3, 性别="?"), pupil(5, 性别="?", 身份证件号="1")]})
    first, second = check_files([school, registry])
    assert first.is_clean
    assert [(s.title, s.rows_read, s.accepted, s.quarantined) for s in second.sheets] == [("学籍名册", 3, 1, 2)]
    assert [(r.rule, r.count, r.first) for r in second.rules] == [
        ("code_unknown", 2, (("籍", 3, "?"), ("籍", 4, "?"))),
        ("id_length", 1, (("籍", 4, "1"),)),
    ]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.xlsx", "b.xlsx"]


def test_without_a_school_register_schools_are_not_judged(tmp_path: Path) -> None:
    [report] = check_files([write_xlsx(tmp_path / "b.xlsx", {"籍": [REGISTRY, pupil(1, 学校标识码="3159999999")]})])
    assert report.is_clean


def test_held_registers_judge(district: District, tmp_path: Path) -> None:
    held = district.put("学籍.xlsx", [REGISTRY, pupil(1)]).validate().folder
    path = write_xlsx(tmp_path / "b.xlsx", {"籍": [REGISTRY, pupil(1, 学校标识码="3159999999")]})
    [report] = check_files([path], (held,))
    assert [r.rule for r in report.rules] == ["school_unknown"]


def test_a_file_that_cannot_be_read_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "通知.pdf"
    path.write_bytes(b"%PDF-1.7")
    [report] = check_files([path])
    assert not report.is_clean
    assert "通知.pdf" in report.refusals[0].message


def test_each_column_at_fault_is_told_with_what_it_may_hold(tmp_path: Path) -> None:
    """By rule and column: what the column may hold, the part that is larger than its whole, the school by its name, a month's form."""
    heads = ["报告月份", "学校", "年级", "班级", "在籍人数", "在校人数"]
    rows = [["6月", "荣昌中学", "七年级", "1班", 30, 30], ["2025-13", "荣昌中学", "七年级", "2班", 30, 31], ["6月", "荣昌初中", "七", "3班", "x", 1]]
    absent = [["月份", "学校标识码", "年级", "班级", "姓名", "在校状态"], ["2025-06", "3150000002", "七年级", "1班", "王一", "辍学"]]
    path = write_xlsx(tmp_path / "a.xlsx", {"校": SCHOOLS, "班": [heads, *rows], "名单": absent}, hidden=["名单"])
    [report] = check_files([path])
    told = [(r.rule, r.heading, r.message.split("。")[0], r.first) for r in report.rules]
    assert told == [
        ("code_unknown", "在校状态", "在校状态的填法不在代码表中（可填在校、请假、无故缺勤、离校未归、休学）", (("名单", 2, "辍学"),)),
        ("date_impossible", "报告月份", "月份不是成立的日期", (("班", 3, "2025-13"),)),
        ("number_impossible", "在校人数", "在校人数（大于在籍人数）不是成立的数值", (("班", 3, "31"),)),
        ("number_impossible", "在籍人数", "在籍人数不是成立的数值", (("班", 4, "x"),)),
        ("school_unknown", "学校", "学校标识码对应的学校不在学校名册中（代码、校名、标题和文件夹均未认出）", (("班", 4, "荣昌初中"),)),
    ]
    assert [s.sheet for s in report.sheets if s.hidden] == ["名单"]
