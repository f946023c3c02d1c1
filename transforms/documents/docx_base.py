"""An empty GB/T 9704 document for python-docx: page, styles, footers, settings; nothing of the stock template left.

Sizes in twips (1/20 pt) and half-points as OOXML counts them. Named fonts only; nothing is embedded.
"""

from __future__ import annotations

import copy
import zipfile
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

LATIN = "Times New Roman"
FACES = {
    "仿宋": "仿宋_GB2312",
    "楷体": "楷体_GB2312",
    "黑体": "黑体",
    "宋体": "宋体",
    "小标宋": "方正小标宋简体",
}
ALTERNATES = {"仿宋_GB2312": "仿宋", "楷体_GB2312": "楷体", "方正小标宋简体": "宋体"}
LINE = 579  # 225 mm / 22 lines; 580 would leave 21 lines on a page
TEXT_WIDTH = 8844  # 156 mm
LYING_WIDTH = 12756  # 225 mm: the type area on a page that lies across
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Style:
    """One paragraph style; `line` 0 means automatic spacing, `bold` stays off where the face is heavy itself."""

    id: str
    name: str
    face: str = "仿宋"
    half_points: int = 32
    align: str = "both"
    indent_chars: int = 200
    line: int = LINE
    before: int = 0
    after: int = 0
    outline: int | None = None
    keep_next: bool = False
    bold: bool = False
    based_on: str | None = "a"


STYLES = (
    Style("a", "Normal", based_on=None),
    Style("title", "Title", "小标宋", 44, "center", 0, 680, after=LINE),
    Style("h1", "heading 1", "黑体", outline=0, keep_next=True),
    Style("h2", "heading 2", "楷体", outline=1, keep_next=True),
    Style("h3", "heading 3", outline=2, keep_next=True),
    Style("flush", "主送机关", indent_chars=0),
    Style("note", "附注", half_points=24, line=400),
    Style("small", "表注", "宋体", 21, "left", 0, 300, before=40, after=60),
    Style("gap", "表后", "宋体", 21, "left", 0, 300),
    Style("caption", "题注", "黑体", 24, "center", 0, 360, before=80, after=40, keep_next=True),
    Style("figure", "图", align="center", indent_chars=0, line=0, before=80, keep_next=True),
    Style("figcap", "图题", "黑体", 24, "center", 0, 360, after=80),
    Style("cell", "表格文字", "宋体", 21, "center", 0, 0),
    Style("mark", "稿别", "黑体", 32, "right", 0),
    Style("head", "红头", "小标宋", 52, "center", 0, 0, before=1985, after=LINE),
    Style("number", "发文字号", align="center", indent_chars=0, after=160),
    Style("sign", "落款", align="right", indent_chars=0),
    Style("annex", "附件标识", "黑体", indent_chars=0, keep_next=True),
    Style("foot", "footer", "宋体", 28, "left", 0, 0),
)


# A working form keeps to its page: 小四 on 20 pt, a smaller title.
FORM_LINE = 400
FORM_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"half_points": 36, "line": 520, "after": 120},
    "h1": {"half_points": 26},
    "caption": {"half_points": 21, "line": 320, "before": 80, "after": 40},
    "cell": {"line": 270},
    "gap": {"half_points": 2, "line": 100, "before": 0, "after": 0},
    "small": {"half_points": 18, "line": 280, "before": 20, "after": 60},
}


def _shrink(style: Style) -> Style:
    line = FORM_LINE if style.line == LINE else style.line
    return replace(style, **{"half_points": min(style.half_points, 24), "line": line, **FORM_LOOKS.get(style.id, {})})


def open_base(layout: str = "公文") -> Document:
    """Return an empty document with the page, styles and footers of a layout."""
    return docx.Document(BytesIO(_make_base(layout)))


@cache
def _make_base(layout: str) -> bytes:
    """Made once a process: a publication holds thousands of papers."""
    document = docx.Document()
    _drop_parts(document)
    _replace_styles(document, tuple(_shrink(s) for s in STYLES) if layout == "表单" else STYLES)
    _replace_settings(document)
    _replace_font_table(document)
    _set_page(document, layout)
    _set_footers(document, layout)
    return save_normalised(document)


def save_normalised(document: Document) -> bytes:
    """Save with sorted names and fixed zip dates, so that the same paper gives the same bytes."""
    raw = BytesIO()
    document.save(raw)
    result = BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        names = sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            info = zipfile.ZipInfo(name, ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            target.writestr(info, source.read(name))
    return result.getvalue()


def _drop_parts(document: Document) -> None:
    """Drop thumbnail, custom XML, numbering and effects: Word asks to repair when they disagree."""
    drop = ("thumbnail", "customXml", "numbering", "stylesWithEffects", "webSettings")
    for part_rels in (document.part.rels, document.part.package.rels):
        for rid in [rid for rid, rel in part_rels.items() if rel.reltype.rsplit("/", 1)[-1] in drop]:
            del part_rels[rid]


def _replace_styles(document: Document, styles: tuple[Style, ...]) -> None:
    element = document.styles.element
    for child in list(element):
        element.remove(child)
    defaults = (
        f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr>{_fonts('仿宋')}<w:sz w:val='32'/><w:szCs w:val='32'/>"
        "<w:lang w:val='en-US' w:eastAsia='zh-CN' w:bidi='ar-SA'/></w:rPr></w:rPrDefault>"
        "<w:pPrDefault/></w:docDefaults>"
    )
    element.append(parse_xml(defaults))
    for style in styles:
        element.append(parse_xml(_describe_style(style)))
    element.append(
        parse_xml(
            f"<w:style {nsdecls('w')} w:type='table' w:default='1' w:styleId='tbl'><w:name w:val='Normal Table'/>"
            "<w:tblPr><w:tblInd w:w='0' w:type='dxa'/></w:tblPr></w:style>"
        )
    )


def _fonts(face: str) -> str:
    return f"<w:rFonts w:ascii='{LATIN}' w:eastAsia='{FACES[face]}' w:hAnsi='{LATIN}' w:cs='{LATIN}'/>"


def _describe_style(style: Style) -> str:
    spacing = (
        f" w:line='{style.line}' w:lineRule='exact'" if style.line else " w:line='240' w:lineRule='auto'"
    )
    first = style.indent_chars * style.half_points // 20 * 2
    indent = (
        f"<w:ind w:firstLineChars='{style.indent_chars}' w:firstLine='{first}'/>"
        if style.indent_chars
        else ("<w:ind w:firstLineChars='0' w:firstLine='0'/>")
    )
    based = f"<w:basedOn w:val='{style.based_on}'/>" if style.based_on else ""
    default = "" if style.based_on else " w:default='1'"
    red = "<w:color w:val='C8102E'/>" if style.id == "head" else ""
    # A negative quarter point makes 28 characters of 16 pt fit 156 mm; tables and titles stay unspaced.
    tight = "<w:spacing w:val='-5'/>" if style.half_points == 32 else "<w:spacing w:val='0'/>"
    snap = "" if style.line == LINE else "<w:snapToGrid w:val='0'/>"
    outline = "" if style.outline is None else f"<w:outlineLvl w:val='{style.outline}'/>"
    return (
        f"<w:style {nsdecls('w')} w:type='paragraph'{default} w:styleId='{style.id}'><w:name w:val='{style.name}'/>"
        f"{based}<w:qFormat/><w:pPr>{'<w:keepNext/>' if style.keep_next else ''}<w:widowControl w:val='0'/>"
        f"<w:autoSpaceDE w:val='0'/><w:autoSpaceDN w:val='0'/>{snap}"
        f"<w:spacing w:before='{style.before}' w:after='{style.after}'{spacing}/>{indent}<w:jc w:val='{style.align}'/>"
        f"{outline}</w:pPr>"
        f"<w:rPr>{_fonts(style.face)}{'<w:b/>' if style.bold else ''}{red}{tight}"
        f"<w:sz w:val='{style.half_points}'/><w:szCs w:val='{style.half_points}'/></w:rPr></w:style>"
    )


def _replace_settings(document: Document) -> None:
    element = document.settings.element
    for child in list(element):
        element.remove(child)
    for text in (
        "<w:zoom {ns} w:percent='100'/>",
        "<w:evenAndOddHeaders {ns}/>",
        "<w:drawingGridVerticalSpacing {ns} w:val='579'/>",
        "<w:characterSpacingControl {ns} w:val='compressPunctuation'/>",
        "<w:compat {ns}><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/>"
        "<w:ulTrailSpace/><w:adjustLineHeightInTable/><w:useFELayout/><w:compatSetting w:name='compatibilityMode' "
        "w:uri='http://schemas.microsoft.com/office/word' w:val='15'/></w:compat>",
        "<w:themeFontLang {ns} w:val='en-US' w:eastAsia='zh-CN'/>",
    ):
        element.append(parse_xml(text.format(ns=nsdecls("w"))))


def _replace_font_table(document: Document) -> None:
    """Name the standard's fonts and, for machines without them, the nearest that Windows has."""
    fonts = "".join(
        f"<w:font w:name='{face}'>"
        + (f"<w:altName w:val='{ALTERNATES[face]}'/>" if face in ALTERNATES else "")
        + "<w:charset w:val='86'/><w:family w:val='auto'/><w:pitch w:val='default'/></w:font>"
        for face in FACES.values()
    )
    text = f"<?xml version='1.0' encoding='UTF-8' standalone='yes'?><w:fonts {nsdecls('w')}>{fonts}</w:fonts>"
    for rel in document.part.rels.values():
        if rel.reltype.endswith("/fontTable"):
            rel.target_part._blob = text.encode()


def _set_page(document: Document, layout: str) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    top, bottom = (22, 18) if layout == "表单" else (37, 35)
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(9 if layout == "表单" else 24)
    if layout == "信函":
        # 发文机关标志 30 mm below the top edge; the lower double rule 20 mm above the bottom edge
        section.header_distance, section.footer_distance = Mm(30), Mm(20)
    properties = section._sectPr
    for grid in properties.findall(qn("w:docGrid")):
        properties.remove(grid)
    properties.append(parse_xml(f"<w:docGrid {nsdecls('w')} w:type='lines' w:linePitch='{LINE}'/>"))


def end_section(document: Document, is_numbered: bool) -> None:
    """End a section at the body's last paragraph: what follows starts a page and counts its pages anew."""
    body = document.element.body
    last = body.findall(qn("w:p"))[-1]
    section = copy.deepcopy(body.sectPr)
    set_page_numbers(section, is_numbered)
    last.get_or_add_pPr().append(section)


def turn_page(document: Document, lies: bool) -> bool:
    """Let what follows lie across, or stand upright again; pages count on. False when it does so already."""
    body = document.element.body
    size = body.sectPr.find(qn("w:pgSz"))
    if (size.get(qn("w:orient")) == "landscape") == lies:
        return False
    body.findall(qn("w:p"))[-1].get_or_add_pPr().append(copy.deepcopy(body.sectPr))
    section = document.sections[-1]
    section.orientation = WD_ORIENT.LANDSCAPE if lies else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = section.page_height, section.page_width
    edges = (Mm(28), Mm(26), Mm(37), Mm(35)) if lies else (Mm(37), Mm(35), Mm(28), Mm(26))
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = edges
    section.different_first_page_header_footer = False  # 送审稿 stands on the first page only
    return True


def measure_text(document: Document) -> int:
    """Twips from margin to margin of the section being written."""
    return LYING_WIDTH if document.sections[-1].orientation == WD_ORIENT.LANDSCAPE else TEXT_WIDTH


def keep_with_next(document: Document) -> None:
    """Keep the body's last paragraph on the page of what follows: a signature never stands alone on a page."""
    properties = document.element.body.findall(qn("w:p"))[-1].get_or_add_pPr()
    properties.get_or_add_keepNext()


def set_page_numbers(section: Any, is_numbered: bool) -> None:
    """Count a section's pages from 1; a single page without a number is a first page that has no footer of its own."""
    section.find(qn("w:cols")).addprevious(parse_xml(f"<w:pgNumType {nsdecls('w')} w:start='1'/>"))
    if not is_numbered:
        section.find(qn("w:docGrid")).addprevious(parse_xml(f"<w:titlePg {nsdecls('w')}/>"))


RULE = (
    "<w:p {ns}><w:pPr><w:pStyle w:val='foot'/><w:pBdr><w:{side} w:val='{kind}' w:sz='24' w:space='{gap}' w:color='C8102E'/></w:pBdr>"
    "<w:spacing w:before='0' w:after='0' w:line='{line}' w:lineRule='exact'/><w:ind w:left='-454' w:right='-340'/>"
    "<w:jc w:val='center'/></w:pPr>{run}</w:p>"
)


def set_letter_page(document: Document, head: str) -> None:
    """The first page of a letter: the issuer's name and a red double rule above, its twin below, no page number."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    run = (f"<w:r><w:rPr>{_fonts('小标宋')}<w:color w:val='C8102E'/><w:spacing w:val='0'/><w:sz w:val='64'/><w:szCs w:val='64'/>"
           f"</w:rPr><w:t>{head}</w:t></w:r>")  # fmt: skip
    upper = RULE.format(ns=nsdecls("w"), side="bottom", kind="thickThinSmallGap", gap=11, line=640, run=run)
    lower = RULE.format(ns=nsdecls("w"), side="bottom", kind="thinThickSmallGap", gap=0, line=120, run="")
    for part, text in ((section.first_page_header, upper), (section.first_page_footer, lower)):
        part.is_linked_to_previous = False
        _refill(part._element, text)
    for header in (section.header, section.even_page_header):  # empty, and too low to push the text down
        header.is_linked_to_previous = False
        _refill(header._element, RULE.format(ns=nsdecls("w"), side="bottom", kind="nil", gap=0, line=20, run=""))


def _refill(element: Any, text: str) -> None:
    for child in list(element):
        element.remove(child)
    element.append(parse_xml(text))


def _set_footers(document: Document, layout: str) -> None:
    section = document.sections[0]
    below = "<w:spacing w:after='227'/>" if layout == "信函" else ""  # its footers stand 4 mm lower
    _fill_footer(section.footer, "right", below)
    _fill_footer(section.even_page_footer, "left", below)


def _fill_footer(footer: Any, align: str, below: str = "") -> None:
    """— 1 — in 宋体, one character in from the outer edge."""
    footer.is_linked_to_previous = False
    face = f"<w:rPr><w:rFonts w:hint='eastAsia' w:ascii='{FACES['宋体']}' w:hAnsi='{FACES['宋体']}' w:eastAsia='{FACES['宋体']}'/></w:rPr>"
    parts = (
        "<w:t xml:space='preserve'>— </w:t>", "<w:fldChar w:fldCharType='begin'/>", "<w:instrText xml:space='preserve'> PAGE </w:instrText>",
        "<w:fldChar w:fldCharType='separate'/>", "<w:t>1</w:t>", "<w:fldChar w:fldCharType='end'/>", "<w:t xml:space='preserve'> —</w:t>",
    )  # fmt: skip
    runs = "".join(f"<w:r>{face}{part}</w:r>" for part in parts)
    side = f"<w:ind w:{align}Chars='100' w:{align}='280'/>"
    _refill(footer._element, f"<w:p {nsdecls('w')}><w:pPr><w:pStyle w:val='foot'/>{below}{side}<w:jc w:val='{align}'/></w:pPr>{runs}</w:p>")


def set_mark(document: Document, mark: str) -> None:
    """Set 送审稿 or the like above the first page's text, at the right, so that the title stays the first line."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.first_page_header.is_linked_to_previous = False
    text = (f"<w:p {nsdecls('w')}><w:pPr><w:pStyle w:val='mark'/></w:pPr><w:r><w:rPr><w:rFonts w:hint='eastAsia'/></w:rPr>"
            f"<w:t>{mark}</w:t></w:r></w:p>")  # fmt: skip
    _refill(section.first_page_header._element, text)
    _fill_footer(section.first_page_footer, "right")
