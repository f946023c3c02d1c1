"""问题学籍清单: registry records in trouble, by school and for the district, each with 删除, 佐证 or 变更 (domain: registry)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from transforms.documents.counted import Counts, Heading, Spec
from transforms.documents.naming import name_school_folder
from transforms.documents.people import make_people
from transforms.documents.reading import Source
from transforms.documents.wording import GRADES
from transforms.documents.workbook import Sheet, SheetColumn

HERE = Path(__file__).parent
HANDLINGS = ("删除", "佐证", "变更")
NAME = "问题学籍清单"
COLUMNS = (
    SheetColumn("number", "序号", 6, "count"), SheetColumn("school_name", "学校", 22), SheetColumn("grade", "年级", 8, "centre"),
    SheetColumn("class_name", "班级", 8, "centre"), SheetColumn("name", "姓名", 9), SheetColumn("id_number", "身份证件号", 19),
    SheetColumn("registry_number", "学籍号", 20), SheetColumn("kind", "问题类型", 14), SheetColumn("beside", "问题说明或对照记录", 34),
    SheetColumn("proposal", "拟处理", 8, "centre"), SheetColumn("why", "理由", 28),
    SheetColumn("decision", "学校意见", 9, "centre", HANDLINGS, answer=True), SheetColumn("evidence", "佐证材料", 14, answer=True),
    SheetColumn("handler", "经办人", 9, answer=True),
)  # fmt: skip
NOTE = "注：拟处理供参考，由学校核实后填写意见；在控辍保学台账中的学生一律不得删除学籍。"


def list_registry_faults(source: Source) -> Iterator[tuple[str, str, list[Sheet]]]:
    """Yield folder, file name and sheets: the district's list with its sums, then each school's own records."""
    rows = read_registry_faults(source)
    label = source.period.label
    yield "区级", NAME, [_list_rows(f"{label}{NAME}", rows), _sum_kinds(label, rows)]
    for (code, name), part in rows.group_by("school_code", "school_name", maintain_order=True):
        yield name_school_folder(str(code), str(name)), NAME, [_list_rows(f"{name}{label}{NAME}", part)]


SUMS = Spec(
    "registry_faults", "学籍问题", "{label}问题学籍类型和拟处理方式（单位：条）",
    (Heading("kind", "问题类型", 2.2), *(Heading(word, f"拟{word}") for word in HANDLINGS), Heading("all", "合计")),
    HANDLINGS, ("all",), "注：在控辍保学台账中的学生一律不得删除学籍。",
)  # fmt: skip


def count_registry_faults(source: Source) -> dict[str, Counts]:
    """Count the records in trouble by kind and proposed handling, for the 双月报; empty where there are none."""
    rows = read_registry_faults(source)
    kinds = _count_kinds(rows).rows() if rows.height else []
    return {"registry_faults": Counts(SUMS, source.period.label, tuple(kinds))} if kinds else {}


def read_registry_faults(source: Source) -> pl.DataFrame:
    """One row a record and kind of trouble, in the order of school, grade and class."""
    make_people(source.con)
    twice = source.con.execute(_read_sql("registry_twice"), {"period": str(source.period)}).pl()
    found = pl.concat([twice, source.con.execute(_read_sql("registry_identity")).pl()])
    return found.sort("school_code", "grade", "class_name", "name", "person_id", "kind", "beside", nulls_last=True)


def _read_sql(name: str) -> str:
    return (HERE / f"{name}.sql").read_text(encoding="utf-8")


def _list_rows(title: str, rows: pl.DataFrame) -> Sheet:
    empty = (pl.lit(None, pl.String).alias(name) for name in ("decision", "evidence", "handler"))
    printed = rows.with_row_index("number", 1).with_columns(pl.col("grade").replace(GRADES), *empty)
    return Sheet(NAME, title, COLUMNS, printed, NOTE, "本期没有发现问题学籍。")


def _count_kinds(rows: pl.DataFrame) -> pl.DataFrame:
    sums = ((pl.col("proposal") == word).sum().alias(word) for word in HANDLINGS)
    return rows.group_by("kind").agg(*sums, pl.len().alias("all")).sort("kind")


def _sum_kinds(label: str, rows: pl.DataFrame) -> Sheet:
    counts = _count_kinds(rows)
    columns = (SheetColumn("kind", "问题类型", 24), *(SheetColumn(word, f"拟{word}（条）", 12, "count") for word in HANDLINGS),
               SheetColumn("all", "合计（条）", 12, "count"))  # fmt: skip
    return Sheet("汇总", f"{label}{NAME}汇总", columns, counts, "", "本期没有发现问题学籍。")
