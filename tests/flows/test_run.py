"""`baoxue run` as its user meets it: what it publishes, when it publishes nothing, what it refuses."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from flows.cli import run_command
from flows.faults import HomeBusy
from flows.lock import hold_home
from flows.manifest import list_published, list_versions
from flows.settings import PROJECT, Home
from schemas.bimester import Bimester
from tests.flows.world import PERIOD, Stages, deliver, query

B2, B3 = Bimester.parse("2025-B2"), Bimester.parse(PERIOD)


def run(home: Home, *words: str) -> int:
    return run_command(["--home", str(home.root), *words])


def list_files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_run_publishes_papers_database_and_manifest(home: Home, stages: Stages, capsys: pytest.CaptureFixture[str]):
    deliver(home, PERIOD, 学籍=2, 底册=1)
    assert run(home, "run") == 0
    assert list_files(home.out) == {"2025-B3/v1/区级/双月报上报稿.txt"}
    assert query(home, "select period, version, is_current, label, issued::varchar from meta.period") == [
        ("2025-B3", 1, True, "2025年5—6月", "2025-07-10")
    ]
    assert query(home, "select count(*) from compared.finding") == [(3,)]
    assert "已发布第1版" in capsys.readouterr().out
    (manifest,) = list_published(home)
    assert sorted(name for name, _ in manifest.inputs.files) == ["学籍.csv", "底册.csv"]
    assert [name for name, _ in manifest.papers] == ["区级/双月报上报稿.txt"]


def test_the_newest_inbox_is_the_default_and_other_folders_are_no_period(home: Home, stages: Stages):
    deliver(home, "2025-B2", 学籍=1)
    deliver(home, PERIOD, 学籍=1)
    deliver(home, "旧文件", 学籍=1)
    assert run(home, "run") == 0
    assert [str(m.period) for m in list_published(home)] == [PERIOD]


def test_unchanged_inputs_publish_nothing(home: Home, stages: Stages, capsys: pytest.CaptureFixture[str]):
    deliver(home, PERIOD, 学籍=2)
    run(home, "run")
    before = home.database.read_bytes()
    stages.calls.clear()
    assert run(home, "run") == 0
    assert "没有发布新内容" in capsys.readouterr().out
    assert stages.calls == ["land"]
    assert home.database.read_bytes() == before
    assert len(list_versions(home, B3)) == 1


def test_a_changed_inbox_publishes_the_next_version_and_says_what_changed(home: Home, stages: Stages):
    deliver(home, PERIOD, 学籍=2)
    run(home, "run")
    deliver(home, PERIOD, 学籍=2, 底册=1)
    assert run(home, "run") == 0
    assert query(home, "select version, is_current from meta.period order by all") == [(1, False), (2, True)]
    assert query(home, "select kind, what, before, after from meta.change order by all") == [
        ("指标", "适龄儿童少年入学率", "998/1000", "997/1000"),
        ("数量", "案件状态：待核实", "2", "3"),
        ("数量", "比对结果：适龄未入学", "2", "3"),
        ("文件", "学籍名册", "1个", "2个（新增或改动1个，撤去或被替0个）"),
    ]
    paper = home.papers(PERIOD, 2) / "区级" / "双月报上报稿.txt"
    assert "998/1000" in paper.read_text(encoding="utf-8")
    assert home.papers(PERIOD, 1).exists()
    assert query(home, "select version, count(*) from compared.finding group by 1 order by 1") == [(1, 2), (2, 3)]


def test_another_issue_date_is_another_version(home: Home, stages: Stages):
    deliver(home, PERIOD, 学籍=2)
    run(home, "run")
    assert run(home, "run", "--issued", "2025-07-14") == 0
    assert query(home, "select what, before, after from meta.change") == [("签发日期", "2025-07-10", "2025-07-14")]


def test_a_later_period_is_marked_when_the_one_below_it_changes(
    home: Home, stages: Stages, capsys: pytest.CaptureFixture[str]
):
    deliver(home, "2025-B2", 学籍=1)
    deliver(home, PERIOD, 学籍=1)
    run(home, "backfill")
    deliver(home, "2025-B2", 底册=1)
    run(home, "run", "--period", "2025-B2")
    capsys.readouterr()
    run(home, "status")
    lines = capsys.readouterr().out.splitlines()
    assert any("2025-B3" in line and "待重算" in line for line in lines)
    assert run(home, "run") == 0
    capsys.readouterr()
    run(home, "status")
    assert "待重算" not in capsys.readouterr().out


def test_a_draft_publishes_nothing(home: Home, stages: Stages):
    deliver(home, PERIOD, 学籍=2)
    assert run(home, "run", "--draft") == 0
    assert list_files(home.out) == {"2025-B3/draft/区级/双月报上报稿.txt"}
    assert not home.database.exists()
    assert list_published(home) == []
    assert not (home.lake / "cases").exists()
    assert run(home, "run", "--draft") == 0


def test_a_refused_run_says_why_and_leaves_the_last_publication(
    home: Home, stages: Stages, capsys: pytest.CaptureFixture[str]
):
    deliver(home, PERIOD, 学籍=2)
    run(home, "run")
    before = home.database.read_bytes()
    deliver(home, PERIOD, 坏文件=0)
    capsys.readouterr()
    assert run(home, "run") == 3
    said = capsys.readouterr().err
    assert "坏文件.csv不是电子表格，请重新导出" in said
    assert home.refusal(PERIOD).read_text(encoding="utf-8").strip() == said.strip()
    assert home.database.read_bytes() == before
    assert [m.version for m in list_versions(home, B3)] == [1]
    (home.inbox / PERIOD / "坏文件.csv").unlink()
    assert run(home, "run") == 0
    assert not home.refusal(PERIOD).exists()


def test_an_empty_inbox_is_refused(home: Home, stages: Stages):
    (home.inbox / PERIOD).mkdir()
    assert run(home, "run") == 3
    assert "收件文件夹是空的" in home.refusal(PERIOD).read_text(encoding="utf-8")


def test_no_inbox_at_all_is_wrong_use(home: Home, stages: Stages, capsys: pytest.CaptureFixture[str]):
    assert run(home, "run") == 2
    assert "baoxue sample" in capsys.readouterr().err


def test_a_second_run_finds_the_home_held(home: Home, stages: Stages, capsys: pytest.CaptureFixture[str]):
    deliver(home, PERIOD, 学籍=2)
    with hold_home(home):
        assert run(home, "run") == 4
    assert "另一次运行" in capsys.readouterr().err
    assert run(home, "run") == 0


def test_the_lock_dies_with_its_process_and_a_second_waits_for_it(home: Home):
    code = f"from flows.lock import hold_home; from flows.settings import Home; from pathlib import Path; import time\n" \
           f"with hold_home(Home(Path({str(home.root)!r}))): print('held', flush=True); time.sleep(600)"  # fmt: skip
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=PROJECT) as other:
        assert other.stdout and other.stdout.readline() == "held\n"
        with pytest.raises(HomeBusy), hold_home(home, 0.2):
            pass
        threading.Timer(0.5, other.kill).start()  # a death, not a release
        with hold_home(home, 60):
            assert other.wait(60) == -signal.SIGKILL


def test_backfill_goes_oldest_first_and_prints_the_latest_only(home: Home, stages: Stages):
    for period in ("2025-B1", "2025-B2", PERIOD):
        deliver(home, period, 学籍=1)
    assert run(home, "backfill") == 0
    published = list_published(home)
    assert [str(m.period) for m in published] == ["2025-B1", "2025-B2", PERIOD]
    assert list_files(home.out) == {"2025-B3/v1/区级/双月报上报稿.txt"}
    assert [len(m.inputs.held) for m in published] == [0, 1, 2]


def test_papers_left_out_are_printed_later_without_a_new_version(
    home: Home, stages: Stages, capsys: pytest.CaptureFixture[str]
):
    deliver(home, PERIOD, 学籍=1)
    run(home, "backfill", "--papers", "none")
    before = home.database.read_bytes()
    assert run(home, "run") == 0
    assert "补出文稿1份" in capsys.readouterr().out
    assert list_files(home.out) == {"2025-B3/v1/区级/双月报上报稿.txt"}
    assert home.database.read_bytes() == before
    assert [len(m.papers) for m in list_versions(home, B3)] == [1]


def test_a_fault_says_no_more_than_where_its_details_are(
    home: Home, stages: Stages, capsys: pytest.CaptureFixture[str]
):
    deliver(home, PERIOD, 学籍=1)
    stages.fail_in, stages.fault = "build", ValueError("王小明 500153201501010011")
    assert run(home, "run") == 1
    captured = capsys.readouterr()
    assert "王小明" not in captured.out + captured.err
    assert "ValueError" in captured.err
    (log,) = (home.private / "log").iterdir()
    assert "500153201501010011" in log.read_text(encoding="utf-8")


def test_a_lost_analysts_file_is_made_again_without_a_new_version(home: Home, stages: Stages):
    for period in ("2025-B2", PERIOD):
        deliver(home, period, 学籍=1)
    run(home, "backfill")
    home.database.unlink()
    assert run(home, "backfill") == 0
    assert query(home, "select period, version from meta.run order by all") == [("2025-B2", 1), (PERIOD, 1)]
    assert list_files(home.out) == {"2025-B3/v1/区级/双月报上报稿.txt"}


def test_a_period_beyond_the_calendar_is_refused(home: Home, stages: Stages, capsys: pytest.CaptureFixture[str]):
    deliver(home, "2090-B3", 学籍=1)
    assert run(home, "run") == 3
    assert "校历缺2089—2090学年" in capsys.readouterr().err
    assert home.refusal("2090-B3").exists()


def test_a_file_that_is_skipped_is_named(home: Home, stages: Stages, capsys: pytest.CaptureFixture[str]):
    deliver(home, PERIOD, 学籍=1)
    (home.inbox / PERIOD / "~$学籍.xlsx").write_text("", encoding="utf-8")
    run(home, "run")
    said = capsys.readouterr().out
    assert "略过文件1个，名称见" in said and "~$" not in said
    assert (home.out / PERIOD / "略过的文件.txt").read_text(encoding="utf-8") == "略过文件：~$学籍.xlsx\n"
    assert list_published(home)[0].warnings == ("略过文件：~$学籍.xlsx",)


def test_sums_that_do_not_hold_stop_the_run(home: Home, stages: Stages, capsys: pytest.CaptureFixture[str]):
    from transforms.documents.reconcile import FiguresDisagree

    deliver(home, PERIOD, 学籍=1)
    stages.fail_in, stages.fault = "papers", FiguresDisagree("数据勾稽不成立")
    assert run(home, "run") == 1
    said = capsys.readouterr().err
    assert all(words in said for words in ("数据勾稽不成立", "保留现场", "维护人员", "已发布的内容没有改动"))
    assert "数据勾稽不成立" in home.refusal(PERIOD).read_text(encoding="utf-8")
    [log] = (home.private / "log").iterdir()
    assert str(log) in said and "FiguresDisagree" in log.read_text(encoding="utf-8")
    assert list_published(home) == []


def test_the_same_inputs_in_another_home_give_the_same_papers_and_content(tmp_path: Path, stages: Stages):
    from tests.flows.world import make_home

    contents = []
    for name in ("a", "b"):
        home = make_home(tmp_path / name)
        deliver(home, PERIOD, 学籍=2, 底册=3)
        run(home, "run")
        tables = query(home, "select schema_name || '.' || table_name from duckdb_tables() order by all")
        contents.append([(t, query(home, f"select bit_xor(hash(t)), count(*) from {t} as t")) for (t,) in tables])
    assert contents[0] == contents[1]


def test_a_period_without_a_folder_is_wrong_use(home: Home, stages: Stages, capsys: pytest.CaptureFixture[str]):
    assert run(home, "run", "--period", "2090-B3") == 2
    assert "没有2090年5—6月的收件文件夹" in capsys.readouterr().err
    assert list_files(home.root) <= {".lock"}


def test_a_mistyped_home_is_said_and_not_made(tmp_path: Path, stages: Stages, capsys: pytest.CaptureFixture[str]):
    for words in (["run"], ["backfill"], ["backup", str(tmp_path / "备份.age")]):
        assert run_command(["--home", str(tmp_path / "打错"), *words]) == 2
        assert "请核对 --home" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_status_says_what_arrived_since(home: Home, stages: Stages, capsys: pytest.CaptureFixture[str]):
    deliver(home, PERIOD, 学籍=2)
    run(home, "run")
    deliver(home, PERIOD, 补报=1)
    run(home, "status")
    assert "此后收件有变化，未重算" in capsys.readouterr().out
    deliver(home, PERIOD, 坏文件=1)
    run(home, "run")
    run(home, "status")
    assert "此后收到的未能出报，见说明" in capsys.readouterr().out
    for name in ("补报", "坏文件"):
        (home.inbox / PERIOD / f"{name}.csv").unlink()
    run(home, "run")
    run(home, "status")
    assert "此后" not in capsys.readouterr().out
