"""A case from its opening to its closing, over several periods (contract §6)."""

import pytest

from tests.towns.town import build_town, day, in_school

CHILD = "姓名 | 性别 | 出生日期 | 镇街 | 村社\n王一 | 男 | 2016-03-01 | 甲镇 | 东村"
SAID = "姓名 | 案件编号 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料 | 截止日期 | 审核人 | 审核日期 | 期间\n"


def said(*rows: str) -> str:
    """`date unit result school evidence ends reviewer reviewed period`, `-` for none; a case number may follow after @."""
    lines = []
    for row in rows:
        cells, _, case = row.partition("@")
        when, *rest = cells.split()
        lines.append(" | ".join(["王一", case or "-", when, *rest]))
    return SAID + "\n".join(lines)


def follow(verification: str, *periods: str, world: dict | None = None):
    """Build the periods one after another; 李二 is in school throughout."""
    town = None
    world = world or in_school("李二") | {"child": CHILD}
    for period in periods:
        town = build_town(period, after=town, **world, verification=verification)
    return town


def test_evidence_that_never_comes_sends_the_case_back_overdue():
    words = said("2025-05-20 公安 死亡 - - - - - 2025-B3")
    assert follow(words, "2025-B3").case_states() == {"王一": "待补佐证"}
    later = follow(words, "2025-B3", "2025-B4")
    assert later.case_states() == {"王一": "待核实"}
    due, late = later.rows("select due_on, overdue_working_days from cases.case")[0]
    assert due == day("2025-06-04") and late > 0, "10 working days from 20 May, with the Dragon Boat holiday between"


def test_a_dropouts_closing_waits_for_a_second_person():
    words = said("2025-05-20 镇街 确认辍学 - - - - - 2025-B3", "2025-06-10 公安 死亡 - 证明 - - - 2025-B3")
    town = follow(words, "2025-B3")
    assert town.rows("select state, waits_for_review from cases.standing") == [("劝返中", True)]
    signed = words + "\n王一 | - | 2025-06-10 | 公安 | 死亡 | - | 证明 | - | 某主任 | 2025-07-20 | 2025-B4"
    town = follow(signed, "2025-B3", "2025-B4")
    assert town.rows("select state, closed_as, closed_on from cases.case") == [("已销号", "死亡", day("2025-07-20"))]


def test_a_pupil_found_elsewhere_is_closed_when_the_record_has_moved():
    words = said("2025-05-20 镇街 外地就读有学籍 外地小学 学籍卡 - - - 2025-B3")
    suspect = {"suspect": "批次 | 下发日期 | 姓名 | 期间\n一 | 2025-05-06 | 王一 | 2025-B3"}
    head = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 学籍状态 | 期间\n"
    rows = [f"1000000001 | 3 | 1班 | {n} | 男 | 2016-03-01 | 在读 | {p}" for n, p in
            (("王一", "2025-B3"), ("李二", "2025-B3"), ("李二", "2025-B4"))]  # fmt: skip
    world = {"child": CHILD, "registry": head + "\n".join(rows)} | suspect
    assert follow(words, "2025-B3", world=world).case_states() == {"王一": "外地就读待转学"}
    town = follow(words, "2025-B3", "2025-B4", world=world)
    assert town.rows("select state, closed_as, closed_on from cases.case") == [("已销号", "转学办结", day("2025-08-31"))]


def test_a_pupil_found_elsewhere_without_a_record_is_closed_when_one_is_made_here():
    """外地就读待转学 leaves by the record made (contract §6), here too; not by one that stood here when it was said."""
    words = said("2025-05-20 镇街 外地就读无学籍 外地小学 - - - - 2025-B3")
    suspect = {"suspect": "批次 | 下发日期 | 姓名 | 期间\n一 | 2025-05-06 | 王一 | 2025-B3"}
    head = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 学籍状态 | 期间\n"

    def follow_record(*with_record: str):
        rows = [f"1000000001 | 3 | 1班 | {name} | 男 | 2016-03-01 | 在读 | {period}" for period in ("2025-B3", "2025-B4", "2025-B5")
                for name in ("李二", *(("王一",) if period in with_record else ()))]  # fmt: skip
        world = {"child": CHILD, "registry": head + "\n".join(rows)} | suspect
        return follow(words, "2025-B3", "2025-B4", "2025-B5", world=world).rows("select state, closed_as, closed_on from cases.case")

    closed = [("已销号", "转学办结", day("2025-08-31"))]
    assert follow_record("2025-B4", "2025-B5") == closed
    assert follow_record("2025-B4")[0] == closed[0]  # the day stays, whatever comes after
    assert follow_record("2025-B3", "2025-B4", "2025-B5") == [("外地就读待转学", None, None)] == follow_record()


def test_a_word_that_came_before_the_record_was_made_still_counts():
    """What was heard once stays heard: a transfer done later does not deafen the case before it."""
    words = said("2025-03-20 镇街 外地就读无学籍 外地小学 - - - - 2025-B2", "2025-05-20 镇街 其他 - - - - - 2025-B3")
    suspect = {"suspect": "批次 | 下发日期 | 姓名 | 期间\n一 | 2025-03-06 | 王一 | 2025-B2"}
    rows = ["1000000001 | 3 | 1班 | 李二 | 男 | 2016-03-01 | 在读 | " + period for period in ("2025-B2", "2025-B3", "2025-B4")]
    rows.append("1000000001 | 3 | 1班 | 王一 | 男 | 2016-03-01 | 在读 | 2025-B4")
    world = {"child": CHILD, "registry": "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 学籍状态 | 期间\n" + "\n".join(rows)} | suspect
    assert follow(words, "2025-B2", "2025-B3", world=world).case_states() == {"王一": "待核实"}
    assert follow(words, "2025-B2", "2025-B3", "2025-B4", world=world).case_states() == {"王一": "待核实"}


def test_a_watch_that_has_ended_goes_back_to_be_verified():
    words = said("2025-05-20 镇街 延缓入学 - 批准书 2025-07-31 - - 2025-B3")
    world = in_school("李二") | {"child": CHILD, "suspect": "批次 | 下发日期 | 姓名 | 期间\n一 | 2025-05-06 | 王一 | 2025-B3"}
    town = follow(words, "2025-B3", world=world)
    assert town.rows("select state, due_on from cases.case") == [("在册跟踪", day("2025-07-31"))]
    assert follow(words, "2025-B3", "2025-B4", world=world).case_states() == {"王一": "待核实"}


def test_false_evidence_reopens_the_case_it_names():
    closing = "2025-05-20 镇街 户籍迁出 - 证明 - - - 2025-B3"
    false = "2025-07-20 教委 其他 - - - - - 2025-B4@RC2025B3-00001"
    town = follow(said(closing, false), "2025-B3", "2025-B4", world=in_school("李二") | {
        "child": CHILD, "suspect": "批次 | 下发日期 | 姓名 | 期间\n一 | 2025-05-06 | 王一 | 2025-B3"})  # fmt: skip
    assert town.rows("select case_no, state from cases.case") == [("RC2025B3-00001", "待核实")]
    assert town.rows("select opening, added, closed, closing from cases.balance where ledger = 'suspected'") == [(0, 1, 0, 1)]


def test_a_later_word_that_names_no_case_is_only_an_event():
    suspect = {"suspect": "批次 | 下发日期 | 姓名 | 期间\n一 | 2025-05-06 | 王一 | 2025-B3"}
    words = said("2025-05-20 镇街 户籍迁出 - 证明 - - - 2025-B3", "2025-07-20 村社 外地就读有学籍 外地小学 卡 - - - 2025-B4")
    town = follow(words, "2025-B3", "2025-B4", world=in_school("李二") | {"child": CHILD} | suspect)
    assert town.rows("select state, closed_as, closed_on from cases.case") == [("已销号", "户籍迁出", day("2025-05-20"))]
    assert [e for (e,) in town.rows("select event from cases.event order by seq")] == [
        "立案", "户籍迁出", "销号（户籍迁出）", "外地就读有学籍"]  # fmt: skip


def test_a_lapsed_explanation_opens_a_new_case_that_names_the_old():
    suspect = {"suspect": "批次 | 下发日期 | 姓名 | 期间\n一 | 2024-09-06 | 王一 | 2024-B5"}
    words = said("2024-09-20 镇街 外地就读有学籍 外地小学 学籍卡 - - - 2024-B5")
    world = in_school("李二") | {"child": CHILD} | suspect
    town = follow(words, "2024-B5", "2025-B6", "2026-B1", world=world)
    assert town.rows("select case_no, state, opened_by from cases.case order by 1") == [
        ("RC2024B5-00001", "已销号", "listed"), ("RC2026B1-00001", "待核实", "unenrolled")]  # fmt: skip
    assert ("再次立案（前案RC2024B5-00001）",) in town.rows("select event from cases.event")


def test_past_school_age_a_case_closes_by_itself():
    older = in_school("李二") | {"child": CHILD.replace("2016-03-01", "2010-03-01")}
    town = follow(said("2025-05-20 镇街 失学 - - - - - 2025-B3"), "2025-B3", "2025-B5", world=older)
    assert town.rows("select state, closed_as, closed_on from cases.case") == [("已销号", "超龄", day("2025-09-01"))]


@pytest.mark.parametrize(
    ("issued", "owner"),
    [
        ("2025-05-06", ("district", "区教委")),
        ("2025-06-23", ("township", "甲镇")),
        ("2025-06-30", ("village", "甲镇东村")),
    ],
)
def test_a_late_case_goes_up(issued: str, owner: tuple):
    """10 working days for the village, 5 more for the 镇街, then the district; counted to the issue date 10 July 2025."""
    town = follow_one(f"批次 | 下发日期 | 姓名\n一 | {issued} | 王一")
    assert town.rows("select owner_level, owner_office from cases.case") == [owner]


def follow_one(suspect: str):
    """One listed child of 东村 without a record."""
    return build_town(registry=in_school("李二")["registry"], child=CHILD, suspect=suspect)


def test_a_batchs_own_day_rules():
    town = follow_one("批次 | 下发日期 | 核实期限 | 姓名\n一 | 2025-05-06 | 2025-06-06 | 王一")
    assert town.rows("select due_on from cases.case") == [(day("2025-06-06"),)]


def test_the_first_owner_of_a_child_missing_from_class_is_the_school():
    roll = "月份 | 学校标识码 | 年级 | 班级 | 在籍人数 | 在校人数\n2025-05 | 1000000001 | 3 | 1 | 2 | 1\n2025-06 | 1000000001 | 3 | 1 | 2 | 1"
    away = "月份 | 学校标识码 | 年级 | 班级 | 姓名 | 在校状态\n" + "\n".join(f"2025-0{m} | 1000000001 | 3 | 1 | 王一 | 离校未归" for m in "56")
    town = build_town(**in_school("王一 李二"), class_roll=roll, absentee=away)
    assert town.rows("select opened_by, owner_level, owner_office from cases.case") == [("absent", "school", "甲小学")]
    assert town.rows("select beside_office from cases.owner") == [("甲镇东村",)]


def test_a_word_that_had_lapsed_when_it_came_does_not_date_the_case():
    """The first delivery carries old feedback: elsewhere in August 2024 holds to the end of 2024 (contract §5)."""
    town = follow(said("2024-08-29 镇街 外地就读有学籍 外地小学 学籍卡 - - - 2025-B3"), "2025-B3")
    assert town.rows("select opened_by, opened_on, due_on from cases.case") == [
        ("unenrolled", day("2025-07-10"), day("2025-07-24"))]  # fmt: skip


@pytest.mark.parametrize("later", ["其他", "重复信息"])
def test_what_a_closed_case_did_not_hear_does_not_open_it_to_the_next_word(later: str):
    """在校就读 closed it; 死亡 without evidence names no case and is only an event, and so is what comes after (contract §6)."""
    listed = {"suspect": "批次 | 下发日期 | 姓名 | 期间\n一 | 2025-03-06 | 王一 | 2025-B2"}
    words = said("2025-04-10 学校 在校就读 - 证明 - - - 2025-B2", "2025-05-20 公安 死亡 - - - - - 2025-B3",
                 f"2025-07-10 公安 {later} - 证明 - - - 2025-B4")  # fmt: skip
    town = follow(words, "2025-B2", "2025-B3", "2025-B4", world=in_school("王一 李二") | listed)
    assert town.rows("select state, closed_as, closed_on from cases.case") == [("已销号", "在校就读", day("2025-04-10"))]
    assert [e for (e,) in town.rows("select event from cases.event order by seq")] == ["立案", "在校就读", "销号（在校就读）", "死亡", later]
