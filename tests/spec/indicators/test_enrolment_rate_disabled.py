"""残疾儿童少年入学率: children of the disability register, in the 底册 or not; 送教上门 only with a record."""

import pytest

from tests.towns.town import Town, build_town

CHILDREN = """
姓名 | 性别 | 出生日期 | 镇街
随班 | 男 | 2014-03-01 | 甲镇
送教有籍 | 女 | 2014-03-02 | 甲镇
送教无籍 | 男 | 2014-03-03 | 甲镇
去世 | 男 | 2014-03-04 | 甲镇
十五岁 | 男 | 2009-03-04 | 甲镇
"""
REGISTRY = """
学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 是否送教上门
1000000001 | 4 | 1 | 随班 | 男 | 2014-03-01 | -
1000000001 | 4 | 1 | 送教有籍 | 女 | 2014-03-02 | true
1000000001 | 4 | 1 | 底册外 | 女 | 2014-03-06 | -
"""
DISABLED = """
姓名 | 残疾类别 | 镇街 | 安置方式
随班 | 听力 | 甲镇 | 随班就读
送教有籍 | 多重 | 甲镇 | 送教上门
送教无籍 | 多重 | 甲镇 | 送教上门
去世 | 肢体 | 甲镇 | 未安置
十五岁 | 肢体 | 甲镇 | 未安置
底册外 | 视力 | 甲镇 | 普通学校就读
"""
DIED = """
姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料
去世 | 2025-06-01 | 村社 | 死亡 | 村社证明
"""


@pytest.fixture(scope="module")
def town() -> Town:
    return build_town(child=CHILDREN, registry=REGISTRY, disabled=DISABLED, verification=DIED)


def test_home_teaching_counts_only_with_a_record(town: Town):
    # in: 随班, 送教有籍, 底册外; out: 送教无籍; 去世 is nobody's to enrol; 十五岁 is over age
    assert town.rate("enrolment_rate_disabled") == (3, 4)


def test_a_register_never_delivered_is_missing_not_zero():
    town = build_town(child=CHILDREN, registry=REGISTRY)
    assert town.rows("select numerator, denominator, rate from indicators.value "
                     "where indicator = 'enrolment_rate_disabled'") == [(None, None, None)]  # fmt: skip
