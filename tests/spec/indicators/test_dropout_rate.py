from tests.towns.school_year import SCHOOL_YEAR
from tests.towns.town import build_town, in_school, join_tables


def test_worked_example():
    """1 confirmed of 6 at the start + 1 moved in (contract §8); the figures of the rules page."""
    town = build_town(**SCHOOL_YEAR)
    assert town.rate("dropout_rate") == (1, 7)
    assert town.bounds("dropout_rate") == (1 / 7, 1 / 7, 3 / 7)  # 戊 and 转入 are not resolved


def test_only_the_confirmed_of_this_school_year():
    """确认辍学 in the school year and still 劝返中 or 失联; 失学 is in the ledger, not here (contract §8)."""
    said = """
    姓名 | 核实日期 | 核实单位 | 核实结果
    本期 | 2025-06-01 | 学校 | 确认辍学
    开学日 | 2024-09-01 | 学校 | 确认辍学
    上学年 | 2024-08-31 | 学校 | 确认辍学
    未入过学 | 2025-06-01 | 学校 | 失学
    失联生 | 2025-06-01 | 学校 | 失联
    """
    town = build_town(**in_school("本期 开学日 上学年 未入过学 失联生 甲"), verification=said)
    counted = "select p.name from indicators.membership m join cases.person_state s using (person_id) join " \
              "conformed.person p using (person_id) where s.confirmed_on >= date '2024-09-01' order by 1"  # fmt: skip
    assert town.rows(counted) == [("开学日",), ("本期",)]
    assert town.rate("dropout_rate") == (2, 6)


def test_confirmed_then_lost_counts_and_returned_does_not():
    """In 劝返中 or 失联 at as_of; back in school, it is 复学跟踪 and counts no more (contract §8)."""
    said = {
        "verification": "姓名 | 核实日期 | 核实单位 | 核实结果\n王一 | 2025-05-10 | 学校 | 确认辍学\n王一 | 2025-06-10 | 学校 | 失联"
    }
    assert build_town(**join_tables(in_school("王一 李二"), said)).rate("dropout_rate") == (1, 2)
    back = {
        "persuasion": "姓名 | 劝返日期 | 劝返单位 | 劝返人 | 结果\n王一 | 2025-06-20 | 学校 | 老师 | 已复学"
    }
    assert build_town(**join_tables(in_school("王一 李二"), said, back)).rate("dropout_rate") == (0, 2)
