"""缺勤率: days absent over days due, only from 在校学生月报."""

from tests.towns.town import build_town

REGISTRY = """
学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期
1000000001 | 4 | 1 | 全勤 | 男 | 2014-03-01
1000000001 | 4 | 1 | 缺勤 | 女 | 2014-03-02
"""
DAYS = """
月份 | 学校标识码 | 年级 | 班级 | 姓名 | 应到天数 | 缺勤天数 | 在校状态
2025-05 | 1000000001 | 4 | 1 | 全勤 | 19 | 0 | 在校
2025-05 | 1000000001 | 4 | 1 | 缺勤 | 19 | 4 | 请假
2025-06 | 1000000001 | 4 | 1 | 全勤 | 20 | 0 | 在校
2025-06 | 1000000001 | 4 | 1 | 缺勤 | 20 | - | 在校
"""


def test_only_rows_with_both_counts():
    town = build_town(registry=REGISTRY, attendance=DAYS)
    assert town.rate("absence_rate") == (4, 58)  # the empty cell of June is not 0
    assert town.rate("absence_rate", population_group="girls") == (4, 19)


def test_last_periods_days_are_not_this_ones():
    town = build_town("2025-B4", registry=REGISTRY, attendance=DAYS.replace("月份 |", "期间 | 月份 |").replace("2025-0", "2025-B3 | 2025-0"))
    assert town.rate("absence_rate") == (None, None)
