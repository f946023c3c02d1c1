"""Comments and Chinese views of the analysts' file, all from the declarations."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from schemas.indicators import INDICATORS
from schemas.labels import LABELS
from schemas.published import short_title
from schemas.table import Table
from transforms.published.attach import quote_name, quote_text

CURRENT = "semi join meta.period as p on p.is_current and p.period = t.period and p.version = t.version"


def comment_tables(con: duckdb.DuckDBPyConnection, tables: tuple[Table, ...]) -> None:
    """Set a Chinese comment on every table and column."""
    for table in tables:
        titles = {column.name: column.title for column in table.columns}
        con.execute(write_comments("table", table.full_name, f"{table.title}：{table.grain}", titles))


def write_comments(kind: str, name: str, comment: str, columns: Mapping[str, str]) -> str:
    """Write the statements that comment a table or view and its columns: one call, a thousand of them cost twice as much."""
    own = [f"comment on {kind} {name} is {quote_text(comment)}"]
    return ";".join(own + [f"comment on column {name}.{quote_name(c)} is {quote_text(says)}" for c, says in columns.items()])


def make_views(con: duckdb.DuckDBPyConnection, tables: tuple[Table, ...]) -> None:
    """Make a Chinese view of each table's current rows, one of each indicator, and `indicators.current`.

    The connection works in the target file: a view binds its names where it stands.
    """
    con.execute('create schema if not exists "中文"')
    for table in tables:
        make_view(con, table)
    value = next(table for table in tables if table.full_name == "indicators.value")
    for indicator in INDICATORS.values():
        says = f"{indicator.title}＝{indicator.numerator} ÷ {indicator.denominator}"
        where = f" where t.indicator = {quote_text(indicator.id)}"
        _make_view(con, indicator.title, says, _select(value, without="indicator") + where, value, without="indicator")
    con.execute(f"create or replace view indicators.current as select t.* from indicators.value as t {CURRENT}")
    titles = {column.name: column.title for column in value.columns}
    con.execute(write_comments("view", "indicators.current", "指标值（各期现行版本）", titles))


def make_view(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Make the Chinese view of a table's current rows."""
    _make_view(con, table.title, f"{table.title}（现行版本）：{table.grain}", _select(table), table)


def _make_view(
    con: duckdb.DuckDBPyConnection, title: str, comment: str, select: str, table: Table, without: str = ""
) -> None:
    name = f'"中文".{quote_name(title)}'
    says = {column.name: column.title for column in table.columns}
    titles = {short: says[column] for column, short in name_columns(table).items() if column != without}
    con.execute(f"create or replace view {name} as {select};{write_comments('view', name, comment, titles)}")


def say_codes(expression: str, column: str) -> str:
    """Write the SQL that says a column's codes in Chinese; a column without codes is left as it is."""
    if not (words := LABELS.get(column)):
        return expression
    pairs = ", ".join(f"{quote_text(code)}: {quote_text(word)}" for code, word in words.items())
    return f"coalesce(map {{{pairs}}}[{expression}], {expression})"


def name_columns(table: Table) -> dict[str, str]:
    """Return the Chinese name of each column; two that would be alike keep their English name beside."""
    short = {column.name: short_title(column.title) for column in table.columns}
    twice = {title for title in short.values() if list(short.values()).count(title) > 1}
    return {name: f"{title}（{name}）" if title in twice else title for name, title in short.items()}


def _select(table: Table, without: str = "") -> str:
    types = {column.name: column.type for column in table.columns}
    named = ", ".join(
        f"{say_codes(f't.{quote_name(name)}', name) if types[name] == 'VARCHAR' else f't.{quote_name(name)}'} as {quote_name(title)}"
        for name, title in name_columns(table).items() if name != without
    )  # fmt: skip
    has_version = {"period", "version"} <= {column.name for column in table.columns} and table.full_name != "meta.period"
    return f"select {named} from {table.full_name} as t " + (CURRENT if has_version else "")
