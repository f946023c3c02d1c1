"""The main job as Prefect flows: 双月报 on its schedule, 重跑 from the form.

The steps and their order are those of `flows.bimonthly`; here each becomes a task. Tasks take nothing and return
nothing that Prefect stores, log nothing that a stage says, and fail only with a PublicError.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import Enum
from typing import Any

from prefect import flow, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from pydantic import BaseModel, Field

from flows.artifacts import Progress, publish_summary
from flows.bimonthly import report_period
from flows.faults import PublicFileError, keep_private
from flows.lock import hold_home
from flows.settings import find_home, prepare_home, read_key
from flows.steps import Job, Plan
from schemas.bimester import Bimester

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


class Months(Enum):
    """The six bimesters as the form lists them."""

    B1 = "1—2月"
    B2 = "3—4月"
    B3 = "5—6月"
    B4 = "7—8月"
    B5 = "9—10月"
    B6 = "11—12月"


class Mode(Enum):
    """Draft or publication."""

    draft = "草稿"
    publish = "发布"


class Reason(Enum):
    """Why a period is run again; a closed list, so that no name is typed here."""

    supplied = "补报或更正了报送文件"
    stale = "前期数据已更正"
    issued = "签发日期变动"
    trial = "试运行"


class Rerun(BaseModel):
    """重跑一期双月报。"""

    year: int = Field(title="年份", description="如 2025", ge=2015, le=2100)
    months: Months = Field(title="双月", description="哪两个月")
    mode: Mode = Field(default=Mode.draft, title="方式", description="草稿不发布；发布则生成新版本")
    reason: Reason = Field(title="原因", description="为何重跑")

    @property
    def period(self) -> Bimester:
        """The period chosen."""
        return Bimester(self.year, list(Months).index(self.months) + 1)


def period_before(moment: datetime) -> Bimester:
    """Return the two months before a scheduled start, in Beijing time: 10 July 2025 → 2025-B3."""
    from zoneinfo import ZoneInfo

    return Bimester.containing(moment.astimezone(ZoneInfo("Asia/Shanghai")).date()).previous()


def _name_scheduled() -> str:
    return f"双月报-{period_before(runtime.flow_run.scheduled_start_time)}"


def _name_rerun() -> str:
    request = Rerun.model_validate(runtime.flow_run.parameters["request"])
    return f"重跑-{request.period}"


@flow(name="双月报", flow_run_name=_name_scheduled)
def bimonthly() -> dict[str, Any]:
    """出此前两个月的双月报：收件、校验、比对、立案、算指标、编文稿、发布。

    只替换分析文件、增加一版文稿；收件和以前的版本不动；文件未变则不发布。
    """
    return _report("双月报", period_before(runtime.flow_run.scheduled_start_time), draft=False)


@flow(name="重跑", flow_run_name=_name_rerun)
def rerun(request: Rerun) -> dict[str, Any]:
    """重出任一期。草稿放在 out/期间/draft，不发布；发布则生成新版本。

    文件和条件未变时不会生成新版本。
    """
    return _report("重跑", request.period, draft=request.mode is Mode.draft)


def _report(title: str, period: Bimester, *, draft: bool) -> dict[str, Any]:
    home = prepare_home(find_home())
    progress = Progress.begin(period, len(TITLES) - 1)
    job = Job(home, period, say=lambda _: None, draft=draft)

    def run() -> dict[str, Any]:
        with hold_home(home, WAIT_SECONDS):
            read_key(home)
            outcome = report_period(job, _as_tasks(title, home.private / "log", progress))
        progress.end()
        publish_summary(home, period, outcome)
        return {"period": str(period), "action": outcome.action, "version": outcome.version,
                "papers": outcome.paper_count}  # fmt: skip

    return keep_private(run, home.private / "log")()


def _as_tasks(title: str, log: Any, progress: Progress) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Wrap a step as a task without parameters: Prefect sees neither what goes in nor a traceback with data."""

    def wrap(step: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            @task(name=TITLES[step.__name__], cache_policy=NO_CACHE, persist_result=False,
                  retries=RETRIES.get(step.__name__, 0), retry_delay_seconds=RETRY_SECONDS,
                  retry_condition_fn=_is_worth_retrying)  # fmt: skip
            def run() -> Any:
                return keep_private(step, log)(*arguments)

            result = run()
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
