"""The questions of the analysts' file: every example runs, and each answers what its name says."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.indicators import INDICATORS
from tests.published.test_analysts_file import ask, publish
from transforms.published.lineage import list_lineage
from transforms.published.questions import QUESTIONS, write_analyst


@pytest.fixture(scope="module")
def analysts_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("asked")
    return publish(folder, 2, 3, publish(folder, 1, 2))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_every_example_runs_with_chinese_columns(analysts_file: Path, question):
    names = [row[0] for row in ask(analysts_file, f"describe {question.example}")]
    assert names and all(any("一" <= letter <= "鿿" for letter in name) for name in names)
    ask(analysts_file, question.example)


def test_the_page_shows_every_example():
    page = write_analyst()
    assert all(question.example in page and question.answers in page for question in QUESTIONS)


def test_an_indicator_is_known_by_its_id_or_its_title(analysts_file: Path):
    by_id = ask(analysts_file, "from 中文.指标走势('enrolment_rate')")
    assert by_id == ask(analysts_file, "from 中文.指标走势('适龄儿童少年入学率')") == [("2025-B3", 2, 98, 100, 0.98, None, None)]


def test_a_source_is_named_by_its_hash_and_its_use(analysts_file: Path):
    rows = ask(analysts_file, "select 用途, 数据表, 报送期间, 文件编号 from 中文.指标来源('enrolment_rate', '2025-B3')")
    assert rows == [("计数", "学籍名册", "2025-B3", "f1")]


def test_what_changed_between_versions_is_empty_where_nothing_did(analysts_file: Path):
    assert ask(analysts_file, "from 中文.版本变化('2025-B3')") == []


def test_every_indicator_leads_back_to_extracts():
    lineage = list(list_lineage())
    assert {name for name, *_ in lineage} == set(INDICATORS)
    assert ("enrolment_rate_disabled", "disabled", "计数") in lineage
    assert ("enrolment_rate", "aid", "认人") in lineage
    assert ("aid_coverage_rate", "aid", "计数") in lineage


def test_questions_carry_a_comment(analysts_file: Path):
    said = dict(ask(analysts_file, "select function_name, comment from duckdb_functions() where schema_name = '中文'"))
    assert {q.name for q in QUESTIONS if q.parameters and not said.get(q.name)} == set()
