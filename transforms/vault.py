"""Files of the home that hold personal data: encrypted where the office has asked for it, read either way.

AES-SIV (RFC 5297) over the whole file: under one key the same content gives the same bytes, and a changed byte does not
open. Nothing is tied to a file's name, since files move into place once they are whole. A mark at the head tells an
encrypted file from a plain one, so a home may hold both.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb
    import polars as pl

MARK = b"BAOXUE-SIV1\n"
KEY_BYTES = 64  # AES-256-SIV takes two keys of 256 bits


class NotOpened(RuntimeError):
    """An encrypted file that the key in force does not open; the text says so in Chinese, without personal data."""


@dataclass(frozen=True)
class Vault:
    """How files are read and written: `key` opens encrypted ones; `encrypts` says whether new ones become so.

    `work_key`: hex; what the process keeps for itself while it runs is encrypted with it, whatever else is.
    """

    key: bytes | None = None
    encrypts: bool = False
    work_key: str | None = None


_vault = Vault()


@contextmanager
def use(vault: Vault) -> Iterator[None]:
    """Read and write this way for the block. A process works in one home at a time, and all its threads with it."""
    global _vault
    before, _vault = _vault, vault
    try:
        yield
    finally:
        _vault = before


def make_key() -> bytes:
    """Return a new key."""
    return secrets.token_bytes(KEY_BYTES)


def make_work_key() -> str:
    """Return a key for one run's work: kept in memory only, so that it ends with the process."""
    return secrets.token_hex(32)


def work_key() -> str | None:
    """Return the key of the work in hand; None: it stays plain, as in a measurement of one stage."""
    return _vault.work_key


def is_encrypted(path: Path) -> bool:
    """Whether a file bears the mark."""
    with path.open("rb") as handle:
        return handle.read(len(MARK)) == MARK


def encrypt(data: bytes) -> bytes:
    """Return the encrypted file of some content, under the key in force."""
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    if _vault.key is None:
        raise NotOpened("没有密钥，不能加密")
    return MARK + AESSIV(_vault.key).encrypt(data, None)


def pack(data: bytes) -> bytes:
    """Return what a file of this content is: encrypted where that is asked for."""
    return encrypt(data) if _vault.encrypts else data


def read_bytes(path: Path) -> bytes:
    """Return a file's content. Raises NotOpened when it is encrypted under another key, or damaged."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    data = path.read_bytes()
    if not data.startswith(MARK):
        return data
    try:
        if _vault.key is not None:
            return AESSIV(_vault.key).decrypt(data[len(MARK) :], None)
    except InvalidTag:
        pass  # said below, without what it holds
    raise NotOpened(f"加密的数据文件 {path.name} 打不开：密钥不对，或文件已损坏。请运行 baoxue doctor 看密钥是否正常，或从备份取回")


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file's content."""
    path.write_bytes(pack(data))


def read_frame(path: Path, columns: list[str] | None = None) -> pl.DataFrame:
    """Read a Parquet file, all columns or some. A whole one is read as bytes first: of a small file Polars makes less ado then."""
    import polars as pl

    return pl.read_parquet(path if columns and not is_encrypted(path) else BytesIO(read_bytes(path)), columns=columns)


def write_frame(frame: pl.DataFrame, path: Path, **options: Any) -> None:
    """Write a frame as Parquet, with the options of Polars."""
    if not _vault.encrypts:
        frame.write_parquet(path, **options)
        return
    buffer = BytesIO()
    frame.write_parquet(buffer, **options)
    path.write_bytes(encrypt(buffer.getvalue()))


def write_query(con: duckdb.DuckDBPyConnection, sql: str, path: Path) -> None:
    """Write a query's rows as Parquet."""
    if _vault.encrypts:
        write_frame(con.execute(sql).pl(), path)
    else:
        con.execute(f"copy ({sql}) to {_quote(path)} (format parquet)")


def list_sources(con: duckdb.DuckDBPyConnection, paths: list[Path]) -> Iterator[str]:
    """Name what a query reads Parquet files from, in their order: all at once, or one by one where any is encrypted.

    A name holds until the next is asked for: no more than one decrypted file is in memory.
    """
    if not any(is_encrypted(path) for path in paths):
        yield f"read_parquet([{', '.join(map(_quote, paths))}], union_by_name = true)"
        return
    for path in paths:
        with open_source(con, path) as source:
            yield source


@contextmanager
def open_source(con: duckdb.DuckDBPyConnection, path: Path) -> Iterator[str]:
    """Name what a query reads one Parquet file from, for the block: the file itself, or its decrypted rows."""
    if not is_encrypted(path):
        yield f"read_parquet({_quote(path)})"
        return
    con.register("decrypted_file", read_frame(path).to_arrow())
    try:
        yield "decrypted_file"
    finally:
        con.unregister("decrypted_file")


def _quote(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
