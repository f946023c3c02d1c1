"""A run's steps as Prefect tasks.

Tasks take nothing and return nothing that Prefect stores, log nothing that a stage says, and fail only with a
PublicError.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from prefect import runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State

from flows.artifacts import Progress, publish_summary
from flows.bimonthly import Do, Outcome, report_period
from flows.faults import PublicError, PublicFileError, PublicRefusal, keep_private
from flows.lock import hold_home
from flows.settings import Home, read_key
from flows.steps import Job, Plan
from flows.telling import News, tell
from flows.vault import open_vault

R = TypeVar("R")
WAIT_SECONDS = 3600  # a scheduled run waits for a manual one to end

TITLES = {
    "clean_leftovers": "清理上次残留",
    "receive": "接收文件",
    "plan_run": "核对输入",
    "validate": "校验",
    "build": "归集比对、立案、算指标",
    "note_changes": "数据更正说明",
    "print_papers": "编制文稿",
    "finish_draft": "放好草稿",
    "keep_openings": "立案入库",
    "stage_database": "编制分析文件",
    "publish": "发布",
}
RETRIES = {"receive": 2, "publish": 2}  # only where a share or disk may answer later
RETRY_SECONDS = 10


def guard(home: Home, label: str, do: Callable[[], R]) -> R:
    """Let nothing but a PublicError out, and tell the office when a run was refused or failed."""
    try:
        return keep_private(do, home.private / "log")()
    except PublicError as error:
        tell(home, News("refused" if isinstance(error, PublicRefusal) else "failed", label))
        raise


def report(title: str, job: Job) -> dict[str, Any]:
    """Run a job as tasks, with its progress and a summary on the run's page; return counts."""
    home, period = job.home, job.period
    progress = Progress.begin(period, len(TITLES) - 1)
    outcome = run_job(job, _as_tasks(title, home.private / "log", progress))
    progress.end()
    publish_summary(home, period, outcome)
    return {"period": str(period), "action": outcome.action, "version": outcome.version, "papers": outcome.paper_count}


def run_job(job: Job, do: Do = lambda step: step) -> Outcome:
    """Run a job once its home is free."""
    with hold_home(job.home, WAIT_SECONDS), open_vault(job.home):
        read_key(job.home)
        return report_period(job, do)


def run_task(title: str, log: Path, step: Callable[[], R], retries: int = 0) -> R:
    """Run a step as a task without parameters: Prefect sees neither what goes in nor a traceback with data."""

    @task(name=title, task_run_name=title, cache_policy=NO_CACHE, persist_result=False, retries=retries,
          retry_delay_seconds=RETRY_SECONDS, retry_condition_fn=_is_worth_retrying)  # fmt: skip
    def run() -> R:
        return keep_private(step, log)()

    return run()


def _as_tasks(title: str, log: Path, progress: Progress) -> Do:
    """Wrap a run's steps as tasks, which move its progress and name it."""

    def wrap(step: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(step)
        def call(*arguments: Any) -> Any:
            name = step.__name__
            result = run_task(TITLES[name], log, functools.wraps(step)(lambda: step(*arguments)), RETRIES.get(name, 0))
            progress.advance()
            if isinstance(result, Plan):
                _rename_run(f"{title}-{result.inputs.period}-v{result.version}"
                            + {"draft": "-草稿", "nothing": "-未变"}.get(result.action, ""))  # fmt: skip
            return result

        return call

    return wrap


def _is_worth_retrying(_task: Any, _run: Any, state: State[Any]) -> bool:
    error = state.result(raise_on_failure=False)
    return isinstance(error, PublicFileError)


def _rename_run(name: str) -> None:
    """Put the version into the run's name once it is known."""
    if (run_id := runtime.flow_run.id) is not None:
        with get_client(sync_client=True) as client:
            client.update_flow_run(run_id, name=name)
