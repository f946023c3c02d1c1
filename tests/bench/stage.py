"""Run one stage of one period in this process and print its wall time, CPU time and peak memory as JSON.

`python -m tests.bench.stage STAGE HOME PERIOD`; the stages before it must have run. CPU is that of all threads and of
the processes that share the papers.
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
from tests.bench import floor, peer

# What is done with the rows, and whether they are all twins of others.
RULED = {"floor: count rules": ("counted", False), "quarantine mask": ("judged", False), "mask of twins": ("judged", True),
         "mask and pandera": ("accepted", False)}  # fmt: skip


def _quiet(_: str) -> None:
    return None


def prepare(stage: str, home_folder: Path, period: Bimester) -> Callable[[], Any]:
    """Return the call to time, everything it needs already at hand."""
    from flows import printing, steps
    from flows.settings import Home, prepare_home

    home = prepare_home(Home(home_folder))
    inbox = home.inbox / str(period)
    job = steps.Job(home, period, _quiet)
    first: dict[str, Callable[[], Any]] = {
        "extracts": lambda: steps.receive(job), "floor: read": lambda: floor.read_files(inbox), "peer: read": lambda: peer.read_files(inbox),
    }  # fmt: skip
    if stage in first:
        return first[stage]
    landing = steps.receive(job)
    plan = steps.plan_run(job, landing)
    if stage == "validated":
        return lambda: steps.validate(plan, landing)
    folder = home.validated(str(period), plan.inputs.run_id)
    if stage == "published":
        steps.note_changes(plan)
    if stage in RULED:
        return floor.prepare_rules(landing, home.lake, period, *RULED[stage])
    calls: dict[str, Callable[[], Any]] = {
        "floor: columns": lambda: floor.scan_columns(folder),
        "floor: join": lambda: floor.join_registers(folder),
        "peer: join": lambda: peer.join_registers(folder),
        "conformed to indicators": lambda: steps.build(plan),
        "documents": lambda: printing.print_papers(plan),
        "published": lambda: steps.stage_database(plan),
    }
    return calls[stage]


def measure_cpu() -> float:
    """CPU seconds of this process and of its children that have ended."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def main() -> None:
    """Time one stage."""
    stage, home, period = sys.argv[1], Path(sys.argv[2]), Bimester.parse(sys.argv[3])
    call = prepare(stage, home, period)
    wall, cpu = time.perf_counter(), measure_cpu()
    rows = call()
    wall, cpu = time.perf_counter() - wall, measure_cpu() - cpu
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    print(json.dumps({"stage": stage, "wall": wall, "cpu": cpu, "peak_mb": peak, "rows": rows if isinstance(rows, int) else 0}))


if __name__ == "__main__":
    main()
