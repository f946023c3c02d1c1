"""The workbooks of a publication: 问题数据整改清单, 报送情况统计表, 指标表."""

from __future__ import annotations

from collections import Counter

import polars as pl

from schemas.bimester import Bimester
from schemas.extracts import EXTRACTS
from schemas.indicators import INDICATORS
from schemas.labels import LABELS
from transforms.documents.context import ReportContext, School
from transforms.documents.reading import Source
from transforms.documents.report_tables import order_zone
from transforms.documents.wording import MISSING, print_rate
from transforms.documents.workbook import Sheet, SheetColumn

STRENGTHS = {"quarantine": "暂未采用，更正后补入", "report": "已采用，请核对更正", "stop": "已停止处理"}
PROBLEM_COLUMNS = (
    SheetColumn("number", "序号", 6, "count"),
    SheetColumn("file_name", "文件", 28),
    SheetColumn("sheet", "工作表", 14),
    SheetColumn("source_row", "行号", 8, "count"),
    SheetColumn("extract", "数据表", 18),
    SheetColumn("heading", "栏目", 14),
    SheetColumn("value", "所填内容", 24),
    SheetColumn("message", "问题和改法", 44),
    SheetColumn("strength", "处理情况", 20),
    SheetColumn("result", "整改结果", 14, "centre", ("已更正", "确有依据", "无法更正")),
)
STATUSES = ("已报", "零报告", "不全", "未报")
LEVELS = {
    "district": "全区",
    "township": "镇街",
    "school_zone": "学区",
    "supervision_zone": "督导责任区",
    "school": "学校",
}


def read_problems(source: Source) -> pl.DataFrame:
    """Every problem row of the period, as the 整改清单 prints it, with `school_code` (NULL: the district's own).

    A row naming a school that is not in the register stands with the district.
    """
    sql = """
        select p.file_name, p.sheet, p.source_row, p.extract, p.heading, p.value, p.message, p.strength,
               s.school_code, s.school_name
        from validated.problem p
        left join (select distinct school_code, any_value(school_name) as school_name
                   from conformed.school group by all) s using (school_code)
        where p.period = $period
        order by p.file_name, p.sheet, p.source_row, p.heading, p.rule"""
    frame = source.con.execute(sql, {"period": str(source.period)}).pl()
    titles = {name: extract.title for name, extract in EXTRACTS.items()}
    # a row set aside is not used, whatever else is only to be reported of it
    is_aside = (pl.col("strength") == "quarantine").any().over("file_name", "sheet", "extract", "source_row")
    frame = frame.with_columns(strength=pl.when(is_aside & pl.col("source_row").is_not_null()).then(pl.lit("quarantine")).otherwise("strength"))
    return frame.with_columns(
        pl.col("extract").replace_strict(titles, default=pl.col("extract")),
        pl.col("strength").replace_strict(STRENGTHS, default=pl.col("strength")),
        pl.lit(None, dtype=pl.String).alias("result"),
    )


def list_problem_sheet(context: ReportContext, problems: pl.DataFrame, whose: str) -> Sheet:
    """The rows of one recipient, and of no other."""
    note = "注：请对照原始材料在原文件中更正后重新报送；确有依据的在“整改结果”中选择并附说明。"
    rows = problems.with_row_index("number", 1)
    return Sheet(
        "整改清单",
        f"{whose}{context.label}问题数据整改清单",
        PROBLEM_COLUMNS,
        rows,
        note,
        "本期无需整改的问题数据。",
    )


def summarise_problems(context: ReportContext, problems: pl.DataFrame) -> Sheet:
    """The district's view of the schools' lists: counts only, no values."""
    named, row = problems.filter(pl.col("school_code").is_not_null()), pl.struct("file_name", "sheet", "source_row")
    rows = (
        named.group_by("school_code", "school_name")
        .agg(
            row.n_unique().alias("rows"),
            row.filter(pl.col("strength") == STRENGTHS["quarantine"]).n_unique().alias("quarantined"),
        )
        .sort("rows", "school_code", descending=[True, False])
        .with_row_index("number", 1)
    )
    columns = (SheetColumn("number", "序号", 6, "count"), SheetColumn("school_code", "学校标识码", 14),
               SheetColumn("school_name", "学校", 34), SheetColumn("rows", "问题数据（行）", 14, "count"),
               SheetColumn("quarantined", "其中暂未采用（行）", 16, "count"))  # fmt: skip
    return Sheet("各校汇总", f"各校{context.label}问题数据汇总", columns, rows, "", "本期各校无问题数据。")


def list_submission_sheets(context: ReportContext) -> list[Sheet]:
    """Schools × months with their 督导责任区; and the 责任区's sums with a total. Empty where no month owed a report."""
    if not context.months:
        return []
    schools = sorted(context.schools, key=lambda s: (order_zone(s.supervision_zone), s.code))
    return [_list_schools(context, schools), _sum_zones(context, schools)]


def _list_schools(context: ReportContext, schools: list[School]) -> Sheet:
    rows = [
        {
            "number": number,
            "zone": s.supervision_zone or MISSING,
            "code": s.code,
            "name": s.name,
            "township": s.township,
        }
        | dict(zip(context.months, s.months, strict=True))
        for number, s in enumerate(schools, 1)
    ]
    columns = (SheetColumn("number", "序号", 6, "count"), SheetColumn("zone", "督导责任区", 18),
               SheetColumn("code", "学校标识码", 14), SheetColumn("name", "学校", 34), SheetColumn("township", "镇街", 12),
               *(SheetColumn(month, month, 10, "centre") for month in context.months))  # fmt: skip
    return Sheet("学校报送情况", f"{context.label}学校月报报送情况", columns, pl.DataFrame(rows),
                 "注：不全指有报表但在籍学生有着落的不足规定比例。")  # fmt: skip


def _sum_zones(context: ReportContext, schools: list[School]) -> Sheet:
    zones = list(dict.fromkeys(school.supervision_zone for school in schools))
    rows = [
        _sum_zone(zone or MISSING, [s for s in schools if s.supervision_zone == zone], context)
        for zone in zones
    ]
    rows.append(_sum_zone("合计", schools, context))
    columns = (SheetColumn("zone", "督导责任区", 20), SheetColumn("schools", "学校（所）", 10, "count"),
               *(SheetColumn(f"{month}{status}", f"{month}{status}", 10, "count")
                 for month in context.months for status in STATUSES),
               SheetColumn("owed", "应报（校月）", 12, "count"), SheetColumn("sent", "已报和零报告", 12, "count"),
               SheetColumn("rate", "按要求报送（%）", 12, "rate"))  # fmt: skip
    return Sheet(
        "责任区汇总", f"{context.label}各督导责任区月报报送汇总", columns, pl.DataFrame(rows), totals=1
    )


def _sum_zone(name: str, schools: list[School], context: ReportContext) -> dict[str, object]:
    counts: Counter[str] = Counter()
    for school in schools:
        counts.update(f"{month}{status}" for month, status in zip(context.months, school.months, strict=True))
    cells = {
        f"{month}{status}": counts[f"{month}{status}"] for month in context.months for status in STATUSES
    }
    sent = sum(count for key, count in cells.items() if key.endswith(("已报", "零报告")))
    owed = sum(cells.values())
    rate = print_rate(sent, owed)
    return {"zone": name, "schools": len(schools), **cells, "owed": owed, "sent": sent,
            "rate": None if rate == MISSING else float(rate)}  # fmt: skip


def list_indicator_sheets(source: Source, context: ReportContext) -> list[Sheet]:
    """Every indicator: the district with all its cuts; other areas and schools in total and by stage."""
    sheets = []
    for level, name in LEVELS.items():
        frame = _read_values(source, level)
        if frame.height:
            wide = level == "district"
            title = f"{context.label}{name}指标表" if wide else f"{context.label}各{name}指标表"
            sheets.append(Sheet(name, title, _head_values(name, level), frame))
    return sheets


def _read_values(source: Source, level: str) -> pl.DataFrame:
    sql = """
        select indicator, area_name, school_code, stage, grade, population_group, numerator, denominator,
               rate_low, rate_high
        from indicators.value
        where period = $period and version = $version and area_level = $level
          and ($level = 'district' or (grade = 'all' and population_group = 'all'))"""
    frame = source.con.execute(
        sql, {"period": str(source.period), "version": source.version, "level": level}
    ).pl()
    return _sort_values(frame).with_columns(
        *(pl.col(name).replace_strict(LABELS[name], default=pl.col(name))
          for name in ("indicator", "stage", "grade", "population_group")),
        *(_print_column(name) for name in ("rate", "low", "high")), flag=pl.coalesce(_flag_missing(source.period), _flag_column()),
    )  # fmt: skip


def _flag_column() -> pl.Expr:
    """Rates are uncapped: one above 1 or below 0 is shown, and flagged (contract §8)."""
    over, has_rate = pl.col("numerator") > pl.col("denominator"), pl.col("denominator") > 0
    said = pl.when(has_rate & over).then(pl.lit("大于100%")).when(has_rate & (pl.col("numerator") < 0)).then(pl.lit("小于0"))
    return said


TERM_ONLY = ("in_school_rate", "absence_rate", "submission_rate", "help_plan_rate", "publicity_coverage")


def _flag_missing(period: Bimester) -> pl.Expr:
    """Why a row has no counts: nobody reported, nobody owes a report in summer, or last year's leavers are not known yet."""
    later = "，9—10月起统计" if period.number < 5 else ""
    in_term = pl.col("indicator").is_in(TERM_ONLY if period.is_summer else ())
    why = (
        pl.when(pl.col("indicator") == "transition_rate").then(pl.lit(f"尚无上学年毕业生名册{later}"))
        .when(in_term).then(pl.lit("7—8月不统计")).otherwise(pl.lit("未报送"))
    )  # fmt: skip
    return pl.when(pl.col("numerator").is_null()).then(why)


def _sort_values(frame: pl.DataFrame) -> pl.DataFrame:
    ranks = {name: index for index, name in enumerate(INDICATORS)}
    order = pl.col("indicator").replace_strict(ranks, default=99, return_dtype=pl.Int64)
    stages = pl.col("stage").replace_strict(
        {"all": 0, "primary": 1, "junior": 2}, default=9, return_dtype=pl.Int64
    )
    return frame.sort(order, "area_name", "school_code", stages, pl.col("grade") != "all", "grade",
                      pl.col("population_group") != "all", "population_group")  # fmt: skip


def _print_column(name: str) -> pl.Expr:
    """The printed rate as a number, so that the sheet rounds as the papers do (contract §7)."""
    top = pl.col("numerator") if name == "rate" else (pl.col(f"rate_{name}") * pl.col("denominator")).round(0)
    return pl.struct(top.cast(pl.Int64).alias("top"), pl.col("denominator").alias("bottom")).map_elements(
        lambda cell: _read_printed(cell["top"], cell["bottom"]), return_dtype=pl.Float64, skip_nulls=False
    ).alias(name)  # fmt: skip


def _read_printed(top: int | None, bottom: int | None) -> float | None:
    text = print_rate(top, bottom)
    return None if text == MISSING else float(text)


def _head_values(name: str, level: str) -> tuple[SheetColumn, ...]:
    area = {
        "district": (),
        "school": (SheetColumn("school_code", "学校标识码", 14), SheetColumn("area_name", "学校", 32)),
    }
    cuts = (SheetColumn("grade", "年级", 8, "centre"), SheetColumn("population_group", "群体", 26))
    return (
        SheetColumn("indicator", "指标", 22),
        *area.get(level, (SheetColumn("area_name", name, 16),)),
        SheetColumn("stage", "学段", 8, "centre"),
        *(cuts if level == "district" else ()),
        SheetColumn("numerator", "分子", 10, "count"),
        SheetColumn("denominator", "分母", 10, "count"),
        SheetColumn("rate", "率（%）", 10, "rate"),
        SheetColumn("low", "下界（%）", 10, "rate"),
        SheetColumn("high", "上界（%）", 10, "rate"),
        SheetColumn("flag", "提示", 18),
    )
