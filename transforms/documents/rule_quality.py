"""Which rules earn their keep: what became of each comparison's and likely cause's proposals (规则成效)."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.compared import CAUSES, COMPARISONS
from transforms.documents.blocks import Column, Table
from transforms.documents.reading import Source
from transforms.documents.wording import print_rate


@dataclass(frozen=True)
class RuleQuality:
    """One comparison (`cause` empty) or one of its likely causes: proposed = confirmed + refuted + still open."""

    comparison: str
    cause: str
    proposed: int
    confirmed: int
    refuted: int
    still_open: int


def read_rule_quality(source: Source) -> tuple[RuleQuality, ...]:
    """Read this school year's proposals, in the order the comparisons are declared; only what verification decides."""
    sql = """select comparison, likely_cause, proposed, confirmed, refuted, still_open from cases.rule_quality
             where period = $period and version = $version"""
    order, causes = list(COMPARISONS), ["all", *CAUSES]
    rows = [row for row in source.rows(sql) if COMPARISONS[row[0]].proved_by] if source.has("cases.rule_quality") else []
    rows.sort(key=lambda row: (order.index(row[0]), causes.index(row[1])))
    return tuple(RuleQuality(COMPARISONS[name].label, "" if cause == "all" else cause, *counts) for name, cause, *counts in rows)


def table_rule_quality(rules: tuple[RuleQuality, ...], school_year: str) -> Table:
    """One line a comparison, its likely causes below it."""
    rows = [
        (r.comparison, r.cause or "合计", str(r.proposed), str(r.confirmed), str(r.refuted),
         str(r.still_open), print_rate(r.confirmed, r.confirmed + r.refuted))
        for r in rules
    ]  # fmt: skip
    columns = (Column("比对项", 2.2, "left"), Column("可能原因", 1.8, "left"), Column("提出（人）"), Column("核实一致（人）", 1.2),
               Column("核实不一致（人）", 1.3), Column("尚未核实（人）", 1.2), Column("准确率（%）", 1.1))  # fmt: skip
    note = ("注：合计行的“一致”指核实为失学、辍学或失联等，即比对项所疑属实；可能原因行的“一致”指核实结果与所提原因相同。"
            "准确率＝一致÷（一致＋不一致），没有已核实的以“—”表示。")  # fmt: skip
    return Table("规则成效", f"{school_year}比对规则成效", columns, tuple(rows), note=note)
