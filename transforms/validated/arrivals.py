"""What has arrived of a period so far: files by extract, what a report still lacks, schools whose month is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from schemas.bimester import Bimester
from schemas.calendar import list_months, read_terms
from schemas.extracts import EXTRACTS
from transforms import vault
from transforms.extracts.land import Landing

PRESENCE = ("attendance", "class_roll", "absentee")


@dataclass(frozen=True)
class Arrivals:
    """How far a delivery has come.

    sheets: recognised sheets by the extract's title. lacking: titles of what a report cannot do without and nobody
    has sent, and messages of files that cannot be used are counted in `refused`. late: month → names of the schools
    that owe it and have sent nothing usable.
    """

    period: Bimester
    sheets: dict[str, int]
    lacking: tuple[str, ...]
    refused: int
    late: dict[str, tuple[str, ...]]


def list_arrivals(landing: Landing, validated: Path, held: tuple[Path, ...], period: Bimester, months: Iterable[str]) -> Arrivals:
    """Count what landed and was validated into `validated`; `held` are earlier periods' folders, oldest first."""
    sheets = Counter(EXTRACTS[sheet.extract].title for sheet in landing.files)
    folders = (*held, validated)
    lacking = [EXTRACTS[name].title for name in ("school", "child") if not _has_rows(name, folders)]
    lacking += [EXTRACTS["registry"].title] * (not _has_rows("registry", (validated,)))
    late = {month: find_late(folders, validated, month) for month in months}
    return Arrivals(period, dict(sorted(sheets.items())), tuple(lacking), len(landing.refusals),
                    {month: names for month, names in late.items() if names})  # fmt: skip


def list_owed_months(period: Bimester) -> list[str]:
    """List the months that owe attendance. Raises CalendarGap where the school calendar does not reach."""
    return [month.month for month in list_months(period, read_terms()) if month.owed]


def find_late(folders: tuple[Path, ...], validated: Path, month: str) -> tuple[str, ...]:
    """Name the schools of the last register that owe `month` and have no accepted row for it, sorted."""
    registers = [path for folder in folders if (path := folder / "school.parquet").exists()]
    if not registers:
        return ()
    reported = [vault.read_frame(path, columns=["school_code", "month"]).filter(month=month)["school_code"]
                for name in PRESENCE if (path := validated / f"{name}.parquet").exists()]  # fmt: skip
    schools = vault.read_frame(registers[-1]).filter(
        ~pl.col("school_type").is_in(["中等职业学校", "教学点"]), pl.col("school_status").fill_null("正常") != "撤并"
    )
    silent = schools.filter(~pl.col("school_code").is_in(pl.concat(reported).implode())) if reported else schools
    return tuple(sorted(silent["school_name"].unique()))


def _has_rows(extract: str, folders: tuple[Path, ...]) -> bool:
    return any((folder / f"{extract}.parquet").exists() for folder in folders)
