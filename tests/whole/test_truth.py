"""A small invented district over six periods: what is published is what was planted, and nothing else."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from flows.commands import make_sample, run_backfill
from flows.settings import Home, prepare_home
from schemas.bimester import Bimester
from schemas.rates import INDICATORS
from tests.recount.cells import differ, read_published
from tests.recount.rates import Recount
from tests.whole.truth import CHECKS, find_validated, open_published

LAST = Bimester.parse("2025-B5")
PERIODS = [str(period) for period in LAST.back(5)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose six periods were run without papers: a summer among them, and the opening of a school year after it."""
    root = tmp_path_factory.mktemp("home")
    prepared = prepare_home(Home(root))
    make_sample(prepared, LAST, 400, 20250512, 5, lambda _: None)
    run_backfill(prepared, None, None, "none", lambda _: None)
    return root


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("differ", CHECKS, ids=lambda check: check.__name__)
def test_published_is_planted(home: Path, period: str, differ):
    """Findings, file counts, faults, cases and every indicator cell equal the truth; nothing more is found."""
    assert list(differ(home, period)) == []


@pytest.mark.parametrize("period", PERIODS)
def test_every_cell_comes_out_again(home: Path, period: str):
    """Every cell of every indicator equals its recomputation from the accepted rows, which shares no code with the SQL."""
    folders = [find_validated(home, earlier) for earlier in PERIODS if earlier <= period]
    counted = Recount(home, folders, Bimester.parse(period)).cells()
    assert counted["indicator"].n_unique() == len(INDICATORS)
    assert differ(counted, read_published(home, Bimester.parse(period))) == []


def test_a_cell_that_differs_would_be_seen(home: Path):
    """The comparison above sees one count too many, a cell that is missing and one that nobody recounted."""
    published = read_published(home, LAST)
    off = published.with_columns(pl.when(pl.int_range(pl.len()) == 9).then(pl.col("d") + 1).otherwise("d").alias("d"))
    assert [len(differ(published, other)) for other in (published, off, published[1:])] == [0, 1, 1]
    assert len(differ(published[1:], published)) == 1


def test_every_kind_of_plant_is_there(home: Path):
    """A comparison with an empty truth on both sides would prove nothing."""
    rows = open_published(home).execute("select distinct comparison from compared.finding").fetchall()
    assert {"unenrolled", "absent", "monitored_out", "duplicate_registry"} <= {row[0] for row in rows}


def test_no_personal_data_in_the_analysts_file(home: Path):
    """No name and no id of anybody stands in any text column of the published file."""
    con = open_published(home)
    con.execute("create temp table secret as select name as word from named union select id_number from named")
    columns = con.execute("select schema_name, table_name, column_name from duckdb_columns() where data_type = 'VARCHAR' "
                          "and database_name not in ('system', 'temp') and table_name <> 'named'").fetchall()  # fmt: skip
    tables = {(s, t) for s, t in con.execute("select schema_name, table_name from duckdb_tables()").fetchall()}
    seen = [
        f"{schema}.{table}.{column}"
        for schema, table, column in columns
        if (schema, table) in tables
        and con.execute(
            f'select count(*) from "{schema}"."{table}" as t semi join secret as s on t."{column}" = s.word'
        ).fetchone()[0]  # type: ignore[index]
    ]
    assert seen == []
