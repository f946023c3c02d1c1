"""DuckDB beside Spark Connect by size: `python -m tests.bench.spark [--server sc://host:15002] [--home FOLDER | children …]`.

The rows of tests/bench/cases.py, one period, its work file built from validated Parquet on each engine in a process of its
own; or the last period that a home has published, with all its history. Without --server, Sail is started here and its CPU
and peak memory are measured with those of the run. The last column says whether every row of every table is the same.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from flows.manifest import list_published
from flows.settings import Home, read_key
from schemas.calendar import default_issue_date
from tests.bench.cases import BEFORE as PERIOD
from tests.bench.cases import make_children, write_period
from transforms.build import WorkInputs, build_work_file
from transforms.engine import Engine
from transforms.models import find_models

SIZES = (18_900, 75_600)
SAIL = ("import pysail.spark as s, sys, signal; server = s.SparkConnectServer('127.0.0.1', 0); server.start(background=True); "
        "print(server.listening_address[1], flush=True); signal.sigwait([signal.SIGTERM])")  # fmt: skip


def read_inputs(folder: Path, home: Home | None) -> WorkInputs:
    """What a work file is built of: the invented period in the folder, or the last one that a home has published."""
    if home is None:
        return WorkInputs(PERIOD, 1, default_issue_date(PERIOD), (folder / str(PERIOD),), pseudonym_key=b"bench")
    *held, last = list_published(home)
    return WorkInputs(
        last.period, last.version, last.inputs.issued, tuple(home.validated(m.inputs.period, m.inputs.run_id) for m in (*held, last)),
        tuple(home.openings(m.inputs.period, m.inputs.run_id) for m in held), published=home.database, pseudonym_key=read_key(home),
    )  # fmt: skip


def build(folder: Path, address: str, home: Home | None) -> dict[str, float]:
    """Build the period; CPU and wall seconds, and this process's peak in GB."""
    inputs = replace(read_inputs(folder, home), engine=Engine(cluster=address))
    cpu, wall = time.process_time(), time.perf_counter()
    build_work_file(folder / ("spark.duckdb" if address else "here.duckdb"), inputs)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall, "peak": peak}


def measure(folder: Path, address: str, home: Home | None) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.spark", "--one", str(folder), address, *([str(home.root)] if home else [])]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def measure_sail(folder: Path, home: Home | None) -> dict[str, float]:
    """The same on a Sail server of its own, with the server's CPU and peak."""
    with subprocess.Popen([sys.executable, "-c", SAIL], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=folder) as server:
        assert server.stdout
        found = measure(folder, f"sc://127.0.0.1:{server.stdout.readline().strip()}", home)
        server.send_signal(signal.SIGTERM)
        _, _, used = os.wait4(server.pid, 0)
        server.returncode = 0
    return found | {"server cpu": used.ru_utime + used.ru_stime, "server peak": used.ru_maxrss / 1024**2}


def count_differing(folder: Path) -> tuple[int, int]:
    """How many tables differ in any row, and how many rows there are."""
    with duckdb.connect() as con:
        for name in ("here", "spark"):
            con.execute(f"attach '{folder / name}.duckdb' as {name} (read_only)")
        differing = rows = 0
        for model in find_models():
            table = f'{model.stage}."{model.name}"'
            both = [f"select count(*) from (from {a}.{table} except all from {b}.{table})" for a, b in (("here", "spark"), ("spark", "here"))]
            differing += any(con.execute(query).fetchall() != [(0,)] for query in both)
            ((count,),) = con.execute(f"select count(*) from here.{table}").fetchall()
            rows += count
    return differing, rows


def main(*arguments: str) -> None:
    """Print two lines a size."""
    if arguments[:1] == ("--one",):
        print(json.dumps(build(Path(arguments[1]), arguments[2], Home(Path(arguments[3])) if arguments[3:] else None)))
        return
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--server", default="")
    options.add_argument("--home", type=Path)
    options.add_argument("children", nargs="*", type=int, default=SIZES)
    asked = options.parse_args(arguments)
    home = Home(asked.home.resolve()) if asked.home else None
    print(f"{date.today()}, {platform.system()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}, "
          f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}, {asked.server or 'Sail'}")  # fmt: skip
    print("| children | engine | CPU s | of it server | wall s | peak GB | of it server | rows | tables that differ |")
    print("|--:|---|--:|--:|--:|--:|--:|--:|--:|")
    for count in (None,) if home else asked.children:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            if count is not None:
                write_period(make_children(count), PERIOD, folder / str(PERIOD))
            here = measure(folder, "", home)
            there = measure(folder, asked.server, home) if asked.server else measure_sail(folder, home)
            differing, rows = count_differing(folder)
        who = count or asked.home.name
        print(f"| {who} | DuckDB | {here['cpu']:.1f} | | {here['wall']:.1f} | {here['peak']:.2f} | | {rows} | |")
        on, held = there.get("server cpu", 0.0), there.get("server peak", 0.0)
        print(f"| {who} | Spark | {there['cpu'] + on:.1f} | {on:.1f} | {there['wall']:.1f} | {there['peak'] + held:.2f} | {held:.2f} "
              f"| {rows} | {differing} |", flush=True)  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
