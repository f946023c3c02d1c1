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


CHILD = "姓名 | 性别 | 出生日期 | 镇街 | 村社\n王一 | 男 | 2014-03-01 | 甲镇 | 东村"
LISTED_ONE = "批次 | 下发日期 | 姓名 | 性别 | 出生日期 | 镇街\n一批 | 2025-03-10 | 王一 | 男 | 2014-03-01 | 甲镇"
SAID_OF_ONE = "期间 | 姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料\n2025-B2 | 王一 | 2025-03-20 | 镇街 | "
RECORD = """
期间 | 学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期
2025-B2 | 1000000001 | 5 | 1 | 王一 | 男 | 2014-03-01
{period} | 1000000001 | 5 | 1 | 别人 | 男 | 2014-03-02
"""


def run_two_periods(first: str, second: str = "", registry: str = RECORD) -> tuple[tuple, tuple]:
    """The rate of 2025-B2, in which the child was listed and `first` was said, and of 2025-B3 after it."""
    world = {"child": CHILD, "suspect": LISTED_ONE.replace("批次", "期间 | 批次").replace("一批", "2025-B2 | 一批")}
    before = build_town("2025-B2", **world, registry=registry.format(period="2025-B2"), verification=SAID_OF_ONE + first)
    now = build_town("2025-B3", after=before, **world, registry=registry.format(period="2025-B3"),
                     verification=SAID_OF_ONE + first + second)  # fmt: skip
    return before.rate("closing_rate"), now.rate("closing_rate")


def test_what_closes_from_the_tracked_ledger_was_on_neither():
    """期初在册跟踪、本期销号: the two ledgers' opening and added do not hold it."""
    nobody = RECORD.replace("王一 | 男 | 2014-03-01", "别人 | 男 | 2014-03-02")
    gone = "\n2025-B3 | 王一 | 2025-05-20 | 公安 | 户籍迁出 | - | 回函"
    assert run_two_periods("延缓入学 | - | 批复", gone, nobody) == ((0, 0), (0, 0))


def test_a_transfer_done_closes_what_the_last_ledger_carried():
    """外地就读待转学 at the end of the last period; the record is gone in this one (转学办结): carried, and closed."""
    assert run_two_periods("外地就读有学籍 | 外地小学 | 学籍截图") == ((0, 1), (1, 1))


def test_a_change_of_ledger_is_one_case_here_and_two_lines_in_the_balance():
    """Carried on the suspected ledger, in the period one became a dropout and one was closed: 1 of 2, though the two ledgers'
    opening and added come to 3 (contract §6: taken off in one and added in the other)."""
    listed = "期间 | 批次 | 下发日期 | 姓名\n2025-B2 | 一批 | 2025-03-10 | 核实及时\n2025-B2 | 一批 | 2025-03-10 | 核实迟了"
    nobody = RECORD.replace("王一 | 男 | 2014-03-01", "别人 | 男 | 2014-03-02")
    world = {"child": CHILDREN.rsplit("没有核实", 1)[0], "suspect": listed}
    before = build_town("2025-B2", **world, registry=nobody.format(period="2025-B2"))
    said = "姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料\n核实及时 | 2025-05-20 | 镇街 | 失学 | -\n核实迟了 | 2025-05-21 | 公安 | 户籍迁出 | 回函"
    town = build_town(after=before, **world, registry=nobody.format(period="2025-B3"), verification=said)
    balance = town.rows("select ledger, opening, added, closed from cases.balance where ledger in ('suspected', 'dropout') order by 1")
    assert balance == [("dropout", 0, 1, 0), ("suspected", 2, 0, 2)]
    assert town.rate("closing_rate") == (1, 2)
