from tests.towns.town import build_town, in_school, join_tables

NAMES = "月份 | 学校标识码 | 姓名 | 在校状态 | 最长连续无故缺勤天数 | 缺勤起始日\n"
MANY = "子 丑 寅 卯"
CLASS = "甲 乙 丙 丁"  # four classmates in school, so that one absence leaves the school above 80 %


def here(names: str) -> str:
    return "".join(f"2025-06 | 1000000001 | {name} | 在校 | - | -\n" for name in names.split())


PRESENT = "".join(
    f"2025-0{m} | 1000000001 | {name} | 在校 | - | -\n" for m in (5, 6) for name in CLASS.split()
)


def test_who_is_absent():
    """In the last owed month on no classroom list, 离校未归, or unexcused for five school days running (§5)."""
    pupils = "四天 五天 无天数 跨月五天 跨月四天 未归 不在名单 请假生 休学生 五月未归 他校在校"
    town = build_town(
        **in_school(pupils + " " + MANY),
        attendance=NAMES + here(MANY) + """
        2025-06 | 1000000001 | 四天 | 无故缺勤 | 4 | -
        2025-06 | 1000000001 | 五天 | 无故缺勤 | 5 | -
        2025-06 | 1000000001 | 无天数 | 无故缺勤 | - | -
        2025-06 | 1000000001 | 跨月五天 | 无故缺勤 | 3 | 2025-05-29
        2025-06 | 1000000001 | 跨月四天 | 无故缺勤 | 2 | 2025-05-29
        2025-06 | 1000000001 | 未归 | 离校未归 | - | -
        2025-06 | 1000000001 | 请假生 | 请假 | - | -
        2025-06 | 1000000001 | 休学生 | 休学 | - | -
        2025-05 | 1000000001 | 五月未归 | 离校未归 | - | -
        2025-06 | 1000000001 | 五月未归 | 在校 | - | -
        2025-06 | 1000000001 | 他校在校 | 离校未归 | - | -
        2025-06 | 1000000002 | 他校在校 | 在校 | - | -
        """,
    )  # fmt: skip
    # the threshold is inclusive; without a number it counts; 29 and 30 May are school days and join June's
    assert town.names("absent") == sorted(["五天", "无天数", "跨月五天", "未归", "不在名单"])


def test_what_explains_an_absence():
    """What explains a child explains its absence too, but 在校就读 never does (contract §5)."""
    results = "在校就读 外地就读有学籍 送教上门 休学 失联 其他"
    said = "姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料\n"
    said += "\n".join(f"{r}者 | 2025-06-20 | 学校 | {r} | 外地小学 | 材料" for r in results.split())
    gone = "".join(f"2025-06 | 1000000001 | {r}者 | 离校未归 | - | -\n" for r in results.split())
    pupils = " ".join(f"{r}者" for r in results.split())
    town = build_town(
        **in_school(f"{pupils} {MANY}"), attendance=NAMES + here(MANY) + gone, verification=said
    )
    assert town.names("absent") == sorted(["在校就读者", "失联者", "其他者"])


def test_nobody_is_absent_from_a_silent_school():
    """A school that is silent that month says nothing about its pupils (contract §5)."""
    town = build_town(
        **in_school("王一 " + CLASS),
        attendance=NAMES + PRESENT.replace("2025-06 | 1000000001 | 丁 | 在校 | - | -\n", ""),
    )
    assert town.rows("select month, silent from compared.school_month where school_code = '1000000001' order by 1") == [
        ("2025-05", False), ("2025-06", True),
    ]  # fmt: skip
    assert town.names("absent") == []


def test_home_taught_suspended_and_moving_pupils_are_not_absent():
    """送教上门 and 休学 pupils are not it; only 在读 records are compared (contract §5)."""
    world = join_tables(
        in_school(CLASS + " 戊 己 庚 辛 壬 癸 子 丑", 是否送教上门="-"),
        in_school("送教一", 是否送教上门="是"),
        in_school("休学一", status="休学", 是否送教上门="-"),
        in_school("转出一", status="转出中", 是否送教上门="-"),
    )
    rows = "\n".join(
        f"2025-06 | 1000000001 | {name} | 在校 | - | -"
        for name in (CLASS + " 戊 己 庚 辛 壬 癸 子 丑").split()
    )
    assert build_town(**world, attendance=NAMES + rows).names("absent") == []


def test_a_pupil_over_school_age_is_found_but_gets_no_case():
    """Over school age: found, no case (contract §5)."""
    over = in_school("甲 乙 丙 丁", "8", "1000000002")
    over["registry"] += "\n1000000002 | 8 | 1班 | 十五岁 | 男 | 2009-08-31 | 在读"
    over["registry"] += "\n1000000002 | 8 | 1班 | 十四岁 | 男 | 2009-09-01 | 在读"
    rows = "\n".join(f"2025-06 | 1000000002 | {name} | 在校 | - | -" for name in CLASS.split())
    left = (
        "\n2025-06 | 1000000002 | 十五岁 | 离校未归 | - | -\n2025-06 | 1000000002 | 十四岁 | 离校未归 | - | -"
    )
    town = build_town(**over, attendance=NAMES + rows + left)
    assert town.names("absent") == ["十五岁", "十四岁"]
    assert town.case_states() == {"十四岁": "待核实"}


def test_grade_nine_in_may():
    """The last month that owes attendance for grade 9 is May: what June says is not asked (contract §1, §5)."""
    rows = "\n".join(f"2025-05 | 1000000002 | {name} | 在校 | - | -" for name in CLASS.split())
    town = build_town(
        **in_school("王一 " + CLASS, "9", "1000000002"),
        attendance=NAMES
        + rows
        + "\n2025-05 | 1000000002 | 王一 | 离校未归 | - | -\n2025-06 | 1000000002 | 王一 | 在校 | - | -",
    )
    assert town.names("absent") == ["王一"]
