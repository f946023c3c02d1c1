from tests.towns.school_year import HEAD, SCHOOL_YEAR
from tests.towns.town import build_town


def test_the_roll_of_the_school_year():
    """Start roll = last snapshot of the year before less grade-9 completers, plus grade-1 entrants of the first
    snapshot; the others are moved in (contract §8: retention_rate_year)."""
    town = build_town(**SCHOOL_YEAR)
    assert town.by_name("person_id, grade, moved_in, left_as, is_lost from indicators.membership") == {
        "甲": ("4", False, None, False), "乙": ("4", False, None, False), "丙": ("4", False, "转出", False),
        "丁": ("4", False, None, True), "戊": ("4", False, None, True), "新生": ("1", False, None, False),
        "转入": ("4", True, None, False),
    }  # fmt: skip


def test_graduates_of_the_year_are_kept():
    """Who finishes grade 9 or 6 in the year stays a member of it and is not lost (contract §8)."""
    town = build_town("2025-B4", registry=HEAD + """
    1000000002 | 8 | 1班 | 初三生 | 男 | 2010-03-01 | 在读 | 2024-B4
    1000000002 | 9 | 1班 | 初三生 | 男 | 2010-03-01 | 在读 | 2024-B5
    1000000002 | 9 | 1班 | 初三生 | 男 | 2010-03-01 | 毕业 | 2025-B4
    1000000001 | 5 | 1班 | 六年级 | 男 | 2013-03-01 | 在读 | 2024-B4
    1000000001 | 6 | 1班 | 六年级 | 男 | 2013-03-01 | 在读 | 2024-B5
    1000000001 | 6 | 1班 | 六年级 | 男 | 2013-03-01 | 毕业 | 2025-B4
    """)  # fmt: skip
    assert town.by_name("person_id, moved_in, is_lost from indicators.membership") == {
        "初三生": (False, False), "六年级": (False, False),
    }  # fmt: skip


def test_a_grade_nine_pupil_who_dropped_out_is_no_completer():
    """劝返中 or 失联 in grade 9 is not completed: the pupil stays on the roll of the next year, as lost (§1, §8)."""
    town = build_town(
        "2025-B5",
        registry=HEAD + """
        1000000002 | 9 | 1班 | 升学 | 男 | 2010-10-01 | 在读 | 2025-B4
        1000000002 | 9 | 1班 | 辍学 | 男 | 2010-10-01 | 在读 | 2025-B4
        1000000002 | 9 | 1班 | 下一届 | 男 | 2011-03-01 | 在读 | 2025-B5
        """,
        verification="姓名 | 核实日期 | 核实单位 | 核实结果 | 期间\n辍学 | 2025-08-20 | 学校 | 确认辍学 | 2025-B4",
    )  # fmt: skip
    assert town.by_name("person_id, grade, is_lost from indicators.membership where not moved_in") == {
        "辍学": ("9", True)
    }


def test_without_a_year_before_the_first_snapshot_is_the_start():
    """Without a snapshot of the year before, the first of the year is the start roll, its date said (contract §8)."""
    town = build_town(registry=HEAD + """
    1000000001 | 4 | 1班 | 甲 | 男 | 2015-03-01 | 在读 | 2024-B6
    1000000001 | 4 | 1班 | 甲 | 男 | 2015-03-01 | 在读 | 2025-B3
    1000000001 | 4 | 1班 | 乙 | 男 | 2015-03-01 | 在读 | 2025-B3
    """)  # fmt: skip
    assert town.by_name("person_id, start_period, moved_in from indicators.membership") == {
        "甲": ("2024-B6", False), "乙": ("2024-B6", True),
    }  # fmt: skip
