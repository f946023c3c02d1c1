"""The sums are checked on every build: a breach stops the run and names no child."""

import duckdb
import pytest

from tests.towns.town import build_town, in_school
from transforms.cases.invariants import RULES, find_breaches

CHILD = "姓名 | 性别 | 出生日期 | 镇街 | 村社\n王一 | 男 | 2016-03-01 | 甲镇 | 东村"


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    return build_town(registry=in_school("李二")["registry"], child=CHILD).con


def test_a_sound_town_has_no_breach(con: duckdb.DuckDBPyConnection):
    assert find_breaches(con) == {}


@pytest.mark.parametrize(
    ("damage", "rule"),
    [
        ('''update cases."case" set state = '不知道' ''', "每个案件恰有一种已知状态"),
        ('''delete from cases."case" ''', "每个案件恰有一种已知状态"),
        ('''insert into cases."case" from cases."case" ''', "一名儿童至多一个未销号案件"),
        ("update cases.balance set added = added + 1", "上期结转＋新增－销减＝期末在册"),
        ("delete from cases.event", "每个案件有立案事件"),
        ("delete from compared.bridge", "底册到学籍的差异合计等于底册适龄人数"),
        ("insert into validated.earlier_opening (case_no) values ('RC2025B2-00009')", "以前的立案一件不少"),
    ],
)
def test_each_breach_is_told_without_a_name(con: duckdb.DuckDBPyConnection, damage: str, rule: str):
    con.execute("begin")
    try:
        con.execute(damage)
        breaches = find_breaches(con)
    finally:
        con.execute("rollback")
    assert rule in breaches and rule in RULES
    assert "王一" not in str(breaches)
