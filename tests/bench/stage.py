"""Run one stage of one period in this process and print its wall time, CPU time and peak memory as JSON.

`python -m tests.bench.stage STAGE HOME PERIOD`; the stages before it must have run.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from schemas.bimester import Bimester


def _quiet(_: str) -> None:
    return None


def prepare(stage: str, home_folder: Path, period: Bimester) -> Callable[[], Any]:
    """Return the call to time, everything it needs already at hand."""
    from flows import printing, steps
    from flows.settings import Home, prepare_home

    home = prepare_home(Home(home_folder))
    job = steps.Job(home, period, _quiet)
    if stage == "extracts":
        return lambda: steps.receive(job)
    landing = steps.receive(job)
    plan = steps.plan_run(job, landing)
    calls: dict[str, Callable[[], Any]] = {
        "validated": lambda: steps.validate(plan, landing),
        "conformed to indicators": lambda: steps.build(plan),
        "documents": lambda: printing.print_papers(plan),
        "published": lambda: steps.stage_database(plan),
    }
    if stage == "published":
        steps.note_changes(plan)
    return calls[stage]


def read_floor(folder: Path) -> int:
    """Read every file with the bare reader and scan it once with bare DuckDB; return rows. No rules, no papers."""
    import duckdb
    import fastexcel
    import polars as pl

    rows = 0
    con = duckdb.connect()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        for frame in _read_bare(path, fastexcel, pl):
            con.register("sheet", frame.to_arrow())
            rows += con.execute("select count(*), min(columns(*)) from sheet").fetchone()[0]  # type: ignore[index]
    return rows


def _read_bare(path: Path, fastexcel: Any, pl: Any) -> list[Any]:
    if path.suffix.lower() in (".csv", ".tsv", ".txt"):
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig") if _is_utf8(raw) else raw.decode("gb18030")
        return [pl.read_csv(text.encode(), infer_schema=False, truncate_ragged_lines=True, has_header=False)]
    book = fastexcel.read_excel(path)
    sheets = [book.load_sheet(name, header_row=None, dtypes="string").to_polars() for name in book.sheet_names]
    return [sheet for sheet in sheets if sheet.width]


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True


def main() -> None:
    """Time one stage."""
    stage, home, period = sys.argv[1], Path(sys.argv[2]), Bimester.parse(sys.argv[3])
    if stage == "floor":
        call: Callable[[], Any] = lambda: read_floor(home / "inbox" / str(period))  # noqa: E731
    else:
        call = prepare(stage, home, period)
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"stage": stage, "wall": wall, "cpu": cpu, "peak_mb": peak}))


if __name__ == "__main__":
    main()
