from tests.towns.town import build_town

CHILD = "姓名 | 性别 | 出生日期 | 镇街\n王一 | 男 | 2016-03-01 | 甲镇\n李二 | 男 | 2016-03-01 | 甲镇\n赵三 | 男 | 2009-09-01 | 甲镇"


def test_opening_plus_added_minus_closed_is_closing():
    """上期结转 + 新增 − 销减 = 期末在册; a change of ledger is taken off in one and added in the other (contract §6)."""
    before = build_town("2025-B4", child=CHILD)
    balance = "select ledger, opening, added, closed, closing from cases.balance order by ledger"
    assert before.rows(balance) == [
        ("dropout", 0, 0, 0, 0), ("school_age", 0, 3, 0, 3), ("suspected", 0, 3, 0, 3), ("tracked", 0, 0, 0, 0),
    ]  # fmt: skip
    now = build_town(
        "2025-B5",
        after=before,
        child=CHILD + "\n新生 | 男 | 2019-08-31 | 甲镇",
        verification="姓名 | 核实日期 | 核实单位 | 核实结果\n王一 | 2025-09-10 | 镇街 | 失学",
    )
    # 王一 moves to the dropout ledger, 李二 stays, 赵三 is fifteen and leaves both, 新生 is six and unenrolled
    assert now.rows(balance) == [
        ("dropout", 0, 1, 0, 1), ("school_age", 3, 1, 1, 3), ("suspected", 3, 1, 2, 2), ("tracked", 0, 0, 0, 0),
    ]  # fmt: skip
