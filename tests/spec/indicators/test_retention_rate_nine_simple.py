"""九年巩固率（不计流动口径）: grade 9 over grade-1 entrants of eight years before, as they are."""

from tests.towns.cohorts import ENTERED_2016, count_nine


def test_entrants_alone():
    assert count_nine().rate("retention_rate_nine_simple") == (18, 20)
    assert count_nine(ENTERED_2016.replace("| 3 | 2 |", "| - | - |")).rate("retention_rate_nine_simple") == (18, 20)


def test_another_years_cohort_says_nothing():
    assert count_nine(ENTERED_2016.replace("2016", "2017")).rate("retention_rate_nine_simple") == (None, None)
