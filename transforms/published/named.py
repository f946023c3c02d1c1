"""The named table: pseudonym → name and id number. It stays in the home's `private/` folder."""

from __future__ import annotations

from pathlib import Path

from transforms import vault
from transforms.engine import QUARTER, Engine
from transforms.work import attach, open_memory


def write_named(work: Path, named: Path | None, target: Path, period: str, engine: Engine = QUARTER) -> None:
    """Write child_key, name, id_number and seen_in (the last period that met the child) of every person known so far.

    Sorted; this run's spelling wins. Tables of before seen_in was kept are read too.
    """
    con = engine.set_up(open_memory())
    try:
        con.execute("create table seen (child_key varchar, name varchar, id_number varchar, seen_in varchar, rank integer)")
        if named is not None and named.exists():
            with vault.open_source(con, named) as source:
                con.execute(f"insert into seen by name select *, 1 as rank from {source}")
        with attach(con, work):
            con.execute("insert into seen select child_key, name, id_number, ?, 0 from work.conformed.person", [period])
        vault.write_query(
            con,
            "select child_key, arg_min(name, (rank, name)) as name, "
            "arg_min(id_number, (rank, id_number)) as id_number, max(seen_in) as seen_in "
            "from seen group by child_key order by child_key",
            target,
        )
    finally:
        con.close()
