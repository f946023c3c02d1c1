"""The same key twice inside one file: identical rows merge, different rows are all set aside (contract §4)."""

from __future__ import annotations

import polars as pl

from schemas.extracts import Extract

_PERSON_KEYS = ("person", "registry_number_or_person")


def mark_duplicates(extract: Extract, frame: pl.DataFrame) -> pl.DataFrame:
    """Add `is_merged` (a later twin of an identical row) and `is_conflict` (same key, different content).

    `frame` needs `file_id`, `sheet_no`, `source_row` and the typed columns.
    """
    keys = [pl.col("file_id"), *(_key_part(extract, part).alias(f"key_{part}") for part in extract.key)]
    content = [f.name for f in extract.fields]
    content += [name for name in ("id_number_given",) if name in frame.columns]
    keyed = frame.select(
        *keys, "sheet_no", "source_row", content=pl.struct(content).hash(seed=0), row=pl.int_range(pl.len())
    )
    names = keyed.columns[: len(keys)]
    alone = _is_unkeyed(extract, keyed)
    marked = keyed.with_columns(
        size=pl.len().over(names),
        kinds=pl.col("content").n_unique().over(names),
        first=pl.struct("sheet_no", "source_row").rank("ordinal").over(names) == 1,
    )
    twin = (pl.col("size") > 1) & alone.not_()
    return frame.with_columns(
        marked.select(
            is_conflict=twin & (pl.col("kinds") > 1),
            is_merged=twin & (pl.col("kinds") == 1) & pl.col("first").not_(),
        )
    )


def _is_unkeyed(extract: Extract, keyed: pl.DataFrame) -> pl.Expr:
    """A row whose person is not known is nobody's twin."""
    person = next((part for part in extract.key if part in _PERSON_KEYS), None)
    return pl.col(f"key_{person}").is_null() if person else pl.lit(False)


def _key_part(extract: Extract, part: str) -> pl.Expr:
    if part == "person":
        return person_key(extract)
    if part == "registry_number_or_person":
        return pl.coalesce(pl.col("registry_number"), person_key(extract))
    return pl.col(part)


def person_key(extract: Extract) -> pl.Expr:
    """How a row names its child: valid id, else 学籍号, else case number, else name + sex + birth, else by class."""
    ways = [pl.col("id_number")]
    if extract.has("registry_number"):
        ways.append(pl.col("registry_number"))
    if extract.has("case_no"):
        ways.append(pl.col("case_no"))
    if extract.has("sex") and extract.has("birth_date"):
        ways.append(_joined("name", "sex", "birth_date"))
    if extract.by_class:
        ways.append(_joined("school_code", "grade", "class_name", "name"))
    if extract.name == "suspect":
        ways.append(_joined("name", "former_school_code"))
    return pl.coalesce(ways)


def _joined(*names: str) -> pl.Expr:
    """Columns joined into one text; NULL when one of them is."""
    return pl.concat_str([pl.col(name).cast(pl.String) for name in names], separator="|")
