"""A whole pipeline in small: every stage is a stub that does what its contract says with almost no data.

A file in the inbox is one line of text. Its name ends in the number of findings it causes; one that begins with
坏 is refused. So a test reads: these files in, this publication out.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from flows.settings import Home, prepare_home
from schemas.table import list_tables
from transforms.build import RUN_TABLES
from transforms.work import connect

PERIOD = "2025-B3"


@dataclass
class Stages:
    """What the stubbed stages were asked, and where one of them should fail."""

    calls: list[str]
    fail_in: str = ""
    fault: BaseException | None = None

    def enter(self, stage: str) -> None:
        """Note a call; raise the planned fault."""
        self.calls.append(stage)
        if self.fail_in == stage and self.fault is not None:
            raise self.fault


def deliver(home: Home, period: str, **files: int) -> None:
    """Put files into an inbox: name = number of findings it causes."""
    folder = home.inbox / period
    folder.mkdir(parents=True, exist_ok=True)
    for name, findings in files.items():
        (folder / f"{name}.csv").write_text(f"{name},{findings}", encoding="utf-8")


def make_home(root: Path) -> Home:
    """Return a prepared home."""
    return prepare_home(Home(root))


def copy_home(home: Home, root: Path) -> Home:
    """Return a home of a test's own, as another stands: to copy a publication costs far less than to make it."""
    return Home(Path(shutil.copytree(home.root, root)))


def make_once(factory: pytest.TempPathFactory, fill: Callable[[Home], object], *, with_views: bool = False) -> Home:
    """Make a home for every test of a file to copy: `fill` delivers and publishes, on stubbed stages."""
    home = make_home(factory.mktemp("once") / "home")
    with pytest.MonkeyPatch.context() as patch:
        install_stages(patch, with_views=with_views)
        fill(home)
    return home


def install_stages(monkeypatch: pytest.MonkeyPatch, *, with_views: bool = False) -> Stages:
    """Put stubs in place of the stages; a step imports its stage when it runs.

    The analysts' file gets its comments, views and questions only `with_views`: they are half of what a publication takes.
    """
    stages = Stages([])
    if not with_views:
        for name in ("comment_tables", "make_views", "make_questions"):
            monkeypatch.setattr(f"transforms.published.write.{name}", lambda *_: None)
    stubs: dict[str, Any] = {
        "transforms.extracts.land.land_inbox": lambda inbox, lake, say: _land(stages, inbox),
        "transforms.validated.validate.validate_period": lambda *a, **k: _validate(stages, *a, **k),
        "transforms.documents.papers.write_papers": lambda *a, **k: _write_papers(stages, *a, **k),
        "transforms.documents.case_forms.write_case_papers": lambda *a, **k: [],
        "transforms.documents.notices.write_notices": lambda *a, **k: [],
        "transforms.documents.recipients.write_recipient_papers": lambda *a, **k: [],
    }
    for name, stub in stubs.items():
        monkeypatch.setattr(name, stub)
    monkeypatch.setattr("transforms.build.build_work_file", lambda *a: _build(stages, *a))
    return stages


def _land(stages: Stages, inbox: Path) -> Any:
    stages.enter("land")
    files, refusals = [], []
    for path in sorted(inbox.glob("*.csv")):
        file_id = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        if path.name.startswith("坏"):
            refusals.append(SimpleNamespace(message=f"{path.name}不是电子表格，请重新导出"))
        else:
            files.append(SimpleNamespace(file_name=path.name, file_id=file_id, path=path))
    return SimpleNamespace(files=tuple(files), refusals=tuple(refusals), ignored=tuple(sorted(p.name for p in inbox.glob("~*"))), set_aside=())


def _validate(stages: Stages, landing: Any, period: Any, held: tuple[Path, ...], out: Path, **rest: Any) -> Any:
    stages.enter("validate")
    assert all(folder.is_dir() for folder in (*held, rest["lake"])), held
    lines = [f"{f.file_id},{f.path.read_text(encoding='utf-8')}" for f in landing.files]
    (out / "rows.txt").write_text("\n".join(lines), encoding="utf-8")
    refusals = () if lines else (SimpleNamespace(message="收件文件夹是空的，请放入报送文件"),)
    return SimpleNamespace(refusals=refusals)


def _build(stages: Stages, path: Path, inputs: Any, say: Any) -> None:
    stages.enter("build")
    con = connect(path, inputs.engine)
    make_empty_tables(con)
    period, version = str(inputs.period), inputs.version
    lines = (inputs.validated[-1] / "rows.txt").read_text(encoding="utf-8").splitlines()
    for file_id, name, count in (line.split(",") for line in lines):
        con.execute("insert into validated.file (period, file_id, file_name, sheet, extract, rows_read, accepted, "
                    "merged, quarantined) values (?, ?, ?, '表1', 'registry', 10, 9, 0, 1)",
                    [period, file_id, f"{name}.csv"])  # fmt: skip
        fill_findings(con, period, version, name, int(count))
    total = con.execute("select count(*) from compared.finding").fetchone()[0]
    fill_rate(con, period, version, "enrolment_rate", 1000 - total, 1000)
    fill_rate(con, "2020-B1", 1, "enrolment_rate", 1, 1)  # an earlier period's value, as the trend keeps it
    con.execute("checkpoint")
    con.close()


def make_empty_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Make every declared table of a work file, empty."""
    declared = {t.full_name: {c.name: c.type for c in t.columns} for t in list_tables().values()}
    con.execute("begin")  # else each table is written out by itself
    for name, columns in {**{f"validated.{n}": c for n, c in RUN_TABLES.items()}, **declared}.items():
        con.execute(f"create schema if not exists {name.split('.')[0]}; "
                    f"create table {name} ({', '.join(f'{column} {kind}' for column, kind in columns.items())})")  # fmt: skip
    con.execute("commit")


def fill_findings(con: duckdb.DuckDBPyConnection, period: str, version: int, name: str, count: int) -> None:
    """Add findings, each with a person who has a name and an id."""
    for number in range(count):
        key = hashlib.sha256(f"{name}{number}".encode()).hexdigest()[:32]
        con.execute("insert into conformed.person (person_id, child_key, name, id_number) values (?, ?, ?, ?)",
                    [int(key[:7], 16), key, f"虚{name}{number}", f"50015320150101{number:04d}"])  # fmt: skip
        con.execute("insert into compared.finding (period, version, comparison, child_key, township) "
                    "values (?, ?, 'unenrolled', ?, '昌元街道')", [period, version, key])  # fmt: skip
        con.execute("insert into cases.opening (case_no, child_key, opened_in) values (?, ?, ?)",
                    [f"{period}-{name}{number}", key, period])  # fmt: skip
        con.execute("insert into cases.case (period, version, case_no, child_key, state, overdue_working_days) "
                    "values (?, ?, ?, ?, '待核实', ?)",
                    [period, version, f"{period}-{name}{number}", key, number])  # fmt: skip


def fill_rate(con: duckdb.DuckDBPyConnection, period: str, version: int, name: str, part: int, whole: int) -> None:
    """Add one district rate."""
    con.execute("insert into indicators.value values (?, ?, 'district', '荣昌区', null, 'all', 'all', 'all', ?, ?, ?, "
                "?, null, null, false)", [period, version, name, part, whole, part / whole])  # fmt: skip


def _write_papers(stages: Stages, con: Any, out: Path, period: Any, version: int, issued: date, **rest: Any) -> list[Path]:
    stages.enter("papers")
    changes = con.execute("select what, before, after from meta.change order by all").fetchall()
    path = out / "区级" / "双月报上报稿.txt"
    path.parent.mkdir(parents=True)
    path.write_text(f"{period} v{version} {issued} {rest['draft']} {changes}", encoding="utf-8")
    return [path]


@contextmanager
def read_database(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the analysts' file as an analyst would."""
    con = duckdb.connect(str(home.database), read_only=True)
    try:
        yield con
    finally:
        con.close()


def query(home: Home, sql: str) -> list[tuple[Any, ...]]:
    """Run one query on the analysts' file."""
    with read_database(home) as con:
        return con.execute(sql).fetchall()
