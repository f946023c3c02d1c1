"""Kill a run at hundreds of places and look at what is left. By hand: `python -m tests.chaos.kill --count 300`.

Half of the kills come at a file operation of the run (each is as likely), half at a moment of time. After each:
what was published before is whole, or what was to be published is; and the next run ends where an undisturbed run
does, to the byte, with nothing left over. `--real` runs the whole pipeline on a small district instead of the quick
stand-ins of its stages.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import pickle
import random
import shutil
import signal
import sys
import tarfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import polars  # noqa: F401 before the fork: each child would import it anew
import pytest

from flows.bimonthly import report_period
from flows.lock import hold_home
from flows.manifest import list_published, list_versions
from flows.settings import Home, read_code_version
from flows.steps import Job
from flows.vault import open_vault
from schemas.bimester import Bimester
from tests.flows.world import PERIOD, deliver, install_stages, make_home
from transforms.models import find_models
from transforms.work import find_crypto

EVENTS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.scandir", "shutil.rmtree"}
FIRST_HOME = Path(__file__).parent.parent / "flows" / "homes" / "first.tar.xz"
State = dict[str, Any]


def run(home: Home) -> None:
    """One undisturbed run of the period, as `baoxue run` makes it."""
    with hold_home(home), open_vault(home):
        report_period(Job(home, Bimester.parse(PERIOD), say=lambda _: None))


def read_state(home: Home) -> State:
    """All that a run publishes: manifests less their time, papers, the lake's folders, the analysts' file by content."""
    manifests = {m.manifest_id: m.papers for period in list_published(home) for m in list_versions(home, period.period)}
    return {"manifests": manifests, "papers": _hash_below(home.out), "lake": _hash_below(home.lake / "validated", home.lake / "cases"),
            "database": _hash_database(home.database), "inbox": _hash_below(home.inbox)}  # fmt: skip


def _hash_below(*folders: Path) -> dict[str, str]:
    files = (p for folder in folders for p in sorted(folder.rglob("*")) if p.is_file())
    kept = (p for p in files if not any(part.startswith(".") for part in p.relative_to(folders[0].parent).parts))
    return {str(p.relative_to(folders[0].parent)): hashlib.sha256(p.read_bytes()).hexdigest() for p in kept}


def _hash_database(path: Path) -> dict[str, Any]:
    con = duckdb.connect(str(path), read_only=True, config={"threads": 1})
    try:
        tables = con.execute("select schema_name, table_name from duckdb_tables() where not internal order by all").fetchall()
        return {f"{s}.{t}": con.execute(f'select count(*), bit_xor(hash(t)) from "{s}"."{t}" as t').fetchone() for s, t in tables}
    finally:
        con.close()


def in_child(do: Callable[[], Any], folder: Path) -> tuple[int, Any]:
    """Do something in a process of its own; return how that ended (0, or minus the signal) and what it gave."""
    answer = folder / "answer.pickle"
    answer.unlink(missing_ok=True)
    if (number := os.fork()) == 0:
        try:
            given = do()
            answer.write_bytes(pickle.dumps(given))
            os._exit(0)
        except BaseException as error:
            (folder / "fault.txt").write_text(repr(error), encoding="utf-8")
            os._exit(9)
    status = os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
    return status, pickle.loads(answer.read_bytes()) if answer.exists() else None


def kill_at_event(home: Home, number: int) -> Callable[[], int]:
    """A run that dies at its n-th file operation in the home; 0: none, it counts them."""

    def do() -> int:
        seen = 0

        def note(event: str, arguments: tuple[Any, ...]) -> None:
            nonlocal seen
            if event in EVENTS and str(home.root) in str(arguments[:2]):
                seen += 1
                if seen == number:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(note)
        run(home)
        return seen

    return do


def kill_at_moment(home: Home, seconds: float) -> Callable[[], None]:
    """A run that dies after some seconds, wherever it is, in Python or below."""

    def do() -> None:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)  # the kernel ends the process, nothing is asked
        signal.setitimer(signal.ITIMER_REAL, seconds)
        run(home)

    return do


def prepare(folder: Path, real: bool) -> Home:
    """A home with a publication, and files in the inbox that will change it."""
    if real:
        with tarfile.open(FIRST_HOME) as archive:
            archive.extractall(folder / "base", filter="data")
        return make_home(folder / "base")
    stub_stages()
    home = make_home(folder / "base")
    home.options.write_text("机器:\n  线程: 1\n", encoding="utf-8")  # what is small is slower on many, and all wait on a busy machine

    def publish() -> None:
        for period in ("2025-B2", PERIOD):
            deliver(home, period, 学籍=1)
            report_period(Job(home, Bimester.parse(period), say=lambda _: None))

    status, _ = in_child(publish, folder)
    assert status == 0, (folder / "fault.txt").read_text(encoding="utf-8")
    deliver(home, PERIOD, 底册=2)
    return home


def warm_up() -> None:
    """Do once what every child would do anew: import, parse the models, load the crypto, ask for the code's version."""
    for name in ("published.change", "published.members", "published.named", "documents.assessment", "documents.member_changes"):
        import_module(f"transforms.{name}")
    find_models()
    code = read_code_version()
    pytest.MonkeyPatch().setattr("flows.steps.read_code_version", lambda: code)
    with duckdb.connect(config={"threads": 1}) as con:
        con.execute(f"load '{find_crypto()}'")


def stub_stages() -> None:
    """Put stand-ins in place of the stages, and leave out views and comments: half of a run's time, in its one transaction."""
    stubs = pytest.MonkeyPatch()
    install_stages(stubs)
    stubs.setattr("transforms.published.describe._make_view", lambda *a, **k: None)
    stubs.setattr("transforms.published.write.comment_tables", lambda *a: None)


def list_faults(before: State, left: State, after: State) -> list[str]:
    """What is not whole of what a killed run left."""
    faults = []
    if left["manifests"] not in (before["manifests"], after["manifests"]):
        faults.append("half a manifest")
    if left["database"] not in (before["database"], after["database"]):
        faults.append("half an analysts' file")
    if not before["papers"].items() <= left["papers"].items():
        faults.append("papers of before are changed")
    if not before["lake"].items() <= left["lake"].items() or left["inbox"] != before["inbox"]:
        faults.append("lake or inbox of before are changed")
    return faults


def list_leftovers(home: Home) -> list[str]:
    """What a run that ended well should not leave."""
    hidden = [str(p.relative_to(home.root)) for p in home.root.rglob(".*") if p.name != ".lock"]
    return hidden + [p.name for p in home.work.iterdir()]


def list_plain_work(home: Home) -> list[str]:
    """What a killed run left of its work that says a child's name."""
    found = [path for path in home.work.rglob("*") if path.is_file()]
    return [f"{path.name} can be read" for path in found if "虚学籍".encode() in path.read_bytes() or "虚底册".encode() in path.read_bytes()]


def chaos(folder: Path, count: int, seed: int, real: bool) -> dict[str, Any]:
    """Kill `count` runs; return how many were survived and what went wrong."""
    warm_up()
    base = prepare(folder, real)
    _, before = in_child(lambda: read_state(base), folder)
    whole = copy(base, folder / "whole")
    begun = time.monotonic()
    status, events = in_child(kill_at_event(whole, 0), folder)
    assert status == 0, (folder / "fault.txt").read_text(encoding="utf-8")
    seconds = time.monotonic() - begun
    _, after = in_child(lambda: read_state(whole), folder)
    rng, wrong, killed, published = random.Random(seed), {}, 0, 0
    for number in range(count):
        home = copy(base, folder / "home")
        at = rng.randint(1, events) if number % 2 else rng.uniform(0, seconds)
        status, _ = in_child(kill_at_event(home, at) if isinstance(at, int) else kill_at_moment(home, at), folder)
        killed += status < 0
        _, left = in_child(lambda home=home: read_state(home), folder)
        faults = (list_faults(before, left, after) if left else ["unreadable"]) + list_plain_work(home)
        published += bool(left) and left["manifests"] == after["manifests"]
        mended, _ = in_child(lambda home=home: run(home), folder)
        _, final = in_child(lambda home=home: read_state(home), folder)
        faults += ["the next run failed"] * bool(mended) + ["another end"] * (final != after) + list_leftovers(home)
        if faults:
            wrong[f"{number} at {at}"] = faults
        if number % 10 == 9:
            print(f"{number + 1} of {count}: {killed} killed, {len(wrong)} wrong", file=sys.stderr, flush=True)
    return {"runs": count, "killed": killed, "published when killed": published, "file operations of a run": events, "wrong": wrong}


def copy(home: Home, target: Path) -> Home:
    """A home of its own for each kill."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(home.root, target)
    return Home(target)


def main() -> None:
    """Kill as many runs as asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--real", action="store_true")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        found = chaos(Path(folder), given.count, given.seed, given.real)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    sys.exit(bool(found["wrong"]))


if __name__ == "__main__":
    main()
