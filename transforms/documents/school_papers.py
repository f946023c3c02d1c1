"""What a school gets besides its forms: 任务单, 一校一案数据页, 疑似辍学学生情况报告 and 一月一报告 (contract §7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from schemas.bimester import Bimester
from transforms.documents.blocks import Column, Grid, Table
from transforms.documents.figures import Count, Rate
from transforms.documents.masks import MASKS
from transforms.documents.recipient_rows import Absentee, GradeRow, WorkLine
from transforms.documents.tasks import Case
from transforms.documents.templates import Kind
from transforms.documents.wording import (
    MISSING,
    name_class,
    name_grade,
    print_count,
    print_date,
    shorten_village,
)

SHARED = MASKS["L1"]  # between organs with a duty
SIZE = 10.5
REPORTED = ("待核实", "待补佐证", "劝返中", "失联")
OUT = ("劝返中", "失联")
# How a report says a state.
SAID = {"劝返中": "辍学未返", "失联": "失联", "待核实": "去向待核实", "待补佐证": "佐证待补"}


@dataclass(frozen=True)
class SchoolData:
    """一校一案数据页: the school's own figures, no child named. `months`: month and how it was reported."""

    school: str
    kind: str
    township: str
    period: str
    as_of_text: str
    grades: tuple[GradeRow, ...]
    rates: tuple[Rate, ...]
    months: tuple[tuple[str, str], ...]
    states: tuple[Count, ...]
    closed: tuple[Count, ...]
    found: tuple[Count, ...]
    work: tuple[WorkLine, ...]
    has_plan: bool | None

    @property
    def pupils(self) -> int:
        """Live records."""
        return sum(row.pupils for row in self.grades)

    @property
    def classes(self) -> int:
        """Classes."""
        return sum(row.classes for row in self.grades)

    @property
    def open_count(self) -> int:
        """Open cases."""
        return sum(state.count for state in self.states)

    @property
    def states_text(self) -> str:
        """待核实3人、劝返中1人."""
        return say_counts(self.states)

    @property
    def closed_text(self) -> str:
        """Closings of the school year by kind."""
        return say_counts(self.closed)

    @property
    def found_text(self) -> str:
        """What the comparisons found."""
        return say_counts(self.found)

    @property
    def months_text(self) -> str:
        """5月已报、6月零报告."""
        return "、".join(f"{month}{word}" for month, word in self.months)

    @property
    def breaches(self) -> int:
        """Items of school work beyond their limit."""
        return sum(line.is_breach for line in self.work)

    @property
    def tables(self) -> dict[str, Table | Grid]:
        """年级, 指标, 工作: each where it has a row."""
        found: dict[str, Table | Grid] = {}
        if self.grades:
            found["年级"] = Table("年级", "", GRADE_COLUMNS, _list_grades(self.grades), total=True, size=SIZE)
        reported = [rate for rate in self.rates if rate.reported]
        if reported:
            rows = tuple((r.title, print_count(r.numerator), print_count(r.denominator), r.cell, r.before_cell) for r in reported)
            kept = 5 if any(rate.before_cell != MISSING for rate in reported) else 4  # without a last period no column of it
            found["指标"] = Table("指标", "", RATE_COLUMNS[:kept], tuple(row[:kept] for row in rows), size=SIZE)
        if self.work:
            lines = tuple((w.title, w.band, w.measured, w.limit, "超限" if w.is_breach else "符合") for w in self.work)
            found["工作"] = Table("工作", "", WORK_COLUMNS, lines, size=SIZE)
        return found


GRADE_COLUMNS = tuple(Column(title) for title in ("年级", "班数", "在籍人数", "寄宿", "留守", "随迁", "残疾", "休学"))
RATE_COLUMNS = (Column("指标", 3.4, "left"), Column("分子"), Column("分母"), Column("比率（%）"), Column("上期（%）"))
WORK_COLUMNS = (Column("项目", 3, "left"), Column("年级段", 1.6), Column("本校"), Column("限值", 1.6), Column("结论"))


def say_counts(counts: tuple[Count, ...]) -> str:
    """待核实3人、劝返中1人; what is nobody is left unsaid."""
    return "、".join(f"{count.label}{count.count}人" for count in counts if count.count)


def _list_grades(rows: tuple[GradeRow, ...]) -> tuple[tuple[str, ...], ...]:
    def cells(name: str, *counts: int) -> tuple[str, ...]:
        return (name, *(str(count) if count else MISSING for count in counts))

    def numbers(row: GradeRow) -> tuple[int, ...]:
        return (row.classes, row.pupils, row.boarding, row.left_behind, row.migrant, row.disabled, row.on_leave)

    lines = [cells(name_grade(row.grade), *numbers(row)) for row in rows]
    sums = (sum(column) for column in zip(*map(numbers, rows), strict=True))
    return (*lines, cells("合计", *sums))


@dataclass(frozen=True)
class SuspectReport:
    """疑似辍学学生情况报告 of a school on its children of one 镇街 (未成年人保护法第二十八条第二款). `visits`: by case number."""

    school: str
    township: str
    government: str
    issuer: str
    issued_text: str
    as_of_text: str
    cases: tuple[Case, ...]
    visits: Mapping[str, int]

    @property
    def total(self) -> int:
        """Children reported."""
        return len(self.cases)

    @property
    def states_text(self) -> str:
        """辍学未返1人、去向待核实3人."""
        return say_counts(tuple(Count(SAID[count.label], count.count) for count in count_states(self.cases)))

    @property
    def has_one_state(self) -> bool:
        """Whether all of them are in the same state."""
        return len({case["state"] for case in self.cases}) == 1

    @property
    def state(self) -> str:
        """The state of the first, as a report says it."""
        return SAID[self.cases[0]["state"]]

    @property
    def out(self) -> int:
        """Confirmed as having left school, or lost."""
        return sum(case["state"] in OUT for case in self.cases)

    @property
    def lost(self) -> int:
        """Lost."""
        return sum(case["state"] == "失联" for case in self.cases)

    @property
    def unknown(self) -> int:
        """Still to be found out about."""
        return self.total - self.out

    @property
    def visited(self) -> int:
        """Children visited at least once."""
        return sum(bool(self.visits.get(case["case_no"])) for case in self.cases)

    @property
    def visit_total(self) -> int:
        """Visits."""
        return sum(self.visits.get(case["case_no"], 0) for case in self.cases)

    @property
    def monitored(self) -> int:
        """Of monitored households."""
        return sum(bool(case["is_monitored"]) for case in self.cases)

    @property
    def reasons_text(self) -> str:
        """The reasons given for leaving."""
        found = Counter(case["dropout_reason"] for case in self.cases if case["dropout_reason"])
        return "、".join(f"{reason}{count}人" for reason, count in sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))

    @property
    def tables(self) -> dict[str, Table | Grid]:
        """学生: names in full, telephone masked, no id."""
        rows = tuple(
            (str(n), SHARED.name(c["name"]), c["sex"] or "", c["class"] or MISSING, c["guardian"] or MISSING,
             SHARED.phone(c["phone"]) or MISSING, shorten_village(c["village"] or c["address"]) or MISSING, c["state"],
             c["dropout_reason"] or MISSING, _day(c["absent_from"]), _times(self.visits.get(c["case_no"], 0)))
            for n, c in enumerate(self.cases, 1)
        )  # fmt: skip
        return {"学生": Table("学生", "", SUSPECT_COLUMNS, rows)}


SUSPECT_COLUMNS = (
    Column("序号", 0.7), Column("姓名", 1.1), Column("性别", 0.7), Column("年级班级", 1.4), Column("监护人", 1.1), Column("联系电话", 1.75),
    Column("住址", 1.7), Column("情形", 1.1), Column("原因", 1.1), Column("缺勤起始日", 1.85), Column("劝返情况", 1.3),
)  # fmt: skip


def _day(day: Any) -> str:
    return print_date(day) if day else MISSING


def _times(count: int) -> str:
    return f"{count}次" if count else "尚未劝返"


def count_states(cases: tuple[Case, ...]) -> tuple[Count, ...]:
    """Open cases by state, in the order of the ledger."""
    found = Counter(case["state"] for case in cases)
    order = ("劝返中", "失联", "待核实", "待补佐证", "外地就读待转学", "复学跟踪", "在册跟踪")
    return tuple(Count(state, found[state]) for state in order if found[state])


@dataclass(frozen=True)
class MonthReport:
    """一月一报告 of a school (2024 notice, 四个一): who was in school that month, and what was done. `by_grade`: grade → where."""

    school: str
    month: str
    month_label: str
    issuer: str
    issued_text: str
    by_grade: Mapping[str, Mapping[str, int]]
    absentees: tuple[Absentee, ...]
    opened: int
    visited: int
    visits: int
    returned: int
    closed: int
    standing: tuple[Count, ...]
    as_of_text: str

    @property
    def pupils(self) -> int:
        """在读 pupils."""
        return self._sum(*{state for states in self.by_grade.values() for state in states})

    @property
    def present(self) -> int:
        """In school."""
        return self._sum("在校")

    @property
    def on_leave(self) -> int:
        """On leave with leave given."""
        return self._sum("请假")

    @property
    def taught_at_home(self) -> int:
        """送教上门."""
        return self._sum("送教上门")

    @property
    def absent(self) -> int:
        """无故缺勤 or 离校未归."""
        return self._sum("无故缺勤", "离校未归")

    @property
    def unclear(self) -> int:
        """Where the report does not say: the class does not close, or the pupil is not on the list."""
        return self.pupils - self.present - self.on_leave - self.taught_at_home - self.absent - self._sum("休学")

    @property
    def is_full(self) -> bool:
        """Whether everybody is in school or excused."""
        return self.pupils > 0 and not self.absent and not self.unclear

    @property
    def standing_text(self) -> str:
        """Open cases at the end of the period."""
        return say_counts(self.standing)

    @property
    def tables(self) -> dict[str, Table | Grid]:
        """在校 by grade; 不在校 by name, where there is anybody."""
        found: dict[str, Table | Grid] = {"在校": Table("在校", "各年级学生在校情况", PRESENCE_COLUMNS, self._list_grades(), total=True)}
        if self.absentees:
            rows = tuple(
                (str(n), SHARED.name(a.name), name_class(a.grade, a.class_name), a.state, _day(a.absent_from),
                 f"{a.run:g}天" if a.run else MISSING) for n, a in enumerate(self.absentees, 1)
            )  # fmt: skip
            found["不在校"] = Table("不在校", "无故缺勤和离校未归学生", ABSENT_COLUMNS, rows)
        return found

    def _sum(self, *states: str) -> int:
        return sum(counts.get(state, 0) for counts in self.by_grade.values() for state in states)

    def _list_grades(self) -> tuple[tuple[str, ...], ...]:
        rows = [(name_grade(grade), *_count_grade(counts)) for grade, counts in self.by_grade.items()]
        sums: Counter[str] = Counter()
        for counts in self.by_grade.values():
            sums.update(counts)
        return (*rows, ("合计", *_count_grade(sums)))


PRESENCE_COLUMNS = tuple(Column(t) for t in ("年级", "在读", "在校", "请假", "无故缺勤", "离校未归", "送教上门", "去向未明"))
ABSENT_COLUMNS = (Column("序号", 0.6), Column("姓名"), Column("年级班级", 1.4), Column("情形", 1.2), Column("缺勤起始日", 1.6),
                  Column("连续无故缺勤", 1.3))  # fmt: skip


def _count_grade(counts: Mapping[str, int]) -> tuple[str, ...]:
    known = [counts.get(state, 0) for state in ("在校", "请假", "无故缺勤", "离校未归", "送教上门")]
    total = sum(counts.values())
    numbers = (total, *known, total - sum(known) - counts.get("休学", 0))
    return tuple(str(number) if number else MISSING for number in numbers)


KINDS = (
    Kind("一校一案数据页.md.j2", SchoolData, ("年级", "指标", "工作")),
    Kind("疑似辍学学生情况报告.md.j2", SuspectReport, ("学生",)),
    Kind("一月一报告.md.j2", MonthReport, ("在校", "不在校")),
)


def name_government(township: str) -> str:
    """The government of a 镇, the office of a 街道."""
    return f"{township}{'办事处' if township.endswith('街道') else '人民政府'}"


def list_month_labels(period: Bimester) -> Iterator[tuple[str, str]]:
    """`2025-06` and 2025年6月 of each month of a period."""
    for month in period.months:
        yield month, f"{month[:4]}年{int(month[5:])}月"
