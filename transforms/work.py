"""The work file of a run: one DuckDB file that its steps open in turn. It names children and lives as long as the run.

A process that has a work key encrypts it, its log and what spills beside it (AES-GCM, by the crypto of DuckDB's httpfs
extension, which is never asked for anything else): what a killed run leaves behind opens to nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import duckdb

from transforms import vault
from transforms.engine import QUARTER, Engine

ALIAS = "work"
_SOUND: set[Path] = set()  # extension files whose signature DuckDB has checked in this process


def connect(path: Path, engine: Engine = QUARTER, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open a work file, made when there is none, and work in it. Raises NotOpened where it cannot be encrypted."""
    con = engine.set_up(open_memory())
    try:
        _attach(con, path, read_only=read_only)
        con.execute(f"use {ALIAS}")
    except BaseException:
        con.close()
        raise
    return con


def open_memory() -> duckdb.DuckDBPyConnection:
    """Open a database in memory that a work file can be attached to; a process that has a work key spills encrypted.

    DuckDB hashes the 21 MB of the crypto for its signature, a tenth of a second, and a run opens seven databases: the
    first one's check stands for the process. Unsigned files are forbidden again before anybody gets the database.
    """
    if vault.work_key() is None:
        return duckdb.connect()
    crypto = find_crypto()
    con = duckdb.connect(config={"allow_unsigned_extensions": crypto in _SOUND})
    try:
        con.execute(f"load {_quote(crypto)}")
        con.execute("set allow_unsigned_extensions = false")
        con.execute("set temp_file_encryption = true")
    except BaseException:
        con.close()
        raise
    _SOUND.add(crypto)
    return con


def open_beside(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Open a database in memory with the limits of another; it spills into a folder of its own beside that one's, encrypted alike."""
    names = ("memory_limit", "threads", "temp_directory")
    asked = ", ".join(f"current_setting('{name}')" for name in names)
    memory, threads, spill = con.execute(f"select {asked}").fetchone()  # type: ignore[misc]
    beside = Engine(threads=threads, spill=Path(f"{spill}-beside") if spill else None).set_up(open_memory())
    try:
        beside.execute(f"set memory_limit = {_quote(memory)}")
    except BaseException:
        beside.close()
        raise
    return beside


@contextmanager
def attach(con: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    """Attach a work file as `work`, read-only, for the block."""
    _attach(con, path, read_only=True)
    try:
        yield
    finally:
        con.execute(f"detach {ALIAS}")


def _attach(con: duckdb.DuckDBPyConnection, path: Path, *, read_only: bool) -> None:
    # nobody replays its log: a run that is killed leaves a file that the next one makes anew
    options = ["read_only"] if read_only else ["recovery_mode no_wal_writes"]
    if (key := vault.work_key()) is not None:
        options.append(f"encryption_key {_quote(key)}")
    con.execute(f"attach {_quote(path)} as {ALIAS} ({', '.join(options)})")


def find_crypto() -> Path:
    """Return the extension that writes encrypted files: a package of ours, nothing is fetched. Raises NotOpened."""
    found = find_spec("duckdb_extension_httpfs")
    path = Path(found.origin if found and found.origin else "").parent / "extensions" / f"v{duckdb.__version__}" / "httpfs.duckdb_extension"
    if not path.is_file():
        raise vault.NotOpened("没有给计算文件加密的组件（duckdb-extension-httpfs），没有开始计算。请在程序文件夹重新执行 make install")
    return path


def insert_rows(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[object]]) -> None:
    """Insert a few declared rows in one statement: planned one by one, some hundred cost more than a small run's figures."""
    if not rows:
        return
    marks = f"({', '.join('?' * len(rows[0]))})"
    con.execute(f"insert into {table} values {', '.join([marks] * len(rows))}", [value for row in rows for value in row])


def _quote(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
