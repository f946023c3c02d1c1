"""变动明细: the children behind a changed figure are named, with why, in the office's own workbook and nowhere else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from schemas.bimester import Bimester
from tests.towns.town import Town, build_town, in_school, join_tables
from transforms.documents.member_changes import list_change_sheets, write_member_changes_book
from transforms.published.members import GAINED, LEFT, LOST, write_member_changes

B3 = Bimester.parse("2025-B3")
OUT = {"child": in_school("丙 丁")["child"]}  # of school age, on no roll
ROLL = in_school("甲 乙")


def publish(town: Town, folder: Path, period: str = "2025-B3", version: int = 1) -> Path:
    """What the analysts' file keeps of a town's children."""
    path = folder / "published.duckdb"
    town.con.execute(f"attach '{path}' as pub")
    town.con.execute("create schema if not exists pub.indicators; create schema if not exists pub.conformed; "
                     "create schema if not exists pub.cases")
    town.con.execute("create table pub.indicators.counted as from indicators.counted")
    town.con.execute(f"create table pub.conformed.enrolment as select '{period}' as period, {version} as version, * from conformed.enrolment")
    town.con.execute('create table pub.cases."case" as from cases."case"')
    town.con.execute("detach pub")
    return path


def compare(town: Town, published: Path, version: int = 1) -> list[tuple]:
    write_member_changes(town.con, published, "2025-B3", version, ("2025-B2", None))
    return town.rows("select m.since, m.indicator, p.name, m.how, m.why_before, m.why_after from meta.member_change as m "
                     "join conformed.person as p using (child_key) where indicator = 'enrolment_rate' order by all")  # fmt: skip


@pytest.fixture
def second(tmp_path: Path) -> tuple[Town, Path]:
    """Version 2: 丙 turns out to study elsewhere, 丁 to have died, 乙 is gone from the roll."""
    published = publish(build_town(**join_tables(ROLL, OUT)), tmp_path)
    said = """姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料
丙 | 2025-06-02 | 镇街 | 外地就读有学籍 | 外地小学 | 学籍截图
丁 | 2025-06-02 | 镇街 | 死亡 | - | 派出所证明"""
    roll = {"child": ROLL["child"], "registry": in_school("甲")["registry"]}
    return build_town(version=2, **join_tables(roll, OUT), verification=said), published


def test_who_entered_and_left_since_the_last_version_and_why(second):
    town, published = second
    assert compare(town, published, 2) == [
        ("上一版", "enrolment_rate", "丁", LEFT, "适龄未入学", "死亡"),
        ("上一版", "enrolment_rate", "丙", GAINED, "适龄未入学", "外地就读有学籍"),
        ("上一版", "enrolment_rate", "乙", LOST, "本区在籍", "适龄未入学"),
    ]


def test_since_the_last_period_too(tmp_path: Path):
    published = publish(build_town("2025-B2", **ROLL), tmp_path, "2025-B2")
    town = build_town(child=ROLL["child"], registry=in_school("甲")["registry"])
    assert compare(town, published) == [("上一期", "enrolment_rate", "乙", LOST, "本区在籍", "适龄未入学")]


def test_the_workbook_names_them_and_is_the_owners_alone(second, tmp_path: Path):
    town, published = second
    compare(town, published, 2)
    (path,) = write_member_changes_book(town.con, tmp_path / "out", B3, 2, date(2025, 7, 10), issuer="教委", manifest_id="m")
    assert path == tmp_path / "out" / "区级" / "变动明细.xlsx" and path.stat().st_mode & 0o077 == 0
    sheets = {sheet.name: sheet.frame for sheet in list_change_sheets(town.con, B3)}
    enrolment = sheets["与上一版比"].filter(indicator="适龄儿童少年入学率")
    assert set(enrolment.select("name", "how", "counted").rows()) == {("丙", GAINED, "是"), ("乙", LOST, "否"), ("丁", LEFT, "否")}
    assert sheets["汇总"].filter(indicator="适龄儿童少年入学率")["children"].sum() == 3


def test_nothing_changed_makes_no_workbook(tmp_path: Path):
    published = publish(build_town(**ROLL), tmp_path)
    town = build_town(version=2, **ROLL)
    assert compare(town, published, 2) == []
    assert write_member_changes_book(town.con, tmp_path, B3, 2, date(2025, 7, 10), issuer="", manifest_id="") == []


def test_a_first_publication_or_an_older_file_has_nobody_to_compare_with(tmp_path: Path):
    town = build_town(**ROLL)
    assert write_member_changes(town.con, None, "2025-B3", 1, ("2025-B2", None)) == 0
    assert write_member_changes(town.con, tmp_path / "none.duckdb", "2025-B3", 1, ("2025-B2", None)) == 0


def test_a_dropout_keeps_its_record_and_the_case_says_why_it_is_counted_no_more(tmp_path: Path):
    """确认辍学 does not delete a record (domain §2): the pupil is still 本区在籍, in the 底册 or outside it, and lost to the rate."""
    roll = ROLL | {"child": in_school("乙")["child"]}
    published = publish(build_town("2025-B2", **roll), tmp_path, "2025-B2")
    said = "姓名 | 核实日期 | 核实单位 | 核实结果\n甲 | 2025-06-02 | 学校 | 确认辍学\n乙 | 2025-06-02 | 学校 | 失联"
    town = build_town(**roll, verification=said)
    write_member_changes(town.con, published, "2025-B3", 1, ("2025-B2", None))
    assert town.rows("select p.name, m.how, m.why_before, m.why_after, m.state_before, m.state from meta.member_change as m "
                     "join conformed.person as p using (child_key) where indicator = 'retention_rate_year' order by all") == [
        ("乙", LOST, "本区在籍", "本区在籍", None, "失联"), ("甲", LOST, "本区在籍", "本区在籍", None, "劝返中"),
    ]  # fmt: skip
