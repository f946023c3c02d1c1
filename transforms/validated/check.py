"""`baoxue check`: what each file is, how many rows would be accepted, first problems by rule. Changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from schemas.bimester import Bimester
from schemas.extracts import EXTRACTS
from schemas.rules import RULES
from transforms.extracts.land import Problem, ReadFile, hash_bytes, read_delivered, understand_file
from transforms.extracts.read import Unreadable
from transforms.validated.gather import Delivered
from transforms.validated.validate import Settings, by_extract, describe_files, gather_problems, judge_all

# Without a period nothing can be said of ages and of days to come.
_ANY_PERIOD = Bimester(2099, 6)
_ANY_AGE = Settings(age_min=0, age_max=200, any_month=True)


@dataclass(frozen=True)
class SheetReport:
    """One recognised sheet: its extract's Chinese title and where its rows would go."""

    sheet: str
    extract: str
    title: str
    rows_read: int
    accepted: int
    merged: int
    quarantined: int
    other_stage_rows: int
    not_answered: int
    mended_values: int
    hidden: bool


@dataclass(frozen=True)
class RuleReport:
    """One rule broken in a column of a file: in how many rows, and the first of them as (sheet, row, value). Shows values."""

    rule: str
    title: str
    strength: str
    count: int
    message: str
    first: tuple[tuple[str, int | None, str | None], ...]
    heading: str = ""


@dataclass(frozen=True)
class FileReport:
    """All that `baoxue check` says of one file."""

    file_name: str
    sheets: tuple[SheetReport, ...]
    rules: tuple[RuleReport, ...]
    refusals: tuple[Problem, ...]
    set_aside: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing at all was found."""
        return not self.rules and not self.refusals


def check_files(
    paths: Sequence[Path], held: tuple[Path, ...] = (), *, period: Bimester | None = None,
    settings: Settings | None = None, show: int = 5,
) -> list[FileReport]:  # fmt: skip
    """Read and judge files where they lie. Schools and areas: those of `held`, and of the files themselves.

    Without a known school register any 10-digit code passes; without `period` ages are not judged.
    """
    read = [(path.as_posix(), *_understand(path)) for path in paths]
    delivered = by_extract([Delivered(s.sheet, s.text.clone) for _, _, result in read for s in result.sheets])
    settings = settings or (Settings() if period else _ANY_AGE)
    when = period or _ANY_PERIOD
    judged = judge_all(delivered, when, held, settings, lambda text: None)
    files, problems = describe_files(judged, delivered, when), gather_problems(judged, delivered, when)
    return [_report(name, file_id, result, files, problems, show) for name, file_id, result in read]


def _understand(path: Path) -> tuple[str, ReadFile]:
    try:
        data = read_delivered(path)
    except Unreadable as error:
        name = path.as_posix()
        return name, ReadFile(refusals=(Problem(error.rule, name, RULES[error.rule].say(file=name, reason=str(error))),))
    file_id = hash_bytes(data)
    return file_id, understand_file(data, file_id, path.as_posix())


def _report(
    name: str, file_id: str, result: ReadFile, files: pl.DataFrame, problems: pl.DataFrame, show: int
) -> FileReport:
    mine = files.filter(pl.col("file_id") == file_id)
    sheets = tuple(
        SheetReport(title=EXTRACTS[row["extract"]].title, **{key: row[key] for key in _SHEET_KEYS})
        for row in mine.iter_rows(named=True)
    )
    return FileReport(name, sheets, _by_rule(problems.filter(pl.col("file_id") == file_id), show), result.refusals,
                      result.set_aside)  # fmt: skip


_SHEET_KEYS = ("sheet", "extract", "rows_read", "accepted", "merged", "quarantined", "other_stage_rows", "not_answered",
               "mended_values", "hidden")  # fmt: skip


def _by_rule(problems: pl.DataFrame, show: int) -> tuple[RuleReport, ...]:
    """Group a file's problems by rule and column, refusing rules first, in the declared order."""
    order = {rule: (item.strength != "quarantine", n) for n, (rule, item) in enumerate(RULES.items())}
    reports = []
    for (rule, heading, message), rows in problems.group_by("rule", "heading", "message", maintain_order=True):
        item, first = RULES[str(rule)], tuple(rows.select("sheet", "source_row", "value").head(show).iter_rows())
        reports.append(RuleReport(item.id, item.title, item.strength, rows.height, str(message), first, str(heading)))
    return tuple(sorted(reports, key=lambda report: order[report.rule]))
