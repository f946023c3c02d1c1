"""The same key twice inside one file: identical rows merge, different rows are all set aside (contract §4).

In two files of one period the rows go on, one of them is used, and what they say otherwise is told.
"""

from __future__ import annotations

import polars as pl

from schemas.extracts import Extract

_PERSON_KEYS = ("person", "registry_number_or_person")


def mark_duplicates(extract: Extract, frame: pl.DataFrame) -> pl.DataFrame:
    """Add `is_merged` (a later twin of an identical row) and `is_conflict` (same key, different content).

    `frame` needs `file_id`, `sheet_no`, `source_row` and the typed columns. Few rows of a real file share a key: their keys
    and contents alone are put together and compared.
    """
    groups = _group_twins(extract, frame.with_row_index("row")[_find_suspects(extract, frame)])
    is_same = groups["kinds"] == 1
    return frame.with_columns(
        is_conflict=mark(frame.height, groups.filter(~is_same)["rows"].explode()),
        is_merged=mark(frame.height, groups.filter(is_same)["rows"].list.slice(1).explode()),
    )


def find_rivals(extract: Extract, frame: pl.DataFrame, going: pl.Expr) -> pl.Series:
    """Of the rows that go on, the places of a month's rows of which another file says something else; remarks do not count.

    This alone hangs on more than one file: see transforms/validated/earlier.py.
    """
    if extract.kind != "period" or frame["file_id"].n_unique() < 2:
        return pl.Series(dtype=pl.UInt32)
    content = [pl.col(f.name) for f in extract.fields if f.kind != "text"]
    keys = [_key_part(extract, part).alias(f"key_{part}") for part in extract.key]
    keyed = frame.select("file_id", *keys, content=_hash(content), goes=going).with_row_index("row").filter("goes").drop_nulls()
    names = [name for name in keyed.columns if name.startswith("key_")]
    twins = keyed.group_by(names).agg(rows="row", files=pl.col("file_id").n_unique(), kinds=pl.col("content").n_unique())
    return twins.filter(pl.col("files") > 1, pl.col("kinds") > 1)["rows"].explode()


def _find_suspects(extract: Extract, frame: pl.DataFrame) -> pl.Series:
    """Places of the rows whose key, by its hash, is not alone in its file, and of those that name their child by no number."""
    person = _person_part(extract)
    numbers = [pl.when(pl.col(n).is_not_null()).then(pl.col(n).hash()) for n in _list_numbers(extract, person)] if person else []
    number = pl.coalesce(numbers) if person else pl.lit(0, pl.UInt64)
    others = _hash([pl.col(name) for name in ("file_id", *extract.key) if name != person])
    hashed = frame.select(hash=others + number).to_series()
    ordered = hashed.sort(multithreaded=False)
    twice = ordered.filter(ordered == ordered.shift()).unique()
    return (hashed.is_in(twice.implode()) | hashed.is_null()).arg_true()


def _list_numbers(extract: Extract, part: str) -> list[str]:
    """Columns that name a child by a number, the ruling one first."""
    known = [name for name in ("id_number", "registry_number", "case_no") if extract.has(name)]
    return sorted(known, key="registry_number".__ne__) if part == "registry_number_or_person" else known


def _hash(columns: list[pl.Expr]) -> pl.Expr:
    """One number for the values of several columns, each with its own seed, so that values that changed places count."""
    return pl.sum_horizontal(column.hash(seed) for seed, column in enumerate(columns))


def _group_twins(extract: Extract, rows: pl.DataFrame) -> pl.DataFrame:
    """Put rows of one key together: `rows` are their places in order, `kinds` how many contents they have."""
    keys = [_key_part(extract, part).alias(f"key_{part}") for part in extract.key]
    content = [pl.col(f.name) for f in extract.fields]
    content += [pl.col(name) for name in ("id_number_given",) if name in rows.columns]
    keyed = rows.select("sheet_no", "source_row", "row", "file_id", *keys, content=_hash(content))
    keyed = keyed.sort("sheet_no", "source_row", maintain_order=True).drop("sheet_no", "source_row")
    if person := _person_part(extract):  # a row whose person is not known is nobody's twin
        keyed = keyed.filter(pl.col(f"key_{person}").is_not_null())
    names = [name for name in keyed.columns if name not in ("row", "content")]
    return keyed.group_by(names).agg(rows="row", kinds=pl.col("content").n_unique()).filter(pl.col("rows").list.len() > 1)


def mark(height: int, rows: pl.Series) -> pl.Series:
    """A column of `height` values, true at the places given."""
    return pl.repeat(False, height, dtype=pl.Boolean, eager=True).scatter(rows, True)


def _person_part(extract: Extract) -> str | None:
    return next((part for part in extract.key if part in _PERSON_KEYS), None)


def _key_part(extract: Extract, part: str) -> pl.Expr:
    if part == "person":
        return person_key(extract)
    if part == "registry_number_or_person":
        return pl.coalesce(pl.col("registry_number"), person_key(extract))
    return pl.col(part)


def person_key(extract: Extract) -> pl.Expr:
    """How a row names its child: valid id, else 学籍号, else case number, else name + sex + birth, else by class."""
    ways = [pl.col(name) for name in _list_numbers(extract, "person")]
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
