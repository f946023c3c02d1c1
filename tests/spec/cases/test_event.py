from tests.towns.town import build_town

CHILD = "姓名 | 性别 | 出生日期 | 镇街\n王一 | 男 | 2016-03-01 | 甲镇"
HEAD = "姓名 | 核实日期 | 核实单位 | 核实结果 | 期间\n"
EVENTS = "select seq, event, happened_on::varchar, office_kind from cases.event order by seq"


def test_events_are_appended():
    """What comes later is appended, though it happened earlier: numbers once given stay (contract §6)."""
    feedback = HEAD + "王一 | 2025-04-20 | 镇街 | 失联 | 2025-B2"
    before = build_town("2025-B2", child=CHILD, verification=feedback)
    first = before.rows(EVENTS)
    assert first == [(1, "立案", "2025-04-20", "教委"), (2, "失联", "2025-04-20", "镇街"), (3, "转为失联", "2025-04-20", "镇街")]
    late = feedback + "\n王一 | 2025-04-10 | 学校 | 失学 | 2025-B3"
    assert build_town(after=before, child=CHILD, verification=late).rows(EVENTS) == [
        *first, (4, "失学", "2025-04-10", "学校"),
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
        ("RC2025B4-00001", "立案"), ("RC2025B4-00001", "外地就读有学籍"), ("RC2025B4-00001", "销号（外地就读有学籍）"),
        ("RC2026B1-00001", "再次立案（前案RC2025B4-00001）"), ("RC2026B1-00001", "失联"), ("RC2026B1-00001", "转为失联"),
    ]  # fmt: skip


def test_every_change_of_state_is_an_event():
    """Also what nobody said: an evidence clock run out, a signature, an end of school age (contract §6)."""
    said = "姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料 | 审核人 | 审核日期 | 期间\n"
    child = "姓名 | 性别 | 出生日期 | 镇街\n" + "\n".join(
        f"{name} | 男 | {birth} | 甲镇" for name, birth in (("王一", "2016-03-01"), ("李二", "2016-03-02"), ("赵三", "2010-08-31"))
    )
    told = {
        "2025-B3": "王一 | 2025-05-20 | 公安 | 死亡 | - | - | - | 2025-B3\n李二 | 2025-05-21 | 镇街 | 失学 | - | - | - | 2025-B3\n"
                   "李二 | 2025-06-10 | 公安 | 户籍迁出 | 回函 | - | - | 2025-B3\n",
        "2025-B4": "李二 | 2025-06-10 | 公安 | 户籍迁出 | 回函 | 主任 | 2025-07-20 | 2025-B4\n",
        "2025-B5": "王一 | 2025-05-20 | 公安 | 死亡 | 证明 | - | - | 2025-B5\n",
    }  # fmt: skip
    town = None
    for period in told:
        words = said + "".join(text for heard_in, text in told.items() if heard_in <= period)
        town = build_town(period, after=town, child=child, verification=words)
    course = town.rows("""select p.name, e.event, e.happened_on::varchar from cases.event e join cases.standing s using (case_no)
        join conformed.person p using (person_id) where e.event like '转为%' or e.event like '%销号（%' order by p.name desc, seq""")
    assert course == [
        ("赵三", "销号（超龄）", "2025-09-01"),
        ("王一", "转为待补佐证", "2025-05-20"), ("王一", "转为待核实", "2025-06-04"), ("王一", "销号（死亡）", "2025-05-20"),
        ("李二", "转为劝返中", "2025-05-21"), ("李二", "审核销号（户籍迁出）", "2025-07-20"),
    ]  # fmt: skip
