"""销号率: of the cases on the suspected and dropout ledgers, those closed in the period."""

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


def test_closed_of_those_opened():
    town = build_town(child=CHILDREN, suspect=LISTED.format(due="2025-05-20"), verification=SAID)
    assert town.rate("closing_rate") == (2, 3)
    assert town.rate("closing_rate", area_level="village", area_name="东村") == (2, 3)


def test_a_case_that_went_to_the_tracked_ledger_was_on_neither():
    said = SAID.replace("核实迟了 | 2025-05-21 | 镇街 | 外地就读有学籍 | 外地小学", "核实迟了 | 2025-05-21 | 镇街 | 延缓入学 | -")
    assert build_town(child=CHILDREN, suspect=LISTED.format(due="2025-05-20"), verification=said).rate("closing_rate") == (1, 2)
