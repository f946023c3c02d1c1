"""The bimonthly report's papers, read back as a clerk would."""

from __future__ import annotations

import itertools
import re
import zipfile
from collections import Counter
from io import BytesIO
from pathlib import Path

import docx
import pypdf
import pytest

from schemas.bimester import Bimester
from tests.documents.conftest import ISSUED, publish
from tests.documents.world import build_world
from transforms.documents.papers import write_papers
from transforms.documents.reconcile import FiguresDisagree

UP, WORKING = "区级/双月报上报稿", "区级/双月报工作底稿"


def read_docx(path: Path) -> str:
    document = docx.Document(str(path))
    texts = ["".join(t.text or "" for t in p.iter("{*}t")) for p in document.element.body.iter("{*}p")]
    return "\n".join(texts)


def read_pdf(path: Path) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def numbers(text: str) -> Counter[str]:
    return Counter(re.findall(r"\d+(?:\.\d+)?", text))


def test_the_report_to_be_sent_keeps_to_four_pages(paper_folder, perfect_folder, summer_folder):
    for folder in (paper_folder, perfect_folder, summer_folder):
        assert len(pypdf.PdfReader(folder / f"{UP}.pdf").pages) <= 4


def test_pages_are_numbered_in_order(paper_folder, summer_folder):
    for folder in (paper_folder, summer_folder):
        pages = pypdf.PdfReader(folder / f"{WORKING}.pdf").pages
        found = [re.findall(r"— ?(\d+) ?—", page.extract_text()) for page in pages]
        assert [number[-1] for number in found] == [str(n) for n in range(1, len(pages) + 1)]


def test_the_four_sections_stand_in_their_order(paper_folder):
    text = read_docx(paper_folder / f"{UP}.docx")
    assert re.findall(r"^[一二三四五]、.+$", text, re.M) == [
        "一、基本情况",
        "二、主要做法",
        "三、存在问题",
        "四、下一步工作",
    ]
    assert "截至6月30日，全区有义务教育阶段学校60所" in text
    assert "适龄儿童少年应入学47670人，已入学47640人，未入学30人，入学率99.94%" in text
    assert text.rstrip().endswith("重庆市荣昌区教育委员会\n2025年7月10日")


def test_docx_and_pdf_print_the_same_figures(paper_folder):
    for name in (UP, WORKING):
        word, pdf = (
            numbers(text)
            for text in (read_docx(paper_folder / f"{name}.docx"), read_pdf(paper_folder / f"{name}.pdf"))
        )
        # The pdf also carries page numbers, repeated headings and the charts' own labels.
        assert not word - pdf, name


def test_the_report_to_be_sent_tells_nothing_of_the_house(paper_folder):
    text = read_docx(paper_folder / f"{UP}.docx") + read_pdf(paper_folder / f"{UP}.pdf")
    schools = build_world(Bimester.parse("2025-B3"), schools=60).execute(
        "select school_name from conformed.school"
    )
    names = [name.removeprefix("重庆市荣昌区") for (name,) in schools.fetchall()]
    for word in ("7c1f9a30d2", "第1版", "v1", "～", "清单编号", *names):
        assert word not in text


def test_version_and_manifest_stand_in_the_properties_and_the_working_paper(paper_folder):
    for name in (UP, WORKING):
        keywords = docx.Document(str(paper_folder / f"{name}.docx")).core_properties.keywords
        subject = str(pypdf.PdfReader(paper_folder / f"{name}.pdf").metadata)
        for word in ("2025-B3", "v1", "7c1f9a30d2"):
            assert word in keywords
            assert word in subject
    assert "清单编号7c1f9a30d2" in read_docx(paper_folder / f"{WORKING}.docx")


@pytest.mark.parametrize("which", ["paper_folder", "perfect_folder", "summer_folder", "second_folder"])
def test_no_section_is_empty_and_no_zero_is_dressed_as_a_figure(which, request):
    folder = request.getfixturevalue(which)
    for name in (UP, WORKING):
        document = docx.Document(str(folder / f"{name}.docx"))
        prose = [(p.style.name, p.text) for p in document.paragraphs]
        for (style, text), (after, _) in itertools.pairwise(prose):
            level = {"Heading 1": 1, "Heading 2": 2}
            assert not (style in level and level.get(after, 9) <= level[style]), f"{text}下面没有内容"
        body = "\n".join(text for style, text in prose if style in ("Normal", "主送机关"))
        assert not re.search(r"(?<![\d.])0(人|个|所|校次|行|份|条)", body)
        assert not re.search(r"(?<!\d)0\.00%", body)
        assert "None" not in body and "—人" not in body and "。。" not in body and "，。" not in body


def test_a_perfect_issue_says_its_zeros_as_sentences(perfect_folder):
    text = read_docx(perfect_folder / f"{UP}.docx")
    for sentence in (
        "适龄儿童少年应入学47670人，全部入学，入学率100.00%",
        "入学率、巩固率均达到100%的目标。",
        "本期未发现疑似辍学学生。",
        "全区无辍学未返学生。",
        "本期比对核查未发现突出问题。",
    ):
        assert sentence in text


def test_a_summer_issue_has_its_own_shape(summer_folder):
    text = read_docx(summer_folder / f"{UP}.docx") + read_docx(summer_folder / f"{WORKING}.docx")
    assert "7—8月为暑假，不统计在校情况" in text
    assert "做好秋季入学衔接。秋季学期已经开学" in text and "秋季学期已于9月1日开学" in text  # dated 10 September
    assert re.search(r"本期小学毕业生\d+人、初中毕业生\d+人、休学期末在册\d+人。", text)
    for word in ("）在校情况", "籍在人不在", "报送率"):
        assert word not in text.split("指标口径")[0]
    assert not (summer_folder / "区级/报送情况统计表.xlsx").exists()


def test_the_brief_stands_this_period_beside_the_last(paper_folder, perfect_folder):
    """未返校 is 劝返中 and 失联 of the cases now, and of the history's counts then: 4 and 2 × 2 + 2."""
    for folder, wanted in ((paper_folder, ["4人", "6人", "差4人"]), (perfect_folder, ["无", "无", "已清零"])):
        table = docx.Document(str(folder / "区级/领导参阅件.docx")).tables[0]
        rows = {row.cells[0].text: [cell.text for cell in row.cells[1:]] for row in table.rows}
        assert list(rows) == ["指标", "适龄儿童少年入学率", "学年巩固率", "期末未返校学生", "期末疑似对象", "报送率"]
        assert rows["期末未返校学生"] == wanted


def test_a_second_version_explains_what_changed(second_folder, paper_folder):
    text = read_docx(second_folder / f"{WORKING}.docx")
    assert "数据更正说明" in text and "适龄儿童少年入学率未入学人数" in text
    first = docx.Document(str(second_folder / f"{WORKING}.docx")).sections[0].first_page_header
    assert "送审稿" in "".join(p.text for p in first.paragraphs) and "送审稿" in read_pdf(second_folder / f"{WORKING}.pdf")
    for text in (read_docx(second_folder / f"{UP}.docx"), read_pdf(second_folder / f"{UP}.pdf")):
        assert "重庆市荣昌区教育委员会文件" in text and "荣教〔2025〕31号" in text
    assert "数据更正说明" not in read_docx(paper_folder / f"{WORKING}.docx")
    assert "数据更正" not in read_docx(second_folder / f"{UP}.docx")


def test_the_working_paper_shows_which_rules_earn_their_keep(paper_folder):
    """Only comparisons that verification decides; the sentence counts them, the table closes line by line."""
    text = read_docx(paper_folder / f"{WORKING}.docx")
    assert "籍在人不在提出40人，已核实30人，其中属实12人。" in text and "比对规则成效" not in read_docx(paper_folder / f"{UP}.docx")
    tables = [t for t in docx.Document(str(paper_folder / f"{WORKING}.docx")).tables if "准确率" in t.rows[0].cells[-1].text]
    rows = [[cell.text for cell in row.cells] for row in tables[0].rows[1:]]
    assert rows[:2] == [["籍在人不在", "合计", "40", "12", "18", "10", "40.00"], ["籍在人不在", "疑似辍学", "30", "12", "10", "8", "54.55"]]
    assert all(int(row[2]) == sum(map(int, row[3:6])) for row in rows) and "一人多籍" not in str(rows)


def test_table_headings_repeat_on_each_page(paper_folder):
    document = docx.Document(str(paper_folder / f"{WORKING}.docx"))
    for table in document.tables:
        assert "w:tblHeader" in table.rows[0]._tr.xml
    pages = [page.extract_text() for page in pypdf.PdfReader(paper_folder / f"{WORKING}.pdf").pages]
    assert sum("序号" in page and "巩固率" in page for page in pages) >= 2


def test_the_same_inputs_give_the_same_bytes(tmp_path, paper_folder):
    again = publish(tmp_path)
    files = sorted(p.relative_to(paper_folder) for p in paper_folder.rglob("*.*") if p.is_file())
    assert files == sorted(p.relative_to(again) for p in again.rglob("*.*") if p.is_file())
    for name in files:
        assert (again / name).read_bytes() == (paper_folder / name).read_bytes(), name


def test_docx_carries_no_clock_and_opens_as_chinese_official_paper(paper_folder):
    with zipfile.ZipFile(paper_folder / f"{UP}.docx") as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        styles, settings = (package.read(f"word/{name}.xml").decode() for name in ("styles", "settings"))
        body = package.read("word/document.xml").decode()
        assert "w:altName w:val='仿宋'" in package.read("word/fontTable.xml").decode()
    for face in ("仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体"):
        assert face in styles
    assert "evenAndOddHeaders" in settings
    assert 'w:linePitch="579"' in body and 'w:top="2098"' in body
    with zipfile.ZipFile(paper_folder / f"{WORKING}.docx") as package:
        assert package.read("word/document.xml").decode().count("descr=") >= 3  # each chart says itself in words


def test_sums_that_do_not_hold_stop_the_papers(tmp_path):
    period = Bimester.parse("2025-B3")
    con = build_world(period, schools=8)
    con.execute("update indicators.ladder set children = children + 1 where label = '死亡'")
    with pytest.raises(FiguresDisagree, match="逐项相减不等于应入学人数"):
        write_papers(con, tmp_path, period, 1, ISSUED, draft=False, manifest_id="x", system_fonts=False)
    assert not list(tmp_path.iterdir())


def test_figures_not_reported_are_said_so(tmp_path):
    period = Bimester.parse("2025-B3")
    con = build_world(period, schools=8)
    con.execute("delete from indicators.value where indicator = 'retention_rate_year'")
    con.execute("update indicators.value set numerator = null, denominator = null, rate = null "
                "where indicator = 'in_school_rate'")  # fmt: skip
    write_papers(con, tmp_path, period, 1, ISSUED, draft=False, manifest_id="x", system_fonts=False)
    text = read_docx(tmp_path / f"{UP}.docx")
    assert "缺少学年初学籍名册，学年巩固率本期不作统计" in text
    assert "本期学校月报未报送，在校率不作统计" in text


def test_pdf_is_archival_and_carries_alt_text(paper_folder):
    data = (paper_folder / f"{UP}.pdf").read_bytes()
    assert b"pdfaid" in data
    assert pypdf.PdfReader(BytesIO(data)).metadata["/CreationDate"].startswith("D:20250710")
