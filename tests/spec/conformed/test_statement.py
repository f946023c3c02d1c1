from tests.towns.town import build_town, in_school

HEAD = "姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料 | 期间\n"


def test_an_event_dated_after_the_period_waits_for_its_own():
    """Events dated after as_of wait for the next period, and count there as new (contract §1)."""
    feedback = HEAD + "王一 | 2025-07-01 | 镇街 | 确认辍学 | - | 2025-B3\n李二 | 2025-06-30 | 镇街 | 确认辍学 | - | 2025-B3"
    now = build_town(**in_school("王一 李二"), verification=feedback)
    assert now.case_states() == {"李二": "劝返中"}
    later = build_town("2025-B4", after=now, **in_school("王一 李二"), verification=feedback)
    assert later.by_name("person_id, opened_in from cases.standing") == {"李二": "2025-B3", "王一": "2025-B4"}


def test_a_row_that_comes_again_says_nothing_new():
    """Flow rows add up over deliveries; the same row sent again counts from the period it first came in (§3, §6)."""
    town = build_town(**in_school("王一"), verification=HEAD + """
    王一 | 2025-03-10 | 学校 | 在校就读 | 学校证明 | 2025-B2
    王一 | 2025-03-10 | 学校 | 在校就读 | 学校证明 | 2025-B3
    """)  # fmt: skip
    assert town.rows("select learned_in from conformed.statement") == [("2025-B2",)]


def test_police_and_township_may_say_the_same_on_one_day():
    """Two offices of one level with one result are one conclusion (contract §6: the higher unit)."""
    town = build_town(**in_school("王一"), verification=HEAD + """
    王一 | 2025-06-01 | 公安 | 死亡 | - | 2025-B3
    王一 | 2025-06-01 | 镇街 | 死亡 | 死亡证明 | 2025-B3
    """)  # fmt: skip
    assert town.rows("select says, has_evidence from conformed.statement") == [("死亡", True)]


def test_how_long_a_conclusion_holds():
    """Elsewhere and abroad: end of B6 of the next school year; leave: its end, else one year; deaths for good (§5)."""
    town = build_town("2025-B6", **in_school("王一"), verification="""
    姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料 | 截止日期 | 期间
    王一 | 2024-08-31 | 镇街 | 出国(境) | 签证 | - | 2025-B1
    王一 | 2024-09-01 | 镇街 | 出国(境) | 签证 | - | 2025-B1
    王一 | 2025-08-31 | 镇街 | 外地就读有学籍 | 证明 | - | 2025-B4
    王一 | 2025-03-01 | 教委 | 休学 | 批复 | 2025-08-31 | 2025-B2
    王一 | 2025-03-02 | 教委 | 延缓入学 | 批复 | - | 2025-B2
    王一 | 2025-05-10 | 学校 | 在校就读 | 证明 | - | 2025-B3
    王一 | 2025-06-10 | 公安 | 死亡 | 证明 | - | 2025-B3
    """)  # fmt: skip
    assert [(str(on), says, str(until)) for on, says, until in town.rows(
        "select said_on, says, holds_until from conformed.statement order by said_on")] == [
        ("2024-08-31", "出国(境)", "2024-12-31"),
        ("2024-09-01", "出国(境)", "2025-12-31"),
        ("2025-03-01", "休学", "2025-08-31"),
        ("2025-03-02", "延缓入学", "2026-03-02"),
        ("2025-05-10", "在校就读", "2025-06-30"),
        ("2025-06-10", "死亡", "9999-12-31"),
        ("2025-08-31", "外地就读有学籍", "2025-12-31"),
    ]  # fmt: skip
