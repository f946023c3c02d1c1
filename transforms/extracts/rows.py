"""What each row of a recognised sheet is: data, blank, totals line, note, repeated headings."""

from __future__ import annotations

import polars as pl

from transforms.extracts.headings import plain
from transforms.extracts.recognise import Recognition

KINDS = ("data", "blank", "title", "total", "note", "repeated_heading")

_TOTAL = r"^[\u4e00-\u9fff\d]{0,6}(?:合\s*计|总\s*计|小\s*计|共\s*计)(?:[:：（(\d].*|人数?.*)?$"
_NOTE = (
    r"^(?:填\s*表\s*人|填\s*报\s*人|制\s*表\s*人?|填报单位|填表单位|报送单位|单位负责人|学校负责人|负责人|审\s*核\s*人|审\s*核\s*[:：]"
    r"|经办人|填报日期|填表日期|填报时间|联系人\s*[:：]|联系电话\s*[:：]|校\s*长\s*[:：(（签]|签\s*字|盖\s*章|[（(]盖章"
    r"|注\s*\d*\s*[:：.、]|备\s*注\s*\d*\s*[:：]|说\s*明\s*\d*\s*[:：]|填表说明|填写说明|温馨提示|注意|※|示例\s*[:：])"
)
_SERIAL = {"序号", "编号", "行号", "no", "no."}


def classify_rows(cells: pl.DataFrame, found: Recognition) -> pl.Series:
    """Return the kind of each row of a sheet, one of KINDS."""
    # stripped once: every question below is asked of it, and an empty cell is null
    stripped = cells.lazy().select(pl.all().str.strip_chars())
    said = stripped.select(pl.when(pl.all().str.len_bytes() > 0).then(pl.all()))
    serial = _serial(found)
    empty = [_is_serial(name) if name in serial else pl.col(name).is_null() for name in cells.columns]
    frame = said.with_columns(
        first=pl.coalesce(pl.all()), cells_filled=pl.sum_horizontal(pl.all().is_not_null()), blank=pl.all_horizontal(empty)
    ).with_row_index("row")
    kind = (
        pl.when(pl.col("row") < found.first_row)
        .then(pl.when("blank").then(pl.lit("blank")).otherwise(pl.lit("title")))
        .when(pl.col("row") <= found.last_row)
        .then(pl.lit("heading"))
        .when("blank")
        .then(pl.lit("blank"))
        .when(_repeats_headings(found))
        .then(pl.lit("repeated_heading"))
        .when(_is_total(found))
        .then(pl.lit("total"))
        .when(_is_note(found))
        .then(pl.lit("note"))
        .otherwise(pl.lit("data"))
    )
    return frame.select(kind.alias("row_kind")).collect().to_series()


def _serial(found: Recognition) -> set[str]:
    """Columns that only number the rows: a form's spare lines carry nothing else."""
    return {f"c{i}" for i, heading in enumerate(found.headings) if plain(heading).lower() in _SERIAL}


def _is_serial(column: str) -> pl.Expr:
    """Empty, or a number."""
    return pl.col(column).str.contains(r"^[0-9]+(\.0)?$").fill_null(True)


def _column(found: Recognition, field: str) -> list[str]:
    return [f"c{found.columns[field]}"] if field in found.columns else []


def _repeats_headings(found: Recognition) -> pl.Expr:
    """At least half of the filled mapped cells, and two of them, say their own heading again."""
    mapped = {name: found.headings[index].strip() for name, index in found.columns.items()}
    same = [pl.col(f"c{found.columns[name]}") == text for name, text in mapped.items()]
    return pl.sum_horizontal(same) >= pl.max_horizontal(
        pl.lit(2, pl.UInt32), pl.col("cells_filled") // 2
    )


def _is_total(found: Recognition) -> pl.Expr:
    places = [c for field in ("name", "class_name", "grade", "township") for c in _column(found, field)]
    return pl.any_horizontal(pl.col("first", *dict.fromkeys(places)).str.contains(_TOTAL).fill_null(False))


def _is_note(found: Recognition) -> pl.Expr:
    """A line of signatures or remarks: its first cell says so and the row is far from full."""
    few = pl.col("cells_filled") * 2 <= max(len(found.columns), 4)
    lone = (pl.col("cells_filled") == 1) & (pl.col("first").str.len_chars() > 12) & pl.lit(len(found.columns) > 2)
    return (pl.col("first").str.contains(_NOTE) & few) | lone
