"""入学率（除身体原因口径）: 休学 and 延缓入学 out of both numerator and denominator."""

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


def test_leave_and_deferral_are_out_of_both(town: Town):
    assert town.rate("enrolment_rate_policy") == (2, 3)  # 在读甲, 外地丁 of those and 未入戊


def test_a_deferral_without_its_paper_stays_in_the_denominator():
    town = build_town(child=CHILDREN, registry=REGISTRY, verification=VERIFIED.replace("批复", "-"))
    assert town.rate("enrolment_rate_policy") == (2, 4)


def test_leave_past_its_end_is_back_in_both():
    """休学期满未复学: the grant holds no more, the record is still there; its case is open, so rate_low has it out (contract §5, §8)."""
    ended = "姓名 | 异动类型 | 异动日期 | 截止日期 | 办理状态\n休学乙 | 休学 | 2024-05-06 | 2025-05-05 | 已办结"
    town = build_town(child=CHILDREN, registry=REGISTRY, verification=VERIFIED, movement=ended)
    assert town.rate("enrolment_rate_policy") == (3, 4)
    assert town.rate("enrolment_rate_statistical") == (2, 5), "休学 until 复学"
    running = build_town(child=CHILDREN, registry=REGISTRY, verification=VERIFIED, movement=ended.replace("2025-05-05", "2025-07-31"))
    assert running.rate("enrolment_rate_policy") == (2, 3)
