from tests.towns.town import build_town

HEAD = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 全国学籍号 | 学籍状态 | 期间 | 数据时点\n"
LIVE = """select name, school_code, grade, class_name from conformed.record join conformed.person using (person_id)
    where period = '2025-B3' and is_live order by name, school_code"""


def test_a_school_s_last_delivery_holds_until_its_next():
    """A register holds; a later delivery replaces the school it covers and no other (contract §3: kinds)."""
    town = build_town(registry=HEAD + """
    1000000001 | 3 | 1班 | 王一 | 男 | 2016-03-01 | - | 在读 | 2025-B2 | -
    1000000001 | 3 | 1班 | 李二 | 男 | 2016-03-01 | - | 在读 | 2025-B2 | -
    1000000002 | 7 | 1班 | 赵三 | 男 | 2012-03-01 | - | 在读 | 2025-B2 | -
    1000000001 | 3 | 1班 | 王一 | 男 | 2016-03-01 | - | 在读 | 2025-B3 | -
    """)  # fmt: skip
    assert [row[0] for row in town.rows(LIVE)] == ["王一", "赵三"]  # 李二 is gone, 乙中学 holds


def test_files_of_one_delivery_add_up_and_the_later_date_wins():
    """Two files of one school in one delivery add up; where both name a record the later 数据时点 wins (§3)."""
    town = build_town(registry=HEAD + """
    1000000001 | 3 | 1班 | 王一 | 男 | 2016-03-01 | - | 在读 | 2025-B3 | 2025-06-01
    1000000001 | 3 | 1班 | 李二 | 男 | 2016-03-01 | - | 在读 | 2025-B3 | 2025-06-01
    1000000001 | 3 | 2班 | 王一 | 男 | 2016-03-01 | - | 在读 | 2025-B3 | 2025-06-20
    """)  # fmt: skip
    assert town.rows(LIVE) == [("李二", "1000000001", "3", "1"), ("王一", "1000000001", "3", "2")]


def test_a_merged_school_s_old_list_yields_to_its_successor():
    """A merged school's pupils count at the successor, and its old list yields to a later one of it (§3, §4)."""
    town = build_town(
        school="""
        学校标识码 | 学校名称 | 办学类型 | 举办者类型 | 所在镇街 | 状态 | 并入学校标识码 | 生效日期
        1000000001 | 甲小学 | 小学 | 公办 | 甲镇 | 正常 | - | -
        1000000003 | 河边小学 | 小学 | 公办 | 甲镇 | 撤并 | 1000000001 | 2025-05-01
        """,
        registry=HEAD + """
        1000000003 | 3 | 1班 | 王一 | 男 | 2016-03-01 | G500153201603010011 | 在读 | 2025-B2 | -
        1000000003 | 3 | 1班 | 李二 | 男 | 2016-03-01 | G500153201603010012 | 在读 | 2025-B2 | -
        1000000001 | 3 | 1班 | 王一 | 男 | 2016-03-01 | G500153201603010011 | 在读 | 2025-B3 | -
        """,
    )  # fmt: skip
    assert town.rows(LIVE) == [("王一", "1000000001", "3", "1")]
    assert town.names("duplicate_registry") == []


def test_a_teaching_point_s_pupil_listed_by_both_is_one_record():
    """A 教学点 counts at its 中心校; the pupil that both list under one 学籍号 has one record (contract §1)."""
    town = build_town(
        school="""
        学校标识码 | 学校名称 | 办学类型 | 举办者类型 | 所在镇街 | 所属中心校
        1000000001 | 中心小学 | 小学 | 公办 | 甲镇 | -
        1000000003 | 山顶教学点 | 教学点 | 公办 | 甲镇 | 1000000001
        """,
        registry=HEAD + """
        1000000001 | 1 | 1班 | 王一 | 男 | 2018-03-01 | G500153201803010011 | 在读 | 2025-B3 | -
        1000000003 | 1 | 1班 | 王一 | 男 | 2018-03-01 | G500153201803010011 | 在读 | 2025-B3 | -
        1000000003 | 1 | 1班 | 李二 | 男 | 2018-03-01 | G500153201803010012 | 在读 | 2025-B3 | -
        """,
    )  # fmt: skip
    assert town.rows(LIVE) == [("李二", "1000000001", "1", "1"), ("王一", "1000000001", "1", "1")]
    assert town.names("duplicate_registry") == []


def test_live_statuses():
    """Live: 在读, 休学, 转出中, and a grade-6 graduate through 31 August; nothing else (contract §1)."""
    rows = ["在读 | 3", "休学 | 3", "转出中 | 3", "已转出 | 3", "其他离校 | 3", "死亡 | 3", "出国 | 3", "毕业 | 6", "结业 | 6", "毕业 | 9"]
    registry = HEAD + "\n".join(
        f"1000000001 | {row.split(' | ')[1]} | 1班 | 学生{i} | 男 | 2013-03-0{i % 9 + 1} | - | {row.split(' | ')[0]} | 2025-B4 | -"
        for i, row in enumerate(rows)
    )
    live = "select registry_status, grade from conformed.record where is_live order by 2, 1"
    assert build_town("2025-B4", registry=registry).rows(live) == [
        ("休学", "3"), ("在读", "3"), ("转出中", "3"), ("毕业", "6"), ("结业", "6"),
    ]  # fmt: skip
    after_august = build_town("2025-B5", registry=registry)  # held from B4: the graduates are live no longer
    assert after_august.rows("select * from conformed.enrolment where registry_status in ('毕业', '结业')") == []
