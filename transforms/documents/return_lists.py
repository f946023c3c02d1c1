"""劝返清单 by 镇街 (domain: cases): how many of each village dropped out, came back, are still out, and who they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from schemas.bimester import Bimester
from transforms.documents.forms import FOOT
from transforms.documents.workbook import Sheet, SheetColumn

NAME = "劝返清单"
WHO = (
    SheetColumn("number", "序号", 6, "count"), SheetColumn("case_no", "案件编号", 15), SheetColumn("name", "姓名", 9),
    SheetColumn("village", "村社", 14, "village"), SheetColumn("school_name", "学校", 20), SheetColumn("class", "年级班级", 10),
    SheetColumn("guardian", "监护人", 9), SheetColumn("phone", "联系电话", 12),
)  # fmt: skip
ROSTERS = {
    "辍学学生": (SheetColumn("dropped_out_on", "辍学日期", 11), SheetColumn("dropout_reason", "辍学原因", 12),
             SheetColumn("confirmed_on", "认定日期", 11)),
    "已劝返学生": (SheetColumn("returned_on", "复学日期", 11), SheetColumn("return_placement", "安置方式", 12),
              SheetColumn("watched_until", "观察期至", 11)),
    "未返学生": (SheetColumn("visits", "劝返次数", 9), SheetColumn("last_visit", "最近劝返日期", 12), SheetColumn("state", "状态", 10)),
}  # fmt: skip


def list_return_lists(cases: pl.DataFrame, period: Bimester) -> Iterator[tuple[str, list[Sheet]]]:
    """Yield 镇街 and its 劝返清单: the sums by village, then the three rosters, each with its line of signatures."""
    start = date(period.school_year, 9, 1)
    out = pl.col("state").is_in(["劝返中", "失联"])
    back = (pl.col("state") == "复学跟踪") | ((pl.col("closed_as") == "复学巩固") & (pl.col("closed_on") >= start)).fill_null(False)
    rows = cases.filter((out | back) & pl.col("township").is_not_null()).with_columns(is_out=out)
    for (town,), part in rows.group_by("township", maintain_order=True):
        title = f"{town}{period.label}{NAME}"
        wanted = {"辍学学生": part, "已劝返学生": part.filter(pl.col("is_out").not_()), "未返学生": part.filter("is_out")}
        yield str(town), [_sum_villages(title, part), *(_list_roster(title, name, wanted[name]) for name in ROSTERS)]


def _sum_villages(title: str, part: pl.DataFrame) -> Sheet:
    sums = (pl.len().alias("dropped"), pl.col("is_out").not_().sum().alias("back"), pl.col("is_out").sum().alias("out"))
    rows = part.group_by(village=pl.col("village").fill_null("未定村社")).agg(*sums).sort("village")
    total = part.select(pl.lit("合计").alias("village"), *sums)
    columns = (SheetColumn("village", "村社", 26, "village"), SheetColumn("dropped", "辍学数", 12, "count"),
               SheetColumn("back", "已劝返数", 12, "count"), SheetColumn("out", "未返数", 12, "count"))  # fmt: skip
    return Sheet("汇总", title, columns, pl.concat([rows, total]), totals=1, foot=FOOT)


def _list_roster(title: str, name: str, rows: pl.DataFrame) -> Sheet:
    columns = (*WHO, *ROSTERS[name])
    shown = rows.with_row_index("number", 1).select(
        pl.col("number"), *(pl.col(c.name).cast(pl.String) for c in columns if c.name != "number")
    )
    return Sheet(name, f"{title}（{name}）", columns, shown, foot=FOOT, empty=f"本期无{name}。")
