"""What the commands do, behind the command line's words."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from flows.bimonthly import Outcome, report_period
from flows.faults import NO_DATABASE, PublicError, WrongUse
from flows.lock import hold_home
from flows.manifest import find_stale, list_published
from flows.purge import read_purged
from flows.settings import Home, find_home, name_user, prepare_home, read_key
from flows.steps import Job, list_in_database
from flows.vault import open_to_read, open_vault
from schemas.bimester import Bimester

Say = Callable[[str], None]


def make_sample(home: Home, period: Bimester, pupils: int | None, seed: int | None, back: int, say: Say) -> None:
    """Write a sample district into the inbox. An earlier sample there is replaced; files of others are not."""
    from transforms.sample.write import write_sample

    with hold_home(home):
        for each in period.back(back):
            clear_sample(home, each)
        try:
            write_sample(home.root, period, back=back, pupils=pupils, say=say, **({} if seed is None else {"seed": seed}))
        except ValueError as error:
            raise WrongUse(str(error)) from error
    say(f"样例已放入 {home.inbox}；答案在 {home.private / 'sample_truth'}")


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


def clear_sample(home: Home, period: Bimester) -> None:
    """Take an earlier sample of a period away. Raises WrongUse where the inbox holds files of somebody else."""
    inbox, truth = home.inbox / str(period), home.private / "sample_truth" / str(period)
    if truth.exists():
        shutil.rmtree(inbox, ignore_errors=True)
        shutil.rmtree(truth)
    elif inbox.exists() and any(inbox.iterdir()):
        raise WrongUse(f"{inbox} 中已有文件，样例不与真实材料混放；请用 --home 另选一个文件夹")


def check_given(home: Home, files: tuple[Path, ...], say: Say) -> bool:
    """Say what each file is and what is wrong with it; return whether anything is. Changes nothing."""
    from flows.checking import describe_file
    from transforms.validated.check import check_files

    held = tuple(home.validated(m.inputs.period, m.inputs.run_id) for m in list_published(home))
    if not (listed := _list_files(files)):
        raise WrongUse(f"{'、'.join(map(str, files))} 中没有文件，没有可检查的内容")
    with open_to_read(home):
        reports = check_files(listed, held=held, period=find_period(home, listed))
    for report in reports:
        for line in describe_file(report):
            say(line)
    bad = sum(not report.is_clean for report in reports)
    say(f"共检查{len(reports)}个文件，" + (f"{bad}个有问题" if bad else "没有发现问题"))
    return bad > 0


def find_period(home: Home, files: list[Path]) -> Bimester | None:
    """The one period in whose inbox all the files lie; None where there is no such one."""
    inbox, resolved = home.inbox.resolve(), [path.resolve() for path in files]
    names = {path.relative_to(inbox).parts[0] if path.is_relative_to(inbox) else "" for path in resolved}
    try:
        return Bimester.parse(names.pop()) if len(names) == 1 else None
    except ValueError:
        return None


def _list_files(paths: tuple[Path, ...]) -> list[Path]:
    """List files; a folder stands for all files in it."""
    from transforms.extracts.land import walk_files

    found = [sorted(walk_files(path)) if path.is_dir() else [path] for path in paths]
    return [path for group in found for path in group]


def list_inboxes(home: Home) -> list[Bimester]:
    """List the periods that have an inbox, oldest first. Other folders are not periods."""
    periods = []
    for path in home.inbox.iterdir() if home.inbox.exists() else ():
        try:
            periods.append(Bimester.parse(path.name))
        except ValueError:
            continue
    return sorted(periods)


def list_strays(home: Home) -> list[str]:
    """List what lies in the inbox and in no period's folder: nobody reads it, and its sender thinks it delivered."""
    from transforms.extracts.land import is_junk

    periods = {str(period) for period in list_inboxes(home)}
    found = home.inbox.iterdir() if home.inbox.is_dir() else ()
    return sorted(p.name for p in found if p.name not in periods and not is_junk(p) and not p.name.startswith("."))


def say_strays(home: Home, say: Say) -> None:
    """Say how many there are; their names, which may be anybody's, stand in `baoxue status`."""
    if strays := list_strays(home):
        say(f"收件文件夹下有{len(strays)}项不在任何一期里，没有读：请看 baoxue status，移进如 2025-B3 的文件夹")


def run_period(home: Home, period: Bimester | None, issued: date | None, draft: bool, say: Say) -> None:
    """Report one period, by default the newest inbox."""
    if period is None:
        inboxes = list_inboxes(home)
        if not inboxes:
            raise WrongUse(f"{home.inbox} 中还没有任何一期的文件夹。请建如 2025-B3 的文件夹并放入报送文件，"
                           "或先用 baoxue sample 试一试")  # fmt: skip
        period = inboxes[-1]
    check_issued(issued, period)
    say_strays(home, say)
    if not (home.inbox / str(period)).is_dir():
        raise WrongUse(f"没有{period.label}的收件文件夹 {home.inbox / str(period)}，请建好并放入报送文件")
    with hold_home(home), open_vault(home, say):
        read_key(home)
        say_outcome(home, period, report_period(Job(home, period, say, issued, draft)), say)
    say_where(home, say)


def check_issued(issued: date | None, period: Bimester) -> None:
    """Raise WrongUse where a period would be signed before its end."""
    if issued is not None and issued <= period.last_day:
        raise WrongUse(f"签发日期{issued}早于{period.label}的截止日{period.last_day}，应在本期结束之后")


def choose_periods(inboxes: list[Bimester], first: Bimester | None, last: Bimester | None) -> list[Bimester]:
    """Choose those of a range; without a range all. Raises WrongUse on a range that is turned round or has no inbox."""
    if first is not None and last is not None and last < first:
        raise WrongUse(f"起期{first.label}晚于止期{last.label}，请对调 --from 和 --to")
    periods = [p for p in inboxes if (first is None or first <= p) and (last is None or p <= last)]
    if not periods and not (first is None and last is None):
        raise WrongUse("没有这段时间的收件文件夹，请核对 --from、--to 和 inbox 中的文件夹名")
    return periods


def run_backfill(home: Home, first: Bimester | None, last: Bimester | None, papers: str, say: Say) -> None:
    """Report a range of periods, oldest first; without a range every inbox not yet published."""
    periods = choose_periods(list_inboxes(home), first, last)
    say_strays(home, say)
    with hold_home(home), open_vault(home, say):
        read_key(home)
        if first is None and last is None:
            there = list_in_database(home)
            published = {manifest.period for manifest in list_published(home) if manifest.manifest_id in there}
            periods = [period for period in periods if period not in published]
        if not periods:
            say("收件文件夹中各期均已发布，没有发布新内容")
        for period in periods:
            wanted = papers == "all" or (papers == "latest" and period == periods[-1])
            say_outcome(home, period, report_period(Job(home, period, say, papers=wanted)), say)
    say_where(home, say)


def say_outcome(home: Home, period: Bimester, outcome: Outcome, say: Say) -> None:
    """Say what a run did and where it stands."""
    match outcome.action:
        case "nothing":
            say(f"{period.label}：报送文件和条件与第{outcome.version}版相同，没有发布新内容")
        case "draft":
            say(f"{period.label}：草稿{outcome.paper_count}份在 {outcome.papers}，没有发布")
        case "reprint":
            say(f"{period.label}：第{outcome.version}版数字未变，补出文稿{outcome.paper_count}份，在 {outcome.papers}")
        case _ if outcome.paper_count:
            say(f"{period.label}：已发布第{outcome.version}版，文稿{outcome.paper_count}份，在 {outcome.papers}")
        case _:
            say(f"{period.label}：已发布第{outcome.version}版，未出文稿")
    if outcome.action == "publish":
        later = [p for p in find_stale(list_published(home), read_purged(home)["数据"]) if p > period]
        if later:
            labels, runs = "、".join(p.label for p in later), "；".join(f"baoxue run --period {p}" for p in later)
            say(f"依据本期旧数据的{labels}现在待重算，请依次运行：{runs}")


QUERIES = (
    "from 中文.适龄儿童少年入学率 where 区域层级 = '镇街' and 学段 = '合计' and 群体 = '全体'",
    "select 比对项, 镇街, count(*) as 人数 from 中文.比对结果 group by all order by 人数 desc limit 20",
    "select 状态, count(*) as 案件数 from 中文.案件 group by all order by all",
)


def say_where(home: Home, say: Say) -> None:
    """Name the newest report, the analysts' file, and three queries to try."""
    printed = [manifest for manifest in list_published(home) if manifest.papers]
    if not home.database.exists():
        return
    if printed:
        say(f"最新报告：{home.papers(printed[-1].inputs.period, printed[-1].version)}")
    say(f"分析文件：{home.database}（不含姓名和证件号）")
    say("可以试试：")
    for sql in QUERIES:
        say(f'  {_name_command(home)} query "{sql}"')


def _name_command(home: Home) -> str:
    """Return how this command was called, so that what is proposed can be pasted."""
    called = Path(sys.argv[0])
    if called.stem != "baoxue" or shutil.which("baoxue"):
        called = Path("baoxue")
    elif called.is_relative_to(Path.cwd()):
        called = called.relative_to(Path.cwd())
    return f"{called}" if find_home() == home else f"{called} --home {home.root}"


def show_query(home: Home, sql: str, limit: int) -> None:
    """Print the result of a read-only query as a table."""
    import duckdb

    from flows.reporting import print_table
    from transforms.published.export import run_query

    try:
        rows = run_query(_find_database(home), sql, limit + 1)
    except duckdb.Error as error:
        raise WrongUse(explain_query(error)) from error
    print_table(rows.names, rows.rows[:limit])
    if len(rows.rows) > limit:
        click.echo(f"（只显示前{limit}行，用 --rows 可多显示，或用 baoxue export 导出）")


QUERY_FAULTS = (
    ("ParserException", "语句写法有误，请看下面“^”所指的地方"),
    ("CatalogException", "没有这张表、视图或函数；中文视图写作 中文.表名，全部表名见 docs/dictionary.md，常问的问题见 docs/analyst.md"),
    ("BinderException", "没有这一列，或列、函数用得不对；可先用 describe 中文.表名 看有哪些列"),
    ("PermissionException", "只能查分析文件本身，不能读写别的文件"),
    ("ConversionException", "有一个值换不成所要的类型，可用 try_cast"),
    ("OutOfRangeException", "有一个数超出范围"),
    ("OutOfMemoryException", "结果太大，请加条件或 limit"),
)


def explain_query(error: Exception) -> str:
    """Say in Chinese what is wrong with a query; the engine's own text, which points at the place, stands behind."""
    from transforms.published.export import EMPTY

    text = str(error)
    kind = type(error).__name__
    if "read-only" in text or "configuration has been locked" in text:
        said = "分析文件只读，查询不能改动任何内容"
    elif EMPTY in text:
        return f"查询有误：{EMPTY}"
    else:
        said = dict(QUERY_FAULTS).get(kind, "查询没有做成")
    return f"查询有误：{said}。\n数据库原文：{text}"


def export_table(home: Home, name: str, path: Path, period: Bimester | None, named: bool, say: Say) -> None:
    """Export a table's current rows; with names it is written into the access log first."""
    import duckdb

    from transforms.published.export import NoSuchTable, find_view, read_view, write_rows

    database = _find_database(home)
    if not path.parent.is_dir():
        raise WrongUse(f"没有文件夹 {path.parent}，请先建好，或换一个地方")
    if not path.suffix:
        raise WrongUse(f"文件名“{path.name}”请以 .xlsx、.csv 或 .parquet 结尾")
    if path.resolve().is_relative_to(home.root):
        raise WrongUse(f"不能导出到工作文件夹 {home.root} 里，那里只放程序自己的文件；请写到别处")
    if period is not None and str(period) not in (known := list_database_periods(database)):
        raise WrongUse(f"分析文件中没有{period.label}（{period}）；有：{'、'.join(known) or '无'}")
    if named and not (home.named.exists() and home.pseudonym_key.exists()):
        raise WrongUse(f"{home.private} 中没有密钥或姓名对照表，不能带姓名导出")
    try:
        view = find_view(name, city=home.is_city)
        with open_to_read(home) if named else nullcontext():
            rows = read_view(database, view, str(period) if period else None, home.named if named else None)
        if named:
            log_access(home, view, period, path, len(rows.rows))
        _write_beside(path, lambda staged: write_rows(rows, staged, view))
    except (NoSuchTable, ValueError) as error:
        raise WrongUse(str(error)) from error
    except duckdb.Error as error:
        table = f"或 {home.named}（从备份取回）" if named else ""
        raise PublicError(f"分析文件{table}打不开（{type(error).__name__}），没有导出。{NO_DATABASE}") from error
    except OSError as error:
        raise WrongUse(f"不能写 {path}（{error.strerror or type(error).__name__}）：请看是否有权限、磁盘是否已满、文件是否正打开着") from error
    say(f"已导出{len(rows.rows)}行到 {path}" + ("（含个人信息，请妥善保管）" if named else ""))


def _write_beside(path: Path, write: Callable[[Path], None]) -> None:
    """Write under another name with the same ending, then move: a fault leaves an older file as it was."""
    staged = path.with_name(f".{path.stem}.tmp{path.suffix}")
    try:
        write(staged)
        staged.replace(path)
    finally:
        staged.unlink(missing_ok=True)


def list_database_periods(database: Path) -> list[str]:
    """The periods that the analysts' file holds, oldest first."""
    from transforms.published.export import run_query

    return [row[0] for row in run_query(database, "select distinct period from meta.period order by period").rows]


def log_access(home: Home, table: str, period: Bimester | None, path: Path, rows: int) -> None:
    """Append one line: who took which table with names, when, where to, how many rows."""
    _log(home, name_user(), table, str(period or "全部"), str(path.resolve()), f"{rows}行")


def log_papers(home: Home, path: Path) -> None:
    """Append one line: which paper was handed out through the pages, when. The pages have one password for all."""
    _log(home, "网页", "文稿", "", path.relative_to(home.out).as_posix(), "")


def _log(home: Home, *words: str) -> None:
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    with (home.private / "access.log").open("a", encoding="utf-8") as handle:
        handle.write("\t".join((f"{now:%Y-%m-%dT%H:%M:%S%z}", *words)) + "\n")


def today_in_china() -> date:
    """The office's own day."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def _find_database(home: Home) -> Path:
    if not home.database.exists():
        raise WrongUse(f"{home.root} 中还没有分析文件，请先用 baoxue run 发布一期")
    return home.database
