"""Fill-in forms that go out prefilled and come back by their headings (contract §7): keys locked, answers open.

Every form carries the extract's own headings; further columns only help whoever fills it in and are not read back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import polars as pl

from schemas.bimester import Bimester
from schemas.codes import OPEN_LISTS, list_values
from schemas.extracts import EXTRACTS
from schemas.fields import FIELDS
from transforms.documents.people import make_people
from transforms.documents.wording import GRADES, print_label
from transforms.documents.workbook import HAND_HEIGHT, Sheet, SheetColumn

FOOT = "填报单位（盖章）：　　　　　　单位负责人：　　　　审核人：　　　　填表人：　　　　联系电话：　　　　　　填报日期：　　　年　　月　　日"
NOTE = "注：只填浅黄色的格；有*的必填；没有结果的行留空即可（记为未反馈）；名单外的儿童写在后面的空行，写明姓名和身份证件号。"
SPARE_LINES = 5
ROSTER_HEIGHT = 18.0  # a whole school on few pages
# Where a column of cases helps to find the child: row column, heading, width.
Reference = tuple[str, str, float]
IN_SCHOOL: tuple[Reference, ...] = (("class", "年级班级", 9), ("guardian", "监护人", 8), ("phone", "联系电话", 11.5))
IN_TOWN: tuple[Reference, ...] = (("village", "村社", 12), ("guardian", "监护人", 8), ("phone", "联系电话", 11.5))
HINTS: tuple[Reference, ...] = (("hint", "核查提示", 14), ("settled_by", "定案所需佐证", 12), ("due_on", "核实期限", 10))
# Only the district signs a closing (domain: cases), so its two columns stand on 拟销号名单 alone.
REVIEW = ("reviewer", "reviewed_on")
NARROW = {"date": 10, "code": 9, "id_number": 18.5, "name": 8, "registry_number": 19.5, "grade": 8}
WIDTHS = {"case_no": 14.5, "verification_result": 12, "school_attended": 13, "destination": 10, "evidence": 10, "verifier": 8,
          "reviewer": 8, "visitor": 8, "notice_title": 11, "notice_number": 10, "verifying_unit": 8, "visiting_unit": 8,
          "visit_method": 8, "sex": 5, "former_school_name": 18, "class_name": 8, "enrolled_count": 14, "present_count": 14,
          "remark": 32, "presence_status": 11, "absent_days_running": 9}  # fmt: skip
HINT_OF = {"date": "如 2025-06-20", "number": "填数字", "integer": "填数字"}
SUSPECT_TYPES = ("疑似失学", "疑似辍学")


@dataclass(frozen=True)
class Asked:
    """Who is asked: the name in the title, the line that says it beyond doubt when it comes back, and what helps there."""

    whose: str
    lead: str
    beside: tuple[Reference, ...]


def ask_school(code: str, name: str) -> Asked:
    """A school: its pupils by class."""
    return Asked(name, f"学校标识码：{code}", IN_SCHOOL)


def ask_township(name: str) -> Asked:
    """A 镇街: its children by village."""
    return Asked(name, f"镇街：{name}", IN_TOWN)


def list_verification_form(cases: pl.DataFrame, asked: Asked, period: Bimester) -> Sheet:
    """核实反馈表: the open cases of one recipient, a line each."""
    rows = cases.filter(pl.col("state") != "已销号").with_columns(hint=_hint())
    fields = [f.name for f in EXTRACTS["verification"].fields if f.name not in REVIEW]
    title = f"{asked.whose}{period.label}核实反馈表"
    return make_form("verification", "核实反馈", title, fields, rows, (*asked.beside, *HINTS), lead=asked.lead)


def _hint() -> pl.Expr:
    """What the comparison says and how sure it is, and what was said before the list, as hints and never as an answer.

    A record elsewhere stands without its name.
    """
    cause = pl.when(pl.col("likely_cause") != "疑似辍学").then("可能是" + pl.col("likely_cause") + "（把握" + pl.col("confidence") + "）")
    theirs = pl.when(pl.col("nearest_school") == pl.col("school_name")).then("nearest_name")
    why = pl.concat_str(["nearest_how", theirs, "nearest_school"], separator="，", ignore_nulls=True)
    clue = pl.when(why != "").then("线索：" + why)
    hint = pl.concat_str([cause, clue], separator="；", ignore_nulls=True)
    held = "名单下发前的结论：" + pl.col("held_result") + "，请核对"
    return pl.when(hint == "").then(held).otherwise(pl.concat_str([hint, held], separator="；", ignore_nulls=True))


def list_persuasion_form(cases: pl.DataFrame, asked: Asked, period: Bimester) -> Sheet:
    """劝返记录表: the children out of school of one recipient, a line each; a second visit goes on a spare line."""
    rows = cases.filter(pl.col("state").is_in(["劝返中", "失联"]))
    fields = [f.name for f in EXTRACTS["persuasion"].fields]
    note = NOTE + "同一儿童多次劝返的，后几次写在空行（照抄案件编号）。"
    title = f"{asked.whose}{period.label}劝返记录表"
    return make_form("persuasion", "劝返记录", title, fields, rows, asked.beside, note=note, lead=asked.lead)


def list_closing_proposals(cases: pl.DataFrame, period: Bimester) -> Sheet:
    """拟销号名单: former dropouts' and lost children's closings; comes back as 核实反馈 with 审核人 filled in."""
    rows = cases.filter("waits_for_review").drop(REVIEW, strict=False)
    fields = [f.name for f in EXTRACTS["verification"].fields]
    note = "注：同意销号的请在审核人、审核日期栏填写后交回；不同意的留空。审核前仍按原状态在册；应入学人数已按核实结论计算，签字后不再变动。"
    return make_form("verification", "拟销号名单", f"{period.label}拟销号名单", fields, rows, note=note, spare=0, answers=REVIEW)


def list_review_forms(con: duckdb.DuckDBPyConnection, period: Bimester) -> dict[str, Sheet]:
    """外地就读年度复核清单 by 镇街: explained by last school year's word, asked again; comes back as 核实反馈."""
    make_people(con)
    rows = con.execute("""
        select p.township, p.village, w.name, w.id_number, w.guardian, w.phone, x.explanation as held
        from conformed.explanation as x
        inner join paper_person as w on x.person_id = w.person_id
        inner join conformed.place as p on x.person_id = p.person_id
        where x.on_review_list and p.township is not null order by p.township, p.village nulls last, w.child_key""").pl()
    fields = [f.name for f in EXTRACTS["verification"].fields if f.name not in (*REVIEW, "case_no")]
    beside = (*IN_TOWN, ("held", "上年核实结果", 12))
    return {
        str(town): make_form("verification", "年度复核", f"{town}{period.label}外地就读年度复核清单", fields, part, beside,
                             lead=ask_township(str(town)).lead)
        for (town,), part in rows.group_by("township", maintain_order=True)
    }  # fmt: skip


def list_search_forms(con: duckdb.DuckDBPyConnection, cases: pl.DataFrame, period: Bimester) -> Iterator[tuple[str, str, Sheet]]:
    """Yield 镇街, 村社 and its 摸排表: the children to be found there, and lines for those nobody has listed."""
    to_find = cases.filter(pl.col("state").is_in(["待核实", "失联"])).with_columns(former_school_name=pl.col("school_name"))
    villages = con.execute("select township, village from conformed.area where level = '村社' order by all").fetchall()
    fields = ["name", "id_number", "case_no", "sex", "birth_date", "former_school_name", "suspect_type"]
    beside = (("guardian", "监护人", 8), ("phone", "联系电话", 11.5), ("address", "家庭住址", 22))
    note = "注：逐户摸排。列出的儿童确属疑似失学、辍学的，选疑似类型；本村社另有未列出的，写在空行。没有的留空交回。"
    for town, village in villages:
        rows = to_find.filter((pl.col("township") == town) & (pl.col("village") == village))
        lead = f"镇街：{town}　村社：{village}　来源：镇街摸排　批次：{period.label}摸排"
        form = make_form("suspect", "摸排表", f"{village}{period.label}疑似失学辍学摸排表", fields, rows, beside, note=note,
                         lead=lead, spare=10)  # fmt: skip
        yield town, village, form


def make_form(
    extract: str, name: str, title: str, fields: list[str], rows: pl.DataFrame, beside: tuple[Reference, ...] = (), *,
    note: str = NOTE, lead: str = "", spare: int = SPARE_LINES, answers: tuple[str, ...] | None = None,
    least_height: float = HAND_HEIGHT,
) -> Sheet:  # fmt: skip
    """A form of an extract's fields: printed ones first, then what helps, then the answers."""
    asked = EXTRACTS[extract].answers if answers is None else answers
    printed = [n for n in fields if n not in asked]
    required = {h.field.name for h in EXTRACTS[extract].headings if h.filled}
    columns = (
        *(SheetColumn(n, FIELDS[n].title, _width(n)) for n in printed),
        *(SheetColumn(n, heading, width, "village" if n == "village" else "text") for n, heading, width in beside if n in rows.columns),
        *(_head_answer(n, n in required) for n in fields if n in asked),
    )
    kept = rows.select(
        pl.col(c.name).cast(pl.String) if c.name in rows.columns and (not c.answer or answers is not None)
        else pl.lit(None, pl.String).alias(c.name) for c in columns
    )  # fmt: skip
    return Sheet(name, title, columns, kept, note, lead=lead, foot=FOOT, spare=spare, is_form=True,
                 least_height=least_height)  # fmt: skip


def _head_answer(name: str, required: bool) -> SheetColumn:
    field = FIELDS[name]
    return SheetColumn(name, ("*" if required else "") + field.title, _width(name), choices=_list_choices(name), answer=True,
                       open_choices=field.codes in OPEN_LISTS or not field.codes, hint=HINT_OF.get(field.kind, ""))  # fmt: skip


def _list_choices(name: str) -> tuple[str, ...]:
    """The declared words of a column; on a list of pupils not in school 在校 is no choice."""
    if name == "suspect_type":
        return SUSPECT_TYPES
    codes = FIELDS[name].codes
    words = (word for word in list_values(codes) if name != "presence_status" or word != "在校") if codes else ()
    return tuple(print_label(word) for word in words)


def _width(name: str) -> float:
    return WIDTHS.get(name) or NARROW.get(FIELDS[name].kind, 12)


@dataclass(frozen=True)
class RosterMonth:
    """One month whose 月报 goes out: `2025-09`, whether grade 9 owes it, and grades to add since the roll (0 or 1)."""

    month: str
    grade_9: bool
    grades_up: int

    @property
    def label(self) -> str:
        """2025年9月."""
        return f"{int(self.month[:4])}年{int(self.month[5:])}月"


def list_roster_forms(con: duckdb.DuckDBPyConnection, month: RosterMonth) -> Iterator[tuple[str, str, list[Sheet]]]:
    """Yield school code, name and the 在校学生月报表 of each school: its classes, and every pupil to be marked or left."""
    make_people(con)
    pupils = con.execute("""
        select s.school_code, s.school_name, (e.grade::integer + $up)::varchar as grade, e.class_name || '班' as class_name,
            w.name, w.id_number, w.registry_number
        from conformed.enrolment as e
        inner join conformed.school as s on e.school_code = s.school_code
        inner join paper_person as w on e.person_id = w.person_id
        where e.registry_status = '在读' and not e.is_home_taught and e.grade::integer + $up <= $last
            and not ($up = 1 and e.grade = '6' and s.school_type in ('小学', '教学点'))
        order by s.school_code, e.grade, try_cast(e.class_name as integer) nulls last, e.class_name, e.person_id""",
        {"up": month.grades_up, "last": 9 if month.grade_9 else 8}).pl()  # fmt: skip
    # GB 18030 sets common characters in the order of pinyin, as a class list does
    order = pl.col("name").map_elements(lambda name: name.encode("gb18030"), return_dtype=pl.Binary)
    pupils = pupils.with_columns(pl.col("grade").replace_strict(GRADES, return_dtype=pl.String))
    for (code, school), part in pupils.group_by("school_code", "school_name", maintain_order=True):
        lead = f"学校标识码：{code}　月份：{month.label}"
        if month.grades_up:
            lead += "　年级按上学年学籍升一级推定，新入学和变动的请写在空行"
        part = part.with_columns(at=pl.struct("grade", "class_name").rle_id(), by=order).sort("at", "by", maintain_order=True)
        yield str(code), str(school), [_list_classes(str(school), month, part, lead), _list_pupils(str(school), month, part, lead)]


def _list_classes(school: str, month: RosterMonth, pupils: pl.DataFrame, lead: str) -> Sheet:
    rows = pupils.group_by("grade", "class_name", maintain_order=True).agg(enrolled_count=pl.len())
    note = "注：每班必填在校人数，无人缺席的照填（零报告）；在籍人数减在校人数应等于名单中标注的本班人数，在籍人数有变的直接改。"
    answers = ("enrolled_count", "present_count", "remark")
    return make_form("class_roll", "班级在校情况汇总", f"{school}{month.label}班级在校情况汇总", ["grade", "class_name", *answers],
                     rows, note=note, lead=lead, answers=answers)  # fmt: skip


def _list_pupils(school: str, month: RosterMonth, pupils: pl.DataFrame, lead: str) -> Sheet:
    fields = ["grade", "class_name", "name", "id_number", "registry_number", "presence_status", "absent_from",
              "absent_days_running", "reason"]  # fmt: skip
    note = "注：只标不在校的学生，在校的留空；名单外的学生写在空行。"
    return make_form("absentee", "不在校学生名单", f"{school}{month.label}不在校学生名单（全校花名册，只标不在校的）", fields, pupils,
                     note=note, lead=lead, spare=10, least_height=ROSTER_HEIGHT)  # fmt: skip
