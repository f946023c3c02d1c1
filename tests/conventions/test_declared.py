"""One name, four places: a model has its table, an indicator its rules page and spec, a command its page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from flows.cli import cli
from schemas.indicators import INDICATORS
from schemas.published import list_published
from schemas.table import list_tables
from transforms.models import find_models

ROOT = Path(__file__).parents[2]
CONTRACT_COMMANDS = ["sample", "check", "run", "backfill", "serve", "notices", "query", "explore", "export", "backup", "restore", "purge",
                     "status", "doctor"]  # fmt: skip


@pytest.mark.parametrize("model", find_models(), ids=lambda model: model.full_name)
def test_every_model_has_its_table_and_says_its_grain_first(model):
    table = list_tables()[model.full_name]
    first = model.sql.strip().splitlines()[0]
    assert first.startswith("--"), f"{model.full_name}: the first line is its grain, as a comment"
    assert table.title and table.grain


@pytest.mark.parametrize("model", find_models(), ids=lambda model: model.full_name)
def test_what_a_model_is_seen_to_read_is_what_its_parsed_tree_reads(model):
    tree = sqlglot.parse_one(model.sql, read="duckdb")
    assert model.reads == {f"{table.db}.{table.name}" for table in tree.find_all(exp.Table) if table.db}
    assert model.parameters == {parameter.name for parameter in tree.find_all(exp.Parameter, exp.Placeholder)}


def test_every_declared_table_is_made_by_a_model():
    assert set(list_tables()) == {model.full_name for model in find_models()}


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=lambda indicator: indicator.id)
def test_every_indicator_has_its_model_page_and_spec(indicator):
    assert (ROOT / "transforms" / "indicators" / f"{indicator.id}.sql").exists()
    page = (ROOT / "transforms" / "indicators" / f"{indicator.id}.md").read_text(encoding="utf-8")
    assert indicator.title in page
    assert (ROOT / "tests" / "spec" / "indicators" / f"test_{indicator.id}.py").exists()


def test_the_commands_are_those_of_the_contract_and_documented():
    assert list(cli.commands) == [name for name in CONTRACT_COMMANDS if name in cli.commands]
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    for name, command in cli.commands.items():
        assert f"## baoxue {name}" in page
        assert re.search("[一-鿿]", command.help or "")


def test_generated_pages_are_fresh():
    from flows.docs import list_pages

    for name, text in list_pages().items():
        assert (ROOT / "docs" / name).read_text(encoding="utf-8") == text, f"docs/{name} is stale: run make docs"


def test_words_of_the_stages_stand_in_the_glossary():
    glossary = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    titles = [indicator.title for indicator in INDICATORS.values()]
    missing = [title for title in titles if title not in glossary]
    assert not missing


def test_every_published_column_says_what_it_is_in_chinese():
    for table in list_published():
        for column in table.columns:
            assert re.search("[一-鿿]", column.title), f"{table.full_name}.{column.name}"


def test_the_makefile_prints_every_target():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony
    for target in phony[1].split():
        assert re.search(rf"^{target}:.*## ", text, re.MULTILINE), target


@pytest.mark.parametrize("path", sorted((ROOT / "transforms").rglob("*.sql")), ids=lambda path: path.stem)
def test_sql_stays_readable(path: Path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 120


@pytest.mark.parametrize(
    "path", sorted(p for f in ("flows", "transforms", "schemas") for p in (ROOT / f).rglob("*.py")), ids=lambda p: p.stem
)
def test_files_stay_short(path: Path):
    assert len(path.read_text(encoding="utf-8").splitlines()) < 400
