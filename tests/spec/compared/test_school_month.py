from tests.towns.town import build_town, in_school, join_tables

NAMES = "月份 | 学校标识码 | 姓名 | 在校状态\n"
ROLL = "月份 | 学校标识码 | 年级 | 班级 | 在籍人数 | 在校人数\n"
TEN = "一 二 三 四 五 六 七 八 九 十"


def months(town, school: str = "1000000001") -> list[tuple]:
    return town.rows(
        f"select month, expected, accounted, usable, silent from compared.school_month where school_code = '{school}' order by 1"
    )


def test_a_school_that_sent_nothing_is_silent_never_perfect():
    """A school's month without one accepted row is not usable and silent (contract §5: silent_school)."""
    town = build_town(**in_school(TEN), attendance=NAMES + "2025-05 | 1000000002 | 外人 | 在校")
    assert months(town) == [("2025-05", 10, 0, False, True), ("2025-06", 10, 0, False, True)]
    assert town.rate("in_school_rate") == (None, None)


def test_accounted_at_the_threshold():
    """Silent below 80 % of the live records accounted for: 8 of 10 is enough, 7 is not (contract §5)."""
    eight = "\n".join(f"2025-05 | 1000000001 | {name} | 在校" for name in TEN.split()[:8])
    seven = "\n".join(f"2025-06 | 1000000001 | {name} | 在校" for name in TEN.split()[:7])
    town = build_town(**in_school(TEN), attendance=NAMES + eight + "\n" + seven)
    assert months(town) == [("2025-05", 10, 8, True, False), ("2025-06", 10, 7, True, True)]


def test_accounted_are_the_named_and_the_classes_that_close():
    """Accounted = pupils named in `attendance` + pupils of classes that close; a list of absentees alone accounts
    for nobody (contract §5: Presence)."""
    town = build_town(
        **join_tables(in_school("王一 李二", "3"), in_school("赵三 钱四 孙五", "4")),
        class_roll=ROLL + """
        2025-05 | 1000000001 | 3 | 1班 | 2 | 2
        2025-05 | 1000000001 | 4 | 1班 | 3 | 2
        """,
        absentee="月份 | 学校标识码 | 年级 | 班级 | 姓名 | 在校状态\n2025-06 | 1000000001 | 4 | 1班 | 孙五 | 请假",
    )  # fmt: skip
    assert months(town) == [("2025-05", 5, 2, True, True), ("2025-06", 5, 0, False, True)]


def test_a_zero_report_is_a_report():
    """零报告: every class full, nobody listed; it is not "not reported" (contract §1, §3)."""
    town = build_town(
        **in_school("王一 李二"),
        class_roll=ROLL + "2025-05 | 1000000001 | 3 | 1班 | 2 | 2\n2025-06 | 1000000001 | 3 | 1班 | 2 | 1",
        absentee="月份 | 学校标识码 | 年级 | 班级 | 姓名 | 在校状态\n2025-06 | 1000000001 | 3 | 1班 | 王一 | 请假",
    )
    assert town.rows("select month, usable, zero_report from compared.school_month where school_code = '1000000001' "
                     "order by 1") == [("2025-05", True, True), ("2025-06", True, False)]  # fmt: skip


def test_grade_nine_is_not_expected_in_the_month_of_the_examination():
    """Grade 9 owes attendance only before the month of 中考, so no school is silent for its sake (contract §1)."""
    world = join_tables(in_school("八", "8", "1000000002"), in_school("九甲 九乙", "9", "1000000002"))
    town = build_town(**world, attendance=NAMES + "2025-06 | 1000000002 | 八 | 在校")
    assert months(town, "1000000002") == [("2025-05", 3, 0, False, True), ("2025-06", 1, 1, True, False)]


def test_no_month_is_owed_in_summer():
    """July and August owe nothing, so nobody is silent (contract §1)."""
    assert build_town("2025-B4", **in_school("王一")).rows("from compared.school_month") == []
