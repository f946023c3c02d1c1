"""巩固率（追踪口径）: the first cohort that the lake holds, followed child by child."""

from tests.towns.town import build_town

REGISTRY = """
期间 | 学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期
2024-B5 | 1000000001 | 1 | 1 | 留下 | 男 | 2018-03-01
2024-B5 | 1000000001 | 1 | 1 | 去外地 | 女 | 2018-03-02
2024-B5 | 1000000001 | 1 | 1 | 去世 | 女 | 2018-03-03
2024-B5 | 1000000001 | 1 | 1 | 不知去向 | 男 | 2018-03-04
2024-B5 | 1000000002 | 7 | 1 | 初一 | 男 | 2012-03-04
2025-B3 | 1000000001 | 1 | 1 | 留下 | 男 | 2018-03-01
2025-B3 | 1000000001 | 1 | 1 | 后来的 | 男 | 2018-04-01
2025-B3 | 1000000002 | 7 | 1 | 初一 | 男 | 2012-03-04
"""
SAID = """
姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料
去外地 | 2025-05-01 | 学校 | 外地就读有学籍 | 外地小学 | 学籍截图
去世 | 2025-05-01 | 村社 | 死亡 | - | 村社证明
"""


def test_the_members_are_followed_and_later_comers_are_not_theirs():
    town = build_town(registry=REGISTRY, verification=SAID)
    assert town.rate("retention_rate_tracked", stage="primary") == (2, 3)  # 留下, 去外地 of those and 不知去向
    assert town.rate("retention_rate_tracked") == (3, 4)
    assert town.rows("select note from indicators.note where indicator = 'retention_rate_tracked'") == [
        ("追踪2024-B5快照中的一年级和七年级学生",)]  # fmt: skip
