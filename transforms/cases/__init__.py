"""Cases: events in, states out. Openings are kept in the lake; everything else is computed from the flows."""

from __future__ import annotations

from pathlib import Path

import duckdb

from transforms import vault


def export_openings(con: duckdb.DuckDBPyConnection, folder: Path, period: str) -> Path:
    """Write the cases this period opened, sorted by number, to `folder/opening.parquet`; return the file.

    One row per case opened: those of `cases.kept`, personal data included. Beside it
    `turning.parquet`: the turns that cases took in this period without anybody's word (absent again, watched to the end);
    and `change.parquet`: every change of a case's state in this period.
    """
    path = folder / "opening.parquet"
    rows = con.execute("from cases.kept order by case_no").pl()
    vault.write_frame(rows, path, statistics=False)
    turns = con.execute("from cases.turning where turned_in = ? order by case_no, turn", [period]).pl()
    vault.write_frame(turns, folder / "turning.parquet", statistics=False)
    changes = con.execute("from cases.change where changed_in = ? order by case_no, nth", [period]).pl()
    vault.write_frame(changes, folder / "change.parquet", statistics=False)
    return path
