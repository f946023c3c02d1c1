"""What we hold explains a child without a record (contract §5): until when, and what never does."""

import pytest

from tests.towns.town import build_town

CHILD = "姓名 | 性别 | 出生日期 | 镇街\n王一 | 男 | 2016-03-01 | 甲镇"
HEAD = "姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料 | 截止日期 | 期间\n王一 | "


@pytest.mark.parametrize(
    ("period", "row", "why"),
    [
        # elsewhere: verified in school year 2023, it holds to 31 December 2024
        ("2024-B6", "2024-08-31 | 镇街 | 外地就读有学籍 | 外地小学 | 学籍卡 | - | 2024-B4", "外地就读有学籍"),
        ("2025-B1", "2024-08-31 | 镇街 | 外地就读有学籍 | 外地小学 | 学籍卡 | - | 2024-B4", "适龄未入学"),
        # verified on the first day of school year 2024, it holds a year longer
        ("2025-B1", "2024-09-01 | 镇街 | 外地就读无学籍 | 外地小学 | - | - | 2024-B5", "外地就读无学籍"),
        ("2025-B6", "2024-09-01 | 镇街 | 出国(境) | - | 签证 | - | 2024-B5", "出国(境)"),
        ("2026-B1", "2024-09-01 | 镇街 | 出国(境) | - | 签证 | - | 2024-B5", "适龄未入学"),
        # without its evidence it is not verified
        ("2025-B3", "2025-06-01 | 镇街 | 外地就读有学籍 | 外地小学 | - | - | 2025-B3", "适龄未入学"),
        # to the end date, the day itself included
        ("2025-B3", "2024-09-10 | 教委 | 延缓入学 | - | 批复 | 2025-06-30 | 2024-B5", "延缓入学"),
        ("2025-B3", "2024-09-10 | 教委 | 延缓入学 | - | 批复 | 2025-06-29 | 2024-B5", "适龄未入学"),
        # without one, a school year
        ("2025-B3", "2024-06-30 | 教委 | 送教上门 | - | 评估 | - | 2024-B3", "送教上门"),
        ("2025-B3", "2024-06-29 | 教委 | 送教上门 | - | 评估 | - | 2024-B3", "适龄未入学"),
        # in school somewhere here: this period only
        ("2025-B3", "2025-05-01 | 学校 | 在校就读 | - | 学校盖章 | - | 2025-B3", "在校就读"),
        ("2025-B3", "2025-04-30 | 学校 | 在校就读 | - | 学校盖章 | - | 2025-B2", "适龄未入学"),
        # for good
        ("2025-B3", "2020-09-10 | 公安 | 户籍迁出 | - | 回函 | - | 2020-B5", "户籍迁出"),
        # says nothing about where the child is
        ("2025-B3", "2025-06-01 | 镇街 | 失联 | - | - | - | 2025-B3", "适龄未入学"),
        ("2025-B3", "2025-06-01 | 镇街 | 其他 | - | 说明 | - | 2025-B3", "适龄未入学"),
    ],
)
def test_what_explains_and_until_when(period: str, row: str, why: str):
    """Each conclusion explains until its day, inclusive (contract §5: What we hold explains)."""
    assert build_town(period, child=CHILD, verification=HEAD + row).why() == {"王一": why}


def test_the_last_word_wins_and_a_visit_that_reports_nothing_new_decides_nothing():
    """The last conclusion rules, on one day the higher unit; 未返校 and 承诺复学 decide nothing (contract §6)."""
    later_dropout = build_town(child=CHILD, verification=HEAD + """2025-05-01 | 镇街 | 外地就读有学籍 | 外地小学 | 卡 | - | -
    王一 | 2025-06-01 | 学校 | 确认辍学 | - | - | - | -""")  # fmt: skip
    assert later_dropout.why() == {"王一": "适龄未入学"}
    same_day = build_town(child=CHILD, verification=HEAD + """2025-06-01 | 教委 | 外地就读有学籍 | 外地小学 | 卡 | - | -
    王一 | 2025-06-01 | 学校 | 确认辍学 | - | - | - | -""",
        persuasion="姓名 | 劝返日期 | 劝返单位 | 劝返人 | 结果\n王一 | 2025-06-10 | 学校 | 老师 | 未返校")  # fmt: skip
    assert same_day.why() == {"王一": "外地就读有学籍"}


@pytest.mark.parametrize(
    ("period", "listed"), [("2025-B3", False), ("2025-B4", False), ("2025-B5", True), ("2025-B6", True)]
)
def test_the_yearly_review_list_stands_in_b5_and_b6_before_the_holding_ends(period: str, listed: bool):
    """In B5 and B6 of the year it ends, elsewhere and abroad stand on the 年度复核清单 (contract §5)."""
    town = build_town(
        period, child=CHILD, verification=HEAD + "2024-10-10 | 镇街 | 外地就读有学籍 | 外地小学 | 卡 | - | 2024-B5"
    )
    assert town.by_name("person_id, on_review_list from conformed.explanation") == {"王一": listed}


@pytest.mark.parametrize(("period", "why"), [("2025-B4", "待升学"), ("2025-B5", "适龄未入学")])
def test_a_grade_six_leaver_waits_until_31_august(period: str, why: str):
    """A pupil who finished grade 6 and stands in no list is 待升学 through 31 August (contract §1, §5)."""
    town = build_town(
        period,
        child="姓名 | 性别 | 出生日期 | 镇街\n王一 | 男 | 2013-03-01 | 甲镇",
        movement="姓名 | 异动类型 | 异动日期 | 年级 | 期间\n王一 | 毕业 | 2025-06-30 | 6 | 2025-B3",
    )
    assert town.why() == {"王一": why}
    assert town.rate("enrolment_rate") == ((1, 1) if why == "待升学" else (0, 1))
