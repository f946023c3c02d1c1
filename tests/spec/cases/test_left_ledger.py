from tests.towns.town import build_town

CHILD = "姓名 | 性别 | 出生日期 | 镇街\n王一 | 男 | 2016-03-01 | 甲镇\n李二 | 男 | 2016-03-01 | 甲镇\n赵三 | 男 | 2009-09-01 | 甲镇"


def test_who_was_taken_off_a_ledger_and_where_the_case_stands():
    """A change of ledger is taken off in one; what a ledger lost is its rows here (contract §6)."""
    before = build_town("2025-B4", child=CHILD)
    now = build_town(
        "2025-B5", after=before, child=CHILD,
        verification="姓名 | 核实日期 | 核实单位 | 核实结果\n王一 | 2025-09-10 | 镇街 | 失学",
    )  # fmt: skip
    left = now.rows("""
        select l.ledger, p.name, l.state, l.closed_as from cases.left_ledger as l
        inner join conformed.person as p on l.child_key = p.child_key order by p.name desc""")
    assert left == [("suspected", "赵三", "已销号", "超龄"), ("suspected", "王一", "劝返中", None)]
    lost = dict(now.rows("select ledger, closed from cases.balance where ledger <> 'school_age'"))
    assert lost == {"suspected": 2, "dropout": 0, "tracked": 0}
