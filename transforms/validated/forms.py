"""Lines of returned forms: which carry no answer, and what became of each, for the receipt (回执)."""

from __future__ import annotations

import polars as pl

from schemas.bimester import Bimester
from schemas.extracts import Extract
from transforms.validated.gather import GIVEN

LINE_COLUMNS: dict[str, pl.DataType] = {
    "period": pl.String(), "extract": pl.String(), "file_id": pl.String(), "sheet": pl.String(),
    "source_row": pl.Int32(), "fate": pl.String(), "school_code": pl.String(), "case_no": pl.String(),
    "name": pl.String(), "id_number": pl.String(), "id_number_given": pl.String(),
}  # fmt: skip


def is_unanswered(extract: Extract) -> pl.Expr:
    """Whether a line carries only what we printed on the form: it is 未反馈, neither a row nor a fault."""
    if extract.form is None:
        return pl.lit(False)
    said = [pl.col(name + GIVEN) for name in extract.answers]
    silent = pl.all_horizontal(
        [(text.is_null() | text.is_in(list(extract.form.empty_words))).fill_null(True) for text in said]
    )
    if extract.form.by_case:
        # a child written on a spare line is an answer by itself
        return silent & (pl.col("case_no").is_not_null() | pl.all_horizontal(pl.col("name" + GIVEN, "id_number" + GIVEN).is_null()))
    return silent


def shape_lines(extract: Extract, rows: pl.DataFrame, period: Bimester) -> pl.DataFrame:
    """One row a line of a sheet that can be a returned form; `fate` is accepted, merged, quarantined or not_answered."""
    rows = rows.with_columns(period=pl.lit(str(period)), extract=pl.lit(extract.name))
    known = rows.clear() if extract.form is None else rows
    columns = [
        (pl.col(name) if name in rows.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in LINE_COLUMNS.items()
    ]
    return known.sort("file_id", "sheet_no", "source_row").select(columns)
