"""九年巩固率（国家公报口径）: grade 9 at the start of the year over grade-1 pupils of eight years before."""

import pytest

from tests.towns.town import build_town


def pupils(school: str, grade: int, count: int) -> str:
    return "\n".join(f"{school} | {grade} | 1 | 学生{school}{grade}{n} | 男 | 2012-01-01 | - | G{school}{grade}{n:07d}"
                     for n in range(count))


HEAD = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 身份证件号 | 全国学籍号\n"

COHORT = """
入学年份 | 学校标识码 | 起始年级 | 入学人数 | 学年初在校人数 | 累计转入 | 累计转出 | 累计死亡 | 累计出国
2016 | 1000000001 | 1 | 20 | 21 | 3 | 2 | 1 | 0
"""


def count(cohort: str = COHORT, **more: str):
    return build_town(registry=HEAD + pupils("1000000002", 9, 18), cohort=cohort, **more)


def test_pupils_of_grade_one_not_entrants():
    assert count().rate("retention_rate_nine_national") == (18, 21)


def test_entrants_stand_in_and_it_is_said():
    town = count(COHORT.replace("| 21 |", "| - |"))
    assert town.rate("retention_rate_nine_national") == (18, 20)
    assert town.rows("select note from indicators.note where indicator = 'retention_rate_nine_national'") == [
        ("1所学校没有学年初在校人数，以入学人数代替",)]  # fmt: skip


@pytest.mark.parametrize(("graduates", "entrants", "ours", "published"), [(1623.6, 1658.42, 97.9, 95.7)])
def test_the_published_figure_does_not_follow_from_published_counts(graduates, entrants, ours, published):
    assert round(graduates / entrants * 100, 1) == ours != published


@pytest.mark.parametrize(("before", "finished", "entered", "after", "lost"), [
    (10732.05, 1763.5, 1877.9, 10836.0, 10.45), (10836.0, 1857.27, 1616.63, 10584.37, 10.99),
    (5120.60, 1623.6, 1754.6, 5243.7, 7.9), (5243.7, 1698.24, 1848.75, 5386.16, 8.05)])  # fmt: skip
def test_the_national_flow_identity(before, finished, entered, after, lost):
    assert round(before - finished + entered - after, 2) == lost
