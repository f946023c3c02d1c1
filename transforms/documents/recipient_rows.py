"""Reads of the work file for the papers of schools and 镇街: counts by school and month, and who was not in school."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from transforms.documents.reading import Source

Counts = Mapping[str, int]


# What a limit of 0 asks for.
NONE_AT_ALL = {"homework_minutes": "不布置书面作业", "exams": "不考试"}


@dataclass(frozen=True)
class SchoolRow:
    """One school that reports."""

    code: str
    name: str
    kind: str
    township: str
    supervision_zone: str


@dataclass(frozen=True)
class GradeRow:
    """One grade of a school: its classes and live records, and of these the ones that boarding and groups name."""

    grade: str
    classes: int
    pupils: int
    boarding: int
    left_behind: int
    migrant: int
    disabled: int
    on_leave: int


@dataclass(frozen=True)
class Absentee:
    """One pupil who was not in school in a month."""

    name: str
    grade: str
    class_name: str
    state: str
    absent_from: date | None
    run: int | None


@dataclass(frozen=True)
class WorkLine:
    """One item of school work of the last month told: what was measured and the limit it is held against."""

    title: str
    band: str
    measured: str
    limit: str
    is_breach: bool


def read_schools(source: Source) -> list[SchoolRow]:
    """Schools with compulsory grades, by code."""
    sql = """select school_code, school_name, school_type, coalesce(township, ''), coalesce(supervision_zone, '')
             from conformed.school where is_reporting order by school_code"""
    return [SchoolRow(*row) for row in source.rows(sql)]


def read_grades(source: Source) -> dict[str, tuple[GradeRow, ...]]:
    """Live records of each school by grade."""
    sql = """
        select school_code, grade, count(distinct class_name)::integer, count(*)::integer,
            count(*) filter (where boarding = '住校')::integer,
            count(*) filter (where left_behind in ('单亲留守儿童', '双亲留守儿童'))::integer,
            count(*) filter (where is_migrant_worker_child)::integer,
            count(*) filter (where list_contains(g.population_groups, 'disabled'))::integer,
            count(*) filter (where registry_status = '休学')::integer
        from conformed.enrolment as e left join conformed.groups as g on e.person_id = g.person_id
        group by all order by school_code, grade"""
    found: dict[str, list[GradeRow]] = defaultdict(list)
    for code, *row in source.rows(sql):
        found[code].append(GradeRow(*row))
    return {code: tuple(rows) for code, rows in found.items()}


def read_presence(source: Source) -> dict[tuple[str, str], dict[str, Counter[str]]]:
    """(school, month) → grade → how many pupils by where they were."""
    sql = """select school_code, month, grade, state_in_month, count(*) from conformed.presence group by all
             order by school_code, month, grade, state_in_month"""
    found: dict[tuple[str, str], dict[str, Counter[str]]] = defaultdict(dict)
    for code, month, grade, state, count in source.rows(sql):
        found[code, month].setdefault(grade, Counter())[state] = count
    return found


def read_absentees(source: Source) -> dict[tuple[str, str], tuple[Absentee, ...]]:
    """(school, month) → the pupils 无故缺勤 or 离校未归, by class."""
    sql = """
        select p.school_code, p.month, w.name, p.grade, coalesce(p.class_name, ''), p.state_in_month,
            min(a.absent_from), max(p.unexcused_run)
        from conformed.presence as p
        inner join conformed.person as w on p.person_id = w.person_id
        left join conformed.absence as a on p.person_id = a.person_id and p.month = a.month and p.school_code = a.school_code
        where p.state_in_month in ('无故缺勤', '离校未归')
        group by p.school_code, p.month, w.name, p.grade, p.class_name, p.state_in_month, w.child_key
        order by p.school_code, p.month, p.grade, p.class_name, w.child_key"""
    found: dict[tuple[str, str], list[Absentee]] = defaultdict(list)
    for code, month, *row in source.rows(sql):
        found[code, month].append(Absentee(*row))
    return {key: tuple(rows) for key, rows in found.items()}


def read_found(source: Source) -> dict[str, dict[str, int]]:
    """School → comparison → how many of its children it found."""
    sql = """select school_code, comparison, count(*) from compared.finding
             where period = $period and version = $version and school_code is not null group by all order by all"""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for code, comparison, count in source.rows(sql):
        found[code][comparison] = count
    return found


def read_work(source: Source) -> dict[str, tuple[WorkLine, ...]]:
    """School → its checked items of school work in the last month it told."""
    sql = """
        select school_code, item, limit_title, grade_band, measured, direction, limit_value, unit, is_breach
        from compared.work_check where period = $period and version = $version
        qualify month = max(month) over (partition by school_code)
        order by school_code, grade_band, item"""
    found: dict[str, list[WorkLine]] = defaultdict(list)
    for code, item, title, band, measured, direction, limit, unit, breach in source.rows(sql):
        line = WorkLine(title, band, f"{_number(measured)}{unit}", _say_limit(item, direction, limit, unit), bool(breach))
        found[code].append(line)
    return {code: tuple(rows) for code, rows in found.items()}


def _say_limit(item: str, direction: str, limit: float, unit: str) -> str:
    """不超过60分钟; a limit of none at all as what must not be done."""
    if direction == "at_most" and not limit:
        return NONE_AT_ALL.get(item, "不得有")
    return f"{'不少于' if direction == 'at_least' else '不超过'}{_number(limit)}{unit}"


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
