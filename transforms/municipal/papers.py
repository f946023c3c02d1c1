"""The municipality's workbook, and each district's list of children whose record another district has too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from schemas.bimester import Bimester
from schemas.calendar import default_issue_date
from schemas.indicators import INDICATORS
from schemas.labels import LABELS
from schemas.municipal import WHOLE
from transforms.documents.wording import print_rate
from transforms.documents.workbook import Sheet, SheetColumn, write_workbook

RATES = (
    SheetColumn("indicator", "指标", 34), SheetColumn("district", "区县", 14), SheetColumn("numerator", "分子", 12, "count"),
    SheetColumn("denominator", "分母", 12, "count"), SheetColumn("rate", "率（%）", 10, "centre"),
    SheetColumn("low", "下界（%）", 10, "centre"), SheetColumn("high", "上界（%）", 10, "centre"),
)  # fmt: skip
LEDGER = (
    SheetColumn("ledger", "台账", 14), SheetColumn("district", "区县", 14), SheetColumn("opening", "上期结转", 12, "count"),
    SheetColumn("added", "新增", 10, "count"), SheetColumn("closed", "销减", 10, "count"), SheetColumn("closing", "期末在册", 12, "count"),
)  # fmt: skip
STATE = (SheetColumn("district", "区县", 16), SheetColumn("state", "出报情况", 16), SheetColumn("manifest_id", "清单编号", 34))
CROSSING = (
    SheetColumn("district", "区县", 14), SheetColumn("found_in", "学籍所在区县", 16), SheetColumn("finding", "情形", 26),
    SheetColumn("children", "人数", 10, "count"),
)  # fmt: skip
CHILD = (
    SheetColumn("finding", "情形", 22), SheetColumn("name", "姓名", 12), SheetColumn("id_number", "身份证件号", 22),
    SheetColumn("found_in", "学籍所在区县", 14), SheetColumn("name_there", "该处姓名", 12), SheetColumn("school_name", "该处学校", 30),
    SheetColumn("registry_number", "该处学籍号", 24), SheetColumn("grade", "该处年级", 8, "centre"),
    SheetColumn("registry_status", "该处学籍状态", 12),
)  # fmt: skip
LISTS = "区县"  # the folder of the districts' own lists
SUMMED = f"注：{WHOLE}为已出报区县之和。一名儿童同在两个区县的底册或学籍时，在和中计两次，人数见“跨区县比对”。"


def write_city_papers(database: Path, out: Path, period: Bimester, found: pl.DataFrame | None) -> int:
    """Write 全市汇总.xlsx and 区县/<name>/跨区县学籍核对名单.xlsx of a period into a new folder; return how many.

    found: one row a child another district has on its roll (elsewhere.sql), None: no lists. Only a district's own list names children.
    """
    issued = default_issue_date(period)
    properties = {"期间": str(period)}
    con = duckdb.connect(str(database), read_only=True)
    try:
        sheets = [_list_rates(con, period), _list_ledgers(con, period), _list_states(con, period), _list_crossings(con, period)]
    finally:
        con.close()
    papers = {"全市汇总.xlsx": write_workbook(sheets, issued, properties)}
    doubtful = () if found is None else found.filter(pl.col("finding") != "elsewhere").group_by("district", maintain_order=True)
    for (district,), rows in doubtful:
        sheet = _list_children(str(district), rows, period)
        papers[f"{LISTS}/{district}/跨区县学籍核对名单.xlsx"] = write_workbook([sheet], issued, properties)
    for name, content in papers.items():
        path = out / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o600)
    return len(papers)


def _frame(columns: tuple[SheetColumn, ...], rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    schema = {column.name: pl.Int64 if column.kind == "count" else pl.String for column in columns}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _list_rates(con: duckdb.DuckDBPyConnection, period: Bimester) -> Sheet:
    rows = con.execute(
        f"""select indicator, district, numerator, denominator, rate_low, rate_high from municipal.value
        where period = ? and (stage, grade, population_group) = ('all', 'all', 'all')
        order by list_position(?, indicator), district = '{WHOLE}' desc, district""", [str(period), list(INDICATORS)]).fetchall()  # fmt: skip
    lines = [
        (INDICATORS[name].title, district, top, bottom, print_rate(top, bottom), _percent(low), _percent(high))
        for name, district, top, bottom, low, high in rows
    ]
    return Sheet("主要指标", f"{period.label}全市及各区县指标", RATES, _frame(RATES, lines), SUMMED)


def _percent(rate: float | None) -> str | None:
    return None if rate is None else f"{100 * rate:.2f}"


def _list_ledgers(con: duckdb.DuckDBPyConnection, period: Bimester) -> Sheet:
    rows = con.execute(
        f"""select ledger, district, opening, added, closed, closing from municipal.balance where period = ?
        order by list_position(?, ledger), district = '{WHOLE}' desc, district""", [str(period), list(LABELS["ledger"])]).fetchall()  # fmt: skip
    lines = [(LABELS["ledger"][ledger], *rest) for ledger, *rest in rows]
    return Sheet("台账", f"{period.label}全市及各区县台账", LEDGER, _frame(LEDGER, lines), "注：上期结转＋新增－销减＝期末在册。")


def _list_states(con: duckdb.DuckDBPyConnection, period: Bimester) -> Sheet:
    rows = con.execute("select district, state, manifest_id from municipal.district where period = ? order by district",
                       [str(period)]).fetchall()  # fmt: skip
    return Sheet("出报情况", f"{period.label}各区县出报情况", STATE, _frame(STATE, rows))


def _list_crossings(con: duckdb.DuckDBPyConnection, period: Bimester) -> Sheet:
    rows = con.execute("select district, found_in, finding, children from municipal.crossing where period = ? order by all",
                       [str(period)]).fetchall()  # fmt: skip
    lines = [(district, there, LABELS["finding"][finding], count) for district, there, finding, count in rows]
    note = "注：学籍已在他区县的，已按核实反馈放入该区县收件；其余两种情形由两区县核对，名单在各区县文件夹。"
    return Sheet("跨区县比对", f"{period.label}跨区县学籍比对", CROSSING, _frame(CROSSING, lines), note)


def _list_children(district: str, rows: pl.DataFrame, period: Bimester) -> Sheet:
    frame = rows.with_columns(pl.col("finding").replace_strict(LABELS["finding"])).select(column.name for column in CHILD)
    note = "内有个人信息，只供本区县核对。两处均有学籍的，由两区县商定保留一处；姓名不同的，先核对证件号。"
    return Sheet("核对名单", f"{period.label}{district}跨区县学籍核对名单", CHILD, frame.sort("finding", "id_number"), note)
