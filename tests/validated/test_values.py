"""One written value at a time."""

from __future__ import annotations

from datetime import date

import pytest

from transforms.validated.values import (
    OTHER_STAGE,
    parse_boolean,
    parse_code,
    parse_codes,
    parse_date,
    parse_grade,
    parse_integer,
    parse_month,
    parse_number,
    parse_year,
)

DAY = date(2015, 9, 1)


@pytest.mark.parametrize(
    "text", ["20150901", "2015-09-01", "2015-9-1", "2015/9/1", "2015.9.1", "2015年9月1日", "2015 年 9 月 1 日",
             "2015-09-01 00:00:00", "2015-09-01T00:00:00", "42248", "42248.0", "20150901.0", "2015.09.01"]
)  # fmt: skip
def test_one_day_in_every_notation(text: str) -> None:
    assert parse_date(text) == DAY


@pytest.mark.parametrize("text", ["2015-02-30", "20151301", "2015", "昨天", "2015-09", "15-09-01", "0", "99999999", "11111"])
def test_what_is_no_day(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize("text", ["201509", "2015-09", "2015-9", "2015年9月", "2015/09", "2015-09-01 00:00:00", "20150901", "2015年9月份"])
def test_one_month_in_every_notation(text: str) -> None:
    assert parse_month(text) == "2015-09"


def test_a_month_alone_is_taken_from_the_period() -> None:
    assert parse_month("6月", ("2025-05", "2025-06")) == "2025-06"
    assert parse_month("7月", ("2025-05", "2025-06")) is None


@pytest.mark.parametrize("text", ["201513", "2015年13月", "五月", ""])
def test_what_is_no_month(text: str) -> None:
    assert parse_month(text) is None


@pytest.mark.parametrize(
    ("text", "grade"),
    [("一年级", "1"), ("1", "1"), ("1年级", "1"), ("小学一年级", "1"), ("小一", "1"), ("六年级", "6"), ("6.0", "6"), ("六", "6"),
     ("七年级", "7"), ("初一", "7"), ("初中一年级", "7"), ("初中七年级", "7"), ("初三", "9"), ("九年级", "9"), ("9", "9"),
     ("一年级(1)班", "1"), ("培智三年级", "3"), ("高一", OTHER_STAGE), ("高中二年级", OTHER_STAGE), ("中班", OTHER_STAGE),
     ("学前班", OTHER_STAGE), ("职高一年级", OTHER_STAGE), ("10", OTHER_STAGE), ("0", None), ("2024级", None), ("好", None)],
)  # fmt: skip
def test_grades(text: str, grade: str | None) -> None:
    assert parse_grade(text) == grade


@pytest.mark.parametrize(
    ("text", "number"), [("3", 3), ("3.5", 3.5), ("1,200.50", 1200.5), ("30人", 30), ("5天", 5), ("0", 0), ("-1", None), ("三", None), ("1e5", None)]
)
def test_numbers(text: str, number: float | None) -> None:
    assert parse_number(text) == number


def test_counts_are_whole() -> None:
    assert parse_integer("30.0") == 30
    assert parse_integer("30.5") is None
    assert parse_integer("2147483647") == 2147483647
    assert parse_integer("3150000008") is None  # a school's code among the counts
    assert parse_integer("9" * 400) is None and parse_number("9" * 400) is None


@pytest.mark.parametrize("text", ["是", "有", "1", "Y", "y", "√", "true", "TRUE"])
def test_yes(text: str) -> None:
    assert parse_boolean(text) is True


@pytest.mark.parametrize("text", ["否", "无", "0", "N", "n", "×", "false"])
def test_no(text: str) -> None:
    assert parse_boolean(text) is False


def test_neither_yes_nor_no() -> None:
    assert parse_boolean("也许") is None


@pytest.mark.parametrize(
    ("text", "codes", "value"),
    [("汉族", "ethnicity", "汉族"), ("01", "ethnicity", "汉族"), ("01 汉族", "ethnicity", "汉族"), ("01汉族", "ethnicity", "汉族"),
     ("1-男", "sex", "男"), ("男(1)", "sex", "男"), ("2", "sex", "女"), ("1.0", "sex", "男"), ("出国（境）", "verification_result", "出国(境)"),
     ("无故缺勤(旷课)", "presence_status", "无故缺勤"), ("随便", "sex", None), ("双河派出所", "unit", "双河派出所"), ("A", "id_type", "护照"),
     ("06 流失", "registry_status", "其他离校")],
)  # fmt: skip
def test_codes(text: str, codes: str, value: str | None) -> None:
    assert parse_code(text, codes) == value


def test_several_codes_in_one_cell() -> None:
    assert parse_codes("农村、偏远", "key_area_type") == "农村、边远"
    assert parse_codes("农村、火星", "key_area_type") is None


@pytest.mark.parametrize(("text", "year"), [("2019", 2019), ("2019年", 2019), ("2019级", 2019), ("2019-2020学年", 2019), ("19", None)])
def test_years(text: str, year: int | None) -> None:
    assert parse_year(text) == year
