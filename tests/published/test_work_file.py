"""The work file's crypto: its signature is checked once a process, and nothing unsigned is let in thereby."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from transforms import vault, work


def test_nothing_unsigned_is_loaded_beside_the_checked_crypto(tmp_path: Path) -> None:
    """One byte of the signature is another: DuckDB refuses it in the first database and in those that trust the check."""
    unsigned = tmp_path / "other.duckdb_extension"
    data = work.find_crypto().read_bytes()
    unsigned.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with vault.use(vault.Vault(work_key=vault.make_work_key())):
        for name in ("one", "two"):
            con = work.connect(tmp_path / f"{name}.duckdb")
            con.execute("create table kept as select 42 as answer")
            with pytest.raises(duckdb.IOException, match="signature"):
                con.execute(f"load '{unsigned}'")
            con.close()
            assert b"answer" not in (tmp_path / f"{name}.duckdb").read_bytes()


def test_rows_are_inserted_as_they_stand() -> None:
    con = duckdb.connect()
    con.execute("create table limits (id varchar, bands varchar[], most double)")
    work.insert_rows(con, "limits", [])
    work.insert_rows(con, "limits", [("a", ["1", "2"], None), ("b", [], 2.5)])
    assert con.execute("from limits").fetchall() == [("a", ["1", "2"], None), ("b", [], 2.5)]
