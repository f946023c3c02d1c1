from tests.towns.town import build_town, in_school

CHILD = "姓名 | 性别 | 出生日期 | 镇街\n"


def closing(town) -> list[tuple]:
    return [
        (state, str(on), as_)
        for state, on, as_ in town.rows("select state, closed_on, closed_as from cases.standing")
    ]


def test_over_age_closes_by_itself_and_is_never_a_return():
    """From any open state 超龄 closes by itself, on the first day of the school year at the earliest (contract §6)."""
    child = CHILD + "王一 | 男 | 2009-09-01 | 甲镇\n李二 | 男 | 2010-08-31 | 甲镇"
    said = "姓名 | 核实日期 | 核实单位 | 核实结果\n王一 | 2025-06-10 | 镇街 | 失学"
    before = build_town("2025-B4", child=child, verification=said)
    assert before.case_states() == {"王一": "劝返中", "李二": "待核实"}
    town = build_town("2025-B5", after=before, child=child)
    assert town.by_name("person_id, state, closed_on::varchar, closed_as, returned_on from cases.standing") == {
        "王一": ("已销号", "2025-09-01", "超龄", None), "李二": ("已销号", "2025-09-10", "超龄", None),  # opened on the issue date of 7—8月
    }  # fmt: skip
    later = build_town("2025-B6", after=town, child=child)
    assert closing(later) == closing(town)  # the day does not move with the period


def test_completion_closes_by_itself():
    """Grade 9 completed closes any open case as 已毕业 (contract §6)."""
    town = build_town(
        "2025-B4",
        **in_school("王一", "9", "1000000002", "毕业"),
        suspect="批次 | 下发日期 | 姓名\n一 | 2025-07-20 | 王一",
    )
    assert closing(town) == [("已销号", "2025-08-31", "已毕业")]


def test_what_was_said_before_the_list_only_prefills():
    """For a listed child what we hold pre-fills the proposed result; only what is said from 下发日期 on rules (§6)."""
    said = "姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料\n王一 | 2025-05-{} | 学校 | 在校就读 | 证明"
    listed = "批次 | 下发日期 | 姓名\n一 | 2025-05-20 | 王一"
    for day, state in (("19", "待核实"), ("20", "已销号")):
        town = build_town(**in_school("王一"), suspect=listed, verification=said.format(day))
        assert town.case_states() == {"王一": state}


def test_a_list_without_its_date_takes_feedback_as_it_comes():
    """A 摸排表 carries no 下发日期: its case takes every feedback learned from then on (contract §3, §6)."""
    listed = "批次 | 来源 | 姓名\n一 | 镇街摸排 | 王一"
    before = build_town(**in_school("王一"), suspect=listed)
    assert before.case_states() == {"王一": "待核实"}
    said = "姓名 | 核实日期 | 核实单位 | 核实结果\n王一 | 2025-07-02 | 学校 | 失联"  # before the issue date of 10 July
    assert build_town("2025-B4", after=before, **in_school("王一"), verification=said).case_states() == {
        "王一": "失联"
    }


def test_evidence_that_comes_later_closes_the_case():
    """待补佐证 leaves by the evidence: the same finding sent again, now with 佐证材料 (contract §6)."""
    listed = "批次 | 下发日期 | 姓名 | 期间\n一 | 2025-03-20 | 王一 | 2025-B2"
    head = "姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料 | 期间\n"
    without = head + "王一 | 2025-04-10 | 公安 | 户籍迁出 | - | 2025-B2"
    child = CHILD + "王一 | 男 | 2016-03-01 | 甲镇"
    before = build_town("2025-B2", child=child, suspect=listed, verification=without)
    assert before.case_states() == {"王一": "待补佐证"}
    both = without + "\n王一 | 2025-04-10 | 公安 | 户籍迁出 | 回函 | 2025-B3"
    town = build_town(after=before, child=child, suspect=listed, verification=both)
    assert closing(town) == [("已销号", "2025-04-10", "户籍迁出")]
