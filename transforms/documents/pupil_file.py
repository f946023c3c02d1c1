"""一生一档 and 残疾儿童一人一案: one file a child, everything we hold of it, for those who must find and teach it (L0)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from schemas.bimester import Bimester
from transforms.documents.batch import Order
from transforms.documents.blocks import Column, Grid, GridCell, GridRow, Table, label_pairs
from transforms.documents.case_papers import OPENED_BY
from transforms.documents.masks import MASKS
from transforms.documents.naming import name_school_folder, name_township_folder
from transforms.documents.subjects import Happening, Subject
from transforms.documents.templates import Kind
from transforms.documents.wording import MISSING, name_grade, print_date, print_month

FILE, PLAN = "一生一档", "残疾儿童一人一案"
FULL = MASKS["L0"]
SIZE = 10.5  # 五号, as the boxes
Case = Mapping[str, Any]

# Kind of happening → caption, headings with their shares of the width; the first column is the day or month.
TABLES: dict[str, tuple[str, tuple[tuple[str, float], ...]]] = {
    "学籍": ("学籍记录", (("期间", 2), ("学校", 4), ("年级", 1), ("班级", 1), ("学籍状态", 2))),
    "在校": ("在校情况", (("月份", 2), ("在校状态", 2), ("最长连续无故缺勤（天）", 3), ("缺勤起始日", 2))),
    "经过": ("案件经过", (("日期", 2.2), ("案件编号", 2.6), ("事项", 3.4), ("单位", 1.4))),
    "核实": ("核实记录", (("日期", 2.1), ("核实单位", 1.25), ("核实结果", 1.6), ("去向", 1.5), ("佐证材料", 1.5), ("方式", 1.25),
                    ("核实人", 1.3), ("审核人", 1))),
    "劝返": ("劝返记录", (("日期", 2.1), ("单位", 0.75), ("劝返人", 1.3), ("方式", 1), ("文书", 1.55), ("辍学原因", 1.25),
                    ("结果", 1.25), ("安置方式", 1.25), ("备注", 1.05))),
    "资助": ("本学年资助", (("发放日期", 2), ("资助项目", 4), ("金额（元）", 2))),
}  # fmt: skip


@dataclass(frozen=True)
class PupilFile:
    """One child's file: registry and family, its cases, and what happened, each table only where it has a row."""

    subject: Subject
    cases: tuple[Case, ...]
    happened: Mapping[str, list[Happening]]
    as_of: date
    keeper: str

    @property
    def is_open(self) -> bool:
        """Whether a case of the child is still open."""
        return any(case["state"] != "已销号" for case in self.cases)

    @property
    def as_of_text(self) -> str:
        """截至日."""
        return print_date(self.as_of)

    @property
    def tables(self) -> dict[str, Table | Grid]:
        """基本信息, 案件1…, one table a kind of happening, 签字."""
        found: dict[str, Table | Grid] = {"基本信息": describe_child(self.subject)}
        found |= {f"案件{n}": _describe_case(case) for n, case in enumerate(self.cases, 1)}
        for kind, (_, heads) in TABLES.items():
            if rows := self.happened.get(kind):
                columns = tuple(Column(title, weight) for title, weight in heads)
                found[kind] = Table(kind, "", columns, tuple(_print_happening(kind, r) for r in _sort(rows)), size=SIZE)
        return found | {"签字": SIGNED}

    @property
    def case_tables(self) -> tuple[str, ...]:
        """The names of the grids of cases, the newest last."""
        return tuple(f"案件{n}" for n in range(1, len(self.cases) + 1))

    @property
    def sections(self) -> tuple[str, ...]:
        """The kinds of happening that have a row."""
        return tuple(kind for kind in TABLES if self.happened.get(kind))

    @property
    def captions(self) -> dict[str, str]:
        """Kind of happening → its heading."""
        return {kind: caption for kind, (caption, _) in TABLES.items()}


SIGNED = Grid("签字", (1, 2, 1, 2), (
    GridRow((GridCell("班主任或|包保责任人", label=True), GridCell(""), GridCell("单位负责人", label=True), GridCell("")), 12),
    GridRow((GridCell("单位（盖章）", label=True), GridCell(""), GridCell("建档日期", label=True), GridCell("　　　　年　　月　　日")), 12),
))  # fmt: skip


def describe_child(child: Subject) -> Grid:
    """Who the child is: registry, home and guardian, in full."""
    return label_pairs("基本信息", (
        ("姓名", child.name), ("性别", child.sex),
        ("出生日期", FULL.birth(child.birth_date)), ("民族", child.ethnicity),
        (child.id_type or "身份证件号", child.id_number), ("学籍号", child.registry_number),
        ("学校", child.school_name or "无学籍记录"), ("年级班级", " ".join(filter(None, (child.class_words, child.registry_status)))),
        ("入学年月", _month(child.entry_month)), ("就读方式", child.boarding),
        ("户籍状态", child.hukou_status), ("户口性质", child.hukou_type),
        ("镇街村社", child.township + child.village), ("重点群体", child.groups),
        ("监护人", child.guardian + (f"（{child.guardian_relation}）" if child.guardian_relation else "")),
        ("联系电话", child.phone), ("现住址", child.address),
    ), weights=(1.2, 2.4))  # fmt: skip


def _describe_case(case: Case) -> Grid:
    """A case's sums: only what is known of it."""
    late = case["overdue_working_days"] or 0
    due = _day(case["due_on"]) + (f"（已逾期{late}个工作日）" if late else "")
    pairs = (
        ("案件编号", case["case_no"]), ("现状", case["state"]),
        ("立案日期", _day(case["opened_on"])), ("立案由来", OPENED_BY.get(case["opened_by"], case["opened_by"])),
        ("批次", case["batch"] if case["opened_by"] == "listed" else None), ("比对提示", case["likely_cause"]),
        ("责任单位", case["owner_office"]), ("协同单位", case["beside_office"]), ("办理期限", due),
        ("最近核实结果", case["verification_result"]),
        ("名单下发前的结论（拟填）", case["held_result"]), ("认定辍学日期", _day(case["confirmed_on"])),
        ("辍学日期", _day(case["dropped_out_on"])), ("辍学原因", case["dropout_reason"]),
        ("复学日期", _day(case["returned_on"])), ("安置方式", case["return_placement"]),
        ("观察期至", _day(case["watched_until"])), ("跟踪截止日期", _day(case["holds_until"]) if case["state"] == "在册跟踪" else None),
        ("再次离校次数", str(case["relapses"]) if case["relapses"] else None),
        ("销号日期", _day(case["closed_on"])), ("销号类别", case["closed_as"]),
    )  # fmt: skip
    return label_pairs("案件", tuple((label, text) for label, text in pairs if text), weights=(1.2, 2.4))


def _month(value: str) -> str:
    """2023-09 → 2023年9月, the way the other days of the box are written."""
    return f"{value[:4]}年{print_month(value)}" if value else ""


def _day(value: date | None) -> str:
    return print_date(value) if value else ""


def _sort(rows: list[Happening]) -> list[Happening]:
    """The course of a case by day, and within a day in the order of its events; everything else as read."""
    if rows[0].kind != "经过":
        return rows
    return sorted(rows, key=lambda row: (row.words[0], row.happened_on or date.min, int(row.words[-1])))


def _print_happening(kind: str, row: Happening) -> tuple[str, ...]:
    """One row as its table's columns print it; what nobody wrote down stays empty."""
    day, words = _day(row.happened_on), row.words
    match kind:
        case "学籍":
            school, grade, room, status = words
            return (Bimester.parse(row.month or "").label, school, name_grade(grade), room and f"{room}班", status)
        case "在校":
            return (_month(row.month or ""), words[0], words[1], day)
        case "经过":
            return (day, *words[:3])
        case "资助":
            return (day, words[0], words[1].removesuffix(".0"))
        case _:
            return (day, *words)


@dataclass(frozen=True)
class DisabledPlan:
    """One disabled child's plan: what the registers say, and the places where the school and its experts write."""

    subject: Subject
    as_of: date
    keeper: str

    @property
    def as_of_text(self) -> str:
        """截至日."""
        return print_date(self.as_of)

    @property
    def needs_record(self) -> bool:
        """Whether it is one of 残疾儿童未安置: no placement, or placed at home without a record."""
        return self.subject.is_unplaced

    @property
    def taught_at_home(self) -> str:
        """送教上门 or 远程教育; empty where the child has any other place or none."""
        return self.subject.placement if self.subject.placement in ("送教上门", "远程教育") else ""

    @property
    def tables(self) -> dict[str, Table | Grid]:
        """基本信息, 残疾和安置, and what is written by hand."""
        child = self.subject
        pairs = (
            ("残疾类别", child.disability_kind), ("残疾等级", child.disability_grade or "未评定"),
            ("残疾证号", child.disability_number), ("评估日期", _day(child.assessed_on)),
            ("安置方式", child.placement or "未登记"), ("安置学校", child.placement_school or child.school_name or MISSING),
            ("随班就读类别", child.inclusive_class.removeprefix("非")), ("本期送教次数", child.home_lessons and f"{child.home_lessons}次"),
            ("评估意见", child.assessment),
        )  # fmt: skip
        return {
            "基本信息": describe_child(child),
            "残疾和安置": label_pairs("残疾和安置", tuple((label, text) for label, text in pairs if text), weights=(1.2, 2.4)),
            "方案": PLANNED,
            "签字": SIGNED,
        }


PLANNED = Grid("方案", (1, 5), tuple(
    GridRow((GridCell(label, label=True), GridCell("")), height)
    for label, height in (("专家委员会|入学建议", 14), ("教学和|康复安排", 20), ("送教或|随班措施", 16), ("资助和|辅助器具", 12),
                          ("责任教师", 9), ("监护人意见", 12))
))  # fmt: skip

KINDS = (
    Kind("一生一档.md.j2", PupilFile, ("基本信息", *TABLES, "签字")),
    Kind("残疾儿童一人一案.md.j2", DisabledPlan, ("基本信息", "残疾和安置", "方案", "签字")),
)


def choose_keeper(child: Subject) -> tuple[str, str] | None:
    """The folder and name of who keeps a child's file: its school, else its 镇街, else nobody outside the district."""
    if child.school_name:
        return name_school_folder(child.school_code, child.school_name), child.school_name
    return (name_township_folder(child.township), child.township) if child.township else None


def order_pupil_files(
    subjects: Mapping[int, Subject], cases: pl.DataFrame, happened: Mapping[int, Mapping[str, list[Happening]]], period: Bimester
) -> Iterator[Order]:
    """Order one 一生一档 per child with a case open or closed this school year, named by its newest case."""
    start = date(period.school_year, 9, 1)
    live = cases.filter(pl.col("closed_on").is_null() | (pl.col("closed_on") >= start)).sort("opened_on", "case_no")
    for (person,), rows in live.group_by("person_id", maintain_order=True):
        child = subjects[person]
        if (keeper := choose_keeper(child)) is not None:
            found = tuple(rows.iter_rows(named=True))
            file = PupilFile(child, found, dict(happened.get(person, {})), period.last_day, keeper[1])
            yield Order(f"{keeper[0]}/{FILE}", str(found[-1]["case_no"]), "一生一档.md.j2", (file,))


def order_disabled_plans(subjects: Mapping[int, Subject], period: Bimester) -> Iterator[Order]:
    """Order one 一人一案 per disabled child of school age, numbered within its keeper's folder."""
    count: dict[str, int] = {}
    for child in subjects.values():
        keeper = choose_keeper(child)
        if not child.is_disabled or not child.is_school_age or keeper is None:
            continue
        count[keeper[0]] = count.get(keeper[0], 0) + 1
        plan = DisabledPlan(child, period.last_day, keeper[1])
        yield Order(f"{keeper[0]}/{PLAN}", f"{count[keeper[0]]:02d}", "残疾儿童一人一案.md.j2", (plan,))
