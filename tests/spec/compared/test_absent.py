import pytest

from tests.towns.town import build_town, in_school, join_tables

NAMES = "月份 | 学校标识码 | 姓名 | 在校状态 | 最长连续无故缺勤天数 | 缺勤起始日\n"
CLASS = "甲 乙 丙 丁"  # four classmates in school, so that one absence leaves the school above 80 %
PRESENT = "".join(f"2025-0{m} | 1000000001 | {name} | 在校 | - | -\n" for m in (5, 6) for name in CLASS.split())


def find(rows: str, **more: str) -> list[str]:
    return build_town(**join_tables(in_school("王一 " + CLASS), more), attendance=NAMES + PRESENT + rows).names("absent")


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("2025-06 | 1000000001 | 王一 | 无故缺勤 | 4 | -", False),
        ("2025-06 | 1000000001 | 王一 | 无故缺勤 | 5 | -", True),  # the threshold is inclusive
        ("2025-06 | 1000000001 | 王一 | 无故缺勤 | - | -", True),  # without a number it counts
        ("2025-06 | 1000000001 | 王一 | 无故缺勤 | 3 | 2025-05-29", True),  # 2 days of May + 3 of June
        ("2025-06 | 1000000001 | 王一 | 无故缺勤 | 2 | 2025-05-29", False),
        ("2025-06 | 1000000001 | 王一 | 离校未归 | - | -", True),
        ("", True),  # on no list
        ("2025-06 | 1000000001 | 王一 | 请假 | - | -", False),
        ("2025-06 | 1000000001 | 王一 | 休学 | - | -", False),
        # only the last month that owes attendance decides
        ("2025-05 | 1000000001 | 王一 | 离校未归 | - | -\n2025-06 | 1000000001 | 王一 | 在校 | - | -", False),
        # another school's classroom list
        ("2025-06 | 1000000001 | 王一 | 离校未归 | - | -\n2025-06 | 1000000002 | 王一 | 在校 | - | -", False),
    ],
)
def test_who_is_absent(rows: str, found: bool):
    """In the last owed month on no classroom list, 离校未归, or unexcused for five school days running (§5)."""
    assert find(rows) == (["王一"] if found else [])


@pytest.mark.parametrize(
    ("result", "found"),
    [("在校就读", True), ("外地就读有学籍", False), ("送教上门", False), ("休学", False), ("失联", True), ("其他", True)],
)
def test_what_explains_an_absence(result: str, found: bool):
    """What explains a child explains its absence too, but 在校就读 never does (contract §5)."""
    town = build_town(
        **in_school("王一 " + CLASS),
        attendance=NAMES + PRESENT + "2025-06 | 1000000001 | 王一 | 离校未归 | - | -",
        verification="姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料\n"
        f"王一 | 2025-06-20 | 学校 | {result} | 外地小学 | 材料",
    )
    assert town.names("absent") == (["王一"] if found else [])


def test_nobody_is_absent_from_a_silent_school():
    """A school that is silent that month says nothing about its pupils (contract §5)."""
    town = build_town(
        **in_school("王一 " + CLASS), attendance=NAMES + PRESENT.replace("2025-06 | 1000000001 | 丁 | 在校 | - | -\n", "")
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
    rows = "\n".join(f"2025-06 | 1000000001 | {name} | 在校 | - | -" for name in (CLASS + " 戊 己 庚 辛 壬 癸 子 丑").split())
    assert build_town(**world, attendance=NAMES + rows).names("absent") == []


def test_a_pupil_over_school_age_is_found_but_gets_no_case():
    """Over school age: found, no case (contract §5)."""
    over = in_school("甲 乙 丙 丁", "8", "1000000002")
    over["registry"] += "\n1000000002 | 8 | 1班 | 十五岁 | 男 | 2009-08-31 | 在读"
    over["registry"] += "\n1000000002 | 8 | 1班 | 十四岁 | 男 | 2009-09-01 | 在读"
    rows = "\n".join(f"2025-06 | 1000000002 | {name} | 在校 | - | -" for name in CLASS.split())
    left = "\n2025-06 | 1000000002 | 十五岁 | 离校未归 | - | -\n2025-06 | 1000000002 | 十四岁 | 离校未归 | - | -"
    town = build_town(**over, attendance=NAMES + rows + left)
    assert town.names("absent") == ["十五岁", "十四岁"]
    assert town.case_states() == {"十四岁": "待核实"}


def test_grade_nine_in_may():
    """The last month that owes attendance for grade 9 is May: what June says is not asked (contract §1, §5)."""
    rows = "\n".join(f"2025-05 | 1000000002 | {name} | 在校 | - | -" for name in CLASS.split())
    town = build_town(
        **in_school("王一 " + CLASS, "9", "1000000002"),
        attendance=NAMES + rows + "\n2025-05 | 1000000002 | 王一 | 离校未归 | - | -\n2025-06 | 1000000002 | 王一 | 在校 | - | -",
    )
    assert town.names("absent") == ["王一"]
