"""入学通知书 (contract §2, domain: notices and law): one child, one notice, numbered once, with its 送达回证."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pypdf

from schemas.bimester import school_year_label
from schemas.calendar import Term
from transforms.documents.blocks import Grid, Paper
from transforms.documents.context import Office
from transforms.documents.docx_writer import write_docx
from transforms.documents.naming import FORBIDDEN
from transforms.documents.notice_slip import name_addressee, name_child, start_paper, write_slip
from transforms.documents.pdf import PdfWriter
from transforms.documents.source import OURS, Folders, build_paper
from transforms.documents.templates import Kind
from transforms.documents.wording import print_date
from transforms.documents.workbook import Sheet, SheetColumn, write_workbook

NOTICE = "入学通知书"
JUNIOR_FROM = 10  # completed years on 31 August: who enters a school of several stages so old enters grade 7
NUMBERS: dict[str, pl.DataType] = {
    "seq": pl.Int64(), "number": pl.String(), "person": pl.String(), "name": pl.String(), "birth_date": pl.Date(),
    "school_code": pl.String(), "numbered_on": pl.Date(),
}  # fmt: skip
LIST = (
    SheetColumn("order", "序号", 6, "count"), SheetColumn("number", "通知书编号", 20), SheetColumn("name", "姓名", 10),
    SheetColumn("sex", "性别", 6), SheetColumn("birth_date", "出生日期", 12), SheetColumn("id_number", "身份证件号", 20),
    SheetColumn("guardian_name", "监护人姓名", 11), SheetColumn("intake_school_code", "录取学校标识码", 14),
    SheetColumn("school_name", "录取学校", 24), SheetColumn("served_on", "送达日期", 12), SheetColumn("reported_on", "报到日期", 12),
    SheetColumn("remark", "备注", 20),
)  # fmt: skip
FAULTS = (
    SheetColumn("file_name", "文件", 30), SheetColumn("sheet", "工作表", 14), SheetColumn("source_row", "行", 8),
    SheetColumn("school_code", "学校标识码", 14), SheetColumn("heading", "栏目", 14), SheetColumn("message", "问题和改法", 60),
)  # fmt: skip


@dataclass(frozen=True)
class Admission:
    """What one 入学通知书 says, every text ready to print; contact and phone are "" where nobody gave them."""

    number: str
    addressee: str
    child_text: str
    school: str
    grade: str
    school_year: str
    assigned_by: str
    report_day: str
    report_place: str
    bring: str
    issuer: str
    contact: str
    phone: str
    issued_text: str


KINDS = (Kind(f"{NOTICE}.md.j2", Admission),)


@dataclass(frozen=True)
class Numbered:
    """The children with their numbers (columns of the intake, `number`, `numbered_on`, `remark`), and the register to keep."""

    children: pl.DataFrame
    register: pl.DataFrame


def assign_numbers(children: pl.DataFrame, register: pl.DataFrame, mark: str, today: date) -> Numbered:
    """Give each child its number: the one it has, else the one its list gives, else the next.

    A number once given is nobody else's, though its child leaves the list. A child whose id was mended keeps its number
    by name and birth date. register: NUMBERS, as kept in the home; `mark`: 入学〔2025〕.
    """
    kept = _find_kept(children, register)
    taken = set(register["number"])
    given = children.filter(pl.col("admission_number").is_not_null())["admission_number"]
    unique = set(given.filter(given.is_unique())) - taken
    taken |= unique
    seq = max([0, *register["seq"]])
    rows, new = [], []
    for child in children.sort("intake_school_code", _by_sound("name"), "birth_date", "person").iter_rows(named=True):
        own = kept.get(child["person"])
        if own is None:
            number = child["admission_number"]
            if number not in unique:
                seq += 1
                while (number := f"{mark}{seq}号") in taken:
                    seq += 1
                taken.add(number)
            own = {"seq": seq, "number": number, "person": child["person"], "name": child["name"], "birth_date": child["birth_date"],
                   "school_code": child["intake_school_code"], "numbered_on": today}  # fmt: skip
            new.append(own)
        moved = "" if own["school_code"] == child["intake_school_code"] else f"原录取学校{own['school_code']}"
        rows.append(child | {"number": own["number"], "numbered_on": own["numbered_on"], "remark": moved})
    schema = children.schema | {"number": pl.String(), "numbered_on": pl.Date(), "remark": pl.String()}
    return Numbered(pl.DataFrame(rows, schema=schema, orient="row"),
                    pl.concat([register, pl.DataFrame(new, schema=NUMBERS, orient="row")]))  # fmt: skip


def _find_kept(children: pl.DataFrame, register: pl.DataFrame) -> dict[str, dict[str, Any]]:
    by_person = {row["person"]: row for row in register.iter_rows(named=True)}
    present = set(children["person"])
    free = register.filter(pl.col("person").is_in(list(present)).not_())
    free = free.filter(pl.struct("name", "birth_date").is_unique(), pl.col("birth_date").is_not_null())
    by_name = {(row["name"], row["birth_date"]): row for row in free.iter_rows(named=True)}
    alone = children.filter(pl.struct("name", "birth_date").is_unique())
    kept = {row["person"]: by_name[key] for row in alone.iter_rows(named=True) if (key := (row["name"], row["birth_date"])) in by_name}
    return kept | {person: row for person, row in by_person.items() if person in present}


def _by_sound(column: str) -> pl.Expr:
    # GB 18030 sets common characters in the order of pinyin, as a class list does
    return pl.col(column).map_elements(lambda name: name.encode("gb18030"), return_dtype=pl.Binary)


@dataclass(frozen=True)
class Season:
    """What all notices of one autumn share."""

    year: int
    office: Office
    terms: tuple[Term, ...]
    folders: Folders = OURS

    @property
    def label(self) -> str:
        """2025—2026学年."""
        return school_year_label(self.year)

    @property
    def first_day(self) -> date | None:
        """The first school day of the autumn term, where the calendar reaches it."""
        return next((t.first_day for t in self.terms if t.school_year == self.year and t.first_day.month >= 8), None)


def write_admissions(
    numbered: Numbered, schools: pl.DataFrame, faults: pl.DataFrame, season: Season, out: Path, writer: PdfWriter,
    say: Callable[[str], None],
) -> list[Path]:  # fmt: skip
    """Write each school's notices and list, all notices in one file for printing, and the list of all; return the paths."""
    names = schools.select(pl.col("school_code").alias("intake_school_code"), "school_name", "school_type", "contact", "phone")
    children = numbered.children.join(names, on="intake_school_code", how="left", maintain_order="left")
    paths, whole = [], pypdf.PdfWriter()
    parts = children.partition_by("intake_school_code", maintain_order=True)
    for done, part in enumerate(parts, 1):
        place = out / f"{part['intake_school_code'][0]} {part['school_name'][0].translate(FORBIDDEN)}"
        stamp = part["numbered_on"].max()
        assert isinstance(stamp, date)
        paper = build_notices(part, season)
        pdf = writer.write(paper, stamp)
        sheets = [list_children(part, f"{part['school_name'][0]}{season.label}{NOTICE}发放清单")]
        paths += [_save(place / f"{NOTICE}.docx", write_docx(paper, stamp)), _save(place / f"{NOTICE}.pdf", pdf),
                  _save(place / f"{NOTICE}发放清单.xlsx", write_workbook(sheets, stamp, paper.properties))]  # fmt: skip
        _append_sheets(whole, pdf)
        writer.forget()
        if done % 20 == 0 or done == len(parts):
            say(f"{NOTICE}：已出{done}/{len(parts)}所学校")
    last = children["numbered_on"].max()
    assert isinstance(last, date)
    sheets = [list_children(children, f"{season.label}{NOTICE}发放清单"), list_faults(faults)]
    paths.append(_save(out / f"{NOTICE}发放清单.xlsx", write_workbook(sheets, last, {"作者": season.office.issuer})))
    buffer = io.BytesIO()
    whole.write(buffer)
    return [*paths, _save(out / f"全部{NOTICE}（打印用）.pdf", buffer.getvalue())]


def _append_sheets(whole: pypdf.PdfWriter, pdf: bytes) -> None:
    """Append a school's pages; the next school starts on a sheet of its own."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    whole.append(reader, import_outline=False)
    if len(reader.pages) % 2:
        whole.add_blank_page()


def _save(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    path.chmod(0o600)
    return path


def build_notices(part: pl.DataFrame, season: Season) -> Paper:
    """One school's notices in one file, each followed by its 送达回证."""
    properties = {"作者": season.office.issuer, "学年": season.label}
    papers = [start_paper(*_build(row, season, properties)) for row in part.iter_rows(named=True)]
    return Paper((f"{season.label}{NOTICE}",), tuple(b for paper in papers for b in paper.blocks), properties=properties)


def _build(row: dict[str, Any], season: Season, properties: dict[str, str]) -> tuple[Paper, Grid]:
    office = season.office
    day = row["reported_on"] or season.first_day
    context = Admission(
        number=row["number"], addressee=name_addressee(row["guardian_name"], row["name"]),
        child_text=name_child(row["name"], row["sex"], row["birth_date"], row["id_number"]), school=row["school_name"],
        grade=name_grade(row["school_type"], row["birth_date"], season.year), school_year=season.label, assigned_by=office.issuer,
        report_day=print_date(day) if day else "开学当日", report_place=row["school_name"], bring=office.bring,
        issuer=row["school_name"] if office.notice_by_school else office.issuer,
        contact=row["contact"] or office.contact, phone=row["phone"] or office.phone, issued_text=print_date(row["numbered_on"]),
    )  # fmt: skip
    paper = build_paper(f"{NOTICE}.md.j2", context.__dict__, {}, {}, properties=properties, folders=season.folders)
    return paper, write_slip(f"{NOTICE} {row['number']}", row["guardian_name"], row["name"])


def name_grade(school_type: str, birth: date | None, year: int) -> str:
    """The grade that a new pupil of such a school enters; "" where a school of several stages leaves it open."""
    if school_type in ("小学", "教学点", "特殊教育学校"):
        return "一年级"
    if school_type == "初级中学":
        return "七年级"
    if birth is None:
        return ""
    age = year - birth.year - ((birth.month, birth.day) > (8, 31))
    return "七年级" if age >= JUNIOR_FROM else "一年级"


def list_children(children: pl.DataFrame, title: str) -> Sheet:
    """发放清单: headings of the 新生名册, so that it comes back as one with 送达日期 and 报到日期 filled in."""
    rows = children.with_columns(order=pl.int_range(1, pl.len() + 1)).with_columns(
        pl.col("birth_date", "served_on", "reported_on").cast(pl.String)
    )
    note = "注：送达后填送达日期，报到后填报到日期，放入收件文件夹即可；改派的儿童沿用原编号。"
    return Sheet("发放清单", title, LIST, rows.select(column.name for column in LIST), note)


def list_faults(faults: pl.DataFrame) -> Sheet:
    """Rows of the 新生名册 for which no notice was made, and how to mend them."""
    rows = faults.sort("file_name", "sheet", "source_row", "heading").select(column.name for column in FAULTS)
    return Sheet("未出通知书", f"新生名册中未出{NOTICE}的行", FAULTS, rows, empty="名册各行均已出通知书。")
