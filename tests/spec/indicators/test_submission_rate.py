from tests.towns.town import build_town, in_school, join_tables

ROLL = "月份 | 学校标识码 | 年级 | 班级 | 在籍人数 | 在校人数\n"


def test_worked_example():
    """Two schools, two months: 甲小学 sent both (June a 零报告), 乙中学 only May: 3/4 (contract §8). The figures of
    the rules page. A thin report is a report here, and silent in `silent_school`."""
    town = build_town(
        **join_tables(in_school("甲 乙"), in_school("丙 丁", "7", "1000000002")),
        class_roll=ROLL + """
        2025-05 | 1000000001 | 3 | 1班 | 2 | 1
        2025-06 | 1000000001 | 3 | 1班 | 2 | 2
        2025-05 | 1000000002 | 7 | 1班 | 2 | 2
        """,
    )  # fmt: skip
    assert town.rate("submission_rate") == (3, 4)
    assert town.rate("submission_rate", area_level="township", area_name="乙镇") == (1, 2)
    assert town.rate("submission_rate", area_level="school", area_name="甲小学") == (2, 2)
    assert town.rows("select school_code, month from compared.silent_school order by all") == [
        ("1000000001", "2025-05"), ("1000000002", "2025-06"),
    ]  # fmt: skip


def test_a_school_that_sent_nothing_is_zero_not_missing():
    """School-months owed and not sent stand in the denominator (contract §8)."""
    assert build_town(**in_school("甲")).rate("submission_rate") == (0, 4)
