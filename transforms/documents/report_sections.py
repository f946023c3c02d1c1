"""What the sections of the 工作底稿 say in words: counts of `counted` joined into ready phrases; zeros stay unsaid."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from transforms.documents.context import ReportContext
from transforms.documents.counted import Cell, Counts
from transforms.documents.figures import Area, Rate
from transforms.documents.quarter import find_quarter
from transforms.documents.reading import STATES
from transforms.documents.report_tables import AIDED
from transforms.documents.wording import join_names, print_label

OUTCOMES = {
    "in_school": "在校就读", "elsewhere": "外地就读", "register_fault": "户籍或证件问题", "finished": "毕业或超龄", "gone": "死亡或出国（境）",
    "other": "其他情形销号", "tracked": "转入在册跟踪", "dropped_out": "转入辍学学生台账",
}  # fmt: skip
RETURNS = {
    "moved_out": "转出", "suspended": "休学", "excused": "请假", "died": "死亡", "home_taught": "送教上门", "unknown": "去向不明",
}  # fmt: skip


def name_sections(context: ReportContext) -> dict[str, Any]:
    """Name what sections three to ten and twelve say; a section's table stands in `c` only where it has a row."""
    c, quarter = context.counts, find_quarter(context.period)
    closed = c.get("closings")
    return {
        "c": c,
        "outcomes_text": _say(c.get("suspect_by_township"), OUTCOMES),
        "closing_total": closed.sums["suspected"] if closed else 0,
        "closings_text": _say_rows(closed, "suspected"),
        "other_closings": closed.sums["dropout"] + closed.sums["tracked"] if closed else 0,
        "stages_text": _say_stages(c.get("case_by_stage")),
        "reasons_text": _say_rows(c.get("dropout_reasons"), "children"),
        "causes_text": _say_causes(c.get("causes")),
        "returns_text": _say(c.get("opening_return"), RETURNS),
        "base_label": context.base_label,
        "term_opens": context.term_opens,
        "has_opened": context.has_opened,
        "placements_text": _say_rows(c.get("disabled_by_placement"), "children"),
        "elsewhere_text": _say_rows(c.get("elsewhere"), "children"),
        "movements_text": _say_movements(c.get("movements")),
        "breaches_text": _say_breaches(c.get("work_breaches")),
        "registry_text": _say(c.get("registry_faults"), {"删除": "拟删除", "佐证": "拟佐证", "变更": "拟变更"}, "条"),
        "due_text": _say_due(c.get("due_by_owner")),
        "undated": context.undated,
        "aid": context.rate("aid_coverage_rate"),
        "aid_short": _say_short_groups(context, "aid_coverage_rate", AIDED),
        "boarding": context.rate("boarding_met_rate"),
        "guardians": context.rate("guardian_ok_rate"),
        "help_plans": context.rate("help_plan_rate"),
        "publicity": context.rate("publicity_coverage"),
        "disabled_rate": context.rate("enrolment_rate_disabled"),
        "return_rate": context.rate("return_rate"),
        "relapse": context.rate("relapse_rate"),
        "verification": context.rate("verification_rate"),
        "on_time": context.rate("verification_on_time_rate"),
        "transition": context.rate("transition_rate"),
        "leavers": context.rate("unconfirmed_leaver_share"),
        **{name: context.finding(name) for name in (
            "unguarded", "disabled_out", "unaided", "boarding_unmet", "elsewhere", "to_vocational", "long_leave",
            "unaccounted", "transition_gap", "no_registry", "name_mismatch", "migrant_out", "no_household")},
        "unrun_text": join_names(context.unrun, 20),
        "fallen_schools": _say_fallen(context),
        "missing_areas": _say_most([(a.name, a.enrolment.missing) for a in context.areas if a.enrolment.reported]),
        "out_areas": _say_most([(a.name, _count_out(a)) for a in context.areas], 3),
        "lost_schools": _say_most([(s.short, s.retention.missing) for s in context.schools if s.retention.reported], 3, ""),
        "late_owners": _say_rows(c.get("due_by_owner"), "overdue"),
        "quarter_label": quarter.label if quarter else "",
    }  # fmt: skip


def _say(counts: Counts | None, words: dict[str, str], unit: str = "人") -> str:
    """在校就读6人、外地就读3人: the sums of the named columns that are not zero."""
    sums = counts.sums if counts else {}
    return "、".join(f"{word}{sums[key]}{unit}" for key, word in words.items() if sums.get(key))


def _say_rows(counts: Counts | None, key: str, unit: str = "人") -> str:
    """学习困难3人、外出务工1人: each row's label with one of its counts."""
    if counts is None:
        return ""
    at = counts.keys.index(key)
    return "、".join(f"{print_label(str(row[0]))}{row[at]}{unit}" for row in counts.rows if row[at])


def _say_stages(counts: Counts | None) -> str:
    """小学：疑似3人、未返1人；初中：…"""
    parts = []
    for label in [row[0] for row in counts.rows] if counts else []:
        cells = counts.find(str(label)) if counts else {}
        said = _join_cells(cells, {"suspected": "疑似对象", "still_out": "未返校", "back": "已劝返复学"})
        parts += [f"{label}{said}"] if said else []
    return "；".join(parts)


def _join_cells(cells: dict[str, Cell], words: dict[str, str]) -> str:
    return "、".join(f"{word}{cells[key]}人" for key, word in words.items() if cells.get(key))


def _say_causes(counts: Counts | None) -> str:
    """The causes proposed for 适龄未入学 and 籍在人不在 together would count a child twice: only the first is said."""
    return _say_rows(counts, "unenrolled") if counts else ""


def _say_movements(counts: Counts | None) -> str:
    if counts is None:
        return ""
    done, open_ = counts.keys.index("done"), counts.keys.index("under_way")
    return "、".join(
        f"{row[0]}{row[done]}人次" + (f"（另有{row[open_]}人次办理中）" if row[open_] else "") for row in counts.rows if row[done]
    )


def _say_breaches(counts: Counts | None) -> str:
    if counts is None:
        return ""
    title, at = counts.keys.index("limit_title"), counts.keys.index("schools")
    return "、".join(f"{row[title]}{row[at]}所" for row in counts.rows if row[at])


def _say_due(counts: Counts | None) -> str:
    if counts is None:
        return ""
    parts = []
    for row in counts.rows:
        cells = dict(zip(counts.keys, row, strict=True))
        said = _join_cells(cells, {"overdue": "已逾期", "due_soon": "下期内到期"})
        parts += [f"{row[0]}责任的{cells['cases']}人中{said}"] if said else []
    return "；".join(parts)


def _say_short_groups(context: ReportContext, indicator: str, groups: dict[str, str]) -> str:
    return "、".join(f"{word}{rate.missing}人" for word, rate in _rates(context, indicator, groups) if rate.missing > 0)


def _rates(context: ReportContext, indicator: str, groups: dict[str, str]) -> Iterable[tuple[str, Rate]]:
    for group, word in groups.items():
        rate = context.rate(indicator, group=group)
        if rate.reported:
            yield word, rate


def _count_out(area: Area) -> int:
    """Children of a 镇街 who have not come back."""
    return sum(count for state, count in zip(STATES, area.states, strict=True) if state in ("劝返中", "失联"))


def _say_most(pairs: list[tuple[str, int]], most: int = 6, rest: str = "镇街") -> str:
    """甲镇8人、乙镇5人，其余3个镇街7人: the largest first; `rest` empty: nothing is said of the others."""
    known = sorted(((name, count) for name, count in pairs if count > 0), key=lambda pair: -pair[1])
    shown = "、".join(f"{name}{count}人" for name, count in known[:most])
    others = known[most:]
    return shown + (f"，其余{len(others)}个{rest}{sum(count for _, count in others)}人" if others and rest else "")


def _say_fallen(context: ReportContext) -> str:
    """The schools whose 学年巩固率 fell most since the last period, at most three, by printed points."""
    fallen = [s for s in context.schools if s.retention.change.startswith("下降")]
    worst = sorted(fallen, key=lambda s: (float(s.retention.change_cell), s.code))[:3]
    return "、".join(f"{school.short}（{school.retention.change}）" for school in worst)
