"""What a run shows in Prefect's pages: progress and district figures. No personal data, no small numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import UUID

from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)

from flows.bimonthly import Outcome
from flows.decisions import Draft
from flows.nightly import Overdue
from flows.settings import DISTRICTS, Home, find_home
from schemas.bimester import Bimester

if TYPE_CHECKING:
    from transforms.validated.arrivals import Arrivals

FIGURES = """
select i.indicator_title as 指标, v.rate, v.rate_low, v.rate_high
from indicators.value as v inner join meta.indicator as i using (indicator)
where v.area_level = 'district' and v.stage = 'all' and v.grade = 'all' and v.population_group = 'all'
and v.period = '{period}' and v.version = {version}
order by i.indicator
"""

DONE = {"publish": "已发布", "reprint": "已补出文稿", "draft": "草稿，未发布", "nothing": "报送文件未变，没有发布新内容"}


@dataclass
class Progress:
    """The progress artifact of one run: a share of its steps."""

    artifact: UUID
    steps: int
    done: int = 0

    @classmethod
    def begin(cls, period: Bimester, steps: int) -> Progress:
        """Create the artifact at nothing done."""
        made = create_progress_artifact(0.0, key="progress", description=f"{period.label}双月报进度")
        assert isinstance(made, UUID)
        return cls(made, steps)

    def advance(self) -> None:
        """Count one more step."""
        self.done += 1
        update_progress_artifact(self.artifact, min(99.0, 100 * self.done / self.steps))

    def end(self) -> None:
        """Say that the run is through."""
        update_progress_artifact(self.artifact, 100.0)


def publish_summary(home: Home, period: Bimester, outcome: Outcome) -> None:
    """Show the rates of the whole district and where the papers stand."""
    file = f"- 分析文件：`{home.database}`\n" if home.database.exists() else ""  # a first draft has made none
    create_markdown_artifact(
        f"# {period.label}双月报 第{outcome.version}版\n\n{DONE[outcome.action]}\n\n"
        f"- 文稿：{outcome.paper_count}份，[打开文稿文件夹]({link_papers(home, outcome.papers)})（再输一次口令）\n"
        f"- 文件夹：`{outcome.papers}`\n{file}",
        key="publication",
        description="出报结果",
    )
    if outcome.action == "publish":
        create_table_artifact(_read_figures(home, period, outcome.version), key="indicators", description="全区指标")


def _read_figures(home: Home, period: Bimester, version: int) -> list[dict[str, Any]]:
    from transforms.published.export import run_query

    found = run_query(home.database, FIGURES.format(period=period, version=version))
    names = ("指标", "率", "下界", "上界")
    return [dict(zip(names, (row[0], *map(_percent, row[1:])), strict=True)) for row in found.rows]


def _percent(rate: float | None) -> str:
    """Print a rate as papers do: 100 and 0 only when exact."""
    if rate is None:
        return "—"
    shown = round(rate * 100, 2)
    if rate != 1 and shown == 100:
        shown = 99.99
    if rate != 0 and shown == 0:
        shown = 0.01
    return f"{shown:.2f}%"


def link_papers(home: Home, folder: Path) -> str:
    """Link to a folder of papers on this server; those of a municipality's district lie under its name."""
    place = f"{DISTRICTS}/{name}/" if (name := name_place(home)) else ""
    return f"/papers/{quote(place + folder.relative_to(home.out).as_posix())}"


def name_place(home: Home) -> str:
    """Name the district whose home this is where a municipality's is served, else nothing."""
    return home.root.name if home.root.parent == find_home().districts else ""


def name_period(home: Home, period: Bimester) -> str:
    """Name a period, and the district where there are several."""
    return name_place(home) + period.label


def describe_draft(home: Home, period: Bimester, draft: Draft) -> str:
    """What the form for signing says above its fields."""
    link = link_papers(home, Path(draft.papers))
    return (f"{name_period(home, period)}双月报送审稿（第{draft.version}版）已备好，待签发。\n\n"
            f"- [打开送审稿]({link})，或在电脑上看 `{draft.papers}`\n- 签发后发布；退回则记下原因，不发布\n"
            "- 签发只对这一稿有效：此后收件有变化，须重新送审\n")  # fmt: skip


def publish_city(home: Home, period: Bimester, title: str, districts: dict[str, tuple[str, Path | None]]) -> None:
    """Show how each district of a municipality fared and where its papers stand; district → (what was done, papers)."""
    lines = [f"- {name}：{said}" + (f"，[打开文稿文件夹]({link_papers(Home(home.districts / name), papers)})" if papers else "")
             for name, (said, papers) in districts.items()]  # fmt: skip
    whole = home.out / str(period) / "全市"
    if whole.is_dir():
        lines.append(f"- 全市汇总：[打开文件夹]({link_papers(home, whole)})")
    create_markdown_artifact(f"# {period.label}{title}\n\n" + "\n".join(lines or ["- 没有区县需要办理"]), key="districts", description=title)


def publish_note(text: str) -> None:
    """Show a sentence of ours on the run's page."""
    create_markdown_artifact(text, key="note", description="说明")


def publish_arrivals(home: Home, arrivals: Arrivals) -> None:
    """Show what has arrived and which schools are late. Schools are named, children never."""
    place = name_place(home)
    lacking = "、".join(arrivals.lacking) or "无"
    late = [f"- {int(month[5:])}月未报：{len(names)}所（{'、'.join(map(make_plain, names))}）" for month, names in arrivals.late.items()]
    create_markdown_artifact(
        f"# {name_period(home, arrivals.period)}收件情况\n\n- 缺少的必报名册：{lacking}\n- 不能使用的文件：{arrivals.refused}个\n"
        + "\n".join(late), key="inbox", description=f"{place}收件情况",
    )  # fmt: skip
    rows = [{"名册": title, "表数": count} for title, count in arrivals.sheets.items()]
    create_table_artifact(rows, key="inbox-sheets", description=f"{place}已收到的表")


def make_plain(text: str) -> str:
    """Make a name that others sent plain text on a page: no markup, no link, one line."""
    return re.sub(r"[<>\[\]()!`*_#|\\\x00-\x1f]", " ", text).strip()


def publish_overdue(home: Home, overdue: Overdue) -> None:
    """Show how many cases are past their day, by who owns them."""
    rows = [{"责任单位": level, "逾期案件": count} for level, count in overdue.by_owner.items()]
    rows.append({"责任单位": "合计", "逾期案件": overdue.total})
    create_table_artifact(rows, key="overdue", description=f"{name_period(home, overdue.period)}逾期案件（其中新逾期{overdue.newly}件）")
