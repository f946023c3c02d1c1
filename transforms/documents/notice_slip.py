"""What all notices to a citizen share: whom they address, and the 送达回证 on a sheet of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from transforms.documents.blocks import Grid, GridCell, GridRow, Opening, Paper, Paragraph
from transforms.documents.wording import print_date

WAYS = "□直接送达　□留置送达　□邮寄送达　□委托送达　□其他：　　　　"
SLIP = "送达回证"
NOTE = "注：受送达人拒绝签收的，记明拒收事由和日期，由见证人和两名送达人签名，将通知书留在其住所。"


def name_addressee(guardian: str | None, child: str) -> str:
    """王某（张某某的监护人）; without a name 张某某的父母或者其他法定监护人."""
    return f"{guardian}（{child}的监护人）" if guardian else f"{child}的父母或者其他法定监护人"


def name_child(name: str, sex: str | None, birth: date | None, id_number: str | None = None) -> str:
    """你的孩子（被监护人）张某某（男，2019年3月1日出生，身份证件号…）; what is not known is left out."""
    known = [sex or "", f"{print_date(birth)}出生" if birth else "", f"身份证件号{id_number}" if id_number else ""]
    details = "，".join(word for word in known if word)
    return f"你的孩子（被监护人）{name}" + (f"（{details}）" if details else "")


def start_paper(paper: Paper, slip: Grid) -> Paper:
    """The notice as one of several in a file: a sheet of its own, page numbers from 1, its 送达回证 after it."""
    opening = Opening(paper.title, paper.number, paper.mark)
    after = (Opening((SLIP,), is_numbered=False), slip, Paragraph(NOTE, "附注"))
    return replace(paper, blocks=(opening, *paper.blocks, *after))


def write_slip(document: str, guardian: str | None, child: str) -> Grid:
    """The 送达回证 of one notice (domain: notices): what is known is printed, the rest is for the hand."""

    def line(label: str, text: str = "", height: float = 13) -> GridRow:
        return GridRow((GridCell(label, label=True), GridCell(text, 3)), height)

    rows = (
        line("送达文书及文号", document),
        line("受送达人", f"{guardian or '　' * 5}（{child}的监护人）"),
        line("送达地点"),
        line("送达时间", "　　　　年　　月　　日　　时　　分"),
        line("送达方式", WAYS, 17),
        line("受送达人签名", "　" * 13 + "年　　月　　日", 17),
        GridRow((GridCell("代收人签名", label=True), GridCell(""), GridCell("与受送达人关系", label=True), GridCell("")), 14),
        line("拒收事由和日期", "", 16),
        line("见证人签名", "　" * 13 + "年　　月　　日", 17),
        GridRow((GridCell("送达人（一）", label=True), GridCell(""), GridCell("送达人（二）", label=True), GridCell("")), 16),
        line("备注", "", 16),
    )
    return Grid(SLIP, (38, 40, 38, 40), rows, points=14)
