"""One period of an invented district: each stage and the whole, beside a floor that only reads. `make bench`.

The floor opens the same files with bare fastexcel/Polars and scans each once with bare DuckDB, in the same run. The
whole is `baoxue run` as a clerk calls it, imports and documents included.
"""

from __future__ import annotations

import json
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STAGES = ("floor", "extracts", "validated", "conformed to indicators", "documents", "published")


def run_stage(stage: str, home: Path, period: str) -> dict[str, float]:
    """Run one stage in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.stage", stage, str(home), period]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def run_command(*arguments: str) -> dict[str, float]:
    """Run `baoxue …` and time the whole process; the peak is the largest child so far."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "from flows.cli import main; main()", *arguments], check=True, capture_output=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {"stage": " ".join(arguments[:1]), "wall": time.perf_counter() - started, "peak_mb": peak}


def print_table(rows: list[dict[str, float]], floor: float) -> None:
    """Print one line a stage: seconds, peak memory, and the ratio to the floor."""
    print(f"{'stage':<28}{'wall s':>9}{'peak MB':>10}{'of floor':>10}")
    for row in rows:
        print(f"{row['stage']:<28}{row['wall']:>9.2f}{row['peak_mb']:>10.0f}{row['wall'] / floor:>10.2f}")


def main(pupils: str | None = None, period: str = "2025-B3") -> None:
    """Invent a district, run one period stage by stage, then the whole run and the run with nothing changed."""
    print(f"{platform.platform()}, Python {platform.python_version()}, {pupils or 'full'} pupils, {period}")
    with tempfile.TemporaryDirectory() as folder:
        staged, whole = Path(folder) / "staged", Path(folder) / "whole"
        size = ["--pupils", pupils] if pupils else []
        rows = [run_command("sample", "--home", str(staged), "--period", period, *size)]
        run_command("sample", "--home", str(whole), "--period", period, *size)
        rows += [run_stage(stage, staged, period) for stage in STAGES]
        floor = rows[1]["wall"]
        rows.append(run_command("run", "--home", str(whole), "--period", period) | {"stage": "whole run"})
        rows.append(run_command("run", "--home", str(whole), "--period", period) | {"stage": "nothing changed"})
    print_table(rows, floor)


if __name__ == "__main__":
    main(*sys.argv[1:])
