"""The draw: reproducible, without replacement, and heavier units more often."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from transforms.documents.inspection import draw


@given(st.dictionaries(st.text(min_size=1, max_size=6), st.integers(1, 30), max_size=12), st.text(max_size=8), st.integers(0, 15))
def test_the_same_seed_draws_the_same_units_each_once(weights, seed, count):
    drawn = draw(weights, seed, count)
    assert drawn == draw(dict(reversed(weights.items())), seed, count)
    assert len(drawn) == len(set(drawn)) == min(count, len(weights))
    assert set(drawn) <= set(weights)


def test_a_unit_of_three_times_the_weight_is_drawn_first_three_times_as_often():
    first = [draw({"轻": 1, "重": 3}, f"第{number}期", 1)[0] for number in range(4000)]
    assert 0.72 < first.count("重") / len(first) < 0.78
