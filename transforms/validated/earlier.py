"""What an earlier validation of the same period found, taken over where nothing that it rests on has changed.

An extract's rows are judged by its sheets, by the schools, areas and months known, and by the program. The key of an
extract names all of these; it lies beside the rows. Same key: same rows, so a school's new file costs its own extracts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from schemas.rules import RULES
from transforms import vault
from transforms.extracts.land import LandedSheet
from transforms.validated.gather import Context
from transforms.validated.judge import COUNTS, Judged, is_conserved

KEYS = "keys.json"


@dataclass
class Kept:
    """What may be taken over from an earlier `folder` of this period, and the keys of the run in hand.

    `program`: what the rows are judged by. Without a folder, or with one of before there were keys, all is judged.
    """

    program: str
    folder: Path | None = None
    keys: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def find(self, extract_name: str, sheets: Sequence[LandedSheet], context: Context) -> Judged | None:
        """Return what was found of an extract, if it rests on the same; note its key either way."""
        key = self.keys[extract_name] = name_sheets(sheets, context, self.program)
        if self.folder is None or read_keys(self.folder).get(extract_name) != key:
            return None
        if (found := take_over(extract_name, sheets, self.folder)) is not None:
            self.taken.add(extract_name)
        return found

    def write(self, out: Path) -> None:
        """Copy what was taken over, as files are kept now, and lay the keys beside it. They name nobody."""
        if self.folder is not None:
            for name in sorted(self.taken):
                vault.write_bytes(out / f"{name}.parquet", vault.read_bytes(self.folder / f"{name}.parquet"))
        (out / KEYS).write_text(json.dumps(self.keys, indent=1, sort_keys=True), encoding="utf-8")


def read_keys(folder: Path) -> dict[str, str]:
    """Read a folder's keys; none where it was written before there were any."""
    path = folder / KEYS
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def name_sheets(sheets: Sequence[LandedSheet], context: Context, program: str) -> str:
    """Name all that the rows of one extract rest on: its landed sheets, what they are judged against, the program."""
    schools, areas = context.schools, context.areas
    against = (
        str(context.period), context.age_min, context.age_max, context.months, areas.delivered,
        sorted(schools.types.items()), sorted((name, sorted(codes)) for name, codes in schools.names.items()),
        sorted(areas.townships.items()), sorted(areas.villages.items()),
    )  # fmt: skip
    return hashlib.sha256(repr((program, against, tuple(sheets))).encode()).hexdigest()


def take_over(extract_name: str, sheets: Sequence[LandedSheet], folder: Path) -> Judged | None:
    """Return what was found then; None when the rows do not add up, and they are judged anew."""
    accepted = vault.read_frame(folder / f"{extract_name}.parquet")
    problems, quarantined, lines, files = (
        vault.read_frame(folder / f"{name}.parquet").filter(pl.col("extract") == extract_name)
        for name in ("problem", "quarantined", "form_line", "file")
    )
    # said of a whole file and not of a row: it is said anew
    problems = problems.filter((pl.col("rule") != RULES["status_defaulted"].id) | pl.col("source_row").is_not_null())
    order = pl.DataFrame(
        {"sheet_no": range(len(sheets)), "file_id": [s.file_id for s in sheets], "sheet": [s.sheet for s in sheets]},
        schema={"sheet_no": pl.Int32, "file_id": pl.String, "sheet": pl.String},
    )
    counts = order.join(files, on=["file_id", "sheet"], how="inner", maintain_order="left").select("sheet_no", *COUNTS)
    sums = counts.select("accepted", "quarantined").sum().row(0)
    if counts.height != len(sheets) or not is_conserved(counts) or sums != (accepted.height, quarantined.height):
        return None
    return Judged(extract_name, accepted, problems, quarantined, counts, lines)
