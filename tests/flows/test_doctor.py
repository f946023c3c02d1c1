"""What doctor finds out about the machine."""

from pathlib import Path

import pytest

from flows.cli import run_command
from flows.doctor import is_encrypted
from flows.settings import Home


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
    assert "邮件·端口" in said and "不小于1的整数" in said
