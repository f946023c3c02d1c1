"""督导室/: 督导检查表, 抽查名单 (seeded, weighted to risk), 进校点名核查表 and 入户核查表.

A draw without replacement: each unit has the key u^(1/w) with u from SHA-256(seed|unit), and the largest keys are taken
(Efraimidis and Spirakis 2006). The seed is the period, so that the same figures draw the same names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil

import polars as pl

from schemas.bimester import Bimester
from schemas.calendar import find_next_opening, read_terms
from schemas.thresholds import threshold
from transforms.documents.case_papers import read_cases
from transforms.documents.context import ReportContext
from transforms.documents.figures import School
from transforms.documents.people import make_people
from transforms.documents.reading import Source
from transforms.documents.wording import name_class
from transforms.documents.workbook import HAND_HEIGHT, Sheet, SheetColumn
from transforms.documents.zones import list_schools

FEWEST_SCHOOLS = 3
FOOT = "检查人（签字）：　　　　　　　　学校负责人（签字）：　　　　　　　　检查日期：　　　　年　　月　　日"
HOME_FOOT = "入户人（两人签字）：　　　　　　　　村社陪同人（签字）：　　　　　　　　入户日期：　　　　年　　月　　日"
VISITED = ("待核实", "待补佐证", "外地就读待转学", "劝返中", "失联")


@dataclass(frozen=True)
class Drawn:
    """One school drawn: its weight and what makes it."""

    school: School
    weight: int
    why: str


def draw(weights: Mapping[str, int], seed: str, count: int) -> list[str]:
    """Draw `count` units without replacement, a unit's chance growing with its weight; in the order drawn."""
    return sorted(weights, key=lambda unit: (-_key(seed, unit, weights[unit]), unit))[:count]


def _key(seed: str, unit: str, weight: int) -> float:
    digest = hashlib.sha256(f"{seed}|{unit}".encode()).digest()
    return float((int.from_bytes(digest[:7], "big") + 1) / 2**56) ** (1 / weight)


def list_inspection_papers(source: Source, context: ReportContext) -> Iterator[tuple[str, str, list[Sheet]]]:
    """Yield folder, file name and sheets of the inspection's papers."""
    drawn = draw_schools(context)
    cases = read_cases(source.con, context.period)
    yield "督导室", "学校控辍保学情况", [list_schools(context, list(context.schools), "全区")]
    yield "督导室", "督导检查表", [_list_checks(context)]
    yield "督导室", "抽查名单", [_list_drawn(context, drawn)]
    if roll := _list_roll_calls(source, context, drawn):
        yield "督导室", "进校点名核查表", roll
    if cases.filter(pl.col("state").is_in(VISITED)).height:
        yield "督导室", "入户核查表", [_list_visits(context, cases)]


def draw_schools(context: ReportContext) -> list[Drawn]:
    """Draw the period's schools; a school with nothing against it has weight 1."""
    known = {school.code: Drawn(school, *_weigh(school)) for school in context.schools}
    count = max(FEWEST_SCHOOLS, ceil(threshold("inspection_school_share") * len(known)))
    return [known[code] for code in draw({code: each.weight for code, each in known.items()}, f"{context.period}|学校", count)]


def _weigh(school: School) -> tuple[int, str]:
    late = sum(word in ("未报", "不全") for word in school.months)
    out = school.dropout.numerator or 0
    parts = ((2 * out, f"辍学{out}人"), (school.open_cases, f"在册案件{school.open_cases}个"), (school.overdue, f"其中逾期{school.overdue}个"),
             (3 * late, f"未报或不全{late}个月"))  # fmt: skip
    return 1 + sum(points for points, _ in parts), "、".join(word for points, word in parts if points) or "无风险项"


def _list_drawn(context: ReportContext, drawn: list[Drawn]) -> Sheet:
    rows = [(n, d.school.code, d.school.name, d.school.township, d.school.supervision_zone, d.weight, d.why)
            for n, d in enumerate(drawn, 1)]  # fmt: skip
    columns = (SheetColumn("number", "抽中次序", 8, "count"), SheetColumn("code", "学校标识码", 14), SheetColumn("name", "学校", 34),
               SheetColumn("township", "镇街", 12), SheetColumn("zone", "督导责任区", 18), SheetColumn("weight", "风险权重", 10, "count"),
               SheetColumn("why", "权重由来", 40))  # fmt: skip
    share = threshold("inspection_school_share")
    note = (f"注：抽取比例{share * 100:g}%（不少于{FEWEST_SCHOOLS}所），不放回按权重抽取：权重＝1＋2×辍学人数＋在册案件＋逾期案件＋3×未报或不全月数；"
            f"随机数由“{context.period}|学校|学校标识码”的SHA-256得出，同一期数据抽取结果相同，可复算。")  # fmt: skip
    frame = pl.DataFrame(rows, schema=[column.name for column in columns], orient="row")
    return Sheet("抽查名单", f"{context.label}督导抽查学校名单", columns, frame, note)


def _list_checks(context: ReportContext) -> Sheet:
    """A line a school for the inspector: what we hold on the left, what is found on the spot on the right."""
    rows = [
        (n, s.name, s.supervision_zone, s.pupils, s.retention.cell, s.in_school.cell, s.open_cases, s.overdue,
         "、".join(f"{month}{word}" for month, word in zip(context.months, s.months, strict=True)), *[None] * len(ASKED))
        for n, s in enumerate(context.schools, 1)
    ]  # fmt: skip
    columns = (
        SheetColumn("number", "序号", 6, "count"), SheetColumn("name", "学校", 28), SheetColumn("zone", "督导责任区", 14),
        SheetColumn("pupils", "在籍（人）", 8, "count"), SheetColumn("retention", "学年巩固率（%）", 10, "centre"),
        SheetColumn("in_school", "在校率（%）", 10, "centre"), SheetColumn("open", "在册案件", 8, "count"),
        SheetColumn("overdue", "其中逾期", 8, "count"), SheetColumn("months", "月报", 18), *ASKED,
    )  # fmt: skip
    schema = {c.name: pl.Int64 if c.kind == "count" else pl.String for c in columns}
    return Sheet("督导检查表", f"{context.label}控辍保学督导检查表", columns, pl.DataFrame(rows, schema=schema, orient="row"),
                 "注：左侧为本系统数据，右侧由督学现场核查填写。", is_form=True, foot=FOOT, least_height=HAND_HEIGHT)  # fmt: skip


ASKED = (
    SheetColumn("roll", "点名实到（人）", 10, answer=True), SheetColumn("plan", "方案和台账", 12, "centre", ("齐全", "有缺项", "没有"), answer=True),
    SheetColumn("followed", "缺勤追踪", 12, "centre", ("及时", "不及时", "没有记录"), answer=True),
    SheetColumn("told", "法治宣传", 10, "centre", ("已开展", "未开展"), answer=True), SheetColumn("found", "发现问题", 24, answer=True),
    SheetColumn("mend_by", "整改期限", 12, answer=True),
)  # fmt: skip


def _list_roll_calls(source: Source, context: ReportContext, drawn: list[Drawn]) -> list[Sheet]:
    """One class of each drawn school, drawn by the pupils found 籍在人不在 in it: the roster to call."""
    make_people(source.con)
    sheets, moves_up = [], is_read_next_year(context.period, context.issued)
    for each in drawn:
        weights = weigh_classes(source, each.school.code, moves_up)
        if chosen := draw(weights, f"{context.period}|班级|{each.school.code}", 1):
            grade, _, name = chosen[0].partition("|")
            sheets.append(_list_class(source, context, each.school, grade, name, moves_up))
    return sheets


def is_read_next_year(period: Bimester, issued: date) -> bool:
    """Whether the papers come out when the period's classes have moved up, or before the first school day after which they have."""
    day = find_next_opening(issued, read_terms()) or issued
    return day.year - (day.month < 9) > period.school_year


def weigh_classes(source: Source, code: str, moves_up: bool) -> dict[str, int]:
    """Classes of a school as `grade|class`, heavier by the pupils found 籍在人不在; none that will have left it when it is called."""
    found = source.rows("""
        select e.grade, e.class_name, count(a.person_id), e.grade = '9' or (e.grade = '6' and s.school_type in ('小学', '教学点'))
        from conformed.enrolment as e
        inner join conformed.school as s on e.school_code = s.school_code
        left join compared.absent as a on e.person_id = a.person_id
        where e.school_code = $code and e.class_name is not null group by all""", code=code)  # fmt: skip
    return {f"{grade}|{name}": 1 + 3 * gone for grade, name, gone, leaves in found if not (moves_up and leaves)}


def _list_class(source: Source, context: ReportContext, school: School, grade: str, name: str, moves_up: bool) -> Sheet:
    rows = source.rows("""
        select w.name, w.sex, e.registry_status, e.boarding from conformed.enrolment as e
        inner join paper_person as w on e.person_id = w.person_id
        where e.school_code = $code and e.grade = $grade and e.class_name = $name
        order by e.child_key""", code=school.code, grade=grade, name=name)  # fmt: skip
    rows.sort(key=lambda row: (row[0] or "").encode("gb18030"))  # in the order of pinyin, as a class list stands
    lead = f"{context.label}　学校标识码：{school.code}"
    if moves_up:
        lead += f"　班级为{context.school_year}的，开学后按升一级的班级点名"
    lines = [(number, *row, None, None) for number, row in enumerate(rows, 1)]
    columns = (SheetColumn("number", "序号", 6, "count"), SheetColumn("name", "姓名", 12), SheetColumn("sex", "性别", 6, "centre"),
               SheetColumn("status", "学籍状态", 10, "centre"), SheetColumn("boarding", "就读方式", 10, "centre"),
               SheetColumn("called", "点名情况", 14, "centre", ("在校", "请假", "休学", "送教", "不在校"), answer=True),
               SheetColumn("note", "说明", 30, answer=True))  # fmt: skip
    schema = {c.name: pl.Int64 if c.kind == "count" else pl.String for c in columns}
    title = f"{school.name}{name_class(grade, name)}进校点名核查表"
    return Sheet(_name_sheet(school, grade, name), title, columns, pl.DataFrame(lines, schema=schema, orient="row"),
                 "注：班级在本校各班中按籍在人不在人数加权抽取，名单为期末在籍学生。", is_form=True, foot=FOOT, least_height=HAND_HEIGHT,
                 lead=lead)  # fmt: skip


def _name_sheet(school: School, grade: str, name: str) -> str:
    """A sheet's name holds 31 characters, and not those that workbooks forbid."""
    tail = name_class(grade, name)
    plain = school.short.translate(str.maketrans("[]:*?/\\", "（）：＊？／＼"))
    return plain[: 31 - len(tail) - 1] + " " + tail


def _list_visits(context: ReportContext, cases: pl.DataFrame) -> Sheet:
    """Open cases drawn for a visit at home, heavier where a child is out, a clock has run out or the household is monitored."""
    rows = {str(row["case_no"]): row for row in cases.filter(pl.col("state").is_in(VISITED)).iter_rows(named=True)}
    weights = {
        number: 1 + 2 * (row["state"] in ("劝返中", "失联")) + 2 * ((row["overdue_working_days"] or 0) > 0) + 2 * bool(row["is_monitored"])
        for number, row in rows.items()
    }
    chosen = draw(weights, f"{context.period}|入户", int(threshold("inspection_home_visits")))
    lines = [
        (n, number, *(rows[number][key] for key in ("name", "township", "village", "address", "guardian", "phone", "school_name", "state")),
         weights[number], None, None)
        for n, number in enumerate([number for number in rows if number in set(chosen)], 1)  # by 镇街 and village, as read
    ]  # fmt: skip
    columns = (
        SheetColumn("number", "序号", 6, "count"), SheetColumn("case_no", "案件编号", 16), SheetColumn("name", "姓名", 9),
        SheetColumn("township", "镇街", 11), SheetColumn("village", "村社", 10, "village"), SheetColumn("address", "住址", 22),
        SheetColumn("guardian", "监护人", 9), SheetColumn("phone", "联系电话", 13), SheetColumn("school", "学校", 20),
        SheetColumn("state", "状态", 12, "centre"), SheetColumn("weight", "权重", 6, "count"),
        SheetColumn("found", "入户情况", 14, "centre", ("在校就读", "外地就读", "在家", "外出", "查无此人", "其他"), answer=True),
        SheetColumn("note", "说明", 24, answer=True),
    )  # fmt: skip
    schema = {c.name: pl.Int64 if c.kind == "count" else pl.String for c in columns}
    note = "注：权重＝1＋2（未返校或失联）＋2（逾期）＋2（脱贫户和监测对象家庭），不放回抽取，方法同抽查名单。含儿童个人信息，用毕收回。"
    return Sheet("入户核查表", f"{context.label}督导入户核查表", columns, pl.DataFrame(lines, schema=schema, orient="row"), note,
                 is_form=True, foot=HOME_FOOT, least_height=HAND_HEIGHT)  # fmt: skip
