"""Names for the papers that need them: one temporary table beside the open work file."""

from __future__ import annotations

from pathlib import Path

import duckdb

HERE = Path(__file__).parent


def make_people(con: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary table `paper_person` that ledgers and lists join, once; the work file itself may be read-only."""
    con.execute("create temp table if not exists paper_person as " + (HERE / "person_row.sql").read_text(encoding="utf-8"))
