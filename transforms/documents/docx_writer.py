"""Write a paper as .docx with python-docx: the same blocks as the pdf, editable, GB/T 9704 styles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from io import BytesIO
from xml.sax.saxutils import escape

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

from transforms.documents.blocks import (
    Annex,
    Block,
    Chart,
    Grid,
    Heading,
    Opening,
    PageBreak,
    Paper,
    Paragraph,
    Signature,
    Table,
    plan_header,
)
from transforms.documents.docx_base import (
    FACES,
    STYLES,
    TEXT_WIDTH,
    end_section,
    keep_with_next,
    measure_text,
    open_base,
    save_normalised,
    set_letter_page,
    set_mark,
    set_page_numbers,
    turn_page,
)
from transforms.documents.layout import (
    ACROSS,
    UPRIGHT,
    break_headings,
    break_labels,
    choose_size,
    is_whole,
    list_kept,
    measure_em,
)

STYLE_OF = {"正文": "a", "主送": "flush", "附注": "note", "附件说明": "a"}
RED_RULE = "<w:pBdr><w:bottom w:val='single' w:sz='12' w:space='6' w:color='C8102E'/></w:pBdr>"
BORDER = "".join(
    f"<w:{side} w:val='single' w:sz='4' w:space='0' w:color='000000'/>"
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def write_docx(paper: Paper, issued: date) -> bytes:
    """Return the .docx bytes: the same paper and issue date give the same bytes."""
    document = open_base(paper.layout)
    _set_properties(document, paper, issued)
    _open_paper(document, paper)
    opening: Opening | None = None
    kept = list_kept(paper.blocks)
    for index, block in enumerate(paper.blocks):
        if isinstance(block, Opening):
            if opening is not None:
                end_section(document, opening.is_numbered)
            opening = block
        _add_block(document, block)
        if index in kept:
            keep_with_next(document)
    if opening is not None:
        set_page_numbers(document.sections[-1]._sectPr, opening.is_numbered)
    return save_normalised(document)


def _set_properties(document: Document, paper: Paper, issued: date) -> None:
    core = document.core_properties
    stamp = datetime.combine(issued, time(0))
    core.title = "".join(paper.title)
    core.author = core.last_modified_by = paper.properties.get("作者", "")
    rest = [f"{key}：{value}" for key, value in paper.properties.items() if key != "作者"]
    core.keywords, core.comments = "；".join(rest), ""
    core.created = core.modified = stamp
    core.revision, core.language = 1, "zh-CN"


def _open_paper(document: Document, paper: Paper) -> None:
    if isinstance(paper.blocks[0], Opening):
        return
    if paper.layout == "信函":
        set_letter_page(document, escape(paper.head))
        if paper.mark:  # its head stands where other papers have their mark
            _add_text(document, paper.mark, "mark")
        _add_text(document, paper.number, "number", "<w:spacing w:before='98'/><w:jc w:val='right'/>")
    elif paper.mark:
        set_mark(document, escape(paper.mark))
    if paper.head and paper.layout != "信函":
        _add_text(document, paper.head, "head")
        _add_text(document, paper.number, "number", RED_RULE)
    _add_text(document, "\n".join(paper.title), "title")


LOOKS = {style.id: style for style in STYLES}
RUN = "<w:r><w:rPr><w:rFonts w:hint='eastAsia' w:eastAsia='{face}'/>{bold}</w:rPr>{text}</w:r>"


def _add_text(document: Document, text: str, style: str, extra: str = "", lead: str = "") -> None:
    """Append a paragraph; `extra` is paragraph properties beyond the style. A new line breaks the line.

    Face, indent and alignment stand on the paragraph as well as in its style: some readers and checkers look there only.
    """
    look = LOOKS[style]
    face = FACES[look.face]
    opening = RUN.format(face=face, bold="<w:b/>", text=f"<w:t>{escape(lead)}</w:t>") if lead else ""
    lines = "<w:br/>".join(f"<w:t xml:space='preserve'>{escape(line)}</w:t>" for line in text.split("\n"))
    if "<w:ind" not in extra and look.indent_chars:
        extra += f"<w:ind w:firstLineChars='{look.indent_chars}' w:firstLine='{look.indent_chars * look.half_points // 20 * 2}'/>"
    if "<w:jc" not in extra:
        extra += f"<w:jc w:val='{look.align}'/>"
    paragraph = parse_xml(
        f"<w:p {nsdecls('w')}><w:pPr><w:pStyle w:val='{style}'/>{extra}</w:pPr>{opening}"
        f"{RUN.format(face=face, bold='', text=lines)}</w:p>"
    )
    _append(document, paragraph)


def _append(document: Document, element: object) -> None:
    document.element.body.insert_element_before(element, "w:sectPr")


def _add_block(document: Document, block: Block) -> None:
    match block:
        case Opening(title, number, mark):
            if mark:
                _add_text(document, mark, "mark")
            _add_text(document, "\n".join(title), "title", "<w:spacing w:after='160'/>" if number else "")
            if number:
                _add_text(document, number, "number", "<w:spacing w:after='400'/>")
        case Heading(level, text):
            _add_text(document, text, f"h{level}")
        case Paragraph(text, "附件说明"):
            _add_text(document, "", "a", "<w:keepNext/>")
            _add_text(document, text, "a", "<w:ind w:left='1600' w:hanging='960' w:firstLineChars='0'/><w:jc w:val='left'/>")
        case Paragraph(text, style, lead):
            _add_text(document, text, STYLE_OF[style], lead=lead)
        case Table():
            _add_table(document, block)
        case Grid():
            _append(document, parse_xml(_describe_grid(block)))
            _add_text(document, "", "gap")  # keeps two tables apart
        case Chart():
            _add_chart(document, block)
        case Signature():
            _add_signature(document, block)
        case Annex(title, number, lies):
            turned = turn_page(document, lies)
            _add_text(document, f"附件{number or ''}", "annex", "" if turned else "<w:pageBreakBefore/>")
            _add_text(document, title, "title", "<w:spacing w:before='579'/>")
        case PageBreak():
            _append(document, parse_xml(f"<w:p {nsdecls('w')}><w:r><w:br w:type='page'/></w:r></w:p>"))


def _add_signature(document: Document, block: Signature) -> None:
    """Sealed form: the date ends four characters from the right, the issuer is centred on it (em of 320 twips)."""
    day, issuer = measure_em(block.day), measure_em(block.issuer)
    right = max(0, int((4 - (issuer - day) / 2) * 320))
    _add_text(document, "", "a", "<w:keepNext/>")
    _add_text(document, block.issuer, "sign", f"<w:keepNext/><w:ind w:right='{right}'/>")
    _add_text(document, block.day, "sign", "<w:ind w:right='1280'/>")


def _add_chart(document: Document, block: Chart) -> None:
    paragraph = document.add_paragraph()
    paragraph.style = document.styles["图"]
    paragraph.add_run().add_picture(BytesIO(block.png), width=Mm(block.width_mm))
    for properties in paragraph._p.iter(qn("wp:docPr")):
        properties.set("descr", block.alt)
        properties.set("name", block.caption)
    _add_text(document, block.caption, "figcap")


def _add_table(document: Document, block: Table) -> None:
    if block.caption:
        _add_text(document, block.caption, "caption")
    _append(document, parse_xml(_describe_table(block, measure_text(document))))
    # The paragraph also keeps two tables apart: Word joins tables that touch.
    _add_text(document, block.note, "small" if block.note else "gap", "<w:keepLines/>" if block.note else "")


def _describe_table(block: Table, text_width: int) -> str:
    total = sum(column.weight for column in block.columns)
    widths = [int(text_width * column.weight / total) for column in block.columns]
    half_points = int(choose_size(block) * 2)
    width = UPRIGHT if text_width == TEXT_WIDTH else ACROSS
    rows = _describe_header(block, widths, half_points, break_headings(block, width))
    for index, row in enumerate(block.rows):
        last = index == len(block.rows) - 1
        # a note stays under its table, and the last three rows together
        keep = bool(block.note) if last else is_whole(block, width) or index >= len(block.rows) - 3
        cells = "".join(
            _describe_cell(text, wide, half_points, column.align, block.total and last, keep=keep)
            for text, wide, column in zip(row, widths, block.columns, strict=True)
        )
        rows += f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"
    return _wrap_table(widths, rows)


def _wrap_table(widths: list[int], rows: str) -> str:
    grid = "".join(f"<w:gridCol w:w='{width}'/>" for width in widths)
    return (
        f"<w:tbl {nsdecls('w')}><w:tblPr><w:tblW w:w='{TEXT_WIDTH}' w:type='dxa'/><w:jc w:val='center'/>"
        f"<w:tblBorders>{BORDER}</w:tblBorders><w:tblLayout w:type='fixed'/><w:tblCellMar><w:top w:w='30' w:type='dxa'/><w:left w:w='40' "
        f"w:type='dxa'/><w:bottom w:w='30' w:type='dxa'/><w:right w:w='40' w:type='dxa'/></w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        f"{rows}</w:tbl>"
    )


def _describe_grid(block: Grid) -> str:
    total = sum(block.weights)
    widths = [int(TEXT_WIDTH * weight / total) for weight in block.weights]
    rows = ""
    for row, texts in zip(block.rows, break_labels(block), strict=True):
        at, cells, keep = 0, "", block.whole and row is not block.rows[-1]
        for cell, text in zip(row.cells, texts, strict=True):
            width = sum(widths[at : at + cell.span])
            span = f"<w:gridSpan w:val='{cell.span}'/>" if cell.span > 1 else ""
            align = "center" if cell.label else "left"
            cells += _describe_cell(text, width, int(block.points * 2), align, cell.label, span, keep=keep)
            at += cell.span
        height = f"<w:trHeight w:val='{int(row.height * 56.7)}' w:hRule='atLeast'/>" if row.height else ""
        rows += f"<w:tr><w:trPr><w:cantSplit/>{height}</w:trPr>{cells}</w:tr>"
    return _wrap_table(widths, rows)


def _describe_header(block: Table, widths: list[int], half_points: int, texts: Mapping[tuple[int, int], str]) -> str:
    depth, cells = plan_header(block.columns)
    rows = ""
    for line in range(depth):
        inner = ""
        for cell in sorted(cells, key=lambda cell: cell.column):
            if not cell.row <= line < cell.row + cell.rowspan:
                continue
            span = f"<w:gridSpan w:val='{cell.colspan}'/>" if cell.colspan > 1 else ""
            merge = (
                ""
                if cell.rowspan == 1
                else ("<w:vMerge w:val='restart'/>" if line == cell.row else "<w:vMerge/>")
            )
            width = sum(widths[cell.column : cell.column + cell.colspan])
            text = texts[cell.row, cell.column] if line == cell.row else ""
            inner += _describe_cell(text, width, half_points, "center", True, span + merge)
        rows += f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{inner}</w:tr>"
    return rows


def _describe_cell(
    text: str, width: int, half_points: int, align: str, heavy: bool, span: str = "", keep: bool = True
) -> str:
    bold = "<w:b/>" if heavy else ""
    lines = "<w:br/>".join(f"<w:t xml:space='preserve'>{escape(line)}</w:t>" for line in text.split("\n"))
    # exact lines, as the pdf's: a fallback face's own line height would make every row taller
    line = f"<w:spacing w:line='{half_points * 13}' w:lineRule='exact'/>"
    return (
        f"<w:tc><w:tcPr><w:tcW w:w='{width}' w:type='dxa'/>{span}<w:vAlign w:val='center'/></w:tcPr><w:p><w:pPr>"
        f"<w:pStyle w:val='cell'/>{'<w:keepNext/>' if keep else ''}{line}<w:jc w:val='{align}'/></w:pPr>"
        f"<w:r><w:rPr><w:rFonts w:hint='eastAsia'/>{bold}"
        f"<w:sz w:val='{half_points}'/><w:szCs w:val='{half_points}'/></w:rPr>{lines}</w:r></w:p></w:tc>"
    )
