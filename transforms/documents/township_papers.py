"""What a 镇街 gets besides its forms: 情况通报函 from the 教委 and 村社劝学责任清单 by village (contract §7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb
import polars as pl

from schemas.bimester import Bimester
from transforms.documents.blocks import Column, Grid, GridCell, GridRow, Table
from transforms.documents.masks import MASKS
from transforms.documents.subjects import Happening
from transforms.documents.tasks import Case
from transforms.documents.templates import Kind
from transforms.documents.wording import MISSING, print_date, shorten_village
from transforms.documents.workbook import HAND_HEIGHT, Sheet, SheetColumn

SHARED = MASKS["L1"]
OUT = ("劝返中", "失联")
UNKNOWN = ("待核实", "待补佐证")


def is_for_township(case: Case) -> bool:
    """Whether the 镇街 or its village answers for a case, not a school: its 任务单 and 情况通报函 both count by this."""
    return not case["school_name"] or case["owner_level"] in ("village", "township")


@dataclass(frozen=True)
class TownshipLetter:
    """情况通报函: the children of one 镇街 who are out of school or not accounted for. `visits`: by case number, in order."""

    township: str
    government: str
    issuer: str
    period: str
    issued_text: str
    as_of_text: str
    reply_by: str
    contact: str
    cases: tuple[Case, ...]
    returned: int
    visits: Mapping[str, tuple[Happening, ...]]

    @property
    def is_street(self) -> bool:
        """A 街道, which orders nobody: the 教委 does."""
        return self.township.endswith("街道")

    @property
    def word(self) -> str:
        """街道 or 镇, as the letter addresses it."""
        return "街道" if self.is_street else "镇"

    @property
    def out(self) -> int:
        """辍学未返 and 失联."""
        return self._count(*OUT)

    @property
    def own_count(self) -> int:
        """Children on the list that the 镇街 and its villages answer for."""
        return sum(is_for_township(case) for case in self.cases)

    @property
    def beside_count(self) -> int:
        """Children on the list whom somebody else answers for, the 镇街 helping."""
        return len(self.cases) - self.own_count

    @property
    def lost(self) -> int:
        """失联."""
        return self._count("失联")

    @property
    def unknown(self) -> int:
        """Still to be found out about."""
        return self._count(*UNKNOWN)

    @property
    def overdue(self) -> int:
        """Cases past their day."""
        return sum((case["overdue_working_days"] or 0) > 0 for case in self.cases)

    @property
    def monitored(self) -> int:
        """Of monitored households."""
        return sum(bool(case["is_monitored"]) for case in self.cases)

    @property
    def visited(self) -> int:
        """Children out of school who were visited."""
        return sum(bool(self.visits.get(case["case_no"])) for case in self._list_out())

    @property
    def unvisited(self) -> int:
        """Children out of school whom nobody visited."""
        return self.out - self.visited

    @property
    def visit_total(self) -> int:
        """Visits to them."""
        return sum(len(self.visits.get(case["case_no"], ())) for case in self._list_out())

    @property
    def reasons_text(self) -> str:
        """The reasons given for leaving, the most frequent first."""
        found = Counter(case["dropout_reason"] for case in self._list_out() if case["dropout_reason"])
        return "、".join(f"{reason}{count}人" for reason, count in sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))

    @property
    def has_work_reason(self) -> bool:
        """Whether somebody left to work."""
        return any(case["dropout_reason"] == "外出务工" for case in self.cases)

    @property
    def tables(self) -> dict[str, Table | Grid]:
        """名单, 劝返 where there was a visit, 回执."""
        rows = tuple(
            (str(n), SHARED.name(c["name"]), c["sex"] or "", SHARED.birth(c["birth_date"]) or MISSING, c["school_name"] or "无学籍记录",
             c["guardian"] or MISSING, SHARED.phone(c["phone"]) or MISSING, shorten_village(c["village"]) or MISSING, c["state"],
             print_date(c["absent_from"]) if c["absent_from"] else MISSING, c["dropout_reason"] or MISSING)
            for n, c in enumerate(self.cases, 1)
        )  # fmt: skip
        found: dict[str, Table | Grid] = {"名单": Table("名单", "", LIST_COLUMNS, rows)}
        visits = tuple(
            (c["name"], print_date(visit.happened_on) if visit.happened_on else MISSING, *(word or MISSING for word in visit.words[:4]),
             visit.words[5] or MISSING)
            for c in self.cases for visit in self.visits.get(c["case_no"], ())
        )  # fmt: skip
        if visits:
            found["劝返"] = Table("劝返", "", VISIT_COLUMNS, visits)
        return found | {"回执": _write_receipt(f"{self.issuer}关于{self.period}控辍保学情况的函")}

    def _count(self, *states: str) -> int:
        return sum(case["state"] in states for case in self.cases)

    def _list_out(self) -> tuple[Case, ...]:
        return tuple(case for case in self.cases if case["state"] in OUT)


LIST_COLUMNS = (
    Column("序号", 0.6), Column("姓名", 1.15), Column("性别", 0.6), Column("出生年月", 1.3), Column("原就读学校", 2.25), Column("监护人", 1.15),
    Column("联系电话", 1.7), Column("村社", 1.3), Column("情形", 1.15), Column("缺勤起始日", 1.65), Column("原因", 1.1),
)  # fmt: skip
VISIT_COLUMNS = (Column("姓名"), Column("日期", 1.8), Column("单位"), Column("劝返人", 1.2), Column("方式", 1.2), Column("文书", 1.8),
                 Column("结果", 1.2))  # fmt: skip


def _write_receipt(title: str) -> Grid:
    return Grid("回执", (1.2, 2, 1.2, 2), (
        GridRow((GridCell("来函标题", label=True), GridCell(title, 3)), 14),
        GridRow((GridCell("收函日期", label=True), GridCell("　　　　年　　月　　日"), GridCell("签收人", label=True), GridCell("")), 14),
        GridRow((GridCell("办理情况", label=True), GridCell("", 3)), 60),
        GridRow((GridCell("单位（盖章）", label=True), GridCell(""), GridCell("填报日期", label=True), GridCell("　　　　年　　月　　日")), 18),
    ))  # fmt: skip


KINDS = (Kind("情况通报函.md.j2", TownshipLetter, ("名单", "劝返", "回执")),)

DUTY = (
    ("number", "序号", 5), ("case_no", "案件编号", 14.5), ("name", "姓名", 8), ("sex", "性别", 5), ("birth_date", "出生日期", 10.5),
    ("id_number", "身份证件号", 18.5), ("guardian", "监护人", 8), ("phone", "联系电话", 11.5), ("address", "家庭住址", 16),
    ("school_name", "原就读学校", 12), ("state", "情形", 8), ("due_on", "办理期限", 10.5),
)  # fmt: skip
# With these the list keeps to the A4 that a village has.
ANSWERS = (("leader", "包保干部", 8), ("visited_on", "走访日期", 10), ("found", "走访情况", 16), ("result", "结果", 9))


def list_duty_lists(con: duckdb.DuckDBPyConnection, cases: pl.DataFrame, period: Bimester) -> Iterator[tuple[str, str, Sheet]]:
    """Yield 镇街, 村社 and its 劝学责任清单: each child to be found or brought back there, and blank lines for others."""
    wanted = cases.filter(pl.col("state").is_in([*OUT, *UNKNOWN, "外地就读待转学"]) & pl.col("village").is_not_null())
    persons = _read_responsible(con)
    columns = (*(SheetColumn(n, title, width, "centre" if n in ("number", "sex") else "text") for n, title, width in DUTY),
               *(SheetColumn(n, title, width, answer=True) for n, title, width in ANSWERS))  # fmt: skip
    for (town, village), part in wanted.group_by("township", "village", maintain_order=True):
        rows = part.with_row_index("number", 1).select(
            *(pl.col(n).cast(pl.String) for n, _, _ in DUTY), *(pl.lit(None, pl.String).alias(n) for n, _, _ in ANSWERS)
        )
        who = persons.get((str(town), str(village)), "　　　　　　")
        lead = f"镇街：{town}　村社：{village}　村社责任人：{who}"
        yield str(town), str(village), Sheet(
            "劝学责任清单", f"{village}{period.label}劝学责任清单", columns, rows, note=DUTY_NOTE, lead=lead, foot=DUTY_FOOT,
            spare=5, is_form=True, least_height=HAND_HEIGHT)  # fmt: skip


DUTY_NOTE = "注：逐人入户，结果同时填入核实反馈表或劝返记录表；本村社另有未列出的疑似失学、辍学儿童写在空行。"
DUTY_FOOT = "村社（盖章）：　　　　　　村社负责人：　　　　镇街包片领导：　　　　填报日期：　　　年　　月　　日"


def _read_responsible(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], str]:
    """Who answers for each village, with the telephone, from the newest roster of areas."""
    rows = con.execute("""
        select parent_township, area_name, responsible_person, phone from validated.area
        where level = '村社' and responsible_person is not null
        qualify row_number() over (partition by parent_township, area_name order by period desc, file_id, source_row) = 1
        order by all""").fetchall()
    return {(town, village): " ".join(filter(None, (name, phone))) for town, village, name, phone in rows}
