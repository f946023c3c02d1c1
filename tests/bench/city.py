"""A municipality from office files to its districts' reports and their sum: `python -m tests.bench.city [districts …]`.

Each district is an invented one of full size with its own files; `baoxue backfill` compares their registries, reports one
after the other and sums up, without papers, as a clerk calls it. One district's run stands beside it: what a
municipality costs more than its districts is the comparison and the sum. seconds ~ districts ** exponent.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import tempfile
from datetime import datetime
from pathlib import Path

import duckdb

from tests.bench.district import run_command

PERIOD = "2025-B3"
SIZES = (1, 10)  # 38 is the municipality: four times the ten
HEADS = ("pupils", "CPU s", "a district", "exponent", "wall s", "peak MB", "in the sum")


def main() -> None:
    """Print one line a size: its cost, and how many districts stand in the sum."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("districts", nargs="*", type=int, default=SIZES)
    asked.add_argument("--pupils", help="pupils of each district; by default as many as the sample has")
    given = asked.parse_args()
    print(f"{datetime.now():%Y-%m-%d}, {platform.platform()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}, "
          f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {PERIOD}, papers: none")  # fmt: skip
    print(f"{'districts':>10}" + "".join(f"{head:>12}" for head in HEADS), flush=True)
    first: tuple[int, float] | None = None
    for count in given.districts:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder) / "home"
            size = ["--pupils", given.pupils] if given.pupils else []
            run_command(home, "sample", "--period", PERIOD, *size, *(["--districts", str(count)] if count > 1 else []))
            cost = run_command(home, "backfill", "--from", PERIOD, "--to", PERIOD, "--papers", "none")
            pupils, summed = count_pupils(home), count_summed(home)
        first = first or (count, cost.cpu)
        exponent = math.log(cost.cpu / first[1]) / math.log(count / first[0]) if count != first[0] else math.nan
        print(f"{count:>10}{pupils:>12,}{cost.cpu:>12.1f}{cost.cpu / count:>12.1f}{exponent:>12.2f}{cost.wall:>12.1f}"
              f"{cost.peak_mb:>12.0f}{summed:>12}", flush=True)  # fmt: skip


def list_databases(home: Path) -> list[Path]:
    """The analysts' file of every district, or that of the one there is."""
    return sorted(home.glob("districts/*/baoxue.duckdb")) or [home / "baoxue.duckdb"]


def count_pupils(home: Path) -> int:
    """How many pupils stand in all districts' registries."""
    found = 0
    for path in list_databases(home):
        with duckdb.connect(path, read_only=True) as con:
            found += con.execute("select count(*) from conformed.enrolment").fetchall()[0][0]
    return found


def count_summed(home: Path) -> int:
    """How many districts stand in the municipality's sum; one alone has none."""
    if not (path := home / "baoxue.duckdb").exists() or not (home / "districts").exists():
        return 0
    with duckdb.connect(path, read_only=True) as con:
        return int(con.execute("select count(*) from municipal.district").fetchall()[0][0])


if __name__ == "__main__":
    main()
