"""The law as papers cite it: declared once, in force, and never by heart."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from schemas.law import (
    LEGAL_TEXTS,
    NUMBERS,
    UnknownCitation,
    cite,
    find_article,
    point,
    quote,
    read_articles,
    write_number,
)
from tests.documents.test_templates import own
from transforms.documents.citations import list_citations
from transforms.documents.source import TEMPLATES, TemplateFault, fill_template, open_environment
from transforms.documents.templates import check_templates

# Papers that legal_texts.csv names by the domain's word for them.
DECLARED_AS = {"残疾儿童一人一案": "一人一案", "疑似辍学学生情况报告": "书面报告"}
OFFICIAL = sorted(path.name for path in TEMPLATES.glob("*.md.j2"))


def test_every_declared_article_is_read_with_law_version_and_papers():
    articles = read_articles()
    assert len(articles) == 31 and all(a.version and a.text and a.used_in for a in articles.values())
    duty = find_article("义务教育法", 5)
    assert duty.paragraphs[1] == "适龄儿童、少年的父母或者其他法定监护人应当依法保证其按时入学接受并完成义务教育。"


def test_a_citation_is_spelled_in_chinese_numerals():
    assert cite("义务教育法", 58) == "《中华人民共和国义务教育法》第五十八条"
    assert point("义务教育法", 5, 2) == "第五条第二款"
    assert cite("未成年人保护法", 16, item=5) == "《中华人民共和国未成年人保护法》第十六条第（五）项"
    assert cite("残疾人教育条例", 17) == "《残疾人教育条例》第十七条"
    assert [write_number(n) for n in (2, 10, 11, 20, 61, 100, 105, 118)] == "二 十 十一 二十 六十一 一百 一百零五 一百一十八".split()
    assert len(NUMBERS) == 199


def test_an_item_is_quoted_as_it_stands_in_a_sentence():
    words = "放任或者迫使应当接受义务教育的未成年人失学、辍学"
    assert quote("未成年人保护法", 17, item=5) == words


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (("未成年人保护法", 13), "2020年修订前"),
        (("义务教育法", 99), "没有登记"),
        (("教育法", 5), "没有登记"),
        (("义务教育法", 58, 2), "没有第二款"),
        (("未成年人保护法", 16, 0, 12), "没有第（十二）项"),
    ],
)
def test_what_is_repealed_or_not_declared_is_refused(where: tuple[str, int], said: str):
    with pytest.raises(UnknownCitation, match=said):
        cite(*where)


def test_a_repealed_article_cannot_be_declared_again(tmp_path: Path):
    rows = list(csv.DictReader(LEGAL_TEXTS.read_text(encoding="utf-8-sig").splitlines()))
    path = tmp_path / "legal_texts.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0])
        writer.writeheader()
        writer.writerows([*rows, rows[12] | {"article": "第十三条"}])
    with pytest.raises(UnknownCitation, match="2020年修订前"):
        read_articles(path)


@pytest.mark.parametrize("text", ["好\n{% if false %}{{ cite('未成年人保护法', 13) }}{% endif %}", "好\n{{ cite(law, 5) }}"])
def test_the_offices_own_template_cannot_cite_what_is_not_law(tmp_path: Path, text: str):
    with pytest.raises(TemplateFault, match="第2行"):
        check_templates(own(tmp_path / "templates", text), {})


def test_a_citation_fails_at_its_line_when_a_template_is_filled(tmp_path: Path):
    own(tmp_path, "一\n二{{ cite('义务教育法', 600) }}", "信.md.j2")
    with pytest.raises(TemplateFault, match=r"信\.md\.j2 第2行：《中华人民共和国义务教育法》"):
        fill_template("信.md.j2", {}, (tmp_path,))


@pytest.mark.parametrize("name", OFFICIAL)
def test_a_template_cites_only_through_the_declared_law(name: str):
    """No article stands in a template as plain words, and each is declared for the paper that uses it."""
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    citations = list(list_citations(open_environment(), text))
    assert not re.search(r"第[一二三四五六七八九十百零]+条", text)
    paper = DECLARED_AS.get(name.removesuffix(".md.j2"), name.removesuffix(".md.j2"))
    assert [f"第{c.line}行 {c.article.law}{c.article.number}" for c in citations if paper not in c.article.used_in] == []
