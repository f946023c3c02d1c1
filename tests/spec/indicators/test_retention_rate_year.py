from tests.towns.school_year import HEAD, SCHOOL_YEAR
from tests.towns.town import build_town, join_tables


def test_worked_example():
    """6 at the start + 1 moved in − 1 moved out = 6 expected, 2 lost: 4/6; of these one pending out, one in (§8).

    The figures of the rules page."""
    town = build_town(**SCHOOL_YEAR)
    assert town.rate("retention_rate_year") == (4, 6)
    # 转入 is 待核实: out in the lower bound; 戊 is unenrolled and 待核实: in, in the upper
    assert town.bounds("retention_rate_year") == (3 / 6, 4 / 6, 5 / 6)


def test_a_pupil_moved_inside_the_district_counts_once():
    """A person once: moved inside the district counts at the school where the pupil is now (contract §8)."""
    town = build_town(registry=HEAD + """
    1000000001 | 6 | 1班 | 甲 | 男 | 2012-03-01 | 在读 | 2024-B5
    1000000001 | 6 | 1班 | 乙 | 男 | 2012-03-01 | 在读 | 2024-B5
    1000000002 | 6 | 1班 | 甲 | 男 | 2012-03-01 | 在读 | 2025-B3
    1000000001 | 6 | 1班 | 乙 | 男 | 2012-03-01 | 在读 | 2025-B3
    1000000001 | 6 | 1班 | 甲 | 男 | 2012-03-01 | 转出中 | 2025-B3
    """)  # fmt: skip
    assert town.rate("retention_rate_year") == (2, 2)
    assert town.rate("retention_rate_year", area_level="school", area_name="甲小学") == (1, 1)
    assert town.rate("retention_rate_year", area_level="school", area_name="乙中学") == (1, 1)


def test_what_is_taken_off_and_what_is_not():
    """Moved out, died and gone abroad leave the expected; 失踪, 退学 and 办理中 do not (contract §8: the full
    adjustment is a trap, domain.md §3)."""
    names = "转出 办理中 退学 失踪 死亡 出国 在校"
    roll = "".join(
        f"1000000001 | 4 | 1班 | {n}生 | 男 | 2015-03-01 | 在读 | 2024-B5\n" for n in names.split()
    )
    town = build_town(
        registry=HEAD + roll + "1000000001 | 4 | 1班 | 在校生 | 男 | 2015-03-01 | 在读 | 2025-B3",
        movement="""
        姓名 | 异动类型 | 异动日期 | 办理状态 | 转入学校名称
        转出生 | 转出 | 2025-05-10 | 已办结 | 外地小学
        办理中生 | 转出 | 2025-05-10 | 办理中 | 外地小学
        退学生 | 退学 | 2025-05-10 | 已办结 | -
        失踪生 | 失踪 | 2025-05-10 | 已办结 | -
        死亡生 | 死亡 | 2025-05-10 | 已办结 | -
        出国生 | 出国 | 2025-05-10 | 已办结 | -
        """,
    )
    assert town.rate("retention_rate_year") == (1, 4)


def test_without_a_registry_it_is_missing_not_zero():
    """None at all: one district row with NULL counts (contract §7, §8)."""
    town = build_town()
    assert town.rows(
        "select numerator, denominator, rate from indicators.value where indicator = 'retention_rate_year'"
    ) == [(None, None, None)]


def test_a_returned_pupil_is_not_lost():
    """复学跟踪 is on the roll; only 劝返中 and 失联 are lost (contract §8)."""
    back = {
        "persuasion": "姓名 | 劝返日期 | 劝返单位 | 劝返人 | 结果\n丁 | 2025-06-20 | 学校 | 老师 | 已复学"
    }
    assert build_town(**join_tables(SCHOOL_YEAR, back)).rate("retention_rate_year") == (5, 6)


def test_a_pupil_whose_row_was_set_aside_counts_in_the_upper_bound_only():
    """In the 底册 or not: the quarantined row says the pupil may be here (contract §4: in rate_high only)."""
    town = build_town(
        registry=HEAD + """
        1000000001 | 4 | 1班 | 在校 | 男 | 2015-03-01 | 在读 | 2024-B5
        1000000001 | 4 | 1班 | 底册外 | 男 | 2015-04-01 | 在读 | 2024-B5
        1000000001 | 4 | 1班 | 在校 | 男 | 2015-03-01 | 在读 | 2025-B3
        """,
        quarantined="学校标识码 | 姓名 | 性别 | 出生日期\n1000000001 | 底册外 | 男 | 2015-04-01",
    )  # fmt: skip
    assert town.bounds("retention_rate_year") == (1 / 2, 1 / 2, 1.0)
