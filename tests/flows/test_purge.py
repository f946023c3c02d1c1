"""What is past its age goes, with a record; what later periods stand on stays."""

import os
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from flows.cli import run_command
from flows.manifest import list_published, newest_version, write_manifest
from flows.purge import purge, read_purged
from flows.settings import Home
from schemas.bimester import Bimester
from tests.flows.world import Stages, copy_home, deliver, make_once, query

TODAY = date(2026, 9, 10)
PERIODS = [str(p) for p in Bimester.parse("2026-B3").back(10)]  # 2024-B5 … 2026-B3


def run(home: Home, *words: str) -> int:
    return run_command(["--home", str(home.root), *words])


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Home:
    def fill(home: Home) -> None:
        for number, period in enumerate(PERIODS):
            deliver(home, period, **{"公用": 1, f"校{number}": 1})
        assert run(home, "backfill", "--papers", "all") == 0

    home = make_once(tmp_path_factory, fill)
    (home.root / "settings.yaml").write_text("保留年限:\n  收件和文稿: 1\n", encoding="utf-8")
    return home


@pytest.fixture
def years(published: Home, tmp_path: Path, stages: Stages) -> Home:
    """A copy of eleven published periods, for one test to age."""
    return copy_home(published, tmp_path / "years")


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_originals_and_papers_go_after_their_years_and_figures_stay(years: Home):
    before = query(years, "select period, count(*) from indicators.value group by 1 order by 1")
    purge(years, TODAY, print)
    kept = set(PERIODS[-7:])  # the newest and the six before it: one year
    assert _names(years.inbox) == kept
    assert _names(years.out) == kept
    assert len(list(years.lake.glob("validated/*/*"))) == len(PERIODS)
    assert query(years, "select period, count(*) from indicators.value group by 1 order by 1") == before
    assert set(read_purged(years)["收件和文稿"]) == set(PERIODS[:4])


def test_of_a_linked_inbox_the_link_goes_and_what_it_names_is_said(years: Home, tmp_path: Path):
    shutil.move(years.inbox / PERIODS[0], tmp_path / "share")
    (years.inbox / PERIODS[0]).symlink_to(tmp_path / "share", target_is_directory=True)
    said: list[str] = []
    purge(years, TODAY, said.append)
    assert PERIODS[0] not in _names(years.inbox)
    assert _names(tmp_path / "share")
    assert any(PERIODS[0] in line and "请自行删除" in line for line in said)


def test_text_landed_from_a_file_still_in_use_stays(years: Home):
    ids = dict(newest_version(years, Bimester.parse(PERIODS[0])).inputs.files)
    for file_id in ids.values():
        (years.lake / "extracts" / file_id).mkdir(parents=True)
    purge(years, TODAY, print)
    assert _names(years.lake / "extracts") == {ids["公用.csv"]}


def test_a_run_after_a_purge_publishes_nothing_new(years: Home, capsys: pytest.CaptureFixture[str]):
    purge(years, TODAY, print)
    capsys.readouterr()
    assert run(years, "run") == 0
    assert "没有发布新内容" in capsys.readouterr().out
    assert run(years, "status") == 0
    said = capsys.readouterr().out
    assert "收件和文稿已按保留年限删除" in said
    assert "待重算" not in said


def test_a_second_purge_finds_nothing(years: Home, capsys: pytest.CaptureFixture[str]):
    assert run(years, "purge") == 0
    assert "已删除2024年9—10月至2025年3—4月的收件和文稿" in capsys.readouterr().out
    assert run(years, "purge") == 0
    assert "未删除任何内容" in capsys.readouterr().out


def test_data_and_names_go_after_ten_years(years: Home, capsys: pytest.CaptureFixture[str]):
    old = replace(list_published(years)[0], inputs=replace(list_published(years)[0].inputs, period="2016-B1"))
    write_manifest(old, years.manifests("2016-B1") / "v1.json")
    years.validated("2016-B1", old.inputs.run_id).mkdir(parents=True)
    opening = next(years.lake.glob("cases/*/*/opening.parquet"))  # a case's child, by name
    shutil.copytree(opening.parent, years.openings("2016-B1", old.inputs.run_id))
    names = pl.read_parquet(years.named)
    grown = pl.DataFrame({"child_key": ["0"], "name": ["虚旧人"], "id_number": ["x"], "seen_in": ["2016-B1"]})
    pl.concat([grown, names]).write_parquet(years.named)
    purge(years, TODAY, print)
    assert not (years.lake / "validated" / "2016-B1").joinpath(old.inputs.run_id).exists()
    assert not (years.lake / "cases" / "2016-B1").exists()
    assert set(read_purged(years)["数据"]) == {"2016-B1"}
    assert pl.read_parquet(years.named).equals(names)
    assert run(years, "run") == 0
    assert "没有发布新内容" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("保留年限:\n  数据: 3\n", "“保留年限·数据”应为10至100的整数"),
        ("保留年限:\n  文件: 3\n", "没有“保留年限·文件”这项设置"),
        ("保留年限: 3\n", "应分节书写"),
        ("保留年限:\n\t数据: 3\n", "写法有误（第2行）"),
        ("邮件:\n  加密: tls13\n", "应为ssl、starttls、none"),
    ],
)
def test_a_wrong_setting_is_said(years: Home, text: str, says: str, capsys: pytest.CaptureFixture[str]):
    (years.root / "settings.yaml").write_text(text, encoding="utf-8")
    assert run(years, "purge") == 2
    assert says in capsys.readouterr().err
    assert _names(years.inbox) == set(PERIODS)


def test_the_notices_of_an_autumn_and_their_numbers_go_with_its_last_period(years: Home):
    for year, label in ((2024, "2024—2025学年"), (2025, "2025—2026学年")):
        years.notices(label).mkdir(parents=True)
        years.notice_numbers(year).parent.mkdir(exist_ok=True)
        years.notice_numbers(year).write_bytes(b"")
    purge(years, TODAY, print)
    assert _names(years.out / "入学通知书") == {"2025—2026学年"}
    assert _names(years.lake / "notices") == {"2025.parquet"}


def test_what_no_publication_names_ages_too(years: Home):
    old, new = 1_500_000_000, 1_790_000_000  # 2017 and 2026
    left = {years.inbox / "2015-B1" / "未出报.csv": old, years.out / "2015-B1" / "未能出报说明.txt": old,
            years.openings(PERIODS[0], "换下的一版") / "opening.parquet": new,
            years.lake / "extracts" / "孤儿" / "a.parquet": old, years.lake / "extracts" / "新到" / "a.parquet": new,
            years.private / "log" / "20170714-000000-aaaaaa.txt": old,
            years.private / "log" / "20260901-000000-bbbbbb.txt": new}  # fmt: skip
    for path, moment in left.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes("虚构儿童".encode())
        os.utime(path, (moment, moment))
        os.utime(path.parent, (moment, moment))
    purge(years, TODAY, print)
    assert [path.name for path in left if path.exists()] == ["a.parquet", "20260901-000000-bbbbbb.txt"]
    assert not (years.inbox / "2015-B1").exists() and not (years.out / "2015-B1").exists()
    record = read_purged(years)
    assert "2015-B1" in record["收件和文稿"] and list(record["其他"].values()) == ["落地文本和故障记录2项"]
    said: list[str] = []
    purge(years, TODAY, said.append)
    assert said == ["没有超过保留年限的材料，未删除任何内容"]
