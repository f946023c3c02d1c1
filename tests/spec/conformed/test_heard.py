import pytest

from tests.towns.town import build_town, in_school, join_tables

HEAD = "姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 就读学籍号 | 佐证材料\n"


@pytest.mark.parametrize(
    ("row", "enough"),
    [
        ("外地就读有学籍 | 外地小学 | - | 学籍卡", True),
        ("外地就读有学籍 | 外地小学 | G500106201603010011 | -", True),
        ("外地就读有学籍 | 外地小学 | - | -", False),
        ("外地就读有学籍 | - | - | 学籍卡", False),
        ("外地就读无学籍 | 外地小学 | - | -", True),
        ("外地就读无学籍 | - | - | 证明", False),
        ("中职就读 | 职中 | - | -", True),
        ("死亡 | - | - | 死亡证明", True),
        ("死亡 | - | - | -", False),
        ("休学 | - | - | -", False),
        ("户籍迁出 | - | - | 公安回函", True),
        ("超龄 | - | - | -", True),
        ("失学 | - | - | -", True),
        ("确认辍学 | - | - | -", True),
        ("失联 | - | - | -", True),
    ],
)
def test_evidence(row: str, enough: bool):
    """What each result needs before it counts as verified (domain.md §5: Verification results)."""
    town = build_town(**in_school("王一"), verification=HEAD + f"王一 | 2025-06-01 | 镇街 | {row}")
    assert town.rows("select has_evidence from conformed.heard") == [(enough,)]


MOVES = "姓名 | 异动类型 | 异动日期 | 办理状态 | 转入学校标识码 | 转入学校名称\n"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("转出 | 2025-06-01 | 已办结 | - | 外地小学", "外地就读有学籍"),
        ("转出 | 2025-06-01 | 办理中 | - | 外地小学", None),
        ("转出 | 2025-06-01 | 已办结 | - | -", None),  # no receiver
        ("转出 | 2025-06-01 | 已办结 | 1000000002 | -", None),  # to a school of ours: its registry must show the child
        ("转出 | 2025-06-01 | 已办结 | - | 乙中学", None),
        ("失踪 | 2025-06-01 | 已办结 | - | -", None),
        ("退学 | 2025-06-01 | 已办结 | - | -", None),
        ("其他 | 2025-06-01 | 已办结 | - | -", None),
        ("死亡 | 2025-06-01 | 已办结 | - | -", "死亡"),
        ("出国 | 2025-06-01 | - | - | -", "出国(境)"),
        ("转入中职 | 2025-06-01 | 已办结 | - | -", "中职就读"),
    ],
)
def test_what_a_movement_says(row: str, says: str | None):
    """转出 已办结 with a receiver is 外地就读有学籍; 失踪, 退学, 其他 and 办理中 explain nothing (contract §5)."""
    town = build_town(**in_school("王一"), movement=MOVES + f"王一 | {row}")
    assert [row[0] for row in town.rows("select says from conformed.heard")] == ([says] if says else [])


def test_a_case_number_is_surer_than_a_faulty_id():
    """A feedback row with a case number is about that case's child, whatever stands in its id cell (contract §3)."""
    before = build_town("2025-B2", child="姓名 | 性别 | 出生日期 | 镇街\n王一 | 男 | 2016-03-01 | 甲镇")
    number = before.rows("select case_no from cases.opening")[0][0]
    town = build_town(
        after=before,
        child="姓名 | 性别 | 出生日期 | 镇街\n王一 | 男 | 2016-03-01 | 甲镇",
        verification=f"""
        姓名 | 身份证件号 | 案件编号 | 核实日期 | 核实单位 | 核实结果
        王一 | 50015320160301 | {number} | 2025-06-01 | 镇街 | 失学
        """,
    )
    assert town.case_states() == {"王一": "劝返中"}


def test_a_visit_says_what_it_found():
    """已复学 and 失联 are findings; a visit with 辍学日期 says 确认辍学; else it only reports (contract §6)."""
    town = build_town(
        **join_tables(in_school("王一 李二 赵三 钱四")),
        persuasion="""
        姓名 | 劝返日期 | 劝返单位 | 劝返人 | 辍学日期 | 结果
        王一 | 2025-06-01 | 学校 | 班主任 | 2025-05-06 | 未返校
        李二 | 2025-06-01 | 学校 | 班主任 | 2025-05-06 | 已复学
        赵三 | 2025-06-01 | 学校 | 班主任 | - | 承诺复学
        钱四 | 2025-06-01 | 学校 | 班主任 | - | 失联
        """,
    )
    assert town.by_name("person_id, says, is_dropout from conformed.heard") == {
        "王一": ("确认辍学", True), "李二": ("已复学", True), "赵三": ("承诺复学", False), "钱四": ("失联", False),
    }  # fmt: skip
