"""The bimonthly report and the papers cut from it, from one context: what their templates may speak of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from transforms.documents.blocks import Chart, Paper
from transforms.documents.context import ReportContext
from transforms.documents.figures import Area, Group, Rate
from transforms.documents.report_sections import name_sections
from transforms.documents.report_tables import build_tables
from transforms.documents.source import OURS, Folders, build_paper
from transforms.documents.wording import join_names, print_percent

PAPERS = {
    name: f"{name}.md.j2" for name in ("双月报上报稿", "双月报工作底稿", "领导参阅件", "一季度一复核")
}  # fmt: skip


def build_report(
    name: str,
    context: ReportContext,
    charts: dict[str, Chart],
    *,
    draft: bool,
    manifest_id: str,
    left_out: tuple[str, ...] = (),
    folders: Folders = OURS,
) -> Paper:
    """Build one of the papers, without the tables named in `left_out`. Raises KeyError for a name unknown."""
    tables = {key: table for key, table in build_tables(context).items() if key not in left_out}
    values = build_values(context) | {
        "tables": tables,
        "charts": charts,
        "left_out": left_out,
        "draft": draft,
        "manifest_id": manifest_id or "（未编号）",
    }
    properties = {
        "作者": context.office.issuer,
        "期间": str(context.period),
        "版本": f"v{context.version}",
        "清单编号": manifest_id,
        "稿别": "送审稿" if draft else "正式稿",
    }
    return build_paper(PAPERS[name], values, tables, charts, properties=properties, folders=folders)


def build_values(context: ReportContext) -> dict[str, Any]:
    """Name what the templates say: rates by short name, lists as ready words, and yes/no facts."""
    return {
        "r": context,
        "summer": context.period.is_summer,
        **_name_rates(context),
        **_name_cases(context),
        **_name_areas(context),
        **_name_groups(context),
        **_name_schools(context),
        **_name_data(context),
        **name_sections(context),
    }


def _name_rates(context: ReportContext) -> dict[str, Any]:
    short = {"enrolment": "enrolment_rate", "retention": "retention_rate_year", "dropout": "dropout_rate",
             "in_school": "in_school_rate", "submission": "submission_rate"}  # fmt: skip
    named: dict[str, Any] = {name: context.rate(indicator) for name, indicator in short.items()}
    for stage in ("primary", "junior"):
        named |= {f"{name}_{stage}": context.rate(indicator, stage) for name, indicator in short.items()}
    named["by_stage"] = {
        name: _say_stages(named[f"{name}_primary"], named[f"{name}_junior"]) for name in short
    }
    enrolment, retention = named["enrolment"], named["retention"]
    named["targets_met"] = enrolment.is_full and retention.is_full
    return named


def _say_stages(primary: Rate, junior: Rate) -> str:
    pair = (("小学", primary), ("初中", junior))
    words = [f"{name}{'为零' if rate.is_zero else rate.percent}" for name, rate in pair if rate.reported]
    return "、".join(words)


def _name_cases(context: ReportContext) -> dict[str, Any]:
    states = context.states()
    suspected = {name: states[name] for name in ("待核实", "待补佐证", "外地就读待转学")}
    dropouts = {name: states[name] for name in ("劝返中", "失联")}
    return {
        "suspected": context.ledgers["suspected"],
        "dropouts": context.ledgers["dropout"],
        "tracked": context.ledgers["tracked"],
        "states": states,
        "suspected_text": _say_counts(suspected),
        "not_returned": sum(dropouts.values()),
        "not_returned_text": _say_counts(dropouts),
        "returned": states["复学跟踪"],
        "overdue": context.overdue,
        "open_total": sum(states.values()),
        "open_text": _say_counts({
            "疑似对象": sum(suspected.values()), "未返校": sum(dropouts.values()), "复学跟踪": states["复学跟踪"],
            "在册跟踪": states["在册跟踪"]}),
        "rules": [rule for rule in context.rules if not rule.cause],
        "unenrolled": context.finding("unenrolled"),
        "absent": context.finding("absent"),
        "monitored_out": context.finding("monitored_out"),
        "duplicates": context.finding("duplicate_registry"),
    }


def _say_counts(counts: dict[str, int]) -> str:
    """待核实6人、待补佐证3人; zeros are left unsaid."""
    return "、".join(f"{name}{count}人" for name, count in counts.items() if count)


def _name_areas(context: ReportContext) -> dict[str, Any]:
    short = context.short_areas()
    reported = [area for area in context.areas if area.enrolment.reported]
    late = sorted((a for a in context.areas if a.overdue), key=lambda a: -a.overdue)
    fallen = [a for a in reported if a.enrolment.change.startswith("下降")]
    return {
        "area_count": len(reported),
        "full_area_count": sum(area.enrolment.is_full for area in reported),
        "short_area_count": len(short),
        "lowest_areas": _say_areas(short[:3], lambda a: a.enrolment.percent),
        "fallen_count": len(fallen),
        "fallen_areas": join_names([area.name for area in fallen]),
        "overdue_areas": _say_areas(tuple(late[:3]), lambda a: f"{a.overdue}人"),
    }


def _say_areas(areas: tuple[Area, ...], say: Callable[[Area], str]) -> str:
    return "、".join(f"{area.name}（{say(area)}）" for area in areas)


def _name_groups(context: ReportContext) -> dict[str, Any]:
    groups = [g for g in context.groups if g.enrolment.reported]
    full = [g.name for g in groups if g.enrolment.is_full]
    short = [g for g in groups if g.enrolment.missing > 0]
    return {
        "full_groups": "、".join(full),
        "short_groups": "；".join(_say_group(group) for group in short),
        "short_counts": "、".join(f"{g.name}{g.enrolment.missing}人" for g in short if g.is_named),
        "full_named": "、".join(g.name for g in groups if g.is_named and g.enrolment.is_full),
        "short_group_names": "、".join(group.name for group in short),
    }


def _say_group(group: Group) -> str:
    rate = group.enrolment
    return f"{group.name}应入学{rate.denominator}人，未入学{rate.missing}人，入学率{rate.percent}"


def _name_schools(context: ReportContext) -> dict[str, Any]:
    silent = context.silent()
    kinds = [f"{count.label}{count.count}所" for count in context.school_kinds]
    statuses = [status for school in context.schools for status in school.months]
    return {
        "kinds_text": "、".join(kinds),
        "pupils_text": "、".join(f"{count.label}{count.count}人" for count in context.pupils),
        "silent_count": len(silent),
        "silent_months": sum(status in ("未报", "不全") for status in statuses),
        "zero_months": statuses.count("零报告"),
        "sent_text": "、".join(f"{word}{statuses.count(word)}校次" for word in ("零报告", "不全") if word in statuses),
        "months_text": "、".join(context.months),
        "last_month": context.months[-1] if context.months else "",
    }


def _name_data(context: ReportContext) -> dict[str, Any]:
    read = sum(delivery.rows_read for delivery in context.deliveries)
    quarantined = sum(delivery.quarantined for delivery in context.deliveries)
    return {
        "file_total": context.files,
        "row_total": read,
        "quarantined": quarantined,
        "quarantined_percent": print_percent(quarantined, read),
        "problem_total": sum(count.count for count in context.problems),
        "summer_text": "、".join(f"{count.label}{count.count}人" for count in context.summer if count.count),
    }
