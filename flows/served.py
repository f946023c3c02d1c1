"""The flows that `baoxue serve` runs: 双月报 on its schedule, 重跑 and 补算 from their forms, and the nightly looks.

Prefect labels a form with its parameter's name and with nothing else, hence the Chinese ones here.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import partial
from typing import Any

from prefect import flow, runtime
from prefect.flow_runs import suspend_flow_run

from flows.artifacts import describe_draft, publish_arrivals, publish_overdue
from flows.commands import list_inboxes
from flows.decisions import Draft
from flows.faults import PublicError
from flows.forms import Backfill, HandedUp, Mode, Put, Rerun, SignOff
from flows.nightly import Overdue, look_at_clocks, look_at_inbox, tell_late, tell_overdue
from flows.served_city import (
    backfill_city,
    describe_drafts,
    draft_city,
    find_homes,
    rerun_city,
    sign_city,
    visit,
)
from flows.settings import Home, find_home, prepare_home
from flows.signing import BEIJING, carry_out, list_waiting, mark_sent, put_before_office
from flows.steps import Job
from flows.tasks import guard, report
from flows.telling import News, tell
from schemas.bimester import Bimester

WAIT_FOR_OFFICE_SECONDS = 60 * 24 * 3600  # till the next scheduled draft


def period_before(moment: datetime) -> Bimester:
    """Return the two months before a scheduled start, in Beijing time: 10 July 2025 → 2025-B3."""
    return Bimester.containing(moment.astimezone(BEIJING).date()).previous()


def _name_scheduled() -> str:
    return f"双月报-{period_before(runtime.flow_run.scheduled_start_time)}"


def _name_rerun() -> str:
    return _name("重跑", Rerun.model_validate(runtime.flow_run.parameters["要求"]))


def _name_signing() -> str:
    return _name("签发", Put.model_validate(runtime.flow_run.parameters["送审稿"]))


def _name(title: str, request: Rerun | Put) -> str:
    return "-".join(filter(None, (title, request.district, str(request.period))))


@flow(name="双月报", flow_run_name=_name_scheduled)
def bimonthly() -> dict[str, Any]:
    """出此前两个月的送审稿，等人签发；签发后发布，退回则记下原因。

    签发只对送审的这一稿有效：此后收件有变化就不发布。只替换分析文件、增加一版文稿；收件和以前的版本不动。
    """
    home, period = prepare_home(find_home()), period_before(runtime.flow_run.scheduled_start_time)
    if home.is_city:
        return guard(home, period.label, lambda: draft_city(home, period))
    draft = guard(home, period.label, lambda: put_before_office(home, period, partial(report, "双月报")))
    return {"period": str(period), "action": "nothing"} if draft is None else decide(home, period, {"": draft})


@flow(name="签发", flow_run_name=_name_signing)
def sign(送审稿: Put) -> dict[str, Any]:
    """签发或退回一期待签发的送审稿：先停下等人看稿、填表，再发布或记下原因。

    签发只对送审的这一稿有效：此后收件有变化就不发布。
    """
    home, period = prepare_home(find_home()), 送审稿.period
    drafts = guard(home, period.label, lambda: list_waiting(find_homes(home, 送审稿.district), period))
    if not drafts:
        raise PublicError(f"{送审稿.district}{period.label}没有待签发的送审稿，请先用“重跑”出草稿")
    return decide(home, period, drafts)


def decide(home: Home, period: Bimester, drafts: dict[str, Draft]) -> dict[str, Any]:
    """Suspend the run until a person has decided about the drafts, one or a municipality's several; then carry it out."""
    one = next(iter(drafts.values()))
    told = describe_drafts(home, period, drafts) if len(drafts) > 1 else describe_draft(_find_home(home, drafts), period, one)
    form = SignOff.with_initial_data(description=told, 签发日期=one.issued)
    key = hashlib.sha256("".join(draft.run_id for draft in drafts.values()).encode()).hexdigest()[:16]
    decided = suspend_flow_run(wait_for_input=form, key=f"sign-{key}", timeout=WAIT_FOR_OFFICE_SECONDS)
    if home.is_city:
        return guard(home, period.label, lambda: sign_city(home, period, drafts, decided))
    done = guard(home, period.label, lambda: carry_out(home, period, one, decided, partial(report, "双月报")))
    return done or {"period": str(period), "action": "sent back"}


def _find_home(home: Home, drafts: dict[str, Draft]) -> Home:
    """The home of the first draft."""
    return find_homes(home, next(iter(drafts)))[next(iter(drafts))]


@flow(name="重跑", flow_run_name=_name_rerun)
def rerun(要求: Rerun) -> dict[str, Any]:
    """重出任一期。草稿放在 out/期间/draft，不发布；发布则生成新版本。

    文件和条件未变时不会生成新版本。
    """
    home = prepare_home(find_home())
    if home.is_city:
        return guard(home, 要求.period.label, lambda: rerun_city(home, 要求))
    job = Job(home, 要求.period, say=lambda _: None, draft=要求.mode is Mode.draft)
    return guard(home, 要求.period.label, lambda: report("重跑", job))


@flow(name="补算", flow_run_name="补算")
def backfill(要求: Backfill) -> list[dict[str, Any]]:
    """从旧到新重出一段时间内有收件的各期，并发布；只有最后一期出文稿。文件和条件未变的期不生成新版本。"""
    home = prepare_home(find_home())
    if home.is_city:
        return guard(home, 要求.last.label, lambda: backfill_city(home, 要求))
    periods = [p for p in list_inboxes(home) if 要求.first <= p <= 要求.last]
    if not periods:
        raise PublicError(f"{要求.first.label}至{要求.last.label}没有收件文件夹，没有补算；起止写反的请对调")
    jobs = [Job(home, p, lambda _: None, papers=p == periods[-1]) for p in periods]
    return [guard(home, job.period.label, partial(report, "补算", job)) for job in jobs]


@flow(name="收件检查", flow_run_name="收件检查")
def check_inbox() -> dict[str, Any]:
    """看一看在办的一期收到了什么、缺什么、哪些学校未报；不出报，不改动已发布的内容。"""
    home, today = prepare_home(find_home()), datetime.now(BEIJING).date()

    def look(one: Home) -> tuple[int, int, News | None]:
        if (arrivals := look_at_inbox(one, today)) is None:
            return 0, 0, None
        publish_arrivals(one, arrivals)
        if news := tell_late(arrivals, today):
            tell(one, news)
        return sum(arrivals.sheets.values()), sum(map(len, arrivals.late.values())), news

    seen = visit(home, "", look)
    tell_city(home, {name: news for name, (_, _, news) in seen.items()})
    return {"sheets": sum(sheets for sheets, _, _ in seen.values()), "late": sum(late for _, late, _ in seen.values())}


@flow(name="逾期提醒", flow_run_name="逾期提醒")
def remind() -> dict[str, Any]:
    """数一数到今天为止逾期的案件；有新逾期的，按设置发邮件或群消息，只报人数。"""
    home, today = prepare_home(find_home()), datetime.now(BEIJING).date()

    def look(one: Home) -> tuple[Overdue | None, News | None]:
        if (overdue := look_at_clocks(one, today)) is None:
            return None, None
        publish_overdue(one, overdue)
        if news := tell_overdue(overdue, today):
            tell(one, news)
        return overdue, news

    seen = visit(home, "", look)
    tell_city(home, {name: news for name, (_, news) in seen.items()})
    found = [overdue for overdue, _ in seen.values() if overdue]
    return {"overdue": sum(one.total for one in found), "newly": sum(one.newly for one in found)}


def tell_city(home: Home, told: dict[str, News | None]) -> None:
    """Tell a municipality in one message what its districts were told, each under its name."""
    heard = {name: news for name, news in told.items() if news and home.is_city}
    for event in sorted({news.event for news in heard.values()}):
        counts = tuple((name + what, count) for name, news in heard.items() if news.event == event for what, count in news.counts)
        tell(home, News(event, "", counts))


@flow(name="报送登记", flow_run_name="报送登记")
def record_sent(登记: HandedUp) -> dict[str, Any]:
    """登记某期某版已报送给谁、哪天报的。此后各期与它比较时用这一版的数。"""
    home = prepare_home(find_home())
    version = guard(home, 登记.period.label, lambda: mark_sent(find_one(home, 登记.district), 登记))
    return {"period": str(登记.period), "version": version}


def find_one(home: Home, name: str) -> Home:
    """The home that is meant: the district's own, or one of a municipality's."""
    homes = find_homes(home, name)
    if len(homes) > 1:
        raise PublicError("请选一个区县")
    return next(iter(homes.values()))
