"""学校年度考核数据表 (M17): what was measured of each school, the clues to a veto beside it; points only by the office's sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

import duckdb
import polars as pl

from schemas.assessment import ITEMS, VETO_BY_HAND, AssessmentItem
from schemas.bimester import Bimester
from transforms.documents.score_sheet import (
    Measured,
    SchoolScore,
    ScoreSheet,
    print_points,
    read_score_sheet,
    round_half_up,
    score_schools,
)
from transforms.documents.workbook import Sheet, SheetColumn, describe_file, write_workbook

SCHOOL = (
    SheetColumn("school_code", "学校标识码", 13), SheetColumn("school_name", "学校", 26), SheetColumn("township", "镇街", 10),
    SheetColumn("supervision_zone", "督导责任区", 14),
)  # fmt: skip
FINAL = 4  # the bimester that closes a school year
Schools = pl.DataFrame
Facts = dict[str, dict[str, Measured]]


def write_assessment(
    con: duckdb.DuckDBPyConnection,
    out_dir: Path,
    period: Bimester,
    version: int,
    issued: date,
    *,
    issuer: str,
    manifest_id: str,
    draft: bool = False,
    score_sheet: Path,
) -> list[Path]:
    """Write 督导室/学校年度考核数据表.xlsx at the school year's end, readable by its owner only. Raises ScoreSheetFault."""
    if period.number != FINAL:
        return []
    sheets = list_assessment_sheets(con, period, version, read_score_sheet(score_sheet))
    properties = describe_file(issuer, period, version, manifest_id, draft)
    path = out_dir / "督导室" / "学校年度考核数据表.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(write_workbook(sheets, issued, properties))
    path.chmod(0o600)
    return [path]


def list_assessment_sheets(
    con: duckdb.DuckDBPyConnection, period: Bimester, version: int, score: ScoreSheet | None
) -> list[Sheet]:
    """The sheets: measured figures, clues to a veto, definitions; with a score sheet also points and their working."""
    schools = _read_schools(con)
    facts = read_facts(con, period, version)
    year = f"{period.school_year}—{period.school_year + 1}学年"
    sheets = [_list_figures(schools, facts, year, score is not None), _list_vetoes(schools, facts, year)]
    if score is not None:
        scores = score_schools(score, facts)
        sheets += [_list_totals(schools, scores, score, year), _list_working(schools, scores, year)]
    return [*sheets, _list_definitions(year)]


def _read_schools(con: duckdb.DuckDBPyConnection) -> Schools:
    return con.execute("select school_code, school_name, township, supervision_zone from conformed.school where is_reporting "
                       "order by supervision_zone nulls last, township, school_code").pl()  # fmt: skip


def read_facts(con: duckdb.DuckDBPyConnection, period: Bimester, version: int) -> Facts:
    """School → item → what was measured, of the open work file."""
    facts: Facts = {}
    rows = con.execute("select school_code, assessment_item, numerator, denominator from indicators.assessment "
                       "where period = ? and version = ? order by all", [str(period), version]).fetchall()  # fmt: skip
    for school, item, numerator, denominator in rows:
        facts.setdefault(school, {})[item] = _say(ITEMS[item], numerator, denominator)
    return facts


def _say(item: AssessmentItem, numerator: int | None, denominator: int | None) -> Measured:
    if not item.is_share:
        return Measured(Fraction(numerator or 0), str(numerator or 0))
    if not denominator or numerator is None:
        return Measured(None, item.empty)
    share = Fraction(numerator, denominator)
    return Measured(share, f"{numerator}/{denominator}＝{round_half_up(share * 100)}%")


def _list_figures(schools: Schools, facts: Facts, year: str, is_scored: bool) -> Sheet:
    items = [item for item in ITEMS.values() if not item.is_veto]
    columns = (*SCHOOL, *(SheetColumn(item.id, item.title, 17, "centre") for item in items))
    rows = [[*row, *(_print_fact(facts[row[0]][item.id]) for item in items)] for row in schools.rows()]
    note = "—为不适用，原因见“口径”。" + ("" if is_scored else "教委未装入评分表，只列测得的数，不打分。")
    return Sheet("考核数据", f"{year}学校年度考核数据表", columns, _frame(columns, rows), note)


def _print_fact(fact: Measured) -> str:
    return "—" if fact.value is None else fact.says


def _list_vetoes(schools: Schools, facts: Facts, year: str) -> Sheet:
    items = [item for item in ITEMS.values() if item.is_veto]
    columns = (*SCHOOL, *(SheetColumn(item.id, item.title, 16, "count") for item in items),
               SheetColumn("decided", "核定意见", 30))  # fmt: skip
    found = [row for row in schools.rows() if any(facts[row[0]][item.id].value for item in items)]
    rows = [[*row, *(int(facts[row[0]][item.id].value or 0) for item in items), None] for row in found]
    note = "线索不等于事实，由人核定。另由督导人员核定、没有数据可查的：" + "；".join(VETO_BY_HAND) + "。"
    return Sheet("否决线索", f"{year}一票否决线索", columns, _frame(columns, rows), note, empty="没有学校有否决线索。" + note)


def _list_totals(schools: Schools, scores: dict[str, SchoolScore], score: ScoreSheet, year: str) -> Sheet:
    columns = (*SCHOOL, SheetColumn("total", "得分", 9, "rate"), SheetColumn("grade", "等次", 8, "centre"),
               *(SheetColumn(rule.item, f"{rule.title}（{print_points(rule.points)}分）", 12, "centre") for rule in score.rules))  # fmt: skip
    rows = [
        [*row, None if (own := scores[row[0]]).total is None else float(own.total), own.grade,
         *("—" if item.points is None else print_points(item.won) for item in own.items)]
        for row in schools.rows()
    ]  # fmt: skip
    note = "不适用项目（—）的分值按比例由其余项目分担；各项分数只作阅读，总分由未取整的各项相加，最后四舍五入一次。评分表由教委装入。"
    return Sheet("得分", f"{year}学校年度考核得分", columns, _frame(columns, rows), note)


def _list_working(schools: Schools, scores: dict[str, SchoolScore], year: str) -> Sheet:
    columns = (*SCHOOL[:2], SheetColumn("item", "项目", 18), SheetColumn("rule", "规则", 12),
               SheetColumn("measured", "测得", 26), SheetColumn("points", "折算分值", 9, "centre"), SheetColumn("won", "得分", 9, "centre"),
               SheetColumn("working", "怎样算出", 44))  # fmt: skip
    rows = [
        [row[0], row[1], item.rule.title, item.rule.kind, item.measured,
         "—" if item.points is None else print_points(item.points),
         "—" if item.points is None else print_points(item.won), item.working]
        for row in schools.rows() for item in scores[row[0]].items
    ]  # fmt: skip
    return Sheet("计分过程", f"{year}学校年度考核计分过程", columns, _frame(columns, rows))


def _list_definitions(year: str) -> Sheet:
    columns = (SheetColumn("title", "项目", 20), SheetColumn("kind", "种类", 10, "centre"), SheetColumn("says", "怎样计", 60),
               SheetColumn("empty", "何时不适用", 40))  # fmt: skip
    rows = [[item.title, "否决线索" if item.is_veto else "比例" if item.is_share else "个数", item.says,
             item.empty if item.is_share else ""] for item in ITEMS.values()]  # fmt: skip
    return Sheet("口径", f"{year}考核项目口径（本区口径）", columns, _frame(columns, rows))


def _frame(columns: tuple[SheetColumn, ...], rows: Iterable[Sequence[object]]) -> pl.DataFrame:
    kinds = {"count": pl.Int64, "rate": pl.Float64}
    schema = {column.name: kinds.get(column.kind, pl.String) for column in columns}
    return pl.DataFrame(list(rows), schema=schema, orient="row")
