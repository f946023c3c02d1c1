"""`baoxue purge`: remove what is older than the office's retention setting, and keep a record of it.

Two ages: the originals, their landed text, the papers and the fault logs; then the validated data, the openings of
cases and the names. A period that was never published ages like the others. What remains for good holds no child's
name: manifests, decisions, the access log and the analysts' file.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flows.lock import hold_home
from flows.manifest import Manifest, list_published, list_versions, read_record, write_atomically
from flows.options import Options, read_options
from flows.settings import Home, name_user
from flows.vault import open_vault
from schemas.bimester import Bimester, school_year_label
from transforms import vault

PERIODS_A_YEAR = 6
SEASON_ENDS = 5  # the 入学通知书 of an autumn go with the last period that can bring its intake
Say = Callable[[str], None]


@dataclass(frozen=True)
class Aged:
    """Periods past each of the two ages, oldest first, and the day from which on originals stay."""

    files: tuple[Bimester, ...]
    data: tuple[Bimester, ...]
    kept_from: date | None = None


def purge(home: Home, today: date, say: Say) -> None:
    """Remove what is past its age; say and record how much. The newest published period gives the present."""
    with hold_home(home), open_vault(home, say):
        aged = find_aged(home, read_options(home))
        done = read_purged(home)
        files = [p for p in aged.files if str(p) not in done["收件和文稿"]]
        data = [p for p in aged.data if str(p) not in done["数据"]]
        loose = list(_list_loose(home, aged.kept_from)) if aged.kept_from else []
        if not files and not data and not loose:
            say("没有超过保留年限的材料，未删除任何内容")
            return
        _record(home, done, files, data, len(loose), today)  # first: a run must not miss folders that are half gone
        paths = [*_list_files(home, files), *_list_data(home, data), *loose]
        for link in (path for path in paths if path.is_symlink()):
            say(f"{link} 是链接，只删链接：它所指的材料不在工作文件夹里，请自行删除")
        count = sum(_remove(path) for path in paths)
        count += _drop_names(home, aged.data) if data else 0
    for word, periods in (("收件和文稿", files), ("数据和姓名", data)):
        if periods:
            say(f"已删除{periods[0].label}至{periods[-1].label}的{word}")
    if loose:
        say(f"已删除不再有用的落地文本和过期的故障记录{len(loose)}项")
    say(f"共删除{count}项，记录在 {home.purged}")


def find_aged(home: Home, options: Options) -> Aged:
    """Find the periods past each age, counted back from the newest published period; whatever is left of one counts."""
    if not (published := list_published(home)):
        return Aged((), ())
    newest = published[-1].period
    found = {m.period for m in published} | set(_list_left(home))

    def find_first(years: int) -> Bimester:
        return newest.back(years * PERIODS_A_YEAR)[0]

    files, data = find_first(options["保留年限", "收件和文稿"]), find_first(options["保留年限", "数据"])
    return Aged(tuple(sorted(p for p in found if p < files)), tuple(sorted(p for p in found if p < data)), files.first_day)


def _list_left(home: Home) -> Iterator[Bimester]:
    """List the periods that have a folder, published or not."""
    for folder in (home.inbox, home.out, home.lake / "validated", home.lake / "cases", home.private / "sample_truth"):
        for path in folder.iterdir() if folder.is_dir() else ():
            with suppress(ValueError):  # folders of other names are not periods
                yield Bimester.parse(path.name)


def _list_loose(home: Home, kept_from: date) -> Iterator[Path]:
    """List what belongs to no period and is as old: text landed for a run that published nothing, and fault logs.

    Landed text comes back from its original when it is wanted. Both may hold children's names.
    """
    named = {file_id for m in _list_all(home) for _, file_id in m.inputs.files}
    landed = (path for path in (home.lake / "extracts").glob("*") if path.name not in named)
    for path in (*sorted(landed), *sorted((home.private / "log").glob("*.txt"))):
        if date.fromtimestamp(path.stat().st_mtime) < kept_from:
            yield path


def read_purged(home: Home) -> dict[str, dict[str, str]]:
    """Read the record: kind → period → day it was removed; what belongs to no period by day."""
    record: dict[str, dict[str, str]] = {"收件和文稿": {}, "数据": {}, "其他": {}}
    if home.purged.exists():
        record |= read_record(home.purged)
    return record


def _record(
    home: Home, done: dict[str, dict[str, str]], files: list[Bimester], data: list[Bimester], loose: int, today: date
) -> None:
    for kind, periods in (("收件和文稿", files), ("数据", data)):
        done[kind].update({str(period): f"{today} {name_user()}" for period in periods})
    if loose:
        done["其他"][f"{today} {name_user()}"] = f"落地文本和故障记录{loose}项"
    write_atomically(home.purged, json.dumps(done, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def _list_files(home: Home, periods: list[Bimester]) -> Iterable[Path]:
    gone = {str(period) for period in periods}
    for period in gone:
        yield from (home.inbox / period, home.out / period, home.private / "sample_truth" / period)
        current = {m.inputs.run_id for m in list_published(home) if m.inputs.period == period}
        for part in ("validated", "cases"):
            yield from (folder for folder in (home.lake / part / period).glob("*") if folder.name not in current)
    for last in periods:
        if last.number == SEASON_ENDS:
            yield from (home.notices(school_year_label(last.year)), home.notice_numbers(last.year))
    kept = {file_id for m in _list_all(home) if m.inputs.period not in gone for _, file_id in m.inputs.files}
    once = {file_id for m in _list_all(home) if m.inputs.period in gone for _, file_id in m.inputs.files}
    yield from (home.lake / "extracts" / file_id for file_id in sorted(once - kept))


def _list_all(home: Home) -> list[Manifest]:
    return [version for m in list_published(home) for version in list_versions(home, m.period)]


def _list_data(home: Home, periods: list[Bimester]) -> Iterable[Path]:
    return (home.lake / part / str(period) for period in periods for part in ("validated", "cases"))


def _remove(path: Path) -> int:
    if path.is_symlink():
        path.unlink()
        return 1
    if not path.exists():
        return 0
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    return 1


def _drop_names(home: Home, aged: tuple[Bimester, ...]) -> int:
    """Drop the names that no run has met since the last aged period; return how many."""
    import polars as pl

    if not aged or not home.named.exists():
        return 0
    names = vault.read_frame(home.named)
    kept = names.filter(pl.col("seen_in") > str(aged[-1]))
    staged = home.named.with_name(".named.purged.parquet")
    vault.write_frame(kept, staged)
    staged.replace(home.named)
    return names.height - kept.height
