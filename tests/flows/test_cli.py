"""The command line in Chinese: help, usage errors, exit codes, `check`."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from flows.cli import cli, run_command
from flows.settings import PROJECT, Home
from tests.flows.world import PERIOD, Stages, deliver


def run(home: Home, *words: str) -> int:
    return run_command(["--home", str(home.root), *words])


@pytest.mark.parametrize("name", [None, *cli.commands])
def test_help_is_chinese(name: str | None, capsys: pytest.CaptureFixture[str]):
    assert run_command([name, "--help"] if name else ["--help"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("用法：baoxue")
    assert not re.search(r"Usage|Options|Commands|Show this|default|arguments", page)


def test_a_files_name_steers_no_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "\x1b[31m甲\u202e乙\r　.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    assert run_command(["--home", str(tmp_path / "home"), "check", str(tmp_path)]) == 3
    said = capsys.readouterr().out
    assert "甲乙　.csv" in said and not set("\x1b\r\u202e") & set(said)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["runn"], "没有“runn”这个命令"),
        (["run", "--foo"], "没有“--foo”这个选项"),
        (["run", "--period"], "选项 --period 后面要给一个值"),
        (["run", "--period", "2025-7"], "应写成如 2025-B3"),
        (["run", "--issued", "7月10日"], "应写成如 2025-07-10"),
        (["run", "多余"], "多给了参数：多余"),
        (["export", "比对结果"], "缺少"),
        (["check"], "缺少"),
        (["check", "没有.xlsx"], "没有这个文件（没有.xlsx）"),
        (["sample", "--pupils", "5"], "应为300以上的整数"),
        (["backfill", "--papers", "some"], "应为 latest、all、none 之一"),
        (["serve", "--port", "80"], "应为1024至65535的整数"),
    ],
)
def test_wrong_use_is_said_in_chinese(words: list[str], says: str, capsys: pytest.CaptureFixture[str]):
    assert run_command(words) == 2
    said = capsys.readouterr().err
    assert says in said
    assert "--help" in said
    assert not re.search(r"[a-z]+ (is|not|does) ", said)


def test_the_home_may_stand_after_the_command(home: Home, stages: Stages):
    deliver(home, PERIOD, 学籍=1)
    assert run_command(["run", "--home", str(home.root)]) == 0
    assert home.database.exists()


def test_the_home_comes_from_the_environment(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("BAOXUE_HOME", str(home.root))
    assert run_command(["status"]) == 0
    assert str(home.root) in capsys.readouterr().out


def test_a_closed_pipe_does_not_stop_a_run(tmp_path: Path):
    code = "from flows.cli import say, main; [say('行' * 9000) for _ in range(50)]; print('到底', file=__import__('sys').stderr)"
    process = subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout and process.stderr
    process.stdout.read(10)
    process.stdout.close()
    said = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(120) == 0
    assert said.strip() == "到底"


SCHOOLS = "学校标识码,学校名称,办学类型,举办者类型,所在镇街,城乡类型\n"
GOOD = SCHOOLS + "3150000001,荣昌区虚构小学,小学,公办,昌元街道,城区\n"
BAD = GOOD + "3150000002,荣昌区虚设小学,大学,公办,昌元街道,城区\n"


@pytest.mark.parametrize(("text", "code", "says"), [(GOOD, 0, "没有发现问题"), (BAD, 3, "大学")])
def test_check_counts_and_names_the_first_problems(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, code: int, says: str
):
    (tmp_path / "随便什么名字.csv").write_text(text, encoding="utf-8")
    before = sorted(home.root.rglob("*"))
    assert run(home, "check", str(tmp_path / "随便什么名字.csv")) == code
    out = capsys.readouterr().out
    assert "学校名册：读入" in out and says in out
    assert sorted(home.root.rglob("*")) == before


def test_a_sample_never_mixes_with_real_files(home: Home, capsys: pytest.CaptureFixture[str]):
    deliver(home, PERIOD, 真实=1)
    assert run(home, "sample", "--pupils", "300") == 2
    assert "样例不与真实材料混放" in capsys.readouterr().err


def test_a_folder_without_files_is_nothing_to_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert run_command(["check", str(tmp_path)]) == 2
    assert "没有可检查的内容" in capsys.readouterr().err
