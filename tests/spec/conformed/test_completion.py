from tests.towns.town import build_town, in_school, join_tables

HEAD = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 学籍状态 | 期间\n"
DONE = "person_id, completed_grade from conformed.completion"


def test_by_graduation_in_any_snapshot_movement_or_verification():
    """毕业, 结业, 提前毕业 of grade 6 or 9, wherever it was said; once known it stays known (contract §1)."""
    town = build_town(
        registry=HEAD + """
        1000000001 | 6 | 1班 | 小学毕业 | 男 | 2012-03-01 | 毕业 | 2024-B3
        1000000002 | 9 | 1班 | 初中结业 | 男 | 2010-03-01 | 结业 | 2024-B4
        1000000002 | 8 | 1班 | 八年级 | 男 | 2010-03-01 | 毕业 | 2024-B4
        1000000002 | 9 | 1班 | 异动一 | 男 | 2010-03-01 | 在读 | 2025-B3
        1000000002 | 9 | 1班 | 异动二 | 男 | 2010-03-01 | 在读 | 2025-B3
        1000000002 | 9 | 1班 | 核实一 | 男 | 2010-03-01 | 在读 | 2025-B3
        1000000002 | 9 | 1班 | 核实二 | 男 | 2010-03-01 | 在读 | 2025-B3
        """,
        movement="""
        姓名 | 异动类型 | 异动日期 | 年级
        异动一 | 提前毕业 | 2025-06-30 | 9
        异动二 | 毕业 | 2025-07-01 | 9
        """,
        verification="""
        姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料
        核实一 | 2025-06-20 | 学校 | 已毕业 | 毕业证
        核实二 | 2025-06-20 | 学校 | 已毕业 | -
        """,
    )
    assert town.by_name(DONE) == {"小学毕业": 6, "初中结业": 9, "异动一": 9, "核实一": 9}


def test_gone_up_is_known_from_b5_on_unless_the_child_is_lost():
    """From B5, live in grade 6 or 9 in the last snapshot of the year before and no longer in it, unless 劝返中 or
    失联; a visit that found nobody does not lift that (contract §1: Completed)."""
    world = dict(
        registry=HEAD + """
        1000000002 | 9 | 1班 | 升学 | 男 | 2010-03-01 | 在读 | 2025-B4
        1000000002 | 9 | 1班 | 留级 | 男 | 2010-03-01 | 在读 | 2025-B4
        1000000002 | 9 | 1班 | 辍学 | 男 | 2010-03-01 | 在读 | 2025-B4
        1000000002 | 8 | 1班 | 八年级 | 男 | 2011-03-01 | 在读 | 2025-B4
        1000000002 | 9 | 1班 | 留级 | 男 | 2010-03-01 | 在读 | 2025-B5
        """,
        verification="姓名 | 核实日期 | 核实单位 | 核实结果 | 期间\n辍学 | 2025-06-10 | 学校 | 确认辍学 | 2025-B3",
        persuasion="姓名 | 劝返日期 | 劝返单位 | 劝返人 | 结果 | 期间\n辍学 | 2025-07-10 | 学校 | 老师 | 未返校 | 2025-B4",
    )
    assert build_town("2025-B5", **world).by_name(DONE) == {"升学": 9}
    assert build_town("2025-B4", **world).by_name(DONE) == {}


def test_completion_of_grade_nine_counts_as_enrolled():
    """Grade 9 completed stands in the numerator of the enrolment rate, though no live record is left (§8)."""
    town = build_town("2025-B4", **join_tables(in_school("王一", "9", "1000000002", "毕业")))
    assert town.why() == {"王一": "初中已毕业"}
    assert town.rate("enrolment_rate") == (1, 1)
