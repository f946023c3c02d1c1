"""A home that the first version made opens under today's code, reports its next period and keeps what it published."""

from __future__ import annotations

import hashlib
import tarfile
from pathlib import Path

import pytest

from flows.cli import run_command
from flows.manifest import list_published
from flows.settings import Home
from tests.flows.world import query

KEPT = Path(__file__).parent / "homes" / "first.tar.xz"


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Home:
    root = tmp_path_factory.mktemp("old") / "home"
    with tarfile.open(KEPT) as archive:
        archive.extractall(root, filter="data")
    return Home(root)


def hash_all(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()}


def test_the_next_period_is_reported_on_what_the_first_version_kept(old: Home, capsys: pytest.CaptureFixture[str]):
    kept = {kind: hash_all(old.lake / kind) for kind in ("validated", "cases", "manifest")}
    pseudonyms = query(old, "select distinct child_key from compared.finding where period = '2025-B2' order by 1")
    assert run_command(["--home", str(old.root), "backfill", "--from", "2025-B3", "--papers", "none"]) == 0, capsys.readouterr().err
    assert [(m.inputs.period, m.version) for m in list_published(old)] == [("2025-B2", 1), ("2025-B3", 1)]
    for kind, files in kept.items():
        assert files.items() <= hash_all(old.lake / kind).items()
    assert query(old, "select distinct child_key from compared.finding where period = '2025-B2' order by 1") == pseudonyms
    carried = query(old, "select count(*) from compared.finding join compared.finding as b using (child_key, comparison) "
                         "where finding.period = '2025-B3' and b.period = '2025-B2'")  # fmt: skip
    assert carried[0][0] > 0  # the same child has the same pseudonym in both


def test_an_old_period_run_again_becomes_a_new_version(old: Home, capsys: pytest.CaptureFixture[str]):
    assert run_command(["--home", str(old.root), "backfill", "--from", "2025-B2", "--to", "2025-B2", "--papers", "none"]) == 0
    assert [m.version for m in list_published(old) if m.inputs.period == "2025-B2"] == [2]
    assert run_command(["--home", str(old.root), "status"]) == 0
    assert "待重算" in capsys.readouterr().out


def test_doctor_finds_an_old_home_whole(old: Home, capsys: pytest.CaptureFixture[str]):
    run_command(["--home", str(old.root), "doctor"])
    assert "数据湖：完好" in capsys.readouterr().out
