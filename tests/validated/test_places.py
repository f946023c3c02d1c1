"""Schools and areas are known by their names, however they are written."""

from __future__ import annotations

import polars as pl
import pytest

from transforms.validated.places import build_areas, build_schools, read_reference_areas

SCHOOLS = build_schools(
    [
        pl.DataFrame(
            {
                "school_code": ["3150000001", "3150000002", "3150000003", "3150000004"],
                "school_name": ["重庆市荣昌区昌元小学", "昌元小学桃花教学点", "荣昌中学", "永荣中学校"],
                "school_type": ["小学", "教学点", "完全中学", "初级中学"],
            }
        ),
        pl.DataFrame({"school_code": ["3150000009"], "school_name": ["永荣中学校"], "school_type": ["初级中学"]}),
    ]
)
AREAS = build_areas(read_reference_areas(), True)


@pytest.mark.parametrize(
    ("text", "code"),
    [("昌元小学", "3150000001"), ("荣昌区昌元小学", "3150000001"), ("重庆市荣昌区 昌元小学", "3150000001"), ("荣昌中学", "3150000003"),
     ("永荣中学校", None), ("无此学校", None)],
)  # fmt: skip
def test_a_school_by_name_unless_two_are_called_so(text: str, code: str | None) -> None:
    assert SCHOOLS.find_by_name(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [("荣昌区昌元小学2025年5月月报", "3150000001"), ("昌元小学桃花教学点", "3150000002"), ("3150000003", "3150000003"),
     ("标识码3150000003（荣昌中学）", "3150000003"), ("填报单位：教委", None)],
)  # fmt: skip
def test_a_school_in_a_title(text: str, code: str | None) -> None:
    assert SCHOOLS.find_in(text) == code


@pytest.mark.parametrize("text", ["昌元街道", "昌元", "荣昌区昌元街道", "昌元街道办事处", "重庆市荣昌区昌元街道", " 昌元 街道 "])
def test_a_township_by_name(text: str) -> None:
    assert AREAS.find_township(text) == "昌元街道"


def test_two_townships_in_a_title_are_none() -> None:
    assert AREAS.find_township_in("昌元街道和昌州街道") is None
    assert AREAS.find_township_in("昌元街道适龄儿童底册") == "昌元街道"


@pytest.mark.parametrize("text", ["黄檀村", "黄檀", "黄檀村村民委员会", "河包镇黄檀村", "黄檀村委会"])
def test_a_village_inside_its_township(text: str) -> None:
    assert AREAS.find_village("河包镇", text) == "黄檀村村民委员会"
    assert AREAS.find_village("昌元街道", text) is None


def test_all_published_areas_are_found_again() -> None:
    for level, name, parent in read_reference_areas():
        found = AREAS.find_township(name) if level == "镇街" else AREAS.find_village(parent, name)
        assert found == name
