"""Put the sheets of one extract together: one text frame with every declared column, title values filled in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import polars as pl

from schemas.bimester import Bimester
from schemas.extracts import EXTRACTS, Extract
from transforms import vault
from transforms.extracts.headings import SCHOOL_NAME, wants_school_name
from transforms.extracts.land import LandedSheet
from transforms.validated.places import Areas, Schools, squeeze
from transforms.validated.values import SERIAL_1904_OFFSET

# Text as given stands under the column's name with this mark; the typed value under the name alone.
GIVEN = "@"
_SERIAL = r"^[2-6][0-9]{4}(\.[0-9]+)?$"


@dataclass(frozen=True)
class Context:
    """What a row is judged against: the delivery's period, known schools and areas, limits of age.

    months: those that a report may be of, as `2025-05`; empty where the period is not known.
    """

    period: Bimester
    schools: Schools = field(default_factory=Schools)
    areas: Areas = field(default_factory=Areas)
    age_min: int = 4
    age_max: int = 20
    months: tuple[str, ...] = ()


@dataclass(frozen=True)
class Delivered:
    """A recognised sheet, and how its landed text is read: only when it is judged."""

    sheet: LandedSheet
    read: Callable[[], pl.DataFrame]


def load_sheets(sheets: tuple[LandedSheet, ...], lake: Path) -> list[Delivered]:
    """Set beside each landed sheet where its text lies in the lake."""
    return [Delivered(s, partial(vault.read_frame, lake / "extracts" / s.file_id / s.parquet)) for s in sheets]


def text_columns(extract: Extract) -> list[str]:
    """Columns that are read as text: the declared ones, and the school's name where it may stand for its code."""
    names = [f.name for f in extract.fields]
    return [*names, SCHOOL_NAME] if wants_school_name(extract) else names


def gather(extract_name: str, delivered: list[Delivered], context: Context) -> pl.DataFrame:
    """Stack the data rows of all sheets of one extract.

    Columns: `sheet_no` (position in `delivered`), `source_row`, `name@` for each text column, `has_name` flags
    for id_number and registry_status.
    """
    extract = EXTRACTS[extract_name]
    frames = [_take(number, item, extract, context) for number, item in enumerate(delivered)]
    return pl.concat(frames).collect()


def _take(number: int, item: Delivered, extract: Extract, context: Context) -> pl.LazyFrame:
    source = {name: label for label, name in item.sheet.columns}
    given = _values_around(item.sheet, extract, context, set(source))
    columns = [_column(name, source.get(name), given.get(name), item.sheet.date_1904) for name in text_columns(extract)]
    return item.read().lazy().filter(pl.col("row_kind") == "data").select(
        pl.lit(number, pl.Int32).alias("sheet_no"),
        pl.col("source_row"),
        *columns,
        pl.lit("id_number" in source).alias("has_id_number"),
        pl.lit("registry_status" in source).alias("has_registry_status"),
    )


def _column(name: str, label: str | None, given: str | None, date_1904: bool) -> pl.Expr:
    if label is None:
        return pl.lit(given, pl.String).alias(name + GIVEN)
    text = pl.col(label).cast(pl.String)
    if date_1904:
        serial = (text.cast(pl.Float64, strict=False) + SERIAL_1904_OFFSET).cast(pl.Int64, strict=False)
        text = pl.when(text.str.contains(_SERIAL)).then(serial.cast(pl.String)).otherwise(text)
    if given is not None:
        text = pl.when(text.str.strip_chars().str.len_chars() > 0).then(text).otherwise(pl.lit(given))
    return text.alias(name + GIVEN)


def _values_around(sheet: LandedSheet, extract: Extract, context: Context, present: set[str]) -> dict[str, str]:
    """Values of columns that stand in the title rows, the sheet name or a folder instead of a column."""
    given = {name: value for name, value in sheet.given if name not in present}
    texts = (*sheet.title_rows, sheet.sheet, *sheet.folders)
    if "school_code" in extract.in_title and not present & {"school_code", SCHOOL_NAME}:
        found = next((code for text in texts if (code := context.schools.find_in(text))), None)
        given.pop(SCHOOL_NAME, None)
        if found:
            given["school_code"] = found
    if "township" in given:
        near = (squeeze(given["township"]), *texts)
        found = next((name for text in near if (name := _find_township(text, context.areas))), None)
        given["township"] = found or given["township"]
        if found is None and not any(h.filled for h in extract.headings if h.field.name == "township"):
            del given["township"]  # a word like 各乡镇 in a title is nobody's 镇街
    return given


def _find_township(text: str, areas: Areas) -> str | None:
    return areas.find_township(text) or areas.find_township_in(text)
