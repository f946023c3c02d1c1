"""Fill in forms as offices do and hand them back as they would: shuffled, re-saved, partly filled, rows missing or added."""

from __future__ import annotations

import random
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import xlwt

from tests.extracts.books import make_id, write_text, write_xlsx
from transforms.extracts.read import read_file
from transforms.extracts.recognise import Recognition, recognise

Row = list[str]


@dataclass(frozen=True)
class Line:
    """One line as handed back: what we expect to become of it, and what it says (columns of the extract)."""

    cells: tuple[tuple[str, str], ...]
    fate: str

    @property
    def said(self) -> dict[str, str]:
        return dict(self.cells)


@dataclass(frozen=True)
class Form:
    """One sheet of a form: rows above its lines, its lines, rows below, and the column of each field."""

    path: Path
    sheet: str
    extract: str
    above: tuple[tuple[str, ...], ...]
    columns: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str, ...], ...]
    below: tuple[tuple[str, ...], ...]
    lines: tuple[Line, ...] = ()

    def all_rows(self) -> list[Row]:
        return [list(row) for row in (*self.above, *self.rows, *self.below)]


def open_form(path: Path, index: int = 0) -> Form:
    """Read a form as it went out; blank lines are its spare ones."""
    raw = read_file(path.read_bytes())[index]
    found = recognise(raw.cells, raw.name, ())
    assert isinstance(found, Recognition)
    rows = [tuple(cell or "" for cell in row) for row in raw.cells.rows()]
    body = rows[found.last_row + 1 :]
    filled = [row for row in body if any(row[i] for i in found.columns.values()) and not row[0].startswith(("注：", "填报单位"))]
    below = [row for row in body if row[0].startswith(("注：", "填报单位"))]
    return Form(path, raw.name, found.extract, tuple(rows[: found.last_row + 1]), tuple(found.columns.items()),
                tuple(filled), tuple(below))  # fmt: skip


ANSWERS: dict[str, list[tuple[str, dict[str, str]]]] = {
    "verification": [
        ("not_answered", {}),
        ("accepted", {"verified_on": "2025-06-20", "verifying_unit": "村社", "verification_result": "死亡", "evidence": "死亡证明"}),
        ("accepted", {"verified_on": "2025年6月21日", "verifying_unit": "学校", "verification_result": "外地就读有学籍",
                      "school_attended": "泸县二中", "evidence": "在读证明"}),
        ("quarantined", {"verified_on": "2025-06-31", "verification_result": "失联", "verifying_unit": "镇街"}),
        ("not_answered", {}),
        ("accepted", {"verified_on": "2025/6/22", "verifying_unit": "镇街", "verification_result": "确认辍学"}),
        ("quarantined", {"verified_on": "2025-06-20", "verification_result": "不清楚"}),
        ("quarantined", {"verifying_unit": "学校"}),
    ],
    "persuasion": [
        ("accepted", {"visited_on": "2025-06-18", "visiting_unit": "学校", "visitor": "班主任", "visit_result": "未返校"}),
        ("not_answered", {}),
        ("accepted", {"visited_on": "20250619", "visiting_unit": "镇街", "visitor": "某干部", "visit_result": "承诺复学"}),
        ("quarantined", {"visited_on": "2025-06-18", "visiting_unit": "村社", "visit_result": ""}),
    ],
    "suspect": [("not_answered", {}), ("accepted", {"suspect_type": "疑似辍学"})],
    "absentee": [
        *[("not_answered", {})] * 5,
        ("accepted", {"presence_status": "请假", "reason": "生病"}),
        ("not_answered", {"presence_status": "在校"}),
        ("accepted", {"presence_status": "旷课", "absent_from": "2025-06-02"}),
    ],
    "class_roll": [("not_answered", {}), ("accepted", {"present_count": "1"})],
}  # fmt: skip
SPARE = {
    "verification": {"verified_on": "2025-06-25", "verifying_unit": "村社", "verification_result": "失学"},
    "suspect": {"sex": "男", "birth_date": "2015-09-01", "suspect_type": "疑似失学"},
}


def fill_in(form: Form, dice: random.Random, serial: int) -> Form:
    """Answer some of the lines, drop one of many, write a child on a spare line."""
    columns, width = dict(form.columns), len(form.above[-1])
    rows, lines = [], []
    kept = [row for row in form.rows if len(form.rows) < 4 or dice.random() > 0.2]
    for row in kept:
        fate, answer = dice.choice(ANSWERS[form.extract])
        cells = list(row)
        for name, text in answer.items():
            cells[columns[name]] = text
        rows.append(tuple(cells))
        lines.append(Line(tuple((n, cells[i]) for n, i in columns.items()), fate))
    if form.extract in SPARE and dice.random() < 0.5:
        cells = [""] * width
        for name, text in {"name": f"空行{chr(0x4E00 + serial)}", "id_number": make_id(serial * 2 + 1), **SPARE[form.extract]}.items():
            cells[columns[name]] = text
        rows.append(tuple(cells))
        lines.append(Line(tuple((n, cells[i]) for n, i in columns.items()), "accepted"))
    order = list(range(len(rows)))
    dice.shuffle(order)
    return replace(form, rows=tuple(rows[i] for i in order), lines=tuple(lines[i] for i in order))


WAYS = ("xlsx", "gbk", "xls", "titled", "moved", "spread")


def hand_back(form: Form, way: str, folder: Path, stem: str) -> Path:
    """Save a filled form the way an office would, under a name that says nothing."""
    rows = form.all_rows()
    if way == "titled":
        rows = [["附件3"], ["（请于月底前报送）"], *rows]
    if way == "moved":  # last column first, headings and lines alike
        head = len(form.above) - 1
        rows = [row if n < head or row in [list(r) for r in form.below] else [row[-1], *row[:-1]] for n, row in enumerate(rows)]
    if way == "spread":  # a blank row here and there
        head = len(form.above)
        rows = [*rows[:head], *(r for row in rows[head:] for r in (row, []))]
    if way == "gbk":
        return write_text(folder / f"{stem}.csv", rows, "gb18030")
    if way == "xls":
        return _write_xls(folder / f"{stem}.xls", form.sheet, rows)
    return write_xlsx(folder / f"{stem}.xlsx", {form.sheet: rows})


def _write_xls(path: Path, sheet: str, rows: list[Row]) -> Path:
    book = xlwt.Workbook()
    page = book.add_sheet(sheet)
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value:
                page.write(r, c, value)
    book.save(str(path))
    return path


def resave(paths: list[Path], kind: str, out: Path, profile: Path) -> None:
    """Let LibreOffice open and save files in another format."""
    out.mkdir(parents=True, exist_ok=True)
    command = ["soffice", "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", kind, "--outdir", str(out)]
    subprocess.run([*command, *map(str, paths)], check=True, capture_output=True, timeout=600)
