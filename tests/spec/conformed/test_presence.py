from tests.towns.town import build_town, in_school, join_tables

ROLL = "月份 | 学校标识码 | 年级 | 班级 | 在籍人数 | 在校人数\n"
NAMES = "月份 | 学校标识码 | 姓名 | 在校状态\n"


def test_a_closing_class_is_present_and_an_open_one_is_neither():
    """The unlisted pupils of a class that closes are present; of one that does not, neither present nor absent (§5)."""
    town = build_town(
        **join_tables(in_school("王一 李二", "3"), in_school("赵三 钱四", "4"), in_school("孙五", "5")),
        class_roll=ROLL + "2025-06 | 1000000001 | 3 | 1班 | 2 | 1\n2025-06 | 1000000001 | 4 | 1班 | 3 | 2",
        absentee="月份 | 学校标识码 | 年级 | 班级 | 姓名 | 在校状态\n2025-06 | 1000000001 | 3 | 1班 | 李二 | 请假",
    )
    assert town.in_month("2025-06") == {
        "王一": "在校", "李二": "请假", "赵三": "班级不闭合", "钱四": "班级不闭合", "孙五": "未知",
    }  # fmt: skip


def test_a_school_that_names_every_pupil_leaves_out_the_missing():
    """`attendance` names every pupil: who is not on it is on no list (contract §5: Presence)."""
    town = build_town(**in_school("王一 李二"), attendance=NAMES + "2025-06 | 1000000001 | 王一 | 在校")
    assert town.in_month("2025-06") == {"王一": "在校", "李二": "不在名单"}


def test_another_school_s_list_beats_not_returned():
    """Being on another school's classroom list wins over 离校未归 (contract §5: Presence)."""
    town = build_town(
        **in_school("王一"), attendance=NAMES + "2025-06 | 1000000001 | 王一 | 离校未归\n2025-06 | 1000000002 | 王一 | 在校"
    )
    assert town.in_month("2025-06") == {"王一": "在校"}


def test_grade_nine_owes_nothing_in_the_month_of_the_examination():
    """Grade 9 owes attendance only for months before that of 中考, in 2025 June (contract §1: School calendar)."""
    town = build_town(**join_tables(in_school("八年级", "8", "1000000002"), in_school("九年级", "9", "1000000002")))
    assert set(town.in_month("2025-05")) == {"八年级", "九年级"}
    assert set(town.in_month("2025-06")) == {"八年级"}


def test_home_taught_and_suspended_pupils_owe_no_presence():
    """送教上门 is its own state; 休学 and 转出中 records owe no attendance (contract §5: absent)."""
    town = build_town(
        **join_tables(
            in_school("送教一", 是否送教上门="是"),
            in_school("休学一", status="休学", 是否送教上门="-"),
            in_school("转出一", status="转出中", 是否送教上门="-"),
        )
    )
    assert town.in_month("2025-06") == {"送教一": "送教上门"}


def test_a_month_of_four_school_days_owes_nothing():
    """A month owes attendance from five school days on: July 2025 has four (contract §1: School calendar)."""
    town = build_town("2025-B4", **in_school("王一"))
    assert town.rows("select month, school_days, owed from validated.calendar_month") == [
        ("2025-07", 4, False), ("2025-08", 0, False),
    ]  # fmt: skip
    assert town.rows("from conformed.presence") == []
