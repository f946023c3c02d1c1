from tests.towns.town import build_town

CHILD = "姓名 | 性别 | 出生日期 | 镇街\n王一 | 男 | 2016-03-01 | 甲镇"
HEAD = "姓名 | 核实日期 | 核实单位 | 核实结果 | 期间\n"
EVENTS = "select seq, event, happened_on::varchar, office_kind from cases.event order by seq"


def test_events_are_appended():
    """What comes later is appended, though it happened earlier: numbers once given stay (contract §6)."""
    feedback = HEAD + "王一 | 2025-04-20 | 镇街 | 失联 | 2025-B2"
    before = build_town("2025-B2", child=CHILD, verification=feedback)
    first = before.rows(EVENTS)
    assert first == [(1, "立案", "2025-04-20", "教委"), (2, "失联", "2025-04-20", "镇街")]
    late = feedback + "\n王一 | 2025-04-10 | 学校 | 失学 | 2025-B3"
    assert build_town(after=before, child=CHILD, verification=late).rows(EVENTS) == [
        *first, (3, "失学", "2025-04-10", "学校"),
    ]  # fmt: skip


def test_an_event_belongs_to_the_case_of_its_time():
    """A new case after closing starts a history of its own (contract §6)."""
    said = "姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料 | 期间\n"
    said += "王一 | 2025-08-20 | 镇街 | 外地就读有学籍 | 外地小学 | 卡 | 2025-B4"
    first = build_town(
        "2025-B4", child=CHILD, suspect="批次 | 下发日期 | 姓名\n一 | 2025-07-20 | 王一", verification=said
    )
    said += "\n王一 | 2026-01-20 | 镇街 | 失联 | - | - | 2026-B1"
    second = build_town("2026-B1", after=first, child=CHILD, verification=said)
    assert second.rows("select case_no, event from cases.event order by case_no, seq") == [
        ("RC2025B4-00001", "立案"), ("RC2025B4-00001", "外地就读有学籍"),
        ("RC2026B1-00001", "再次立案（前案RC2025B4-00001）"), ("RC2026B1-00001", "失联"),
    ]  # fmt: skip
