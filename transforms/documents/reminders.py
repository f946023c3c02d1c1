"""催报单: one text a school that has not reported, to be pasted into a message. No child in it."""

from __future__ import annotations

from transforms.documents.context import ReportContext
from transforms.documents.figures import School
from transforms.documents.source import OURS, Folders, fill_template

TEMPLATE = "催报单.md.j2"


def write_reminders(context: ReportContext, folders: Folders = OURS, *, draft: bool = False) -> bytes:
    """Return the text for every school with a month 未报 or 不全, one paragraph each; for Notepad: BOM and CRLF.

    The text of a draft begins with a line 送审稿.
    """
    schools = [{"name": s.name, "short": s.short, "township": s.township, **_name_months(context, s)} for s in context.silent()]
    text = fill_template(TEMPLATE, {"r": context, "schools": schools, "count": len(schools)}, folders)
    lines = [*(["送审稿"] if draft else []), *(line.rstrip() for line in text.strip().splitlines())]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode("utf-8")


def _name_months(context: ReportContext, school: School) -> dict[str, str]:
    pairs = list(zip(context.months, school.months, strict=True))
    return {name: "、".join(month for month, word in pairs if word == status) for name, status in (("missing", "未报"), ("partial", "不全"))}
