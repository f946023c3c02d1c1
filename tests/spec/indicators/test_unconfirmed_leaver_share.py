"""离校学生去向未核实比例: leavers of the year that neither a finished movement nor a verification explains."""

from tests.towns.town import build_town

REGISTRY = """
期间 | 学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期
2025-B2 | 1000000001 | 4 | 1 | 在校 | 男 | 2014-03-01
2025-B2 | 1000000001 | 4 | 1 | 转出办结 | 女 | 2014-03-02
2025-B2 | 1000000001 | 4 | 1 | 转出办理中 | 男 | 2014-03-03
2025-B2 | 1000000001 | 4 | 1 | 核实过 | 男 | 2014-03-04
2025-B2 | 1000000001 | 4 | 1 | 去世 | 男 | 2014-03-05
2025-B3 | 1000000001 | 4 | 1 | 在校 | 男 | 2014-03-01
"""
MOVES = """
姓名 | 异动类型 | 异动日期 | 转入学校名称 | 办理状态
转出办结 | 转出 | 2025-05-06 | 外地小学 | 已办结
转出办理中 | 转出 | 2025-05-06 | 外地小学 | 办理中
去世 | 死亡 | 2025-05-06 | - | 已办结
"""
SAID = """
姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料
核实过 | 2025-05-10 | 学校 | 外地就读有学籍 | 外地小学 | 学籍截图
"""


def test_leavers_without_a_settled_whereabouts():
    town = build_town(registry=REGISTRY, movement=MOVES, verification=SAID)
    assert town.rate("unconfirmed_leaver_share") == (1, 3)  # 转出办理中, of the three that left alive


def test_a_finished_move_without_a_receiver_is_confirmed():
    """已办结 is enough here, though it explains nobody: the pupil is lost in the retention rate all the same."""
    town = build_town(registry=REGISTRY, movement=MOVES.replace("2025-05-06 | 外地小学 | 已办结", "2025-05-06 | - | 已办结"),
                      verification=SAID)  # fmt: skip
    assert town.rate("unconfirmed_leaver_share") == (1, 3)
    assert town.rate("retention_rate_year") == (1, 3)


def test_nobody_left_is_nobody_not_missing():
    stayed = "\n".join([*REGISTRY.splitlines()[:3], "2025-B3 | 1000000001 | 4 | 1 | 在校 | 男 | 2014-03-01"])
    assert build_town(registry=stayed).rate("unconfirmed_leaver_share") == (0, 0)


def test_a_row_set_aside_makes_nobody_a_leaver():
    """The registry row of the pupil without a word stands in quarantine this period: not gone, the row is at fault (contract §4)."""
    held = "学校标识码 | 姓名 | 性别 | 出生日期\n1000000001 | 转出办理中 | 男 | 2014-03-03"
    town = build_town(registry=REGISTRY, movement=MOVES, verification=SAID, quarantined=held)
    assert town.rate("unconfirmed_leaver_share") == (0, 2)
