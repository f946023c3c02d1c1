"""What `baoxue explore` asks of the analysts' file: every question opens it read-only, reads and lets go.

So a publication can take the file's place at any moment; the next question reads the new one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from schemas.bimester import Bimester
from transforms.published.funnel import Funnel, School, judge_schools

WHOLE = "(v.stage, v.grade, v.population_group) = ('all', 'all', 'all')"
# What the 镇街 are first looked at by: enrolment, staying, presence, cases.
TOWN_INDICATORS = (
    "enrolment_rate", "enrolment_rate_policy", "enrolment_rate_monitored", "enrolment_rate_disabled", "enrolment_rate_migrant",
    "retention_rate_year", "in_school_rate", "submission_rate", "verification_on_time_rate", "return_rate", "match_quality",
)  # fmt: skip
# A 民办 school has none of its pupils in a 公办 place: no matter of chance.
SETTLED = ("migrant_public_place_share",)


def ask(database: Path, sql: str, **parameters: Any) -> pl.DataFrame:
    """Run one read on a connection of its own; the query reaches no other file."""
    con = duckdb.connect(str(database), read_only=True)
    try:
        con.execute("set enable_progress_bar = false")
        con.execute("set enable_external_access = false")
        return con.execute(sql, parameters).pl()
    finally:
        con.close()


def list_periods(database: Path) -> dict[str, str]:
    """Label → period, newest first, with the version that is current."""
    rows = ask(database, "select label || '（第' || version || '版）' as label, period from meta.period where is_current "
                         "order by period desc")  # fmt: skip
    return dict(rows.rows())


def list_indicators(database: Path) -> dict[str, str]:
    """Title → indicator, in the declared order, of those with any figure."""
    rows = ask(database, "select indicator_title, indicator from meta.indicator as i "
                         "semi join (select indicator from indicators.current where rate is not null) using (indicator)")  # fmt: skip
    return dict(rows.rows())


def read_definition(database: Path, indicator: str) -> dict[str, str]:
    """Title, what numerator and denominator are, authority, which end is good."""
    return ask(database, "from meta.indicator where indicator = $indicator", indicator=indicator).row(0, named=True)


def list_areas(database: Path, indicator: str) -> list[str]:
    """The areas that have this indicator besides the district: 镇街, 学区, 督导责任区, 学校."""
    rows = ask(database, f"""
        select v.area_name from indicators.current as v
        where v.indicator = $indicator and {WHOLE} and v.area_level in ('township', 'school_zone', 'supervision_zone', 'school')
        group by v.area_name, v.area_level
        order by list_position(['township', 'school_zone', 'supervision_zone', 'school'], v.area_level), v.area_name""",
        indicator=indicator)  # fmt: skip
    return list(rows["area_name"])


def read_trend(database: Path, indicator: str, areas: list[str]) -> pl.DataFrame:
    """One row per area and period, the district and these areas: 区域, 期间, counts, rate and bounds, current versions."""
    return ask(database, f"""
        select v.area_name as 区域, p.label as 期间, v.period, v.numerator as 分子, v.denominator as 分母, v.rate as 率,
            coalesce(v.rate_low, v.rate) as 下界, coalesce(v.rate_high, v.rate) as 上界
        from indicators.current as v inner join meta.period as p on v.period = p.period and p.is_current
        where v.indicator = $indicator and {WHOLE} and v.rate is not null
            and (v.area_level = 'district' or list_contains($areas, v.area_name))
        order by v.period, v.area_name""", indicator=indicator, areas=areas)  # fmt: skip


def read_towns(database: Path, period: str) -> pl.DataFrame:
    """One row per 镇街 and indicator: counts, rate, the district's rate, and how far beyond chance it is off.

    `off` is in standard deviations, its sign turned so that below 0 is worse.
    """
    return ask(database, f"""
        with town as (
            select v.area_level, v.area_name, v.indicator, i.indicator_title, i.better, v.numerator as n, v.denominator as d, v.rate
            from indicators.current as v inner join meta.indicator as i on v.indicator = i.indicator
            where v.period = $period and {WHOLE} and list_contains($indicators, v.indicator) and v.rate is not null
        )
        select t.area_name as 镇街, t.indicator_title as 指标, t.n as 分子, t.d as 分母, t.rate as 率, w.rate as 全区,
            list_position($indicators, t.indicator) as place,
            coalesce(case t.better when 'high' then 1 else -1 end * (t.rate - w.rate)
                / nullif(sqrt(w.rate * (1 - w.rate) / t.d), 0), 0) as off
        from town as t inner join town as w on t.indicator = w.indicator and w.area_level = 'district'
        where t.area_level = 'township' order by place, 镇街""", period=period, indicators=list(TOWN_INDICATORS))  # fmt: skip


def read_funnels(database: Path, period: str) -> dict[str, Funnel | None]:
    """Indicator title → its schools judged against chance; None where they cannot be."""
    rows = ask(database, f"""
        select i.indicator_title, i.better, v.area_name, coalesce(s.township, ''), v.numerator, v.denominator
        from indicators.current as v
        inner join meta.indicator as i on v.indicator = i.indicator
        left join conformed.school as s on v.period = s.period and v.version = s.version and v.school_code = s.school_code
        where v.period = $period and v.area_level = 'school' and {WHOLE} and v.denominator > 0
        order by v.indicator, v.area_name, v.school_code""", period=period)  # fmt: skip
    schools: dict[tuple[str, str], list[School]] = {}
    for title, better, *school in rows.rows():
        schools.setdefault((title, better), []).append(School(*school))
    return {title: judge_schools(found, better) for (title, better), found in schools.items()}


def leave_out_settled(database: Path, funnels: dict[str, Funnel | None]) -> dict[str, Funnel | None]:
    """The funnels less those of indicators that a school's kind settles by itself."""
    rows = ask(database, "select indicator_title from meta.indicator where list_contains($settled, indicator)",
               settled=list(SETTLED))  # fmt: skip
    return {title: funnel for title, funnel in funnels.items() if title not in set(rows["indicator_title"])}


def read_cohorts(database: Path, start: str) -> pl.DataFrame:
    """One row per grade of `start` and period since: how many of that cohort are still here, and still at their school.

    Grade 9 leaves with the school year and is followed only to its end.
    """
    last = f"{Bimester.parse(start).school_year + 1}-B4"
    return ask(database, """
        with now as (
            select t.period, t.child_key, t.school_code, t.grade from conformed.enrolment as t
            semi join meta.period as p on p.is_current and p.period = t.period and p.version = t.version
        ),
        member as (select child_key, school_code, grade from now where period = $start),
        size as (select grade, count(*) as 这届人数 from member group by grade)
        select m.grade as 年级, p.label as 期间, n.period, any_value(s.这届人数) as 这届人数, count(*) as 仍在籍,
            count(*) filter (where n.school_code = m.school_code) as 仍在原校,
            count(*) / any_value(s.这届人数) as 在籍比例,
            count(*) filter (where n.school_code = m.school_code) / any_value(s.这届人数) as 原校比例
        from now as n
        inner join member as m on n.child_key = m.child_key
        inner join size as s on m.grade = s.grade
        inner join meta.period as p on n.period = p.period and p.is_current
        where n.period >= $start and (m.grade <> '9' or n.period < $last)
        group by m.grade, p.label, n.period order by m.grade, n.period""", start=start, last=last)  # fmt: skip


CASES = """
    case_now as (
        select c.case_no, c.state, c.opened_on, c.overdue_working_days, coalesce(c.township, '无镇街') as township,
            coalesce(f.cause, '无提示') as cause, k.age
        from cases.case as c
        semi join meta.period as p on p.is_current and p.period = c.period and p.version = c.version
        left join (select period, version, child_key, min(likely_cause) as cause from compared.finding group by all) as f
            on c.period = f.period and c.version = f.version and c.child_key = f.child_key
        left join conformed.child as k on c.period = k.period and c.version = k.version and c.child_key = k.child_key
        where c.period = $period
    )"""


def read_cases_by_cause(database: Path, period: str) -> pl.DataFrame:
    """One row per likely cause and state of the period's cases that are not closed."""
    return ask(database, f"with {CASES} select cause as 可能原因, state as 状态, count(*) as 案件数, "
                         "count(*) filter (where overdue_working_days > 0) as 其中逾期 from case_now where state <> '已销号' "
                         "group by all order by all", period=period)  # fmt: skip


def read_cases_by_age(database: Path, period: str) -> pl.DataFrame:
    """One row per age on 31 August and state of the period's cases that are not closed; age unknown where not in the 底册."""
    return ask(database, f"""with {CASES}, counted as (
            select age, state, count(*) as n from case_now where state <> '已销号' group by age, state
        )
        select coalesce(age::varchar, '未知') as 年龄, state as 状态, n as 案件数
        from counted order by age nulls last, state""", period=period)  # fmt: skip


def read_cases_by_town(database: Path, period: str) -> pl.DataFrame:
    """One row per 镇街: open cases, overdue ones, children out (劝返中, 失联)."""
    return ask(database, f"with {CASES} select township as 镇街, count(*) filter (where state <> '已销号') as 未销号, "
                         "count(*) filter (where state <> '已销号' and overdue_working_days > 0) as 逾期, "
                         "count(*) filter (where state in ('劝返中', '失联')) as 劝返中或失联 from case_now "
                         "group by all order by 未销号 desc, 镇街", period=period)  # fmt: skip
