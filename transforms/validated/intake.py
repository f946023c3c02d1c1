"""新生名册 across the inboxes of a season, without a run: the rows in force, one a child, and what keeps others out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from schemas.bimester import Bimester
from schemas.extracts import EXTRACTS, typed_columns
from schemas.fields import FIELDS
from transforms import vault
from transforms.extracts.land import Landing
from transforms.validated.gather import load_sheets
from transforms.validated.typed import DTYPES
from transforms.validated.validate import Settings, by_extract, gather_problems, judge_all

NEEDED = ("school", "area", "intake")
FAULT_COLUMNS: dict[str, pl.DataType] = {
    "file_name": pl.String(), "sheet": pl.String(), "source_row": pl.Int32(), "school_code": pl.String(), "heading": pl.String(),
    "message": pl.String(),
}  # fmt: skip


@dataclass(frozen=True)
class Intake:
    """The children to be notified and the schools known.

    children: columns of `intake`, one row a child, with `person` (valid id, else name, sex and birth date). schools: the
    last row of each school. faults: FAULT_COLUMNS, a line for each thing that keeps a row out.
    """

    children: pl.DataFrame
    schools: pl.DataFrame
    faults: pl.DataFrame


def gather_intake(deliveries: Iterable[tuple[Bimester, Landing]], season: tuple[Bimester, ...], held: tuple[Path, ...],
                  kept: tuple[Path, ...], lake: Path, work: Path) -> Intake:  # fmt: skip
    """Judge the intake sheets of the season's deliveries by the schools known then.

    deliveries: inboxes oldest first; those before the season give schools and areas only. held: folders of validated
    runs; kept: those of the season whose inbox is no longer there. work: an empty folder for what is judged on the way.
    """
    frames, faults, folders = [_name_files(_empty("intake"), {})], [pl.DataFrame(schema=FAULT_COLUMNS)], held
    for folder in kept:
        if (folder / "intake.parquet").exists():
            files = vault.read_frame(folder / "file.parquet", columns=["file_id", "file_name"])
            frames.append(_name_files(vault.read_frame(folder / "intake.parquet"), dict(files.iter_rows())))
            faults.append(_pick_faults(vault.read_frame(folder / "problem.parquet")))
    for period, landing in deliveries:
        wanted = NEEDED if period in season else NEEDED[:2]
        delivered = by_extract(load_sheets(tuple(s for s in landing.files if s.extract in wanted), lake))
        judged = judge_all(delivered, period, folders, Settings(), lambda _: None)
        folder = work / str(period)
        folder.mkdir()
        for name, item in judged.items():
            vault.write_frame(item.accepted, folder / f"{name}.parquet")
        folders = (*folders, folder)
        if "intake" in judged:
            names = {item.sheet.file_id: item.sheet.file_name for item in delivered["intake"]}
            frames.append(_name_files(judged["intake"].accepted, names))
            faults.append(_pick_faults(gather_problems(judged, delivered, period)))
    children, twice = choose_rows(pl.concat(frames))
    return Intake(children, _read_schools(folders), pl.concat([*faults, twice]))


def _name_files(rows: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    return rows.with_columns(file_name=pl.col("file_id").replace_strict(names, default="", return_dtype=pl.String))


def _pick_faults(problems: pl.DataFrame) -> pl.DataFrame:
    ours = problems.filter(pl.col("extract") == "intake", pl.col("strength") == "quarantine")
    return ours.select(list(FAULT_COLUMNS))


def choose_rows(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows in force, one a child, and those that cannot be: one child in two schools' newest lists.

    A later delivery replaces the school's earlier list; a child whom another school lists later has moved there.
    """
    newest = rows.filter(pl.col("period") == pl.col("period").max().over("intake_school_code"))
    spelled = pl.concat_str("name", pl.col("sex").fill_null(""), pl.col("birth_date").cast(pl.String).fill_null(""), separator="|")
    newest = newest.with_columns(person=pl.coalesce("id_number", spelled))
    newest = newest.filter(pl.col("period") == pl.col("period").max().over("person"))
    newest = newest.sort("person", "intake_school_code", "file_id", "sheet", "source_row")
    schools = pl.col("intake_school_code").n_unique().over("person")
    single = newest.filter(schools == 1).unique("person", keep="first", maintain_order=True)
    return single, _tell_twice(newest.filter(schools > 1))


def _tell_twice(rows: pl.DataFrame) -> pl.DataFrame:
    said = "同一儿童在两所学校的名册上，未出通知书；请核实录取学校，从另一所学校的名册中删去后重新报送"
    told = rows.with_columns(
        school_code="intake_school_code", heading=pl.lit(FIELDS["intake_school_code"].title), message=pl.lit(said)
    )
    return told.select(list(FAULT_COLUMNS))


def _read_schools(folders: tuple[Path, ...]) -> pl.DataFrame:
    paths = [path for folder in folders if (path := folder / "school.parquet").exists()]
    frames = [vault.read_frame(path) for path in paths]
    return pl.concat([_empty("school"), *frames], how="diagonal").unique("school_code", keep="last", maintain_order=True)


def _empty(extract: str) -> pl.DataFrame:
    return pl.DataFrame(schema={name: DTYPES[kind] for name, (kind, _) in typed_columns(EXTRACTS[extract]).items()})
