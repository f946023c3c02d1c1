"""What the rates of the cases count: a case's standing at the start of the period, in it, and its first verification."""

from tests.towns.town import build_town, day, in_school

LISTED = """批次 | 下发日期 | 核实期限 | 姓名 | 期间
一 | 2025-04-10 | - | 老案 | 2025-B2
一 | 2025-04-10 | - | 早销 | 2025-B2
一 | 2025-04-10 | - | 本期销 | 2025-B2
一 | 2025-04-10 | - | 在跟踪 | 2025-B2
一 | 2025-04-10 | - | 又列出 | 2025-B2
二 | 2025-06-05 | 2025-06-12 | 新案 | 2025-B3
二 | 2025-06-05 | - | 又列出 | 2025-B3"""
SAID = """姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料 | 期间
早销 | 2025-04-20 | 学校 | 在校就读 | 证明 | 2025-B2
又列出 | 2025-04-21 | 学校 | 在校就读 | 证明 | 2025-B2
在跟踪 | 2025-04-22 | 教委 | 休学 | 批复 | 2025-B2
本期销 | 2025-05-20 | 学校 | 其他 | 说明 | 2025-B3
本期销 | 2025-06-10 | 学校 | 在校就读 | 证明 | 2025-B3
新案 | 2025-06-01 | 学校 | 在校就读 | 证明 | 2025-B3"""


def test_what_each_case_counts_in():
    """Carried: open when the period began, on a ledger or watched. Closed before: in nothing. The first word of its own time answers a
    case; of a list, none that was said before it came out. Due on the batch's own day, else 10 working days after the opening."""
    names = in_school("老案 早销 本期销 在跟踪 又列出 新案")
    early = ("\n".join(row for row in text.splitlines() if not row.endswith("B3")) for text in (LISTED, SAID))
    first = build_town("2025-B2", **names, **dict(zip(("suspect", "verification"), early, strict=True)))
    town = build_town(after=first, **names, suspect=LISTED, verification=SAID)
    columns = "is_active, is_new, was_on_ledger, is_on_ledger, is_closed, verified_on, verify_due"
    found = town.rows(f"select p.name, {columns} from indicators.case_child as c join conformed.person as p using (person_id) order by case_no")
    due = day("2025-04-24")
    assert sorted(found[:5]) == sorted([
        ("老案", True, False, True, True, False, None, due),
        ("早销", False, False, False, False, True, day("2025-04-20"), due),
        ("本期销", True, False, True, False, True, day("2025-05-20"), due),
        ("在跟踪", True, False, False, False, False, day("2025-04-22"), due),
        ("又列出", False, False, False, False, True, day("2025-04-21"), due),
    ])  # fmt: skip
    assert sorted(found[5:]) == sorted([
        ("新案", True, True, False, True, False, None, day("2025-06-12")),
        ("又列出", True, True, False, True, False, None, day("2025-06-19")),
    ])  # fmt: skip
    assert town.rate("closing_rate") == (1, 4), "of the two carried on a ledger and the two new ones"
