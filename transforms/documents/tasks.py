"""任务单 of a school or a 镇街, on one page: what must be done by when, from the state of each open case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from schemas.cases import STATES
from schemas.compared import COMPARISONS
from transforms.documents.blocks import Column, Grid, Table
from transforms.documents.figures import Count
from transforms.documents.templates import Kind
from transforms.documents.wording import MISSING, print_date, shorten_village

Case = Mapping[str, Any]
SIZE = 10.5
LISTED = (12, 8, 4, 0)  # how many children stand by name: fewer where the page is full

# What a state asks of whoever has the case (contract §6).
TO_DO = {
    "劝返中": "上门劝返并送达文书，记入劝返记录表",
    "失联": "会同镇街、村社和公安查找，查明即报",
    "待核实": "逐人核实去向，填核实反馈表并附佐证",
    "待补佐证": "补交佐证材料，逾期退回重新核实",
    "外地就读待转学": "督促办结转学，报就读学校和学籍号",
    "复学跟踪": "每日跟踪考勤至观察期满，再缺勤即报",
    "在册跟踪": "跟踪至期限届满，到期前重新核实",
}
# What else a comparison found, and what is asked (a comparison that opens cases is asked about above).
ALSO = {
    "duplicate_registry": "核对后办理删除、佐证或变更",
    "name_mismatch": "对照户口簿更正学籍或出具佐证",
    "no_registry": "核实身份，办理建籍或转入",
    "elsewhere": "督促办结转学",
    "to_vocational": "核实是否完成义务教育，报区教委",
    "disabled_out": "报教育专家委员会评估安置",
    "unaided": "核对后补发或说明",
    "boarding_unmet": "安排寄宿或说明",
    "unguarded": "会同村社落实受委托照护人",
    "long_leave": "办理休学或督促返校",
}


@dataclass(frozen=True)
class Task:
    """One recipient's page. `cases`: its open cases; `own`: the levels whose cases are its to do, not only to help with.

    beside: open cases of a 镇街's children that a school answers for; they are told of as a number.
    """

    recipient: str
    own: tuple[str, ...]
    period: str
    as_of_text: str
    issuer: str
    issued_text: str
    cases: tuple[Case, ...]
    silent: tuple[str, ...]
    coming: tuple[str, ...]
    report_day: int
    reply_by: str
    problems: tuple[Count, ...]
    found: Mapping[str, int]
    villages: tuple[tuple[str, int, int], ...]
    enclosed: tuple[str, ...]
    shown: int
    beside: tuple[Case, ...] = ()

    @property
    def open_count(self) -> int:
        """Open cases."""
        return len(self.cases)

    @property
    def own_count(self) -> int:
        """Open cases that are the recipient's own to do."""
        return sum(case["owner_level"] in self.own for case in self.cases)

    @property
    def beside_text(self) -> str:
        """待核实2人（逾期1人）、劝返中1人: what stands with schools, by state."""
        return "、".join(_tell_state(state, part) for state in TO_DO
                        if (part := [case for case in self.beside if case["state"] == state]))  # fmt: skip

    @property
    def overdue(self) -> int:
        """Open cases past their day."""
        return sum(_is_late(case) for case in self.cases)

    @property
    def undated(self) -> int:
        """Open cases whose day lies past the calendars: none is guessed."""
        return sum(case["due_on"] is None for case in self.cases)

    @property
    def problem_total(self) -> int:
        """Rows of data to be mended."""
        return sum(problem.count for problem in self.problems)

    @property
    def problems_text(self) -> str:
        """The rules most often broken."""
        return "、".join(f"{p.label}{p.count}条" for p in self.problems[:5]) + ("等" if len(self.problems) > 5 else "")

    @property
    def silent_text(self) -> str:
        """5月、6月."""
        return "、".join(self.silent)

    @property
    def coming_text(self) -> str:
        """The months that must be reported next."""
        return "、".join(self.coming)

    @property
    def enclosed_text(self) -> str:
        """The papers of the folder."""
        return "、".join(self.enclosed)

    @property
    def is_quiet(self) -> bool:
        """Nothing to do but to report."""
        return not (self.cases or self.beside or self.silent or self.problems or self.found)

    @property
    def tables(self) -> dict[str, Table | Grid]:
        """案件 by state, 学生 by name, 其他, 村社: each where it has a row."""
        found: dict[str, Table | Grid] = {}
        if self.cases:
            found["案件"] = Table("案件", "", STATE_COLUMNS, tuple(_sum_states(self.cases, self.own)), size=SIZE)
        if named := self.list_first():
            place = Column("村社" if self.goes_by_village else "班级或村社", 2.4)
            found["学生"] = Table("学生", "", (NAME_COLUMNS[0], place, *NAME_COLUMNS[1:]), named, size=SIZE)
        if self.villages:
            rows = tuple((name, str(count), str(late) if late else MISSING) for name, count, late in self.villages)
            found["村社"] = Table("村社", "", VILLAGE_COLUMNS, rows, size=SIZE)
        also = tuple((COMPARISONS[name].label, f"{self.found[name]}人", ALSO[name]) for name in ALSO if self.found.get(name))
        if also:
            found["其他"] = Table("其他", "", ALSO_COLUMNS, also, size=SIZE)
        return found

    @property
    def left_unnamed(self) -> bool:
        """Whether more children are due than stand by name."""
        return self.shown < sum(case["due_on"] is not None for case in self.cases)

    def list_first(self) -> tuple[tuple[str, ...], ...]:
        """The children whose day comes first."""
        due = sorted((c for c in self.cases if c["due_on"]), key=lambda c: (c["due_on"], c["case_no"]))
        return tuple(
            (c["name"], self._find_place(c), c["state"], print_date(c["due_on"]),
             f"逾期{c['overdue_working_days']}个工作日" if _is_late(c) else MISSING)
            for c in due[: self.shown]
        )  # fmt: skip

    @property
    def goes_by_village(self) -> bool:
        """A 镇街 finds a child by its village, a school by its class."""
        return "village" in self.own

    def _find_place(self, case: Case) -> str:
        village = shorten_village(case["village"])
        return (village or case["class"] if self.goes_by_village else case["class"] or village) or MISSING


STATE_COLUMNS = (Column("情形", 1.9), Column("人数", 0.8), Column("主责", 0.8), Column("逾期", 0.8), Column("最早期限", 2.6),
                 Column("怎样办理", 5.4, "left"))  # fmt: skip
NAME_COLUMNS = (Column("姓名", 1.2), Column("情形", 1.6), Column("期限", 2), Column("提示", 2))
VILLAGE_COLUMNS = (Column("村社", 4), Column("未销号人数", 1.4), Column("其中逾期", 1.4))
ALSO_COLUMNS = (Column("事项", 3), Column("人数", 1), Column("怎样办理", 5, "left"))


def _is_late(case: Case) -> bool:
    return (case["overdue_working_days"] or 0) > 0


def _tell_state(state: str, cases: list[Case]) -> str:
    late = sum(_is_late(case) for case in cases)
    return f"{state}{len(cases)}人" + (f"（逾期{late}人）" if late else "")


def _sum_states(cases: tuple[Case, ...], own: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    order = [state for state in TO_DO if state in STATES]
    for state in order:
        part = [case for case in cases if case["state"] == state]
        if part:
            mine, late = sum(c["owner_level"] in own for c in part), sum(_is_late(c) for c in part)
            dues = [c["due_on"] for c in part if c["due_on"]]
            yield (state, str(len(part)), str(mine) if mine else MISSING, str(late) if late else MISSING,
                   print_date(min(dues)) if dues else MISSING, TO_DO[state])  # fmt: skip


def sum_villages(cases: tuple[Case, ...]) -> tuple[tuple[str, int, int], ...]:
    """Village, open cases and how many of them are late; those without a village under 未定村社."""
    count = Counter(case["village"] or "未定村社" for case in cases)
    late = Counter(case["village"] or "未定村社" for case in cases if _is_late(case))
    return tuple((name, count[name], late[name]) for name in sorted(count))


def shorten(task: Task) -> tuple[Task, ...]:
    """The same page with fewer children by name, then without villages, so that one of them fits."""
    pages = [replace(task, shown=shown) for shown in LISTED]
    return (*pages, replace(task, shown=0, villages=()))


KINDS = tuple(
    Kind(template, Task, ("案件", "学生", "村社", "其他")) for template in ("学校任务单.md.j2", "镇街任务单.md.j2")
)
