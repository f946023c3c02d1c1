"""`baoxue sample`: write the extracts of an invented district for a period and those before it, and the truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from schemas.bimester import Bimester
from transforms.sample.deliver_feedback import plan_feedback
from transforms.sample.deliver_presence import plan_presence
from transforms.sample.deliver_registry import plan_registry
from transforms.sample.deliver_roster import plan_roster
from transforms.sample.deliver_small import plan_small
from transforms.sample.plan import FilePlan
from transforms.sample.sheets import Written, write_file
from transforms.sample.timeline import FIRST, LAST
from transforms.sample.truth import write_truth
from transforms.sample.world import World, make_world


@dataclass(frozen=True)
class SampleSummary:
    """What was written: periods, files and data rows, and how many cases of each planted kind the truth holds."""

    periods: tuple[str, ...]
    files: int
    rows: int
    faults: int
    findings: dict[str, int]


def write_sample(
    home: Path, period: Bimester, *, back: int = 0, pupils: int | None = None, seed: int = 20250512,
    say: Callable[[str], None] = lambda text: None,
) -> SampleSummary:  # fmt: skip
    """Write `inbox/<period>/` for a period and `back` before it, and `private/sample_truth/<period>/`.

    `pupils`: size of the registry (None: the full district; from 300 up). Raises ValueError for a period that the
    sample's school calendars do not reach.
    """
    periods = period.back(back)
    if periods[0] < FIRST or periods[-1] > LAST:
        raise ValueError(f"样例只能生成{FIRST.label}至{LAST.label}，收到{periods[0].label}至{periods[-1].label}")
    world = make_world(pupils, seed)
    say(f"样例区：底册和学籍共涉及{len(world.children)}名儿童，{len(world.schools)}所学校")
    written: dict[str, list[Written]] = {}
    for current in periods:
        written[str(current)] = _deliver(home, world, current, periods[0])
        say(f"已写出{current.label}：{len({w.file for w in written[str(current)]})}个文件")
    findings = write_truth(home, world, written)
    sheets = [sheet for part in written.values() for sheet in part]
    return SampleSummary(
        tuple(map(str, periods)), len({(p, w.file) for p, part in written.items() for w in part}),
        sum(len(w.source_rows) for w in sheets), sum(len(w.content.faults) for w in sheets), findings,
    )  # fmt: skip


def plan_files(world: World, period: Bimester, first: Bimester) -> list[FilePlan]:
    """Every file of a period's delivery; `first` is the first period delivered."""
    return [
        *plan_registry(world, period), *plan_roster(world, period, first), *plan_presence(world, period),
        *plan_feedback(world, period, first), *plan_small(world, period, first),
    ]  # fmt: skip


def _deliver(home: Path, world: World, period: Bimester, first: Bimester) -> list[Written]:
    inbox = home / "inbox" / str(period)
    inbox.mkdir(parents=True, exist_ok=True)
    return [w for plan in plan_files(world, period, first) for w in write_file(inbox, plan.name, plan.sheets, plan.encoding)]
