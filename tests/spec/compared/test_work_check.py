"""学校工作对照限值: a school's self-report against the strictest limit in force, at the boundary and over the term."""

from datetime import date

import pytest

from schemas.limits import read_limits
from tests.towns.town import build_town

SCHOOLS = """
学校标识码 | 学校名称 | 办学类型 | 所在镇街 | 所属中心校
1000000001 | 甲小学 | 小学 | 甲镇 | -
1000000002 | 乙中学 | 初级中学 | 乙镇 | -
1000000003 | 丙校 | 九年一贯制学校 | 甲镇 | -
1000000004 | 丁点 | 教学点 | 甲镇 | 1000000001
"""
HEAD = "期间 | 月份 | 学校标识码 | 年级段 | 在校学习时间 | 书面作业平均时长 | 考试次数 | 每科教辅套数 | 体育活动\n"


def breaches(work: str, **more) -> list[tuple]:
    town = build_town(school=SCHOOLS, school_work=HEAD + work, **more)
    return town.rows("select school_code[-1:], month, grade_band, item, measured, limit_value from compared.work_check "
                     "where is_breach order by all")  # fmt: skip


def test_the_limit_itself_is_kept_and_anything_beyond_is_a_breach():
    kept = "2025-B3 | 2025-05 | 1000000001 | 三至六年级 | 6 | 60 | 1 | 1 | 2"
    beyond = "2025-B3 | 2025-06 | 1000000001 | 三至六年级 | 6.5 | 61 | 0 | 2 | 1.5"
    assert breaches(kept + "\n" + beyond) == [
        ("1", "2025-06", "三至六年级", "aids_per_subject", 2, 1),
        ("1", "2025-06", "三至六年级", "homework_minutes", 61, 60),
        ("1", "2025-06", "三至六年级", "sport_hours", 1.5, 2),
        ("1", "2025-06", "三至六年级", "study_hours", 6.5, 6),
    ]


def test_grades_1_and_2_have_no_written_homework_at_all():
    assert breaches("2025-B3 | 2025-05 | 1000000001 | 一二年级 | - | 1 | - | - | -") == [
        ("1", "2025-05", "一二年级", "homework_minutes", 1, 0)
    ]


def test_exams_add_up_over_the_term_and_start_again_with_the_next():
    work = """2024-B6 | 2024-12 | 1000000002 | 初中 | - | - | 2 | - | -
2025-B2 | 2025-03 | 1000000002 | 初中 | - | - | 1 | - | -
2025-B3 | 2025-05 | 1000000002 | 初中 | - | - | 1 | - | -
2025-B3 | 2025-06 | 1000000002 | 初中 | - | - | 1 | - | -"""
    assert breaches(work) == [("2", "2025-06", "初中", "exams", 3, 2)]


def test_a_report_without_grade_band_is_judged_only_by_what_holds_for_all_its_grades():
    work = """2025-B3 | 2025-05 | 1000000001 | - | 7 | 200 | 9 | 1 | 2
2025-B3 | 2025-05 | 1000000002 | - | 7 | 91 | 0 | 1 | 2
2025-B3 | 2025-05 | 1000000003 | - | 9 | 200 | 9 | 2 | 2"""
    assert breaches(work) == [
        ("1", "2025-05", "全校", "study_hours", 7, 6),  # primary: 6 hours hold for both bands
        ("2", "2025-05", "初中", "homework_minutes", 91, 90),
        ("3", "2025-05", "全校", "aids_per_subject", 2, 1),
    ]


def test_the_limit_of_the_month_rules():
    """Two hours of sport since November 2024; one hour, by law, before."""
    work = """2024-B5 | 2024-10 | 1000000002 | 初中 | - | - | - | - | 1
2024-B6 | 2024-11 | 1000000002 | 初中 | - | - | - | - | 1"""
    assert breaches(work, period="2024-B5") == []
    assert breaches(work, period="2024-B6") == [("2", "2024-11", "初中", "sport_hours", 1, 2)]


def test_a_teaching_point_stands_under_its_central_school_and_the_worse_counts():
    work = """2025-B3 | 2025-05 | 1000000001 | 三至六年级 | - | 50 | - | - | -
2025-B3 | 2025-05 | 1000000004 | 三至六年级 | - | 70 | - | - | -"""
    assert breaches(work) == [("1", "2025-05", "三至六年级", "homework_minutes", 70, 60)]


def test_what_is_not_told_is_not_judged():
    town = build_town(school=SCHOOLS, school_work=HEAD + "2025-B3 | 2025-05 | 1000000001 | 三至六年级 | - | - | - | - | -")
    assert town.rows("from compared.work_check") == []


def test_a_limit_whose_text_is_not_seen_judges_nobody():
    waiting = [limit for limit in read_limits() if not limit.verified]
    assert waiting and not any(limit.is_computed for limit in waiting)
    assert all(limit.in_force_from is None or limit.in_force_from >= date(1986, 1, 1) for limit in read_limits())


@pytest.mark.parametrize("limit", [x for x in read_limits() if x.is_computed], ids=lambda x: x.limit)
def test_every_limit_names_its_authority_and_a_column_of_the_report(limit):
    from schemas.extracts import EXTRACTS

    assert limit.authority and EXTRACTS["school_work"].has(limit.item)
