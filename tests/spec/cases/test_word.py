"""Which word moves which case of an earlier period, and which only explains (contract §6)."""

from tests.towns.town import build_town, in_school

LISTED = """批次 | 下发日期 | 姓名 | 期间
一 | 2025-01-10 | 王一 | 2025-B1
二 | 2025-06-05 | 王一 | 2025-B3"""
SAID = """姓名 | 案件编号 | 核实日期 | 核实单位 | 核实结果 | 佐证材料 | 期间
王一 | - | 2025-01-05 | 公安 | 户籍迁出 | 回函 | 2025-B1
王一 | - | 2025-01-20 | 学校 | 在校就读 | 证明 | 2025-B1
王一 | - | 2025-03-10 | 公安 | 死亡 | - | 2025-B2
王一 | - | 2025-06-20 | 镇街 | 死亡 | - | 2025-B3
王一 | RC2025B1-00001 | 2025-07-10 | 教委 | 其他 | 说明 | 2025-B4
王一 | - | 2025-07-20 | 公安 | 重复信息 | 另一条 | 2025-B4"""


def test_each_word_moves_the_case_of_its_time_or_the_one_it_names():
    """Said before the list came out: no word of its case. After the closing: an event. After the next opening: the next case's.
    With the number of the old case: the old one's, for false evidence reopens it."""
    town = None
    for period in ("2025-B1", "2025-B2", "2025-B3", "2025-B4"):
        words, lists = ("\n".join(r for r in text.splitlines() if r[-7:] <= period or r.endswith("期间")) for text in (SAID, LISTED))
        town = build_town(period, after=town, **in_school("王一 李二"), suspect=lists, verification=words)
    assert town.rows("select case_no, says, learned_in, names_case from cases.word order by case_no, learned_in, says") == [
        ("RC2025B1-00001", "在校就读", "2025-B1", False),
        ("RC2025B1-00001", "其他", "2025-B4", True),
        ("RC2025B3-00001", "死亡", "2025-B3", False),
        ("RC2025B3-00001", "其他", "2025-B4", False),
        ("RC2025B3-00001", "重复信息", "2025-B4", False),
    ]  # fmt: skip
    assert town.rows("select case_no, after_period, last_period, state from cases.stretch order by 1, 2") == [
        ("RC2025B1-00001", "2025-B1", "9999", "已销号"), ("RC2025B3-00001", "2025-B3", "9999", "待补佐证"),
    ]  # fmt: skip
