"""A municipality under Prefect: what a district's flows do, for each of its districts, and then the sum.

A district is one task of the run. One that is refused or fails stops no other; the run's state names it at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

from prefect.deployments import run_deployment

from flows.artifacts import DONE, link_papers, publish_city
from flows.bimonthly import Outcome
from flows.decisions import Draft
from flows.faults import PublicError, PublicRefusal
from flows.forms import Backfill, Mode, Months, Rerun, SignOff
from flows.lock import hold_home
from flows.municipality import (
    City,
    District,
    Tally,
    conclude,
    find_districts,
    keep_apart,
    list_city_inboxes,
    list_districts,
    report_city,
)
from flows.settings import Home, prepare_home
from flows.signing import carry_out, check_signed, put_before_office
from flows.steps import Job
from flows.tasks import WAIT_SECONDS, guard, run_job, run_task
from flows.telling import News, tell
from schemas.bimester import Bimester
from schemas.municipal import WHOLE

R = TypeVar("R")
TITLES = {"compare_registries": "跨区县比对", "publish_city": "汇总各区县"}
RETRIES = 2  # of a district whose share or disk may answer later
SIGNING = "签发/签发"


def find_homes(home: Home, name: str = WHOLE) -> dict[str, Home]:
    """The homes that a form's choice means, by district; a district's own home goes by no name. Raises PublicError."""
    if not home.is_city:
        return {"": home}
    homes = {district.name: district.home for district in list_districts(home)}
    if name not in (WHOLE, *homes):
        raise PublicError("请在表单中选区县")
    return homes if name == WHOLE else {name: homes[name]}


def visit(home: Home, label: str, look: Callable[[Home], R]) -> dict[str, R]:
    """Look at a district, or at each of a municipality's; one that fails stops no other, and is named when all are through."""
    if not home.is_city:
        return {"": guard(home, label, lambda: look(home))}
    tally, seen = Tally(), {}
    for district in find_districts(home, tally):
        with keep_apart(district, tally):
            one = prepare_home(district.home)
            seen[district.name] = _run_apart(district, label, lambda one=one: look(one))  # type: ignore[misc]
    if told := {**tally.refused, **tally.failed}:
        raise PublicError("；".join(f"{name}：{why}" for name, why in sorted(told.items())))
    return seen


def draft_city(home: Home, period: Bimester) -> dict[str, Any]:
    """Put a draft of every district before the office; each waits for its own signature in a run of 签发."""
    drafts: dict[str, Draft] = {}

    def draft(district: District) -> None:
        if (made := put_before_office(district.home, period, run_job)) is not None:
            drafts[district.name] = made

    tally = _run_districts(home, period, WHOLE, draft, publishes=False)
    shown: dict[str, tuple[str, Path | None]] = dict.fromkeys(tally.reported, ("报送文件未变，没有送审稿", None))
    shown |= {name: ("送审稿待签发", Path(made.papers)) for name, made in drafts.items()}
    _close(home, {period: tally}, "送审稿", shown, start=lambda: _ask_for_signatures(home, period, drafts))
    return {"period": str(period), "drafts": len(drafts)}


def _ask_for_signatures(home: Home, period: Bimester, drafts: dict[str, Draft]) -> None:
    months = list(Months)[period.number - 1].value
    if drafts:
        tell(home, News("waiting", period.label, (("区县", len(drafts)),)))
    for name in drafts:
        asked = {"送审稿": {"district": name, "year": period.year, "months": months}}
        run_deployment(SIGNING, parameters=asked, timeout=0, as_subflow=False)


def describe_drafts(home: Home, period: Bimester, drafts: dict[str, Draft]) -> str:
    """What the form for signing several drafts at once says above its fields."""
    links = "\n".join(f"- [{name}]({link_papers(Home(home.districts / name), Path(d.papers))})" for name, d in drafts.items())
    return f"{period.label}以下区县的送审稿一并签发或退回，发文字号留空。\n\n{links}\n\n签发只对这几稿有效：此后收件有变化的，须重新送审。\n"


def sign_city(home: Home, period: Bimester, drafts: dict[str, Draft], decided: SignOff) -> dict[str, Any]:
    """Publish what was signed for one district or several, or record why it was sent back; then sum up."""
    check_signed(period, decided)
    if len(drafts) > 1 and decided.number.strip():
        raise PublicError("几个区县一并签发时不填发文字号：一份文件一个号。没有签发，也没有发布")
    done: dict[str, Outcome | None] = {}

    def carry(district: District) -> None:
        done[district.name] = carry_out(district.home, period, drafts[district.name], decided, run_job)

    tally = _run_districts(home, period, tuple(drafts), carry, publishes=True, tells=False)
    _close(home, {period: tally}, "签发结果", _say(done))
    return {"period": str(period), "published": sum(outcome is not None for outcome in done.values())}


def rerun_city(home: Home, request: Rerun) -> dict[str, Any]:
    """Report a period of one district or of all again, and sum up what is published."""
    period, draft = request.period, request.mode is Mode.draft
    chosen = tuple(find_homes(home, request.district))
    done: dict[str, Outcome | None] = {}

    def run(district: District) -> None:
        done[district.name] = run_job(Job(district.home, period, lambda _: None, draft=draft))

    tally = _run_districts(home, period, chosen, run, publishes=not draft)
    if not (tally.reported or tally.refused or tally.failed):
        raise PublicError(f"没有{period.label}的收件文件夹，没有重跑")
    _close(home, {period: tally}, "出报结果", _say(done))
    return {"period": str(period), "districts": len(done)}


def backfill_city(home: Home, request: Backfill) -> list[dict[str, Any]]:
    """Report a range of periods of every district, oldest first; the last one alone has papers."""
    inboxes = list_city_inboxes(list_districts(home))
    periods = [period for period in inboxes if request.first <= period <= request.last]
    if not periods:
        raise PublicError(f"{request.first.label}至{request.last.label}没有收件文件夹，没有补算；起止写反的请对调")
    tallies, done = {}, {}
    for period in periods:

        def run(district: District, period: Bimester = period) -> None:
            job = Job(district.home, period, lambda _: None, papers=period == periods[-1])
            done[f"{district.name}{period.label}"] = run_job(job)

        tallies[period] = _run_districts(home, period, WHOLE, run, publishes=True)
    _close(home, tallies, "补算结果", {name: (_name_outcome(outcome), None) for name, outcome in done.items()})
    return [{"period": str(period), "districts": len(tally.reported)} for period, tally in tallies.items()]


def _run_districts(
    home: Home, period: Bimester, chosen: str | tuple[str, ...], run: Callable[[District], object],
    *, publishes: bool, tells: bool = True,
) -> Tally:  # fmt: skip
    """Run the chosen districts as tasks, between the comparison and the sum, which are tasks too."""
    tally = Tally()
    districts = find_districts(home, tally)
    wanted = tuple(district for district in districts if chosen == WHOLE or district.name in chosen)
    city = City(home, districts, _as_task(home), WAIT_SECONDS)
    with hold_home(home, WAIT_SECONDS):
        return report_city(city, wanted, period, lambda district: _run_apart(district, period.label, lambda: run(district)),
                           lambda _: None, publishes=publishes, tells=tells, tally=tally)  # fmt: skip


def _run_apart(district: District, label: str, run: Callable[[], R]) -> R:
    """Run a district as a task of its name; what stops it is told to its own office and said without personal data."""
    log = district.home.private / "log"
    return guard(district.home, label, lambda: run_task(district.name, log, run, RETRIES))


def _as_task(home: Home) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def wrap(step: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(step)
        def call(*arguments: Any) -> Any:
            return run_task(TITLES[step.__name__], home.private / "log", wraps(step)(lambda: step(*arguments)))

        return call

    return wrap


def _say(done: dict[str, Outcome | None]) -> dict[str, tuple[str, Path | None]]:
    return {name: (_name_outcome(outcome), outcome.papers if outcome else None) for name, outcome in done.items()}


def _name_outcome(outcome: Outcome | None) -> str:
    return f"第{outcome.version}版{DONE[outcome.action]}" if outcome else "已退回，没有发布"


def _close(
    home: Home, tallies: dict[Bimester, Tally], title: str, shown: dict[str, tuple[str, Path | None]],
    start: Callable[[], None] = lambda: None,
) -> None:  # fmt: skip
    """Show how every district fared, start what comes next, and fail where one did not come through."""
    faults = {name: (why, None) for tally in tallies.values() for name, why in {**tally.refused, **tally.failed}.items()}
    publish_city(home, max(tallies), title, {**shown, **faults})
    start()
    conclude(tallies, PublicRefusal)
