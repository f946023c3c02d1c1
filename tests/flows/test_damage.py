"""A disk that lies, fills up or loses power: the cause is said, what was published stays, the next run mends it."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from flows.bimonthly import report_period
from flows.cli import run_command
from flows.faults import PublicError, explain_machine
from flows.lake import find_lake_damage
from flows.manifest import list_published
from flows.settings import Home
from flows.steps import Job
from schemas.bimester import Bimester
from tests.flows.world import PERIOD, Stages, copy_home, deliver, make_once, query


def report(home: Home, period: str = PERIOD) -> str:
    return report_period(Job(home, Bimester.parse(period), say=lambda _: None)).action


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Home:
    def fill(home: Home) -> None:
        for period in ("2025-B2", PERIOD):
            deliver(home, period, 学籍=1)
            report(home, period)

    return make_once(tmp_path_factory, fill)


@pytest.fixture
def two(published: Home, stages: Stages, tmp_path: Path) -> Home:
    """A home with two periods published."""
    return copy_home(published, tmp_path / "two")


def damage(home: Home, period: str, kind: str, name: str = "*") -> Path:
    path = next(p for p in sorted((home.lake / kind / period).glob(f"*/{name}")) if p.name != "sums.json")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kind", ["validated", "cases"])
def test_a_damaged_file_of_an_earlier_period_is_named_and_mended(two: Home, kind: str):
    path = damage(two, "2025-B2", kind)
    good = list_published(two)
    deliver(two, PERIOD, 底册=2)
    with pytest.raises(PublicError) as said:
        report(two)
    assert str(path.relative_to(two.root)) in str(said.value) and "baoxue run --period 2025-B2" in str(said.value)
    assert list_published(two) == good
    assert report(two, "2025-B2") == "reprint"
    assert find_lake_damage(two, list_published(two)[0]) is None
    assert report(two) == "publish"
    assert query(two, "select count(*) from compared.finding where period = '2025-B3' and version = 2") == [(3,)]


def test_a_folder_that_is_gone_is_no_silence(two: Home):
    import shutil

    shutil.rmtree(two.lake / "validated" / "2025-B2")
    deliver(two, PERIOD, 底册=2)
    with pytest.raises(PublicError, match="已损坏或缺失"):
        report(two)


def test_a_changed_manifest_is_named(two: Home, capsys: pytest.CaptureFixture[str]):
    path = two.lake / "manifest" / PERIOD / "v1.json"
    path.write_text(path.read_text(encoding="utf-8").replace("学籍", "学级"), encoding="utf-8")
    assert run_command(["--home", str(two.root), "status"]) == 1
    assert "v1.json 已损坏或被改动" in capsys.readouterr().err


def test_doctor_names_the_damage(two: Home, capsys: pytest.CaptureFixture[str]):
    damage(two, PERIOD, "validated")
    assert run_command(["--home", str(two.root), "doctor"]) == 1
    assert "数据湖：1期有损坏" in capsys.readouterr().out


@pytest.mark.parametrize("stage", ["land", "validate", "build", "papers"])
def test_a_full_disk_is_said_and_nothing_is_lost(two: Home, stages: Stages, capsys: pytest.CaptureFixture[str], stage: str):
    deliver(two, PERIOD, 底册=2)
    stages.fail_in, stages.fault = stage, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert run_command(["--home", str(two.root), "run", "--period", PERIOD]) == 1
    assert "磁盘已满" in capsys.readouterr().err
    assert [m.version for m in list_published(two)] == [1, 1]
    stages.fault = None
    assert report(two) == "publish"


def test_causes_told_only_in_a_librarys_words_are_understood():
    told = RuntimeError('IO Error: Could not write file "x": No space left on device')
    assert "磁盘已满" in str(explain_machine(told))
    assert explain_machine(ValueError("王小明")) is None


@pytest.mark.skipif(not hasattr(os, "O_DIRECTORY"), reason="没有可打开的文件夹（Windows）")
def test_nothing_is_said_to_be_published_before_it_is_on_the_disk(home: Home, stages: Stages, monkeypatch: pytest.MonkeyPatch):
    deliver(home, PERIOD, 学籍=1)
    done: list[tuple[str, str]] = []
    sync, replace = os.fsync, Path.replace

    def note_sync(number: int) -> None:
        done.append(("sync", str(Path(f"/proc/self/fd/{number}").readlink())))
        sync(number)

    def note_replace(self: Path, target: Path) -> Path:
        done.append(("rename", str(target)))
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "replace", note_replace)
    report(home)
    moment = done.index(("rename", str(home.manifests(PERIOD) / "v1.json")))
    before = [path for what, path in done[:moment] if what == "sync"]
    for wanted in ("双月报上报稿.txt", ".baoxue.", ".named.", "rows.txt", "opening.parquet", "sums.json", ".v1.json.tmp"):
        assert any(wanted in path for path in before), wanted
    assert done[moment + 1] == ("sync", str(home.manifests(PERIOD)))
    assert done[-1] == ("sync", str(home.root)) or ("sync", str(home.root)) in done[moment:]


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from transforms.extracts.land import land_inbox

    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "学籍.csv").write_text("a", encoding="utf-8")
    monkeypatch.setattr(Path, "read_bytes", lambda _: (_ for _ in ()).throw(PermissionError(errno.EACCES, "Permission denied")))
    (problem,) = land_inbox(tmp_path / "inbox", tmp_path / "lake", lambda _: None).refusals
    assert "学籍.csv" in problem.message and "打不开" in problem.message and "检查权限和磁盘" in problem.message


def test_a_file_beyond_the_largest_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    from transforms.extracts.land import land_inbox

    (big := tmp_path / "inbox" / "大.csv").parent.mkdir()
    with big.open("wb") as handle:
        handle.truncate(300_000_000)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("read"))
    (problem,) = land_inbox(big.parent, tmp_path / "lake", lambda _: None).refusals
    assert "大.csv" in problem.message and "300MB" in problem.message
    assert run_command(["--home", str(tmp_path / "home"), "check", str(big)]) == 3
    assert "300MB" in capsys.readouterr().out


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows 上权限由文件夹自己定")
def test_a_home_without_rights_is_said_with_the_path(home: Home, stages: Stages, monkeypatch: pytest.MonkeyPatch,
                                                     capsys: pytest.CaptureFixture[str]):  # fmt: skip
    deliver(home, PERIOD, 学籍=1)
    stages.fail_in, stages.fault = "build", PermissionError(errno.EACCES, "Permission denied", str(home.lake / "work"))
    assert run_command(["--home", str(home.root), "run"]) == 1
    said = capsys.readouterr().err
    assert "没有读写的权限" in said and str(home.lake / "work") in said and "交给运行本程序的账户" in said


def test_the_clock_shapes_nothing_that_is_published(home: Home, stages: Stages, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    from tests.flows.world import make_home

    there = make_home(tmp_path / "there")
    for each, now in ((home, "1999-01-01T00:00:00+08:00"), (there, "2099-12-31T23:59:59+08:00")):
        monkeypatch.setattr("flows.steps._now", lambda now=now: now)
        deliver(each, PERIOD, 学籍=1)
        report(each)
    first, second = list_published(home)[0], list_published(there)[0]
    assert first.papers == second.papers and first.manifest_id == second.manifest_id
