from tests.towns.town import build_town, in_school


def test_every_silent_month_is_a_row():
    """One row per school and month without a usable report or under the threshold; 教学点, closed schools and
    中职 owe none of their own (contract §5, §1)."""
    town = build_town(
        **in_school("王一"),
        school="""
        学校标识码 | 学校名称 | 办学类型 | 举办者类型 | 所在镇街 | 所属中心校 | 状态
        1000000001 | 甲小学 | 小学 | 公办 | 甲镇 | - | 正常
        1000000003 | 山顶教学点 | 教学点 | 公办 | 甲镇 | 1000000001 | 正常
        1000000004 | 旧小学 | 小学 | 公办 | 甲镇 | - | 撤并
        1000000005 | 职中 | 中等职业学校 | 公办 | 甲镇 | - | 正常
        """,
        attendance="月份 | 学校标识码 | 姓名 | 在校状态\n2025-05 | 1000000003 | 王一 | 在校",
    )
    assert town.rows("select school_code, month, expected, accounted from compared.silent_school") == [
        ("1000000001", "2025-06", 1, 0)
    ]
