"""What an office does with a draft and with what it has published: draft, sign or send back, note what was handed up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from flows.artifacts import name_period, publish_note
from flows.decisions import Draft, Sent, keep_decision, keep_sent, read_draft
from flows.faults import PublicError
from flows.forms import Back, Decision, HandedUp, SignOff
from flows.lock import hold_home
from flows.manifest import list_versions, newest_version
from flows.settings import Home, read_key
from flows.steps import Job, plan_run, receive
from flows.tasks import WAIT_SECONDS
from flows.telling import News, tell
from flows.vault import open_vault
from schemas.bimester import Bimester

BEIJING = ZoneInfo("Asia/Shanghai")
R = TypeVar("R")
Run = Callable[[Job], object]


def put_before_office(home: Home, period: Bimester, run: Run) -> Draft | None:
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
    run(replace(job, draft=True))
    tell(home, News("waiting", period.label))
    return read_draft(home, period)


def carry_out(home: Home, period: Bimester, draft: Draft, decided: SignOff, run: Callable[[Job], R]) -> R | None:
    """Publish what was signed, or record why it was sent back and return None."""
    approval = decided.approval
    check_signed(period, decided)
    now = datetime.now(BEIJING).isoformat(timespec="seconds")
    why = ""
    if decided.decision is Decision.back:  # a reason left as it stood is no reason
        why = (Back.other if decided.why is Back.none else decided.why).value
    keep_decision(home, period, decided.decision.value, why, approval.pairs, now)
    if decided.decision is Decision.back:
        publish_note(f"{name_period(home, period)}送审稿已退回：{why}。更正后请用“重跑”出稿，或等下次定时。")
        return None
    return run(Job(home, period, lambda _: None, approval=approval, reviewed=draft))


def check_signed(period: Bimester, decided: SignOff) -> None:
    """Raise PublicError on what was filled in by a slip: deadlines count from the date, and the names are printed."""
    if decided.decision is not Decision.sign:
        return
    approval, again = decided.approval, "没有签发，也没有发布：请用“重跑”出稿，核对后重新签发"
    if approval.issued <= period.last_day:
        raise PublicError(f"签发日期{approval.issued}不在{period.label}结束（{period.last_day}）之后，{again}")
    if not (approval.reviewer and approval.signer):
        raise PublicError(f"审核人、签发人没有填，{again}")


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


def list_waiting(homes: dict[str, Home], period: Bimester) -> dict[str, Draft]:
    """List, by district, the drafts of a period that nobody has signed yet and whose papers are there to be read."""
    return {name: draft for name, home in homes.items() if (draft := find_waiting(home, period)) is not None}


def find_waiting(home: Home, period: Bimester) -> Draft | None:
    """Return the draft that waits for a signature: a signed version of the same inputs makes it void."""
    draft, newest = read_draft(home, period), newest_version(home, period)
    if draft is None or not Path(draft.papers).is_dir():
        return None
    if newest is None or not newest.approval:
        return draft
    same = replace(newest.inputs, issued=date.fromisoformat(draft.issued)).run_id == draft.run_id
    return None if same else draft
