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
