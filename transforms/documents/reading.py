"""Reads of the work file for the papers: rates, cases, submission, quality. One period, one version."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from schemas.bimester import Bimester
from schemas.compared import COMPARISONS
from schemas.extracts import EXTRACTS
from schemas.indicators import INDICATORS
from schemas.labels import GROUPS
from schemas.rules import RULES
from transforms.documents.figures import Bridge, Change, Count, Delivery, Group, Ledger, Rate
from transforms.documents.wording import MISSING, print_date, print_month
from transforms.work import connect

AREAS = Path(__file__).parent.parent.parent / "data" / "reference" / "rongchang_areas.csv"
LEDGERS = {
    "school_age": "适龄儿童少年台账",
    "suspected": "疑似辍学学生台账",
    "dropout": "辍学学生台账",
    "tracked": "在册跟踪台账",
}
STATES = ("待核实", "待补佐证", "外地就读待转学", "在册跟踪", "劝返中", "失联", "复学跟踪")
BRIDGES = ["底册学籍", "学籍底册", "学籍在校", "名单学籍", "平台名单"]
# Groups of contract §7 that no notice names as 重点群体: in the working paper only.
UNNAMED = ("girls", "minority", "boarding")


@dataclass(frozen=True)
class Source:
    """An open work file and the one period and version to read."""

    con: duckdb.DuckDBPyConnection
    period: Bimester
    version: int

    def rows(self, sql: str, **more: Any) -> list[tuple[Any, ...]]:
        """Run a query with `$period` and `$version` (where it uses them) and any further parameters."""
        own = {"period": str(self.period), "version": self.version}
        used = {name: value for name, value in (own | more).items() if f"${name}" in sql}
        return self.con.execute(sql, used).fetchall()

    def has(self, table: str) -> bool:
        """True when the work file holds a table or view `stage.name`."""
        stage, name = table.split(".")
        sql = "select 1 from information_schema.tables where table_schema = $stage and table_name = $name"
        return bool(self.rows(sql, stage=stage, name=name))

    def earlier(self) -> Source | None:
        """The last period in the version that comparisons use, or None when no value of it is held."""
        before = self.period.previous()
        sql = "select max(version) from indicators.value where period = $before"
        newest = self.rows(sql, before=str(before))[0][0]
        return None if newest is None else Source(self.con, before, newest)


Key = tuple[str, str, str, str, str]
# Counted over one school year: in the period that opens the next they begin anew, and the last year's end says nothing beside them.
BY_YEAR = frozenset({"retention_rate_year", "dropout_rate", "dropout_rate_net", "transition_rate", "unconfirmed_leaver_share", "return_rate",
                     "relapse_rate"})  # fmt: skip


def read_rates(source: Source) -> dict[Key, Rate]:
    """Read every cell: (area_level, school code or area name, stage, population_group, indicator) → Rate.

    Grades are left out; a school is keyed by its code, the district by nothing more than its level.
    """
    sql = """
        select area_level, coalesce(school_code, case when area_level <> 'district' then area_name else '' end), stage, population_group, indicator,
               numerator, denominator, rate_low, rate_high
        from indicators.value where period = $period and version = $version and grade = 'all'"""
    before = source.earlier()
    begins = before is not None and before.period.school_year != source.period.school_year
    held = {row[:5]: (row[5], row[6]) for row in before.rows(sql) if not (begins and row[4] in BY_YEAR)} if before else {}
    return {
        row[:5]: Rate(
            INDICATORS[row[4]].title if row[4] in INDICATORS else row[4],
            row[5], row[6], _count_bound(row[7], row[6]), _count_bound(row[8], row[6]), held.get(row[:5]),
        )
        for row in source.rows(sql)
    }  # fmt: skip


def _count_bound(rate: float | None, denominator: int | None) -> int | None:
    return None if rate is None or denominator is None else round(rate * denominator)


def find_rate(
    rates: dict[Key, Rate],
    indicator: str,
    *,
    level: str = "district",
    area: str = "",
    stage: str = "all",
    group: str = "all",
) -> Rate:
    """Return one cell, or an unreported rate where the table has none."""
    title = INDICATORS[indicator].title if indicator in INDICATORS else indicator
    return rates.get((level, area, stage, group, indicator), Rate(title, None, None))


def read_groups(rates: dict[Key, Rate]) -> tuple[Group, ...]:
    """Read the key groups that have at least one reported rate."""
    found = []
    for group, name in GROUPS.items():
        enrolled = find_rate(rates, "enrolment_rate", group=group)
        present = find_rate(rates, "in_school_rate", group=group)
        out = find_rate(rates, "dropout_rate", group=group)
        if enrolled.reported or present.reported or out.reported:
            found.append(Group(name, enrolled, present, out, is_named=group not in UNNAMED))
    return tuple(found)


def read_trend(source: Source, indicators: tuple[str, ...]) -> list[tuple[Bimester, str, int, int]]:
    """District totals of every period up to this one, oldest first: period, indicator, numerator, denominator."""
    sql = """
        select period, indicator, numerator, denominator from indicators.value
        where area_level = 'district' and stage = 'all' and grade = 'all' and population_group = 'all'
          and denominator > 0 and period <= $period and list_contains($wanted, indicator)
          and (period <> $period or version = $version)
        qualify row_number() over (partition by period, indicator order by version desc) = 1
        order by period, indicator"""
    rows = source.rows(sql, wanted=list(indicators))
    return [(Bimester.parse(period), indicator, top, bottom) for period, indicator, top, bottom in rows]


def read_ladder(source: Source) -> tuple[Count, ...]:
    """The printed ladder 底册 − … = 应入学, and of these …, in its own order."""
    sql = "select label, children from indicators.ladder where period = $period and version = $version order by step"
    return tuple(Count(label, children) for label, children in source.rows(sql))


def read_ledgers(source: Source) -> dict[str, Ledger]:
    """The period's sums of each ledger, by ledger id; a ledger without a row is empty."""
    sql = """select ledger, opening, added, closed, closing from cases.balance
             where period = $period and version = $version"""
    found = {row[0]: Ledger(LEDGERS.get(row[0], row[0]), *row[1:]) for row in source.rows(sql)}
    return {name: found.get(name, Ledger(title, 0, 0, 0, 0)) for name, title in LEDGERS.items()}


def read_findings(source: Source) -> tuple[Count, ...]:
    """How many each comparison found, with the last period's count; comparisons that were not run are absent."""
    sql = """select comparison, count(*) from compared.finding
             where period = $period and version = $version group by all"""
    now = dict(source.rows(sql))
    held = _read_findings_before(source)
    ran = {name for name, reported in source.rows("select comparison, reported from compared.coverage") if reported}
    return tuple(
        Count(each.label, now.get(name, 0), None if held is None else held.get(name, 0))
        for name, each in COMPARISONS.items()
        if each.per_child and (name in ran or name in now) and not (source.period.is_summer and name == "absent")
    )


def read_unrun(source: Source) -> tuple[str, ...]:
    """The comparisons that were not made because a register they need was never delivered, by label."""
    rows = source.rows("select comparison from compared.coverage where not reported")
    missing = {name for (name,) in rows}
    return tuple(each.label for name, each in COMPARISONS.items() if name in missing and each.per_child)


def read_notes(source: Source) -> tuple[tuple[str, str], ...]:
    """What each indicator of this period is counted from, where it is not the usual: title and note."""
    rows = source.rows("select indicator, note from indicators.note where period = $period and version = $version")
    order = {name: index for index, name in enumerate(INDICATORS)}
    ranked = sorted(rows, key=lambda row: (order.get(row[0], len(order)), row[1]))
    return tuple((INDICATORS[name].title, note) for name, note in ranked if name in INDICATORS)


def read_next_opening(source: Source) -> date | None:
    """First school day of the term that begins after the period; None where no calendar holds it."""
    found = source.rows("select min(first_day) from validated.term where first_day > $last", last=source.period.last_day)
    day = found[0][0]
    return day if isinstance(day, date) else None


def _read_findings_before(source: Source) -> dict[str, int] | None:
    """The last period's counts by comparison, or None where the work file does not hold that period."""
    before = source.earlier()
    if before is None:
        return None
    return dict(before.rows("select comparison, children from validated.earlier_finding_count where period = $period"))


def read_bridges(source: Source) -> tuple[Bridge, ...]:
    """The differences between registers in the order they are compared, the largest reason first."""
    sql = """select from_register, to_register, reason, children from compared.bridge
             where period = $period and version = $version and children > 0
             order by list_position($order, from_register || to_register), children desc, reason"""
    pairs: dict[tuple[str, str], list[Count]] = {}
    for start, end, reason, children in source.rows(sql, order=BRIDGES):
        if source.period.is_summer and end == "在校":
            continue  # nobody owes attendance in July and August
        pairs.setdefault((start, end), []).append(Count(reason, children))
    return tuple(Bridge(start, end, tuple(reasons)) for (start, end), reasons in pairs.items())


def read_states(source: Source) -> dict[str, dict[str, int]]:
    """Open cases by 镇街 and state; cases without a 镇街 stand under 未定镇街."""
    sql = """select coalesce(township, '未定镇街'), state, count(*) from cases.case
             where period = $period and version = $version and state <> '已销号' group by all"""
    result: dict[str, dict[str, int]] = {}
    for township, state, count in source.rows(sql):
        result.setdefault(township, {})[state] = count
    return result


def read_states_before(source: Source) -> dict[str, int] | None:
    """The last period's cases by state, or None where no history of it is held."""
    before = source.earlier()
    if before is None:
        return None
    return dict(before.rows("select state, cases from validated.earlier_state_count where period = $period"))


def read_overdue(source: Source) -> dict[str, int]:
    """Overdue open cases by 镇街."""
    sql = """select coalesce(township, '未定镇街'), count(*) from cases.case
             where period = $period and version = $version and state <> '已销号' and overdue_working_days > 0
             group by all"""
    return dict(source.rows(sql))


def count_undated(source: Source) -> int:
    """Open cases whose day lies past the holiday table or the school calendar: no day is guessed for them (contract §1)."""
    sql = """select count(*) from cases.case
             where period = $period and version = $version and state <> '已销号' and due_on is null"""
    return int(source.rows(sql)[0][0])


def say_undated(work: Path, period: Bimester, version: int, say: Callable[[str], None]) -> None:
    """Say plainly what the calendars do not reach: a missing day is never guessed (contract §1)."""
    con = connect(work, read_only=True)
    try:
        undated = count_undated(Source(con, period, version))
    finally:
        con.close()
    if undated:
        say(f"{undated}个未销号案件的办理期限在已收录的国家节假日安排或校历之后，期限留空，不作推算；请更新节假日数据或校历后重跑")


def read_school_cases(source: Source) -> dict[str, tuple[int, int]]:
    """School code → its open cases, and of these the overdue."""
    sql = """select school_code, count(*), count(*) filter (where overdue_working_days > 0) from cases.case
             where period = $period and version = $version and state <> '已销号' and school_code is not null group by all"""
    return {code: (cases, overdue) for code, cases, overdue in source.rows(sql)}


def read_deliveries(source: Source) -> tuple[Delivery, ...]:
    """Files and row counters of the period by extract, in the extracts' declared order."""
    sql = """select extract, count(distinct file_id), sum(rows_read), sum(accepted), sum(merged), sum(quarantined),
                    max(data_as_of)
             from validated.file where period = $period group by all"""
    order = {name: index for index, name in enumerate(EXTRACTS)}
    found = []
    for name, files, read, accepted, merged, quarantined, as_of in source.rows(sql):
        title = EXTRACTS[name].title if name in EXTRACTS else str(name or "未识别")
        day = print_date(as_of) if as_of else MISSING
        top, used, same, aside = (int(n or 0) for n in (read, accepted, merged, quarantined))
        found.append((order.get(name, 99), Delivery(title, files, top, used, same, aside, day)))
    return tuple(delivery for _, delivery in sorted(found, key=lambda pair: (pair[0], pair[1].title)))


def count_files(source: Source) -> int:
    """Files of the period, each once: a workbook may carry several extracts."""
    return int(source.rows("select count(distinct file_id) from validated.file where period = $period")[0][0])


def read_problem_counts(source: Source) -> tuple[Count, ...]:
    """Problem rows of the period by rule, the most frequent first. Titles only: a message may quote a value."""
    sql = (
        "select rule, count(*) from validated.problem where period = $period group by all order by 2 desc, 1"
    )
    return tuple(
        Count(RULES[rule].title if rule in RULES else rule, count) for rule, count in source.rows(sql)
    )


def read_months(source: Source) -> dict[str, dict[str, str]]:
    """School code → month → 已报 | 零报告 | 不全 | 未报; months that owe nothing have no row."""
    sql = """select school_code, month, usable, zero_report, silent from compared.school_month
             where period = $period and version = $version order by 1, 2"""
    result: dict[str, dict[str, str]] = {}
    for code, month, usable, zero, silent in source.rows(sql):
        word = "未报" if not usable else "不全" if silent else "零报告" if zero else "已报"
        result.setdefault(code, {})[print_month(month)] = word
    return result


def read_changes(source: Source) -> tuple[Change, ...]:
    """What changed against the version before; empty for a first version."""
    if not source.has("meta.change"):
        return ()
    sql = "select kind, what, before, after from meta.change where period = $period and version = $version"
    return tuple(Change(*(str(word or MISSING) for word in row)) for row in source.rows(sql))


def read_pupils(source: Source) -> dict[tuple[str, str], int]:
    """Live records by (school code, stage)."""
    sql = "select school_code, stage, count(*) from conformed.enrolment group by all"
    return {(code, stage): count for code, stage, count in source.rows(sql)}


# label, table, condition: graduates first known this period, and who stands pending at its end
SUMMER = (
    ("小学毕业生", "conformed.completion", "completed_grade = 6 and first_period = $period"),
    ("初中毕业生", "conformed.completion", "completed_grade = 9 and first_period = $period"),
    ("转出办理中", "conformed.enrolment", "registry_status = '转出中'"),
    ("休学期末在册", "conformed.enrolment", "registry_status = '休学'"),
)


def read_summer(source: Source) -> tuple[Count, ...]:
    """Graduates and pending moves of July and August."""
    return tuple(
        Count(label, source.rows(f"select count(*) from {table} where {condition}")[0][0])
        for label, table, condition in SUMMER
    )


def read_area_order(path: Path = AREAS) -> tuple[str, ...]:
    """The 镇街 in the order the district's own lists print them."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return tuple(row["name"] for row in csv.DictReader(handle) if row["level"] == "township")
