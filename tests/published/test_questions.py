"""The questions of the analysts' file: every example runs, and each answers what its name says."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from schemas.indicators import INDICATORS
from tests.published.test_analysts_file import ask, publish
from transforms.published.lineage import list_lineage
from transforms.published.questions import QUESTIONS, write_analyst


@pytest.fixture(scope="module")
def analysts_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("asked")
    return publish(folder, 2, 3, publish(folder, 1, 2))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_every_example_runs_with_chinese_columns(analysts_file: Path, question):
    names = [row[0] for row in ask(analysts_file, f"describe {question.example}")]
    assert names and all(any("一" <= letter <= "鿿" for letter in name) for name in names)
    ask(analysts_file, question.example)


def test_the_page_shows_every_example():
    page = write_analyst()
    assert all(question.example in page and question.answers in page for question in QUESTIONS)


def test_an_indicator_is_known_by_its_id_or_its_title(analysts_file: Path):
    by_id = ask(analysts_file, "from 中文.指标走势('enrolment_rate')")
    assert by_id == ask(analysts_file, "from 中文.指标走势('适龄儿童少年入学率')") == [("2025-B3", 2, 98, 100, 0.98, None, None)]


@pytest.mark.parametrize("question", ["指标走势('没有这个')", "镇街对标('没有这个', '2025-B3', 1)", "最差学校('没有这个', '2025-B3')"])
def test_an_unknown_indicator_is_said(analysts_file: Path, question: str):
    with pytest.raises(duckdb.Error, match="没有叫“没有这个”的指标"):
        ask(analysts_file, f"from 中文.{question}")


def test_below_target_is_good_where_low_is_good():
    """Two of 1,000 left at a target of 0.1 %: one too many; none left: one to spare."""
    con = duckdb.connect()
    con.execute("create schema meta; create schema indicators; create schema 中文")
    con.execute("create table meta.indicator as select 'dropout_rate' as indicator, '辍学率' as indicator_title, 'low' as better")
    con.execute("""create table indicators.current as select '2025-B3' as period, 'dropout_rate' as indicator, 'township' as area_level,
        area_name, 'all' as stage, 'all' as grade, 'all' as population_group, n as numerator, 1000 as denominator, n / 1000 as rate,
        null::double as rate_low, null::double as rate_high from (values ('甲镇', 2), ('乙镇', 0)) as t(area_name, n)""")
    question = next(q for q in QUESTIONS if q.name == "镇街对标")
    con.execute(f"create macro 中文.镇街对标({question.parameters}) as table {question.sql}")
    rows = con.execute("select 镇街, 差多少人 from 中文.镇街对标('辍学率', '2025-B3', 0.001)").fetchall()
    assert rows == [("甲镇", 1), ("乙镇", -1)]


def test_a_source_is_named_by_its_hash_and_its_use(analysts_file: Path):
    rows = ask(analysts_file, "select 用途, 数据表, 报送期间, 文件编号 from 中文.指标来源('enrolment_rate', '2025-B3')")
    assert rows == [("计数", "学籍名册", "2025-B3", "f1")]


def test_what_changed_between_versions_is_empty_where_nothing_did(analysts_file: Path):
    assert ask(analysts_file, "from 中文.版本变化('2025-B3')") == []


def test_every_indicator_leads_back_to_extracts():
    lineage = list(list_lineage())
    assert {name for name, *_ in lineage} == set(INDICATORS)
    assert ("enrolment_rate_disabled", "disabled", "计数") in lineage
    assert ("enrolment_rate", "aid", "认人") in lineage
    assert ("aid_coverage_rate", "aid", "计数") in lineage
    # the rate of the 脱贫户 group rests on their register
    assert ("enrolment_rate", "monitored", "分组") in lineage and ("enrolment_rate_monitored", "monitored", "计数") in lineage


def test_questions_carry_a_comment(analysts_file: Path):
    said = dict(ask(analysts_file, "select function_name, comment from duckdb_functions() where schema_name = '中文'"))
    assert {q.name for q in QUESTIONS if q.parameters and not said.get(q.name)} == set()


def test_who_entered_or_left_a_figure_between_two_periods(tmp_path: Path):
    path = publish(tmp_path, 1, 1)
    con = duckdb.connect(str(path))
    con.execute("insert into meta.period (period, version, is_current) values ('2025-B2', 1, true)")
    rows = [("2025-B2", "a", "enrolment_rate;retention_rate_year", "enrolment_rate", "本区在籍"),
            ("2025-B2", "b", "enrolment_rate", "", "适龄未入学"),
            ("2025-B3", "a", "enrolment_rate", "", "适龄未入学"), ("2025-B3", "b", "enrolment_rate", "", "适龄未入学"),
            ("2025-B3", "c", "enrolment_rate", "enrolment_rate", "本区在籍")]  # fmt: skip
    for period, *row in rows:
        con.execute("insert into indicators.counted (period, version, child_key, denominators, numerators, why) "
                    "values (?, 1, ?, ?, ?, ?)", [period, *row])  # fmt: skip
    for number, state in enumerate(("待核实", "已销号")):
        con.execute("insert into cases.case (period, version, case_no, child_key, state) values ('2025-B3', 1, ?, 'a', ?)", [f"n{number}", state])
    con.close()
    asked = "from 中文.指标人员变化('适龄儿童少年入学率', '2025-B3', '2025-B2')"
    assert ask(path, asked) == [
        ("a", True, True, True, False, "本区在籍", "适龄未入学", None, "待核实"),
        ("c", False, False, True, True, None, "本区在籍", None, None),
    ]  # fmt: skip


def test_a_breach_is_said_with_its_limit_and_a_list_is_known_by_its_title(tmp_path: Path):
    path = publish(tmp_path, 1, 2)
    con = duckdb.connect(str(path))
    for measured, is_breach in ((95.0, True), (90.0, False)):
        con.execute("insert into compared.work_check (period, version, school_code, month, grade_band, item, measured, direction, limit_value, "
                    "is_breach) values ('2025-B3', 1, '1', ?, '初中', 'homework_minutes', ?, 'at_most', 90, ?)",
                    [f"2025-0{5 + is_breach}", measured, is_breach])  # fmt: skip
    con.close()
    assert ask(path, "select 项目, 自报值, 方向, 限值 from 中文.学校工作超限('2025-B3')") == [("书面作业", 95, "不超过", 90)]
    by_title = ask(path, "from 中文.名单变化('适龄未入学', '2025-B3', '2025-B2')")
    assert by_title == ask(path, "from 中文.名单变化('unenrolled', '2025-B3', '2025-B2')") and len(by_title) == 2
