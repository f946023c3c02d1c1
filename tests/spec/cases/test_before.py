from tests.towns.town import build_town, in_school

LIST = "批次 | 下发日期 | 姓名 | 期间\n一 | 2025-03-20 | 王一 | 2025-B2"
SAID = "姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料 | 期间\n"


def test_open_at_the_start_of_the_period():
    """What was learned before this period decides whether a case was open when it began (contract §6)."""
    for told_in, is_open in (("2025-B2", False), ("2025-B3", True)):
        feedback = SAID + f"王一 | 2025-04-10 | 学校 | 在校就读 | 证明 | {told_in}"
        before = build_town("2025-B2", **in_school("王一"), suspect=LIST, verification=feedback)
        town = build_town(after=before, **in_school("王一"), suspect=LIST, verification=feedback)
        assert town.rows("select is_open from cases.before") == [(is_open,)]
        assert town.case_states() == {"王一": "已销号"}


def test_what_was_said_before_the_list_does_not_close_its_case():
    """A finding older than 下发日期 only pre-fills the proposed result; the case stays open (contract §6)."""
    feedback = SAID + "王一 | 2025-03-10 | 学校 | 在校就读 | 证明 | 2025-B2"
    before = build_town("2025-B2", **in_school("王一"), suspect=LIST, verification=feedback)
    town = build_town(after=before, **in_school("王一"), suspect=LIST, verification=feedback)
    assert town.rows("select is_open from cases.before") == [(True,)]
    assert town.case_states() == {"王一": "待核实"}


def test_a_transfer_done_in_the_period_was_not_done_when_it_began():
    """外地就读待转学, whose record is gone in the very period that says the child is lost: the one case goes on, no second opens,
    and the ledgers add up (contract §6)."""
    head = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 学籍状态 | 期间\n"
    rows = [f"1000000001 | 3 | 1班 | {name} | 男 | 2016-03-01 | 在读 | {period}"
            for name, period in (("王一", "2025-B2"), ("李二", "2025-B2"), ("李二", "2025-B3"))]  # fmt: skip
    world = {"child": in_school("王一 李二")["child"], "registry": head + "\n".join(rows), "suspect": LIST}
    said = "姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料 | 期间\n"
    said += "王一 | 2025-04-10 | 学校 | 外地就读有学籍 | 外地小学 | 卡 | 2025-B2"
    before = build_town("2025-B2", **world, verification=said)
    assert before.case_states() == {"王一": "外地就读待转学"}
    balance = "select ledger, opening, added, closed, closing from cases.balance where ledger in ('suspected', 'dropout') order by 1"
    moved = build_town(after=before, **world, verification=said)
    assert moved.rows("select state, closed_as from cases.case") == [("已销号", "转学办结")]
    assert moved.rows(balance) == [("dropout", 0, 0, 0, 0), ("suspected", 1, 0, 1, 0)]
    lost = build_town(after=before, **world, verification=said + "\n王一 | 2025-05-20 | 镇街 | 失联 | - | - | 2025-B3")
    assert lost.rows("select case_no, state from cases.case") == [("RC2025B2-00001", "失联")]
    assert lost.rows(balance) == [("dropout", 0, 1, 0, 1), ("suspected", 1, 0, 1, 0)]


def test_what_this_periods_registers_prove_was_not_proved_when_it_began():
    """待补佐证, whose record is made in the very period that says the child is lost: the one case goes on, no second opens."""
    head = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 学籍状态 | 期间\n"
    rows = [f"1000000001 | 3 | 1班 | {name} | 男 | 2016-03-01 | 在读 | {period}"
            for name, period in (("李二", "2025-B2"), ("李二", "2025-B3"), ("王一", "2025-B3"))]  # fmt: skip
    world = {"child": in_school("王一 李二")["child"], "registry": head + "\n".join(rows), "suspect": LIST}
    said = SAID + "王一 | 2025-04-10 | 学校 | 在校就读 | - | 2025-B2"
    before = build_town("2025-B2", **world, verification=said)
    assert before.case_states() == {"王一": "待补佐证"}
    lost = build_town(after=before, **world, verification=said + "\n王一 | 2025-05-20 | 镇街 | 失联 | - | 2025-B3")
    assert lost.rows("select case_no, state from cases.case") == [("RC2025B2-00001", "失联")]
