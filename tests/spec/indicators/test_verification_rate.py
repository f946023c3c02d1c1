"""核实率: of the cases whose verification was due by the issue date, those that have one."""

from tests.towns.town import build_town

CHILDREN = """
姓名 | 性别 | 出生日期 | 镇街 | 村社
核实及时 | 男 | 2014-03-01 | 甲镇 | 东村
核实迟了 | 女 | 2014-03-02 | 甲镇 | 东村
没有核实 | 男 | 2014-03-03 | 甲镇 | 东村
"""
LISTED = """
批次 | 下发日期 | 核实期限 | 姓名 | 性别 | 出生日期 | 镇街
一批 | 2025-05-06 | 2025-05-20 | 核实及时 | 男 | 2014-03-01 | 甲镇
一批 | 2025-05-06 | 2025-05-20 | 核实迟了 | 女 | 2014-03-02 | 甲镇
一批 | 2025-05-06 | {due} | 没有核实 | 男 | 2014-03-03 | 甲镇
"""
SAID = """
姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料
核实及时 | 2025-05-20 | 镇街 | 外地就读有学籍 | 外地小学 | 学籍截图
核实迟了 | 2025-05-21 | 镇街 | 外地就读有学籍 | 外地小学 | 学籍截图
"""


def test_a_case_counts_once_its_due_day_has_come():
    town = build_town(child=CHILDREN, suspect=LISTED.format(due="2025-05-20"), verification=SAID)
    assert town.rate("verification_rate") == (2, 3)
    town = build_town(child=CHILDREN, suspect=LISTED.format(due="2025-07-31"), verification=SAID)
    assert town.rate("verification_rate") == (2, 2)  # 没有核实 is not due before the issue date, 10 July


def test_no_case_due_is_nobody_not_missing():
    assert build_town().rate("verification_rate") == (0, 0)
