"""What the page of `baoxue explore` asks: the answers are those of the file, on connections that are let go."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from tests.published.test_analysts_file import publish
from transforms.published import looking, pictures


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = publish(tmp_path_factory.mktemp("looking"), 1, 2)
    con = duckdb.connect(str(path))
    con.execute("insert into meta.period (period, version, is_current, label) values ('2025-B4', 1, true, '2025年7—8月')")
    for period, children in (("2025-B3", ("a", "b", "c", "d")), ("2025-B4", ("a", "b", "c"))):
        for child in children:
            school, grade = ("2" if child == "b" and period == "2025-B4" else "1"), ("9" if child == "d" else "3")
            con.execute("insert into conformed.enrolment (period, version, child_key, school_code, grade) values (?, 1, ?, ?, ?)",
                        [period, child, school, grade])  # fmt: skip
    con.execute("delete from cases.case")
    for number, (state, overdue) in enumerate((("待核实", 3), ("待核实", 0), ("劝返中", 0), ("已销号", 0))):
        con.execute("insert into cases.case (period, version, case_no, child_key, state, overdue_working_days, township) values "
                    "('2025-B3', 1, ?, 'k1', ?, ?, '甲镇')", [str(number), state, overdue])  # fmt: skip
    con.close()
    return path


def test_a_cohort_is_followed_and_grade_9_leaves_with_the_school_year(database: Path):
    rows = looking.read_cohorts(database, "2025-B3")
    assert rows.select("年级", "period", "这届人数", "仍在籍", "仍在原校").rows() == [
        ("3", "2025-B3", 3, 3, 3), ("3", "2025-B4", 3, 3, 2), ("9", "2025-B3", 1, 1, 1),
    ]  # fmt: skip


def test_open_cases_by_cause_and_by_town_count_the_overdue(database: Path):
    assert sum(looking.read_cases_by_cause(database, "2025-B3")["案件数"]) == 3  # the closed one is not among them
    assert looking.read_cases_by_town(database, "2025-B3").rows() == [("甲镇", 3, 1, 1)]


def test_a_trend_reads_the_current_versions(database: Path):
    rows = looking.read_trend(database, "enrolment_rate", [])
    assert rows.select("区域", "期间", "分子", "分母", "下界").rows() == [("荣昌区", "2025年5—6月", 98, 100, 0.98)]
    assert looking.list_indicators(database) == {"适龄儿童少年入学率": "enrolment_rate"}


def test_a_question_lets_the_file_go_and_reaches_no_other(database: Path):
    looking.list_periods(database)
    duckdb.connect(str(database)).close()  # nobody holds it
    with pytest.raises(duckdb.PermissionException):
        looking.ask(database, f"from read_csv('{__file__}')")


def test_a_picture_names_nothing_outside_and_offers_no_editor(database: Path):
    chart = pictures.draw_trend(looking.read_trend(database, "enrolment_rate", []), "适龄儿童少年入学率").to_dict()
    assert "适龄儿童少年入学率逐期走势" in json.dumps(chart, ensure_ascii=False)
    chart.pop("$schema")  # a name, never fetched: the page test sees every request
    assert "http" not in json.dumps(chart) and chart["usermeta"]["embedOptions"]["actions"]["editor"] is False


def test_a_table_says_only_what_it_is_given():
    assert "&lt;b&gt;" in pictures.write_table([{"学校": "<b>", "率": 0.5}]) and "50.00%" in pictures.write_table([{"率": 0.5}])
