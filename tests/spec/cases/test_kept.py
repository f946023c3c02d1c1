"""A replaced file loses no case, and a rerun of a period changes no case's number (contract §6: events are only appended)."""

from tests.towns.town import build_town, day, in_school

HEAD = "姓名 | 核实日期 | 核实单位 | 核实结果 | 案件编号 | 期间\n"
CASES = "select case_no, state, opened_by, opened_on, township, village, school_code from cases.case"


def registry(**names: str) -> str:
    """`B2="李二 离校"`: who is on the roll in which period of 2025."""
    rows = [f"1000000001 | 3 | 1班 | {name} | 男 | 2016-03-01 | 在读 | 2025-{period}" for period in names for name in names[period].split()]
    return "\n".join(["学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 学籍状态 | 期间", *rows])


def test_a_child_whose_only_file_was_replaced_keeps_its_case():
    """离校 was on the roll in March and April only, and that file is replaced by one without the child."""
    first = build_town("2025-B2", registry=registry(B2="李二 离校"))
    before = build_town("2025-B3", after=first, registry=registry(B2="李二 离校", B3="李二"))
    held = [("RC2025B3-00001", "待核实", "unaccounted", day("2025-07-10"), "甲镇", None, "1000000001")]
    assert before.rows(CASES) == held
    replaced = registry(B2="李二", B3="李二", B4="李二")
    assert build_town("2025-B4", after=before, registry=replaced).rows(CASES) == held
    # and what is found out reaches it, by its number alone
    said = HEAD + "离校 | 2025-08-01 | 镇街 | 失联 | RC2025B3-00001 | 2025-B4"
    assert build_town("2025-B4", after=before, registry=replaced, verification=said).case_states() == {"离校": "失联"}


def test_a_listed_child_that_leads_to_nobody_is_kept_too():
    line = {"suspect": "批次 | 下发日期 | 姓名 | 原就读学校标识码 | 身份证件号 | 期间\n一 | 2025-05-06 | 无人 | 1000000001 | - | 2025-B3"}
    before = build_town("2025-B3", **in_school("李二"), **line)
    assert [row[1:3] for row in build_town("2025-B4", after=before, **in_school("李二")).rows(CASES)] == [("待核实", "listed")]


def test_a_rerun_keeps_the_numbers_that_went_out():
    """A case found late is numbered after the others; one no longer found leaves its number to nobody."""
    world = in_school("李二")
    child = world["child"] + "".join(f"\n{name} | 男 | 2016-03-01 | 甲镇 | 东村" for name in ("王一", "赵三", "孙四"))
    number = "person_id, case_no from cases.standing"
    first = build_town(**world | {"child": child})
    numbers = first.by_name(number)
    assert sorted(numbers.values()) == ["RC2025B3-00001", "RC2025B3-00002", "RC2025B3-00003"]
    corrected = child.replace("赵三", "周五") + "\n吴六 | 男 | 2016-03-01 | 甲镇 | 东村"
    again = build_town(version=2, corrects=first, **world | {"child": corrected}).by_name(number)
    assert {name: again[name] for name in ("王一", "孙四")} == {name: numbers[name] for name in ("王一", "孙四")}
    assert sorted(again[name] for name in ("周五", "吴六")) == ["RC2025B3-00004", "RC2025B3-00005"]


def test_a_rerun_keeps_how_a_case_was_opened():
    """A list that comes later names the same child: opened by the comparison it stays, while that still finds the child (contract §6)."""
    world = {"registry": in_school("李二")["registry"], "child": in_school("王一 李二")["child"]}
    listed = {"suspect": "批次 | 下发日期 | 姓名\n一 | 2025-05-20 | 王一"}
    opened = "select case_no, opened_by, opened_on from cases.case"
    first = build_town(**world)
    assert first.rows(opened) == [("RC2025B3-00001", "unenrolled", day("2025-07-10"))]
    assert build_town(version=2, corrects=first, **world, **listed).rows(opened) == first.rows(opened)
    found = in_school("王一 李二") | listed
    assert build_town(version=2, corrects=first, **found).rows(opened) == [("RC2025B3-00001", "listed", day("2025-05-20"))]
    assert build_town(**world, **listed).rows(opened) == [("RC2025B3-00001", "listed", day("2025-05-20"))]
