"""What several models compute alike, as DuckDB's macros: each declared once, known to every connection, written out for Spark."""

from __future__ import annotations

# 一年级（1）班, 1班 and 2018级1班 are one class of their grade; 点1班 is another. (What \s takes in differs between engines.)
CLASS_KEY = r"""
create or replace macro class_key(spelled) as regexp_replace(
    regexp_replace(spelled, '^(20[0-9]{2}级|[一二三四五六七八九1-9]年级|初[一二三](年级)?|[一二三四五六七八九]([（(]))', '\3'),
    '[（）()班 \t\n\f\r]', '', 'g'
)
"""

# Completed years on 31 August of a school year's first year; and the day a child is past school age: 1 September of the
# year in which it is fifteen on 31 August (contract §1); the days of a period. Written once, a boundary each.
AGE = """
create or replace macro age_in(birth_date, school_year) as
    (school_year - year(birth_date) - case when strftime(birth_date, '%m%d') > '0831' then 1 else 0 end)::integer;
create or replace macro first_day_of(period) as
    make_date(substr(period, 1, 4)::integer, substr(period, 7, 1)::integer * 2 - 1, 1);
create or replace macro last_day_of(period) as
    last_day(make_date(substr(period, 1, 4)::integer, substr(period, 7, 1)::integer * 2, 1));
create or replace macro over_age_on(birth_date) as
    make_date((year(birth_date) + case when strftime(birth_date, '%m%d') > '0831' then 16 else 15 end)::integer, 9, 1);
"""

MACROS = (CLASS_KEY, AGE)
