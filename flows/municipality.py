"""A municipality: a home with `districts/<name>/` in it, each a whole home of its own, and what is made of all of them.

Each district is run as ever, with its own lock, lake, versions and papers; one that is refused or fails stops no other.
Before that the registries are compared across borders, and each district is told in its own inbox whom another has on its
roll. Afterwards the municipality's file and papers are made anew from what the districts have published.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from flows import steps
from flows.bimonthly import Do, report_period
from flows.commands import check_issued, choose_periods, list_inboxes, say_outcome
from flows.durable import sync_files, sync_folder
from flows.faults import (
    HomeBusy,
    PublicError,
    PublicRefusal,
    Refused,
    WrongFolders,
    WrongUse,
    explain_machine,
    write_private_log,
)
from flows.lock import hold_home
from flows.manifest import list_published, newest_version, write_atomically
from flows.options import read_engine
from flows.settings import Home, prepare_home, read_key
from flows.stage import clean_leftovers, replace_folder
from flows.vault import open_to_read, open_vault
from schemas.bimester import Bimester
from transforms import vault

if TYPE_CHECKING:
    import polars as pl

Say = Callable[[str], None]
COMPARED = "市级比对"


@dataclass(frozen=True)
class District:
    """One district of the municipality: its name, which is its folder's, and its home."""

    name: str
    home: Home


@dataclass(frozen=True)
class City:
    """The municipality's home and its districts; how its own steps are wrapped, and how long it waits for a district in use."""

    home: Home
    districts: tuple[District, ...]
    do: Do = lambda step: step
    wait_seconds: float = 0


@dataclass
class Tally:
    """How a period went: districts reported, districts refused with the reason, and whether any failed otherwise."""

    reported: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


def find_districts(home: Home, tally: Tally | None = None) -> tuple[District, ...]:
    """List the districts by name. Raises WrongFolders where there is none.

    One whose folder is no home, or whose office goes by another name, raises it too, or with a tally is noted there and left out.
    """
    found = []
    for district in (listed := list_districts(home)):
        if tally is None:
            _check_district(district)
            found.append(district)
            continue
        with keep_apart(district, tally):
            _check_district(district)
            found.append(district)
    if not listed:
        raise WrongFolders(f"{home.districts} 中还没有区县，请每个区县建一个文件夹")
    return tuple(found)


def list_districts(home: Home) -> tuple[District, ...]:
    """List the folders of districts by name, whatever is in them."""
    names = sorted(path.name for path in home.districts.iterdir() if path.is_dir() and not path.name.startswith("."))
    return tuple(District(name, Home(home.districts / name)) for name in names)


def _check_district(district: District) -> None:
    from transforms.documents.context import read_office
    from transforms.documents.templates import list_folders

    folder, own = district.home.root, district.home.templates
    if not district.home.inbox.is_dir():
        raise WrongFolders(f"{folder} 中没有 inbox。每个区县一个文件夹，里面建 inbox/2025-B3 一类的收件文件夹")
    if (named := read_office(list_folders(own)).district) != folder.name:
        raise WrongFolders(f"{folder} 的文件夹名是“{folder.name}”，其 templates/office.yaml 的 district 是“{named}”。"
                       f"请在 {own / 'office.yaml'} 中写明 district: {folder.name}，并核对 issuer、place 等各项")  # fmt: skip


def run_city(home: Home, period: Bimester | None, issued: date | None, draft: bool, say: Say) -> None:
    """Report one period of every district that has an inbox for it, then the municipality. Default: the newest inbox.

    Raises Refused when a district was refused, PublicError when one failed; what the others published stands.
    """
    districts = find_districts(home)
    inboxes = list_city_inboxes(districts)
    if not inboxes:
        raise WrongUse(f"{home.districts} 各区县的 inbox 中还没有任何一期")
    period = period or inboxes[-1]
    if period not in inboxes:
        raise WrongUse(f"没有一个区县有{period.label}的收件文件夹")
    check_issued(issued, period)
    with hold_home(home):
        tally = _report(home, districts, period, issued, draft, True, say)
    conclude({period: tally})


def run_city_backfill(
    home: Home, first: Bimester | None, last: Bimester | None, papers: str, say: Say
) -> None:
    """Report a range of periods of every district, oldest first. Raises as run_city does, after the last one."""
    districts = find_districts(home)
    periods = choose_periods(list_city_inboxes(districts), first, last)
    tallies = {}
    with hold_home(home):
        for period in periods:
            wanted = papers == "all" or (papers == "latest" and period == periods[-1])
            tallies[period] = _report(home, districts, period, None, False, wanted, say)
    conclude(tallies)


def list_city_inboxes(districts: tuple[District, ...]) -> list[Bimester]:
    """List the periods that any district has an inbox for, oldest first."""
    return sorted({period for district in districts for period in list_inboxes(district.home)})


def conclude(tallies: dict[Bimester, Tally], refused: type[Exception] = Refused) -> None:
    """Leave with what did not go well, if anything: `refused` where districts were only refused, else PublicError."""
    told = [
        f"{period.label}{name}：{why}"
        for period, tally in tallies.items()
        for name, why in sorted({**tally.refused, **tally.failed}.items())
    ]
    if told:
        kind = PublicError if any(tally.failed for tally in tallies.values()) else refused
        raise kind("\n".join(("以下区县本次没有办成，其他区县不受影响：", *told)))


def _report(
    home: Home,
    districts: tuple[District, ...],
    period: Bimester,
    issued: date | None,
    draft: bool,
    papers: bool,
    say: Say,
) -> Tally:
    def run(district: District) -> None:
        with hold_home(district.home), open_vault(district.home, _say_as(district, say)):
            read_key(district.home)
            job = steps.Job(district.home, period, _say_as(district, say), issued, draft, papers)
            say_outcome(district.home, period, report_period(job), job.say)

    return report_city(City(home, districts), districts, period, run, say, publishes=not draft)


def report_city(
    city: City,
    chosen: tuple[District, ...],
    period: Bimester,
    run: Callable[[District], object],
    say: Say,
    *,
    publishes: bool,
    tells: bool = True,
    tally: Tally | None = None,
) -> Tally:
    """Compare the registries, run the chosen districts, one after the other, and sum up what is published; say how it went.

    publishes: whether there is anything new to sum up; tells: whether the districts learn of the comparison before they run.
    """
    tally = tally or Tally()
    found = None
    with keep_apart(District(COMPARED, city.home), tally):
        found = city.do(compare_registries)(city, period, say, tally)
    for district in chosen:
        if not (district.home.inbox / str(period)).is_dir():
            say(f"【{district.name}】没有{period.label}的收件文件夹")
            continue
        with keep_apart(district, tally):
            if tells and found is not None:
                tell_district(district, period, found)
            run(district)
            tally.reported.append(district.name)
    if publishes:
        with keep_apart(District("全市汇总", city.home), tally):
            city.do(publish_city)(city, period, found, say)
    return tally


def _say_as(district: District, say: Say) -> Say:
    return lambda text: say(f"【{district.name}】{text}")


@contextmanager
def keep_apart(district: District, tally: Tally) -> Iterator[None]:
    """Note what stops a district, and go on with the next; a fault that may quote a person goes to its private log.

    What is common to all goes by a name of its own, with the municipality's home.
    """
    try:
        yield
    except (Refused, PublicRefusal) as error:
        tally.refused[district.name] = str(error)
    except (HomeBusy, PublicError, WrongUse) as error:
        tally.failed[district.name] = str(error)
    except Exception as error:
        log = district.home.private / "log"
        tally.failed[district.name] = explain_machine(error) or (
            f"程序出现意外错误（{type(error).__name__}），详情见 {log / write_private_log(log, error)}.txt")  # fmt: skip


def compare_registries(city: City, period: Bimester, say: Say, tally: Tally) -> pl.DataFrame | None:
    """Compare every district's children with the other districts' registries: one row a child (elsewhere.sql).

    None where a district cannot be read: what was found without it would take back what others were told, so nothing is.
    """
    from transforms.municipal.elsewhere import find_elsewhere

    say(f"跨区县比对{period.label}学籍")
    unread = Tally()
    pupils = []
    for district in city.districts:
        with keep_apart(district, unread):
            pupils.append(_read_pupils(district, period, city.wait_seconds))
    if lost := sorted({**unread.refused, **unread.failed}):
        tally.failed[COMPARED] = f"{'、'.join(lost)}的数据读不出，各区县沿用上一次比对的结果"
        return None
    engine = read_engine(city.home)
    shutil.rmtree(engine.spill or "", ignore_errors=True)  # of a run that was killed
    with vault.use(vault.Vault(work_key=vault.make_work_key())):  # what spills names children of all districts
        return find_elsewhere(pupils, engine)


def _read_pupils(district: District, period: Bimester, wait_seconds: float) -> dict[str, pl.DataFrame]:
    """Read a district's children of a period; of one whose delivery cannot be used, those of its last reports."""
    from transforms.municipal.elsewhere import read_pupils

    home, apart = district.home, None
    tally = Tally()
    prepare_home(home)
    folders = tuple(
        home.validated(m.inputs.period, m.inputs.run_id) for m in list_published(home) if m.period < period
    )
    with hold_home(home, wait_seconds), open_vault(home):
        if (home.inbox / str(period)).is_dir():
            with keep_apart(district, tally):  # what is wrong is said when the district itself is run
                apart = _validate_apart(home, period)
        elif (newest := newest_version(home, period)) is not None:
            folders = (*folders, home.validated(newest.inputs.period, newest.inputs.run_id))
        try:
            return read_pupils(district.name, (*folders, apart) if apart else folders, read_engine(home))
        finally:
            if apart is not None and apart.name.startswith("."):
                shutil.rmtree(apart, ignore_errors=True)


def _validate_apart(home: Home, period: Bimester) -> Path | None:
    """Return the folder of a delivery's accepted rows: the published one where nothing changed, else a passing one."""
    from transforms.validated.validate import validate_period

    clean_leftovers(home, list_published(home))
    job = steps.Job(home, period, lambda _: None)
    landing = steps.receive(job)
    plan = steps.plan_run(job, landing)
    done = home.validated(str(period), plan.inputs.run_id)
    if plan.action in ("nothing", "reprint") and done.is_dir():
        return done
    apart = home.lake / "validated" / str(period) / f".{plan.inputs.run_id}.apart"
    shutil.rmtree(apart, ignore_errors=True)
    held = tuple(home.validated(m.inputs.period, m.inputs.run_id) for m in plan.held)
    result = validate_period(landing, period, held, apart, lake=home.lake)
    if result.refusals:
        shutil.rmtree(apart, ignore_errors=True)
        return None
    return apart


def tell_district(district: District, period: Bimester, found: pl.DataFrame) -> None:
    """Put what the other registries know into the district's inbox, as one 核实反馈; take an old one away if there is none now."""
    from transforms.municipal.elsewhere import FILE, write_feedback

    path = district.home.inbox / str(period) / COMPARED / FILE
    content = write_feedback(found, district.name, period)
    if content is None:
        path.unlink(missing_ok=True)
    else:
        write_atomically(path, content)


def publish_city(city: City, period: Bimester, found: pl.DataFrame | None, say: Say) -> None:
    """Make the municipality's file and this period's papers from what the districts have published.

    found: None where the registries were not compared; the counts and lists of the last comparison then stay.
    """
    import polars as pl

    from transforms.municipal.elsewhere import CROSSING, count_crossings
    from transforms.municipal.papers import LISTS, write_city_papers
    from transforms.municipal.rollup import Sum, write_city_file

    home = city.home
    kept = home.lake / "crossing"
    kept.mkdir(mode=0o700, parents=True, exist_ok=True)
    if found is not None:
        count_crossings(found, period).write_csv(kept / f"{period}.csv")
    say("汇总各区县")
    files = {
        district.name: district.home.database
        for district in city.districts
        if district.home.database.exists()
    }
    if not files:
        say("还没有一个区县出报，没有可汇总的")
        return
    counted = [pl.read_csv(path, schema=CROSSING) for path in sorted(kept.glob("*.csv"))]
    staged = home.root / ".baoxue.city.duckdb"
    write_city_file(
        Sum(files, _list_silent(city.districts), pl.concat([CROSSING.to_frame(), *counted])), staged
    )
    papers, standing = home.out / str(period) / ".city", home.out / str(period) / "全市"
    shutil.rmtree(papers, ignore_errors=True)
    count = write_city_papers(staged, papers, period, found)
    if found is None and (standing / LISTS).is_dir():
        shutil.copytree(standing / LISTS, papers / LISTS)
    sync_files([staged])
    staged.chmod(0o644)
    replace_folder(papers, standing)
    staged.replace(home.database)
    sync_folder(home.root)
    say(f"全市汇总{count}份，在 {standing}；分析文件：{home.database}")


def _list_silent(districts: tuple[District, ...]) -> tuple[tuple[str, str, str], ...]:
    """List the periods that some district has published and another has not, with why as far as it is known."""
    published = {district: {str(m.period) for m in list_published(district.home)} for district in districts}
    periods = sorted(set().union(*published.values()))
    return tuple(
        (period, district.name, _say_silence(district.home, Bimester.parse(period)))
        for period in periods for district in districts if period not in published[district]
    )  # fmt: skip


def _say_silence(home: Home, period: Bimester) -> str:
    if home.refusal(str(period)).exists():
        return "未能出报"
    return "未出报" if (home.inbox / str(period)).is_dir() else "未报送"


def show_city_status(home: Home, say: Say) -> None:
    """Print every district's periods."""
    from flows.reporting import show_status

    for district in find_districts(home):
        say(f"\n【{district.name}】")
        with open_to_read(district.home):
            show_status(district.home, say)
