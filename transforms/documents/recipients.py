"""Every paper of every school and 镇街 but the workbooks: who gets which, from one reading of the work file (contract §7)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from schemas.bimester import Bimester
from schemas.calendar import CalendarGap, add_working_days, read_terms
from schemas.compared import COMPARISONS
from schemas.indicators import INDICATORS
from schemas.rules import RULES
from schemas.thresholds import threshold
from transforms.documents import reading, recipient_rows
from transforms.documents.batch import Order, Press, print_all
from transforms.documents.case_forms import list_coming_months
from transforms.documents.case_papers import read_cases
from transforms.documents.context import Office, read_office
from transforms.documents.figures import Count
from transforms.documents.fonts import resolve_fonts
from transforms.documents.naming import name_school_folder, name_township_folder
from transforms.documents.pupil_file import FILE, PLAN, order_disabled_plans, order_pupil_files
from transforms.documents.reading import Source, find_rate
from transforms.documents.recipient_rows import SchoolRow
from transforms.documents.school_papers import (
    OUT,
    REPORTED,
    MonthReport,
    SchoolData,
    SuspectReport,
    count_states,
    list_month_labels,
    name_government,
)
from transforms.documents.subjects import Happening, Subject, read_happenings, read_subjects
from transforms.documents.tasks import ALSO, Case, Task, shorten, sum_villages
from transforms.documents.templates import list_folders
from transforms.documents.township_papers import UNKNOWN, TownshipLetter, is_for_township
from transforms.documents.wording import print_date, print_day


@dataclass(frozen=True)
class Reader:
    """One reading of the work file for all recipients. Rows are read once and cut by recipient."""

    source: Source
    office: Office
    issued: date
    as_of_text: str
    reply_by: str
    cases: pl.DataFrame
    subjects: Mapping[int, Subject]
    happened: Mapping[int, Mapping[str, list[Happening]]]

    @property
    def period(self) -> Bimester:
        """The period printed."""
        return self.source.period

    @cached_property
    def schools(self) -> list[SchoolRow]:
        """Schools that report."""
        return recipient_rows.read_schools(self.source)

    @cached_property
    def open_cases(self) -> tuple[Case, ...]:
        """Open cases in the order of the ledgers."""
        return tuple(self.cases.filter(pl.col("state") != "已销号").iter_rows(named=True))

    @cached_property
    def by_school(self) -> dict[str, tuple[Case, ...]]:
        """Open cases of each school's children."""
        return _cut(self.open_cases, "school_code")

    @cached_property
    def by_township(self) -> dict[str, tuple[Case, ...]]:
        """Open cases of each 镇街's children."""
        return _cut(self.open_cases, "township")

    @cached_property
    def closed(self) -> dict[str, tuple[Case, ...]]:
        """Cases of each school's children closed since the school year's start."""
        start = date(self.period.school_year, 9, 1)
        return _cut(tuple(self.cases.filter(pl.col("closed_on") >= start).iter_rows(named=True)), "school_code")

    @cached_property
    def months(self) -> dict[str, dict[str, str]]:
        """School → month → 已报, 零报告, 不全 or 未报."""
        return reading.read_months(self.source)

    @cached_property
    def found(self) -> dict[str, dict[str, int]]:
        """School → comparison → children."""
        return recipient_rows.read_found(self.source)

    @cached_property
    def problems(self) -> dict[str, tuple[Count, ...]]:
        """School → its data faults by rule, the most frequent first."""
        sql = """select school_code, rule, count(*) from validated.problem
                 where period = $period and school_code is not null group by all order by 1, 3 desc, 2"""
        found: dict[str, list[Count]] = defaultdict(list)
        for code, rule, count in self.source.rows(sql):
            found[code].append(Count(RULES[rule].title if rule in RULES else rule, count))
        return {code: tuple(counts) for code, counts in found.items()}

    def visits(self, case: Case) -> tuple[Happening, ...]:
        """Visits about a case's child."""
        return tuple(self.happened.get(case["person_id"], {}).get("劝返", ()))


def _cut(cases: tuple[Case, ...], column: str) -> dict[str, tuple[Case, ...]]:
    found: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if case[column]:
            found[case[column]].append(case)
    return {key: tuple(rows) for key, rows in found.items()}


def open_reader(con: duckdb.DuckDBPyConnection, period: Bimester, version: int, issued: date, office: Office) -> Reader:
    """Read what all recipients' papers share."""
    subjects = read_subjects(con, period)
    return Reader(
        Source(con, period, version), office, issued, print_date(period.last_day), _find_reply_day(issued),
        read_cases(con, period), subjects, read_happenings(con, period),
    )  # fmt: skip


def _find_reply_day(issued: date) -> str:
    """Ten working days, as evidence is given; counted by whoever gets the paper where the calendar does not reach so far."""
    try:
        return f"{print_day(add_working_days(issued, int(threshold('evidence_working_days'))))}前"
    except CalendarGap:
        return "收到之日起10个工作日内"


def list_orders(reader: Reader, folder: Path) -> list[Order]:
    """List every paper to be made. `folder` holds what they get besides, which the 任务单 names as enclosed."""
    files = [
        *order_pupil_files(reader.subjects, reader.cases, reader.happened, reader.period),
        *order_disabled_plans(reader.subjects, reader.period),
    ]
    papers = [*_order_school_papers(reader), *_order_letters(reader)]
    enclosed = _list_enclosed(folder, [*papers, *files])
    return [*_order_school_tasks(reader, enclosed), *_order_township_tasks(reader, enclosed), *papers, *files]


def _list_enclosed(folder: Path, orders: list[Order]) -> dict[str, tuple[str, ...]]:
    """Recipient's folder → the papers in it, 一生一档 and 一人一案 with their number."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.glob("*/*/*")):
        if path.suffix in (".xlsx", ".docx"):
            found[path.relative_to(folder).parent.as_posix()].append(path.stem)
    many: Counter[tuple[str, str]] = Counter()
    for order in orders:
        place, _, inner = order.place.rpartition("/")
        if inner in (FILE, PLAN):
            many[place, inner] += 1
        else:
            found[order.place].append(order.name)
    for (place, inner), count in many.items():
        found[place].append(f"{inner}{count}份")
    return {place: tuple(_fold(names)) for place, names in found.items()}


def _fold(names: list[str]) -> Iterator[str]:
    """摸排表（东村）, 摸排表（西村） are 摸排表2份."""
    count = Counter(name.partition("（")[0] for name in names)
    for name in dict.fromkeys(name.partition("（")[0] for name in names):
        yield name if count[name] == 1 else f"{name}{count[name]}份"


def _order_school_tasks(reader: Reader, enclosed: Mapping[str, tuple[str, ...]]) -> Iterator[Order]:
    coming = tuple(month.label for month in list_coming_months(reader.period, read_terms()))
    listed = {code: str(cases[0]["school_name"]) for code, cases in reader.by_school.items() if cases[0]["school_name"]}
    reporting = {school.code: school.name for school in reader.schools}
    for code, name in sorted({**listed, **reporting}.items()):
        place = name_school_folder(code, name)
        silent = tuple(month for month, word in reader.months.get(code, {}).items() if word in ("未报", "不全"))
        found = {c: n for c, n in reader.found.get(code, {}).items() if c in ALSO}
        task = Task(
            name, ("school",), reader.period.label, reader.as_of_text, reader.office.issuer, print_date(reader.issued),
            reader.by_school.get(code, ()), silent, coming if code in reporting else (), int(threshold("monthly_report_day")),
            reader.reply_by, reader.problems.get(code, ()), found, (), enclosed.get(place, ()), shown=0,
        )  # fmt: skip
        yield Order(place, "任务单", "学校任务单.md.j2", shorten(task), most=1)


def _order_township_tasks(reader: Reader, enclosed: Mapping[str, tuple[str, ...]]) -> Iterator[Order]:
    """Its own: children without a school, and those that it or its villages answer for; beside them those of schools."""
    townships = [town for (town,) in reader.source.rows("select distinct township from conformed.area where level = '镇街' order by 1")]
    for town in sorted({*townships, *reader.by_township}):
        place = name_township_folder(town)
        theirs = reader.by_township.get(town, ())
        cases = tuple(c for c in theirs if is_for_township(c))
        task = Task(
            name_government(town), ("village", "township"), reader.period.label, reader.as_of_text, reader.office.issuer,
            print_date(reader.issued), cases, (), (), 0, reader.reply_by, (), {}, sum_villages(cases),
            enclosed.get(place, ()), shown=0, beside=tuple(c for c in theirs if not is_for_township(c)),
        )  # fmt: skip
        yield Order(place, "任务单", "镇街任务单.md.j2", shorten(task), most=1)


def _order_school_papers(reader: Reader) -> Iterator[Order]:
    grades, work = recipient_rows.read_grades(reader.source), recipient_rows.read_work(reader.source)
    rates = reading.read_rates(reader.source)
    presence, absentees = recipient_rows.read_presence(reader.source), recipient_rows.read_absentees(reader.source)
    told = dict(reader.source.rows("select school_code, any_value(has_plan) from compared.school_plan group by all"))
    for school in reader.schools:
        place = name_school_folder(school.code, school.name)
        closed = Counter(case["closed_as"] for case in reader.closed.get(school.code, ()))
        data = SchoolData(
            school.name, school.kind, school.township, reader.period.label, reader.as_of_text, grades.get(school.code, ()),
            tuple(find_rate(rates, name, level="school", area=school.code) for name in INDICATORS),
            tuple(reader.months.get(school.code, {}).items()), count_states(reader.by_school.get(school.code, ())),
            tuple(Count(word, count) for word, count in sorted(closed.items())),
            tuple(Count(COMPARISONS[name].label, count) for name, count in reader.found.get(school.code, {}).items() if name in COMPARISONS),
            work.get(school.code, ()), told.get(school.code),
        )  # fmt: skip
        yield Order(place, "一校一案数据页", "一校一案数据页.md.j2", (data,))
        yield from _order_suspect_reports(reader, school, place)
        yield from _order_month_reports(reader, school, place, presence, absentees)


def _order_suspect_reports(reader: Reader, school: SchoolRow, place: str) -> Iterator[Order]:
    """One report a 镇街, so that none reads of another's children."""
    theirs = tuple(case for case in reader.by_school.get(school.code, ()) if case["state"] in REPORTED)
    for town, cases in sorted(_cut(theirs, "township").items()):
        visits = {case["case_no"]: len(reader.visits(case)) for case in cases}
        report = SuspectReport(school.name, town, name_government(town), reader.office.issuer, print_date(reader.issued),
                               reader.as_of_text, cases, visits)  # fmt: skip
        yield Order(place, f"疑似辍学学生情况报告（{town}）", "疑似辍学学生情况报告.md.j2", (report,))


def _order_month_reports(reader: Reader, school: SchoolRow, place: str, presence: Any, absentees: Any) -> Iterator[Order]:
    """A month that was not reported has no report: the 任务单 asks for it."""
    words = reader.months.get(school.code, {})
    everyone = (*reader.by_school.get(school.code, ()), *reader.closed.get(school.code, ()))
    for month, label in list_month_labels(reader.period):
        by_grade = presence.get((school.code, month), {})
        if words.get(f"{int(month[5:])}月", "未报") == "未报" or not by_grade:
            continue
        visits = [visit for case in everyone for visit in reader.visits(case) if _is_in(visit.happened_on, month)]
        report = MonthReport(
            school.name, month, label, reader.office.issuer, print_date(reader.issued), by_grade,
            absentees.get((school.code, month), ()), sum(_is_in(case["opened_on"], month) for case in everyone),
            len({visit.person_id for visit in visits}), len(visits), sum(_is_in(case["returned_on"], month) for case in everyone),
            sum(_is_in(case["closed_on"], month) for case in everyone), count_states(reader.by_school.get(school.code, ())),
            reader.as_of_text,
        )  # fmt: skip
        yield Order(place, f"一月一报告（{label}）", "一月一报告.md.j2", (report,))


def _is_in(day: date | None, month: str) -> bool:
    return day is not None and f"{day:%Y-%m}" == month


def _order_letters(reader: Reader) -> Iterator[Order]:
    """A 镇街 with nobody out and nobody to be found gets no letter."""
    contact = "；".join(filter(None, (reader.office.contact, reader.office.phone)))
    for town, cases in sorted(reader.by_township.items()):
        wanted = tuple(case for case in cases if case["state"] in (*OUT, *UNKNOWN))
        if not wanted:
            continue
        letter = TownshipLetter(
            town, name_government(town), reader.office.issuer, reader.period.label, print_date(reader.issued), reader.as_of_text,
            reader.reply_by, contact, wanted, sum(case["state"] == "复学跟踪" for case in cases),
            {case["case_no"]: reader.visits(case) for case in wanted},
        )  # fmt: skip
        yield Order(name_township_folder(town), "情况通报函", "情况通报函.md.j2", (letter,))


def write_recipient_papers(
    con: duckdb.DuckDBPyConnection,
    out_dir: Path,
    period: Bimester,
    version: int,
    issued: date,
    *,
    manifest_id: str,
    draft: bool = False,
    font_dirs: tuple[Path, ...] = (),
    templates: Path | None = None,
    system_fonts: bool = True,
    say: Callable[[str], None] = lambda _: None,
    workers: int | None = None,
) -> list[Path]:
    """Write every paper of schools and 镇街 below `out_dir`, where their forms and notices stand already; return the paths.

    The same tables, dates, fonts and templates give the same bytes, whatever `workers`. Each paper of a draft is
    marked 送审稿. Raises PaperFault.
    """
    folders = list_folders(templates)
    office = read_office(folders)
    properties = {"作者": office.issuer, "期间": str(period), "版本": f"v{version}", "清单编号": manifest_id}
    press = Press(out_dir, issued, resolve_fonts(font_dirs, system_fonts), folders, tuple(properties.items()),
                  mark="送审稿" if draft else "")
    reader = open_reader(con, period, version, issued, office)
    return print_all(press, list_orders(reader, out_dir), say, workers)
