"""入学率（统计口径）: 休学 is out of the numerator until 复学; the denominator is that of enrolment_rate."""

import pytest

from tests.towns.town import Town, build_town

CHILDREN = """
姓名 | 性别 | 出生日期 | 镇街 | 村社
在读甲 | 男 | 2014-03-01 | 甲镇 | 东村
休学乙 | 女 | 2014-03-02 | 甲镇 | 东村
延缓丙 | 男 | 2018-03-03 | 乙镇 | 西村
外地丁 | 女 | 2011-03-04 | 乙镇 | 西村
未入戊 | 男 | 2011-03-05 | 乙镇 | 西村
"""
REGISTRY = """
学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 学籍状态
1000000001 | 4 | 1 | 在读甲 | 男 | 2014-03-01 | 在读
1000000001 | 4 | 1 | 休学乙 | 女 | 2014-03-02 | 休学
"""
VERIFIED = """
姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料 | 截止日期
延缓丙 | 2025-06-01 | 镇街 | 延缓入学 | - | 批复 | -
外地丁 | 2025-06-01 | 镇街 | 外地就读有学籍 | 外地中学 | 学籍截图 | -
"""


@pytest.fixture(scope="module")
def town() -> Town:
    return build_town(child=CHILDREN, registry=REGISTRY, verification=VERIFIED)


def test_a_pupil_on_leave_is_out_here_and_in_there(town: Town):
    assert town.rate("enrolment_rate") == (3, 5)  # 在读甲, 休学乙, 外地丁
    assert town.rate("enrolment_rate_statistical") == (2, 5)


def test_unresolved_children_are_the_bounds(town: Town):
    assert town.rows("select rate_low, rate_high from indicators.value where indicator = 'enrolment_rate_statistical' "
                     "and area_level = 'district' and stage = 'all' and population_group = 'all'") == [(0.4, 0.6)]  # fmt: skip


def test_by_stage_and_township(town: Town):
    assert town.rate("enrolment_rate_statistical", stage="primary") == (1, 3)
    assert town.rate("enrolment_rate_statistical", area_level="township", area_name="乙镇") == (1, 3)
