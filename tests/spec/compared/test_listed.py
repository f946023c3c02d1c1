"""名单所列: every child of a list, until its case is closed. Rules page: transforms/compared/listed.md."""

from tests.towns.town import build_town, in_school

SUSPECT = "批次 | 下发日期 | 姓名 | 性别 | 出生日期 | 期间\n一 | 2025-05-06 | 王一 | 男 | 2016-03-01 | 2025-B3\n"
SUSPECT += "一 | 2025-05-06 | 无名 | - | - | 2025-B3"
SAID = "姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料 | 期间\n王一 | 2025-07-10 | 学校 | 在校就读 | 班级名单 | 2025-B4"


def test_every_row_to_the_last_name():
    town = build_town(**in_school("王一"), suspect=SUSPECT)
    assert town.names("listed") == ["无名", "王一"], "a name alone stands under batch, name and school"
    assert set(town.case_states().values()) == {"待核实"}


def test_until_its_case_is_closed():
    first = build_town(**in_school("王一"), suspect=SUSPECT)
    second = build_town("2025-B4", after=first, **in_school("王一"), suspect=SUSPECT, verification=SAID)
    third = build_town("2025-B5", after=second, **in_school("王一"), suspect=SUSPECT, verification=SAID)
    assert [t.names("listed") for t in (second, third)] == [["无名"], ["无名"]]
    assert third.case_states() == {"王一": "已销号", "无名": "待核实"}
    assert third.rows("select distinct first_seen_period from compared.finding where comparison = 'listed'") == [("2025-B3",)]


def test_a_list_dated_after_the_period_waits():
    town = build_town(**in_school("王一"), suspect=SUSPECT.replace("2025-05-06", "2025-07-06"))
    assert town.names("listed") == [] and town.case_states() == {}


def test_listed_again_after_closing_is_a_new_case_that_names_the_old():
    world = in_school("王一")
    first = build_town(**world, suspect=SUSPECT)
    second = build_town("2025-B4", after=first, **world, suspect=SUSPECT, verification=SAID)
    again = SUSPECT + "\n二 | 2025-09-06 | 王一 | 男 | 2016-03-01 | 2025-B5"
    third = build_town("2025-B5", after=second, **world, suspect=again, verification=SAID)
    assert third.names("listed") == ["无名", "王一"]
    events = [e for (e,) in third.rows("select event from cases.event where case_no like 'RC2025B5%'")]
    assert events == ["再次立案（前案" + third.rows(
        "select c.case_no from cases.case c join conformed.person p using (child_key) "
        "where p.name = '王一' and c.state = '已销号'")[0][0] + "）"]  # fmt: skip
