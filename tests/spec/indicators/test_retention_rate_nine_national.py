"""九年巩固率（国家公报口径）: grade 9 at the start of the year over grade-1 pupils of eight years before."""

from tests.towns.cohorts import ENTERED_2016, count_nine


def test_pupils_of_grade_one_not_entrants():
    assert count_nine().rate("retention_rate_nine_national") == (18, 21)


def test_entrants_stand_in_and_it_is_said():
    town = count_nine(ENTERED_2016.replace("| 21 |", "| - |"))
    assert town.rate("retention_rate_nine_national") == (18, 20)
    assert town.rows("select note from indicators.note where indicator = 'retention_rate_nine_national'") == [
        ("1所学校没有学年初在校人数，以入学人数代替",)]  # fmt: skip
