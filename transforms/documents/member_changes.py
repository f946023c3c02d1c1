"""变动明细: the named children behind each change of a figure, since the last version and since the last period.

For the office's own eyes, in 区级 alone: the papers that go out carry the counts.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from schemas.bimester import Bimester
from schemas.labels import LABELS
from transforms.documents.workbook import Sheet, SheetColumn, describe_file, write_workbook

COLUMNS = (
    SheetColumn("indicator", "指标", 20), SheetColumn("how", "变动", 14), SheetColumn("name", "姓名", 10),
    SheetColumn("id_number", "身份证件号", 20), SheetColumn("township", "镇街", 10), SheetColumn("school_before", "原学校", 22),
    SheetColumn("school_after", "现学校", 22), SheetColumn("why_before", "原去向", 16), SheetColumn("why_after", "现去向", 16),
    SheetColumn("counted", "现计入分子", 10, "centre"), SheetColumn("state_before", "原案件状态", 12), SheetColumn("state", "现案件状态", 12),
)  # fmt: skip
SUMMARY = (
    SheetColumn("since", "比较", 10), SheetColumn("against", "与哪一版比", 22), SheetColumn("indicator", "指标", 22),
    SheetColumn("how", "变动", 16), SheetColumn("children", "人数", 8, "count"),
)  # fmt: skip


def write_member_changes_book(
    con: duckdb.DuckDBPyConnection,
    out_dir: Path,
    period: Bimester,
    version: int,
    issued: date,
    *,
    issuer: str,
    manifest_id: str,
    draft: bool = False,
) -> list[Path]:
    """Write 区级/变动明细.xlsx where any child entered or left a watched figure, readable by its owner only."""
    sheets = list_change_sheets(con, period)
    if not sheets:
        return []
    path = out_dir / "区级" / "变动明细.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    properties = describe_file(issuer, period, version, manifest_id, draft)
    path.write_bytes(write_workbook(sheets, issued, properties))
    path.chmod(0o600)
    return [path]


def list_change_sheets(con: duckdb.DuckDBPyConnection, period: Bimester) -> list[Sheet]:
    """A summary, then one sheet since the last version and one since the last period, where anybody changed."""
    rows = _read_changes(con)
    if rows.is_empty():
        return []
    counts = rows.group_by("since", "against", "indicator", "how", maintain_order=True).agg(pl.len().alias("children"))
    note = "只列主要指标（入学率、学年巩固率、辍学率、在校率、劝返复学率）。去向说的是底册和学籍：辍学学生学籍保留，"
    note += "去向仍为本区在籍，因何不计入分子看案件状态。内有个人信息，只供本单位核对，不外发。"
    sheets = [Sheet("汇总", f"{period.label}指标变动的人数", SUMMARY, counts, note)]
    for (since,), part in rows.group_by("since", maintain_order=True):
        title = f"{period.label}与{since}（{part['against'][0]}）相比变动的儿童"
        sheets.append(Sheet(f"与{since}比", title, COLUMNS, part))
    return sheets


def _read_changes(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    rows = con.execute("""
        select m.since, m.from_period, m.from_version, m.indicator, m.how, p.name, p.id_number, place.township,
            coalesce(before.school_name, m.school_before) as school_before,
            coalesce(after.school_name, m.school_after) as school_after,
            m.why_before, m.why_after, if(m.in_numerator, '是', '否') as counted, m.state_before, m.state
        from meta.member_change as m
        left join conformed.person as p on m.child_key = p.child_key
        left join conformed.place as place on p.person_id = place.person_id
        left join conformed.school as before on m.school_before = before.school_code
        left join conformed.school as after on m.school_after = after.school_code
        order by m.since desc, m.indicator, m.how, place.township nulls last, school_after nulls last, p.name, m.child_key""").pl()  # fmt: skip
    against = [f"{Bimester.parse(p).label}第{v}版" for p, v in rows.select("from_period", "from_version").rows()]
    return rows.with_columns(
        pl.Series("against", against, dtype=pl.String),
        pl.col("indicator").replace_strict(LABELS["indicator"], default=pl.col("indicator")),
    )
