"""初中三年巩固率（不计流动口径）: the same form without a movement term."""

from tests.towns.cohorts import FORMS, HEAD, SCHOOLS, build_cohorts, list_pupils
from tests.towns.town import build_town


def test_the_whole_of_the_seven_schools_is_the_sum_of_their_counts():
    """泰州's own form (each school: test_outside_world.py): pupils now over entrants, uncapped."""
    assert build_cohorts().rate("retention_rate_junior3_simple") == (sum(f.now for f in FORMS), sum(f.entrants for f in FORMS))
    assert build_cohorts().rows("select max(rate) > 1.56 from indicators.value where indicator = 'retention_rate_junior3_simple'") == [(True,)]


def test_movement_columns_are_not_asked_for():
    bare = "入学年份 | 学校标识码 | 起始年级 | 入学人数\n2022 | 1000000001 | 7 | 10"
    town = build_town(school=SCHOOLS, registry="\n".join([HEAD, *list_pupils("1000000001", 9, 9)]), cohort=bare)
    assert town.rate("retention_rate_junior3_simple") == (9, 10)
