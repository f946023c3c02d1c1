"""Stop rules: what refuses a run (contract §3 required extracts, §4 stop strength)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from schemas.bimester import Bimester
from schemas.extracts import EXTRACTS
from schemas.rules import RULES
from transforms.extracts.land import Landing, Problem
from transforms.validated.judge import Judged

# Held or delivered; the registry is delivered in the period.
HELD_OR_DELIVERED = ("school", "child")
DELIVERED = ("registry",)
MONTHLY = ("attendance", "class_roll")
# Lines that only a form of ours has.
_IS_PRINTED = (pl.col("fate") == "not_answered") | pl.col("case_no").is_not_null()


def find_stops(
    landing: Landing, judged: dict[str, Judged], files: pl.DataFrame, problems: pl.DataFrame,
    held: tuple[Path, ...], period: Bimester, owed_months: tuple[str, ...], share: float,
) -> tuple[Problem, ...]:  # fmt: skip
    """List every reason to refuse the run, worst first, each a Chinese sentence with what to do."""
    if not landing.files and not landing.refusals:
        return (Problem("inbox_empty", "", RULES["inbox_empty"].say(period=period)),)
    missing = tuple(_find_missing(judged, held, period))
    if any(EXTRACTS["school"].title in problem.message for problem in missing):
        # every other row then names a school that nobody knows: one line says it, not one a file or a month
        reported = any(_has_rows(judged.get(name)) for name in MONTHLY)
        months = () if reported else _find_missing_months(judged, owed_months, period)
        return (*_find_sealed(judged, files, problems), *missing, *months)
    return (
        *_find_sealed(judged, files, problems),
        *missing,
        *_find_missing_months(judged, owed_months, period),
        *_find_lost_files(files, problems, judged),
        *_find_lost_share(files, problems, share),
    )


def _has_rows(judged: Judged | None) -> bool:
    """Whether a delivery holds a row at all: headings alone, or only rows of other stages, deliver nothing."""
    return judged is not None and bool(len(judged.accepted) or len(judged.quarantined))


def _find_missing(judged: dict[str, Judged], held: tuple[Path, ...], period: Bimester) -> Iterator[Problem]:
    rule = RULES["extract_missing"]
    for name in (*HELD_OR_DELIVERED, *DELIVERED):
        is_held = name in HELD_OR_DELIVERED and any((folder / f"{name}.parquet").exists() for folder in held)
        if not is_held and not _has_rows(judged.get(name)):
            yield Problem(rule.id, "", rule.say(extract=EXTRACTS[name].title, period=period))


def _find_missing_months(judged: dict[str, Judged], owed: tuple[str, ...], period: Bimester) -> Iterator[Problem]:
    rule = RULES["month_missing"]
    told = {month for name in MONTHLY if name in judged for month in judged[name].accepted["month"].unique()}
    for month in owed:
        if month not in told:
            label = f"{int(month[:4])}年{int(month[5:])}月"
            yield Problem(rule.id, "", rule.say(month=label, period=period))


def _find_lost_files(files: pl.DataFrame, problems: pl.DataFrame, judged: dict[str, Judged]) -> Iterator[Problem]:
    """A file with rows of which none could be used. A form of ours was understood: its receipt tells each row.

    So was a file of another period's months: it is sound, and the run can do without it.
    """
    rule = RULES["file_all_quarantined"]
    returned = {file for item in judged.values() for file in item.lines.filter(_IS_PRINTED)["file_id"]}
    elsewhere = problems.filter(pl.col("rule") == "month_elsewhere").group_by("file_id").len("elsewhere")
    files = files.filter(pl.col("file_id").is_in(sorted(returned)).not_())
    sums = files.group_by("file_id", "file_name", maintain_order=True).agg(
        pl.col("rows_read", "accepted", "merged", "quarantined").sum(), pl.col("extract").unique(maintain_order=True)
    ).join(elsewhere, on="file_id", how="left", maintain_order="left").filter(
        pl.col("elsewhere").fill_null(0) < pl.col("quarantined")
    )
    for row in sums.filter((pl.col("rows_read") > 0) & (pl.col("accepted") == 0)).iter_rows(named=True):
        titles = "、".join(EXTRACTS[name].title for name in row["extract"])
        reason = _main_reason(problems.filter(pl.col("file_id") == row["file_id"]))
        message = rule.say(file=row["file_name"], extract=titles, rows=row["rows_read"], reason=reason)
        yield Problem(rule.id, row["file_name"], message)


def _find_lost_share(files: pl.DataFrame, problems: pl.DataFrame, share: float) -> Iterator[Problem]:
    """More than the allowed share of a required register set aside (the limit itself still passes)."""
    rule = RULES["quarantine_share"]
    for name in (*HELD_OR_DELIVERED, *DELIVERED):
        rows, lost = files.filter(pl.col("extract") == name).select("rows_read", "quarantined").sum().row(0)
        if rows and lost / rows > share:
            reason = _main_reason(problems.filter(pl.col("extract") == name))
            title = EXTRACTS[name].title
            yield Problem(rule.id, "", rule.say(extract=title, rows=rows, quarantined=lost, limit=share, reason=reason))


def _find_sealed(judged: dict[str, Judged], files: pl.DataFrame, problems: pl.DataFrame) -> Iterator[Problem]:
    """A care list with rows of 涉案未成年人: the whole run is refused, the rows are in quarantine already."""
    rule = RULES["sealed_by_name"]
    if "care" not in judged:
        return
    named = problems.filter((pl.col("extract") == "care") & pl.col("value").str.contains("涉案"))
    for name in named["file_name"].unique(maintain_order=True):
        yield Problem(rule.id, name, rule.say(file=name))


def _main_reason(problems: pl.DataFrame) -> str:
    """Name the one or two most frequent reasons."""
    found = (
        problems.filter(pl.col("strength") == "quarantine")
        .group_by("rule")
        .len()
        .sort("len", "rule", descending=[True, False])
        .head(2)
    )
    return "；".join(f"{RULES[rule].title}{count}处" for rule, count in found.iter_rows()) or "原因不明"
