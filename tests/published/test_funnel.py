"""The school funnel: chance is not blame, a school that chance does not explain is named first."""

from __future__ import annotations

import pytest

from transforms.published.funnel import (
    OUTSIDE_BEST,
    OUTSIDE_WORST,
    WARNED,
    WITHIN,
    School,
    judge_schools,
    list_limits,
    list_rows,
    measure_tails,
    say_worst,
    scan,
)

USUAL = [School(f"校{i:02d}", "甲镇", 498, 500) for i in range(40)]


def standing(*schools: School, better: str = "high") -> dict[str, str]:
    funnel = judge_schools([*USUAL, *schools], better)
    return {p.school.name: p.standing for p in funnel.points}


def test_the_tails_are_those_of_the_binomial():
    # ten throws of a coin: at most two heads 56/1024, at least two 1013/1024
    assert measure_tails(2, 10, 0.5) == (pytest.approx(56 / 1024), pytest.approx(1013 / 1024))
    assert measure_tails(0, 3, 1.0) == (0.0, 1.0) and measure_tails(3, 3, 1.0) == (1.0, 1.0)
    few, many = measure_tails(1200, 1240, 0.999)
    assert few < 1e-12 and many == pytest.approx(1)


def test_a_small_school_is_not_blamed_for_one_child_and_a_large_one_is_for_many():
    found = standing(School("小校", "乙镇", 29, 30), School("大校", "乙镇", 970, 1000))
    assert found["小校"] == WITHIN  # 96.67 %, the lowest rate but one, and no more than chance
    assert found["大校"] == OUTSIDE_WORST and found["校00"] == WITHIN


def test_the_lowest_rate_does_not_stand_first_but_the_least_likely_one():
    funnel = judge_schools([*USUAL, School("小校", "乙镇", 14, 15), School("大校", "乙镇", 970, 1000)], "high")
    assert [p.school.name for p in funnel.points][:2] == ["大校", "小校"]
    assert say_worst(funnel).startswith("**1所学校超出偶然波动") and "大校（970/1000，97.00%）" in say_worst(funnel)


def test_where_low_is_good_the_high_end_is_the_bad_one():
    few, many = School("少", "乙镇", 480, 500), School("多", "乙镇", 500, 500)
    assert standing(few, many)["少"] == OUTSIDE_WORST
    found = standing(few, many, better="low")
    assert found["少"] == OUTSIDE_BEST and found["多"] == WITHIN


def test_the_middle_band_asks_for_attention_only():
    assert standing(School("中", "乙镇", 494, 500))["中"] == WARNED


def test_a_rate_that_is_no_part_of_a_whole_has_no_funnel():
    assert judge_schools([School("甲", "甲镇", 119, 76)], "high") is None
    assert judge_schools([School("甲", "甲镇", -2, 76)], "high") is None
    assert judge_schools([], "high") is None


def test_the_walls_narrow_with_size_and_hold_the_rate():
    walls = list_limits(0.99, 1200)
    assert walls[-1].denominator == 1200 and walls[0].denominator == 1
    for wall in walls:
        assert 0 <= wall.outer_low <= wall.inner_low <= 0.99 <= wall.inner_high <= wall.outer_high <= 1
    width = [wall.outer_high - wall.outer_low for wall in walls]
    assert width[-1] < width[len(width) // 2] < width[5]


def test_the_scan_of_all_indicators_names_the_least_likely_first():
    bad, worse = School("大校", "乙镇", 970, 1000), School("更大校", "丙镇", 900, 1000)
    found = scan({"甲率": judge_schools([*USUAL, bad], "high"), "乙率": judge_schools([*USUAL, worse], "high"), "丙率": None})
    assert [(row["学校"], row["指标"]) for row in found] == [("更大校", "乙率"), ("大校", "甲率")]


def test_the_order_of_schools_changes_nothing():
    schools = [*USUAL, School("大校", "乙镇", 970, 1000)]
    assert list_rows(judge_schools(schools, "high")) == list_rows(judge_schools(schools[::-1], "high"))
