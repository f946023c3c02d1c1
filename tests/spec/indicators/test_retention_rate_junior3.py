"""初中三年巩固率: the district's own form; entrants and what moved since, uncapped."""

from tests.towns.cohorts import FORMS, HEAD, SCHOOLS, build_cohorts, list_pupils
from tests.towns.town import build_town


def test_the_whole_of_the_seven_schools_is_the_sum_of_their_counts():
    """泰州's own form (each school: test_outside_world.py): pupils now over entrants + in − out; the closed school counts 0."""
    now, expected = sum(f.now for f in FORMS), sum(f.entrants + f.came - f.left for f in FORMS)
    assert build_cohorts().rate("retention_rate_junior3") == build_cohorts().rate("retention_rate_junior3", stage="junior") == (now, expected)


def test_a_school_without_movement_columns_is_left_out_not_counted_as_0():
    bare = "入学年份 | 学校标识码 | 起始年级 | 入学人数\n2022 | 1000000001 | 7 | 10"
    town = build_town(school=SCHOOLS, registry="\n".join([HEAD, *list_pupils("1000000001", 9, 9)]), cohort=bare)
    assert town.rate("retention_rate_junior3") == (None, None)
