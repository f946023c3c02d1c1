"""A run after one file has changed judges that file's extract, and leaves what a run of everything would leave."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.validated.conftest import AREAS, CHILD, REGISTRY, SCHOOLS, District, child, pupil


@pytest.fixture
def delivered(tmp_path: Path) -> District:
    """Two schools' lists and a 底册, each with a row set aside, one merged and one only reported."""
    district = District(tmp_path / "home").put("学校.xlsx", SCHOOLS).put("镇街.xlsx", AREAS)
    for number in (1, 2):
        lines = [pupil(n) for n in range(10 * number, 10 * number + 5)]
        broken = pupil(90 + number, 姓名="", 身份证件号="", 性别="", 全国学籍号="")
        odd = pupil(80 + number, 姓名="张3")
        district.put(f"学籍{number}.xlsx", [REGISTRY, *lines, lines[0], broken, odd])
    return district.put("底册.xlsx", [CHILD, *map(child, range(30, 36)), child(40, 身份证件号="1")])


def run(district: District, name: str, **more: Any) -> tuple[dict[str, bytes], set[str]]:
    """The bytes of every file that a run leaves, and the titles of the extracts that it took over."""
    said: list[str] = []
    result = district.validate(run=name, say=said.append, **more)
    taken = {line.removeprefix("校验：").partition("读入")[0] for line in said if "沿用上次结果" in line}
    return {path.name: path.read_bytes() for path in sorted(result.folder.iterdir())}, taken


def folder(district: District, name: str) -> Path:
    return district.home / "lake" / "validated" / "2025-B3" / name


def test_nothing_changed_is_all_taken_over(delivered: District) -> None:
    first, _ = run(delivered, "first", program="1")
    again, taken = run(delivered, "again", program="1", earlier=folder(delivered, "first"))
    assert taken == {"学籍名册", "适龄儿童少年底册"}
    assert again == first


def test_a_changed_file_costs_its_extract_and_leaves_what_a_fresh_run_leaves(delivered: District) -> None:
    before, _ = run(delivered, "first", program="1")
    delivered.put("学籍2.xlsx", [REGISTRY, *map(pupil, range(20, 27)), pupil(95, 姓名="")])
    rerun, taken = run(delivered, "rerun", program="1", earlier=folder(delivered, "first"))
    fresh, none_taken = run(delivered, "fresh", program="1")
    assert (taken, none_taken) == ({"适龄儿童少年底册"}, set())
    assert rerun == fresh
    assert rerun["registry.parquet"] != before["registry.parquet"]


def test_a_removed_file_takes_its_rows_along(delivered: District) -> None:
    run(delivered, "first", program="1")
    (delivered.inbox / "学籍1.xlsx").unlink()
    rerun, taken = run(delivered, "rerun", program="1", earlier=folder(delivered, "first"))
    assert (rerun, taken) == (run(delivered, "fresh", program="1")[0], {"适龄儿童少年底册"})


def test_another_school_register_judges_everybody_anew(delivered: District) -> None:
    run(delivered, "first", program="1")
    delivered.put("学校.xlsx", [*SCHOOLS[:2], [*SCHOOLS[2][:-1], "撤并"], ["3150000009", "荣昌新小", "小学", "公办", "河包镇", "乡村", "正常"]])
    rerun, taken = run(delivered, "rerun", program="1", earlier=folder(delivered, "first"))
    assert (rerun, taken) == (run(delivered, "fresh", program="1")[0], set())


def test_another_program_judges_everybody_anew(delivered: District) -> None:
    run(delivered, "first", program="1")
    assert run(delivered, "rerun", program="2", earlier=folder(delivered, "first"))[1] == set()


def test_rows_that_do_not_add_up_are_judged_anew(delivered: District) -> None:
    """As where a folder of before there were seals was shortened: what is missing must not go on missing."""
    import polars as pl

    first, _ = run(delivered, "first", program="1")
    path = folder(delivered, "first") / "registry.parquet"
    pl.read_parquet(path).head(3).write_parquet(path)
    again, taken = run(delivered, "again", program="1", earlier=folder(delivered, "first"))
    assert (again, taken) == (first, {"适龄儿童少年底册"})
