"""名册差异名单: the children behind each difference between two registers; whoever agrees is only counted (名册衔接)."""

from __future__ import annotations

import duckdb
import polars as pl

from schemas.bimester import Bimester
from transforms.documents.case_papers import make_sheet
from transforms.documents.people import make_people
from transforms.documents.workbook import Sheet

# The pairs of contract §6, and the reasons under which both registers agree: nobody has to be looked for.
AGREEING = {
    ("底册", "学籍"): ("本区在籍",),
    ("学籍", "底册"): ("底册在册", "非学龄"),
    ("学籍", "在校"): ("在校", "请假", "送教上门", "本期不要求报送"),
    ("名单", "学籍"): ("本区在籍",),
    ("平台", "名单"): ("名单所列",),
}
COLUMNS = (("number", "序号", 6), ("reason", "差异原因", 18), ("name", "姓名", 10), ("id_number", "身份证件号", 20),
           ("registry_number", "学籍号", 22), ("birth_date", "出生日期", 12), ("township", "镇街", 10), ("village", "村社", 14),
           ("school_name", "学校", 22), ("case_no", "案件编号", 18), ("state", "案件状态", 12))  # fmt: skip


def list_differences(con: duckdb.DuckDBPyConnection, period: Bimester) -> list[Sheet]:
    """One sheet a pair of registers that differ, by reason and 镇街, with the child's case where it has one."""
    make_people(con)
    sheets = []
    for (one, other), agreeing in AGREEING.items():
        rows = _read_children(con, one, other, agreeing)
        if rows.height:
            sheets.append(make_sheet(f"{one}与{other}", f"{period.label}{one}与{other}差异名单", COLUMNS, rows))
    return sheets


def _read_children(con: duckdb.DuckDBPyConnection, one: str, other: str, agreeing: tuple[str, ...]) -> pl.DataFrame:
    return con.execute(
        """select b.reason, w.name, w.id_number, w.registry_number, w.birth_date, p.township, p.village, school.school_name,
            c.case_no, c.state
        from compared.bridge_child as b
        inner join paper_person as w on b.person_id = w.person_id
        inner join conformed.place as p on b.person_id = p.person_id
        left join conformed.school as school on p.school_code = school.school_code
        left join (
            select person_id, case_no, state from cases.standing
            qualify row_number() over (partition by person_id order by state = '已销号', case_no desc) = 1
        ) as c on b.person_id = c.person_id
        where b.from_register = $one and b.to_register = $other and not list_contains($agreeing, b.reason)
        order by b.reason, p.township nulls last, p.village nulls last, w.child_key""",
        {"one": one, "other": other, "agreeing": list(agreeing)},
    ).pl()  # fmt: skip
