"""Official layout as strangers see it: gongwen-skill's rules, openxml-audit, and LibreOffice where it is installed."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import docx
import pypdf
import pytest

from tests.documents.conftest import ISSUED
from tests.documents.libreoffice import convert_to_pdf
from transforms.documents.blocks import Column, Heading, Paper, Paragraph, Table
from transforms.documents.fonts import resolve_fonts
from transforms.documents.layout import break_heading, is_whole
from transforms.documents.pdf import open_pdf_writer
from transforms.documents.pupil_file import SIGNED

OFFICIAL = ("双月报上报稿", "双月报工作底稿", "领导参阅件", "一季度一复核")
# GB/T 9704—2012 itself, where the checker's own defaults are of another school: 天头 37 mm and the foot that leaves 225 mm,
# 22 lines of 28.95 pt on them (headings too), and 落款 over the date at the right, not in the middle.
STANDARD = {
    "page_setup": {"margins": {"top": "37mm", "bottom": "35mm"}},
    "body": {"line_spacing": "28.95pt"},
    "doc_title": {"line_spacing": "34pt"},
    **{f"heading_{level}": {"line_spacing": "28.95pt"} for level in (1, 2, 3)},
    "signature": {"align": "right"},
}
# The checker takes captions and notes of tables and charts for headings and body text; the standard leaves them to the drafter.
# It takes the red head, which is larger than any title, for the title, and the 发文字号 under it for the issuer.
CAPTIONS = {"题注", "表注", "表后", "图题", "图", "红头", "发文字号"}
# P2 that stay, and why.
STAY = {
    "CHK-C027": "附件说明 hangs under its first annex: the first line is two characters in, as asked, and the others follow it",
    "CHK-C041": "主送机关 is no 称呼; it is flush left as the standard says",
    "CHK-C044": "一是、二是 need no bold first sentence in GB/T 9704",
    "CHK-C051": "table faces are the drafter's: 宋体 for narrow cells", "CHK-C056": "as CHK-C051",
    "CHK-C052": "wide tables take 五号 or 小五, so that they stay upright on the page", "CHK-C057": "as CHK-C052",
    "CHK-C055": "no shaded headings: the papers are photocopied", "CHK-C058": "narrow margins keep 12 columns on the page",
    "CHK-RPT001": "the office closes its own report; 特此报告 belongs to the 报告 it sends upward only when it wants it",
    "CHK-RPT003": "a working paper's title names no 文种",
}  # fmt: skip


def strip_captions(path: Path, folder: Path) -> Path:
    document = docx.Document(str(path))
    for paragraph in list(document.paragraphs):
        if paragraph.style is not None and paragraph.style.name in CAPTIONS:
            paragraph._p.getparent().remove(paragraph._p)
    document.save(str(folder / path.name))
    return folder / path.name


def check(path: Path) -> list[dict[str, str]]:
    command = [str(Path(sys.executable).with_name("gongwen")), "check", "--json", "-t", "report", "--config-overrides",
               json.dumps(STANDARD), str(path)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: list[dict[str, str]] = json.loads(done.stdout)
    return found


def test_an_outside_checker_finds_no_grave_fault(paper_folder, summer_folder, second_folder, tmp_path):
    papers = [paper_folder / "区级" / f"{name}.docx" for name in OFFICIAL] + [summer_folder / f"区级/{name}.docx" for name in OFFICIAL[:3]]
    papers.append(second_folder / "区级/双月报上报稿.docx")  # a draft under the red head
    for path in papers:
        found = check(strip_captions(path, tmp_path))
        assert [issue for issue in found if issue["severity"] != "P2"] == [], path.name
        assert {issue["rule_id"] for issue in found} <= set(STAY), path.name


def test_the_checker_would_see_a_fault(paper_folder, tmp_path):
    document = docx.Document(str(paper_folder / "区级/双月报上报稿.docx"))
    document.sections[0].top_margin = docx.shared.Mm(20)
    document.save(str(tmp_path / "坏.docx"))
    assert "CHK-C001" in {issue["rule_id"] for issue in check(strip_captions(tmp_path / "坏.docx", tmp_path))}


def test_a_wide_annex_lies_across_and_the_next_stands_upright(tmp_path):
    """Pages count on, the table takes the turned type area, and the next annex is upright again."""
    from transforms.documents.blocks import Annex, Column, Paper, Paragraph, Signature, Table
    from transforms.documents.docx_writer import write_docx
    from transforms.documents.fonts import resolve_fonts
    from transforms.documents.pdf import open_pdf_writer

    table = Table("表", "甲表", tuple(Column(f"第{n}栏") for n in range(14)), (("1",) * 14,) * 3)
    body = (Paragraph("正文。"), Signature("区教委", "2025年7月10日"), Annex("横表", 1, True), table, Annex("竖表", 2), table)
    paper = Paper(("关于报送表格的报告",), body, mark="送审稿")
    (tmp_path / "横.docx").write_bytes(write_docx(paper, ISSUED))
    sections = docx.Document(str(tmp_path / "横.docx")).sections
    assert [section.page_width > section.page_height for section in sections] == [False, True, False]
    assert [section.different_first_page_header_footer for section in sections] == [True, False, False]
    (tmp_path / "横.pdf").write_bytes(open_pdf_writer(resolve_fonts((), False)).write(paper, ISSUED))
    pages = pypdf.PdfReader(tmp_path / "横.pdf").pages
    assert [page.mediabox.width > page.mediabox.height for page in pages] == [False, True, False]
    assert ["— 2 —" in page.extract_text() or "—2—" in page.extract_text().replace(" ", "") for page in pages] == [False, True, False]


def test_office_programs_are_expected_to_open_every_paper(paper_folder, second_folder):
    from openxml_audit import OpenXmlValidator

    for path in (*sorted(paper_folder.rglob("*.docx")), *sorted(second_folder.rglob("*.docx"))):
        result = OpenXmlValidator().validate(str(path))
        assert result.is_valid, (path.name, [str(error) for error in result.errors][:3])


@pytest.mark.office
def test_libreoffice_opens_every_paper_and_counts_our_pages(paper_folder, tmp_path):
    papers, books = sorted(paper_folder.rglob("*.docx")), sorted((paper_folder / "区级").glob("*.xlsx"))
    books += [path for place in ("学区", "督导室") for path in sorted((paper_folder / place).rglob("*.xlsx"))[:4]]
    out = convert_to_pdf((*papers, *books), tmp_path)
    for path in (*papers, *books):
        assert (out / f"{path.stem}.pdf").exists(), path.name
    for path in papers:
        pages = [len(pypdf.PdfReader(file).pages) for file in (path.with_suffix(".pdf"), out / f"{path.stem}.pdf")]
        assert abs(pages[0] - pages[1]) <= 1, (path.name, pages)


@pytest.mark.parametrize("rows", [2, 4, 29, 60])
def test_no_page_has_one_row_or_the_note_alone(rows):
    """The last three rows and the note of a long table stay together under the repeated heading."""
    cells = tuple((f"第{n}行", "乙") for n in range(rows))
    table = Table("表", "表", (Column("甲", 1, "left"), Column("乙")), cells, note="注：此为注。")
    data = open_pdf_writer(resolve_fonts((), system=False)).write(Paper(("标题",), (table,)), ISSUED)
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
    assert [page for page in pages if 0 < page.count("行") < min(rows, 3)] == [] and "注：此为注。" in pages[-1]
    assert sum(page.count("行") for page in pages) == rows and pages[-1].count("行") >= min(rows, 3)


@pytest.mark.parametrize(
    ("heading", "room", "lines"),
    [("上期结转", 3, ["上期", "结转"]), ("离校去向不明", 5, ["离校去向", "不明"]), ("籍在人不在", 4, ["籍在", "人不在"]),
     ("已填报（校次）", 5, ["已填报", "（校次）"]), ("未核清|影响范围（%）", 6.5, ["未核清", "影响范围（%）"]),
     ("未核清|影响范围（%）", 12, ["未核清影响范围（%）"]), ("合计", 3, ["合计"]), ("*劝返单位", 4, ["*劝返", "单位"])],
)  # fmt: skip
def test_a_narrow_heading_breaks_by_sense(heading, room, lines):
    assert break_heading(heading, room) == "\n".join(lines)


def test_a_table_of_few_tall_rows_may_break_between_them():
    """Kept whole it would leave half a page empty."""
    tall, low = (Table("表", "表", (Column("甲"), Column("乙")), (("字" * size, "字"),) * 5) for size in (120, 12))
    assert not is_whole(tall) and is_whole(low)


@pytest.mark.parametrize("before", range(28, 36))
def test_the_place_to_sign_is_not_torn_from_its_heading(before):
    """班主任 on one page and 单位（盖章） on the next would be signed by nobody."""
    blocks = (*(Paragraph(f"第{n}段。") for n in range(before)), Heading(1, "签字"), SIGNED)
    data = open_pdf_writer(resolve_fonts((), system=False)).write(Paper(("标题",), blocks, layout="表单"), ISSUED)
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
    assert [words for page in pages if (words := [w for w in ("签字", "单位负责人", "建档日期") if w in page])] == [
        ["签字", "单位负责人", "建档日期"]
    ]
