"""九年巩固率（本地口径）: the district alone; grade 9 over grade-1 entrants of eight years before with moves."""

from tests.towns.cohorts import ENTERED_2016, HEAD, count_nine, list_pupils
from tests.towns.town import build_town


def test_grade_nine_over_the_cohort_with_its_moves():
    town = count_nine()
    assert town.rate("retention_rate_nine") == (18, 20)
    assert town.rows("select distinct area_level from indicators.value where indicator = 'retention_rate_nine'") == [("district",)]


def test_without_movement_columns_it_is_missing():
    assert count_nine(ENTERED_2016.replace("| 3 | 2 |", "| - | 2 |")).rate("retention_rate_nine") == (None, None)


def test_a_graduate_of_this_year_is_kept():
    graduates = "\n".join([f"{HEAD} | 学籍状态", *(f"{line} | 毕业" for line in list_pupils("1000000002", 9, 18))])
    assert build_town(registry=graduates, cohort=ENTERED_2016).rate("retention_rate_nine") == (18, 20)
