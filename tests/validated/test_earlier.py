"""A run after one file has changed judges that file, and leaves what a run of everything would leave."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.extracts.books import Rows, make_id
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


def run(district: District, name: str, **more: Any) -> tuple[dict[str, bytes], dict[str, str]]:
    """The bytes of every file that a run leaves, and how much it said to have taken over of each extract."""
    said: list[str] = []
    result = district.validate(run=name, say=said.append, **more)
    lines = [line.removesuffix("，沿用上次结果）") for line in said if "沿用上次结果" in line]
    taken = {line.removeprefix("校验：").partition("读入")[0]: line.rpartition("（")[2] for line in lines}
    return {path.name: path.read_bytes() for path in sorted(result.folder.iterdir())}, taken


def folder(district: District, name: str) -> Path:
    return district.home / "lake" / "validated" / "2025-B3" / name


def test_nothing_changed_is_all_taken_over(delivered: District) -> None:
    first, _ = run(delivered, "first", program="1")
    again, taken = run(delivered, "again", program="1", earlier=folder(delivered, "first"))
    assert taken == {"学籍名册": "未变", "适龄儿童少年底册": "未变"}
    assert again == first


def pupils(first: int, *more: list[object]) -> Rows:
    return [REGISTRY, *map(pupil, range(first, first + 5)), *more]


def form(number: int, *more: list[object]) -> Rows:
    """A returned form whose title names a school that no register knows, with a row at fault."""
    headings = ["姓名", "身份证件号", "核实日期", "核实单位", "核实结果"]
    return [[f"学校标识码：315000999{number}"], headings, [f"李{number}", make_id(number), "2025-06-20", "村社", "确认辍学"],
            [f"王{number}", make_id(50), "2025-13-40", "村社", ""], *more]  # fmt: skip


def replace_a_list(district: District) -> None:
    """Its pupils 10 and 11 stand in another file too: there they merge with nobody and set nobody aside.

    Its full-width 2 once let ① be read as 1 in the other file: NFKC was used on a column where one value asked for it.
    """
    district.put("学籍2.xlsx", pupils(20, pupil(10), pupil(11, 姓名="王五"), pupil(27, 班级="２班"), pupil(95, 姓名="")))
    district.put("表1.xlsx", form(5, ["李9", "", "2025", "", ""]))


def move_a_pupil(district: District) -> None:
    """Her twin in the first list is gone with her."""
    district.put("学籍1.xlsx", pupils(11, pupil(81, 班级="①班"))).put("学籍3.xlsx", pupils(60, pupil(10)))


def lose_a_list(district: District) -> None:
    """And another one comes from another folder."""
    (district.inbox / "学籍2.xlsx").unlink()
    (district.inbox / "村小").mkdir()
    (district.inbox / "学籍1.xlsx").rename(district.inbox / "村小" / "学籍.xlsx")


def test_a_changed_file_costs_itself_and_leaves_what_a_fresh_run_leaves(delivered: District) -> None:
    """Day after day, each run taking over from the last one."""
    delivered.put("学籍1.xlsx", pupils(10, pupil(10), pupil(91, 姓名="", 身份证件号="", 性别="", 全国学籍号=""), pupil(81, 班级="①班")))
    for number in range(4):
        delivered.put(f"表{number}.xlsx", form(number))
    run(delivered, "0", program="1")
    days: list[tuple[Callable[[District], object], str, str]] = [
        (replace_a_list, "2个文件中1个未变", "4个文件中3个未变"),
        (lambda district: district.put("学籍3.xlsx", pupils(60)), "3个文件中2个未变", "未变"),
        (move_a_pupil, "3个文件中1个未变", "未变"),
        (lose_a_list, "2个文件中1个未变", "未变"),
    ]
    for day, (change, lists, forms) in enumerate(days, 1):
        change(delivered)
        rerun, taken = run(delivered, f"{day}", program="1", earlier=folder(delivered, f"{day - 1}"))
        assert taken == {"学籍名册": lists, "核实反馈": forms, "适龄儿童少年底册": "未变"}
        assert (rerun, {}) == run(delivered, f"fresh{day}", program="1")
    # what is told of titles comes after all that is told of rows, whichever file was judged last
    told = pl.read_parquet(folder(delivered, "4") / "problem.parquet").filter(extract="verification")["rule"].to_list()
    assert len(told) > 8 and told[-4:] == ["title_school_unknown"] * 4


def test_another_school_register_judges_everybody_anew(delivered: District) -> None:
    run(delivered, "first", program="1")
    delivered.put("学校.xlsx", [*SCHOOLS[:2], [*SCHOOLS[2][:-1], "撤并"], ["3150000009", "荣昌新小", "小学", "公办", "河包镇", "乡村", "正常"]])
    rerun, taken = run(delivered, "rerun", program="1", earlier=folder(delivered, "first"))
    assert (rerun, taken) == (run(delivered, "fresh", program="1")[0], {})


def test_another_program_judges_everybody_anew(delivered: District) -> None:
    run(delivered, "first", program="1")
    assert run(delivered, "rerun", program="2", earlier=folder(delivered, "first"))[1] == {}


def test_rows_that_do_not_add_up_are_judged_anew(delivered: District) -> None:
    """As where a folder of before there were seals was shortened: what is missing must not go on missing."""
    first, _ = run(delivered, "first", program="1")
    path = folder(delivered, "first") / "registry.parquet"
    pl.read_parquet(path).head(3).write_parquet(path)
    again, taken = run(delivered, "again", program="1", earlier=folder(delivered, "first"))
    assert (again, taken) == (first, {"适龄儿童少年底册": "未变"})


def test_a_folder_of_before_files_had_keys_is_judged_anew(delivered: District) -> None:
    first, _ = run(delivered, "first", program="1")
    keys = folder(delivered, "first") / "file_keys.json"
    keys.rename(keys.with_name("keys.json")).write_text('{"registry": "0"}', encoding="utf-8")
    assert run(delivered, "again", program="1", earlier=folder(delivered, "first")) == (first, {})


def roll(name: str, present: int) -> Rows:
    """A class in two files, and one in this file alone."""
    classes = (("1班", present), (name, 28))
    return [["月份", "学校标识码", "年级", "班级", "在籍人数", "在校人数"],
            *(["2025-05", "3150000001", "一年级", each, 30, count] for each, count in classes)]  # fmt: skip


@pytest.mark.parametrize(("before", "now"), [((29, 30), 30), ((30, 30), 29), ((29, 30), None), ((None, 30), 29)])
def test_two_files_that_contradict_each_other_or_did_are_judged_together(
    delivered: District, before: tuple[int | None, ...], now: int | None
) -> None:
    """A file comes, goes or is corrected: what is told of the other that has not changed."""
    def put(name: str, present: int | None) -> None:
        (delivered.inbox / name).unlink(missing_ok=True)
        if present is not None:
            delivered.put(name, roll(name[0], present))

    put("甲.xlsx", before[0])
    put("乙.xlsx", before[1])
    run(delivered, "first", program="1")
    put("甲.xlsx", now)  # the other file lies there as it was
    again, taken = run(delivered, "again", program="1", earlier=folder(delivered, "first"))
    assert again == run(delivered, "fresh", program="1")[0]
    assert taken["学籍名册"] == "未变"
