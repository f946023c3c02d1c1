"""How figures are printed (contract §7, GB/T 15835)."""

from datetime import date

import duckdb
import pytest

from schemas.bimester import Bimester
from transforms.documents.figures import Count, Ledger, Rate
from transforms.documents.reading import Source, find_rate, read_rates
from transforms.documents.source import open_environment
from transforms.documents.wording import number_chinese, print_date, print_percent, print_rate


@pytest.mark.parametrize(
    ("numerator", "denominator", "printed"),
    [
        (75600, 75600, "100.00"),
        (75599, 75600, "99.99"),  # 99.9987 would round to 100.00
        (75601, 75600, "100.01"),  # uncapped, and not shown as met
        (0, 75600, "0.00"),
        (1, 75600, "0.01"),  # 0.0013 would round to 0.00
        (19989, 20000, "99.95"),  # 99.945: half up
        (1, 3, "33.33"),
        (-1, 3, "-33.33"),
        (-1, 75600, "-0.01"),
        (80, 79, "101.27"),
        (0, 0, "—"),
        (3, -2, "—"),
        (None, 5, "—"),
        (5, None, "—"),
    ],
)
def test_rate_is_printed_by_the_rule(numerator, denominator, printed):
    assert print_rate(numerator, denominator) == printed


def test_percent_sign_stands_only_beside_a_figure():
    assert print_percent(1, 2) == "50.00%"
    assert print_percent(None, None) == "—"


def test_dates_carry_no_zeros():
    assert print_date(date(2025, 7, 5)) == "2025年7月5日"


@pytest.mark.parametrize(
    ("value", "word"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (23, "二十三")]
)
def test_chinese_numbers(value, word):
    assert number_chinese(value) == word


@pytest.mark.parametrize(
    ("now", "before", "said", "cell"),
    [
        ((9994, 10000), (9987, 10000), "上升0.07个百分点", "+0.07"),
        ((9987, 10000), (9994, 10000), "下降0.07个百分点", "-0.07"),
        ((9994, 10000), (9994, 10000), "持平", "0.00"),
        ((99940, 100000), (99941, 100000), "基本持平", "0.00"),
        ((9994, 10000), None, "", "—"),
        ((9994, 10000), (None, None), "", "—"),
        ((None, None), (9994, 10000), "", "—"),
    ],
)
def test_change_follows_the_printed_rates(now, before, said, cell):
    rate = Rate("入学率", *now, before=before)
    assert (rate.change, rate.change_cell) == (said, cell)


def test_range_is_printed_only_where_someone_is_unresolved():
    assert Rate("入学率", 9990, 10000, 9980, 9995).range_text == "99.80%～99.95%"
    assert Rate("入学率", 9990, 10000).range_text == "—"


@pytest.mark.parametrize(("period", "held"), [("2025-B4", (90, 100)), ("2025-B5", None)])
def test_what_counts_over_a_school_year_is_not_compared_with_the_last_one(period, held):
    """学年巩固率 begins anew in September: falling from 95 % at a year's end to a new year's start is no fall. 入学率 is compared."""
    con = duckdb.connect()
    con.execute("create schema indicators")
    con.execute("create table indicators.value as select p as period, 1 as version, 'district' as area_level, '荣昌区' as area_name, "
                "null::varchar as school_code, 'all' as stage, 'all' as grade, 'all' as population_group, i as indicator, "
                "90 as numerator, 100 as denominator, null::double as rate_low, null::double as rate_high "
                "from unnest(['2025-B3', '2025-B4', '2025-B5']) as a(p), unnest(['retention_rate_year', 'enrolment_rate']) as b(i)")  # fmt: skip
    rates = read_rates(Source(con, Bimester.parse(period), 1))
    assert [find_rate(rates, name).before for name in ("retention_rate_year", "enrolment_rate")] == [held, (90, 100)]


@pytest.mark.parametrize(
    ("closed", "closings", "said"),
    [(3, "超龄3人", "核实销号3人，均为超龄。"), (1, "超龄1人", "核实销号1人，为超龄。"),
     (3, "死亡2人、超龄1人", "核实销号3人，其中死亡2人、超龄1人。")],
)  # fmt: skip
def test_one_kind_of_closing_is_all_of_them(closed, closings, said):
    text = '{% import "句式.md.j2" as say %}{{ say.suspected({}, ledger, closed, closings, "") }}'
    ledger = Ledger("疑似", 5, 0, closed, 5 - closed)
    assert said in open_environment().from_string(text).render(ledger=ledger, closed=closed, closings=closings)


def test_those_not_enrolled_and_those_found_are_told_apart():
    """63 in the first paragraph and 44 in the second of one paper: whoever reads it asks for the other 19."""
    text = '{% import "句式.md.j2" as say %}{{ say.found(found, zero, zero, false, missing) }}'
    said = open_environment().from_string(text).render(found=Count("", 44), zero=Count("", 0), missing=63)
    assert said.startswith("发现适龄未入学44人（未入学的另19人已有延缓入学等去向，或学籍数据待更正），未发现籍在人不在学生")
