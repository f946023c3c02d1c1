"""Notices to guardians about cases (contract §7, domain: notices and law): 劝学通知书 from a school, 限期复学通知书 from a 镇 or the 教委.

Each child has one notice and, on a sheet of its own, its 送达回证. A 劝学通知书 goes to the guardian of a child who has
dropped out or is absent without leave and was not yet given one; a 限期复学通知书 is proposed once the day to answer that has come within the data,
and stays 待审核, without number or date, until a person decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from schemas.bimester import Bimester
from schemas.calendar import find_next_opening, read_terms
from schemas.thresholds import threshold
from transforms.documents.blocks import Column, Opening, Paper, Table
from transforms.documents.case_papers import read_cases
from transforms.documents.context import Office, read_office
from transforms.documents.docx_writer import write_docx
from transforms.documents.fonts import resolve_fonts
from transforms.documents.naming import name_school_folder
from transforms.documents.notice_slip import name_addressee, name_child, start_paper, write_slip
from transforms.documents.pdf import open_pdf_writer
from transforms.documents.source import OURS, Folders, build_paper
from transforms.documents.templates import Kind, list_folders
from transforms.documents.wording import name_class, print_date

HERE = Path(__file__).parent
URGING, ORDER = "劝学通知书", "限期复学通知书"
DROPPED_OUT = "劝返中"
NOT_KNOWN_YET = ("待核实", "待补佐证")
VISITS = (Column("劝返日期", 1.6), Column("劝返单位", 1.2), Column("方式", 1.4), Column("结果", 1.2))


@dataclass(frozen=True)
class Urging:
    """What one 劝学通知书 says. Texts are ready to print; "" where nothing is known; `absent_days` 0 likewise.

    opens: the day on which the next term opens, for a notice given in the holidays; "" in term time.
    contacts: what was done to reach the guardian, oldest first. confirmed: verified as dropped out.
    """

    case_no: str
    addressee: str
    child_text: str
    issuer: str
    grade: str
    since: str
    absent_days: int
    confirmed: bool
    contacts: tuple[str, ...]
    reason: str
    days: int
    contact: str
    phone: str
    issued_text: str
    opens: str = ""


@dataclass(frozen=True)
class Order:
    """What one 限期复学通知书 says. `by_district`: issued by the 教委, which alone has the power of 未保法 art. 83 ¶2.

    we: how the issuer speaks of itself. confirmed: the day of the verification; "" where nobody gave one.
    remedy: whether the line on remedies is printed, once the office's lawyer has confirmed it.
    """

    title: str
    case_no: str
    addressee: str
    child: str
    child_text: str
    school: str
    grade: str
    since: str
    confirmed: str
    visits: int
    notice_served: str
    notice_days: int
    answer_by: str
    as_of: str
    by_district: bool
    issuer: str
    we: str
    days: int
    back_to: str
    remedy: bool
    review_organ: str
    contact: str
    phone: str
    opens: str = ""


KINDS = (Kind("劝学通知书.md.j2", Urging), Kind("限期复学通知书.md.j2", Order, ("劝返记录",)))


def write_notices(
    con: duckdb.DuckDBPyConnection, out_dir: Path, period: Bimester, version: int, issued: date, *, manifest_id: str,
    draft: bool = False, font_dirs: tuple[Path, ...] = (), templates: Path | None = None, system_fonts: bool = True,
) -> list[Path]:  # fmt: skip
    """Write every notice below `out_dir`, readable by its owner only; return the paths. Raises TemplateFault.

    Each notice of a draft is marked 送审稿, before the 待审核 that a 限期复学通知书 bears in any run.
    """
    folders = list_folders(templates)
    office, writer = read_office(folders), open_pdf_writer(resolve_fonts(font_dirs, system_fonts))
    properties = {"作者": office.issuer, "期间": str(period), "版本": f"v{version}", "清单编号": manifest_id}
    paths = []
    for place, name, plain in list_notices(con, period, issued, office, properties, folders):
        paper = _mark_draft(plain) if draft else plain
        for ending, data in ((".docx", write_docx(paper, issued)), (".pdf", writer.write(paper, issued))):
            path = out_dir / place / f"{name}{ending}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            path.chmod(0o600)
            paths.append(path)
    return paths


def list_notices(
    con: duckdb.DuckDBPyConnection, period: Bimester, issued: date, office: Office, properties: dict[str, str],
    folders: Folders = OURS,
) -> Iterator[tuple[str, str, Paper]]:  # fmt: skip
    """Yield folder, file name without ending, and paper: a school's 劝学通知书 in one file, a 限期复学通知书 a case."""
    cases = read_standing(con, period)
    urged = cases.filter(pl.col("school_code").is_not_null(), pl.col("served_on").is_null(), wants_urging())
    for (code, school), part in urged.group_by("school_code", "school_name", maintain_order=True):
        papers = [_build_urging(row, issued, properties, folders) for row in part.iter_rows(named=True)]
        blocks = tuple(block for paper in papers for block in paper.blocks)
        yield name_school_folder(str(code), str(school)), URGING, Paper((URGING,), blocks, properties=properties)
    for row in cases.filter(pl.col("state") == DROPPED_OUT, pl.col("served_on").is_not_null()).iter_rows(named=True):
        if row["township"] and answer_day(row["served_on"]) <= period.last_day and can_be_ordered(row["birth_date"], issued):
            place, paper = _build_order(row, period, issued, office, properties, folders)
            yield place, f"{ORDER}（{row['case_no']}）", paper


def _mark_draft(paper: Paper) -> Paper:
    """Its receipts, which are not numbered, need no mark."""
    blocks = tuple(
        replace(block, mark="　".join(filter(None, ("送审稿", block.mark)))) if isinstance(block, Opening) and block.is_numbered else block
        for block in paper.blocks
    )
    return replace(paper, blocks=blocks)


def wants_urging() -> pl.Expr:
    """Dropped out, or under suspicion because of an absence without leave of the length that counts."""
    return (pl.col("state") == DROPPED_OUT) | (pl.col("state").is_in(NOT_KNOWN_YET) & pl.col("is_absent"))


def can_be_ordered(born: date | None, issued: date) -> bool:
    """Whether the child is still of school age on the day it would be ordered back to, which in the holidays is that of the opening."""
    opens = find_next_opening(issued, read_terms())
    return born is None or opens is None or opens < over_age_on(born)


def over_age_on(born: date) -> date:
    """The first day past school age: 1 September of the year in which the child is fifteen on 31 August."""
    return date(born.year + (16 if (born.month, born.day) > (8, 31) else 15), 9, 1)


def answer_day(served_on: date) -> date:
    """The last day to answer a 劝学通知书: counted from the day after it was received."""
    return served_on + timedelta(days=int(threshold("urging_answer_days")))


def read_standing(con: duckdb.DuckDBPyConnection, period: Bimester) -> pl.DataFrame:
    """Read open cases with the visits since the child was last back, and the last 劝学通知书 served since then."""
    cases = read_cases(con, period).filter(pl.col("state") != "已销号")
    visits = con.execute((HERE / "notice_visit.sql").read_text(encoding="utf-8"), {"as_of": period.last_day}).pl()
    absent = con.execute("select p.person_id from compared.finding as f inner join conformed.person as p "
                         "on f.child_key = p.child_key where f.comparison = 'absent'").pl()  # fmt: skip
    back = visits.filter(pl.col("visit_result") == "已复学").group_by("person_id").agg(back_on=pl.col("visited_on").max())
    since = visits.join(back, on="person_id", how="left").filter(
        pl.col("back_on").is_null() | (pl.col("visited_on") > pl.col("back_on"))
    )
    served = since.filter(
        pl.col("notice_title").str.contains("劝学"), pl.col("served_on") <= period.last_day
    ).group_by("person_id").agg(
        pl.col("served_on").max(), pl.col("notice_number").sort_by("served_on").last()
    )  # fmt: skip
    made = since.group_by("person_id", maintain_order=True).agg(
        visited=pl.struct("visited_on", "visiting_unit", "visit_method", "visit_result")
    )
    schools = con.execute("""
        select school_code, contact as school_contact, phone as school_phone from validated.school
        qualify row_number() over (partition by school_code order by period desc, file_id, source_row) = 1""").pl()
    return (
        cases.join(served, on="person_id", how="left", maintain_order="left")
        .join(made, on="person_id", how="left", maintain_order="left")
        .join(schools, on="school_code", how="left", maintain_order="left")
        .with_columns(is_absent=pl.col("person_id").is_in(absent["person_id"].implode()))
    )


def _build_urging(row: dict[str, Any], issued: date, properties: dict[str, str], folders: Folders) -> Paper:
    confirmed = row["state"] == DROPPED_OUT
    since = (row["dropped_out_on"] or row["absent_from"]) if confirmed else row["absent_from"]
    context = Urging(
        case_no=row["case_no"], addressee=name_addressee(row["guardian"], row["name"]),
        child_text=name_child(row["name"], row["sex"], row["birth_date"]), issuer=row["school_name"],
        grade=name_class(row["grade"], row["class_name"]),
        since=print_date(since) if since else "", absent_days=int(row["longest_run"] or 0), confirmed=confirmed,
        contacts=tuple(_tell_visit(visit) for visit in row["visited"] or ()), reason=row["dropout_reason"] or "",
        days=int(threshold("urging_answer_days")), contact=row["school_contact"] or "", phone=row["school_phone"] or "",
        issued_text=print_date(issued), opens=_tell_opening(issued),
    )  # fmt: skip
    paper = build_paper(f"{URGING}.md.j2", context.__dict__, {}, {}, properties=properties, folders=folders)
    return start_paper(paper, write_slip(f"{URGING}（编号：{row['case_no']}）", row["guardian"], row["name"]))


def _tell_opening(issued: date) -> str:
    """The day to be back at school when a notice is given in the holidays; "" in term time, when it is a matter of days."""
    opens = find_next_opening(issued, read_terms())
    return print_date(opens) if opens else ""


def _tell_visit(visit: dict[str, Any]) -> str:
    words = (print_date(visit["visited_on"]), visit["visiting_unit"] + (visit["visit_method"] or "联系"))
    return "".join(words)


def _build_order(
    row: dict[str, Any], period: Bimester, issued: date, office: Office, properties: dict[str, str], folders: Folders
) -> tuple[str, Paper]:
    by_district = office.order_by_district or not row["township"].endswith(("镇", "乡"))
    issuer = office.issuer if by_district else f"{office.place}{row['township']}人民政府"
    context = Order(
        title=office.order_title, case_no=row["case_no"], addressee=name_addressee(row["guardian"], row["name"]),
        child=row["name"], child_text=name_child(row["name"], row["sex"], row["birth_date"], row["id_number"]),
        school=row["school_name"] or "", grade=name_class(row["grade"], row["class_name"]),
        since=print_date(row["dropped_out_on"]) if row["dropped_out_on"] else "",
        confirmed=print_date(row["confirmed_on"]) if row["confirmed_on"] else "",
        visits=len(row["visited"]), notice_served=print_date(row["served_on"]), notice_days=int(threshold("urging_answer_days")),
        answer_by=print_date(answer_day(row["served_on"])), as_of=print_date(period.last_day), by_district=by_district,
        issuer=issuer, we="我委" if by_district else "本机关", days=int(threshold("order_days")),
        back_to=row["school_name"] or "所安排的学校", remedy=office.remedy_confirmed, review_organ=office.review_organ,
        contact=office.contact or "　" * 6, phone=office.phone or "　" * 8, opens=_tell_opening(issued),
    )  # fmt: skip
    tables = {"劝返记录": _list_visits(row)}
    paper = build_paper(f"{ORDER}.md.j2", context.__dict__, tables, {}, properties=properties, folders=folders)
    slip = write_slip(f"{office.order_title}（案件编号：{row['case_no']}）", row["guardian"], row["name"])
    return "区级" if by_district else f"镇街/{row['township']}", start_paper(paper, slip)


def _list_visits(row: dict[str, Any]) -> Table:
    lines = tuple(
        (print_date(v["visited_on"]), v["visiting_unit"], v["visit_method"] or "—", v["visit_result"]) for v in row["visited"]
    )
    return Table("劝返记录", "", VISITS, lines)
