"""The analysts' file answers another process all through fifty publications: no error, and never half of one."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from flows.settings import Home, prepare_home
from flows.stage import settle, stage_for
from schemas.bimester import Bimester
from schemas.published import list_published
from tests.published.test_analysts_file import make_work
from transforms.published import write
from transforms.published.write import Publication, write_analysts_file

PERIOD = Bimester.parse("2025-B3")
PUBLICATIONS = 50
# version v of the small world: v runs, three findings a version, v enrolled of 100
WHOLE = """
select p.version,
    (select count(*) from meta.run) = p.version
    and (select count(*) from compared.finding) = 3 * p.version
    and (select max(version) from compared.finding) = p.version
    and (select (numerator, version)::varchar from indicators.current) = (p.version, p.version)::varchar
    and (select 分子 from 中文.适龄儿童少年入学率) = p.version
from meta.period as p where p.is_current
"""
READER = f"""
import sys, time, duckdb
from pathlib import Path
path, stop = map(Path, sys.argv[1:])
held = duckdb.connect(str(path), read_only=True, config={{"threads": 1}})
first = held.execute({WHOLE!r}).fetchall()
print("reading", flush=True)
seen = []
done = False
while not done:
    done = stop.exists()  # one more look after the last publication
    # an attached file that is still open elsewhere in the process would be the old one: each look opens anew
    con = duckdb.connect(config={{"threads": 1}})
    con.execute(f"attach '{{path}}' as fresh (read_only)")
    con.execute("use fresh")
    seen.append(con.execute({WHOLE!r}).fetchall())
    con.close()
    time.sleep(0.02)  # still a look or more at each publication
assert held.execute({WHOLE!r}).fetchall() == first
assert all(len(rows) == 1 and rows[0][1] for rows in (first, *seen)), "a mixed version"
versions = [rows[0][0] for rows in seen]
assert versions == sorted(versions) and versions[-1] == {PUBLICATIONS}
"""


def keep_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty times all tables and questions would take half a minute: what is asked below is enough."""
    kept = ("meta.", "compared.finding", "indicators.value", "validated.")
    few = tuple(table for table in list_published() if table.full_name.startswith(kept))
    monkeypatch.setattr(write, "list_published", lambda: few)
    monkeypatch.setattr(write, "make_questions", lambda con: None)


def publish(home: Home, work: Path, version: int) -> None:
    """Publish as a run does: a new file beside the old one, then the move into its place."""
    con = duckdb.connect(str(work))
    con.execute("update compared.finding set version = ?", [version])
    con.execute("update indicators.value set version = ?, numerator = ?", [version, version])
    con.execute("update meta.change set version = ?", [version])
    con.close()
    run = SimpleNamespace(manifest_id=f"m{version}", inputs=SimpleNamespace(period=str(PERIOD)), version=version)
    what = Publication(PERIOD, version, date(2025, 7, 10), run.manifest_id, f"r{version}", "1", "2")
    write_analysts_file(work, home.database if home.database.exists() else None, stage_for(home, run).database, what)
    settle(home, run)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows refuses to replace a file that a reader holds open")
def test_a_reader_sees_whole_versions_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    keep_small(monkeypatch)
    home, stop = prepare_home(Home(tmp_path / "home")), tmp_path / "stop"
    work = make_work(tmp_path / "work.duckdb", 1, 3)
    publish(home, work, 1)
    with subprocess.Popen([sys.executable, "-c", READER, str(home.database), str(stop)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as reader:  # fmt: skip
        assert reader.stdout is not None
        assert reader.stdout.readline() == "reading\n"
        try:
            for version in range(2, PUBLICATIONS + 1):
                publish(home, work, version)
        finally:
            stop.touch()
        told, fault = reader.communicate(timeout=600)
    assert reader.returncode == 0, fault or told
