"""The draw: reproducible, without replacement, and heavier units more often."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.bimester import Bimester
from tests.towns.town import build_town, in_school, join_tables
from transforms.documents.inspection import draw, is_read_next_year, weigh_classes
from transforms.documents.reading import Source


@given(st.dictionaries(st.text(min_size=1, max_size=6), st.integers(1, 30), max_size=12), st.text(max_size=8), st.integers(0, 15))
def test_the_same_seed_draws_the_same_units_each_once(weights, seed, count):
    drawn = draw(weights, seed, count)
    assert drawn == draw(dict(reversed(weights.items())), seed, count)
    assert len(drawn) == len(set(drawn)) == min(count, len(weights))
    assert set(drawn) <= set(weights)


def test_a_unit_of_three_times_the_weight_is_drawn_first_three_times_as_often():
    first = [draw({"轻": 1, "重": 3}, f"第{number}期", 1)[0] for number in range(4000)]
    assert 0.72 < first.count("重") / len(first) < 0.78


def test_no_class_is_called_that_will_have_left_its_school():
    """On 10 July and 10 September grade 6 of a 小学 and grade 9 are gone; a 九年一贯制学校 keeps its grade 6."""
    schools = "学校标识码 | 学校名称 | 办学类型 | 所在镇街\n1000000001 | 甲小学 | 小学 | 甲镇\n1000000002 | 乙学校 | 九年一贯制学校 | 甲镇"
    classes = [("王一", "5", "1000000001"), ("孙五", "6", "1000000001"), ("吴八", "6", "1000000002"), ("钱四", "9", "1000000002")]
    town = build_town(**join_tables(*(in_school(*each) for each in classes)), school=schools)
    source = Source(town.con, Bimester.parse("2025-B3"), 1)
    codes = ("1000000001", "1000000002")
    assert [sorted(weigh_classes(source, code, moves_up=True)) for code in codes] == [["5|1"], ["6|1"]]
    assert [sorted(weigh_classes(source, code, moves_up=False)) for code in codes] == [["5|1", "6|1"], ["6|1", "9|1"]]


@pytest.mark.parametrize(
    ("period", "issued", "moves_up"),
    [("2025-B3", "2025-06-20", False), ("2025-B3", "2025-07-10", True), ("2025-B4", "2025-09-10", True), ("2025-B5", "2025-11-10", False),
     ("2025-B6", "2026-01-12", False), ("2026-B1", "2026-03-10", False)],
)  # fmt: skip
def test_classes_move_up_between_the_period_and_the_first_day_of_its_papers_use(period, issued, moves_up):
    assert is_read_next_year(Bimester.parse(period), date.fromisoformat(issued)) is moves_up
