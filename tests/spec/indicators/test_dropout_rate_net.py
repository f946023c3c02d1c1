"""辍学率（净流失口径）: movements out less movements in, over the start roll; it may be negative."""

import pytest

from tests.towns.town import Town, build_town

SCHOOLS = """
学校标识码 | 学校名称 | 办学类型 | 所在镇街
1000000001 | 甲小学 | 小学 | 甲镇
1000000003 | 丙小学 | 小学 | 乙镇
"""
REGISTRY = """
期间 | 学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期
2025-B2 | 1000000001 | 4 | 1 | 去外地 | 男 | 2014-03-01
2025-B2 | 1000000001 | 4 | 1 | 区内转 | 女 | 2014-03-02
2025-B2 | 1000000001 | 4 | 1 | 休学 | 男 | 2014-03-03
2025-B2 | 1000000001 | 4 | 1 | 未办完 | 男 | 2014-03-04
2025-B3 | 1000000001 | 4 | 1 | 休学 | 男 | 2014-03-03
2025-B3 | 1000000001 | 4 | 1 | 未办完 | 男 | 2014-03-04
2025-B3 | 1000000003 | 4 | 1 | 区内转 | 女 | 2014-03-02
2025-B3 | 1000000003 | 4 | 1 | 新来一 | 女 | 2014-03-05
2025-B3 | 1000000003 | 4 | 1 | 新来二 | 女 | 2014-03-06
"""
MOVES = """
姓名 | 异动类型 | 异动日期 | 年级 | 转出学校标识码 | 转出学校名称 | 转入学校标识码 | 转入学校名称 | 办理状态
去外地 | 转出 | 2025-05-06 | 4 | 1000000001 | - | - | 外地小学 | 已办结
区内转 | 转出 | 2025-05-06 | 4 | 1000000001 | - | 1000000003 | - | 已办结
区内转 | 转入 | 2025-05-09 | 4 | 1000000001 | - | 1000000003 | - | 已办结
休学 | 休学 | 2025-05-06 | 4 | 1000000001 | - | - | - | 已办结
未办完 | 转出 | 2025-05-06 | 4 | 1000000001 | - | - | 外地小学 | 办理中
新来一 | 转入 | 2025-05-06 | 4 | - | 外地小学 | 1000000003 | - | 已办结
新来二 | 转入 | 2025-05-06 | 4 | - | 外地小学 | 1000000003 | - | 已办结
"""


@pytest.fixture(scope="module")
def town() -> Town:
    return build_town(school=SCHOOLS, registry=REGISTRY, movement=MOVES)


def test_a_move_inside_the_district_nets_to_nothing(town: Town):
    assert town.rate("dropout_rate_net") == (0, 4)  # 去外地, 休学 out; two in


def test_it_crosses_the_border_of_a_township(town: Town):
    assert town.rate("dropout_rate_net", area_level="township", area_name="甲镇")[0] == 3
    assert town.rate("dropout_rate_net", area_level="township", area_name="乙镇")[0] == -3


def test_the_start_roll_of_a_school_that_took_more_in_may_give_a_negative_rate():
    town = build_town(school=SCHOOLS, registry=REGISTRY.replace("2025-B3 | 1000000003 | 4 | 1 | 新来一", "2025-B2 | 1000000003 | 4 | 1 | 新来一"),
                      movement=MOVES)  # fmt: skip
    assert town.rows("select rate < 0 from indicators.value where indicator = 'dropout_rate_net' and area_level = 'township' "
                     "and area_name = '乙镇' and (stage, population_group) = ('all', 'all')") == [(True,)]  # fmt: skip
