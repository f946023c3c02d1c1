"""Damage real files by the hundred and read them as `baoxue check` does. Long mode: `python -m tests.hostile.fuzz`.

Each file must end as rows that add up, or as a refusal in Chinese; never as a traceback, a crash or a hang. A child
process reads, so that a crash below Python is a find like any other; the parent says which seed it was.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.hostile.mutate import mutate

SECONDS_A_FILE = 60
MEMORY = 6 << 30


def read_one(path: Path) -> str:
    """Check a file; return how it ended. Raises AssertionError when rows were lost or nothing was said."""
    from transforms.validated.check import check_files

    (report,) = check_files([path])
    for sheet in report.sheets:
        assert sheet.rows_read == sheet.accepted + sheet.merged + sheet.quarantined, sheet
    assert report.sheets or report.refusals or report.set_aside, "nothing was said of it"
    assert all(max(problem.message) >= "一" for problem in report.refusals), report.refusals
    return "read" if report.sheets else "refused" if report.refusals else "set aside"


def run_child(corpus: Path, first: int, last: int) -> None:
    """Read the mutants of some seeds; a line of JSON for each, before and after."""
    if hasattr(os, "getuid"):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    files = sorted(path for path in corpus.rglob("*") if path.is_file())
    with TemporaryDirectory() as folder:
        for seed in range(first, last):
            rng = random.Random(seed)
            source = rng.choice(files)
            path = Path(folder) / f"mutant{source.suffix}"
            path.write_bytes(mutate(rng, source.read_bytes()))
            print(json.dumps({"seed": seed, "from": source.name}), flush=True)
            begun = time.monotonic()
            faulthandler.dump_traceback_later(SECONDS_A_FILE, exit=True)  # a hang ends the process too
            try:
                ended = read_one(path)
            except BaseException as error:  # Rust's panics are no Exceptions
                ended = f"{type(error).__name__}: {error}"[:300]
            print(json.dumps({"seed": seed, "ended": ended, "seconds": time.monotonic() - begun}), flush=True)


def fuzz(corpus: Path, first: int, count: int) -> dict[str, Any]:
    """Read `count` mutants; return counts by ending, and what went wrong by seed."""
    ended: dict[str, int] = {}
    wrong: dict[int, str] = {}
    slowest, seed, last, source = 0.0, first, first + count, ""
    while seed < last:
        with subprocess.Popen(
            [sys.executable, "-m", "tests.hostile.fuzz", "--child", str(corpus), str(seed), str(last)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        ) as child:  # fmt: skip
            assert child.stdout
            for line in child.stdout:
                told = json.loads(line)
                seed, source = told["seed"], told.get("from", source)
                if "ended" in told:
                    slowest = max(slowest, told["seconds"])
                    known = told["ended"] in ("read", "refused", "set aside")
                    ended[told["ended"] if known else "wrong"] = ended.get(told["ended"] if known else "wrong", 0) + 1
                    if not known:
                        wrong[seed] = f"{source}: {told['ended']}"
                    seed += 1
        if child.returncode:
            wrong[seed] = f"{source}: the process ended with {child.returncode}"
            seed += 1
    return {"tried": count, "ended": ended, "slowest": round(slowest, 1), "wrong": wrong}


def make_corpus(folder: Path) -> Path:
    """Write a small sample district's files and one .ods, as the damage's raw material."""
    from schemas.bimester import Bimester
    from tests.hostile.books import write_ods
    from transforms.sample.write import write_sample

    write_sample(folder, Bimester.parse("2025-B3"), back=0, pupils=300, say=lambda _: None)
    write_ods(folder / "inbox" / "学校.ods", [["学校标识码", "学校名称", "办学类型", "举办者类型", "所在镇街", "城乡类型"],
                                              ["2150000001", "甲小学", "小学", "公办", "昌元街道", "镇区"]])  # fmt: skip
    return folder / "inbox"


def main() -> None:
    """Fuzz for as many seeds as asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--child", nargs=3)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--corpus", type=Path, help="files to damage; default a small sample")
    given = parser.parse_args()
    if given.child:
        run_child(Path(given.child[0]), int(given.child[1]), int(given.child[2]))
        return
    with TemporaryDirectory() as folder:
        found = fuzz(given.corpus or make_corpus(Path(folder)), given.first, given.count)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    sys.exit(bool(found["wrong"]))


if __name__ == "__main__":
    main()
