"""The declared contract of accepted rows, as pandera sees it. Every accepted row passes through it in production."""

from __future__ import annotations

from functools import cache

import pandera.polars as pa
import polars as pl
from pandera.config import CONFIG
from pandera.errors import SchemaErrors

from schemas.codes import OPEN_LISTS, list_values
from schemas.extracts import EXTRACTS, Extract, Heading, typed_columns
from transforms.validated import ids
from transforms.validated.typed import DTYPES, RESOLVED_SCHOOLS


class BrokenContract(RuntimeError):
    """Accepted rows break their declared contract: a fault of the program, not of the data."""


@cache
def build_schema(extract_name: str) -> pa.DataFrameSchema:
    """Build the pandera schema of `validated.<extract>` from the declared columns."""
    extract = EXTRACTS[extract_name]
    by_name = {heading.field.name: heading for heading in extract.headings}
    columns = {
        name: pa.Column(
            DTYPES[sql_type],
            checks=_checks(extract, name, by_name.get(name)),
            nullable=not _is_filled(extract, name, by_name.get(name)),
        )
        for name, (sql_type, _) in typed_columns(extract).items()
    }
    return pa.DataFrameSchema(columns, strict=True, ordered=True, name=f"validated.{extract_name}")


def check_contract(extract_name: str, accepted: pl.DataFrame) -> None:
    """Raise BrokenContract when an accepted row is not what was declared; the text names columns, no values."""
    if not CONFIG.validation_enabled:
        raise BrokenContract("数据契约校验被关闭（PANDERA_VALIDATION_ENABLED），请去掉该设置后再运行")
    try:
        build_schema(extract_name).validate(accepted, lazy=True)
    except SchemaErrors as error:
        # the cases carry values of children: only column and check may go into the message
        cases = error.failure_cases.select("column", "check").unique(maintain_order=True).rows()
        broken = "；".join(f"{column}：{check}" for column, check in cases[:10])
        raise BrokenContract(f"validated.{extract_name} 与声明不符：{broken}") from None


def _is_filled(extract: Extract, name: str, heading: Heading | None) -> bool:
    if name in ("period", "file_id", "sheet", "source_row"):
        return True
    return heading is not None and heading.filled


def _checks(extract: Extract, name: str, heading: Heading | None) -> list[pa.Check]:
    if name == "id_number":
        return [pa.Check.str_matches(r"^[0-9]{17}[0-9X]$", name="身份证号18位")]
    if name == "registry_number":
        return [pa.Check.str_matches(ids.REGISTRY_FORM, name="学籍号写法")]
    if name == "source_row":
        return [pa.Check.ge(1, name="行号从1起")]
    if heading is None:
        return []
    field = heading.field
    if field.kind == "code" and field.codes and field.codes not in OPEN_LISTS and not field.several:
        return [pa.Check.isin(list_values(field.codes), name=f"代码表{field.codes}")]
    if field.kind == "grade":
        return [pa.Check.str_matches(r"^[1-9]$", name="年级1至9")]
    if field.kind in ("integer", "number"):
        return [pa.Check.ge(0, name="不小于0")]
    if field.kind == "month":
        return [pa.Check.str_matches(r"^[0-9]{4}-(0[1-9]|1[0-2])$", name="月份写法")]
    if name in RESOLVED_SCHOOLS:
        return [pa.Check.str_matches(r"^[0-9]{10}$", name="学校标识码10位")]
    return []
