"""One period of an invented district: each stage and the whole, beside a floor and a peer. `make bench`.

The floor reads the same files with bare fastexcel/Polars and compares the registers in one bare DuckDB query; the peer
does the same with pandas and openpyxl; all in the same run. The whole is `baoxue` as a clerk calls it, imports and documents
included. Ratios are of CPU seconds of all threads and processes: on a shared machine wall time says little.
Prints Markdown; `docs/benchmark.md` holds what it printed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

FLOOR = ("floor: read", "floor: columns", "floor: join")
STAGES = ("extracts", "validated", "floor: columns", "floor: join", "floor: count rules", "quarantine mask",
          "mask of twins", "mask and pandera", "conformed to indicators", "documents", "published", "peer: read", "peer: join")  # fmt: skip
WITHOUT_PAPERS = ("extracts", "validated", "conformed to indicators", "published")


@dataclass(frozen=True)
class Cost:
    """What a stage or command took: seconds, CPU seconds, peak of its largest process and of its spill folder."""

    wall: float
    cpu: float
    peak_mb: float
    spill_mb: float
    rows: int = 0


def watch(command: list[str], home: Path) -> tuple[Cost, str]:
    """Run a command to its end; return its cost and last line."""
    started, spill = time.perf_counter(), 0
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.DEVNULL)
        while (ended := os.wait4(process.pid, os.WNOHANG))[0] == 0:
            spill = max(spill, weigh(home / "lake" / "work" / "spill"))
            time.sleep(0.05)
        said.seek(0)
        lines = said.read().splitlines()
    process.returncode = os.waitstatus_to_exitcode(ended[1])
    if process.returncode:
        raise SystemExit(f"{' '.join(command[2:])} failed")
    used = ended[2]
    cost = Cost(time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, spill / 1e6)
    return cost, lines[-1] if lines else ""


def weigh(folder: Path) -> int:
    """Bytes of the files in a folder; 0 where there is none."""
    try:
        return sum(path.stat().st_size for path in folder.iterdir()) if folder.exists() else 0
    except FileNotFoundError:  # gone while it was looked at
        return 0


def run_stage(stage: str, home: Path, period: str) -> Cost:
    """Run one stage in a process of its own; its imports and the stages before it are not counted."""
    whole, line = watch([sys.executable, "-m", "tests.bench.stage", stage, str(home), period], home)
    told = json.loads(line)
    return Cost(told["wall"], told["cpu"], told["peak_mb"], whole.spill_mb, told["rows"])


def run_command(home: Path, *arguments: str) -> Cost:
    """Run `baoxue …` and cost the whole process with its children."""
    return watch([sys.executable, "-c", "from flows.cli import main; main()", *arguments, "--home", str(home)], home)[0]


def change_one_school(inbox: Path) -> str:
    """Deliver the smallest text file anew with a blank line more; return its name."""
    plain = (p for p in inbox.rglob("*.csv") if not p.read_bytes().startswith((b"\xff\xfe", b"\xfe\xff")))
    path = min(plain, key=lambda p: (p.stat().st_size, p.as_posix()))
    path.write_bytes(path.read_bytes().rstrip() + b"\r\n\r\n")
    return path.name


def measure(home: Path, cold: Path, period: str, papers: str) -> Iterator[tuple[str, Cost]]:
    """Cost every stage on one home, then the commands on another with the same inbox that no stage has touched."""
    run = ("backfill", "--from", period, "--to", period, "--papers", papers)
    yield "floor: read", run_stage("floor: read", home, period)
    for stage in STAGES if papers == "all" else (name for name in STAGES if name != "documents"):
        yield stage, run_stage(stage, home, period)
    yield "whole run", run_command(cold, *run)
    yield "nothing changed", run_command(cold, *run)
    change_one_school(cold / "inbox" / period)
    yield "one school's file changed", run_command(cold, *run)
    yield "baoxue --help", run_command(cold, "--help")
    yield "baoxue status", run_command(cold, "status")


def list_goals(costs: dict[str, Cost]) -> Iterator[tuple[str, str, str]]:
    """What was aimed at, the aim, and what was reached."""

    def cpu(*names: str) -> float:
        return sum(costs[name].cpu for name in names)

    floor, peer = cpu("floor: read", "floor: join"), cpu("peer: read", "peer: join")
    whole = cpu(*WITHOUT_PAPERS)
    mask, contract = costs["quarantine mask"], costs["mask and pandera"]
    yield "run without documents / bare reads and bare join", "≤ 1.5", f"{whole / floor:.2f}"
    yield "peer's reads and join / run without documents", "≥ 10", f"{peer / whole:.2f}"
    yield "peer's reads and join / our reading of the same files", "", f"{peer / cpu('extracts'):.2f}"
    yield "quarantine mask / the same rules counted in bare Polars", "≤ 1.4", f"{mask.cpu / cpu('floor: count rules'):.2f}"
    yield "quarantine mask, million rows a CPU second", "≥ 3", f"{mask.rows / mask.cpu / 1e6:.2f}"
    yield "mask and pandera / the same rules counted", "≤ 3", f"{contract.cpu / cpu('floor: count rules'):.2f}"
    yield "mask and pandera, million rows a CPU second", "≥ 1", f"{contract.rows / contract.cpu / 1e6:.2f}"
    yield "compare and indicators / reading the columns", "≤ 3", f"{cpu('conformed to indicators') / cpu('floor: columns'):.2f}"
    yield ("staged Parquet to published file / bare read and join", "≤ 1.5",
           f"{cpu('conformed to indicators', 'published') / cpu('floor: columns', 'floor: join'):.2f}")  # fmt: skip
    yield "rerun with nothing changed, CPU s, imports included", "≤ 3", f"{cpu('nothing changed'):.2f}"


def main() -> None:
    """Invent a district, cost everything, print the tables."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--pupils", help="pupils of the district; by default as many as it has")
    asked.add_argument("--home", type=Path, help="a home whose inbox is taken instead of an invented one")
    asked.add_argument("--period", default="2025-B3")
    asked.add_argument("--papers", choices=("all", "none"), default="all", help="none: the whole run prints no papers")
    given = asked.parse_args()
    period, size = given.period, ["--pupils", given.pupils] if given.pupils else []
    print(f"{datetime.now():%Y-%m-%d}, {platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores, "
          f"load {os.getloadavg()[0]:.1f}, {given.pupils or 'all'} pupils, {period}, papers: {given.papers}\n")  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        if given.home:
            shutil.copytree(given.home / "inbox", home / "inbox")
        else:
            run_command(home, "sample", "--period", period, *size)
        cold = Path(folder) / "cold"
        shutil.copytree(home / "inbox", cold / "inbox")
        costs: dict[str, Cost] = {}
        print("| stage | CPU s | wall s | peak MB | spill MB | of floor: read |\n|---|--:|--:|--:|--:|--:|")
        for name, cost in measure(home, cold, period, given.papers):
            costs[name] = cost
            ratio = cost.cpu / costs["floor: read"].cpu
            print(f"| {name} | {cost.cpu:.2f} | {cost.wall:.2f} | {cost.peak_mb:.0f} | {cost.spill_mb:.0f} | {ratio:.2f} |", flush=True)
    print("\n| ratio of CPU seconds | goal | reached |\n|---|--:|--:|")
    for goal in list_goals(costs):
        print(f"| {' | '.join(goal)} |")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a stage that is killed leaves no rows on disk
    main()
