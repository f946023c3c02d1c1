from tests.towns.town import build_town, in_school, join_tables

ROLL = "月份 | 学校标识码 | 年级 | 班级 | 在籍人数 | 在校人数\n"
LIST = "月份 | 学校标识码 | 年级 | 班级 | 姓名 | 在校状态\n"
CLASS = in_school("甲 乙 丙 丁 戊 己 庚 辛 请假生 离校生")


def test_worked_example():
    """A class of ten that closes: eight present, one 请假, one 离校未归: 9/10. Two pupils of a class that does not close
    and a silent school are in neither part (contract §8). The figures of the rules page."""
    world = join_tables(CLASS, in_school("子 丑", "4"), in_school("寅 卯", "7", "1000000002"))
    town = build_town(
        **world,
        class_roll=ROLL + "2025-06 | 1000000001 | 3 | 1班 | 10 | 8\n2025-06 | 1000000001 | 4 | 1班 | 2 | 1",
        absentee=LIST
        + "2025-06 | 1000000001 | 3 | 1班 | 请假生 | 请假\n2025-06 | 1000000001 | 3 | 1班 | 离校生 | 离校未归",
    )
    assert town.rate("in_school_rate") == (9, 10)
    assert town.rate("in_school_rate", area_level="school", area_name="乙中学") == (None, None)
    assert town.bounds("in_school_rate") == (None, 0.9, None)


def test_a_school_below_eighty_percent_accounted_is_not_in_it():
    """The denominator takes only schools that are not silent that month (contract §8)."""
    world = join_tables(CLASS, in_school("子 丑 寅", "4"))
    town = build_town(**world, class_roll=ROLL + "2025-06 | 1000000001 | 3 | 1班 | 10 | 10")
    assert town.rate("in_school_rate") == (None, None)  # 10 of 13 accounted for


def test_home_taught_pupils_are_apart():
    """送教上门 is counted in neither part (contract §8)."""
    world = join_tables(in_school("甲 乙 丙 丁", 是否送教上门="-"), in_school("送教一", 是否送教上门="是"))
    town = build_town(**world, attendance="月份 | 学校标识码 | 姓名 | 在校状态\n"
                      + "".join(f"2025-06 | 1000000001 | {n} | 在校\n" for n in ["甲", "乙", "丙", "丁"]))  # fmt: skip
    assert town.rate("in_school_rate") == (4, 4)


def test_in_summer_it_is_missing():
    """July and August owe no attendance: NULL counts, not 0 and not 100 % (contract §1, §7)."""
    town = build_town("2025-B4", **CLASS)
    for indicator in ("in_school_rate", "submission_rate"):
        assert town.rows(
            f"select area_level, numerator, denominator, rate from indicators.value where indicator = '{indicator}'"
        ) == [("district", None, None, None)]
