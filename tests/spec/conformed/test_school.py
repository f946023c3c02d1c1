from tests.towns.town import build_town

SCHOOLS = """
学校标识码 | 学校名称 | 办学类型 | 举办者类型 | 所在镇街 | 所属中心校 | 状态 | 并入学校标识码 | 生效日期
1000000001 | 中心小学 | 小学 | 公办 | 甲镇 | - | 正常 | - | -
1000000002 | 山顶教学点 | 教学点 | 公办 | 甲镇 | 1000000001 | 正常 | - | -
1000000003 | 河边小学 | 小学 | 公办 | 甲镇 | - | 撤并 | 1000000002 | 2025-06-30
1000000004 | 桥头小学 | 小学 | 公办 | 甲镇 | - | 撤并 | 1000000001 | 2025-07-01
1000000005 | 职中 | 中等职业学校 | 公办 | 甲镇 | - | 正常 | - | -
"""


def test_pupils_count_at_the_centre_or_the_successor_and_only_those_report():
    """A 教学点 reports for its 所属中心校 and counts there; a merger leads to the successor, and on to its own centre,
    from its day on (as_of inclusive). A 中等职业学校 owes no report (contract §1, §4)."""
    town = build_town(school=SCHOOLS)
    assert town.rows("select school_name, counts_at, is_reporting from conformed.school order by school_code") == [
        ("中心小学", "1000000001", True),
        ("山顶教学点", "1000000001", False),
        ("河边小学", "1000000001", False),  # merged on the last day of the period, into a 教学点 of 中心小学
        ("桥头小学", "1000000004", True),  # merges a day later: still itself
        ("职中", "1000000005", False),
    ]


def test_last_delivery_of_a_school_holds():
    """A register's last delivery holds until the next, school by school (contract §3)."""
    town = build_town(school="""
    学校标识码 | 学校名称 | 办学类型 | 举办者类型 | 所在镇街 | 期间
    1000000001 | 甲小学 | 小学 | 公办 | 甲镇 | 2025-B1
    1000000001 | 甲实验小学 | 小学 | 公办 | 甲镇 | 2025-B2
    1000000002 | 乙中学 | 初级中学 | 公办 | 乙镇 | 2025-B1
    """)
    assert town.rows("select school_name from conformed.school order by 1") == [("乙中学",), ("甲实验小学",)]
