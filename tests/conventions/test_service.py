"""The unit files are well-formed as far as this machine can tell."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

SERVICE = Path(__file__).parents[2] / "docs" / "service"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="没有 systemd-analyze，未检查服务文件")
def test_systemd_takes_the_units(tmp_path: Path):
    for path in (*SERVICE.glob("*.service"), *SERVICE.glob("*.timer")):
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        (tmp_path / path.name).write_text(re.sub(r"^WorkingDirectory=.*$", "", text, flags=re.MULTILINE), encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", *tmp_path.glob("*")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_compose_keeps_to_the_hosts_loopback():
    declared = yaml.safe_load((SERVICE / "compose.yaml").read_text(encoding="utf-8"))["services"]["baoxue"]
    assert "ports" not in declared and declared["network_mode"] == "host"
    assert (SERVICE / "Dockerfile").exists() and declared["build"]["dockerfile"] == "docs/service/Dockerfile"
