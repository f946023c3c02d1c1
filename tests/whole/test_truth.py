"""A small invented district over six periods: what is published is what was planted, and nothing else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import pytest

from flows.commands import make_sample, run_backfill
from flows.settings import Home, prepare_home, read_key
from schemas.bimester import Bimester
from schemas.calendar import default_issue_date
from schemas.cases import STATES
from schemas.compared import COMPARISONS
from schemas.fields import FIELDS
from schemas.rates import INDICATORS
from schemas.table import list_tables
from tests.recount.cells import differ, read_published
from tests.recount.rates import Recount
from tests.whole.truth import CHECKS, find_validated, open_published, read_causes, read_truth
from transforms.build import WorkInputs, build_work_file
from transforms.engine import Engine
from transforms.models import SQL_STAGES
from transforms.sample.world import make_world

PUPILS, SEED = 400, 20250512
LAST = Bimester.parse("2025-B5")
PERIODS = [str(period) for period in LAST.back(5)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose six periods were run without papers: a summer among them, and the opening of a school year after it."""
    root = tmp_path_factory.mktemp("home")
    prepared = prepare_home(Home(root))
    make_sample(prepared, LAST, PUPILS, SEED, 5, lambda _: None)
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


CLOSED_AS = {"在校就读", "外地就读有学籍", "已毕业", "超龄", "死亡", "出国(境)", "户籍迁出", "户籍或证件错误", "重复信息", "转学办结", "复学巩固"}
OPENED_BY = {"listed", "transition_gap", "unaccounted", "absent", "unenrolled", "feedback", "leave_ended"}


def test_every_indicator_is_planted(home: Path):
    """An indicator without a planted cell would pass the comparison with the truth unseen."""
    planted = {name for period in PERIODS for name in read_truth(home, period, "indicator")["indicator"]}
    assert set(INDICATORS) == planted


def test_every_kind_of_plant_is_there(home: Path):
    """A comparison, state, opening or closing with an empty truth on both sides would prove nothing."""
    con = open_published(home)

    def seen(column: str, table: str) -> set[str]:
        return {row[0] for row in con.execute(f"select distinct {column} from {table} where {column} is not null").fetchall()}

    assert seen("comparison", "compared.finding") == {name for name, c in COMPARISONS.items() if c.per_child}
    assert seen("state", "cases.case") == set(STATES)
    assert seen("opened_by", "cases.case") == OPENED_BY
    assert seen("closed_as", "cases.case") == CLOSED_AS
    assert seen("owner_level", "cases.case") == {"school", "village", "township", "district"}
    assert seen("item", "(from compared.work_check where is_breach)") == {
        "study_hours", "homework_minutes", "exams", "aids_per_subject", "sport_hours"}  # fmt: skip
    assert seen("event", "cases.event") >= {"再次离校", "观察期满"}
    assert con.execute("select max(relapses), max(overdue_working_days) > 5 from cases.case").fetchone() == (1, True)


def fold(events: list[tuple]) -> dict[str, tuple]:
    """Case → state, closing day and category, from its events alone, in the order of their numbers."""
    cases: dict[str, tuple] = {}
    for case_no, _, event, happened_on in sorted(events):
        if event.startswith(("立案", "再次立案")):
            cases[case_no] = ("待核实", None, None)
        elif event.startswith("转为"):
            cases[case_no] = (event.removeprefix("转为"), None, None)
        elif found := re.fullmatch(r"(?:审核)?销号（(.+)）", event):
            cases[case_no] = ("已销号", happened_on, found[1])
    return cases


def test_the_events_alone_give_every_case_back(home: Path):
    """In every period; and the last period's events, read up to an earlier one, give what that one published."""
    con = open_published(home)
    events = con.execute("select period, learned_in_period, case_no, seq, event, happened_on from cases.event").fetchall()
    kinds = {event.partition("（")[0] for *_, event, _ in events}
    assert {"立案", "再次立案", "转为劝返中", "转为复学跟踪", "转为在册跟踪", "转为待补佐证", "销号", "审核销号"} <= kinds
    for period in PERIODS:
        published = {row[0]: row[1:] for row in con.execute(
            "select case_no, state, closed_on, closed_as from cases.case where period = ?", [period]).fetchall()}  # fmt: skip
        assert fold([row[2:] for row in events if row[0] == period]) == published
        assert fold([row[2:] for row in events if row[0] == PERIODS[-1] and row[1] <= period]) == published


def test_the_six_again_publish_nothing(home: Path):
    """The same inboxes once more, each period asked for by name: nothing is built, and the analysts' file is not touched."""
    before = (home / "baoxue.duckdb").read_bytes()
    command = ["backfill", "--home", str(home), "--from", PERIODS[0], "--to", PERIODS[-1], "--papers", "none"]
    done = subprocess.run([sys.executable, "-c", "from flows.cli import main; main()", *command], capture_output=True, text=True, check=True)
    assert (done.stdout + done.stderr).count("没有发布新内容") == 6
    assert (home / "baoxue.duckdb").read_bytes() == before


def list_secrets(home: Path) -> list[str]:
    """Every name, id, address and phone of the invented world, and every personal value that any accepted row carries."""
    children = make_world(PUPILS, SEED).children
    secrets = {value for column in ("name", "id", "address", "guardian", "phone") for value in children[column].drop_nulls()}
    for path in home.glob("lake/validated/*/*/*.parquet"):
        frame = pl.read_parquet(path)
        personal = [c for c in frame.columns if c == "id_number_given" or (c in FIELDS and FIELDS[c].personal)]
        secrets |= {v for c in personal if frame[c].dtype == pl.String for v in frame[c].drop_nulls() if len(v) > 1}
    return sorted(secrets)


def list_values(home: Path) -> pl.DataFrame:
    """Every distinct value of every column of every table of the analysts' file, as text."""
    con = duckdb.connect(str(home / "baoxue.duckdb"), read_only=True)
    columns = con.execute("select schema_name, table_name, column_name from duckdb_columns() semi join duckdb_tables() "
                          "using (database_name, schema_name, table_name) where not internal").fetchall()  # fmt: skip
    read = 'select distinct "{2}"::varchar as value, \'{0}.{1}.{2}\' as place from "{0}"."{1}" where "{2}" is not null'
    frames = [con.execute(read.format(*column)).pl() for column in columns]
    con.close()
    return pl.concat(frames)


def test_planted_errors_of_ids_and_names_are_explained(home: Path):
    """At least 95 in 100 of them, over all periods; whoever stands under another spelling was found by linking."""
    found = pl.concat([read_causes(home, period) for period in PERIODS])
    errors = found.filter(pl.col("plant") != "dropout")
    assert set(errors["plant"]) == {"misspelt", "listed_id_error"} and len(errors) > 100
    assert errors["is_right"].mean() >= 0.95, errors.filter(~pl.col("is_right")).select("plant", "likely_cause", "matched_by").rows()
    assert set(errors.filter(pl.col("plant") == "misspelt")["matched_by"]) == {"linked"}
    assert found.filter(pl.col("plant") == "dropout")["comparison"].unique().len() > 1, "dropouts of several kinds were planted"


def test_no_personal_data_in_the_analysts_file(home: Path):
    """No name, id, address or phone of anybody stands in any value of the published file, alone or inside a longer text."""
    secrets, values = list_secrets(home), list_values(home)
    assert len(secrets) > 2000 and len(values) > 5000
    assert values.filter(pl.col("value").str.contains_any(secrets)).rows() == []
    planted = pl.Series([f"见{secrets[0]}。", secrets[-1], "无"])
    assert planted.str.contains_any(secrets).to_list() == [True, True, False]


def list_differing(con: duckdb.DuckDBPyConnection) -> tuple[list[str], int, int]:
    """Compare the four stages of the databases `here` and `there`, row for row: tables that differ, tables and rows compared."""
    names = [f'{table.stage}."{table.name}"' for table in list_tables().values() if table.stage in SQL_STAGES]
    both = "(from {0}.{2} except all from {1}.{2})"
    more = f"select (select count(*) from {both}) + (select count(*) from {both.replace('{0}', '{3}').replace('{1}', '{0}')})"
    differing = [name for name in names if con.execute(more.format("here", "there", name, "there")).fetchall() != [(0,)]]
    rows = sum(con.execute(f"select count(*) from here.{name}").fetchall()[0][0] for name in names)
    return differing, len(names), rows


@pytest.mark.skipif("BAOXUE_SPARK_TEST" not in os.environ, reason="two minutes: set BAOXUE_SPARK_TEST=1")
def test_spark_gives_the_same_rows(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The last period with all its history, computed by Sail through Spark Connect: every row of every table as DuckDB's."""
    pysail = pytest.importorskip("pysail.spark")
    monkeypatch.setattr(sys.modules["__main__"], "__file__", __file__, raising=False)  # else the client takes a worker for its doctests
    monkeypatch.chdir(tmp_path)  # Sail keeps its tables where it was started
    server = pysail.SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    prepared = prepare_home(Home(home))
    earlier = [(period, find_validated(home, period)) for period in PERIODS]
    inputs = WorkInputs(
        LAST, 1, default_issue_date(LAST), tuple(folder for _, folder in earlier),
        tuple(prepared.openings(period, folder.name) for period, folder in earlier[:-1]),
        published=prepared.database, pseudonym_key=read_key(prepared),
    )  # fmt: skip
    build_work_file(tmp_path / "here.duckdb", inputs)
    on_spark = Engine(cluster=f"sc://127.0.0.1:{server.listening_address[1]}")
    build_work_file(tmp_path / "there.duckdb", replace(inputs, engine=on_spark))
    server.stop()
    left = [path for path in (tmp_path / "spark-warehouse").rglob("*") if path.is_file()]
    with duckdb.connect() as con:
        for name in ("here", "there"):
            con.execute(f"attach '{tmp_path / name}.duckdb' as {name} (read_only)")
        differing, tables, rows = list_differing(con)
        assert (differing, left) == ([], []), "no row differs, and no file with personal data is left on the server"
        assert tables > 130 and rows > 100_000
        con.execute("detach there")
        with duckdb.connect(str(tmp_path / "there.duckdb")) as other:
            other.execute("update conformed.person set name = name || '一' where person_id = (select min(person_id) from conformed.person)")
        con.execute(f"attach '{tmp_path / 'there.duckdb'}' as there (read_only)")
        assert list_differing(con)[0] == ["conformed.\"person\""], "one letter that differs would be seen"
