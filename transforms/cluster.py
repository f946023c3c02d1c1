"""Run the models on Apache Spark through Spark Connect, and hand every table back to the work file.

The cluster joins and counts; ledgers, publishing and papers read the work file and know nothing of it. What the models
read is sent as Arrow and stands in a database of the run's own, which goes when the run ends, however it ends.

The pseudonyms' key never leaves this machine: a model that needs it runs here, as do those that Python makes, and what
they make is sent like the rest.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import duckdb

from schemas.table import Table
from transforms.dialect import Macros, name_table, name_type, read_macros, translate
from transforms.engine import ClusterFault
from transforms.macros import MACROS
from transforms.models import Model

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import SparkSession

PORT = 15002  # Spark Connect's own
SECONDS = 10  # a server that does not answer within these is not there
UNFIT = "org.apache.spark.sql.catalyst.optimizer.RemoveRedundantAliases"  # of some unions Spark 4.2's makes plans it refuses itself
ROWS_AT_ONCE = 100_000  # sent in one message; Spark refuses one above 128 MB


INSTEAD = "。也可把 settings.yaml 的“机器·计算引擎”清空，改用本机计算，结果相同"


@dataclass
class Cluster:
    """A session on Spark and the database of this run; `held`: the tables that stand there, with their columns."""

    session: SparkSession
    database: str
    macros: Macros
    held: dict[str, dict[str, str]] = field(default_factory=dict)

    def takes(self, model: Model) -> bool:
        """Whether Spark runs the model."""
        return model.make is None and "pseudonym(" not in model.sql

    def run_model(self, con: duckdb.DuckDBPyConnection, model: Model, table: Table, parameters: dict[str, Any]) -> None:
        """Run a model on Spark into its table there and in the work file, its columns as declared."""
        for read in sorted(model.reads - self.held.keys()):
            self._send(con, read)
        columns = {column.name: column.type for column in table.columns}
        sql = translate(model.sql, columns, parameters, self.macros, _read_schema(con, model), self.database)
        place = self._create(model.full_name, columns, sql)
        if model.is_view:
            con.execute(f'create view {table.stage}."{table.name}" as {model.sql}', parameters)
            return
        casts = ", ".join(f'"{name}"::{type_} as "{name}"' for name, type_ in columns.items())
        con.register("_answered", self._ask(f"select * from {place}"))
        # as Spark hands them over, rows come in any order
        order = ", ".join(f'"{name}"' for name in table.key) or "all"
        con.execute(f'create table {table.stage}."{table.name}" as select {casts} from _answered order by {order}')
        con.unregister("_answered")

    def _send(self, con: duckdb.DuckDBPyConnection, name: str) -> None:
        """Set a table of the work file on Spark, with its columns and types even where it has no row."""
        stage, _, table = name.partition(".")
        columns = dict(_list_columns(con, stage, table))
        self._create(name, columns, _select_nothing(columns))
        for batch in con.execute(f'from {stage}."{table}"').to_arrow_reader(ROWS_AT_ONCE):
            if batch.num_rows:
                frame = self.session.createDataFrame(_gather(batch))
                frame.write.insertInto(f"{self.database}.{name_table(stage, table)}")

    def _create(self, name: str, columns: dict[str, str], sql: str) -> str:
        place = self._place(name)
        self.held[name] = columns
        self._ask(f"create table {place} using parquet as {sql}")
        return place

    def clear(self) -> None:
        """Leave nothing on Spark. Sail forgets a dropped table and leaves its files: so each is emptied first."""
        for name, columns in self.held.items():
            with suppress(Exception):  # it was not made; or the server is gone, and there is nothing we could do
                self._ask(f"insert overwrite {self._place(name)} {_select_nothing(columns)}")
        with suppress(Exception):
            self._ask(f"drop database if exists `{self.database}` cascade")
        with suppress(Exception):
            self.session.stop()

    def _place(self, name: str) -> str:
        stage, _, table = name.partition(".")
        return f"`{self.database}`.`{name_table(stage, table)}`"

    def _ask(self, sql: str) -> pa.Table:
        return self.session.sql(sql).toArrow()


def _select_nothing(columns: dict[str, str]) -> str:
    typed = ", ".join(f"cast(null as {name_type(type_)}) as `{name}`" for name, type_ in columns.items())
    return f"select {typed} where false"


def _gather(batch: pa.RecordBatch) -> pa.Table:
    import pyarrow as pa

    return pa.Table.from_batches([batch])


def _list_columns(con: duckdb.DuckDBPyConnection, stage: str, table: str) -> list[tuple[str, str]]:
    return con.execute(
        "select column_name, data_type from duckdb_columns() where database_name = current_database() "
        "and schema_name = ? and table_name = ? order by column_index",
        [stage, table],
    ).fetchall()


def _read_schema(con: duckdb.DuckDBPyConnection, model: Model) -> dict[str, dict[str, dict[str, str]]]:
    schema: dict[str, dict[str, dict[str, str]]] = {}
    for name in model.reads:
        stage, _, table = name.partition(".")
        schema.setdefault(stage, {})[table] = dict(_list_columns(con, stage, table))
    return schema


@contextmanager
def open_cluster(address: str, home: str) -> Iterator[Cluster]:
    """Open a session for one run; nothing of it is left on Spark afterwards. Raises ClusterFault.

    `home` names the database: a home has one run at a time, so what a killed run left there is this one's to remove.
    """
    cluster = Cluster(_connect(address), f"baoxue_{home}", read_macros(*MACROS))
    try:
        cluster._ask(f"drop database if exists `{cluster.database}` cascade")
        cluster._ask(f"create database `{cluster.database}`")
        yield cluster
    finally:
        cluster.clear()


def _connect(address: str) -> SparkSession:
    parts = urlsplit(address)
    try:
        host, port = parts.hostname, parts.port or PORT
    except ValueError:
        host, port = None, PORT
    if parts.scheme != "sc" or not host:
        raise ClusterFault("settings.yaml 的“机器·计算引擎”应写成 sc://主机:15002" + INSTEAD)
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise ClusterFault("没有安装 Spark 客户端，请先运行 make spark 安装" + INSTEAD) from error
    for name in ("pyspark", "SQLQueryContextLogger", "DataFrameQueryContextLogger"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # their lines quote the query, and with it values
    try:
        socket.create_connection((host, port), SECONDS).close()
        session = SparkSession.builder.remote(address).create()
        session.conf.set("spark.sql.optimizer.excludedRules", UNFIT)
    except Exception as error:
        raise ClusterFault(f"连不上 Spark 服务器 {host}:{port}，请确认它已启动、网络相通（试过的是 Spark 4.2 和 Sail 0.7.2）" + INSTEAD) from error
    return session
