"""The `baoxue` command (contract §2). Heavy modules are imported by the command that needs them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.chinese import ChineseGroup, explain_usage
from flows.faults import HomeBusy, PublicError, Refused, WrongUse, explain_machine, write_private_log
from flows.screen import keep_plain
from flows.settings import (
    OWNER_ONLY,
    Home,
    find_home,
    is_validation_off,
    one_district,
    open_home,
    prepare_home,
)

if TYPE_CHECKING:
    from schemas.bimester import Bimester

DONE, FAULT, WRONG_USE, REFUSED, BUSY = range(5)  # exit codes of contract §2


class PeriodType(click.ParamType[Any]):
    """A period as `2025-B3`."""

    name = "期间"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Bimester:
        """Read the period. Fails with the Chinese message of Bimester.parse."""
        from schemas.bimester import Bimester

        try:
            return value if isinstance(value, Bimester) else Bimester.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class DayType(click.ParamType[Any]):
    """A day as `2025-07-10`."""

    name = "日期"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}”不是日期，应写成如 2025-07-10", param, ctx)


PERIOD, DAY = PeriodType(), DayType()


def _path(**rules: Any) -> click.Path:
    return click.Path(path_type=Path, **rules)


def _choose_home(context: click.Context, _: click.Parameter, value: Path | None) -> None:
    if value is not None or context.obj is None:
        context.obj = find_home(value)


# Understood before and after the subcommand.
home_option = click.option(
    "--home", expose_value=False, callback=_choose_home, metavar="文件夹", type=_path(file_okay=False),
    help="工作文件夹；不给则用环境变量 BAOXUE_HOME，再不然用 ./data",
)  # fmt: skip


@click.group(cls=ChineseGroup, subcommand_metavar="命令 …", options_metavar="[选项]", invoke_without_command=True)
@home_option
@click.pass_context
def cli(context: click.Context) -> None:
    """控辍保学：从全区报送的名册和月报，到可签发的双月报。"""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def command(name: str) -> Any:
    """Declare a subcommand; every one understands --home."""

    def declare(function: Callable[..., Any]) -> click.Command:
        return cli.command(name, options_metavar="[选项]")(home_option(function))

    return declare


@command("sample")
@click.option("--period", type=PERIOD, metavar="期间", default="2025-B3", help="哪一期，如 2025-B3（默认）")
@click.option("--pupils", type=click.IntRange(min=300), metavar="人数", help="在籍学生数，至少300；不给则为全区规模")
@click.option("--seed", type=int, metavar="整数", help="随机种子；种子相同则结果相同")
@click.option("--back", type=click.IntRange(min=0), metavar="期数", default=0, help="连同之前几期（默认0）")
@click.option("--districts", type=click.IntRange(2, 38), metavar="个数", help="编造几个区县，放在一个市级工作文件夹里；不给则为一个区")
@click.pass_obj
def sample(home: Home, period: Bimester, pupils: int | None, seed: int | None, back: int, districts: int | None) -> None:
    """编造一个区的报送材料，供试用和测试；人名、证件号均为虚构。"""
    from flows.commands import make_city_sample, make_sample

    if districts:
        make_city_sample(home, districts, period, pupils, seed, back, say)
    else:
        make_sample(prepare_home(one_district(home)), period, pupils, seed, back, say)


@command("check")
@click.argument("files", nargs=-1, required=True, metavar="文件…", type=_path(exists=True), help="要检查的文件；给文件夹则查其中全部")
@click.pass_obj
def check(home: Home, files: tuple[Path, ...]) -> int:
    """检查文件：是什么表、多少行、有哪些问题；不改动任何内容。"""
    from flows.commands import check_given

    return REFUSED if check_given(home, files, say) else DONE


@command("run")
@click.option("--period", type=PERIOD, metavar="期间", help="哪一期，如 2025-B3；不给则为收件文件夹中最新一期")
@click.option("--issued", type=DAY, metavar="日期", help="签发日期，如 2025-07-10；不给则为期后次月10日起首个工作日")
@click.option("--draft", is_flag=True, help="只出草稿，不发布")
@click.pass_obj
def run(home: Home, period: Bimester | None, issued: date | None, draft: bool) -> None:
    """出一期双月报：接收、校验、比对、立案、算指标、编文稿、发布。"""
    from flows.commands import run_period
    from flows.municipality import run_city

    (run_city if home.is_city else run_period)(open_home(home, city=True), period, issued, draft, say)


@command("backfill")
@click.option("--from", "first", type=PERIOD, metavar="期间", help="从哪一期起")
@click.option("--to", "last", type=PERIOD, metavar="期间", help="到哪一期止")
@click.option("--papers", type=click.Choice(["latest", "all", "none"]), default="latest", metavar="latest|all|none",
              help="哪些期出文稿：latest 只出最新一期（默认），all 每期，none 不出")  # fmt: skip
@click.pass_obj
def backfill(home: Home, first: Bimester | None, last: Bimester | None, papers: str) -> None:
    """从旧到新补出各期；不给起止则为收件文件夹中尚未发布的各期。"""
    from flows.commands import run_backfill
    from flows.municipality import run_city_backfill

    (run_city_backfill if home.is_city else run_backfill)(open_home(home, city=True), first, last, papers, say)


@command("serve")
@click.option("--port", type=click.IntRange(1024, 65535), metavar="端口", default=4200, help="端口（默认4200），只对本机开放")
@click.pass_obj
def serve(home: Home, port: int) -> None:
    """启动定时出报和网页界面（只对本机开放）；按 Ctrl-C 全部停止。"""
    from flows.municipality import find_districts
    from flows.serving import serve_home

    if home.is_city:
        find_districts(home)  # a wrong folder is said before anything starts
    elif not home.inbox.is_dir():
        say(f"{home.root} 是新的工作文件夹。若本该有材料，请按 Ctrl-C 停止：--home 写错了，或放它的磁盘没有挂上")
    serve_home(prepare_home(home), port, say)


@command("notices")
@click.option("--school-year", "year", type=click.IntRange(2015, 2100), metavar="学年", required=True, help="哪一学年，如 2025（2025年秋季入学）")
@click.option("--issued", type=DAY, metavar="日期", help="新编号的通知书的成文日期，如 2025-07-01（该年5月至9月）；不给则为今天")
@click.option("--redate", is_flag=True, help="已编号的也改用这个成文日期（编号不变）")
@click.pass_obj
def notices(home: Home, year: int, issued: date | None, redate: bool) -> None:
    """出新生的入学通知书：每人一份、只编一次号，附送达回证；不需要先出报告。"""
    from flows.notices import make_notices

    make_notices(open_home(home), year, issued, say, redate=redate)


@command("query")
@click.argument("sql", metavar="SQL", help="查询语句")
@click.option("--rows", type=click.IntRange(min=1), metavar="行数", default=50, help="最多显示几行（默认50）")
@click.pass_obj
def query(home: Home, sql: str, rows: int) -> None:
    """在分析文件上执行一条只读查询。"""
    from flows.commands import show_query

    show_query(home, sql, rows)


@command("explore")
@click.option("--port", type=click.IntRange(1024, 65535), metavar="端口", default=4201, help="端口（默认4201），只对本机开放")
@click.pass_obj
def explore(home: Home, port: int) -> None:
    """打开本机网页查看分析文件：走势、镇街热力表、学校漏斗图、届别追踪、案件；只读。"""
    from flows.exploring import explore_home

    explore_home(one_district(home), port, say)


@command("export")
@click.argument("table", metavar="表名", help="表名，如 compared.finding 或 比对结果")
@click.argument("file", metavar="文件", type=_path(dir_okay=False), help="写到哪里；以 .xlsx、.csv 或 .parquet 结尾")
@click.option("--period", type=PERIOD, metavar="期间", help="只要哪一期；不给则为各期现行版本")
@click.option("--named", is_flag=True, help="带上姓名和身份证件号；须持有本机密钥，并记入访问记录")
@click.pass_obj
def export(home: Home, table: str, file: Path, period: Bimester | None, named: bool) -> None:
    """把一张表导出为 .xlsx、.csv 或 .parquet。"""
    from flows.commands import export_table

    export_table(home, table, file, period, named, say)


@command("backup")
@click.argument("file", metavar="文件", type=_path(dir_okay=False), help="写到哪里；应在工作文件夹以外")
@click.pass_obj
def backup(home: Home, file: Path) -> None:
    """把整个工作文件夹备份成一个加密文件，写完逐一核对。"""
    from flows.backup import back_up

    back_up(open_home(home), file, say)


@command("restore")
@click.argument("file", metavar="文件", type=_path(dir_okay=False, exists=True), help="备份文件")
@click.option("--key", metavar="文件", type=_path(dir_okay=False, exists=True), help="恢复密钥（备份时另存的 backup.key）")
@click.pass_obj
def restore(home: Home, file: Path, key: Path | None) -> None:
    """把备份恢复到一个空的工作文件夹，全部核对无误才放到位。"""
    from flows.backup import restore as restore_home

    restore_home(home, file, key, say)


@command("purge")
@click.pass_obj
def purge(home: Home) -> None:
    """删除超过保留年限的收件、文稿和数据，并留下记录；年限在工作文件夹的 settings.yaml 中设置。"""
    from flows.commands import today_in_china
    from flows.purge import purge as purge_home

    purge_home(open_home(home), today_in_china(), say)


@command("status")
@click.pass_obj
def status(home: Home) -> None:
    """各期状态：收件、版本、是否待重算、逾期数。"""
    from flows.municipality import show_city_status
    from flows.reporting import show_status

    (show_city_status if home.is_city else show_status)(home, say)


@command("doctor")
@click.pass_obj
def doctor(home: Home) -> int:
    """检查安装、权限、字体、密钥和磁盘。"""
    from flows.doctor import examine

    return DONE if examine(home, say) else FAULT


def say(text: str) -> None:
    """Print one line of progress, never personal data. A reader that has closed the pipe does not stop the run."""
    try:
        click.echo(keep_plain(text))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave with its exit code."""
    os.umask(OWNER_ONLY)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(run_command(list(sys.argv[1:] if arguments is None else arguments)))


def run_command(arguments: list[str]) -> int:
    """Run the command; return its exit code. Whatever goes wrong is said in Chinese on stderr."""
    try:
        if is_validation_off():
            raise WrongUse("环境变量 PANDERA_VALIDATION_ENABLED 关闭了校验，请去掉后再运行")
        return cli.main(arguments, prog_name="baoxue", standalone_mode=False) or DONE
    except click.exceptions.Abort:
        return _complain("已中断；再运行一次会清理残留，或完成已定的发布", FAULT)
    except click.ClickException as error:
        return _complain(explain_usage(error), WRONG_USE)
    except WrongUse as error:
        return _complain(str(error), WRONG_USE)
    except Refused as error:
        return _complain(str(error), REFUSED)
    except HomeBusy as error:
        return _complain(str(error), BUSY)
    except PublicError as error:
        return _complain(str(error), FAULT)
    except Exception as error:
        return _complain(_log_fault(error, arguments), FAULT)


def _complain(text: str, code: int) -> int:
    click.echo(keep_plain(text), err=True)
    return code


def _log_fault(error: Exception, arguments: list[str]) -> str:
    """Keep the traceback, which may quote personal data, in the home's private log; say only where."""
    if (cause := explain_machine(error)) is not None:
        place = f"（{error.filename}）" if isinstance(error, OSError) and error.filename else ""
        return f"{cause}{place}。已发布的内容没有改动，再运行一次会清理残留"
    home = find_home(_find_home_option(arguments))
    try:
        reference = write_private_log(home.private / "log", error)
    except OSError:
        return f"程序出现意外错误（{type(error).__name__}），且无法写入 {home.private / 'log'}"
    return f"程序出现意外错误（{type(error).__name__}），没有发布新内容。详情见 {home.private / 'log' / reference}.txt"


def _find_home_option(arguments: list[str]) -> Path | None:
    for place, word in enumerate(arguments):
        if word == "--home" and place + 1 < len(arguments):
            return Path(arguments[place + 1])
        if word.startswith("--home="):
            return Path(word.removeprefix("--home="))
    return None


if __name__ == "__main__":
    main()
