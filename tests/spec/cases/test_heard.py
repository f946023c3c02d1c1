"""What a case heard, in order: those of earlier periods and the new ones, which hear what came with them (contract §6)."""

from tests.towns.town import build_town, in_school

CHILD = in_school("王一 赵三")["child"]
LISTED = """批次 | 下发日期 | 姓名 | 期间
一 | 2025-03-10 | 王一 | 2025-B2
二 | 2025-06-05 | 赵三 | 2025-B3"""
SAID = """姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料 | 期间
王一 | 2025-04-10 | 村社 | 户籍迁出 | 回函 | 2025-B2
王一 | 2025-06-10 | 镇街 | 失联 | - | 2025-B3
赵三 | 2025-06-01 | 学校 | 失联 | - | 2025-B3
赵三 | 2025-06-20 | 学校 | 其他 | 说明 | 2025-B3
赵三 | 2025-06-10 | 学校 | 失学 | - | 2025-B3
赵三 | 2025-06-10 | 镇街 | 失联 | - | 2025-B3"""
HEARD = ("select p.name, h.case_no, h.nth, h.says, h.state from cases.heard as h join conformed.person as p using (person_id) "
         "order by p.name, h.case_no, h.nth")  # fmt: skip


def test_a_new_case_hears_what_came_with_it_and_the_closed_one_does_not():
    """By day, then by unit; nothing that was said before the list came out. What opens a case moves that one, not the closed one."""
    world = {"child": CHILD, "registry": in_school("李二")["registry"]}
    early = {"child": CHILD[:CHILD.index("\n赵三")], "suspect": LISTED[:LISTED.index("\n二")]}
    first = build_town("2025-B2", **world | early, verification=SAID[:SAID.index("\n王一 | 2025-06")])
    assert first.rows(HEARD) == [("王一", "RC2025B2-00001", 1, "户籍迁出", "已销号")]
    second = build_town("2025-B3", after=first, **world, suspect=LISTED, verification=SAID)
    numbers = second.by_name("person_id, max(case_no) from cases.standing group by 1")
    assert second.rows(HEARD) == [
        ("王一", "RC2025B2-00001", 1, "户籍迁出", "已销号"),
        ("王一", numbers["王一"], 1, "失联", "失联"),
        ("赵三", numbers["赵三"], 1, "失学", "劝返中"),
        ("赵三", numbers["赵三"], 2, "失联", "失联"),
        ("赵三", numbers["赵三"], 3, "其他", "待核实"),
    ]  # fmt: skip
    assert numbers["王一"].startswith("RC2025B3")
