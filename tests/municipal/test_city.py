"""Three invented districts under one roof, two periods: who crosses a border, the sum of all, and a district that sends rubbish."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from flows.cli import run_command
from flows.lock import hold_home
from flows.settings import Home
from tests.extracts.books import make_id
from tests.towns.delivery import write_delivery
from transforms.sample.city import name_districts

BEFORE, NOW = "2025-B2", "2025-B3"
SCHOOL = {"荣昌区": "3150000001", "东区": "3150000002", "西区": "3150000003"}
IDS = {name: make_id(number, "20150901") for number, name in enumerate(("王留", "李外", "赵移", "钱双", "孙错", "周来", "吴西"), 1)}
# who lives where, and on whose roll they are: before, now
LIVES = {"荣昌区": ("王留", "李外", "赵移", "钱双", "孙错"), "东区": ("周来",), "西区": ("吴西",)}
ROLL = {
    BEFORE: {"荣昌区": ("王留", "赵移", "钱双", "孙错"), "东区": ("周来",), "西区": ("吴西",)},
    NOW: {"荣昌区": ("王留", "钱双", "孙错"), "东区": ("周来", "李外", "赵移", "钱双", "孙错"), "西区": ("吴西",)},
}


def deliver(root: Path, district: str, period: str) -> None:
    """A whole small delivery; the child 李外 of 荣昌区 is on nobody's roll before."""
    roll = {name: IDS[name] for name in ROLL[period][district]}
    if district == "东区" and "孙错" in roll:
        roll["孙对"] = roll.pop("孙错")  # one id, two names
    write_delivery(root / "districts" / district / "inbox" / period, {name: IDS[name] for name in LIVES[district]}, roll,
                   months=("2025-03", "2025-04") if period == BEFORE else ("2025-05", "2025-06"),
                   school=(SCHOOL[district], f"{district}小学"))  # fmt: skip


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Both periods run; 西区's last delivery lacks its registry."""
    root = tmp_path_factory.mktemp("city")
    for district in SCHOOL:
        for period in (BEFORE, NOW):
            deliver(root, district, period)
        if district != "荣昌区":
            office = root / "districts" / district / "templates" / "office.yaml"
            office.parent.mkdir()
            office.write_text(f"district: {district}\nissuer: {district}教育委员会\n", encoding="utf-8")
    (root / "districts" / "西区" / "inbox" / NOW / "学籍.csv").unlink()
    assert run_command(["backfill", "--home", str(root), "--to", BEFORE, "--papers", "none"]) == 0
    assert run_command(["backfill", "--home", str(root), "--from", NOW, "--papers", "none"]) == 3
    return Home(root)


def ask(path: Path, sql: str) -> list[tuple]:
    con = duckdb.connect(str(path), read_only=True)
    try:
        return con.execute(sql).fetchall()
    finally:
        con.close()


def test_a_case_closes_when_another_district_has_the_child(city: Home):
    """李外 was nowhere and got a case; now 东区 has the record, and the case closes by itself."""
    home = city.districts / "荣昌区" / "baoxue.duckdb"
    cases = "select period, state, closed_as, closed_on::varchar from cases.case order by period"
    assert ask(home, cases) == [(BEFORE, "待核实", None, None), (NOW, "已销号", "外地就读有学籍", "2025-06-30")]


def test_who_moved_within_the_city_is_explained_from_the_first(city: Home):
    """赵移 left 荣昌区's roll for 东区's: no finding, no case, still one of those enrolled."""
    home = city.districts / "荣昌区" / "baoxue.duckdb"
    assert ask(home, f"select count(*) from compared.finding where period = '{NOW}' and comparison in ('unaccounted', 'unenrolled')") == [(0,)]
    enrolled = "select numerator, denominator from indicators.current where indicator = 'enrolment_rate' and area_level = 'district' " \
               "and (stage, grade, population_group) = ('all', 'all', 'all') order by period"  # fmt: skip
    assert ask(home, enrolled) == [(4, 5), (5, 5)]


def test_a_district_learns_of_its_own_children_only(city: Home):
    told = (city.districts / "荣昌区" / "inbox" / NOW / "市级比对" / "市级学籍比对_核实反馈.csv").read_text("utf-8-sig")
    assert {row["姓名"] for row in csv.DictReader(told.splitlines())} == {"李外", "赵移"}
    assert not (city.districts / "东区" / "inbox" / NOW / "市级比对").exists()


def test_two_records_or_two_names_are_for_people_to_settle(city: Home):
    found = "select district, found_in, finding, children from municipal.crossing where period = '2025-B3' order by all"
    assert ask(city.database, found) == [
        ("东区", "荣昌区", "both", 1), ("东区", "荣昌区", "unsure", 1),
        ("荣昌区", "东区", "both", 1), ("荣昌区", "东区", "elsewhere", 2), ("荣昌区", "东区", "unsure", 1),
    ]  # fmt: skip
    papers = city.out / NOW / "全市"
    assert sorted(path.relative_to(papers).as_posix() for path in papers.rglob("*.xlsx")) == [
        "全市汇总.xlsx", "区县/东区/跨区县学籍核对名单.xlsx", "区县/荣昌区/跨区县学籍核对名单.xlsx",
    ]  # fmt: skip


def test_one_districts_bad_delivery_stops_no_other(city: Home):
    """西区 sent no registry: its report is refused, the others stand, and the sum says who is in it."""
    states = "select district, state from municipal.district where period = '2025-B3' order by all"
    assert ask(city.database, states) == [("东区", "已出报"), ("荣昌区", "已出报"), ("西区", "未能出报")]
    summed = "select period, numerator, denominator, districts from municipal.value where indicator = 'enrolment_rate' " \
             "and district = '全市' and (stage, grade, population_group) = ('all', 'all', 'all') order by all"  # fmt: skip
    assert ask(city.database, summed) == [(BEFORE, 6, 7, 3), (NOW, 6, 6, 2)]


def test_the_sum_is_the_sum_of_its_districts(city: Home):
    wrong = """with part as (select period, indicator, stage, grade, population_group, sum(numerator) as n, sum(denominator) as d
        from municipal.value where district <> '全市' group by all)
    from municipal.value as w inner join part as p using (period, indicator, stage, grade, population_group)
    where w.district = '全市' and ((w.numerator, w.denominator) is distinct from (p.n, p.d) or w.rate_low > w.rate or w.rate > w.rate_high)"""
    assert ask(city.database, wrong) == []
    assert ask(city.database, "from municipal.balance where opening + added - closed <> closing") == []


def test_the_citys_file_and_summary_name_nobody(city: Home):
    said = (*IDS, *IDS.values())
    for (table,) in ask(city.database, "select table_name from duckdb_tables() where schema_name = 'municipal'"):
        text = str(ask(city.database, f"from municipal.{table}"))
        assert not [word for word in said if word in text], table


def test_run_again_nothing_is_published_anew(city: Home, capsys: pytest.CaptureFixture[str]):
    before = city.database.read_bytes()
    papers = {path: path.read_bytes() for path in (city.out / NOW / "全市").rglob("*.xlsx")}
    assert run_command(["backfill", "--home", str(city.root), "--from", NOW, "--papers", "none"]) == 3
    assert capsys.readouterr().out.count("没有发布新内容") == 2
    assert {path: path.read_bytes() for path in papers} == papers
    assert len(before) == len(city.database.read_bytes())


def test_a_district_in_use_stops_no_other_and_takes_nothing_back(city: Home, capsys: pytest.CaptureFixture[str]):
    """Without 东区's registry 荣昌区 would lose what it was told: its feedback and the lists of the last comparison stay."""
    kept = [city.districts / "荣昌区" / "inbox" / NOW / "市级比对" / "市级学籍比对_核实反馈.csv",
            *(city.out / NOW / "全市" / "区县").rglob("*.xlsx")]  # fmt: skip
    before = [path.read_bytes() for path in kept]
    with hold_home(Home(city.districts / "东区")):
        assert run_command(["backfill", "--home", str(city.root), "--from", NOW, "--papers", "none"]) == 1
    said = capsys.readouterr()
    assert "【荣昌区】2025年5—6月：报送文件和条件与第" in said.out
    assert "市级比对：东区的数据读不出" in said.err and "东区：另一次运行正在使用" in said.err and "西区：" in said.err
    assert len(kept) == 3 and [path.read_bytes() for path in kept] == before
    assert ask(city.database, "select count(*) from municipal.crossing where period = '2025-B3'") == [(5,)]


def test_a_folder_under_another_name_is_said(city: Home, capsys: pytest.CaptureFixture[str]):
    (city.districts / "南区" / "inbox").mkdir(parents=True)
    try:
        for command in ("run", "serve"):
            assert run_command([command, "--home", str(city.root)]) == 2
            assert "office.yaml" in capsys.readouterr().err
    finally:
        (city.districts / "南区" / "inbox").rmdir()
        (city.districts / "南区").rmdir()


def test_the_citys_tables_can_be_exported(city: Home, tmp_path: Path):
    assert run_command(["export", "全市指标值", str(tmp_path / "全市.csv"), "--home", str(city.root)]) == 0
    lines = (tmp_path / "全市.csv").read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("期间,区县,指标,") and any(",全市,适龄儿童少年入学率,合计,合计,全体,6,6," in line for line in lines)


@pytest.mark.parametrize("command", [["notices", "--school-year", "2025"], ["purge"], ["explore"]])
def test_what_is_one_districts_own_is_asked_for_by_district(city: Home, command: list[str], capsys: pytest.CaptureFixture[str]):
    assert run_command([*command, "--home", str(city.root)]) == 2
    assert "districts" in capsys.readouterr().err


def test_a_municipality_of_the_sample_names_38_districts_once_each():
    names = name_districts(38)
    assert (names[0], names[1], names[-1], len(set(names))) == ("荣昌区", "样例二区", "样例三十八区", 38)
