"""Tables on the screen, and the state of a home."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from unicodedata import east_asian_width

import click

from flows.commands import list_inboxes, list_strays
from flows.faults import NO_DATABASE
from flows.manifest import Manifest, find_stale, list_published
from flows.purge import read_purged
from flows.screen import keep_plain
from flows.settings import Home
from schemas.bimester import Bimester


def print_table(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows aligned; Chinese characters count for two places."""
    cells = [[*map(str, names)], *([_show(value) for value in row] for row in rows)]
    widths = [max(_width(row[place]) for row in cells) for place in range(len(names))]
    cells.insert(1, ["─" * width for width in widths])
    for row in cells:
        click.echo("  ".join(_pad(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip())
    click.echo(f"（{len(cells) - 2}行）")


def _show(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    return f"{value:.6g}" if isinstance(value, float) else keep_plain(str(value))


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def show_status(home: Home, say: Callable[[str], None]) -> None:
    """Print each period's version and standing."""
    published = {manifest.period: manifest for manifest in list_published(home)}
    periods = sorted({*published, *list_inboxes(home)})
    say(f"工作文件夹：{home.root}")
    if strays := list_strays(home):
        say(f"收件文件夹下这{len(strays)}项不在任何一期里，没有读，请移进如 2025-B3 的文件夹：{'、'.join(strays[:5])}" + ("等" if strays[5:] else ""))
    if not periods:
        say("还没有任何一期的报送文件。请建 inbox/2025-B3 一类的文件夹放入文件，或先用 baoxue sample 试一试")
        return
    stale, overdue = set(find_stale(list(published.values()), read_purged(home)["数据"])), _find_overdue(home, say)
    names = ("期间", "名称", "版本", "状态", "签发日期", "发布时间", "收件数", "文稿数", "逾期案件")
    print_table(names, [_describe(home, period, published.get(period), stale, overdue) for period in periods])


def _describe(
    home: Home, period: Bimester, manifest: Manifest | None, stale: set[Bimester], overdue: dict[str, int]
) -> tuple[Any, ...]:
    from transforms.extracts.land import hash_file, list_inbox_files

    received = list_inbox_files(home.inbox / str(period))
    refused = home.refusal(str(period)).exists()
    files = len(received)
    if manifest is None:
        state = "未能出报，见说明" if refused else "未发布"
        return str(period), period.label, None, state, None, None, files, None, None
    state = "待重算（前期数据已更正）" if period in stale else "已发布"
    if str(period) in read_purged(home)["收件和文稿"]:
        state = "已发布；收件和文稿已按保留年限删除"
    elif refused:
        state += "；此后收到的未能出报，见说明"
    elif {hash_file(path) for path in received} != {file_id for _, file_id in manifest.inputs.files}:
        state += "；此后收件有变化，未重算"
    when = manifest.published_at[:16].replace("T", " ")
    return (str(period), period.label, f"v{manifest.version}", state, manifest.inputs.issued, when, files,
            len(manifest.papers), overdue.get(str(period)))  # fmt: skip


def _find_overdue(home: Home, say: Callable[[str], None]) -> dict[str, int]:
    """Count as below; the rest of the status can be told without the analysts' file."""
    import duckdb

    try:
        return count_overdue(home)
    except duckdb.Error:
        say(f"分析文件打不开，逾期案件从略。{NO_DATABASE}")
        return {}


def count_overdue(home: Home) -> dict[str, int]:
    """Count the overdue open cases of each period's current version."""
    if not home.database.exists():
        return {}
    from transforms.published.export import run_query

    sql = """select period, count(*) from cases.case semi join (from meta.period where is_current)
    using (period, version) where overdue_working_days > 0 and closed_on is null group by period"""
    return dict(run_query(home.database, sql).rows)
