"""From text to typed columns. Distinct values are read once each; identity numbers column-wise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import polars as pl

from schemas.extracts import EXTRACTS, Extract
from schemas.fields import Field
from transforms.extracts.formulas import ERRORS
from transforms.extracts.headings import SCHOOL_NAME, wants_school_name
from transforms.validated import ids, values
from transforms.validated.gather import GIVEN, Context, text_columns

DTYPES: dict[str, pl.DataType] = {
    "VARCHAR": pl.String(), "DATE": pl.Date(), "INTEGER": pl.Int32(), "DOUBLE": pl.Float64(), "BOOLEAN": pl.Boolean(),
}  # fmt: skip

# Whatever NFKC may change: a value comes out the same whichever others stand in its column.
_WIDE = r"[^\x00-\x7f\u3001\u3002\u3400-\u4dbf\u4e00-\u9fff]"
_NOT_CLEAN = rf"{_WIDE}|^[ \t\r\n]|[ \t\r\n]$"
_EMPTY = ["", "-", "--", "—", "——", "/", "\\", "null", "NULL", "None", "nan", "NaN", "#N/A", "N/A"]
_EMPTY_TOO = ["无", "不详", "暂无", "未知"]
# Kinds where 无 is a way to leave the cell empty (in a code list or 是/否 it is a value).
_NONE_MEANS_EMPTY = {"date", "month", "year", "integer", "number", "school_code", "village", "township",
                     "registry_number", "disability_number", "id_number"}  # fmt: skip
_PLAIN_NAME = r"^[\u3400-\u4dbf\u4e00-\u9fff]+$"
_DOTS = r"[•．.・‧∙●｡。､、･⋅]"
_NAMED_BY = {"former_school_code": "former_school_name", "from_school_code": "from_school_name",
             "to_school_code": "to_school_name"}  # fmt: skip
_NUMBERS = ("id_number", "registry_number", "disability_number")
_RAW = "@raw"
RESOLVED_SCHOOLS = ("school_code", "intake_school_code")


def type_columns(extract_name: str, text: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Add the typed column of every field beside its text as given (cleaned), ids judged, defaults filled."""
    extract = EXTRACTS[extract_name]
    numbers = [name for name in _NUMBERS if extract.has(name)]
    text = text.with_columns(pl.col(name + GIVEN).alias(name + _RAW) for name in numbers)
    frame = text.with_columns(column for name in text_columns(extract) for column in _read(text[name + GIVEN], extract, name, context))
    if wants_school_name(extract):
        frame = frame.with_columns(pl.col(SCHOOL_NAME + GIVEN).alias(SCHOOL_NAME))
    frame = _resolve_schools(extract, frame, context)
    frame = _resolve_villages(extract, frame, context)
    frame = _read_identity(extract, frame)
    return _fill_defaults(extract, frame)


def _read(raw: pl.Series, extract: Extract, name: str, context: Context) -> Iterator[pl.Series]:
    """Give a column as it was given, cleaned, and read."""
    field = next((f for f in extract.fields if f.name == name), None)
    if field is None:
        yield _clean(raw, "school_name")
    elif (parse := _reader(field, context)) is not None:
        yield from _read_distinct(raw, field, parse)
    else:
        given = _clean(raw, field.kind)
        yield given
        yield _read_text(given, field.kind).alias(name)


def _read_distinct(raw: pl.Series, field: Field, parse: Callable[[str], Any]) -> Iterator[pl.Series]:
    """Clean and read each distinct value once; NULL stays NULL."""
    distinct = raw.unique().drop_nulls()
    cleaned, dtype = _clean(distinct, field.kind), DTYPES[field.sql_type]
    parsed = pl.Series([None if value is None else parse(value) for value in cleaned.to_list()], dtype=dtype)
    is_clean = cleaned.equals(distinct)
    yield raw if is_clean else raw.replace_strict(distinct, cleaned, default=None, return_dtype=pl.String)
    yield raw.alias(field.name).replace_strict(distinct, parsed, default=None, return_dtype=dtype)


def _clean(column: pl.Series, kind: str) -> pl.Series:
    """Half-width, no outer white space, the usual ways of writing nothing read as empty."""
    if column.dtype != pl.String:
        column = column.cast(pl.String)
    if column.str.contains(_NOT_CLEAN).any():
        wide = column.str.normalize("NFKC") if column.str.contains(_WIDE).any() else column
        column = wide.str.strip_chars(" \t\r\n\u200b\ufeff")
    empty = _EMPTY + _EMPTY_TOO if kind in _NONE_MEANS_EMPTY else _EMPTY
    return column.set(column.is_in(empty), None)


def _mend(column: pl.Series, plain: str, mend: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Mend the values that are not of the plain form, each once: they are few, and the others stay as they are."""
    odd = column.filter(column.str.contains(plain).not_()).unique()
    return column if odd.is_empty() else column.replace(odd, mend(odd))


def _read_text(given: pl.Series, kind: str) -> pl.Series:
    if kind == "name":
        return _mend(given, _PLAIN_NAME, _mend_names)
    if kind in _NUMBERS:
        return _mend(given, ids.PLAIN, ids.mend)
    if kind == "text":
        return given.set(given.is_in(ERRORS), None)
    if kind == "school_code":
        return given.str.replace_all(r"\s", "").str.replace(r"\.0$", "").str.to_uppercase()
    return given


def _reader(field: Field, context: Context) -> Callable[[str], Any] | None:
    """The reader of a kind of column that is read by distinct values."""
    if field.kind == "code" and field.codes:
        codes, parse = field.codes, values.parse_codes if field.several else values.parse_code
        return lambda text: parse(text, codes)
    if field.kind in ("month",):
        # where the period is not known any month may be meant
        months = context.months or tuple(f"{context.period.year}-{month:02d}" for month in range(1, 13))
        return lambda text: values.parse_month(text, months)
    if field.kind == "township":
        return context.areas.find_township
    simple: dict[str, Callable[[str], Any]] = {
        "date": values.parse_date, "year": values.parse_year, "integer": values.parse_integer,
        "number": values.parse_number, "boolean": values.parse_boolean, "grade": values.parse_grade,
    }  # fmt: skip
    return simple.get(field.kind)


def _mend_names(names: pl.Series) -> pl.Series:
    """Clean names: no white space, one kind of separator · inside minority names."""
    cleaned = names.str.replace_all(r"[\s\u200b-\u200f]", "").str.replace_all(_DOTS, "·").str.strip_chars("·")
    return cleaned.set(cleaned == "", None)


def _resolve_schools(extract: Extract, frame: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Read every school column as a 10-digit code where the school is known by its code or its name."""
    for field in extract.fields:
        if field.kind != "school_code" or (extract.name == "school" and field.name == "school_code"):
            continue
        named_by = SCHOOL_NAME if field.name == "school_code" else _NAMED_BY.get(field.name)
        name = pl.col(named_by + GIVEN) if named_by and named_by + GIVEN in frame.columns else pl.lit(None, pl.String)
        frame = _resolve_school(frame, field.name, name, context)
    return frame


def _resolve_school(frame: pl.DataFrame, column: str, name: pl.Expr, context: Context) -> pl.DataFrame:
    strict = column in RESOLVED_SCHOOLS
    pairs = frame.select(code=pl.col(column), name=name)
    distinct = pairs.unique(maintain_order=True)
    found = [_find_school(code, called, strict, context) for code, called in distinct.iter_rows()]
    distinct = distinct.with_columns(found=pl.Series(found, dtype=pl.String))
    resolved = pairs.join(distinct, on=["code", "name"], how="left", nulls_equal=True, maintain_order="left")
    return frame.with_columns(resolved["found"].alias(column))


def _find_school(code: str | None, name: str | None, strict: bool, context: Context) -> str | None:
    """By code, else by name; a code that is not one may be a name.

    `strict`: unknown codes are not kept. Without any known school a code is judged by its form alone.
    """
    if code:
        found = code if code in context.schools.types else context.schools.find_by_name(code)
        if not found and not context.schools.types and re.fullmatch("[0-9]{10}", code):
            return code
        return found or (None if strict else code)
    return context.schools.find_by_name(name) if name else None


def _resolve_villages(extract: Extract, frame: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Read 村社 by name inside its 镇街; an unknown one keeps its text and is reported."""
    if not extract.has("village"):
        return frame
    pairs = frame.select("township", "village")
    distinct = pairs.unique(maintain_order=True)
    found = [context.areas.find_village(town, text) if text else None for town, text in distinct.iter_rows()]
    distinct = distinct.with_columns(found=pl.Series(found, dtype=pl.String))
    resolved = pairs.join(distinct, on=["township", "village"], how="left", nulls_equal=True, maintain_order="left")
    return frame.with_columns(
        resolved["found"].is_null().alias("village_is_unknown"),
        pl.coalesce(resolved["found"], pl.col("village")).alias("village"),
    )


def _read_identity(extract: Extract, frame: pl.DataFrame) -> pl.DataFrame:
    """Split each id into valid, given and fault; read 残疾证号; keep only well-formed 学籍号; count mendings.

    `id_key` and `id_born`: a valid id's digits as a number, and the birth date in it.
    """
    frame = frame.with_columns(mended=_count_mended(extract))
    if extract.has("registry_number"):
        form = pl.col("registry_number").str.contains(ids.REGISTRY_FORM)
        frame = frame.with_columns(registry_number=pl.when(form).then(pl.col("registry_number")))
    if not extract.has("id_number"):
        return frame
    given = pl.col("id_number")
    card = ids.is_disability_number(given)
    number = pl.col("disability_number") if extract.has("disability_number") else pl.lit(None, pl.String)
    frame = frame.with_columns(card=pl.when(card).then(given).otherwise(number))
    has_card = ids.is_disability_number(pl.col("card"))
    plain_id = pl.when(card | (given.is_null() & has_card)).then(pl.col("card").str.slice(0, 18)).otherwise(given)
    given = pl.col("id_given")
    frame = frame.with_columns(id_given=plain_id).with_columns(id_key=ids.key_of(given), id_born=ids.birth_of(given))
    frame = frame.with_columns(id_ok=ids.is_valid(given, pl.col("id_key"), pl.col("id_born")))
    if extract.name == "disabled":
        frame = _read_disability(frame, has_card)
    return _judge_ids(extract, frame)


def _count_mended(extract: Extract) -> pl.Expr:
    """Count identity values of a row that had to be mended: spaces, full-width characters, lower-case x."""
    changed = [
        (pl.col(name + _RAW) != pl.col(name)).fill_null(False).cast(pl.UInt32)
        for name in _NUMBERS
        if extract.has(name)
    ]
    return pl.sum_horizontal(changed) if changed else pl.lit(0, pl.UInt32)


def _read_disability(frame: pl.DataFrame, has_card: pl.Expr) -> pl.DataFrame:
    card = pl.col("card")
    kind = pl.when(has_card).then(ids.disability_kind(card))
    grade = pl.when(has_card).then(ids.disability_grade(card))
    return frame.with_columns(
        pl.coalesce("disability_kind", kind).alias("disability_kind"),
        pl.coalesce("disability_grade", grade).alias("disability_grade"),
        card.alias("disability_number"),
    )


def _judge_ids(extract: Extract, frame: pl.DataFrame) -> pl.DataFrame:
    """Name the fault of each id. Other documents than the resident card have no fault of form."""
    given, ok = pl.col("id_given"), pl.col("id_ok")
    other_document = (
        (pl.col("id_type") != ids.RESIDENT_CARD).fill_null(False) if extract.has("id_type") else pl.lit(False)
    )
    fault = pl.when(other_document.not_()).then(ids.fault_of(given, ok))
    empty = pl.when(given.is_null() & _owes_id(extract) & other_document.not_()).then(pl.lit("id_empty"))
    return frame.with_columns(
        id_number=pl.when(ok).then(given),
        id_key=pl.when(ok).then(pl.col("id_key")),
        id_born=pl.when(ok).then(pl.col("id_born")),
        id_number_given=pl.when(ok.not_()).then(given),
        id_fault=pl.coalesce(fault, empty),
    )


def _owes_id(extract: Extract) -> pl.Expr:
    """Whether an empty id is a fault: the sheet has the column, and nothing else that may stand for it is filled."""
    owes = pl.col("has_id_number")
    group = next((g for g in extract.either if "id_number" in g), ())
    for name in (*(n for n in group if n != "id_number"),):
        owes = owes & pl.col(name).is_null()
    if not group and not any(h.required for h in extract.headings if h.field.name == "id_number"):
        return pl.lit(False)
    if extract.has("hukou_status"):
        owes = owes & (pl.col("hukou_status") != "无户籍").fill_null(True)
    return owes


def _fill_defaults(extract: Extract, frame: pl.DataFrame) -> pl.DataFrame:
    """Fill the contract's defaults into cells that are empty (not into those that could not be read)."""
    return frame.with_columns(
        pl.when(pl.col(name + GIVEN).is_null()).then(pl.lit(value)).otherwise(pl.col(name)).alias(name)
        for name, value in extract.defaults
    )
