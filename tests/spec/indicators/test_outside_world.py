"""Published series and real forms, fed as counts through the models themselves: what others print comes out of ours.

Counts are in 万, as published; one row stands for 0.01 万 (100 persons), or 0.1 万 where one decimal is given.
"""

import pytest

from tests.towns.cohorts import FORMS, build_cohorts
from tests.towns.counts import run_on_counts
from tests.towns.town import Town, build_town
from transforms.documents.wording import print_rate


def units(count: float, size: float = 0.01) -> int:
    """How many rows stand for a published count."""
    return round(count / size)


def to_one_decimal(town: Town, indicator: str, **cell: str) -> float:
    """The rate in percent, half up to one decimal as the published series are."""
    numerator, denominator = town.rate(indicator, **cell)
    return (2000 * numerator + denominator) // (2 * denominator) / 10


@pytest.mark.parametrize(("year", "inside", "all_", "published"), [
    (2009, 9548.6, 9606.6, 99.4), (2010, 9473.3, 9501.5, 99.7), (2011, 9502.5, 9522.4, 99.8)])  # fmt: skip
def test_national_net_enrolment(year: int, inside: float, all_: float, published: float):
    """小学学龄儿童净入学率: 已入学学龄儿童 of 校内外学龄儿童, 2009 to 2011."""
    town = run_on_counts(f"{year}-B6", "enrolment_rate_primary", indicators__due_child=f"""
        select n::integer as person_id, 'primary' as stage, n < {units(inside, 0.1)} as is_enrolled, false as unresolved
        from range({units(all_, 0.1)}) as r(n)""")  # fmt: skip
    assert to_one_decimal(town, "enrolment_rate_primary") == published


@pytest.fixture(scope="module")
def form() -> Town:
    return build_cohorts()


@pytest.mark.parametrize("stage", ["primary6", "junior3"])
@pytest.mark.parametrize("number", range(len(FORMS)))
def test_the_form_of_taizhou(form: Town, number: int, stage: str):
    """泰州: with movement every school prints 100 %, and the closed one —; without movement anything up to 156.6 %."""
    school = FORMS[number]
    with_moves, simple = (form.rate(f"retention_rate_{stage}{kind}", area_level="school", school_code=school.code)
                          for kind in ("", "_simple"))  # fmt: skip
    assert with_moves == (school.now, school.entrants + school.came - school.left)
    assert simple == (school.now, school.entrants)
    assert print_rate(*with_moves) == school.printed
    assert round(simple[0] / simple[1] * 100, 1) == school.without_movement


SCHOOL_FORM = [(1, 498, 506, 101.61), (2, 615, 663, 107.80), (3, 787, 783, 99.49), (4, 506, 571, 112.85), (5, 758, 755, 99.60)]


@pytest.fixture(scope="module")
def second_school() -> Town:
    """第二实验小学: spring grade N, autumn grade N+1. As many stay as can; the rest have left or come."""
    rows = []
    for grade, spring, autumn, _ in SCHOOL_FORM:
        rows += [f"2025-B3 | 1000000001 | {grade} | 1 | - | G{grade}{n:017d}" for n in range(spring)]
        rows += [f"2025-B5 | 1000000001 | {grade + 1} | 1 | - | G{grade}{n:017d}" for n in range(autumn)]
    return build_town("2025-B5", registry="\n".join(["期间 | 学校标识码 | 年级 | 班级 | 姓名 | 全国学籍号", *rows]))


@pytest.mark.parametrize(("grade", "spring", "autumn", "printed"), SCHOOL_FORM)
def test_the_form_of_the_second_experimental_school(second_school: Town, grade, spring, autumn, printed):
    """The form divides two counts and passes 100 %; ours follows persons, and moves in leave it where it was."""
    ratio = second_school.rows(f"""
        select round(100 * count(*) filter (where period = '2025-B5' and grade = '{grade + 1}')
            / count(*) filter (where period = '2025-B3' and grade = '{grade}'), 2)
        from conformed.record where is_chosen""")  # fmt: skip
    assert ratio == [(printed,)]
    kept, expected = second_school.rate("retention_rate_year", stage="primary", grade=str(grade + 1))
    assert (kept, expected) == (autumn, max(spring, autumn))


FLOWS = {  # 上年在校, 毕业, 招生, 在校 of 小学 and 初中, and the net losses
    2023: ((10732.05, 1763.5, 1877.9, 10836.0, 10.45), (5120.60, 1623.6, 1754.6, 5243.7, 7.9)),
    2024: ((10836.0, 1857.27, 1616.63, 10584.37, 10.99), (5243.7, 1698.24, 1848.75, 5386.16, 8.05)),
}


@pytest.mark.parametrize("year", FLOWS)
def test_the_national_flow_identity(year: int):
    """上年在校 − 毕业 + 招生 − 在校 = 净流失: who is on the year's start roll and on no roll now is lost.

    Over nine grades the grade-6 completers without a junior place are lost too, in the stage they were to enter.
    """
    (primary, junior), last = FLOWS[year], f"{year}-B4"
    (before6, done6, new1, now6, lost6), (before9, done9, new7, now9, lost9) = ([units(x) for x in s] for s in (primary, junior))
    # a pupil is a number: junior pupils first (the graduating ones at the front), then primary (grade 6 at the front)
    stayed9, up, stayed6 = now9 - new7, new7, now6 - new1
    town = run_on_counts(f"{year}-B5", "membership retention_rate_year", conformed__record=f"""
        select '{last}' as period, n as person_id, true as is_chosen,
            case when n < {done9} then '9' when n < {before9} then '8'
                when n < {before9 + done6} then '6' else '1' end as grade
        from range({before9 + before6}) as r(n)
        union all
        select '{year}-B5', n, true, '9' from range({done9}, {done9 + stayed9}) as r(n)
        union all
        select '{year}-B5', n, true, '7' from range({before9}, {before9 + up}) as r(n)
        union all
        select '{year}-B5', n, true, '2' from range({before9 + done6}, {before9 + done6 + stayed6}) as r(n)
        union all
        select '{year}-B5', 1000000000 + n, true, '1' from range({new1}) as r(n)
        """, conformed__completion=f"""
        select n as person_id, 9::integer as completed_grade, '{year}-B5' as first_period from range({done9}) as r(n)
        """, conformed__enrolment=f"""
        select n as person_id from range({done9}, {done9 + stayed9}) as r(n) union all
        select n from range({before9}, {before9 + up}) as r(n) union all
        select n from range({before9 + done6}, {before9 + done6 + stayed6}) as r(n) union all
        select 1000000000 + n from range({new1}) as r(n)""")  # fmt: skip
    lost = {stage: d - n for stage in ("primary", "junior") for n, d in [town.rate("retention_rate_year", stage=stage)]}
    assert lost == {"primary": lost6, "junior": lost9 + done6 - new7}
    assert round(lost6 / before6 * 100, 2) == 0.10


def test_the_published_nine_year_rate_does_not_follow_from_published_counts():
    """Graduates of 2023 over entrants of 2014, by the form without movement: 97.9 %, where 95.7 % was published."""
    town = run_on_counts("2023-B4", "cohort_school retention_rate_nine_simple", conformed__school="""
        select '1000000001' as school_code, '1000000001' as counts_at
        """, validated__cohort=f"""
        select '2022-B5' as period, 'f' as file_id, 2014 as entry_year, '1000000001' as school_code, '1' as entry_grade,
            {units(1658.42)} as entrants
        """, indicators__cohort_pupil=f"""
        select n as person_id, '1000000001' as school_code, '9' as grade, true as is_now, false as at_start
        from range({units(1623.6)}) as r(n)""")  # fmt: skip
    assert to_one_decimal(town, "retention_rate_nine_simple") == 97.9 != 95.7
