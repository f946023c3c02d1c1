"""Run models: each becomes a table that matches its declaration."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, nullcontext
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any

import duckdb

from schemas.table import Table, list_tables
from transforms.models import Model

if TYPE_CHECKING:
    from transforms.cluster import Cluster


class BrokenModel(RuntimeError):
    """A model's output is not what its declaration says: an internal fault, never bad data."""


def run_models(
    con: duckdb.DuckDBPyConnection,
    models: Sequence[Model],
    parameters: dict[str, Any],
    say: Callable[[str], None] = lambda _: None,
    cluster: AbstractContextManager[Cluster | None] = nullcontext(),  # noqa: B008  # holds nothing
    beside: int = 1,
) -> None:
    """Run models, each after what it reads, on Spark where a cluster is given; each becomes a table that matches its declaration.

    beside: how many run at once; a district's tables are too small for one query to fill a machine's cores.
    Raises BrokenModel. What a model stumbles over may be a column of one before it: then that one is named.
    """
    declared, made = list_tables(), list[Table]()
    for model in models:
        if model.full_name not in declared:
            raise BrokenModel(f"{model.full_name} is not declared in schemas/{model.stage}.py")

    def make(con: duckdb.DuckDBPyConnection, model: Model) -> Model:
        _make_table(con, model, declared[model.full_name], parameters, on)
        made.append(declared[model.full_name])
        return model

    con.execute("; ".join(f"create schema if not exists {stage}" for stage in sorted({m.stage for m in models})))
    with cluster as on:
        try:
            for model in _run_beside(con, models, make, beside) if beside > 1 and not on else (make(con, model) for model in models):
                say(model.full_name)
        except BrokenModel:
            check_columns(con, made)
            raise
    check_columns(con, made)


def _run_beside(
    con: duckdb.DuckDBPyConnection, models: Sequence[Model], make: Callable[[duckdb.DuckDBPyConnection, Model], Model], many: int
) -> Iterator[Model]:
    """Run models beside each other, each thread by a connection of its own; give them in their order."""
    place = {model.full_name: number for number, model in enumerate(models)}
    graph = TopologicalSorter({number: [place[name] for name in model.reads & place.keys()] for number, model in enumerate(models)})
    graph.prepare()
    (database,) = con.execute("select current_database()").fetchone()  # type: ignore[misc]
    own, cursors = threading.local(), list[duckdb.DuckDBPyConnection]()

    def start() -> None:
        own.con = con.cursor()
        own.con.execute(f'use "{database}"')
        cursors.append(own.con)

    running, done = set[Future[Model]](), set[int]()
    with ThreadPoolExecutor(many, initializer=start) as pool:
        try:
            for number, model in enumerate(models):
                while number not in done:
                    running |= {pool.submit(lambda each: make(own.con, each), models[ready]) for ready in sorted(graph.get_ready())}
                    ended, running = wait(running, return_when=FIRST_COMPLETED)
                    numbers = [place[future.result().full_name] for future in ended]
                    graph.done(*numbers)
                    done.update(numbers)
                yield model
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for each in cursors:
                each.interrupt()
            raise


def check_columns(con: duckdb.DuckDBPyConnection, tables: Iterable[Table]) -> None:
    """Compare tables with their declarations: names, types and order. Raises BrokenModel."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for stage, name, column, type_ in con.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() order by column_index"
    ).fetchall():
        found.setdefault((stage, name), []).append((column, type_))
    for table in tables:
        has, wanted = found.get((table.stage, table.name), []), [(c.name, c.type) for c in table.columns]
        if has != wanted:
            raise BrokenModel(f"{table.full_name} is {sorted(set(has) - set(wanted))}, declared {sorted(set(wanted) - set(has))} (order counts)")


def _make_table(
    con: duckdb.DuckDBPyConnection, model: Model, table: Table, parameters: dict[str, Any], cluster: Cluster | None
) -> None:
    """Make one model's table. Raises BrokenModel when it cannot be made or its key stands more than once."""
    used = {name: parameters[name] for name in sorted(model.parameters)}
    name, rows = f'{table.stage}."{table.name}"', None
    key = ", ".join(f'"{column}"' for column in table.key)
    try:
        if model.make:
            model.make(con, used)
        elif cluster and cluster.takes(model):
            cluster.run_model(con, model, table, used)
        elif model.is_view:
            con.execute(f"create view {name} as {model.sql}", used)
        else:
            (rows,) = con.execute(f"create table {name} as {model.sql}", used).fetchone()  # type: ignore[misc]
        if not key or rows in (0, 1):  # no two rows are alike
            return
        twice = con.execute(f"select count(*) from (select 1 from {name} group by {key} having count(*) > 1)")
        (count,) = twice.fetchone()  # type: ignore[misc]
    except duckdb.Error as error:
        # the engine's text may quote a value: name the model and the kind of fault, nothing else
        raise BrokenModel(f"{table.full_name}: {type(error).__name__}") from error
    if count:
        raise BrokenModel(f"{table.full_name}: {count} keys ({key}) stand more than once; its grain is {table.grain}")
