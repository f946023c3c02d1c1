"""The one context of the bimonthly report: both papers, tables and charts print from these cells."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

import duckdb
import yaml

from schemas.bimester import Bimester, school_year_label
from schemas.compared import COMPARISONS
from schemas.thresholds import Threshold, read_thresholds
from transforms.documents import counted, reading
from transforms.documents.counted import Counts
from transforms.documents.figures import Area, Bridge, Change, Count, Delivery, Group, Ledger, Rate, School
from transforms.documents.reading import Source, find_rate
from transforms.documents.registry_faults import count_registry_faults
from transforms.documents.rule_quality import RuleQuality, read_rule_quality
from transforms.documents.source import OURS, Folders, TemplateFault
from transforms.documents.wording import MISSING, print_date, print_day

TREND = ("enrolment_rate", "retention_rate_year")


OFFICE_CHOICES = {"admission_issuer": ("学校", "教委"), "order_issuer": ("镇", "教委"), "remedy": ("是", "否")}


@dataclass(frozen=True)
class Office:
    """Who issues and who receives: declared in `templates/office.yaml`, replaced by the home's own.

    contact, phone: whom a 镇街 or school may ask; a line left empty is left out. place: the district's full name, before a
    镇's. admission_*, bring: 入学通知书. order_*, remedy, review_organ: 限期复学通知书.
    """

    issuer: str
    district: str
    recipient: str
    head: str
    number: str
    contact: str = ""
    phone: str = ""
    place: str = ""
    admission_mark: str = ""
    admission_issuer: str = ""
    admission_school_mark: str = ""
    bring: str = ""
    order_title: str = ""
    order_issuer: str = ""
    remedy: str = ""
    review_organ: str = ""

    @property
    def notice_by_school(self) -> bool:
        """Whether the school signs its 入学通知书; else the 教委 does."""
        return self.admission_issuer != "教委"

    @property
    def notice_mark(self) -> str:
        """The word before the number of an 入学通知书: the 教委's 发文代字 stands only over the 教委's own signature."""
        return self.admission_school_mark if self.notice_by_school else self.admission_mark

    @property
    def order_by_district(self) -> bool:
        """Whether the 教委 issues every 限期复学通知书; a 街道's it issues in any case."""
        return self.order_issuer == "教委"

    @property
    def remedy_confirmed(self) -> bool:
        """Whether the office's lawyer has confirmed the line on 行政复议 and 行政诉讼."""
        return self.remedy == "是"


@dataclass(frozen=True)
class ReportContext:
    """Everything the bimonthly report of one period and version prints. Counts are true; no child is named."""

    period: Bimester
    version: int
    issued: date
    office: Office
    rates: dict[reading.Key, Rate]
    school_kinds: tuple[Count, ...]
    pupils: tuple[Count, ...]
    ladder: tuple[Count, ...]
    ledgers: dict[str, Ledger]
    findings: tuple[Count, ...]
    bridges: tuple[Bridge, ...]
    areas: tuple[Area, ...]
    schools: tuple[School, ...]
    months: tuple[str, ...]
    groups: tuple[Group, ...]
    deliveries: tuple[Delivery, ...]
    files: int
    problems: tuple[Count, ...]
    changes: tuple[Change, ...]
    trend: tuple[tuple[Bimester, str, int, int], ...]
    summer: tuple[Count, ...]
    thresholds: dict[str, Threshold]
    rules: tuple[RuleQuality, ...]
    counts: dict[str, Counts]
    unrun: tuple[str, ...]
    notes: tuple[tuple[str, str], ...]
    base_label: str
    opens_on: date | None
    undated: int
    states_before: dict[str, int] | None

    @property
    def label(self) -> str:
        """2025年5—6月."""
        return self.period.label

    @property
    def as_of(self) -> str:
        """截至日, with the year."""
        return print_date(self.period.last_day)

    @property
    def as_of_day(self) -> str:
        """截至日, month and day."""
        return print_day(self.period.last_day)

    @property
    def issued_text(self) -> str:
        """成文日期."""
        return print_date(self.issued)

    @property
    def school_year(self) -> str:
        """2024—2025学年."""
        return school_year_label(self.period.school_year)

    @property
    def school_count(self) -> int:
        """Schools with compulsory grades that report."""
        return sum(kind.count for kind in self.school_kinds)

    @property
    def pupil_count(self) -> int:
        """Live records, all stages."""
        return sum(count.count for count in self.pupils)

    def rate(self, indicator: str, stage: str = "all", group: str = "all") -> Rate:
        """One district cell."""
        return find_rate(self.rates, indicator, stage=stage, group=group)

    def states(self) -> dict[str, int]:
        """Open cases of the whole district by state."""
        total: Counter[str] = Counter(dict.fromkeys(reading.STATES, 0))
        for area in self.areas:
            total.update(dict(zip(reading.STATES, area.states, strict=True)))
        return dict(total)

    @property
    def overdue(self) -> int:
        """Open cases past their day."""
        return sum(area.overdue for area in self.areas)

    def finding(self, comparison: str) -> Count:
        """One comparison's count by its id; 0 when it was not run."""
        label = COMPARISONS[comparison].label
        return next((count for count in self.findings if count.label == label), Count(label, 0))

    @property
    def term_opens(self) -> str:
        """The first school day of the term that follows the period; empty where the calendar does not say."""
        return print_day(self.opens_on) if self.opens_on else ""

    @property
    def has_opened(self) -> bool:
        """True when that term has opened by the day the paper is dated."""
        return self.opens_on is not None and self.opens_on <= self.issued

    def silent(self) -> tuple[School, ...]:
        """Schools with a month 未报 or 不全."""
        return tuple(s for s in self.schools if {"未报", "不全"} & set(s.months))

    def short_areas(self) -> tuple[Area, ...]:
        """镇街 below 100 % enrolment, the lowest first (by rate, then by name's order)."""
        below = [a for a in self.areas if a.enrolment.reported and a.enrolment.missing > 0]
        return tuple(
            sorted(below, key=lambda a: (a.enrolment.numerator or 0) / (a.enrolment.denominator or 1))
        )


def read_office(folders: Folders = OURS) -> Office:
    """Read issuer and recipient; a home's own file sets what it names, the rest stays. Raises TemplateFault."""
    values: dict[str, str] = {}
    for folder in reversed(folders):
        path = folder / "office.yaml"
        if path.exists():
            values |= _read_office_file(path)
    return Office(**values)


def _read_office_file(path: Path) -> dict[str, str]:
    known = [field.name for field in fields(Office)]
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        raise TemplateFault(f"{path.name}{f' 第{mark.line + 1}行' if mark else ''}：写法有误") from error
    unknown = [str(key) for key in given if key not in known] if isinstance(given, dict) else ["（不是“名称: 值”的写法）"]
    if unknown:
        raise TemplateFault(f"{path.name} 中没有“{'、'.join(unknown)}”这项，可用的有：{'、'.join(known)}")
    values = {key: str(value or "") for key, value in given.items()}
    for key, choices in OFFICE_CHOICES.items():
        if key in values and values[key] not in choices:
            raise TemplateFault(f"{path.name} 中“{key}”应为{'或'.join(choices)}")
    return values


def read_report(
    con: duckdb.DuckDBPyConnection,
    period: Bimester,
    version: int,
    issued: date,
    office: Office | None = None,
) -> ReportContext:
    """Read one period and version from an open work file. Nothing is written; no clock is read."""
    source = Source(con, period, version)
    rates = reading.read_rates(source)
    months = reading.read_months(source)
    pupils = reading.read_pupils(source)
    listed = _read_school_rows(source)
    return ReportContext(
        period=period,
        version=version,
        issued=issued,
        office=office or read_office(),
        rates=rates,
        school_kinds=_count_kinds(listed),
        pupils=_count_pupils(rates, pupils, listed),
        ladder=reading.read_ladder(source),
        ledgers=reading.read_ledgers(source),
        findings=reading.read_findings(source),
        bridges=reading.read_bridges(source),
        areas=_build_areas(source, rates),
        schools=_build_schools(listed, rates, months, pupils, reading.read_school_cases(source)),
        months=_list_months(months),
        groups=reading.read_groups(rates),
        deliveries=reading.read_deliveries(source),
        files=reading.count_files(source),
        problems=reading.read_problem_counts(source),
        changes=reading.read_changes(source) if version > 1 else (),
        trend=tuple(reading.read_trend(source, TREND)),
        summer=reading.read_summer(source) if period.is_summer else (),
        thresholds=read_thresholds(),
        rules=read_rule_quality(source),
        counts=counted.read_counts(source) | count_registry_faults(source),
        unrun=reading.read_unrun(source),
        notes=reading.read_notes(source),
        base_label=_label_base(source),
        opens_on=reading.read_next_opening(source),
        undated=reading.count_undated(source),
        states_before=reading.read_states_before(source),
    )


def _label_base(source: Source) -> str:
    """The snapshot that 应返校 starts from, as papers name it; empty outside an opening."""
    opened = counted.find_opening(source)
    base = counted.find_base(source, opened) if opened else ""
    return Bimester.parse(base).label if base else ""


SchoolRow = tuple[str, str, str, str, str, str]


def _read_school_rows(source: Source) -> list[SchoolRow]:
    sql = """select school_code, school_name, school_type, township, supervision_zone, school_zone from conformed.school
             where is_reporting order by school_code"""
    order = {name: index for index, name in enumerate(reading.read_area_order())}
    rows = source.rows(sql)
    return sorted(rows, key=lambda row: (order.get(row[3], len(order)), row[0]))


KIND_ORDER = ("小学", "教学点", "初级中学", "九年一贯制学校", "完全中学", "十二年一贯制学校", "特殊教育学校")


def _count_kinds(rows: list[SchoolRow]) -> tuple[Count, ...]:
    found = Counter(row[2] for row in rows)
    order = [kind for kind in KIND_ORDER if kind in found] + sorted(set(found) - set(KIND_ORDER))
    return tuple(Count(kind, found[kind]) for kind in order)


def _count_pupils(
    rates: dict[reading.Key, Rate], pupils: dict[tuple[str, str], int], rows: list[SchoolRow]
) -> tuple[Count, ...]:
    """小学, 初中, 特殊教育: live records."""
    special = {row[0] for row in rows if row[2] == "特殊教育学校"}
    sums: Counter[str] = Counter()
    for (code, stage), count in pupils.items():
        sums["特殊教育" if code in special else {"primary": "小学", "junior": "初中"}.get(stage, "其他")] += (
            count
        )
    return tuple(Count(label, sums[label]) for label in ("小学", "初中", "特殊教育", "其他") if sums[label])


def _build_areas(source: Source, rates: dict[reading.Key, Rate]) -> tuple[Area, ...]:
    states, overdue = reading.read_states(source), reading.read_overdue(source)
    order = reading.read_area_order()
    known = {key[1] for key in rates if key[0] == "township"} | set(states)
    names = [name for name in order if name in known] + sorted(known - set(order))
    return tuple(
        Area(
            name=name,
            enrolment=find_rate(rates, "enrolment_rate", level="township", area=name),
            retention=find_rate(rates, "retention_rate_year", level="township", area=name),
            dropout=find_rate(rates, "dropout_rate", level="township", area=name),
            states=tuple(states.get(name, {}).get(state, 0) for state in reading.STATES),
            overdue=overdue.get(name, 0),
        )
        for name in names
    )


def _build_schools(
    rows: list[SchoolRow],
    rates: dict[reading.Key, Rate],
    months: dict[str, dict[str, str]],
    pupils: dict[tuple[str, str], int],
    cases: dict[str, tuple[int, int]],
) -> tuple[School, ...]:
    held = _list_months(months)
    roll: Counter[str] = Counter()
    for (code, _), count in pupils.items():
        roll[code] += count
    return tuple(
        School(
            code=code,
            name=name,
            township=township,
            supervision_zone=zone or "",
            pupils=roll[code],
            retention=find_rate(rates, "retention_rate_year", level="school", area=code),
            in_school=find_rate(rates, "in_school_rate", level="school", area=code),
            dropout=find_rate(rates, "dropout_rate", level="school", area=code),
            months=tuple(months.get(code, {}).get(month, MISSING) for month in held),
            zone=school_zone or "",
            open_cases=cases.get(code, (0, 0))[0],
            overdue=cases.get(code, (0, 0))[1],
        )
        for code, name, _, township, zone, school_zone in rows
    )


def _list_months(months: dict[str, dict[str, str]]) -> tuple[str, ...]:
    """The months that owed a report, as the submission table heads them."""
    return tuple(
        sorted({month for held in months.values() for month in held}, key=lambda word: int(word[:-1]))
    )
