"""Making many papers: a limit of pages is kept, and a paper that cannot be made stops everything and says whose it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import docx
import pypdf
import pytest

from transforms.documents.batch import Order, PaperFault, Press, print_all
from transforms.documents.blocks import Column, Table
from transforms.documents.fonts import resolve_fonts

TEMPLATE = "试.md.j2"


@dataclass(frozen=True)
class Roll:
    title: str
    rows: int
    note: str | None = ""

    @property
    def tables(self) -> dict[str, Table]:
        return {"名单": Table("名单", "", (Column("姓名"),), tuple((f"儿童{n}",) for n in range(self.rows)))}


@pytest.fixture
def press(tmp_path: Path) -> Press:
    (tmp_path / "words").mkdir()
    text = '---\n标题: "{{ title }}"\n版式: 表单\n---\n{% if note is none %}{{ note }}{% endif %}\n\n::: 表 名单\n:::\n'
    (tmp_path / "words" / TEMPLATE).write_text(text, encoding="utf-8")
    return Press(tmp_path / "out", date(2025, 7, 10), resolve_fonts((), False), (tmp_path / "words",), (("作者", "区教委"),))


def test_the_fullest_that_keeps_to_its_pages_is_taken(press):
    order = Order("学校/甲", "任务单", TEMPLATE, tuple(Roll("任务单", rows) for rows in (200, 30, 3)), most=1)
    word, pdf = print_all(press, [order], lambda _: None)
    [page] = pypdf.PdfReader(pdf).pages
    assert "儿童29" in page.extract_text() and word.suffix == ".docx"
    assert not (word.stat().st_mode | pdf.stat().st_mode) & 0o077


@pytest.mark.parametrize("layout", ["公文", "信函", "表单"])
def test_a_draft_says_so_on_its_first_page(press, layout):
    template = press.templates[0] / TEMPLATE
    template.write_text(template.read_text(encoding="utf-8").replace("表单", layout), encoding="utf-8")
    order = Order("镇街/甲镇", "函", TEMPLATE, (Roll("情况", 2),))
    for mark in ("", "送审稿"):
        word, pdf = print_all(replace(press, mark=mark), [order], lambda _: None)
        document = docx.Document(str(word))
        texts = [p.text for p in (*document.paragraphs, *document.sections[0].first_page_header.paragraphs)]
        assert ("送审稿" in texts) == ("送审稿" in pypdf.PdfReader(pdf).pages[0].extract_text()) == bool(mark)


def test_progress_is_said(press):
    said: list[str] = []
    print_all(press, [Order("学校/甲", str(n), TEMPLATE, (Roll("名单", 1),)) for n in range(45)], said.append)
    assert said[-1] == "已生成学校和镇街文稿45份，共45份" and len(said) == 3


@pytest.mark.parametrize("workers", [1, 2])
def test_a_paper_that_cannot_be_made_names_recipient_and_template_only(press, workers):
    good, bad = Roll("名单", 1), Roll("名单", 1, note=None)
    orders = [Order("学校/甲", "张小三的档", TEMPLATE, (roll,)) for roll in (good, bad)]
    with pytest.raises(PaperFault, match=r"学校/甲 的文稿不能生成：模板 试\.md\.j2 第5行：模板要印的是空值") as fault:
        print_all(press, orders, lambda _: None, workers)
    assert "张小三" not in str(fault.value)
