"""Attach a database file to a connection for a block."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

# Readable by every 1.5 client an analyst has; without it DuckDB 2 would write a format that those refuse.
STORAGE = "v1.5.0"


def quote_text(value: object) -> str:
    """Quote a text literal."""
    return "'" + str(value).replace("'", "''") + "'"


def quote_name(name: str) -> str:
    """Quote an identifier."""
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def attach_read_only(con: duckdb.DuckDBPyConnection, path: Path, alias: str) -> Iterator[None]:
    """Attach a file read-only for the block."""
    con.execute(f"attach {quote_text(path)} as {alias} (read_only)")
    try:
        yield
    finally:
        con.execute(f"detach {alias}")


@contextmanager
def attach_new(con: duckdb.DuckDBPyConnection, path: Path, alias: str) -> Iterator[None]:
    """Attach a file for writing in the published storage format and work in it; checkpoint and release it at the end."""
    con.execute(f"attach {quote_text(path)} as {alias} (storage_version {quote_text(STORAGE)})")
    con.execute(f"use {alias}")
    try:
        yield
        con.execute(f"checkpoint {alias}")
    finally:
        con.execute("use memory")
        con.execute(f"detach {alias}")
