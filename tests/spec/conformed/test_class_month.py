from tests.towns.town import build_town, in_school

ROLL = "月份 | 学校标识码 | 年级 | 班级 | 在籍人数 | 在校人数\n"
LIST = "月份 | 学校标识码 | 年级 | 班级 | 姓名 | 在校状态\n"


def test_a_class_closes_when_the_missing_are_all_named():
    """在籍人数 − 在校人数 = the number listed; class names are one by their last number (contract §5: Presence)."""
    town = build_town(
        **in_school("王一 李二 赵三"),
        class_roll=ROLL + """
        2025-05 | 1000000001 | 3 | 三年级1班 | 3 | 3
        2025-06 | 1000000001 | 3 | 三年级（1）班 | 3 | 2
        2025-06 | 1000000001 | 3 | 三年级（2）班 | 3 | 1
        """,
        absentee=LIST + """
        2025-06 | 1000000001 | 3 | 1班 | 王一 | 请假
        2025-06 | 1000000001 | 3 | 2班 | 李二 | 请假
        """,
    )
    assert town.rows("select month, class_name, listed, closes from conformed.class_month order by all") == [
        ("2025-05", "1", 0, True),  # nobody missing: a 零报告
        ("2025-06", "1", 1, True),
        ("2025-06", "2", 1, False),
    ]


def test_a_teaching_point_s_class_adds_to_its_centre_s():
    """A 教学点 counts at its 中心校: two classes of one number add up, neither is lost (contract §1)."""
    town = build_town(
        school="""
        学校标识码 | 学校名称 | 办学类型 | 举办者类型 | 所在镇街 | 所属中心校
        1000000001 | 中心小学 | 小学 | 公办 | 甲镇 | -
        1000000003 | 山顶教学点 | 教学点 | 公办 | 甲镇 | 1000000001
        """,
        class_roll=ROLL + """
        2025-06 | 1000000001 | 1 | 1班 | 40 | 40
        2025-06 | 1000000003 | 1 | 1班 | 6 | 6
        """,
    )
    assert town.rows("select school_code, enrolled_count, present_count from conformed.class_month") == [
        ("1000000001", 46, 46)
    ]
