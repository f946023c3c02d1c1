"""How figures are printed (contract §7, GB/T 15835)."""

from datetime import date

import pytest

from transforms.documents.figures import Rate
from transforms.documents.wording import number_chinese, print_date, print_percent, print_rate


@pytest.mark.parametrize(
    ("numerator", "denominator", "printed"),
    [
        (75600, 75600, "100.00"),
        (75599, 75600, "99.99"),  # 99.9987 would round to 100.00
        (75601, 75600, "100.01"),  # uncapped, and not shown as met
        (0, 75600, "0.00"),
        (1, 75600, "0.01"),  # 0.0013 would round to 0.00
        (19989, 20000, "99.95"),  # 99.945: half up
        (1, 3, "33.33"),
        (-1, 3, "-33.33"),
        (-1, 75600, "-0.01"),
        (80, 79, "101.27"),
        (0, 0, "—"),
        (3, -2, "—"),
        (None, 5, "—"),
        (5, None, "—"),
    ],
)
def test_rate_is_printed_by_the_rule(numerator, denominator, printed):
    assert print_rate(numerator, denominator) == printed


def test_percent_sign_stands_only_beside_a_figure():
    assert print_percent(1, 2) == "50.00%"
    assert print_percent(None, None) == "—"


def test_dates_carry_no_zeros():
    assert print_date(date(2025, 7, 5)) == "2025年7月5日"


@pytest.mark.parametrize(
    ("value", "word"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (23, "二十三")]
)
def test_chinese_numbers(value, word):
    assert number_chinese(value) == word


@pytest.mark.parametrize(
    ("now", "before", "said", "cell"),
    [
        ((9994, 10000), (9987, 10000), "上升0.07个百分点", "+0.07"),
        ((9987, 10000), (9994, 10000), "下降0.07个百分点", "-0.07"),
        ((9994, 10000), (9994, 10000), "持平", "0.00"),
        ((99940, 100000), (99941, 100000), "基本持平", "0.00"),
        ((9994, 10000), None, "", "—"),
        ((9994, 10000), (None, None), "", "—"),
        ((None, None), (9994, 10000), "", "—"),
    ],
)
def test_change_follows_the_printed_rates(now, before, said, cell):
    rate = Rate("入学率", *now, before=before)
    assert (rate.change, rate.change_cell) == (said, cell)


def test_range_is_printed_only_where_someone_is_unresolved():
    assert Rate("入学率", 9990, 10000, 9980, 9995).range_text == "99.80%～99.95%"
    assert Rate("入学率", 9990, 10000).range_text == "—"
