"""How each rule of `schemas/rules.py` is computed: one Boolean column a check, all in one pass over the rows."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from schemas.codes import OPEN_LISTS
from schemas.extracts import EXTRACTS, Extract
from schemas.fields import FIELDS, Field
from transforms.extracts.formulas import ERRORS, NO_RESULT
from transforms.validated import ids
from transforms.validated.gather import GIVEN, Context
from transforms.validated.places import OFFERED
from transforms.validated.typed import RESOLVED_SCHOOLS

# Extracts whose rows stand or fall with their school.
NEEDS_SCHOOL = ("registry", "attendance", "class_roll", "absentee", "cohort", "aid", "school_work")
_IMPOSSIBLE = {"date": "date_impossible", "month": "date_impossible", "year": "date_impossible",
               "integer": "number_impossible", "number": "number_impossible", "boolean": "code_unknown",
               "grade": "code_unknown", "code": "code_unknown", "township": "township_unknown"}  # fmt: skip
# A part that cannot be larger than its whole: (part, whole).
_PARTS = (("present_count", "enrolled_count"), ("days_absent", "days_due"), ("days_leave", "days_absent"),
          ("longest_unexcused_days", "days_absent"), ("people_out_of_school", "people"))  # fmt: skip
_AT_MOST = {"days_due": 31, "days_absent": 31, "study_hours": 24, "sport_hours": 24, "homework_minutes": 1440}
_PRESENT_OF_PEOPLE = ("sealed", "present_count", "people")


@dataclass(frozen=True)
class Check:
    """One rule on one column: `bad` is true on rows at fault; `field` names whose heading and value are shown.

    `says`: what the message names in place of the one heading.
    """

    rule: str
    field: str
    bad: pl.Expr
    says: str = ""


def list_checks(extract_name: str, context: Context) -> list[Check]:
    """List every check of an extract, in the order in which problems of one row are told."""
    extract = EXTRACTS[extract_name]
    return [
        *_check_identity(extract),
        *_check_filled(extract, context),
        *_check_values(extract, context),
        *_check_months(extract, context),
        *_check_parts(extract),
        *_check_schools(extract, context),
        *_check_ids(extract),
        *_check_reports(extract, context),
    ]


def _given(name: str) -> pl.Expr:
    return pl.col(name + GIVEN)


def _check_identity(extract: Extract) -> Iterator[Check]:
    """Only a row with no way left to know the child is set aside; a suspect's case stands without (contract §3)."""
    if extract.identity and extract.name != "suspect":
        yield Check("identity_missing", "id_number", knows_child(extract).not_())


def knows_child(extract: Extract) -> pl.Expr:
    """Whether a row has one way to know its child."""
    ways = [pl.col("id_number").is_not_null()]
    if extract.has("registry_number"):
        ways.append(pl.col("registry_number").is_not_null())
    if extract.has("case_no"):
        ways.append(pl.col("case_no").is_not_null())
    if extract.has("sex") and extract.has("birth_date"):
        ways.append(_all_filled("name", "sex", "birth_date"))
    if extract.by_class:
        ways.append(_all_filled("school_code", "grade", "class_name", "name"))
    return pl.any_horizontal(ways)


def _all_filled(*names: str) -> pl.Expr:
    return pl.all_horizontal([pl.col(name).is_not_null() for name in names])


def _check_filled(extract: Extract, context: Context) -> Iterator[Check]:
    for heading in extract.headings:
        name = heading.field.name
        school = name in RESOLVED_SCHOOLS and (name != "school_code" or extract.name in NEEDS_SCHOOL)
        if heading.filled and not school:
            yield Check("required_empty", name, _given(name).is_null())
        if heading.field.kind in ("name", "text", "date"):  # a value of another kind is told as one that cannot be read
            yield Check("formula_unsaved", name, (_given(name) == NO_RESULT).fill_null(False))
        if heading.filled and heading.field.kind in ("name", "text"):  # the same
            yield Check("cell_error", name, _given(name).is_in(list(ERRORS)).fill_null(False))


def _check_values(extract: Extract, context: Context) -> Iterator[Check]:
    """A value that is filled and could not be read."""
    for field in extract.fields:
        rule = _IMPOSSIBLE.get(field.kind)
        if rule and field.codes not in OPEN_LISTS:
            unread = _given(field.name).is_not_null() & pl.col(field.name).is_null()
            if field.kind == "date":  # told already as what it is
                unread &= (_given(field.name) != NO_RESULT).fill_null(True)
            yield Check(rule, field.name, unread)
        if field.kind == "date":
            yield Check("date_impossible", field.name, _is_absurd(field, context))


def _is_absurd(field: Field, context: Context) -> pl.Expr:
    """A birth after the period, or any day no register can mean (before 1900, or ten years ahead)."""
    day = pl.col(field.name)
    if field.name == "birth_date":
        return (day > context.period.last_day).fill_null(False)
    return (day.dt.year() > context.period.year + 10).fill_null(False)


def _check_months(extract: Extract, context: Context) -> Iterator[Check]:
    """A report of a month belongs to that month's period (contract §3): under another period it counts nowhere."""
    if extract.has("month") and context.months:
        yield Check("month_elsewhere", "month", pl.col("month").is_in(list(context.months)).not_().fill_null(False))


def _check_parts(extract: Extract) -> Iterator[Check]:
    for part, whole in _PARTS:
        if extract.has(part) and extract.has(whole):
            says = f"{FIELDS[part].title}（大于{FIELDS[whole].title}）"
            yield Check("number_impossible", part, (pl.col(part) > pl.col(whole)).fill_null(False), says)
    for name, limit in _AT_MOST.items():
        if extract.has(name):
            yield Check("number_impossible", name, (pl.col(name) > limit).fill_null(False))
    if extract.name == _PRESENT_OF_PEOPLE[0]:
        part, whole = _PRESENT_OF_PEOPLE[1:]
        yield Check("number_impossible", part, (pl.col(part) > pl.col(whole)).fill_null(False))


def _check_schools(extract: Extract, context: Context) -> Iterator[Check]:
    if extract.name == "school":
        wrong = pl.col("school_code").str.contains(r"^[0-9]{10}$").not_()
        yield Check("school_unknown", "school_code", wrong.fill_null(False))
        return
    if extract.has("school_code"):
        missing = pl.col("school_code").is_null()
        told = _given("school_code").is_not_null()
        if f"school_name{GIVEN}" in _columns(extract):
            told = told | _given("school_name").is_not_null()
        unknown = missing if extract.name in NEEDS_SCHOOL else missing & told
        yield Check("school_unknown", "school_code", unknown)
    if extract.has("intake_school_code"):
        yield Check("school_unknown", "intake_school_code", pl.col("intake_school_code").is_null())
    if extract.has("grade") and extract.has("school_code"):
        yield Check("grade_not_offered", "grade", _is_not_offered(context))
    if extract.name == "cohort":
        entry = pl.col("entry_grade").is_in(["1", "7"]).not_()
        yield Check("grade_not_offered", "entry_grade", entry.fill_null(False))


def _columns(extract: Extract) -> set[str]:
    return {f"{f.name}{GIVEN}" for f in extract.fields} | {f"school_name{GIVEN}"}


def _is_not_offered(context: Context) -> pl.Expr:
    """A grade that the school's type does not have; an unknown school or type has all."""
    lows = {code: min(OFFERED.get(kind, range(1, 10)), default=99) for code, kind in context.schools.types.items()}
    highs = {code: max(OFFERED.get(kind, range(1, 10)), default=0) for code, kind in context.schools.types.items()}
    low = pl.col("school_code").replace_strict(list(lows), list(lows.values()), default=None, return_dtype=pl.Int32)
    high = pl.col("school_code").replace_strict(list(highs), list(highs.values()), default=None, return_dtype=pl.Int32)
    grade = pl.col("grade").cast(pl.Int32, strict=False)
    return ((grade < low) | (grade > high)).fill_null(False)


def _check_ids(extract: Extract) -> Iterator[Check]:
    if not extract.has("id_number"):
        return
    for rule in ("id_empty", "id_length", "id_check_digit", "id_excel_lost", "id_fifteen"):
        yield Check(rule, "id_number", (pl.col("id_fault") == rule).fill_null(False))
    key = pl.col("id_key")
    if extract.has("birth_date"):
        yield Check("id_birth_mismatch", "birth_date", (pl.col("birth_date") != pl.col("id_born")).fill_null(False))
    if extract.has("sex"):
        yield Check("id_sex_mismatch", "sex", ids.is_other_sex(pl.col("sex"), key))
    yield Check("id_place_unknown", "id_number", ids.is_place_unknown(key))


def _check_reports(extract: Extract, context: Context) -> Iterator[Check]:
    if extract.has("registry_number"):
        wrong = _given("registry_number").is_not_null() & pl.col("registry_number").is_null()
        yield Check("registry_number_invalid", "registry_number", wrong)
    if extract.has("name"):
        yield Check("name_odd", "name", pl.col("name").str.contains(r"[0-9A-Za-z]").fill_null(False))
    if extract.has("village"):
        known = pl.lit(context.areas.delivered)  # without a register of villages none can be called unknown
        yield Check("village_unknown", "village", known & pl.col("village").is_not_null() & pl.col("village_is_unknown"))
    if extract.name == "registry":
        empty = pl.col("has_registry_status") & _given("registry_status").is_null()
        yield Check("status_defaulted", "registry_status", empty)
        yield Check("age_out_of_range", "birth_date", _is_age_odd(context))


def _is_age_odd(context: Context) -> pl.Expr:
    """Completed years on the period's last day outside the limits, both inclusive; the id's birth date rules."""
    born, day = pl.coalesce("id_born", "birth_date"), context.period.last_day
    return ((born > _years_before(day, context.age_min)) | (born <= _years_before(day, context.age_max + 1))).fill_null(False)


def _years_before(day: date, years: int) -> date:
    """The last birth date that has completed so many years on that day; 29 February completes them in March."""
    is_leap_day = (day.month, day.day) == (2, 29) and not isleap(day.year - years)
    return day.replace(year=day.year - years, day=28 if is_leap_day else day.day)
