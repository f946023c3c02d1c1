"""Notices to guardians about cases: who gets which, what it says, who may issue it, and that each goes where it belongs."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pypdf
import pytest
from openxml_audit import OpenXmlValidator

from schemas.bimester import Bimester
from tests.documents.libreoffice import convert_to_pdf
from tests.documents.test_layout import STAY, check
from tests.towns.town import Town, build_town, in_school, join_tables
from transforms.documents.blocks import Opening, Paper, Signature
from transforms.documents.citations import list_citations
from transforms.documents.context import Office, read_office
from transforms.documents.docx_writer import write_docx
from transforms.documents.fonts import resolve_fonts
from transforms.documents.kinds import KINDS
from transforms.documents.notices import list_notices, write_notices
from transforms.documents.pdf import open_pdf_writer
from transforms.documents.source import TEMPLATES, TemplateFault, open_environment
from transforms.documents.templates import check_templates

# Papers in which a government or the 教委 speaks, to a guardian or to another government.
ORDERING = ("限期复学通知书", "情况通报函")
PERIOD, ISSUED = Bimester.parse("2025-B3"), date(2025, 7, 10)
OFFICE = replace(read_office(), contact="李某", phone="023-46730000")
SCHOOLS = """
学校标识码 | 学校名称 | 办学类型 | 举办者类型 | 所在镇街 | 联系人 | 联系电话
1000000001 | 甲小学 | 小学 | 公办 | 甲镇 | 周老师 | 023-46731111
1000000002 | 乙中学 | 初级中学 | 公办 | 乙街道 | - | -
"""
AREAS = """
层级 | 名称 | 上级镇街
镇街 | 甲镇 | -
镇街 | 乙街道 | -
村社 | 东村 | 甲镇
村社 | 西社区 | 乙街道
"""
# 王一 and 周七 (by feedback) and 钱四, 李六 have dropped out; 孙五 is absent, never verified; 吴八 is lost; 赵三 is back
# after his notice and dropped out again.
SAID = """
姓名 | 核实日期 | 核实单位 | 核实结果
王一 | 2025-05-08 | 镇街 | 确认辍学
钱四 | 2025-05-08 | 镇街 | 确认辍学
李六 | 2025-05-08 | 镇街 | 确认辍学
周七 | 2025-05-08 | 镇街 | 确认辍学
吴八 | 2025-05-08 | 镇街 | 失联
赵三 | 2025-03-08 | 镇街 | 确认辍学
赵三 | 2025-06-08 | 镇街 | 确认辍学
"""
VISITS = """
姓名 | 劝返日期 | 劝返单位 | 劝返人 | 方式 | 文书名称 | 送达日期 | 辍学日期 | 辍学原因 | 结果
王一 | 2025-05-10 | 学校 | 班主任 | 家访 | - | - | 2025-04-20 | 学习困难 | 未返校
王一 | 2025-05-12 | 学校 | 班主任 | 电话 | - | - | - | - | 承诺复学
钱四 | 2025-05-10 | 学校 | 班主任 | 家访 | 劝学通知书 | 2025-05-10 | 2025-04-20 | 外出务工 | 未返校
钱四 | 2025-05-28 | 镇街 | 镇干部 | 约谈 | - | - | - | - | 未返校
李六 | 2025-06-20 | 学校 | 班主任 | 家访 | 《劝学通知书》 | 2025-06-20 | - | - | 未返校
周七 | 2025-06-28 | 学校 | 班主任 | 家访 | 劝学通知书 | 2025-06-28 | - | - | 未返校
赵三 | 2025-03-10 | 学校 | 班主任 | 家访 | 劝学通知书 | 2025-03-10 | - | - | 未返校
赵三 | 2025-04-02 | 学校 | 班主任 | 家访 | - | - | - | - | 已复学
"""
ABSENT = """
月份 | 学校标识码 | 年级 | 班级 | 姓名 | 应到天数 | 缺勤天数 | 最长连续无故缺勤天数 | 缺勤起始日 | 在校状态
2025-05 | 1000000001 | 3 | 1班 | 孙五 | 18 | 0 | 0 | - | 在校
2025-06 | 1000000001 | 3 | 1班 | 孙五 | 20 | 9 | 9 | 2025-06-16 | 无故缺勤
"""


@pytest.fixture(scope="module")
def town() -> Town:
    far = {k: v.replace("甲镇 | 东村", "乙街道 | 西社区") for k, v in in_school("李六", grade="7", school="1000000002").items()}
    pupils = join_tables(in_school("王一 钱四 孙五 周七 吴八 赵三"), far)
    present = "\n".join(f"2025-{m} | 1000000001 | 3 | 1班 | {n} | 18 | 0 | 0 | - | 在校" for m in ("05", "06")
                        for n in "王一 钱四 周七 吴八 赵三".split())  # fmt: skip
    present += "\n" + "\n".join(f"2025-{m} | 1000000002 | 7 | 1班 | 李六 | 18 | 0 | 0 | - | 在校" for m in ("05", "06"))
    pupils["child"] = "\n".join(
        line + (" | 监护人姓名" if i == 0 else f" | {line.split(' | ')[0]}之父") for i, line in enumerate(pupils["child"].split("\n"))
    )
    return build_town(**pupils | {"school": SCHOOLS, "area": AREAS, "verification": SAID, "persuasion": VISITS,
                                  "attendance": f"{ABSENT.rstrip()}\n{present}"})  # fmt: skip


def notices(town: Town, office: Office = OFFICE, issued: date = ISSUED) -> dict[tuple[str, str], Paper]:
    return {(place, name): paper for place, name, paper in list_notices(town.con, PERIOD, issued, office, {"作者": office.issuer})}


def say(paper: Paper) -> str:
    body = docx.Document(io.BytesIO(write_docx(paper, ISSUED))).element.body
    return "\n".join("".join(t.text or "" for t in p.iter("{*}t")) for p in body.iter("{*}p"))


def cases_of(town: Town) -> dict[str, str]:
    return dict(town.rows('select p.name, c.case_no from cases."case" as c join conformed.person as p using (child_key)'
                          " where c.state <> '已销号'"))  # fmt: skip


def test_each_notice_goes_where_it_belongs(town: Town):
    """Urged: dropped out or absent, and not yet given a notice. Ordered: the answer to a notice has been due."""
    found = notices(town)
    case = cases_of(town)
    assert set(found) == {
        ("学校/1000000001 甲小学", "劝学通知书"),
        ("镇街/甲镇", f"限期复学通知书（{case['钱四']}）"),
        ("区级", f"限期复学通知书（{case['李六']}）"),  # 乙街道 has no government that may order
    }
    urged = say(found["学校/1000000001 甲小学", "劝学通知书"])
    named = {name for name in "王一 赵三 钱四 孙五 李六 周七 吴八".split() if name in urged}
    assert named == {"王一", "孙五", "赵三"}


def test_no_order_is_made_before_the_data_reach_the_day_of_the_answer(town: Town):
    """周七: served on 28 June, to be answered by 5 July, of which data of 30 June know nothing, whenever the paper is issued."""
    name = f"限期复学通知书（{cases_of(town)['周七']}）"
    assert ("镇街/甲镇", name) not in notices(town, issued=date(2025, 7, 31))


def test_a_draft_says_so_over_each_notice(town: Town, tmp_path: Path):
    write_notices(town.con, tmp_path, PERIOD, 1, ISSUED, manifest_id="m", draft=True, system_fonts=False)
    files = [path for path in tmp_path.rglob("*.pdf") if path.stem[:4] in ("劝学通知", "限期复学")]
    for path in files:
        pages = [page.extract_text() for page in pypdf.PdfReader(path).pages]
        firsts = [text for text in pages if "编号：" in text and "送达文书" not in text]
        assert firsts and all("送审稿" in text for text in firsts), path
        marked = [p.text for p in docx.Document(str(path.with_suffix(".docx"))).paragraphs if "送审稿" in p.text]
        assert marked == [("送审稿　待审核" if path.stem.startswith("限期") else "送审稿")] * len(firsts)
    assert {path.parent.name for path in files} == {"1000000001 甲小学", "甲镇", "区级"}


def test_a_school_urges_and_offers_help(town: Town):
    text = say(notices(town)["学校/1000000001 甲小学", "劝学通知书"])
    for words in ("王一之父（王一的监护人）", "自2025年4月20日起未到校上课，经核实为辍学", "2025年5月10日学校家访；2025年5月12日学校电话",
                  "收到本通知书之日起7日内", "补习所缺课程", "周老师", "023-46731111", "2025年7月10日", "送达回证"):  # fmt: skip
        assert words in text
    assert "自2025年6月16日起未到校上课，未见请假、休学或者转学手续" in text
    assert "此前已与你联系1次" not in text  # the visit before 赵三 came back is no contact about this absence


def test_in_term_time_the_child_is_asked_back_within_days_and_in_the_holidays_at_the_opening(town: Town):
    name = f"限期复学通知书（{cases_of(town)['钱四']}）"
    summer, autumn = notices(town), notices(town, issued=date(2025, 9, 10))
    assert "请在2025年9月1日开学时送孩子返校学习" in say(summer["学校/1000000001 甲小学", "劝学通知书"])
    assert "请在收到本通知书之日起7日内（自收到的次日起算），送孩子返校学习" in say(autumn["学校/1000000001 甲小学", "劝学通知书"])
    assert "责令你在收到本通知书之日起7日内" in say(autumn["镇街/甲镇", name])


def test_an_order_waits_for_a_person(town: Town):
    case = cases_of(town)["钱四"]
    paper = notices(town)["镇街/甲镇", f"限期复学通知书（{case}）"]
    text = say(paper)
    for words in (case, "待审核", "钱四之父", "重庆市荣昌区甲镇人民政府", "2025年5月28日", "约谈", "至2025年5月17日期满",
                  "《中华人民共和国义务教育法》第五十八条", "责令你在2025年9月1日开学时送钱四到", "第十六条第（五）项", "第十七条第（五）项",
                  "第一百一十八条", "陈述和申辩", "第十三条", "李某", "送达回证"):  # fmt: skip
        assert words in text
    assert isinstance(paper.blocks[0], Opening) and "〔" not in paper.blocks[0].number  # no 文号
    assert "　　　　年　　月　　日" in text and "2025年7月10日" not in text
    assert "第八十三条" not in text  # the power of the 教育行政部门 alone


def test_the_district_orders_for_a_sub_district_and_everywhere_when_it_is_set_so(town: Town):
    case = cases_of(town)
    text = say(notices(town)["区级", f"限期复学通知书（{case['李六']}）"])
    assert "重庆市荣昌区教育委员会" in text and "第八十三条第二款" in text and "我委责令你" in text and "人民政府" not in text
    own = replace(OFFICE, order_issuer="教委", order_title="限期返校通知书")
    assert {place for place, name in notices(town, own) if name.startswith("限期复学")} == {"区级"}
    assert "限期返校通知书" in say(notices(town, own)["区级", f"限期复学通知书（{case['钱四']}）"])


def test_remedies_are_printed_once_the_lawyer_has_confirmed(town: Town):
    name = ("镇街/甲镇", f"限期复学通知书（{cases_of(town)['钱四']}）")
    assert "行政复议" not in say(notices(town)[name])
    text = say(notices(town, replace(OFFICE, remedy="是"))[name])
    assert "六十日内向重庆市荣昌区人民政府申请行政复议" in text and "六个月内向人民法院提起诉讼" in text


def test_a_choice_that_is_none_is_said(tmp_path: Path):
    (tmp_path / "office.yaml").write_text("remedy: yes\n", encoding="utf-8")
    with pytest.raises(TemplateFault, match=r"office\.yaml 中“remedy”应为是或否"):
        check_templates(tmp_path, KINDS)


@pytest.mark.parametrize(
    ("name", "text"),
    [("劝学通知书.md.j2", "{{ child_txt }}"), ("限期复学通知书.md.j2", "{{ we }}\n::: 表 劝返\n:::")],
)
def test_the_offices_own_notice_is_checked_against_what_a_notice_holds(tmp_path: Path, name: str, text: str):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(TemplateFault, match="没有"):
        check_templates(tmp_path, KINDS)


def test_files_are_the_same_twice_and_each_sheet_starts_on_an_odd_page(town: Town, tmp_path: Path):
    """A notice and its receipt are parted when printed on both sides; the pages of each notice count from 1."""
    for folder in ("a", "b"):
        write_notices(town.con, tmp_path / folder, PERIOD, 1, ISSUED, manifest_id="m", system_fonts=False)
    files = {p.relative_to(tmp_path / "a"): p.read_bytes() for p in (tmp_path / "a").rglob("*.*")}
    assert len(files) == 6 and files == {p.relative_to(tmp_path / "b"): p.read_bytes() for p in (tmp_path / "b").rglob("*.*")}
    paper = notices(town)["学校/1000000001 甲小学", "劝学通知书"]
    writer = open_pdf_writer(resolve_fonts((), system=False))
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(writer.write(paper, ISSUED))).pages]
    firsts = [i for i, text in enumerate(pages) if "编号：" in text and "送达文书" not in text]
    slips = [i for i, text in enumerate(pages) if "送达文书" in text]
    assert len(firsts) == len(slips) == 3 and all(i % 2 == 0 for i in firsts + slips)
    assert all("— 1 —" in pages[i] for i in firsts) and not any("—" in pages[i] for i in slips)
    assert [text for text in pages if text.strip().startswith("—")] == []  # an empty back bears no number


def test_docx_numbers_each_notice_from_one(town: Town):
    paper = notices(town)["学校/1000000001 甲小学", "劝学通知书"]
    document = docx.Document(io.BytesIO(write_docx(paper, ISSUED)))
    assert len(document.sections) == 6
    assert document.element.xml.count('w:pgNumType w:start="1"') == 6
    assert [s.different_first_page_header_footer for s in document.sections] == [False, True] * 3


def test_no_template_of_a_school_orders_or_threatens():
    """domain §9: 责令, 处罚, 罚款 never in a school's own words; a quoted article stands only in the 入学通知书."""
    for path in TEMPLATES.glob("*.md.j2"):
        text = path.read_text(encoding="utf-8")
        assert "罚款" not in text, path.name  # no fine for a guardian anywhere; a 函 quotes those for employers by `quote`
        if path.name.removesuffix(".md.j2") not in ORDERING:
            assert not re.search("责令|处罚|强制执行", text), path.name


def test_the_articles_that_the_notices_must_name():
    """domain §9: art. 11 and 5 ¶2 of 义务教育法; 未保法 16(5), 17(5), 28, 83, 118; never the old art. 13."""
    named = {name: {(c.article.law[-5:], c.article.number) for c in list_citations(open_environment(), (TEMPLATES / name).read_text("utf-8"))}
             for name in ("入学通知书.md.j2", "劝学通知书.md.j2", "限期复学通知书.md.j2")}  # fmt: skip
    education, minors = "义务教育法", "年人保护法"
    assert all({(education, 5), (education, 11)} <= cited for cited in named.values())
    assert {(education, 58), (minors, 16), (minors, 17)} <= named["入学通知书.md.j2"]
    assert (minors, 28) in named["劝学通知书.md.j2"]
    assert {(education, 13), (education, 58), *((minors, n) for n in (16, 17, 83, 118))} <= named["限期复学通知书.md.j2"]


def test_office_programs_are_expected_to_open_a_file_of_several_notices(town: Town, tmp_path: Path):
    for number, paper in enumerate(notices(town).values()):
        path = tmp_path / f"{number}.docx"
        path.write_bytes(write_docx(paper, ISSUED))
        result = OpenXmlValidator().validate(str(path))
        assert result.is_valid, [str(error) for error in result.errors][:3]


def test_a_signed_notice_keeps_to_the_standards_faces_and_lines(town: Town, tmp_path: Path):
    """Own to a notice: its title without red head, its receipt (a form: 五号 note, no text lines), no 版记, 待审核 above the title."""
    for paper in notices(town).values():
        end = next(i for i, block in enumerate(paper.blocks) if isinstance(block, Signature))
        signed = replace(paper.blocks[end], day="2025年7月14日")
        opening = paper.blocks[0]
        assert isinstance(opening, Opening)
        path = tmp_path / "文.docx"
        path.write_bytes(write_docx(replace(paper, title=opening.title, blocks=(*paper.blocks[1:end], signed)), ISSUED))
        found = check(path)
        assert [issue for issue in found if issue["severity"] != "P2"] == []
        assert {issue["rule_id"] for issue in found} <= set(STAY)


@pytest.mark.office
def test_libreoffice_counts_our_pages(town: Town, tmp_path: Path):
    """Empty backs apart, which only the pdf prints: Word and LibreOffice add them when they print on both sides."""
    writer = open_pdf_writer(resolve_fonts((), system=False))
    papers = dict(enumerate(notices(town).values()))
    for number, paper in papers.items():
        (tmp_path / f"{number}.docx").write_bytes(write_docx(paper, ISSUED))
    out = convert_to_pdf([tmp_path / f"{number}.docx" for number in papers], tmp_path)
    for number, paper in papers.items():
        ours = [p for p in pypdf.PdfReader(io.BytesIO(writer.write(paper, ISSUED))).pages if p.extract_text().strip()]
        theirs = pypdf.PdfReader(out / f"{number}.pdf").pages
        assert abs(len(ours) - len(theirs)) <= 1, number


def test_nobody_is_ordered_back_on_a_day_when_the_child_is_past_school_age():
    """Fifteen on 31 August 2025: in June an order is right, in the holidays it would name 1 September."""
    world = {name: text.replace("2011-03-01", "2009-11-25") for name, text in in_school("陈九", grade="8").items()}
    said = "姓名 | 核实日期 | 核实单位 | 核实结果\n陈九 | 2025-05-08 | 镇街 | 确认辍学"
    visit = "\n".join([VISITS.strip().split("\n")[0], "陈九 | 2025-05-10 | 学校 | 班主任 | 家访 | 劝学通知书 | 2025-05-10 | - | - | 未返校"])
    town = build_town(**world, verification=said, persuasion=visit)
    assert [len(notices(town, issued=day)) for day in (date(2025, 6, 20), ISSUED)] == [1, 0]
