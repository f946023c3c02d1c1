"""指标计入的儿童: a child stands once, with every indicator that counts it; the figures are the sums of these children."""

from tests.towns.school_year import SCHOOL_YEAR
from tests.towns.town import build_town


def test_the_children_behind_a_figure_add_up_to_it():
    town = build_town(**SCHOOL_YEAR)
    for indicator in ("enrolment_rate", "retention_rate_year", "dropout_rate", "in_school_rate"):
        found = town.rows(
            f"select count(*) filter (list_contains(string_split(numerators, ';'), '{indicator}')), "
            f"count(*) filter (list_contains(string_split(denominators, ';'), '{indicator}')) from indicators.counted"
        )
        n, d = town.rate(indicator)
        assert found == [(n or 0, d or 0)], indicator


def test_a_numerator_is_part_of_its_denominator_and_a_child_stands_once():
    town = build_town(**SCHOOL_YEAR)
    rows = town.rows("select child_key, denominators, numerators from indicators.counted")
    assert rows and len({key for key, *_ in rows}) == len(rows)
    assert all(set(filter(None, n.split(";"))) <= set(d.split(";")) for _, d, n in rows)
