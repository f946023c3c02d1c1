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
from flows.bimonthly import report_period
from flows.commands import check_issued, choose_periods, clear_sample, list_inboxes, say_outcome
from flows.durable import sync_files, sync_folder
from flows.faults import HomeBusy, PublicError, Refused, WrongUse, explain_machine, write_private_log
from flows.lock import hold_home
from flows.manifest import list_published, newest_version, write_atomically
from flows.settings import Home, prepare_home, read_key
from flows.stage import clean_leftovers, replace_folder
from flows.vault import open_to_read, open_vault
from schemas.bimester import Bimester

if TYPE_CHECKING:
    import polars as pl

Say = Callable[[str], None]
COMPARED = "市级比对"


@dataclass(frozen=True)
class District:
    """One district of the municipality: its name, which is its folder's, and its home."""

    name: str
    home: Home


@dataclass
class Tally:
    """How a period went: districts reported, districts refused with the reason, and whether any failed otherwise."""

    reported: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


def find_districts(home: Home) -> tuple[District, ...]:
    """List the districts by name. Raises WrongUse where a folder is no home, or its office goes by another name."""
    from transforms.documents.context import read_office
    from transforms.documents.templates import list_folders

    found = []
    for folder in sorted(
        path for path in home.districts.iterdir() if path.is_dir() and not path.name.startswith(".")
    ):
        district = District(folder.name, Home(folder))
        if not district.home.inbox.is_dir():
            raise WrongUse(
                f"{folder} 中没有 inbox。每个区县一个文件夹，里面建 inbox/2025-B3 一类的收件文件夹"
            )
        if (named := read_office(list_folders(district.home.templates)).district) != folder.name:
            raise WrongUse(f"{folder} 的文件夹名是“{folder.name}”，其 templates/office.yaml 的 district 是“{named}”。"
                           f"请在 {district.home.templates / 'office.yaml'} 中写明 district: {folder.name}，并核对 issuer、place 等各项")  # fmt: skip
        found.append(district)
    if not found:
        raise WrongUse(f"{home.districts} 中还没有区县，请每个区县建一个文件夹")
    return tuple(found)


def run_city(home: Home, period: Bimester | None, issued: date | None, draft: bool, say: Say) -> None:
    """Report one period of every district that has an inbox for it, then the municipality. Default: the newest inbox.

    Raises Refused when a district was refused, PublicError when one failed; what the others published stands.
    """
    districts = find_districts(home)
    inboxes = _list_inboxes(districts)
    if not inboxes:
        raise WrongUse(f"{home.districts} 各区县的 inbox 中还没有任何一期")
    period = period or inboxes[-1]
    if period not in inboxes:
        raise WrongUse(f"没有一个区县有{period.label}的收件文件夹")
    check_issued(issued, period)
    with hold_home(home):
        tally = _report(home, districts, period, issued, draft, True, say)
    _conclude({period: tally})


def run_city_backfill(
    home: Home, first: Bimester | None, last: Bimester | None, papers: str, say: Say
) -> None:
    """Report a range of periods of every district, oldest first. Raises as run_city does, after the last one."""
    districts = find_districts(home)
    periods = choose_periods(_list_inboxes(districts), first, last)
    tallies = {}
    with hold_home(home):
        for period in periods:
            wanted = papers == "all" or (papers == "latest" and period == periods[-1])
            tallies[period] = _report(home, districts, period, None, False, wanted, say)
    _conclude(tallies)


def _list_inboxes(districts: tuple[District, ...]) -> list[Bimester]:
    """List the periods that any district has an inbox for, oldest first."""
    return sorted({period for district in districts for period in list_inboxes(district.home)})


def _conclude(tallies: dict[Bimester, Tally]) -> None:
    """Leave with what did not go well, if anything."""
    for kind, chosen in ((PublicError, "failed"), (Refused, "refused")):
        told = [
            f"{period.label}{name}：{why}"
            for period, tally in tallies.items()
            for name, why in getattr(tally, chosen).items()
        ]
        if told:
            raise kind("\n".join(("以下区县本次没有出报，其他区县不受影响：", *told)))


def _report(
    home: Home,
    districts: tuple[District, ...],
    period: Bimester,
    issued: date | None,
    draft: bool,
    papers: bool,
    say: Say,
) -> Tally:
    found = compare_registries(districts, period, say)
    tally = Tally()
    for district in districts:
        if not (district.home.inbox / str(period)).is_dir():
            say(f"【{district.name}】没有{period.label}的收件文件夹")
            continue
        tell_district(district, period, found)
        with (
            _keep_apart(district, tally),
            hold_home(district.home),
            open_vault(district.home, _say_as(district, say)),
        ):
            read_key(district.home)
            job = steps.Job(district.home, period, _say_as(district, say), issued, draft, papers)
            say_outcome(district.home, period, report_period(job), job.say)
            tally.reported.append(district.name)
    if not draft:
        publish_city(home, districts, period, found, say)
    return tally


def _say_as(district: District, say: Say) -> Say:
    return lambda text: say(f"【{district.name}】{text}")


@contextmanager
def _keep_apart(district: District, tally: Tally) -> Iterator[None]:
    """Note what stops a district, and go on with the next; a fault that may quote a person goes to its private log."""
    try:
        yield
    except Refused as error:
        tally.refused[district.name] = str(error)
    except (HomeBusy, PublicError, WrongUse) as error:
        tally.failed[district.name] = str(error)
    except Exception as error:
        log = district.home.private / "log"
        tally.failed[district.name] = explain_machine(error) or (
            f"程序出现意外错误（{type(error).__name__}），详情见 {log / write_private_log(log, error)}.txt")  # fmt: skip


def compare_registries(districts: tuple[District, ...], period: Bimester, say: Say) -> pl.DataFrame:
    """Compare every district's children with the other districts' registries: one row a child (elsewhere.sql)."""
    from transforms.municipal.elsewhere import find_elsewhere

    say(f"跨区县比对{period.label}学籍")
    return find_elsewhere([_read_pupils(district, period) for district in districts])


def _read_pupils(district: District, period: Bimester) -> dict[str, pl.DataFrame]:
    """Read a district's children of a period; of one whose delivery cannot be used, those of its last reports."""
    from transforms.municipal.elsewhere import read_pupils

    home, apart = district.home, None
    tally = Tally()
    prepare_home(home)
    folders = tuple(
        home.validated(m.inputs.period, m.inputs.run_id) for m in list_published(home) if m.period < period
    )
    with hold_home(home), open_vault(home):
        if (home.inbox / str(period)).is_dir():
            with _keep_apart(district, tally):  # what is wrong is said when the district itself is run
                apart = _validate_apart(home, period)
        elif (newest := newest_version(home, period)) is not None:
            folders = (*folders, home.validated(newest.inputs.period, newest.inputs.run_id))
        try:
            return read_pupils(district.name, (*folders, apart) if apart else folders)
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


def publish_city(
    home: Home, districts: tuple[District, ...], period: Bimester, found: pl.DataFrame, say: Say
) -> None:
    """Make the municipality's file and this period's papers from what the districts have published."""
    import polars as pl

    from transforms.municipal.elsewhere import CROSSING, count_crossings
    from transforms.municipal.papers import write_city_papers
    from transforms.municipal.rollup import City, write_city_file

    kept = home.lake / "crossing"
    kept.mkdir(mode=0o700, parents=True, exist_ok=True)
    count_crossings(found, period).write_csv(kept / f"{period}.csv")
    say("汇总各区县")
    files = {
        district.name: district.home.database for district in districts if district.home.database.exists()
    }
    if not files:
        say("还没有一个区县出报，没有可汇总的")
        return
    crossings = pl.concat([pl.read_csv(path, schema=CROSSING) for path in sorted(kept.glob("*.csv"))])
    staged = home.root / ".baoxue.city.duckdb"
    write_city_file(City(files, _list_silent(districts), crossings), staged)
    papers = home.out / str(period) / ".city"
    shutil.rmtree(papers, ignore_errors=True)
    count = write_city_papers(staged, papers, period, found)
    sync_files([staged])
    staged.chmod(0o644)
    replace_folder(papers, home.out / str(period) / "全市")
    staged.replace(home.database)
    sync_folder(home.root)
    say(f"全市汇总{count}份，在 {home.out / str(period) / '全市'}；分析文件：{home.database}")


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


def make_city_sample(
    home: Home, count: int, period: Bimester, pupils: int | None, seed: int | None, back: int, say: Say
) -> None:
    """Write sample districts; earlier samples are replaced, files of others are not."""
    from transforms.sample.city import name_districts, write_city_sample

    if home.inbox.is_dir():
        raise WrongUse(f"{home.root} 已是一个区的工作文件夹，市级样例请用 --home 另选一个文件夹")
    home.districts.mkdir(parents=True, exist_ok=True)
    prepare_home(home)
    homes = [(name, prepare_home(Home(home.districts / name))) for name in name_districts(count)]
    with hold_home(home):
        for _, each in homes:
            for period_back in period.back(back):
                clear_sample(each, period_back)
        try:
            moved = write_city_sample([(name, each.root) for name, each in homes], period, back=back, pupils=pupils, say=say,
                                      **({} if seed is None else {"seed": seed}))  # fmt: skip
        except ValueError as error:
            raise WrongUse(str(error)) from error
    say(f"样例已放入 {home.districts}：{count}个区县，跨区县就读{moved}人；可以运行 baoxue backfill")


def show_city_status(home: Home, say: Say) -> None:
    """Print every district's periods."""
    from flows.reporting import show_status

    for district in find_districts(home):
        say(f"\n【{district.name}】")
        with open_to_read(district.home):
            show_status(district.home, say)
