"""学校年度考核数据: what is measured of each school, at the boundaries; never points."""

import pytest

from schemas.assessment import ITEMS
from tests.towns.school_year import SCHOOL_YEAR
from tests.towns.town import build_town, in_school, join_tables

JIA, YI = "1000000001", "1000000002"


def measure(town, item: str, school: str = JIA) -> tuple:
    return town.rows(f"select numerator, denominator, measured from indicators.assessment "
                     f"where assessment_item = '{item}' and school_code = '{school}'")[0]  # fmt: skip


def test_every_school_has_every_item_and_no_object_is_empty_not_nothing():
    town = build_town(**in_school("甲 乙"))
    assert town.rows("select count(*), count(distinct school_code) from indicators.assessment") == [(2 * len(ITEMS), 2)]
    assert measure(town, "visits_complete") == (None, None, None)  # nobody to visit
    assert measure(town, "out_at_end") == (0, None, 0)  # nobody out: that is a figure


def test_the_year_of_the_worked_example():
    town = build_town(**SCHOOL_YEAR)
    assert measure(town, "out_at_end") == (1, None, 1)  # 丁
    assert measure(town, "retention") == (*town.rate("retention_rate_year", area_level="school", area_name="甲小学"), pytest.approx(4 / 6))


VISITS = """姓名 | 劝返日期 | 劝返单位 | 劝返人 | 方式 | 文书名称 | 送达日期 | 辍学日期 | 辍学原因 | 结果 | 复学日期
丁 | 2025-03-03 | 学校 | 王老师 | 家访 | 劝学通知书 | 2025-03-04 | 2025-02-20 | 学习困难 | 未返校 | -
丁 | 2025-03-20 | 学校 | 王老师 | - | 劝学通知书 | - | - | 学习困难 | 未返校 | -
丁 | 2025-03-25 | 镇街 | - | - | - | - | - | - | 未返校 | -
丁 | {} | 学校 | 王老师 | 家访 | - | - | - | 学习困难 | 已复学 | {}"""


@pytest.mark.parametrize(("back", "stayed"), [("2025-05-31", 1), ("2025-06-01", 0)])
def test_a_dropout_brought_back_counts_from_the_thirtieth_day(back, stayed):
    town = build_town(**in_school("丁 戊"), persuasion=VISITS.format(back, back))
    assert measure(town, "return_stayed") == (stayed, 1, stayed)


def test_visits_of_the_school_itself_are_complete_and_its_notices_served():
    town = build_town(**in_school("丁 戊"), persuasion=VISITS.format("2025-05-31", "2025-05-31"))
    assert measure(town, "visits_complete") == (2, 3, pytest.approx(2 / 3))  # the 镇街's own visit is not the school's
    assert measure(town, "notices_served") == (1, 2, 0.5)


def test_a_case_verified_in_time_and_one_whose_day_has_not_come():
    suspect = """批次 | 下发日期 | 核实期限 | 姓名
一 | 2025-05-06 | 2025-05-20 | 甲
一 | 2025-05-06 | 2025-05-20 | 乙
二 | 2025-06-20 | 2025-12-31 | 丙"""
    said = "姓名 | 核实日期 | 核实单位 | 核实结果\n甲 | 2025-05-20 | 学校 | 在校就读\n乙 | 2025-05-21 | 学校 | 在校就读"
    town = build_town(**in_school("甲 乙 丙"), suspect=suspect, verification=said)
    assert measure(town, "followed_up") == (1, 2, 0.5)


def test_registers_that_do_not_agree_and_months_not_told_are_counted():
    rolls = "月份 | 学校标识码 | 年级 | 班级 | 在籍人数 | 在校人数\n2025-05 | 1000000001 | 3 | 1班 | 2 | 1"
    town = build_town(**in_school("甲 乙"), class_roll=rolls)
    assert measure(town, "registers") == (1, None, 1)  # one missing, nobody named: the class does not close
    assert measure(town, "reports") == (1, None, 1)  # June
    assert measure(town, "reports", YI) == (2, None, 2)


def test_a_dropout_told_present_is_a_clue_and_never_scored():
    there = "月份 | 学校标识码 | 年级 | 班级 | 姓名 | 应到天数 | 缺勤天数 | 在校状态\n2025-06 | 1000000001 | 3 | 1班 | 丁 | 20 | 0 | 在校"
    said = "姓名 | 核实日期 | 核实单位 | 核实结果\n丁 | 2025-05-20 | 镇街 | 确认辍学"
    town = build_town(**join_tables(in_school("丁 戊")), attendance=there, verification=said)
    assert measure(town, "veto_told_present") == (1, None, 1)
    assert town.rows("select distinct is_veto from indicators.assessment where assessment_item = 'veto_told_present'") == [(True,)]


def test_items_are_declared_once_with_the_indicator_they_take():
    from schemas.indicators import INDICATORS

    assert all(not item.indicator or item.indicator in INDICATORS for item in ITEMS.values())
