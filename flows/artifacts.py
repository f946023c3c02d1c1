"""What a run shows in Prefect's pages: progress and district figures. No personal data, no small numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)

from flows.bimonthly import Outcome
from flows.settings import Home
from schemas.bimester import Bimester

FIGURES = """
select i.indicator_title as 指标, v.rate, v.rate_low, v.rate_high
from indicators.value as v inner join meta.indicator as i using (indicator)
where v.area_level = 'district' and v.stage = 'all' and v.grade = 'all' and v.population_group = 'all'
and v.period = '{period}' and v.version = {version}
order by i.indicator
"""


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
    words = {"publish": "已发布", "reprint": "已补出文稿", "draft": "草稿，未发布", "nothing": "报送文件未变，没有发布新内容"}
    create_markdown_artifact(
        f"# {period.label}双月报 第{outcome.version}版\n\n{words[outcome.action]}\n\n"
        f"- 文稿：{outcome.paper_count}份\n- 文件夹：`{outcome.papers}`\n- 分析文件：`{home.database}`\n",
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
