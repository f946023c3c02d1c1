"""Looking at what was published: query, export, status, doctor."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from flows.cli import run_command
from flows.settings import Home
from tests.flows.world import PERIOD, Stages, copy_home, deliver, make_once


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Home:
    def fill(home: Home) -> None:
        deliver(home, PERIOD, 学籍=2)
        assert run(home, "run") == 0

    return make_once(tmp_path_factory, fill, with_views=True)


@pytest.fixture
def published(once: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Home:
    """A home of its own for each test, copied: to publish takes a second."""
    home = copy_home(once, tmp_path / "home")
    capsys.readouterr()
    return home


def run(home: Home, *words: str) -> int:
    return run_command(["--home", str(home.root), *words])


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def test_query_prints_an_aligned_table(published: Home, capsys: pytest.CaptureFixture[str]):
    sql = 'select comparison as 比对项, count(*) as n, null as 空 from compared.finding group by 1'
    assert run(published, "query", sql) == 0
    assert capsys.readouterr().out.splitlines() == [
        "比对项      n  空",
        "──────────  ─  ──",
        "unenrolled  2  —",
        "（1行）",
    ]


@pytest.mark.parametrize(
    ("sql", "says", "engine"),
    [
        ("selec 1", "语句写法有误", "LINE 1: selec 1"),
        ("from 中文.没有", "没有这张表、视图或函数", "没有"),
        ("select 没有 from 中文.案件", "没有这一列", "没有"),
        ("drop table cases.case", "分析文件只读", "read-only"),
        ("from read_csv('x.csv')", "不能读写别的文件", "x.csv"),
        ("select cast('甲' as integer)", "换不成所要的类型", "甲"),
        ("  ", "没有写查询语句", ""),
    ],
)
def test_a_wrong_query_is_explained_in_chinese_with_the_engines_words_behind(
    published: Home, capsys: pytest.CaptureFixture[str], sql: str, says: str, engine: str
):
    assert run(published, "query", sql) == 2
    said = capsys.readouterr().err
    assert said.startswith("查询有误：") and says in said.splitlines()[0] and engine in said


def test_codes_are_said_in_chinese_in_the_chinese_views(published: Home, tmp_path: Path):
    assert run(published, "export", "比对结果", str(tmp_path / "a.csv")) == 0
    assert {row["比对项"] for row in read_csv(tmp_path / "a.csv")} == {"适龄未入学"}
    assert run(published, "export", "指标值", str(tmp_path / "b.csv")) == 0
    (row,) = read_csv(tmp_path / "b.csv")
    assert (row["区域层级"], row["区域名称"], row["学段"], row["年级"], row["群体"]) == ("区", "荣昌区", "合计", "合计", "全体")
    assert row["指标"] == "适龄儿童少年入学率"


def test_the_queries_that_a_run_proposes_work(published: Home):
    from flows.commands import QUERIES

    for sql in QUERIES:
        assert run(published, "query", sql) == 0


def test_query_says_when_it_shows_only_a_part(published: Home, capsys: pytest.CaptureFixture[str]):
    run(published, "query", "--rows", "3", "select * from range(5)")
    assert "只显示前3行" in capsys.readouterr().out


@pytest.mark.parametrize(
    "sql",
    [
        "delete from compared.finding",
        "copy compared.finding to '{home}/out.csv'",
        "select * from read_csv('{home}/private/access.log')",
        "attach '{home}/lake/x.duckdb' as x",
        "create table t as select 1",
    ],
)
def test_a_query_changes_nothing_and_reads_nothing_else(published: Home, sql: str):
    before = published.database.read_bytes()
    assert run(published, "query", sql.format(home=published.root)) == 2
    assert published.database.read_bytes() == before


def test_export_by_chinese_title(published: Home, tmp_path: Path):
    assert run(published, "export", "比对结果", str(tmp_path / "a.csv")) == 0
    rows = read_csv(tmp_path / "a.csv")
    assert len(rows) == 2
    assert {row["镇街"] for row in rows} == {"昌元街道"}
    assert "姓名" not in rows[0]


def test_named_export_joins_names_and_writes_the_access_log(published: Home, tmp_path: Path):
    assert run(published, "export", "compared.finding", str(tmp_path / "a.csv"), "--named") == 0
    rows = read_csv(tmp_path / "a.csv")
    assert sorted(row["姓名"] for row in rows) == ["虚学籍0", "虚学籍1"]
    assert sorted(row["身份证件号"] for row in rows) == ["50015320150101" + "0000", "50015320150101" + "0001"]
    (line,) = (published.private / "access.log").read_text(encoding="utf-8").splitlines()
    assert "比对结果" in line and "2行" in line and "虚" not in line


def test_ids_are_text_in_a_workbook(published: Home, tmp_path: Path):
    assert run(published, "export", "compared.finding", str(tmp_path / "a.xlsx"), "--named") == 0
    frame = pl.read_excel(tmp_path / "a.xlsx", infer_schema_length=0)
    assert sorted(frame["身份证件号"]) == ["500153201501010000", "500153201501010001"]
    first = (tmp_path / "a.xlsx").read_bytes()
    run(published, "export", "compared.finding", str(tmp_path / "a.xlsx"), "--named")
    assert (tmp_path / "a.xlsx").read_bytes() == first


@pytest.mark.parametrize("name", ["indicators.current", "indicators.value", "指标值", "enrolment_rate", "适龄儿童少年入学率"])
def test_indicators_export_by_any_of_their_names(published: Home, tmp_path: Path, name: str):
    assert run(published, "export", name, str(tmp_path / "a.csv")) == 0
    assert [(row["分子"], row["分母"]) for row in read_csv(tmp_path / "a.csv")] == [("998", "1000")]


def test_export_to_parquet_of_one_period(published: Home, tmp_path: Path):
    assert run(published, "export", "指标值", str(tmp_path / "a.parquet"), "--period", "2025-B3") == 0
    assert pl.read_parquet(tmp_path / "a.parquet")["分子"].to_list() == [998]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("没有的表", "a.csv"), "没有“没有的表”这张表"),
        (("indicators.value.x", "a.csv"), "可导出：conformed.school（学校）"),
        (("比对结果", "a.doc"), "请以 .xlsx、.csv 或 .parquet 结尾"),
        (("meta.run", "a.csv", "--named"), "没有“儿童假名”一列"),
        (("指标值", "a.csv", "--period", "2024-B3"), "没有2024年5—6月（2024-B3）；有：2025-B3"),
        (("指标值", "没有这里/a.csv"), "没有文件夹"),
        (("指标值", "没有这里/a.xlsx"), "请先建好"),
    ],
)
def test_a_wrong_export_says_what_is_right(
    published: Home, capsys: pytest.CaptureFixture[str], tmp_path: Path, words: tuple[str, ...], says: str
):
    table, file, *rest = words
    assert run(published, "export", table, str(tmp_path / file), *rest) == 2
    assert says in capsys.readouterr().err


def test_no_named_export_without_the_key(published: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (published.private / "key.bin").unlink()
    assert run(published, "export", "compared.finding", str(tmp_path / "a.csv"), "--named") == 2
    assert "没有密钥" in capsys.readouterr().err
    assert not (tmp_path / "a.csv").exists()


def test_what_a_query_prints_steers_no_terminal(published: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(published, "query", "select chr(27) || '[31m甲' || chr(8238) || '乙' as 名") == 0
    said = capsys.readouterr().out
    assert "[31m甲乙" in said and not set("\x1b\u202e") & set(said)


@pytest.mark.parametrize(("left", "said"), [(None, "不见了"), (b"", "已损坏"), (b"abc", "已损坏")])
def test_a_lost_or_damaged_key_is_not_made_anew(
    published: Home, capsys: pytest.CaptureFixture[str], left: bytes | None, said: str
) -> None:
    key = published.private / "key.bin"
    key.unlink() if left is None else key.write_bytes(left)
    deliver(published, "2025-B4", 学籍=1)
    for command in ("run", "backfill"):
        assert run(published, command) == 1
        assert said in (err := capsys.readouterr().err) and "从备份取回 private/key.bin" in err
    assert (key.read_bytes() if key.exists() else None) == left
    assert run(published, "doctor") == 1
    assert "不妥  假名密钥" in capsys.readouterr().out


def test_a_damaged_analysts_file_is_said_and_status_goes_on(
    published: Home, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    published.database.write_bytes(b"junk" * 5000)
    deliver(published, "2025-B4", 学籍=1)
    for words in (["run"], ["run", "--draft"], ["export", "indicators.current", str(tmp_path / "a.csv")]):
        assert run(published, *words) == 1
        assert "从备份取回" in capsys.readouterr().err
    assert run(published, "status") == 0
    said = capsys.readouterr().out
    assert "分析文件打不开" in said and "2025-B4" in said
    published.database.unlink()
    assert run(published, "doctor") == 1
    assert "不妥  分析文件：缺失" in capsys.readouterr().out


def test_doctor_misses_papers_and_a_damaged_record_is_named(published: Home, capsys: pytest.CaptureFixture[str]) -> None:
    next(path for path in published.papers("2025-B3", 1).rglob("*") if path.is_file()).unlink()
    assert run(published, "doctor") == 1
    assert "不妥  文稿：1期缺失，如2025年5—6月第1版缺1份" in capsys.readouterr().out
    published.purged.write_text("{", encoding="utf-8")
    for command in ("run", "purge", "status"):
        assert run(published, command) == 1
        assert "purged.json 已损坏，请从备份取回" in capsys.readouterr().err
    assert run(published, "doctor") == 1


def test_what_lies_beside_the_periods_is_said(published: Home, stages: Stages, capsys: pytest.CaptureFixture[str]) -> None:
    (published.inbox / "2025年7-8月").mkdir()
    (published.inbox / "学籍.xlsx").write_bytes(b"")
    (published.inbox / "Thumbs.db").write_bytes(b"")
    assert run(published, "run") == 0
    said = capsys.readouterr().out
    assert "有2项不在任何一期里" in said and "学籍.xlsx" not in said
    assert run(published, "status") == 0
    assert "2025年7-8月、学籍.xlsx" in capsys.readouterr().out


@pytest.mark.parametrize(("words", "says"), [(("--from", "2025-B4", "--to", "2025-B1"), "请对调"), (("--from", "2025-B4"), "没有这段时间")])
def test_a_range_without_an_inbox_is_no_done_work(
    published: Home, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], says: str
) -> None:
    assert run(published, "backfill", *words) == 2
    assert says in capsys.readouterr().err


def test_status_lists_every_period(published: Home, capsys: pytest.CaptureFixture[str]):
    deliver(published, "2025-B4", 学籍=1)
    assert run(published, "status") == 0
    lines = capsys.readouterr().out.splitlines()
    assert any("2025-B3" in line and "v1" in line and "已发布" in line for line in lines)
    assert any("2025-B4" in line and "未发布" in line for line in lines)


def test_doctor_finds_all_in_order(published: Home, capsys: pytest.CaptureFixture[str]):
    assert run(published, "doctor") == 0
    out = capsys.readouterr().out
    # what is only advised, as disk encryption on this machine, is counted apart
    assert out.rstrip().endswith(("全部正常", "其余正常")) and "不妥" not in out and "字体" in out


def test_doctor_says_how_to_mend_open_permissions(published: Home, capsys: pytest.CaptureFixture[str]):
    published.private.chmod(0o755)
    assert run(published, "doctor") == 1
    assert "chmod 700" in capsys.readouterr().out


def test_nothing_published_yet_is_said(home: Home, capsys: pytest.CaptureFixture[str]):
    assert run(home, "query", "select 1") == 2
    assert "baoxue run" in capsys.readouterr().err


def test_pandera_switched_off_refuses_to_start(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("PANDERA_VALIDATION_ENABLED", "False")
    assert run(home, "status") == 2
    assert "PANDERA_VALIDATION_ENABLED" in capsys.readouterr().err


@pytest.mark.parametrize("inside", ["private/named.parquet", "baoxue.csv", "out/../inbox/a.xlsx"])
def test_an_export_never_lands_in_the_home(published: Home, inside: str, capsys: pytest.CaptureFixture[str]):
    before = {path: path.read_bytes() for path in published.root.rglob("*") if path.is_file()}
    assert run(published, "export", "比对结果", str(published.root / inside)) == 2
    assert "请写到别处" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in published.root.rglob("*") if path.is_file()} == before


def test_an_export_that_fails_leaves_the_older_file(published: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (target := tmp_path / "a.csv").write_text("旧", encoding="utf-8")

    def fill_disk(rows: object, path: Path, title: str) -> None:
        path.write_text("一半", encoding="utf-8")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("transforms.published.export.write_rows", fill_disk)
    assert run(published, "export", "比对结果", str(target)) == 2
    assert target.read_text(encoding="utf-8") == "旧"
    assert not list(tmp_path.glob(".a*"))
