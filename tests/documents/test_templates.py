"""The office's own words: taken in place of ours, and checked before anything is built."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.faults import PublicError
from flows.printing import check_words
from flows.settings import Home, read_reference_hash
from schemas.bimester import Bimester
from tests.documents.conftest import ISSUED
from tests.documents.test_papers import UP, read_docx
from tests.documents.world import build_world
from transforms.documents.context import read_office
from transforms.documents.papers import write_papers
from transforms.documents.source import TEMPLATES, TemplateFault, fill_template
from transforms.documents.templates import Kind, check_templates, list_folders

PERIOD = Bimester.parse("2025-B3")
UP_SOURCE = "双月报上报稿.md.j2"


@dataclass(frozen=True)
class Pupil:
    name: str
    visits: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        return True


@dataclass(frozen=True)
class Letter:
    school: str
    pupils: tuple[Pupil, ...]
    eldest: Pupil | None = None


KINDS = {"双月报上报稿.md.j2": Kind("双月报上报稿.md.j2", Letter, tables=("人数",))}


def own(folder: Path, text: str, name: str = UP_SOURCE) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("甲\n{{ schol }}", "第2行：没有“schol”"),
        ("{% if false %}\n\n{{ school.nam }}{% endif %}", "第3行：没有“nam”"),
        ("{% for p in pupils %}\n{{ p.nane }}\n{% endfor %}", "第2行：没有“nane”"),
        ("{% for p in pupils %}{{ p.name }}{% endfor %}{{ p.name }}", "第1行：没有“p”"),
        ("{{ eldest.nmae }}", "第1行：没有“nmae”"),
        ('{% import "句式.md.j2" as say %}\n{{ say.greeting() }}', "第2行：没有“greeting”"),
        ("甲\n{% if %}", "第2行：写法有误"),
        ("::: 表 人数\n:::\n\n::: 表 人头\n:::\n", "第4行：没有名为“表 人头”"),
    ],
)
def test_a_fault_in_a_template_is_named_with_its_line(tmp_path, text, said):
    with pytest.raises(TemplateFault, match=f"模板 双月报上报稿.md.j2 {said}"):
        check_templates(own(tmp_path, text), KINDS)


@pytest.mark.parametrize(
    "text",
    [
        "{% for p in pupils if p.known %}{{ loop.index }}{{ p.visits | length }}{{ p.name.strip() }}{% endfor %}",
        "{% set first = eldest %}{{ first.name }}{% if nobody is defined %}{% endif %}",
        "{% macro m(x) %}{{ x.anything }}{% endmacro %}{{ m(school) }}",
    ],
)
def test_what_the_paper_holds_is_no_fault(tmp_path, text):
    check_templates(own(tmp_path, text), KINDS)


def test_a_file_name_that_no_template_has_is_said(tmp_path):
    with pytest.raises(TemplateFault, match=r"没有名为 双月报.md.j2 的模板，可用的有：.*双月报上报稿\.md\.j2.*office\.yaml"):
        check_templates(own(tmp_path, "甲", "双月报.md.j2"), KINDS)


@pytest.mark.parametrize(
    ("text", "said"), [("isuer: 甲", "没有“isuer”"), ("issuer: [", "第1行：写法有误"), ("- 甲", "不是“名称: 值”")]
)
def test_a_fault_in_the_offices_own_name_card_is_said(tmp_path, text, said):
    with pytest.raises(TemplateFault, match=f"office.yaml.*{said}"):
        check_templates(own(tmp_path, text, "office.yaml"), KINDS)


def test_a_home_may_set_a_part_of_its_name_card(tmp_path):
    office = read_office(list_folders(own(tmp_path, "phone: 023-00000000\n", "office.yaml")))
    assert (office.phone, office.district) == ("023-00000000", "荣昌区")


def test_a_misspelt_branch_is_found_though_it_is_not_taken(tmp_path):
    with pytest.raises(TemplateFault, match="第2行：没有“amuont”这个数据项"):
        fill_template("试.md.j2", {"amount": 3}, (own(tmp_path, "{{ amount }}\n{% if amount > 9 %}{{ amuont }}{% endif %}", "试.md.j2"),))


def test_the_offices_words_stand_in_the_paper(tmp_path, paper_folder):
    words = (TEMPLATES / UP_SOURCE).read_text(encoding="utf-8").replace("现将有关情况报告如下", "现将我区情况汇报如下")
    con = build_world(PERIOD, schools=8)
    write_papers(con, tmp_path / "out", PERIOD, 1, ISSUED, draft=False, manifest_id="x", system_fonts=False,
                 templates=own(tmp_path / "templates", words))  # fmt: skip
    assert "现将我区情况汇报如下" in read_docx(tmp_path / f"out/{UP}.docx")
    assert "现将我区情况汇报如下" not in read_docx(paper_folder / f"{UP}.docx")


def test_templates_count_as_an_input_and_a_fault_stops_the_run_before_it_builds(tmp_path):
    home = Home(tmp_path)
    bare = read_reference_hash(home)
    own(home.templates, "{{ 甲 }")
    assert read_reference_hash(home) != bare
    with pytest.raises(PublicError, match=r"双月报上报稿\.md\.j2 第1行"):
        check_words(home)


@pytest.mark.parametrize("name", [UP_SOURCE, "句式.md.j2"])
@pytest.mark.parametrize("way", [
    "{{ citation.__globals__.os.popen('touch BAD').read() }}", "{{ ''['__class__'] }}", "{{ ''|attr('__class__') }}",
])  # fmt: skip
def test_a_template_cannot_reach_a_program(tmp_path, name, way):
    home = Home(tmp_path)
    own(home.templates, f"字\n{way}", name)
    with pytest.raises(PublicError, match=rf"{name[:2]}.*第2行：不能用以下划线开头的“__"):
        check_words(home)


@pytest.mark.parametrize("way", [
    "{{ lipsum.__globals__ }}", "{{ ''[under + 'class' + under] }}", "{{ '{0.__class__}'.format(under) }}",
    "{{ rows.append(1) }}", "{% for n in range(999999999) %}{% endfor %}",
])  # fmt: skip
def test_what_only_shows_as_it_is_filled_is_stopped_too(tmp_path, way):
    with pytest.raises(TemplateFault, match=r"试\.md\.j2 第1行：.*(下划线|不能这样写)"):
        fill_template("试.md.j2", {"under": "__", "rows": [1]}, (own(tmp_path, way, "试.md.j2"),))
