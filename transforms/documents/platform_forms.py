"""The tables for the upper platform: their columns are data that the office adapts without touching code.

The platform's own template is not public: `data/reference/platform_forms.csv` is ours; a copy in the home's `templates`
folder goes before it.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from schemas.bimester import Bimester
from transforms.documents.case_papers import CENTRED, print_words
from transforms.documents.workbook import Sheet, SheetColumn

DECLARED = Path(__file__).parents[2] / "data" / "reference" / "platform_forms.csv"
HEADS = ("表名", "栏目", "数据项", "宽度")
FORMS = ("平台新增录入表", "平台核实结果回填表", "平台销号核对表")
# What a column may print: the office's word for it → the column of a case.
ITEMS = {
    "序号": "number", "案件编号": "case_no", "批次": "batch", "来源": "source", "姓名": "name", "性别": "sex", "出生日期": "birth_date",
    "身份证件号": "id_number", "学籍号": "registry_number", "学校": "school_name", "学校标识码": "school_code", "年级班级": "class",
    "监护人": "guardian", "联系电话": "phone", "镇街": "township", "村社": "village", "家庭住址": "address",
    "脱贫户监测户": "monitored", "可能原因": "likely_cause", "责任人": "owner_office", "核实期限": "due_on", "核实方式": "verification_method",
    "核实日期": "verified_on", "核实结果": "verification_result", "核实状态": "verified_state", "拟填结果": "held_result",
    "去向说明": "destination", "就读学校名称": "school_attended",
    "就读学籍号": "registry_number_elsewhere", "佐证材料": "evidence", "核实人": "verifier", "审核人": "reviewer",
    "辍学日期": "dropped_out_on", "辍学原因": "dropout_reason", "认定日期": "confirmed_on", "劝返次数": "visits",
    "最近劝返日期": "last_visit", "安置方式": "return_placement", "复学日期": "returned_on", "状态": "state",
    "立案日期": "opened_on", "销号日期": "closed_on", "销号类别": "closed_as", "平台状态": "platform_status",
    "平台录入日期": "platform_entered_on", "平台销号日期": "platform_closed_on", "核对结果": "agrees", "空白": "empty",
}  # fmt: skip


class PlatformFormFault(ValueError):
    """The declared columns cannot be printed; the message names the file, the line and what to write instead."""


@dataclass(frozen=True)
class PlatformColumn:
    """One declared column of one table."""

    form: str
    heading: str
    item: str
    width: float


def read_platform_columns(own: Path | None = None) -> tuple[PlatformColumn, ...]:
    """Read the declared columns, from `own` where that file exists. Raises PlatformFormFault."""
    path = own if own is not None and own.exists() else DECLARED
    rows = list(csv.reader(_read_text(path).splitlines()))
    if not rows or tuple(cell.strip() for cell in rows[0]) != HEADS:
        raise PlatformFormFault(f"{path.name} 第1行应为：{'，'.join(HEADS)}")
    columns = tuple(_read_column(path.name, number, row) for number, row in enumerate(rows[1:], 2) if any(row))
    if missing := [form for form in FORMS if form not in {column.form for column in columns}]:
        raise PlatformFormFault(f"{path.name} 缺少“{'”“'.join(missing)}”的栏目，请补上（可照抄程序自带的一份）")
    return columns


def _read_text(path: Path) -> str:
    """Office programs save CSV as UTF-8 with a mark or as GB 18030."""
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise PlatformFormFault(f"{path.name} 不是可读的CSV文本，请另存为“CSV UTF-8”")


def _read_column(file: str, number: int, row: list[str]) -> PlatformColumn:
    form, heading, item, width = (cell.strip() for cell in [*row, "", "", "", ""][:4])
    where = f"{file} 第{number}行："
    if form not in FORMS:
        raise PlatformFormFault(f"{where}没有“{form}”这张表，表名只能是：{'、'.join(FORMS)}")
    if not heading:
        raise PlatformFormFault(f"{where}栏目未填，请写表头要印的文字")
    if item not in ITEMS:
        raise PlatformFormFault(f"{where}没有“{item}”这个数据项，可用的有：{'、'.join(ITEMS)}")
    if not width.replace(".", "", 1).isdigit() or not 0 < float(width) <= 100:
        raise PlatformFormFault(f"{where}宽度应为1至100的数字，所填为“{width}”")
    return PlatformColumn(form, heading, item, float(width))


def list_platform_sheets(
    con: duckdb.DuckDBPyConnection, cases: pl.DataFrame, period: Bimester, columns: tuple[PlatformColumn, ...]
) -> dict[str, Sheet]:
    """平台新增录入表, 核实结果回填表, 销号核对表; the last against the platform's own ledger when it was delivered."""
    rows = _choose_rows(_join_platform(con, cases, period))
    return {form: _make_sheet(form, period, [c for c in columns if c.form == form], rows[form]) for form in FORMS}


def _join_platform(con: duckdb.DuckDBPyConnection, cases: pl.DataFrame, period: Bimester) -> pl.DataFrame:
    on_platform = con.execute("""
        select link.person_id, p.platform_status, p.platform_entered_on, p.platform_closed_on
        from validated.platform as p inner join conformed.link as link on p.identity = link.identity
        where p.period = ? qualify row_number() over (partition by link.person_id
            order by p.platform_closed_on desc nulls last, p.platform_status, p.source_row) = 1""", [str(period)]).pl()  # fmt: skip
    both = cases.join(on_platform, on="person_id", how="left", maintain_order="left")
    ours, theirs = pl.col("state") == "已销号", pl.col("platform_status") == "已销号"
    agrees = (
        pl.when(ours & theirs.not_()).then(pl.lit("不一致：本区已销号，平台未销"))
        .when(ours.not_() & theirs).then(pl.lit("不一致：平台已销号，本区在办"))
        .otherwise(pl.lit("一致"))
    )  # fmt: skip
    # only a word since the list came out verifies; an earlier one is a proposal
    verified_state = (
        pl.when(pl.col("state").is_in(["待核实", "待补佐证"])).then("state")
        .when(ours.not_() & pl.col("verification_result").is_null()).then(pl.lit("待核实"))
        .otherwise(pl.lit("已核实"))
    )  # fmt: skip
    monitored = pl.when("is_monitored").then(pl.lit("是")).otherwise(pl.lit("否"))
    return both.with_columns(agrees=agrees, verified_state=verified_state, monitored=monitored, empty=pl.lit(None, pl.String))


def _choose_rows(cases: pl.DataFrame) -> dict[str, pl.DataFrame]:
    on_platform = pl.col("platform_status").is_not_null()
    return {
        "平台新增录入表": cases.filter(pl.col("state").is_in(["劝返中", "失联"]) & on_platform.not_()),
        "平台核实结果回填表": cases.filter(
            (pl.col("suspect_source") == "平台下发") & pl.any_horizontal(pl.col("verification_result", "held_result").is_not_null())),
        "平台销号核对表": cases.filter(on_platform),
    }


def _make_sheet(form: str, period: Bimester, columns: list[PlatformColumn], rows: pl.DataFrame) -> Sheet:
    numbered = rows.with_row_index("number", 1)
    # one item may stand in two columns, so a column is named by its place
    heads = tuple(
        SheetColumn(f"c{n}", column.heading, column.width, "centre" if ITEMS[column.item] in CENTRED else "text")
        for n, column in enumerate(columns)
    )
    frame = numbered.select(print_words(pl.col(ITEMS[column.item])).alias(f"c{n}") for n, column in enumerate(columns))
    return Sheet(form, f"{period.label}{form}", heads, frame)
