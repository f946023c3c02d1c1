from tests.towns.town import build_town, in_school

MOVES = """
姓名 | 异动类型 | 异动日期 | 截止日期
昨日期满 | 休学 | 2024-06-30 | 2025-06-29
今日期满 | 休学 | 2024-07-01 | 2025-06-30
已续期 | 休学 | 2024-03-01 | 2025-02-28
已续期 | 休学 | 2025-03-01 | 2026-02-28
已复学 | 休学 | 2024-03-01 | 2025-02-28
"""


def test_leave_ends_with_its_last_grant_or_a_year_after_it_was_first_seen():
    """Past its end on the last day of the period; only while the registry still says 休学 (contract §5, §6)."""
    rows = [(name, "2025-B3") for name in ("昨日期满", "今日期满", "已续期", "三月初见", "五月初见")]
    rows += [("三月初见", "2024-B2"), ("五月初见", "2024-B3")]
    registry = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 学籍状态 | 期间\n"
    registry += "\n".join(f"1000000001 | 3 | 1班 | {name} | 男 | 2016-03-01 | 休学 | {period}" for name, period in rows)
    registry += "\n1000000001 | 3 | 1班 | 已复学 | 男 | 2016-03-01 | 在读 | 2025-B3"
    child = in_school("昨日期满 今日期满 已续期 三月初见 五月初见 已复学")["child"]
    town = build_town(child=child, registry=registry, movement=MOVES)
    assert set(town.by_name("person_id, true from cases.leave_ended")) == {"昨日期满", "三月初见"}
