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


def test_a_case_opened_and_closed_in_one_period_is_added_and_taken_off():
    """A listed child found in class within the period is 新增 and 销减 of that period (contract §6, §8: closing_rate)."""
    town = build_town(
        child=CHILD.rsplit("\n", 2)[0],
        registry="学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 学籍状态\n"
        "1000000001 | 3 | 1班 | 王一 | 男 | 2016-03-01 | 在读",
        suspect="批次 | 下发日期 | 姓名 | 性别 | 出生日期\n一 | 2025-05-10 | 王一 | 男 | 2016-03-01",
        verification="姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料\n王一 | 2025-05-20 | 学校 | 在校就读 | 在校证明",
    )
    suspected = "select opening, added, closed, closing from cases.balance where ledger = 'suspected'"
    assert town.case_states() == {"王一": "已销号"}
    assert town.rows(suspected) == [(0, 1, 1, 0)]
