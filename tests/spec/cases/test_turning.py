"""复学跟踪: watched to the end, warned, or absent again (contract §6). Holidays pause the watch."""

from tests.towns.town import Town, build_town, day, in_school

VISIT = "姓名 | 劝返日期 | 劝返单位 | 结果 | 辍学日期 | 复学日期 | 期间\n王一 | 2025-03-03 | 学校 | 已复学 | 2024-12-02 | 2025-03-04 | 2025-B2"
ROLL = "月份 | 学校标识码 | 年级 | 班级 | 在籍人数 | 在校人数 | 期间\n"
AWAY = "月份 | 学校标识码 | 年级 | 班级 | 姓名 | 在校状态 | 缺勤起始日 | 连续缺勤天数 | 期间\n"


def full(period: str, *months: str, present: int = 2) -> str:
    """Class reports of both months; 2 pupils are on the roll."""
    return "".join(f"{m} | 1000000001 | 3 | 1 | 2 | {present} | {period}\n" for m in months)


def watch(*, days: str = "", visits: str = VISIT) -> list[Town]:
    """March to June 2025; `days` is one row of 不在校学生名单 of May."""
    spring = full("2025-B2", "2025-03", "2025-04")
    summer = full("2025-B3", "2025-05", "2025-06") if not days else (
        full("2025-B3", "2025-05", present=1) + full("2025-B3", "2025-06"))  # fmt: skip
    world = in_school("王一 李二") | {"persuasion": visits}
    first = build_town("2025-B2", **world, class_roll=ROLL + spring)
    absentee = AWAY + f"2025-05 | 1000000001 | 3 | 1 | 王一 | {days} | 2025-B3"
    second = build_town("2025-B3", after=first, **world, class_roll=ROLL + spring + summer, **({"absentee": absentee} if days else {}))
    return [first, second]


def state(town: Town) -> tuple:
    return town.rows("select state, closed_as, returned_on, relapses from cases.case")[0]


def test_the_watch_lasts_the_rest_of_the_term():
    first, second = watch()
    assert state(first) == state(second) == ("复学跟踪", None, day("2025-03-04"), 0)
    assert first.rows("select due_on from cases.case") == [(day("2025-07-04"),)]


def test_watched_to_the_end_on_the_classroom_list():
    """The term ends in July; the class shows the child again in September: 复学巩固."""
    second = watch()[1]
    world = {k: v.replace("| 3 | 1班", "| 4 | 1班") for k, v in in_school("王一 李二").items()} | {"persuasion": VISIT}
    roll = ROLL + full("2025-B5", "2025-09", "2025-10").replace("| 3 |", "| 4 |")
    autumn = build_town("2025-B5", after=build_town("2025-B4", after=second, **world), **world, class_roll=roll)
    assert state(autumn) == ("已销号", "复学巩固", day("2025-03-04"), 0)
    later = build_town("2025-B6", after=autumn, **world)
    assert state(later) == ("已销号", "复学巩固", day("2025-03-04"), 0), "kept, without the classroom list of then"
    assert later.rows("select closed_on from cases.case") == autumn.rows("select closed_on from cases.case")


def test_sixty_days_at_least_and_holidays_pause_it():
    """Back on 20 June: 14 days to the end of term, the other 46 from 1 September."""
    first = build_town("2025-B3", **in_school("王一 李二"), persuasion=VISIT.replace("2025-03-04 | 2025-B2", "2025-06-20 | 2025-B3"))
    assert first.rows("select due_on from cases.case") == [(day("2025-10-16"),)]


def test_five_school_days_away_again_is_a_relapse():
    second = watch(days="无故缺勤 | 2025-05-12 | 5")[1]
    assert state(second) == ("劝返中", None, day("2025-03-04"), 1)
    assert second.rows("select event, happened_on from cases.event where event = '再次离校'") == [("再次离校", day("2025-05-16"))]


def test_three_days_are_a_warning_and_two_are_nothing():
    warned, calm = watch(days="无故缺勤 | 2025-05-12 | 3")[1], watch(days="无故缺勤 | 2025-05-12 | 2")[1]
    assert [state(t)[0] for t in (warned, calm)] == ["复学跟踪", "复学跟踪"]
    assert [len(t.rows("from cases.event where event = '复学预警'")) for t in (warned, calm)] == [1, 0]


def test_the_absence_the_child_came_back_from_is_no_relapse():
    visits = VISIT.replace("2025-03-04 | 2025-B2", "2025-05-26 | 2025-B3")
    town = watch(days="无故缺勤 | 2025-05-12 | 9", visits=visits)[1]
    assert state(town) == ("复学跟踪", None, day("2025-05-26"), 0)


def test_relapses_add_up_over_two_returns():
    relapsed = watch(days="无故缺勤 | 2025-05-12 | 5")[1]
    back = VISIT + "\n王一 | 2025-07-10 | 学校 | 已复学 | - | 2025-07-10 | 2025-B4\n王一 | 2025-08-20 | 村社 | 失联 | - | - | 2025-B4"
    after = build_town("2025-B4", after=relapsed, **in_school("王一 李二"), persuasion=back)
    assert state(after) == ("失联", None, day("2025-07-10"), 1)


def test_an_unsigned_closing_leaves_a_child_who_left_again_where_it_is():
    """The last thing that anybody said is 已复学; the case has turned since (contract §6: stays in its state until signed)."""
    relapsed = watch(days="无故缺勤 | 2025-05-12 | 5")[1]
    said = "姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料 | 审核人\n王一 | 2025-07-10 | 公安 | 户籍迁出 | 回函 | "
    unsigned, signed = (
        build_town("2025-B4", after=relapsed, **in_school("王一 李二"), persuasion=VISIT, verification=said + reviewer)
        for reviewer in ("-", "审核员")
    )
    assert state(unsigned) == ("劝返中", None, day("2025-03-04"), 1)
    assert unsigned.rows("select waits_for_review from cases.standing") == [(True,)]
    assert unsigned.rate("return_rate") == (0, 1)
    assert state(signed) == ("已销号", "户籍迁出", day("2025-03-04"), 1)
    assert signed.rate("return_rate") == (0, 1), "left again, and then moved away: no return"


def test_a_child_watched_to_the_end_is_no_dropout_in_its_next_case():
    """A list names it again and it is in class: 已销号, not a second return (contract §6)."""
    second = watch()[1]
    world = {k: v.replace("| 3 | 1班", "| 4 | 1班") for k, v in in_school("王一 李二").items()} | {"persuasion": VISIT}
    roll = ROLL + full("2025-B5", "2025-09", "2025-10").replace("| 3 |", "| 4 |")
    autumn = build_town("2025-B5", after=build_town("2025-B4", after=second, **world), **world, class_roll=roll)
    said = "姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料\n王一 | 2025-11-20 | 学校 | 在校就读 | 照片"
    listed = "批次 | 下发日期 | 姓名\n一 | 2025-11-10 | 王一"
    later = build_town("2025-B6", after=autumn, **world, suspect=listed, verification=said)
    assert later.rows("select state, closed_as, returned_on from cases.case order by case_no") == [
        ("已销号", "复学巩固", day("2025-03-04")), ("已销号", "在校就读", None)]  # fmt: skip
    assert later.names("listed") == []


def test_a_pupil_of_grade_nine_who_left_again_has_not_finished_it():
    """From B5 on gone from grade 9 is finished, unless the case is 劝返中: also when it turned by itself, and when the
    closing that came last is unsigned (contract §1: Completed)."""
    world = {k: v.replace("| 3 |", "| 9 |").replace("2016-03", "2010-09").replace("1000000001", "1000000002")
             for k, v in in_school("王一 李二").items()} | {"persuasion": VISIT}  # fmt: skip
    roll = (ROLL + full("2025-B3", "2025-05", present=1)).replace("1000000001 | 3", "1000000002 | 9")
    away = AWAY + "2025-05 | 1000000002 | 9 | 1 | 王一 | 无故缺勤 | 2025-05-12 | 5 | 2025-B3"
    second = build_town("2025-B3", after=build_town("2025-B2", **world), **world, class_roll=roll, absentee=away)
    assert state(second)[0] == "劝返中"
    summer = build_town("2025-B4", after=second, **world)
    gone = {"child": world["child"], "registry": _dated(world["registry"], "2025-B4"), "persuasion": VISIT}
    said = "姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料\n王一 | 2025-09-20 | 公安 | 户籍迁出 | 回函"
    for told in ({}, {"verification": said}):
        autumn = build_town("2025-B5", after=summer, **gone | {"registry": gone["registry"] + OTHER}, **told)
        assert state(autumn)[0] == "劝返中"
        assert autumn.by_name("person_id, completed_grade from conformed.completion") == {"李二": 9}


OTHER = "\n1000000002 | 8 | 1班 | 八年级 | 男 | 2011-10-01 | 在读 | 2025-B5"


def _dated(registry: str, period: str) -> str:
    head, *rows = registry.strip().split("\n")
    return "\n".join([f"{head} | 期间", *(f"{row} | {period}" for row in rows)])
