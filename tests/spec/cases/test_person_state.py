from tests.towns.town import build_town


def test_the_open_case_rules_else_the_last_closed():
    """A child with several cases stands at its open one; 待核实 and 待补佐证 are unresolved (contract §6, §8)."""
    child = "姓名 | 性别 | 出生日期 | 镇街\n王一 | 男 | 2016-03-01 | 甲镇"
    said = "姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料 | 期间\n"
    said += "王一 | 2025-08-20 | 镇街 | 外地就读有学籍 | 外地小学 | 卡 | 2025-B4"
    first = build_town(
        "2025-B4", child=child, suspect="批次 | 下发日期 | 姓名\n一 | 2025-07-20 | 王一", verification=said
    )
    assert first.rows("select state, unresolved from cases.person_state") == [("已销号", False)]
    second = build_town("2026-B1", after=first, child=child, verification=said)
    assert second.rows("select state, unresolved from cases.person_state") == [("待核实", True)]
