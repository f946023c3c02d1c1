from tests.towns.town import build_town, in_school


def test_each_state_stands_on_its_ledger():
    """suspected = 待核实, 待补佐证, 外地就读待转学; dropout = 劝返中, 失联, 复学跟踪; tracked = 在册跟踪; closed: none (§6)."""
    names = "待核实 待补佐证 待转学 劝返中 失联 复学 跟踪 销号"
    town = build_town(
        **in_school(names),
        suspect="批次 | 下发日期 | 姓名\n" + "\n".join(f"一 | 2025-05-20 | {name}" for name in names.split()),
        verification="""
        姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料
        待补佐证 | 2025-06-01 | 公安 | 死亡 | - | -
        待转学 | 2025-06-01 | 镇街 | 外地就读有学籍 | 外地小学 | 卡
        劝返中 | 2025-06-01 | 学校 | 确认辍学 | - | -
        失联 | 2025-06-01 | 学校 | 失联 | - | -
        跟踪 | 2025-06-01 | 教委 | 休学 | - | 批复
        销号 | 2025-06-01 | 学校 | 在校就读 | - | -
        """,
        persuasion="姓名 | 劝返日期 | 劝返单位 | 劝返人 | 结果\n复学 | 2025-06-01 | 学校 | 老师 | 已复学",
    )
    ledger = "person_id, ledger from cases.member join conformed.person using (child_key) where ledger <> 'school_age'"
    assert town.by_name(ledger) == {
        "待核实": "suspected", "待补佐证": "suspected", "待转学": "suspected",
        "劝返中": "dropout", "失联": "dropout", "复学": "dropout", "跟踪": "tracked",
    }  # fmt: skip
    assert town.rows("select count(*) from cases.member where ledger = 'school_age'") == [(8,)]
