"""Judge all sheets of one extract: accepted, merged and quarantined rows, every reason of a row at once."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from schemas.codes import list_values
from schemas.extracts import EXTRACTS, Extract, typed_columns
from schemas.fields import FIELDS, Field
from schemas.rules import RULES
from transforms.extracts.headings import SCHOOL_NAME
from transforms.validated.checks import Check, list_checks
from transforms.validated.contract import check_contract
from transforms.validated.duplicates import find_rivals, mark, mark_duplicates
from transforms.validated.forms import is_unanswered, shape_lines
from transforms.validated.gather import GIVEN, Context, Delivered, gather
from transforms.validated.typed import DTYPES, type_columns
from transforms.validated.values import OTHER_STAGE

PROBLEM_COLUMNS: dict[str, pl.DataType] = {
    "period": pl.String(), "extract": pl.String(), "file_id": pl.String(), "file_name": pl.String(),
    "sheet": pl.String(), "source_row": pl.Int32(), "heading": pl.String(), "rule": pl.String(),
    "strength": pl.String(), "school_code": pl.String(), "value": pl.String(), "message": pl.String(),
}  # fmt: skip
QUARANTINED_COLUMNS: dict[str, pl.DataType] = {
    "period": pl.String(), "extract": pl.String(), "file_id": pl.String(), "sheet": pl.String(),
    "source_row": pl.Int32(), "school_code": pl.String(), "name": pl.String(), "sex": pl.String(),
    "birth_date": pl.Date(), "id_number": pl.String(), "registry_number": pl.String(),
}  # fmt: skip
# How a form of ours names the school that it goes out to.
_FORM_SCHOOL = re.compile(r"标识码[:：\s]*(\d+)")
# How many of a list's values a message repeats: the longest list that is not an open one has 56 (民族).
MOST_CHOICES = 20
FATES = pl.Enum(["accepted", "merged", "quarantined", "not_answered"])
COUNTS = ("rows_read", "accepted", "merged", "quarantined", "other_stage_rows", "not_answered", "mended_values")


@dataclass(frozen=True)
class Judged:
    """What became of one extract's rows. `counts`: one row a sheet (`sheet_no` and COUNTS).

    `lines`: one row a line of the sheets that can be returned forms (transforms.validated.forms).
    """

    extract: str
    accepted: pl.DataFrame
    problems: pl.DataFrame
    quarantined: pl.DataFrame
    counts: pl.DataFrame
    lines: pl.DataFrame


def judge(extract_name: str, delivered: list[Delivered], context: Context) -> Judged:
    """Type, check and split the rows of all sheets of one extract; conservation is asserted for each sheet."""
    extract = EXTRACTS[extract_name]
    frame = _type_rows(extract, delivered, context)
    blank = frame.filter("is_blank").with_columns(fate=pl.lit("not_answered", FATES))
    ours, checks = _apply_checks(extract, _take_ours(frame), context)
    counts = _count(frame, ours)
    _assert_conserved(extract_name, counts)
    accepted = _shape(extract, ours, context)
    check_contract(extract_name, accepted)
    problems = pl.concat([_tell_problems(extract, ours, checks, delivered, context), _tell_titles(extract, delivered, context)])
    lines = shape_lines(extract, pl.concat([ours.select(blank.columns), blank]), context.period)
    return Judged(extract_name, accepted, problems, _shape_quarantined(extract, ours, context), counts, lines)


def look_ahead(extract_name: str, delivered: list[Delivered], context: Context) -> pl.DataFrame:
    """The rows that would be accepted, for a register whose rows are then judged by one another."""
    extract = EXTRACTS[extract_name]
    ours, _ = _apply_checks(extract, _take_ours(_type_rows(extract, delivered, context)), context)
    return _shape(extract, ours, context)


def _type_rows(extract: Extract, delivered: list[Delivered], context: Context) -> pl.DataFrame:
    """Every row typed, with its sheet, and whether it is no row of ours or an unanswered line of a form."""
    frame = type_columns(extract.name, gather(extract.name, delivered, context), context)
    frame = frame.join(_describe_sheets(extract, delivered, context), on="sheet_no", how="left", maintain_order="left")
    return frame.with_columns(is_other=_is_other_stage(extract)).with_columns(
        is_blank=is_unanswered(extract) & pl.col("is_other").not_()
    )


def _take_ours(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.any_horizontal("is_other", "is_blank").not_())


def _describe_sheets(extract: Extract, delivered: list[Delivered], context: Context) -> pl.DataFrame:
    """One row a sheet; `sent_by`: the school that a returned form names in its title or folder."""
    return pl.DataFrame(
        {
            "sheet_no": range(len(delivered)),
            "file_id": [item.sheet.file_id for item in delivered],
            "file_name": [item.sheet.file_name for item in delivered],
            "sheet": [item.sheet.sheet for item in delivered],
            "sent_by": [_find_sender(extract, item, context) for item in delivered],
            "data_as_of": [item.sheet.data_as_of for item in delivered],
        },
        schema={"sheet_no": pl.Int32, "file_id": pl.String, "file_name": pl.String, "sheet": pl.String,
                "sent_by": pl.String, "data_as_of": pl.String},
    ).with_columns(pl.col("data_as_of").str.to_date("%Y-%m-%d"))  # fmt: skip


def _find_sender(extract: Extract, item: Delivered, context: Context) -> str | None:
    if extract.form is None:
        return None
    texts = (*item.sheet.title_rows, item.sheet.sheet, *item.sheet.folders)
    return next((code for text in texts if (code := context.schools.find_in(text))), None)


def _is_other_stage(extract: Extract) -> pl.Expr:
    """Rows of 高一, 中班 and the like: set aside and counted, no fault (contract §1)."""
    grades = [name for name in ("grade", "entry_grade") if extract.has(name)]
    return pl.any_horizontal([(pl.col(name) == OTHER_STAGE).fill_null(False) for name in grades] or [pl.lit(False)])


def _apply_checks(extract: Extract, frame: pl.DataFrame, context: Context) -> tuple[pl.DataFrame, list[Check]]:
    """Compute every check of every row in one pass, then the fate of each row."""
    frame = mark_duplicates(extract, frame)
    checks = [*list_checks(extract.name, context), _compare_twins(extract)]
    frame = frame.with_columns(check.bad.alias(f"check_{number}") for number, check in enumerate(checks))
    fatal = [pl.col(f"check_{n}") for n, check in enumerate(checks) if RULES[check.rule].strength == "quarantine"]
    fate = (
        pl.when(pl.any_horizontal(fatal))
        .then(pl.lit("quarantined", FATES))
        .when("is_merged")
        .then(pl.lit("merged", FATES))
        .otherwise(pl.lit("accepted", FATES))
    )
    frame = frame.with_columns(fate=fate)
    rivals = find_rivals(extract, frame, pl.col("fate") == "accepted")
    told = Check("file_conflict", checks[-1].field, pl.col(f"check_{len(checks)}"), checks[-1].says)
    return frame.with_columns(mark(frame.height, rivals).alias(f"check_{len(checks)}")), [*checks, told]


def _compare_twins(extract: Extract) -> Check:
    known = [part for part in extract.key if part in FIELDS]
    field = "id_number" if extract.has("id_number") else known[0]
    titles = [FIELDS[part].title if part in FIELDS else "同一儿童" for part in extract.key]
    return Check("duplicate_conflict", field, pl.col("is_conflict"), "、".join(titles))


def _count(frame: pl.DataFrame, ours: pl.DataFrame) -> pl.DataFrame:
    fates = [(pl.col("fate") == fate).sum().alias(fate) for fate in ("accepted", "merged", "quarantined")]
    mine = ours.group_by("sheet_no").agg(pl.len().alias("rows_read"), *fates, pl.col("mended").sum().alias("mended_values"))
    beside = frame.group_by("sheet_no").agg(other_stage_rows=pl.col("is_other").sum(), not_answered=pl.col("is_blank").sum())
    return beside.join(mine, on="sheet_no", how="left").sort("sheet_no").select(
        pl.col("sheet_no"), *(pl.col(name).fill_null(0).cast(pl.Int32) for name in COUNTS)
    )


def _assert_conserved(extract_name: str, counts: pl.DataFrame) -> None:
    """A difference is a fault of the program."""
    if not is_conserved(counts):
        raise AssertionError(f"{extract_name}：有工作表的读入行数与去向行数不等")


def is_conserved(counts: pl.DataFrame) -> bool:
    """Whether rows read = accepted + merged + quarantined, sheet by sheet."""
    return counts.filter(pl.col("rows_read") != pl.sum_horizontal("accepted", "merged", "quarantined")).is_empty()


def _shape(extract: Extract, rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Give the accepted of some rows their declared columns and order: what is not declared is copied for neither."""
    places = rows.select("fate", "file_id", "sheet_no", "source_row").with_row_index("place").filter(pl.col("fate") == "accepted")
    columns = [pl.col(name).cast(DTYPES[kind]) for name, (kind, _) in typed_columns(extract).items()]
    shaped = rows.with_columns(period=pl.lit(str(context.period))).select(columns)
    return shaped[places.sort("file_id", "sheet_no", "source_row")["place"]]


def _shape_quarantined(extract: Extract, rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Keep of a quarantined row what may still explain its child (bridge reason 数据隔离)."""
    rows = rows.filter(pl.col("fate") == "quarantined").with_columns(
        period=pl.lit(str(context.period)), extract=pl.lit(extract.name)
    )
    columns = [
        (pl.col(name) if name in rows.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in QUARANTINED_COLUMNS.items()
    ]
    return rows.sort("file_id", "sheet_no", "source_row").select(columns)


def _tell_problems(
    extract: Extract, rows: pl.DataFrame, checks: list[Check], delivered: list[Delivered], context: Context
) -> pl.DataFrame:
    """One line for each reason of each row; only rows at fault are touched."""
    school = "school_code" if "school_code" in rows.columns else None
    named = SCHOOL_NAME + GIVEN in rows.columns
    flags = [f"check_{n}" for n in range(len(checks))]
    broken = [n for n, count in enumerate(rows.select(pl.col(flags).sum()).row(0)) if count]
    if not broken:
        return pl.DataFrame(schema=PROBLEM_COLUMNS)
    bad = rows.filter(pl.any_horizontal(flags)).lazy()
    problems = pl.concat([_tell(bad.filter(flags[n]), n, checks[n], school, named) for n in broken]).collect()
    words = pl.DataFrame(
        [(n, field, heading) for n, item in enumerate(delivered) for field, heading in item.sheet.headings],
        schema={"sheet_no": pl.Int32, "field": pl.String, "own": pl.String}, orient="row",
    )  # fmt: skip
    problems = problems.join(words, on=["sheet_no", "field"], how="left", maintain_order="left")
    return (
        problems.with_columns(
            period=pl.lit(str(context.period)),
            extract=pl.lit(extract.name),
            heading=pl.coalesce(pl.col("own").str.replace_all(r"\s+", ""), pl.col("heading")),
        )
        .sort("file_id", "sheet_no", "source_row", "number", maintain_order=True)
        .select(pl.col(name).cast(kind) for name, kind in PROBLEM_COLUMNS.items())
    )


def _tell_titles(extract: Extract, delivered: list[Delivered], context: Context) -> pl.DataFrame:
    """Returned forms whose title names a school code that no register knows, each once."""
    rule, title = RULES["title_school_unknown"], FIELDS["school_code"].title
    told = [
        {"period": str(context.period), "extract": extract.name, "file_id": item.sheet.file_id, "file_name": item.sheet.file_name,
         "sheet": item.sheet.sheet, "heading": title, "rule": rule.id, "strength": rule.strength, "value": code,
         "message": rule.say(heading=title)}
        for item in delivered if extract.form is not None and context.schools.types
        for code in dict.fromkeys(_FORM_SCHOOL.findall(" ".join(item.sheet.title_rows))) if code not in context.schools.types
    ]  # fmt: skip
    return pl.DataFrame(told, schema=PROBLEM_COLUMNS, orient="row")


def _list_choices(field: Field) -> str:
    """The values that a cell may hold, for the message."""
    if field.codes:
        values = list_values(field.codes)
        return "、".join(values[:MOST_CHOICES]) + ("等" if len(values) > MOST_CHOICES else "")
    return {"boolean": "是、否", "grade": "一年级至九年级"}.get(field.kind, "")


def _tell(bad: pl.LazyFrame, number: int, check: Check, school: str | None, named: bool) -> pl.LazyFrame:
    rule, title = RULES[check.rule], FIELDS[check.field].title
    field, value = pl.lit(check.field), pl.col(check.field + GIVEN)
    if check.rule == "school_unknown" and named:  # told by its name where no code is given
        field = pl.when(value.is_null() & pl.col(SCHOOL_NAME + GIVEN).is_not_null()).then(pl.lit(SCHOOL_NAME)).otherwise(field)
        value = pl.coalesce(value, pl.col(SCHOOL_NAME + GIVEN))
    return bad.select(
        "sheet_no", "file_id", "file_name", "sheet", "source_row",
        heading=pl.lit(title), field=field, number=pl.lit(number, pl.Int32),
        rule=pl.lit(rule.id), strength=pl.lit(rule.strength),
        school_code=pl.coalesce(school, "sent_by") if school else pl.col("sent_by"),
        value=value,
        message=pl.lit(rule.say(heading=check.says or title, choices=_list_choices(FIELDS[check.field]))),
    )  # fmt: skip
