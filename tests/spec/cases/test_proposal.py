"""What each comparison proposed this school year, and what verification made of it: the rows behind 规则成效."""

from tests.towns.town import build_town, in_school, join_tables

SAID = """姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料 | 期间
王一 | 2025-05-20 | 镇街 | 失学 | - | 2025-B3
李二 | 2025-05-20 | 公安 | 户籍迁出 | 回函 | 2025-B3
李二 | 2025-05-10 | 镇街 | 其他 | 说明 | 2025-B3
赵三 | 2025-05-20 | 学校 | 在校就读 | 证明 | 2025-B3
钱四 | 2025-06-20 | 学校 | 在校就读 | 证明 | 2025-B3
孙五 | 2025-06-01 | 学校 | 在校就读 | 证明 | 2025-B3"""


def test_what_verification_made_of_each_proposal():
    """失学 proves it and anything else does not; a doubled record is judged by no such result; what was said before a list came out
    is no answer to it; a line closed in the period it came in is no finding, and yet was proposed."""
    world = in_school("钱四 孙五 赵三")
    world["registry"] += "\n1000000002 | 7 | 1班 | 赵三 | 男 | 2016-03-01 | 在读"
    world = join_tables(world, {"child": in_school("王一 李二")["child"]})
    before = build_town("2025-B2", **world)
    listed = "批次 | 下发日期 | 姓名\n一 | 2025-06-05 | 钱四\n一 | 2025-06-05 | 孙五"
    town = build_town(after=before, **world, suspect=listed, verification=SAID)
    assert town.rows("select p.name, x.* exclude (person_id) from cases.proposal as x join conformed.person as p using (person_id) "
                     "order by found_in, comparison, name") == [
        ("赵三", "duplicate_registry", "2025-B2", None, "在校就读", None, None),
        ("李二", "unenrolled", "2025-B2", "疑似辍学", "户籍迁出", False, False),
        ("王一", "unenrolled", "2025-B2", "疑似辍学", "失学", True, True),
        ("孙五", "listed", "2025-B3", "疑似辍学", None, None, None),
        ("钱四", "listed", "2025-B3", None, "在校就读", False, None),
    ]  # fmt: skip
