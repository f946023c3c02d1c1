from tests.towns.town import build_town, in_school, make_id

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


def test_the_first_closing_rules():
    """A case that completion or over-age closed hears no later word that does not name it (contract §6)."""
    finished = {"registry": "期间 | 学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 学籍状态\n"
                            "2025-B4 | 1000000002 | 9 | 1班 | 王一 | 男 | 2010-03-01 | 毕业\n"
                            "2025-B4 | 1000000002 | 9 | 1班 | 李二 | 男 | 2010-09-01 | 在读\n"
                            "2025-B5 | 1000000002 | 9 | 1班 | 李二 | 男 | 2010-09-01 | 在读"}  # fmt: skip
    world = {"child": CHILD + "王一 | 男 | 2010-03-01 | 乙镇\n张三 | 女 | 2010-03-02 | 乙镇"} | finished
    listed = {"suspect": "批次 | 下发日期 | 姓名 | 期间\n一 | 2025-09-20 | 王一 | 2025-B5"}
    before = build_town("2025-B4", **world)
    town = build_town("2025-B5", after=before, **world, **listed)
    first = town.by_name("person_id, state, closed_as, closed_on::varchar from cases.standing")
    assert first == {"王一": ("已销号", "已毕业", "2025-09-20"), "张三": ("已销号", "超龄", "2025-09-10")}
    said = ("姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料 | 案件编号 | 期间\n王一 | 2025-11-10 | 学校 | 已毕业 | 毕业证 | {} | 2025-B6\n"
            "张三 | 2025-11-10 | 公安 | 死亡 | 证明 | - | 2025-B6")  # fmt: skip
    later = build_town("2025-B6", after=town, **world, **listed, verification=said.format("-"))
    assert later.by_name("person_id, state, closed_as, closed_on::varchar from cases.standing") == first
    assert later.rows("select count(*) from cases.event where event in ('已毕业', '死亡')") == [(2,)]  # heard of, and told
    number = later.by_name("person_id, case_no from cases.standing")["王一"]
    named = build_town("2025-B6", after=town, **world, **listed, verification=said.format(number))
    assert named.by_name("person_id, closed_on::varchar from cases.standing")["王一"] == "2025-11-10"


def test_a_watch_ends_with_the_case_that_over_age_closed():
    """Who came back and then was past school age is watched no more: 复学巩固 does not come after 超龄 (contract §6)."""
    rows = "\n".join(f"{period} | 1000000002 | 9 | 1班 | 王一 | 男 | 2009-09-05 | 在读" for period in ("2025-B3", "2025-B5", "2025-B6"))
    world = {
        "child": CHILD + "王一 | 男 | 2010-08-05 | 乙镇",
        "registry": "期间 | 学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 学籍状态\n" + rows.replace("2009-09-05", "2010-08-05"),
        "persuasion": "姓名 | 劝返日期 | 劝返单位 | 劝返人 | 辍学日期 | 结果 | 期间\n"
                      "王一 | 2025-06-20 | 学校 | 老师 | 2025-06-01 | 已复学 | 2025-B3",
        "class_roll": "期间 | 月份 | 学校标识码 | 年级 | 班级 | 在籍人数 | 在校人数\n"
                      "2025-B6 | 2025-12 | 1000000002 | 9 | 1班 | 1 | 1",
    }  # fmt: skip
    town = None
    for period in ("2025-B3", "2025-B5", "2025-B6"):
        town = build_town(period, after=town, **world)
    assert closing(town) == [("已销号", "2025-09-01", "超龄")]
    assert town.rows("select count(*) from cases.turning") == [(0,)]


def test_a_case_that_was_the_same_child_twice_stays_closed():
    """Two lines of a list prove to be one child; what closes the case that goes on reopens not the other (contract §6)."""
    number, id_number = "G500153201603010015", make_id("王一", "2016-03-01", "男")
    listed = f"""批次 | 下发日期 | 姓名 | 性别 | 出生日期 | 身份证件号 | 全国学籍号 | 期间
    一 | 2025-03-10 | 王一 | 男 | 2016-03-01 | {id_number} | - | 2025-B2
    一 | 2025-03-10 | 王一 | - | - | - | {number} | 2025-B2"""
    rows = [f"1000000001 | 3 | 1班 | 李二 | 男 | 2016-03-01 | 在读 | - | - | {period}" for period in ("2025-B2", "2025-B3", "2025-B4")]
    rows += [f"1000000001 | 3 | 1班 | 王一 | 男 | 2016-03-01 | 在读 | {id_number} | {number} | {period}" for period in ("2025-B3", "2025-B4")]
    head = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 学籍状态 | 身份证件号 | 全国学籍号 | 期间\n"
    said = f"姓名 | 身份证件号 | 核实日期 | 核实单位 | 核实结果 | 佐证材料 | 期间\n王一 | {id_number} | 2025-07-10 | 公安 | 户籍迁出 | 回函 | 2025-B4"
    town, course = None, []
    for period, words in (("2025-B2", {}), ("2025-B3", {}), ("2025-B4", {"verification": said})):
        registry = head + "\n".join(row for row in rows if row[-7:] <= period)
        town = build_town(period, after=town, registry=registry, suspect=listed, **words)
        course.append(town.rows("select state, closed_as from cases.case order by case_no"))
    assert course == [
        [("待核实", None), ("待核实", None)], [("已销号", "重复信息"), ("待核实", None)], [("已销号", "重复信息"), ("已销号", "户籍迁出")],
    ]  # fmt: skip
