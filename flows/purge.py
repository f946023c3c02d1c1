"""`baoxue purge`: remove what is older than the office's retention setting, and keep a record of it.

Two ages: the originals, their landed text and the papers; then the validated data and the names. What remains for
good holds no name: manifests, the openings of cases, and the analysts' file.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flows.lock import hold_home
from flows.manifest import Manifest, list_published, list_versions, write_atomically
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
    """Published periods past each of the two ages, oldest first."""

    files: tuple[Bimester, ...]
    data: tuple[Bimester, ...]


def purge(home: Home, today: date, say: Say) -> None:
    """Remove what is past its age; say and record how much. The newest published period gives the present."""
    with hold_home(home), open_vault(home, say):
        aged = find_aged(list_published(home), read_options(home))
        done = read_purged(home)
        files = [p for p in aged.files if str(p) not in done["收件和文稿"]]
        data = [p for p in aged.data if str(p) not in done["数据"]]
        if not files and not data:
            say("没有超过保留年限的材料，未删除任何内容")
            return
        _record(home, done, files, data, today)  # first: a run must not miss folders that are half gone
        count = sum(_remove(path) for path in (*_list_files(home, files), *_list_data(home, data)))
        count += _drop_names(home, aged.data) if data else 0
    for word, periods in (("收件和文稿", files), ("数据和姓名", data)):
        if periods:
            say(f"已删除{periods[0].label}至{periods[-1].label}的{word}")
    say(f"共删除{count}项，记录在 {home.purged}")


def find_aged(published: list[Manifest], options: Options) -> Aged:
    """Find the periods past each age, counted back from the newest published period."""
    if not published:
        return Aged((), ())
    newest = published[-1].period

    def older(years: int) -> tuple[Bimester, ...]:
        oldest_kept = newest.back(years * PERIODS_A_YEAR)[0]
        return tuple(m.period for m in published if m.period < oldest_kept)

    return Aged(older(options["保留年限", "收件和文稿"]), older(options["保留年限", "数据"]))


def read_purged(home: Home) -> dict[str, dict[str, str]]:
    """Read the record: kind → period → day it was removed."""
    if not home.purged.exists():
        return {"收件和文稿": {}, "数据": {}}
    record: dict[str, dict[str, str]] = json.loads(home.purged.read_text(encoding="utf-8"))
    return record


def _record(home: Home, done: dict[str, dict[str, str]], files: list[Bimester], data: list[Bimester], today: date) -> None:
    for kind, periods in (("收件和文稿", files), ("数据", data)):
        done[kind].update({str(period): f"{today} {name_user()}" for period in periods})
    write_atomically(home.purged, json.dumps(done, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def _list_files(home: Home, periods: list[Bimester]) -> Iterable[Path]:
    gone = {str(period) for period in periods}
    for period in gone:
        yield from (home.inbox / period, home.out / period, home.private / "sample_truth" / period)
        current = {m.inputs.run_id for m in list_published(home) if m.inputs.period == period}
        for folder in (home.lake / "validated" / period).glob("*"):
            if folder.name not in current:
                yield folder
    for last in periods:
        if last.number == SEASON_ENDS:
            yield from (home.notices(school_year_label(last.year)), home.notice_numbers(last.year))
    kept = {file_id for m in _list_all(home) if m.inputs.period not in gone for _, file_id in m.inputs.files}
    once = {file_id for m in _list_all(home) if m.inputs.period in gone for _, file_id in m.inputs.files}
    yield from (home.lake / "extracts" / file_id for file_id in sorted(once - kept))


def _list_all(home: Home) -> list[Manifest]:
    return [version for m in list_published(home) for version in list_versions(home, m.period)]


def _list_data(home: Home, periods: list[Bimester]) -> Iterable[Path]:
    return (home.lake / "validated" / str(period) for period in periods)


def _remove(path: Path) -> int:
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
