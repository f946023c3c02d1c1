"""The analysts' file: no personal data, a comment on everything, Chinese views, all versions, one current."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from schemas.bimester import Bimester
from schemas.indicators import INDICATORS
from schemas.published import list_published
from schemas.table import list_tables
from tests.flows.world import fill_findings, fill_rate, make_empty_tables
from transforms.published.change import write_changes
from transforms.published.describe import name_columns
from transforms.published.questions import QUESTIONS
from transforms.published.write import Publication, write_analysts_file

PERIOD = Bimester.parse("2025-B3")


def make_work(path: Path, version: int, children: int) -> Path:
    con = duckdb.connect(str(path))
    make_empty_tables(con)
    con.execute("insert into validated.file (period, file_id, file_name, sheet, extract, rows_read, accepted, merged, "
                "quarantined) values ('2025-B3', 'f1', '张三的学籍.xlsx', '表', 'registry', 10, 9, 0, 1)")  # fmt: skip
    con.execute("insert into validated.problem (period, extract, rule, strength, school_code, value) "
                "values ('2025-B3', 'registry', 'id_length', 'report', '3100000001', '50015')")  # fmt: skip
    fill_findings(con, "2025-B3", version, "甲", children)
    fill_rate(con, "2025-B3", version, "enrolment_rate", 98, 100)
    con.execute("insert into conformed.child (person_id, child_key, township, birth_date, birth_month) values "
                "(1, 'k1', '昌元街道', '2015-03-04', '2015-03')")  # fmt: skip
    write_changes(con, [], "2025-B3", version, None)
    con.close()
    return path


def publish(folder: Path, version: int, children: int, published: Path | None = None) -> Path:
    work = make_work(folder / f"work{version}.duckdb", version, children)
    what = Publication(PERIOD, version, date(2025, 7, 10), f"m{version}", f"r{version}", "1", "2", (("2025-B2", "r0"),))
    target = folder / f"v{version}.duckdb"
    write_analysts_file(work, published, target, what)
    return target


@pytest.fixture(scope="module")
def analysts_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    return publish(folder, 2, 3, publish(folder, 1, 2))


def ask(path: Path, sql: str) -> list[tuple]:
    con = duckdb.connect(str(path), read_only=True)
    try:
        return con.execute(sql).fetchall()
    finally:
        con.close()


def test_no_personal_column_is_published(analysts_file: Path):
    personal = {c.name for t in list_tables().values() for c in t.columns if c.personal}
    found = {name for (name,) in ask(analysts_file, "select distinct column_name from duckdb_columns() where not internal")}
    assert not found & (personal | {"name", "id_number", "address", "phone", "person_id", "file_name", "value_given"})


def test_no_name_or_id_stands_anywhere(analysts_file: Path):
    tables = ask(analysts_file, "select schema_name || '.' || table_name from duckdb_tables()")
    text = " ".join(str(ask(analysts_file, f"from {table}")) for (table,) in tables)
    for word in ("虚甲", "500153", "张三", "50015'"):
        assert word not in text


def test_a_child_appears_with_birth_month_only(analysts_file: Path):
    assert ask(analysts_file, "select distinct child_key, birth_month from conformed.child") == [("k1", "2015-03")]


def test_every_table_view_and_column_has_a_comment(analysts_file: Path):
    assert ask(analysts_file, "select table_name from duckdb_tables() where comment is null") == []
    assert ask(analysts_file, "select view_name from duckdb_views() where comment is null and not internal") == []
    columns = "select table_name, column_name from duckdb_columns() where not internal and schema_name <> 'information_schema'"
    assert ask(analysts_file, columns + " and coalesce(comment, '') = ''") == []
    views = {view for (view,) in ask(analysts_file, "select view_name from duckdb_views() where not internal")}
    assert len(views & {table for table, _ in ask(analysts_file, columns)}) > len(INDICATORS), "the columns of views were looked at too"


def test_every_table_and_indicator_has_a_chinese_view(analysts_file: Path):
    views = {name for (name,) in ask(analysts_file, "select view_name from duckdb_views() where schema_name = '中文'")}
    asked = {q.name for q in QUESTIONS if not q.parameters}
    assert views == {t.title for t in list_published()} | {i.title for i in INDICATORS.values()} | asked
    for view in sorted(views):
        ask(analysts_file, f'from "中文"."{view}"')


def test_views_show_the_current_version_and_tables_all(analysts_file: Path):
    assert ask(analysts_file, "select version, count(*) from compared.finding group by all order by all") == [(1, 2), (2, 3)]
    assert ask(analysts_file, 'select 版本, count(*) from "中文"."比对结果" group by all') == [(2, 3)]
    assert ask(analysts_file, "select version, rate from indicators.current") == [(2, 0.98)]
    assert ask(analysts_file, 'select 分子, 分母, 率 from "中文"."适龄儿童少年入学率"') == [(98, 100, 0.98)]


def test_conservation_and_problems_are_counted_without_values(analysts_file: Path):
    assert ask(analysts_file, "select files, rows_read, accepted, merged, quarantined, held from meta.run "
                              "where version = 2") == [(1, 10, 9, 0, 1, "2025-B2 r0")]  # fmt: skip
    assert ask(analysts_file, "select extract_title, rule, school_code, problems from validated.problem_count "
                              "where version = 2") == [("学籍名册", "id_length", "3100000001", 1)]  # fmt: skip


def test_a_version_published_once_more_stands_there_once(tmp_path: Path, analysts_file: Path):
    again = publish(tmp_path, 2, 3, analysts_file)
    count = "select (select count(*) from conformed.child), (select count(*) from compared.finding), (select count(*) from meta.run)"
    assert ask(again, count) == ask(analysts_file, count)


def test_content_is_the_same_each_time(tmp_path: Path):
    contents = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        path = publish(tmp_path / name, 1, 4)
        tables = ask(path, "select schema_name || '.' || table_name from duckdb_tables() order by all")
        contents.append([ask(path, f"from {table}") for (table,) in tables])
    assert contents[0] == contents[1]


def test_a_column_declared_since_is_added_to_an_older_file(tmp_path: Path):
    old = publish(tmp_path, 1, 2)
    con = duckdb.connect(str(old))
    con.execute('drop schema "中文" cascade')
    con.execute("drop view indicators.current")
    con.execute("alter table compared.finding drop column likely_cause")
    con.execute("update meta.run set code_version = '0'")  # an older program wrote it
    con.close()
    new = publish(tmp_path, 2, 1, old)
    assert ask(new, "select version, count(likely_cause), count(*) from compared.finding group by all order by all") == [
        (1, 0, 2), (2, 0, 1)]  # fmt: skip


@pytest.mark.parametrize("table", list_published(), ids=lambda table: table.full_name)
def test_chinese_column_names_are_unique(table):
    names = list(name_columns(table).values())
    assert len(set(names)) == len(names)
