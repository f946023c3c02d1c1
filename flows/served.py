"""The flows that `baoxue serve` runs: 双月报 on its schedule, 重跑 and 补算 from their forms, and the nightly looks.

Prefect labels a form with its parameter's name and with nothing else, hence the Chinese ones here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from prefect import flow, runtime
from prefect.flow_runs import suspend_flow_run

from flows.artifacts import describe_draft, publish_arrivals, publish_note, publish_overdue
from flows.commands import list_inboxes
from flows.decisions import Approval, Draft, Sent, keep_decision, keep_sent, read_draft
from flows.faults import PublicError
from flows.forms import Back, Backfill, Decision, HandedUp, Mode, Rerun, SignOff
from flows.lock import hold_home
from flows.manifest import list_versions
from flows.nightly import look_at_clocks, look_at_inbox, tell_late, tell_overdue
from flows.settings import Home, find_home, prepare_home, read_key
from flows.steps import Job, plan_run, receive
from flows.tasks import WAIT_SECONDS, guard, report
from flows.telling import News, tell
from flows.vault import open_vault
from schemas.bimester import Bimester

BEIJING = ZoneInfo("Asia/Shanghai")
WAIT_FOR_OFFICE_SECONDS = 60 * 24 * 3600  # till the next scheduled draft

def period_before(moment: datetime) -> Bimester:
    """Return the two months before a scheduled start, in Beijing time: 10 July 2025 → 2025-B3."""
    return Bimester.containing(moment.astimezone(BEIJING).date()).previous()


def _name_scheduled() -> str:
    return f"双月报-{period_before(runtime.flow_run.scheduled_start_time)}"


def _name_rerun() -> str:
    request = Rerun.model_validate(runtime.flow_run.parameters["要求"])
    return f"重跑-{request.period}"


@flow(name="双月报", flow_run_name=_name_scheduled)
def bimonthly() -> dict[str, Any]:
    """出此前两个月的送审稿，等人签发；签发后发布，退回则记下原因。

    签发只对送审的这一稿有效：此后收件有变化就不发布。只替换分析文件、增加一版文稿；收件和以前的版本不动。
    """
    home, period = prepare_home(find_home()), period_before(runtime.flow_run.scheduled_start_time)
    draft = guard(home, period.label, lambda: put_before_office(home, period))
    if draft is None:
        return {"period": str(period), "action": "nothing"}
    form = SignOff.with_initial_data(description=describe_draft(home, period, draft), 签发日期=draft.issued)
    decided = suspend_flow_run(wait_for_input=form, key=f"sign-{draft.run_id}", timeout=WAIT_FOR_OFFICE_SECONDS)
    return guard(home, period.label, lambda: carry_out(home, period, draft, decided))


def put_before_office(home: Home, period: Bimester) -> Draft | None:
    """Make the draft unless the same one waits already; None when nothing changed since the last publication."""
    with hold_home(home, WAIT_SECONDS), open_vault(home):
        read_key(home)
        job = Job(home, period, say=lambda _: None)
        plan = plan_run(job, receive(job))
        waiting = read_draft(home, period)
        if plan.action != "publish":
            return None
        if waiting and waiting.run_id == plan.inputs.run_id and Path(waiting.papers).is_dir():
            return waiting
    report("双月报", replace(job, draft=True))
    tell(home, News("waiting", period.label))
    return read_draft(home, period)


def carry_out(home: Home, period: Bimester, draft: Draft, decided: SignOff) -> dict[str, Any]:
    """Publish what was signed, or record why it was sent back."""
    approval = decided.approval
    if decided.decision is Decision.sign:
        check_signed(period, approval)
    now = datetime.now(BEIJING).isoformat(timespec="seconds")
    why = ""
    if decided.decision is Decision.back:  # a reason left as it stood is no reason
        why = (Back.other if decided.why is Back.none else decided.why).value
    keep_decision(home, period, decided.decision.value, why, approval.pairs, now)
    if decided.decision is Decision.back:
        publish_note(f"{period.label}送审稿已退回：{why}。更正后请用“重跑”出稿，或等下次定时。")
        return {"period": str(period), "action": "sent back"}
    return report("双月报", Job(home, period, lambda _: None, approval=approval, reviewed=draft))


def check_signed(period: Bimester, approval: Approval) -> None:
    """Raise PublicError on what was filled in by a slip: deadlines count from the date, and the names are printed."""
    again = "没有签发，也没有发布：请用“重跑”出稿，核对后重新签发"
    if approval.issued <= period.last_day:
        raise PublicError(f"签发日期{approval.issued}不在{period.label}结束（{period.last_day}）之后，{again}")
    if not (approval.reviewer and approval.signer):
        raise PublicError(f"审核人、签发人没有填，{again}")


@flow(name="重跑", flow_run_name=_name_rerun)
def rerun(要求: Rerun) -> dict[str, Any]:
    """重出任一期。草稿放在 out/期间/draft，不发布；发布则生成新版本。

    文件和条件未变时不会生成新版本。
    """
    home = prepare_home(find_home())
    job = Job(home, 要求.period, say=lambda _: None, draft=要求.mode is Mode.draft)
    return guard(home, 要求.period.label, lambda: report("重跑", job))


@flow(name="补算", flow_run_name="补算")
def backfill(要求: Backfill) -> list[dict[str, Any]]:
    """从旧到新重出一段时间内有收件的各期，并发布；只有最后一期出文稿。文件和条件未变的期不生成新版本。"""
    home = prepare_home(find_home())
    periods = [p for p in list_inboxes(home) if 要求.first <= p <= 要求.last]
    if not periods:
        raise PublicError(f"{要求.first.label}至{要求.last.label}没有收件文件夹，没有补算；起止写反的请对调")
    jobs = [Job(home, p, lambda _: None, papers=p == periods[-1]) for p in periods]
    return [guard(home, job.period.label, partial(report, "补算", job)) for job in jobs]


@flow(name="收件检查", flow_run_name="收件检查")
def check_inbox() -> dict[str, Any]:
    """看一看在办的一期收到了什么、缺什么、哪些学校未报；不出报，不改动已发布的内容。"""
    home, today = prepare_home(find_home()), datetime.now(BEIJING).date()
    arrivals = guard(home, "", lambda: look_at_inbox(home, today))
    if arrivals is None:
        return {"sheets": 0}
    publish_arrivals(arrivals)
    if news := tell_late(arrivals, today):
        tell(home, news)
    return {"sheets": sum(arrivals.sheets.values()), "late": sum(map(len, arrivals.late.values()))}


@flow(name="逾期提醒", flow_run_name="逾期提醒")
def remind() -> dict[str, Any]:
    """数一数到今天为止逾期的案件；有新逾期的，按设置发邮件或群消息，只报人数。"""
    home, today = prepare_home(find_home()), datetime.now(BEIJING).date()
    overdue = guard(home, "", lambda: look_at_clocks(home, today))
    if overdue is None:
        return {"overdue": 0}
    publish_overdue(overdue)
    if news := tell_overdue(overdue, today):
        tell(home, news)
    return {"overdue": overdue.total, "newly": overdue.newly}


@flow(name="报送登记", flow_run_name="报送登记")
def record_sent(登记: HandedUp) -> dict[str, Any]:
    """登记某期某版已报送给谁、哪天报的。此后各期与它比较时用这一版的数。"""
    home = prepare_home(find_home())
    version = guard(home, 登记.period.label, lambda: mark_sent(home, 登记))
    return {"period": str(登记.period), "version": version}


def mark_sent(home: Home, request: HandedUp) -> int:
    """Mark a published version, by default the newest, as handed up; return it."""
    known = [manifest.version for manifest in list_versions(home, request.period)]
    version = request.version or (known[-1] if known else 0)
    if version not in known:
        raise PublicError(f"{request.period.label}没有第{version}版，不能登记为已报送")
    if request.on <= request.period.last_day:
        raise PublicError(f"报送日期{request.on}不在{request.period.label}结束（{request.period.last_day}）之后，没有登记，请核对后再登记")
    keep_sent(home, request.period, Sent(version, request.to, str(request.on)))
    return version
