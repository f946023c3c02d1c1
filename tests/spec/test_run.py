"""A model whose table is not as declared stops the run and is named, whatever comes after it."""

from __future__ import annotations

import duckdb
import pytest

from schemas.table import list_tables
from transforms.models import Model
from transforms.run import BrokenModel, run_models

NEVER = frozenset[str]()
LATER = Model("cases", "member", "select no_such_column from cases.left_ledger", frozenset({"cases.left_ledger"}), NEVER)


def select(*rows: dict[str, str]) -> str:
    """Rows of cases.left_ledger: the values given, and NULL of the declared type."""
    columns = list_tables()["cases.left_ledger"].columns
    return " union all ".join(
        "select " + ", ".join(f"{row.get(c.name, f'null::{c.type}')} as {c.name}" for c in columns) for row in rows
    )


def run(*sql: str, beside: int = 1) -> str:
    models = [Model("cases", "left_ledger", text, NEVER, NEVER) for text in sql]
    with pytest.raises(BrokenModel) as broken:
        run_models(duckdb.connect(), [*models, LATER], {}, beside=beside)
    return str(broken.value)


def test_a_column_that_is_not_as_declared_is_named_though_a_later_model_stumbles_over_it():
    first = list_tables()["cases.left_ledger"].columns[0].name
    assert f"cases.left_ledger is [('{first}', 'INTEGER')], declared [('{first}', 'VARCHAR')]" in run(select({first: "1"}))


def test_a_key_that_stands_twice_is_named_and_nobody_in_it():
    said = run(select({}, {}))
    assert said.startswith("cases.left_ledger: 1 keys (") and "stand more than once" in said


def test_what_the_engine_says_of_a_value_is_not_repeated():
    assert run(select({}).replace("null::VARCHAR", "'王小明'::integer::varchar", 1)) == "cases.left_ledger: ConversionException"
    assert run(select({})) == "cases.member: BinderException"


def test_models_run_beside_each_other_and_a_fault_in_one_is_said_as_in_turn():
    first = list_tables()["cases.left_ledger"].columns[0].name
    for sql in (select({first: "1"}), select({}, {}), select({}).replace("null::VARCHAR", "'王小明'::integer::varchar", 1), select({})):
        assert run(sql, beside=3) == run(sql)
