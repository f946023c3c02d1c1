"""学困帮扶覆盖率: plans over pupils with learning difficulty, each school's last reported month."""

from tests.towns.town import build_town

WORK = """
月份 | 学校标识码 | 年级段 | 学困生人数 | 已建帮扶方案人数
2025-05 | 1000000001 | 三至六年级 | 20 | 10
2025-06 | 1000000001 | 三至六年级 | 22 | 21
2025-06 | 1000000001 | 一二年级 | 5 | 5
2025-05 | 1000000002 | 初中 | 30 | 30
2025-06 | 1000000002 | 初中 | - | -
"""


def test_the_last_month_with_a_figure():
    town = build_town(school_work=WORK)
    assert town.rate("help_plan_rate") == (56, 57)  # 甲小学 of June, 乙中学 of May
    assert town.rate("help_plan_rate", stage="primary") == (26, 27)
