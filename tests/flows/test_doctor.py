"""What doctor finds out about the machine."""

import os
from pathlib import Path

import pytest

from flows.backup import read_recovery_key
from flows.cli import run_command
from flows.doctor import is_encrypted
from flows.passwords import find_passwords
from flows.serving import read_password
from flows.settings import Home, prepare_home, read_key


def _lay_out(root: Path, home: Path, device: str) -> tuple[Path, Path]:
    mounts = root / "mountinfo"
    mounts.write_text(f"21 1 8:1 / / rw - ext4 /dev/sda1 rw\n22 21 {device} / {home} rw - ext4 /dev/x rw\n", encoding="utf-8")
    for number in ("8:1", device):
        (root / "block" / number).mkdir(parents=True, exist_ok=True)
    return mounts, root / "block"


@pytest.mark.parametrize(("uuid", "expected"), [("CRYPT-LUKS2-0a-home", True), ("LVM-abc", False)])
def test_a_home_on_a_crypt_device_is_encrypted(tmp_path: Path, uuid: str, expected: bool):
    (home := tmp_path / "home").mkdir()
    mounts, blocks = _lay_out(tmp_path, home, "253:0")
    (blocks / "253:0" / "dm").mkdir()
    (blocks / "253:0" / "dm" / "uuid").write_text(uuid, encoding="ascii")
    assert is_encrypted(home, mounts, blocks) is expected


def test_a_volume_on_top_of_a_crypt_device_is_encrypted_too(tmp_path: Path):
    (home := tmp_path / "home").mkdir()
    mounts, blocks = _lay_out(tmp_path, home, "253:1")
    (crypt := blocks / "253:1" / "slaves" / "dm-0" / "dm").mkdir(parents=True)
    (crypt / "uuid").write_text("CRYPT-LUKS2-0a-disk", encoding="ascii")
    assert is_encrypted(home, mounts, blocks) is True


def test_a_system_that_cannot_be_asked_is_said_so(tmp_path: Path):
    assert is_encrypted(tmp_path, tmp_path / "none") is None


def test_a_wrong_setting_is_named_with_its_mend(home: Home, capsys: pytest.CaptureFixture[str]):
    home.options.write_text("邮件:\n  端口: 二十五\n", encoding="utf-8")
    assert run_command(["--home", str(home.root), "doctor"]) == 1
    said = capsys.readouterr().out
    assert "邮件·端口" in said and "1至65535的整数" in said


@pytest.mark.skipif(os.name != "posix", reason="Windows 上权限由文件夹自己定")
def test_what_others_could_read_is_named_and_closed_by_the_next_command(home: Home, capsys: pytest.CaptureFixture[str]):
    (home.private / "key.bin").write_bytes(b"k" * 32)
    (home.private / "key.bin").chmod(0o644)
    home.inbox.chmod(0o755)
    assert run_command(["--home", str(home.root), "doctor"]) == 1
    said = capsys.readouterr().out
    assert "inbox 权限：他人可读" in said and "1个文件或文件夹他人可读：private/key.bin" in said
    prepare_home(home)
    assert (home.private / "key.bin").stat().st_mode & 0o777 == 0o600
    assert home.inbox.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.name != "posix", reason="Windows 上权限由文件夹自己定")
def test_secrets_are_the_owners_whatever_the_umask(home: Home):
    old = os.umask(0)
    try:
        read_key(home)
        read_password(home)
        read_recovery_key(home)
        find_passwords(home, ["镇街/昌元街道"])
    finally:
        os.umask(old)
    modes = {path.name: path.stat().st_mode & 0o777 for path in home.private.iterdir()}
    assert modes == dict.fromkeys(("key.bin", "serve_password.txt", "backup.key", "passwords.csv"), 0o600)


def test_a_damaged_table_of_names_is_said(home: Home, capsys: pytest.CaptureFixture[str]):
    home.named.write_bytes(b"PAR1 no more")
    assert run_command(["--home", str(home.root), "doctor"]) == 1
    assert "姓名对照表：打不开" in capsys.readouterr().out
