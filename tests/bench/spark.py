"""DuckDB beside Spark Connect by size: `python -m tests.bench.spark [--server sc://host:15002] [children …]`.

The rows of tests/bench/cases.py, one period, its work file built from validated Parquet on each engine in a process of its
own. Without --server, Sail is started here and its CPU and peak memory are measured with those of the run.
The last column says whether every row of every table is the same.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import signal
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from schemas.calendar import default_issue_date
from tests.bench.cases import BEFORE as PERIOD
from tests.bench.cases import make_children, write_period
from transforms.build import WorkInputs, build_work_file
from transforms.engine import Engine
from transforms.models import find_models

SIZES = (18_900, 75_600)
SAIL = ("import pysail.spark as s, sys, signal; server = s.SparkConnectServer('127.0.0.1', 0); server.start(background=True); "
        "print(server.listening_address[1], flush=True); signal.sigwait([signal.SIGTERM])")  # fmt: skip


def build(folder: Path, address: str) -> dict[str, float]:
    """Build the period; CPU and wall seconds, and this process's peak in GB."""
    cpu, wall = time.process_time(), time.perf_counter()
    inputs = WorkInputs(PERIOD, 1, default_issue_date(PERIOD), (folder / str(PERIOD),), pseudonym_key=b"bench", engine=Engine(cluster=address))
    build_work_file(folder / ("spark.duckdb" if address else "here.duckdb"), inputs)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall, "peak": peak}


def measure(folder: Path, address: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.spark", "--one", str(folder), address]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def measure_sail(folder: Path) -> dict[str, float]:
    """The same on a Sail server of its own, with the server's CPU and peak."""
    with subprocess.Popen([sys.executable, "-c", SAIL], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=folder) as server:
        assert server.stdout
        found = measure(folder, f"sc://127.0.0.1:{server.stdout.readline().strip()}")
        server.send_signal(signal.SIGTERM)
        _, _, used = os.wait4(server.pid, 0)
        server.returncode = 0
    return found | {"server cpu": used.ru_utime + used.ru_stime, "server peak": used.ru_maxrss / 1024**2}


def count_differing(folder: Path) -> int:
    """How many tables differ in any row."""
    with duckdb.connect() as con:
        for name in ("here", "spark"):
            con.execute(f"attach '{folder / name}.duckdb' as {name} (read_only)")
        differing = 0
        for model in find_models():
            table = f'{model.stage}."{model.name}"'
            both = [f"select count(*) from (from {a}.{table} except all from {b}.{table})" for a, b in (("here", "spark"), ("spark", "here"))]
            differing += any(con.execute(query).fetchall() != [(0,)] for query in both)
    return differing


def main(*arguments: str) -> None:
    """Print a line a size."""
    if arguments[:1] == ("--one",):
        print(json.dumps(build(Path(arguments[1]), arguments[2])))
        return
    server = arguments[1] if arguments[:1] == ("--server",) else ""
    sizes = [int(size) for size in arguments[2 if server else 0 :]] or list(SIZES)
    load = os.getloadavg()[0]
    print(f"{date.today()}, {platform.system()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}, "
          f"{os.cpu_count()} cores, load {load:.0f}, {server or 'Sail'}")  # fmt: skip
    print("| children | engine | CPU s | of it server | wall s | peak GB | of it server | tables that differ |\n|--:|---|--:|--:|--:|--:|--:|--:|")
    for count in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_period(make_children(count), PERIOD, folder / str(PERIOD))
            here = measure(folder, "")
            there: dict[str, Any] = measure(folder, server) if server else measure_sail(folder)
            differing = count_differing(folder)
        print(f"| {count} | DuckDB | {here['cpu']:.1f} | | {here['wall']:.1f} | {here['peak']:.2f} | | |")
        on, held = there.get("server cpu", 0.0), there.get("server peak", 0.0)
        print(f"| {count} | Spark | {there['cpu'] + on:.1f} | {on:.1f} | {there['wall']:.1f} | {there['peak'] + held:.2f} | {held:.2f} "
              f"| {differing} |", flush=True)  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
