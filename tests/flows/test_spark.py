"""Where the settings send a run to Spark, and what is said when Spark cannot take it."""

from __future__ import annotations

import socket
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest

from flows.faults import explain_machine
from flows.options import read_engine
from flows.settings import Home, prepare_home
from schemas.bimester import Bimester
from transforms.build import WorkInputs, build_work_file
from transforms.cluster import Cluster
from transforms.dialect import read_macros, translate
from transforms.engine import ClusterFault, Engine
from transforms.macros import MACROS
from transforms.models import find_models

TABLES = {"validated": {"day": {"day": "DATE", "seq": "INTEGER"}, "word": {"child": "VARCHAR", "said_on": "DATE"}}}


def build_on(address: str, folder: Path) -> str:
    """Build an empty period on a server that is not there; return what is said."""
    period = Bimester.parse("2025-B3")
    inputs = WorkInputs(period, 1, date(2025, 7, 10), (), engine=Engine(cluster=address), pseudonym_key=b"k" * 32)
    with pytest.raises(ClusterFault) as caught:
        build_work_file(folder / "work.duckdb", inputs)
    return str(explain_machine(caught.value))


def write(sql: str, columns: dict[str, str], **parameters: object) -> str:
    return translate(sql, columns, parameters, read_macros(*MACROS), TABLES, "home")


def test_one_setting_chooses_the_engine(tmp_path: Path) -> None:
    home = prepare_home(Home(tmp_path))
    assert read_engine(home).cluster == ""
    home.options.write_text("机器: {计算引擎: 'sc://spark.example.invalid:15002'}\n", encoding="utf-8")
    assert read_engine(home).cluster == "sc://spark.example.invalid:15002"


@pytest.mark.parametrize("address", ["spark.example.invalid:15002", "http://127.0.0.1:1", "sc://", "sc://host:port"])
def test_an_address_that_is_none_is_refused(address: str, tmp_path: Path) -> None:
    assert "应写成 sc://主机:15002" in build_on(address, tmp_path)


def test_without_the_client_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    said = build_on("sc://127.0.0.1:15002", tmp_path)
    assert "没有安装 Spark 客户端，请先运行 make spark" in said and "改用本机计算，结果相同" in said


def test_a_server_that_does_not_answer_is_named_without_its_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark")
    # a worker of xdist has no file, and the client takes that for its own doctests
    monkeypatch.setattr(sys.modules["__main__"], "__file__", __file__, raising=False)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        said = build_on(f"sc://127.0.0.1:{port}/;token=secret", tmp_path)
    assert f"连不上 Spark 服务器 127.0.0.1:{port}" in said and "secret" not in said


def test_what_needs_the_key_or_python_stays_here() -> None:
    cluster = Cluster(None, "home", {})  # type: ignore[arg-type]
    stays = {model.full_name for model in find_models() if not cluster.takes(model)}
    assert stays == {"conformed.alias", "compared.linked", "indicators.hidden"}


def test_macros_and_parameters_are_written_out_from_their_one_declaration() -> None:
    sql = write("select age_in(said_on, $school_year) as age from validated.word", {"age": "INTEGER"}, school_year=2024)
    assert "(2024) - YEAR" in sql and "AGE_IN" not in sql and "`home`.`validated__word`" in sql


def test_the_span_that_stands_for_asof_finds_the_same_rows() -> None:
    """The rewrite is read back as Spark's SQL and run on DuckDB beside the model as it was written."""
    model = """select w.child, d.seq from validated.word as w asof left join validated.day as d on w.said_on {} d.day"""
    con = duckdb.connect()
    con.execute("create schema validated; create table validated.day as select date '2025-01-01' + (3 * i)::integer as day, i::integer as seq "
                "from range(5) as r(i); create table validated.word as select i::varchar as child, date '2024-12-30' + i::integer as said_on "
                "from range(20) as r(i) union all select 'x', null")  # fmt: skip
    con.execute("create schema home; create view home.validated__day as from validated.day; create view home.validated__word as from validated.word")
    import sqlglot

    for operator in (">=", "<="):
        sql = model.format(operator)
        spark = sqlglot.transpile(write(sql, {"child": "VARCHAR", "seq": "INTEGER"}), read="spark", write="duckdb")[0]
        assert con.execute(spark + " order by all").fetchall() == con.execute(sql + " order by all").fetchall()
    with pytest.raises(NotImplementedError):
        write(model.format(">"), {"child": "VARCHAR", "seq": "INTEGER"})
