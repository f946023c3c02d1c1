"""A run killed at any moment leaves the last publication whole, and the next run ends where it should."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from flows import stage, steps
from flows.bimonthly import report_period
from flows.manifest import list_published
from flows.options import read_engine
from flows.settings import Home
from flows.steps import Job
from flows.vault import open_vault
from schemas.bimester import Bimester
from tests.flows.world import (
    PERIOD,
    Stages,
    copy_home,
    deliver,
    install_stages,
    make_home,
    make_once,
    query,
    read_database,
)
from tests.linking.planted import plant
from transforms.compared.linked import link_people
from transforms.vault import NotOpened
from transforms.work import connect, open_beside

STEPS = ("receive", "plan_run", "validate", "build", "note_changes", "print_papers", "keep_openings",
         "stage_database", "publish")  # fmt: skip


class Killed(BaseException):
    """Stands for the end of the process: nothing catches it."""


def report(home: Home, kill_after: str = "") -> None:
    def do(step):
        def call(*arguments):
            result = step(*arguments)
            if step.__name__ == kill_after:
                raise Killed
            return result

        return call

    report_period(Job(home, Bimester.parse(PERIOD), say=lambda _: None), do)


def list_leftovers(home: Home) -> list[str]:
    hidden = [p.relative_to(home.root).as_posix() for p in home.root.rglob(".*") if p.name != ".lock"]
    return hidden + [p.name for p in home.work.iterdir()]


def state(home: Home) -> tuple[object, ...]:
    versions = query(home, "select version, count(*) from compared.finding group by 1 order by 1")
    papers = sorted(p.name for p in (home.out / PERIOD).iterdir() if not p.name.startswith("."))
    return versions, papers, [m.version for m in list_published(home)]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Home:
    def fill(home: Home) -> None:
        deliver(home, PERIOD, 学籍=1)
        report(home)

    return make_once(tmp_path_factory, fill)


@pytest.fixture
def home(published: Home, stages: Stages, tmp_path: Path) -> Home:
    """A home with one publication, and in its inbox what makes another."""
    home = copy_home(published, tmp_path / "home")
    deliver(home, PERIOD, 底册=2)
    return home


@pytest.fixture
def empty(stages: Stages, tmp_path: Path) -> Home:
    return make_home(tmp_path / "empty")


@pytest.mark.parametrize("step", STEPS)
def test_killed_after_a_step(home: Home, step: str):
    with pytest.raises(Killed):
        report(home, kill_after=step)
    published = step == "publish"
    assert state(home) == (([(1, 1), (2, 3)], ["v1", "v2"], [2]) if published else ([(1, 1)], ["v1"], [1]))
    report(home)
    assert state(home) == ([(1, 1), (2, 3)], ["v1", "v2"], [2])
    assert list_leftovers(home) == []


@pytest.mark.parametrize("moves_done", [0, 1, 2])
def test_killed_while_pieces_move_into_place(home: Home, monkeypatch: pytest.MonkeyPatch, moves_done: int):
    moved: list[Path] = []

    def move(source: Path, target: Path) -> Path:
        if len(moved) == moves_done and source.name.startswith((".baoxue", ".named", ".2025-B3")):
            raise Killed
        moved.append(source)
        return rename(source, target)

    rename = Path.replace
    monkeypatch.setattr(stage, "replace_folder", lambda source, target: move(source, target))
    monkeypatch.setattr(Path, "replace", lambda self, target: move(self, target) if is_piece(self) else rename(self, target))
    with pytest.raises(Killed):
        report(home)
    monkeypatch.undo()
    install_stages(monkeypatch)
    assert query(home, "select version, count(*) from compared.finding group by 1 order by 1") == [(1, 1)]
    report(home)
    assert state(home) == ([(1, 1), (2, 3)], ["v1", "v2"], [2])
    assert list_leftovers(home) == []


def is_piece(path: Path) -> bool:
    return path.name.startswith((".baoxue", ".named"))


def test_a_reader_keeps_the_version_it_opened(home: Home):
    with read_database(home) as reader:
        report(home)
        assert reader.execute("select count(*) from compared.finding").fetchone() == (1,)
    assert query(home, "select count(*) from compared.finding") == [(4,)]


def test_staging_uses_names_that_no_one_takes_for_a_publication(empty: Home):
    deliver(empty, PERIOD, 学籍=1)
    with pytest.raises(Killed):
        report(empty, kill_after="stage_database")
    assert not empty.database.exists()
    assert [path.name[0] for path in (empty.out / PERIOD).iterdir()] == ["."]
    assert steps.newest_version(empty, Bimester.parse(PERIOD)) is None


def test_what_a_killed_run_leaves_of_its_work_opens_to_nobody(empty: Home):
    deliver(empty, PERIOD, 学籍=40)
    with open_vault(empty), pytest.raises(Killed):
        report(empty, kill_after="build")
    (left,) = empty.work.glob("*.duckdb*")
    data = left.read_bytes()
    assert b"DUCK" in data[:64] and len(data) > 50_000
    assert "虚学籍".encode() not in data and b"5001532015" not in data
    with pytest.raises(duckdb.Error, match="encrypt"):
        duckdb.connect(str(left), read_only=True)
    with open_vault(empty):  # another process has another key: it clears away and builds anew
        report(empty)
    assert query(empty, "select count(*) from compared.finding") == [(40,)]
    assert list_leftovers(empty) == []


def test_what_does_not_fit_into_memory_spills_encrypted(empty: Home):
    empty.options.write_text("机器: {内存上限: 64, 线程: 1}\n", encoding="utf-8")
    with open_vault(empty):
        con = connect(empty.work / "w.duckdb", read_engine(empty))
        assert_spills_encrypted(con, empty)
        con.close()


def assert_spills_encrypted(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    con.execute("create temp table t as select '虚构儿童' || i || 'x' as name, hash(i) as h from range(3000000) as r(i)")
    spilt = [Path(path) for (path,) in con.execute("select path from duckdb_temporary_files()").fetchall()]
    assert spilt and all(path.is_relative_to(home.work) for path in spilt)
    assert not any("虚构儿童".encode() in path.read_bytes() for path in spilt)
    assert con.execute("select count(*) from t where name like '虚构儿童%'").fetchone() == (3000000,)


def test_linking_spills_where_the_run_does_encrypted_too(empty: Home, monkeypatch: pytest.MonkeyPatch):
    empty.options.write_text("机器: {内存上限: 64, 线程: 1}\n", encoding="utf-8")
    used = []

    def open_and_fill(run: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
        used.append(con := open_beside(run))
        assert_spills_encrypted(con, empty)
        con.execute("drop table t")
        return con

    monkeypatch.setattr("transforms.compared.linking.open_beside", open_and_fill)
    planted = plant(100, 1)
    with open_vault(empty):
        run = connect(empty.work / "w.duckdb", read_engine(empty))
        assert link_people(planted.suspects, planted.others, run) == link_people(planted.suspects, planted.others) != []
        run.close()
    assert len(used) == 1, "without a run nothing is spilt"


def test_without_the_means_to_encrypt_nothing_is_computed(empty: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("transforms.work.find_spec", lambda _: None)
    deliver(empty, PERIOD, 学籍=1)
    with open_vault(empty), pytest.raises(NotOpened, match="make install"):
        report(empty)
    assert list_published(empty) == []
