"""学校方案和帮扶: what each school told of its plan, help and publicity; what it did not tell is empty, not 否."""

from tests.towns.town import build_town

HEAD = (
    "期间 | 月份 | 学校标识码 | 年级段 | 控辍保学方案是否制定 | 专题研究次数 | 专项经费 | 责任人"
    " | 学困生人数 | 已建帮扶方案人数 | 宣传覆盖学生人数\n"
)
WORK = HEAD + """2024-B6 | 2024-12 | 1000000001 | 三至六年级 | 是 | 2 | 5000 | 副校长 | 30 | 30 | 90
2025-B3 | 2025-05 | 1000000001 | 三至六年级 | 是 | 1 | - | - | 20 | 10 | 60
2025-B3 | 2025-05 | 1000000001 | 一二年级 | 是 | 1 | - | - | 5 | 5 | 40"""
PLAN = "select {} from compared.school_plan order by school_code"


def test_a_plan_is_complete_when_all_four_parts_are_told():
    town = build_town(school_work=WORK)
    rows = town.rows(PLAN.format("has_plan, study_meetings, funds, has_responsible, plan_parts"))
    # 甲小学: two meetings in December and one in May (told on both 年级段, counted once); 乙中学 told nothing
    assert rows == [(True, 3, 5000, True, 4), (None, None, None, None, 0)]


def test_help_and_publicity_are_those_of_the_last_month_told_in_the_period():
    town = build_town(school_work=WORK)
    assert town.rows(PLAN.format("months_owed, months_told, struggling_pupils, help_plans, law_reached")) == [
        (2, 1, 25, 15, 100), (2, 0, None, None, None),
    ]  # fmt: skip


def test_a_plan_said_not_to_be_made_and_nothing_spent_are_missing_parts():
    town = build_town(school_work=HEAD + "2025-B3 | 2025-06 | 1000000002 | 初中 | 否 | 0 | 0 | 王校长 | - | - | -")
    assert town.rows(PLAN.format("has_plan, plan_parts"))[1] == (False, 1)
