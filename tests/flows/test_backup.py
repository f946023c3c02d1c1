"""A home leaves as one encrypted file and comes back whole, or not at all."""

import errno
import os
from pathlib import Path

import pytest

from flows.backup import back_up, hash_home, restore
from flows.commands import run_period
from flows.faults import PublicError, WrongUse
from flows.settings import Home
from schemas.bimester import Bimester
from tests.flows.world import PERIOD, Stages, copy_home, deliver, make_once, query


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Home:
    def fill(home: Home) -> None:
        deliver(home, PERIOD, 甲校=2)
        run_period(home, Bimester.parse(PERIOD), None, False, print)

    return make_once(tmp_path_factory, fill)


@pytest.fixture
def published(once: Home, stages: Stages, tmp_path: Path) -> Home:
    return copy_home(once, tmp_path / "published")


def _quiet(_: str) -> None:
    pass


def _save_key(home: Home, folder: Path) -> Path:
    key = folder / "另存的密钥.txt"
    key.write_text(home.backup_key.read_text(encoding="utf-8"), encoding="utf-8")
    return key


def test_a_restored_home_is_the_same_and_publishes_nothing_new(published: Home, tmp_path: Path, stages: Stages) -> None:
    back_up(published, tmp_path / "备份.age", _quiet)
    there = Home(tmp_path / "new" / "home")
    there.root.parent.mkdir()
    restore(there, tmp_path / "备份.age", _save_key(published, tmp_path), _quiet)
    assert hash_home(there) == hash_home(published)
    assert query(there, "select count(*) from compared.finding") == [(2,)]
    said: list[str] = []
    run_period(there, Bimester.parse(PERIOD), None, False, said.append)
    assert any("没有发布新内容" in line for line in said)


def test_a_restored_home_is_its_owners_alone(published: Home, tmp_path: Path) -> None:
    back_up(published, tmp_path / "备份.age", _quiet)
    there = Home(tmp_path / "home2")
    restore(there, tmp_path / "备份.age", _save_key(published, tmp_path), _quiet)
    open_to_others = [p.name for p in there.root.rglob("*") if p.is_file() and p.stat().st_mode & 0o077]
    assert open_to_others == ["baoxue.duckdb"]
    assert all(not folder.stat().st_mode & 0o077 for folder in (there.inbox, there.lake, there.private, there.out))


def test_the_file_tells_nobody_anything(published: Home, tmp_path: Path) -> None:
    back_up(published, tmp_path / "备份.age", _quiet)
    data = (tmp_path / "备份.age").read_bytes()
    assert data.startswith(b"age-encryption.org/v1")
    assert "甲校".encode() not in data and b"key.bin" not in data


@pytest.mark.parametrize("place", [200, 5000, -10])
def test_a_damaged_backup_restores_nothing(published: Home, tmp_path: Path, place: int) -> None:
    back_up(published, tmp_path / "备份.age", _quiet)
    data = bytearray((tmp_path / "备份.age").read_bytes())
    data[place] ^= 1
    (tmp_path / "备份.age").write_bytes(data)
    there = Home(tmp_path / "home2")
    with pytest.raises(PublicError, match=r"打不开|不符"):
        restore(there, tmp_path / "备份.age", _save_key(published, tmp_path), _quiet)
    assert not there.root.exists()
    assert list(tmp_path.glob(".*")) == []


def test_a_cut_backup_restores_nothing(published: Home, tmp_path: Path) -> None:
    back_up(published, tmp_path / "备份.age", _quiet)
    whole = (tmp_path / "备份.age").read_bytes()
    (tmp_path / "备份.age").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(PublicError, match=r"打不开|不符"):
        restore(Home(tmp_path / "home2"), tmp_path / "备份.age", _save_key(published, tmp_path), _quiet)


def test_another_key_does_not_open_it(published: Home, tmp_path: Path) -> None:
    import pyrage

    back_up(published, tmp_path / "备份.age", _quiet)
    other = tmp_path / "别的密钥.txt"
    other.write_text(str(pyrage.x25519.Identity.generate()), encoding="utf-8")
    with pytest.raises(PublicError, match="密钥不对"):
        restore(Home(tmp_path / "home2"), tmp_path / "备份.age", other, _quiet)


def test_a_full_disk_is_not_told_as_a_damaged_backup(published: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    back_up(published, tmp_path / "备份.age", _quiet)
    there, real = Home(tmp_path / "home2"), Path.open

    def full(path: Path, mode: str = "r", **more: str | None) -> object:
        if "w" in mode and ".restoring" in str(path):
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(path, mode, **more)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(PublicError, match=r"写不下：磁盘已满.*备份没有问题"):
        restore(there, tmp_path / "备份.age", _save_key(published, tmp_path), _quiet)
    assert not there.root.exists()


def test_a_home_in_use_is_not_overwritten(published: Home, tmp_path: Path) -> None:
    back_up(published, tmp_path / "备份.age", _quiet)
    before = hash_home(published)
    with pytest.raises(WrongUse, match="已有材料"):
        restore(published, tmp_path / "备份.age", _save_key(published, tmp_path), _quiet)
    assert hash_home(published) == before


def test_without_the_key_the_message_says_what_to_bring(published: Home, tmp_path: Path) -> None:
    back_up(published, tmp_path / "备份.age", _quiet)
    with pytest.raises(WrongUse, match="--key"):
        restore(Home(tmp_path / "home2"), tmp_path / "备份.age", None, _quiet)


def test_a_backup_does_not_go_into_the_home_it_keeps(published: Home) -> None:
    with pytest.raises(WrongUse, match="以外"):
        back_up(published, published.root / "备份.age", _quiet)


def test_a_backup_on_the_same_disk_is_said_to_be_one(published: Home, tmp_path: Path) -> None:
    said: list[str] = []
    back_up(published, tmp_path / "备份.age", said.append)  # an unmounted disk leaves its empty folder behind
    assert any("同一块盘" in line for line in said)


def test_a_device_is_no_place_for_a_backup(published: Home, tmp_path: Path) -> None:
    os.mkfifo(device := tmp_path / "sdb1")  # stands for a disk's device, which a file must not replace
    with pytest.raises(WrongUse, match="是设备，不是文件"):
        back_up(published, device, _quiet)
    assert device.is_fifo()


def test_what_the_inbox_only_links_to_is_in_the_backup(published: Home, tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    (share / "甲.csv").write_text("姓名\n", encoding="utf-8")
    (published.inbox / PERIOD / "镇街").symlink_to(share, target_is_directory=True)
    (published.inbox / PERIOD / "乙.csv").symlink_to(share / "甲.csv")
    (share / "回").symlink_to(published.inbox / PERIOD, target_is_directory=True)  # a circle ends
    back_up(published, tmp_path / "备份.age", _quiet)
    there = Home(tmp_path / "home2")
    restore(there, tmp_path / "备份.age", _save_key(published, tmp_path), _quiet)
    assert (there.inbox / PERIOD / "镇街" / "甲.csv").read_text(encoding="utf-8") == "姓名\n"
    assert not (there.inbox / PERIOD / "乙.csv").is_symlink()


def test_a_folder_that_cannot_be_read_is_said_not_left_out(published: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (published.inbox / PERIOD / "镇街").mkdir()
    scan = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("镇街"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(PermissionError):
        back_up(published, tmp_path / "备份.age", _quiet)
    assert not (tmp_path / "备份.age").exists()
