"""The main job: one period's extracts to its published report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows import printing, steps
from flows.manifest import list_published
from flows.stage import clean_leftovers

Do = Callable[[Callable[..., Any]], Callable[..., Any]]


@dataclass(frozen=True)
class Outcome:
    """What a run did (publish, reprint, draft, nothing), and where its papers stand."""

    action: str
    version: int
    papers: Path
    paper_count: int


def report_period(job: steps.Job, do: Do = lambda step: step) -> Outcome:
    """Run one period, from the inbox to the published version.

    It replaces the analysts' file and adds a version of papers; inbox, landed files and earlier versions are never
    touched. Run again on the same inputs it publishes nothing. `do` wraps each step, as the served flow's tasks do.
    The caller holds the home's lock. Raises Refused when the inbox cannot be reported.
    """
    do(clean_leftovers)(job.home, list_published(job.home))
    landing = do(steps.receive)(job)
    plan = do(steps.plan_run)(job, landing)
    if plan.action == "nothing":
        return Outcome("nothing", plan.version, job.home.papers(plan.inputs.period, plan.version), len(plan.previous.papers))
    do(steps.validate)(plan, landing)
    do(steps.build)(plan)
    changes = do(steps.note_changes)(plan)
    count = do(printing.print_papers)(plan)
    if plan.action == "draft":
        return Outcome("draft", plan.version, do(steps.finish_draft)(plan), count)
    do(steps.keep_openings)(plan)
    rows = do(steps.stage_database)(plan) if plan.action == "publish" else {}
    do(steps.publish)(plan, changes, rows)
    return Outcome(plan.action, plan.version, job.home.papers(plan.inputs.period, plan.version), count)
