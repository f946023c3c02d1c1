"""The truth about a sample: what a right pipeline must find. Counted from the world, never from a pipeline."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from schemas.bimester import Bimester
from transforms.sample.sheets import Written
from transforms.sample.world import World


def write_truth(home: Path, world: World, periods: list[Bimester], written: list[Written]) -> dict[str, int]:
    """Write `private/sample_truth/<last period>/*.csv`; return findings by comparison."""
    folder = home / "private" / "sample_truth" / str(periods[-1])
    folder.mkdir(parents=True, exist_ok=True)
    _list_files(written).write_csv(folder / "file.csv")
    _list_faults(written).write_csv(folder / "fault.csv")
    return {}


def _list_files(written: list[Written]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "file": w.file, "sheet": w.sheet, "extract": w.content.extract,
                "rows_read": len(w.source_rows) - w.content.other,
                "accepted": len(w.source_rows) - w.content.other - w.content.merged - w.content.quarantined,
                "merged": w.content.merged, "quarantined": w.content.quarantined, "other_stage_rows": w.content.other,
            }
            for w in written
        ]
    )  # fmt: skip


def _list_faults(written: list[Written]) -> pl.DataFrame:
    rows = [
        {"file": w.file, "sheet": w.sheet, "source_row": w.source_rows[row], "rule": rule, "strength": strength}
        for w in written
        for row, rule, strength in w.content.faults
    ]
    return pl.DataFrame(rows, infer_schema_length=None)
