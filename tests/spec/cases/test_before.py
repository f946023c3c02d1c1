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
