"""`baoxue notices`: 入学通知书 for the intake of a school year, from the inboxes as they are; no run is needed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl

from flows.commands import list_inboxes, today_in_china
from flows.faults import PublicError, Refused, WrongUse
from flows.lock import hold_home
from flows.manifest import list_published
from flows.printing import check_words
from flows.purge import read_purged
from flows.settings import Home
from flows.stage import replace_folder
from flows.vault import open_vault
from schemas.bimester import Bimester, school_year_label
from schemas.calendar import read_terms
from transforms import vault
from transforms.validated.intake import Intake, gather_intake

Say = Callable[[str], None]
FIRST_MONTH, LAST_MONTH = 5, 9  # when 入学通知书 are given out (contract §2)


def make_notices(home: Home, year: int, issued: date | None, say: Say, *, redate: bool = False) -> Path:
    """Write the notices of an autumn's intake below `out/入学通知书/<学年>`; return the folder.

    Every child has one number for good, kept in the home; a second call on the same lists writes the same bytes, and
    new children get new numbers and the day of this call (`redate`: so do those numbered before, under their old
    numbers). Earlier files of the school year are replaced; the inbox is only read. Raises WrongUse on a day outside
    May to September of the year, Refused when no inbox of May to October holds a 新生名册.
    """
    day = choose_day(year, issued)
    with hold_home(home), open_vault(home, say):
        check_words(home)
        intake = read_intake(home, year, say)
        if intake.children.is_empty() or intake.schools.is_empty():
            raise Refused(say_missing(home, year, intake))
        target = home.notices(school_year_label(year))
        staged = target.with_name(f".{target.name}.tmp")
        shutil.rmtree(staged, ignore_errors=True)
        count, papers = _write(home, year, day, intake, staged, say, redate)
        replace_folder(staged, target)
    left_out = f"，名册中有{intake.faults.height}处问题未出通知书，见清单" if intake.faults.height else ""
    say(f"{school_year_label(year)}入学通知书{count}份，文件{papers}个，在 {target}{left_out}")
    return target


def choose_day(year: int, issued: date | None) -> date:
    """The day that new notices bear: the one given, else today. Raises WrongUse outside the season of that autumn."""
    day = issued or today_in_china()
    if day.year == year and FIRST_MONTH <= day.month <= LAST_MONTH:
        return day
    what = f"签发日期{print_day(day)}" if issued else f"今天（{print_day(day)}）"
    raise WrongUse(f"{what}不在{year}年{FIRST_MONTH}月至{LAST_MONTH}月之间，不能作{school_year_label(year)}入学通知书的成文日期，"
                   f"未出通知书。请用 --issued 写明成文日期，如 --issued {year}-07-01")  # fmt: skip


def print_day(day: date) -> str:
    """2025年7月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def say_dates(numbered_on: pl.Series, kept: int, day: date, redate: bool) -> str | None:
    """What a call with a day of its own does to the dates of notices numbered before; None where there is nothing to tell.

    numbered_on: the days that the notices of this call bear, those numbered now among them; kept: how many were numbered before.
    """
    if not kept:
        return None
    if redate:
        return f"已编号的{kept}份改用成文日期{print_day(day)}，编号不变；已送达的旧件请收回换发"
    others = numbered_on.filter(numbered_on != day)
    if others.is_empty():
        return None
    first, last = others.min(), others.max()
    assert isinstance(first, date) and isinstance(last, date)
    span = print_day(first) if first == last else f"{print_day(first)}至{print_day(last)}"
    return f"已编号的{others.len()}份仍用第一次编号时的成文日期（{span}），{print_day(day)}只用于新编号的；要全部改用新日期，请加 --redate 重出"


def read_intake(home: Home, year: int, say: Say) -> Intake:
    """Read the 新生名册 of the season (5—10月 of the year), judged by the schools that published and waiting inboxes name.

    A published period whose inbox has been taken away gives what was validated then.
    """
    from transforms.extracts.land import land_inbox

    season = tuple(Bimester(year, number) for number in (3, 4, 5))
    gone = read_purged(home)["数据"]
    published = {m.period: m for m in list_published(home) if m.inputs.period not in gone and m.period <= season[-1]}
    held = tuple(home.validated(m.inputs.period, m.inputs.run_id) for m in published.values())
    kept = tuple(home.validated(m.inputs.period, m.inputs.run_id) for p, m in published.items()
                 if p in season and not (home.inbox / str(p)).is_dir())  # fmt: skip
    waiting = [p for p in list_inboxes(home) if p <= season[-1] and (p in season or p not in published)]
    landings = [(period, land_inbox(home.inbox / str(period), home.lake, say)) for period in waiting]
    for _, landing in landings:
        for problem in landing.refusals:
            say(f"不能接收：{problem.message}")
    with tempfile.TemporaryDirectory(dir=home.work) as work:
        return gather_intake(landings, season, held, kept, home.lake, Path(work))


def say_missing(home: Home, year: int, intake: Intake) -> str:
    """Why there is nothing to print, and what to do."""
    if intake.schools.is_empty() and not intake.children.is_empty():
        return f"没有学校名册，认不出录取学校，未出入学通知书。请把学校名册放入 {home.inbox} 下某一期的文件夹后再运行"
    if intake.faults.height:
        rows = "；".join(dict.fromkeys(intake.faults["message"].head(5)))
        return f"{school_year_label(year)}新生名册没有可用的行：{rows}"
    folders = "、".join(str(home.inbox / f"{year}-B{number}") for number in (3, 4, 5))
    return (f"没有{school_year_label(year)}的新生名册，未出入学通知书。请把新生名册（要有姓名、录取学校标识码两列）放入"
            f" {folders} 之一后再运行；可用 baoxue check 文件 先查")  # fmt: skip


def _write(
    home: Home, year: int, today: date, intake: Intake, out: Path, say: Say, redate: bool
) -> tuple[int, int]:  # fmt: skip
    from transforms.documents.admission import NUMBERS, Season, assign_numbers, write_admissions
    from transforms.documents.context import read_office
    from transforms.documents.fonts import resolve_fonts
    from transforms.documents.pdf import open_pdf_writer
    from transforms.documents.source import TemplateFault
    from transforms.documents.templates import list_folders

    folders = list_folders(home.templates)
    kept = home.notice_numbers(year)
    register = vault.read_frame(kept) if kept.exists() else pl.DataFrame(schema=NUMBERS)
    try:
        season = Season(year, read_office(folders), read_terms(), folders)
        before = register.with_columns(numbered_on=pl.lit(today)) if redate else register
        numbered = assign_numbers(intake.children, before, f"{season.office.notice_mark}〔{year}〕", today)
        keep_numbers(numbered.register, kept)  # first: a number on paper is never given again
        kept_count = numbered.children.height - (numbered.register.height - register.height)
        if told := say_dates(numbered.children["numbered_on"], kept_count, today, redate):
            say(told)
        paths = write_admissions(numbered, intake.schools, intake.faults, season, out, open_pdf_writer(resolve_fonts((home.fonts,))), say)
    except TemplateFault as error:
        raise PublicError(str(error)) from error
    return numbered.children.height, len(paths)


def keep_numbers(register: pl.DataFrame, path: Path) -> None:
    """Write the register of numbers beside its place, force it to disk and move it in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_name(f".{path.name}.tmp")
    vault.write_frame(register, staged)
    with staged.open("rb+") as handle:
        os.fsync(handle.fileno())
    staged.replace(path)
