"""The named table: pseudonym → name and id number. It stays in the home's `private/` folder."""

from __future__ import annotations

from pathlib import Path

import duckdb

from transforms.published.attach import attach_read_only, quote_text


def write_named(work: Path, named: Path | None, target: Path) -> None:
    """Write child_key, name, id_number of every person known so far, sorted; this run's spelling wins."""
    con = duckdb.connect()
    try:
        con.execute("create table seen (child_key varchar, name varchar, id_number varchar, rank integer)")
        if named is not None and named.exists():
            con.execute(f"insert into seen select child_key, name, id_number, 1 from read_parquet({quote_text(named)})")
        with attach_read_only(con, work, "work"):
            con.execute("insert into seen select child_key, name, id_number, 0 from work.conformed.person")
        con.execute(
            "copy (select child_key, arg_min(name, (rank, name)) as name, "
            "arg_min(id_number, (rank, id_number)) as id_number "
            f"from seen group by child_key order by child_key) to {quote_text(target)} (format parquet)"
        )
    finally:
        con.close()
