"""The ledgers and lists of the cases (contract §7; headings of the ledgers: domain page, cases).

Every function takes rows that `read_cases` read from the open work file and returns sheets; it writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl

from schemas.bimester import Bimester
from schemas.cases import STATES
from schemas.compared import CAUSES, COMPARISONS
from schemas.labels import GROUPS
from transforms.documents.people import make_people
from transforms.documents.wording import GRADES
from transforms.documents.workbook import Sheet, SheetColumn

HERE = Path(__file__).parent
SOURCES = {"平台下发": "下发", "学校发现": "学校", "镇街摸排": "摸排", "部门移交": "部门移交", "群众反映": "群众反映"}
# What opened a case, in the words that every paper uses for a comparison.
OPENED_BY = {c.id: c.label for c in COMPARISONS.values()} | {"feedback": "核实反馈或劝返", "leave_ended": "休学期满未复学"}
BY_FEEDBACK = ("feedback", "leave_ended")

# Column of the row, heading, width. The first block stands in every ledger of cases.
WHO = (
    ("number", "序号", 6), ("case_no", "案件编号", 18), ("source", "来源", 10), ("batch_or_comparison", "批次或比对", 20),
    ("name", "姓名", 10), ("id_number", "身份证件号", 20), ("registry_number", "学籍号", 22), ("school_name", "学校", 22),
    ("class", "年级班级", 10), ("guardian", "监护人", 10), ("phone", "联系电话", 13), ("township", "镇街", 10),
    ("village", "村社", 12), ("address", "家庭住址", 24),
)  # fmt: skip
SUSPECTED = (
    *WHO, ("likely_cause", "可能原因", 14), ("nearest", "最接近记录", 26), ("absent_from", "缺勤起始日", 12),
    ("longest_run", "最长连续无故缺勤", 10), ("owner_office", "责任人", 16), ("due_on", "核实期限", 12),
    ("verification_method", "核实方式", 12), ("verification_result", "核实结果", 16), ("evidence", "佐证材料", 18),
    ("verifier", "核实人", 10), ("verified_on", "核实日期", 12), ("state", "状态", 12),
    # ours, behind the columns that real reports carry
    ("confidence", "把握", 8), ("side_by_side", "两条记录对照（本人／相近记录）", 36), ("settled_by", "定案所需佐证", 22),
    ("held_result", "名单下发前的结论（拟填）", 18),
)  # fmt: skip
DROPOUT = (
    *WHO, ("dropped_out_on", "辍学日期", 12), ("dropout_reason", "辍学原因", 12), ("confirmed_on", "认定日期", 12),
    ("visits", "劝返次数", 8), ("last_visit", "最近劝返日期", 12), ("owners", "包保责任人（村/镇街/校/教委）", 24),
    ("notices", "文书及日期", 22), ("return_placement", "安置方式", 10), ("returned_on", "复学日期", 12),
    ("watched_until", "观察期至", 12), ("relapses", "再次离校", 8), ("closed_on", "销号日期", 12),
    ("closed_as", "销号类别", 12), ("reviewer", "审核人", 10),
)  # fmt: skip
TRACKED = (
    *WHO, ("verification_result", "跟踪事由", 12), ("evidence", "批准或佐证材料", 18), ("holds_until", "跟踪截止日期", 12),
    ("owner_office", "责任人", 16), ("verifier", "核实人", 10), ("verified_on", "核实日期", 12), ("state", "状态", 10),
)  # fmt: skip
SCHOOL_AGE = (
    ("number", "序号", 6), ("name", "姓名", 10), ("sex", "性别", 6), ("birth_date", "出生日期", 12), ("ethnicity", "民族", 8),
    ("id_type", "身份证件类型", 12), ("id_number", "身份证件号", 20), ("hukou_status", "户籍状态", 14), ("township", "镇街", 10),
    ("village", "村社", 12), ("address", "现住址", 24), ("guardian", "监护人", 10), ("phone", "联系电话", 13),
    ("registry_number", "学籍号", 22), ("school_name", "学校", 22), ("grade", "年级", 8), ("class_name", "班级", 6),
    ("boarding", "就读方式", 8), ("schooling", "就学状态", 10), ("groups", "重点群体", 18), ("monitored", "脱贫户监测户", 12),
    ("roster_sources", "数据来源", 12), ("verified_on", "核实日期", 12), ("verifier", "核实人", 10),
)  # fmt: skip

# Where a child of the 底册 is, in the words of the ledger (compared.standing → 就学状态).
SCHOOLING: Mapping[str, str] = {
    "本区在籍": "在校", "在校就读": "在校", "外地就读有学籍": "外地", "外地就读无学籍": "外地", "休学": "休学", "延缓入学": "延缓",
    "送教上门": "送教", "初中已毕业": "已毕业", "待升学": "待升学", "中职就读": "中职",
}  # fmt: skip


CENTRED = ("number", "sex", "visits", "relapses", "grade", "class_name", "boarding", "monitored", "confidence", "longest_run")


def read_cases(con: duckdb.DuckDBPyConnection, period: Bimester) -> pl.DataFrame:
    """Read one row per case with all that papers print; every column but the counts is text."""
    make_people(con)
    sql = (HERE / "case_row.sql").read_text(encoding="utf-8")
    frame = con.execute(sql, {"as_of": period.last_day}).pl()
    listed = pl.col("opened_by") == "listed"
    grade = pl.col("grade").replace_strict(GRADES, default=None, return_dtype=pl.String)
    return frame.with_columns(
        source=pl.when(listed).then(pl.col("suspect_source").replace(SOURCES)).when(pl.col("opened_by").is_in(BY_FEEDBACK))
        .then(pl.lit("反馈")).otherwise(pl.lit("比对")),
        batch_or_comparison=pl.when(listed).then("batch").otherwise(pl.col("opened_by").replace(OPENED_BY)),
        **{"class": pl.concat_str([grade, pl.col("class_name") + "班"], ignore_nulls=True)},
        nearest=pl.concat_str(["nearest_how", "nearest_name", "nearest_school"], separator="，", ignore_nulls=True),
        settled_by=pl.col("likely_cause").replace_strict(CAUSES, default=None, return_dtype=pl.String),
        owners=pl.concat_str(["owner_office", "beside_office"], separator="、", ignore_nulls=True),
    )  # fmt: skip


def read_school_age(con: duckdb.DuckDBPyConnection, period: Bimester) -> pl.DataFrame:
    """Read one row per school-age child of the 底册, for 适龄儿童台账."""
    make_people(con)
    sql = """
        with told as (
            select person_id, arg_max(said_by, (said_on, unit_rank, said_by)) as verifier, max(said_on) as verified_on
            from conformed.statement where statement_kind = 'verification' group by person_id)
        select w.*, c.hukou_status, c.township, c.village, c.roster_sources, s.why, e.registry_status, e.grade, e.class_name,
            e.boarding, school.school_name, t.verified_on, t.verifier, g.population_groups,
            list_contains(g.population_groups, 'monitored') as is_monitored
        from conformed.child as c
        inner join paper_person as w on c.person_id = w.person_id
        inner join compared.standing as s on c.person_id = s.person_id
        left join conformed.enrolment as e on c.person_id = e.person_id
        left join conformed.school as school on e.school_code = school.school_code
        left join conformed.groups as g on c.person_id = g.person_id
        left join told as t on c.person_id = t.person_id
        order by c.township, c.village nulls last, w.birth_date, w.child_key"""
    return con.execute(sql).pl().with_columns(
        schooling=pl.when(pl.col("registry_status") == "休学").then(pl.lit("休学"))
        .otherwise(pl.col("why").replace_strict(SCHOOLING, default="未入学")),
        groups=pl.col("population_groups").list.eval(
            pl.element().replace_strict(GROUPS, default=None).drop_nulls()).list.join("、"),
        grade=pl.col("grade").replace(GRADES), class_name=pl.col("class_name") + "班",
        monitored=pl.when("is_monitored").then(pl.lit("是")).otherwise(pl.lit("否")),
    )  # fmt: skip


def list_case_ledgers(cases: pl.DataFrame, period: Bimester) -> dict[str, list[Sheet]]:
    """Return 疑似, 辍学 and 在册跟踪台账: the cases on each ledger, and those closed in the period from 辍学's."""
    ledger = pl.col("state").replace_strict(STATES, default=None, return_dtype=pl.String)
    parts = {
        "疑似辍学学生台账": (SUSPECTED, ledger == "suspected"),
        "辍学学生台账": (DROPOUT, (ledger == "dropout") | pl.col("left_dropout")),
        "在册跟踪台账": (TRACKED, ledger == "tracked"),
    }
    sheets = {
        name: make_sheet(name, f"{period.label}{name}", columns, cases.filter(rows.fill_null(False)))
        for name, (columns, rows) in parts.items()
    }
    closed, name = cases["left_dropout"].sum(), "辍学学生台账"
    if closed:
        note = f"注：期末在册{sheets[name].frame.height - closed}人；本期销号{closed}人，填有销号日期和类别；转入其他台账的见相应台账。"
        sheets[name] = replace(sheets[name], note=note)
    return {name: [sheet] for name, sheet in sheets.items()}


def list_inquiries(con: duckdb.DuckDBPyConnection, cases: pl.DataFrame, period: Bimester) -> dict[str, Sheet]:
    """协查名单 by office: only the children that office can find out about, with what is asked."""
    make_people(con)
    is_open = cases.filter(pl.col("state").is_in(["待核实", "待补佐证", "失联", "外地就读待转学"]))
    asked = {
        "公安": (is_open.filter(pl.col("likely_cause").is_in(["证件错误", "空挂户", "死亡", "迁出", "出国(境)", "疑似辍学"])
                             | (pl.col("state") == "失联")), "户籍状态、现住地、是否出境或死亡"),
        "市学籍": (is_open.filter(pl.col("likely_cause").is_in(["外地就读有学籍", "外地就读未转学", "证件错误", "重复"])
                              | (pl.col("state") == "外地就读待转学")), "全国学籍系统中的就读学校和学籍号"),
        "残联": (_read_found(con, "disabled_out"), "残疾类别等级、安置意见"),
        "民政": (_read_found(con, "unguarded"), "监护情况、受委托照护人"),
        "农业农村委": (_read_found(con, "monitored_out"), "脱贫户和监测对象身份、家庭去向"),
    }  # fmt: skip
    columns = (("number", "序号", 6), ("name", "姓名", 10), ("id_number", "身份证件号", 20), ("sex", "性别", 6),
               ("birth_date", "出生日期", 12), ("township", "镇街", 10), ("village", "村社", 14), ("asked", "协查事项", 30),
               ("answer", "反馈情况", 30))  # fmt: skip
    return {
        office: make_sheet("协查名单", f"{period.label}协查名单（{office}）", columns,
                           rows.with_columns(asked=pl.lit(what), answer=pl.lit(None, pl.String)))
        for office, (rows, what) in asked.items()
    }  # fmt: skip


def _read_found(con: duckdb.DuckDBPyConnection, comparison: str) -> pl.DataFrame:
    return con.execute(
        """select w.name, w.id_number, w.sex, w.birth_date, f.township, f.village
        from compared.finding as f inner join paper_person as w on f.child_key = w.child_key
        where f.comparison = ? order by f.township nulls last, f.village nulls last, f.child_key""", [comparison]).pl()  # fmt: skip


def print_words(column: pl.Expr) -> pl.Expr:
    """A cell as text; brackets within Chinese, which reading made half-width, as they are written."""
    return column.cast(pl.String).str.replace_all(r"\((\p{Han}+)\)", "（$1）")


def make_sheet(name: str, title: str, columns: tuple[tuple[str, str, float], ...], rows: pl.DataFrame) -> Sheet:
    """A list: numbered rows, every cell text, dates as 2025-07-10; short words and numbers are centred."""
    numbered = rows.with_row_index("number", 1).select(print_words(pl.col(c)) for c, _, _ in columns)
    kinds = {"village": "village"} | dict.fromkeys(CENTRED, "centre")
    heads = tuple(SheetColumn(column, heading, width, kinds.get(column, "text")) for column, heading, width in columns)
    return Sheet(name, title, heads, numbered)
