"""Build a small town from readable tables with the office's own headings, run every model, and read the result.

A child is named by its 姓名. Unless a table gives 身份证件号, the town invents a valid id from name, sex and birth date,
the same in every table, so that a spec shows only what it is about. `-` is an empty cell.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import duckdb

from schemas.bimester import Bimester
from schemas.calendar import default_issue_date, read_terms
from schemas.extracts import EXTRACTS, typed_columns
from schemas.indicators import INDICATORS
from transforms.build import (
    WorkInputs,
    add_earlier_values,
    connect,
    list_parameters,
    load_calendar,
    load_history,
    load_validated,
)
from transforms.cases.invariants import RULES, find_breaches
from transforms.models import Model, find_models, find_read, make_unit
from transforms.run import run_models

MODELS = {model.full_name: model for model in find_models()}
# What the rules of the cases read. Findings stand on half of all models: their rule is asked where a spec asks for them.
CHECKED = {table for sql in RULES.values() for table in find_read(sql) if table in MODELS} - {"compared.finding"}
ON_UNIT = {"indicators.unit"}  # and what counts its rows
for model in MODELS.values():
    if model.reads & ON_UNIT:
        ON_UNIT.add(model.full_name)
CARRIED = {  # from the town of the period before
    "validated.earlier_opening": "* from cases.kept union all from validated.earlier_opening",
    "validated.earlier_turning": "case_no, child_key, turned_in, turned_on, turn from cases.turning",
    "validated.earlier_change": "* from cases.change",
    "validated.earlier_member": "ledger, child_key from cases.member",
    "validated.earlier_finding": "comparison, child_key, first_seen_period from compared.finding",
    "validated.earlier_proposal": "comparison, child_key, period, likely_cause from compared.finding "
    "union all from validated.earlier_proposal",
}
WEIGHTS = [2 ** (17 - i) % 11 for i in range(17)]

SCHOOLS = """
学校标识码 | 学校名称 | 办学类型 | 举办者类型 | 所在镇街 | 学区 | 督导责任区
1000000001 | 甲小学 | 小学 | 公办 | 甲镇 | 一学区 | 一责任区
1000000002 | 乙中学 | 初级中学 | 公办 | 乙镇 | 二学区 | 二责任区
"""
AREAS = """
层级 | 名称 | 上级镇街
镇街 | 甲镇 | -
镇街 | 乙镇 | -
村社 | 东村 | 甲镇
村社 | 西村 | 乙镇
"""


def make_id(name: str, birth: str, sex: str) -> str:
    """Invent a valid 18-digit id: 500153 + birth + a number from the name with the right parity + check digit."""
    number = zlib.crc32(name.encode()) % 499 * 2 + (1 if sex == "男" else 0)
    body = f"500153{birth.replace('-', '')}{number:03d}"
    remainder = sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11
    return body + "10X98765432"[remainder]


def parse_table(text: str) -> list[dict[str, str | None]]:
    """Read `heading | heading` lines into rows; `-` and empty cells are None."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines() if line.strip()]
    head, *rows = lines
    return [{h: (c if c not in ("", "-") else None) for h, c in zip(head, row, strict=True)} for row in rows]


class Town:
    """A town: `rows(sql)` reads it as tuples.

    Models are run when a query first wants them, with what they read; one of `cases` wants that the cases add up, too.
    Half of all models are never asked for, and what the town of the period before left is carried over when a model reads it:
    findings stand on most models. `rate` and `bounds` want one indicator's cells, and its model alone is counted.
    """

    def __init__(
        self, con: duckdb.DuckDBPyConnection, parameters: dict[str, Any], made: Collection[str] = (), before: Town | None = None,
    ) -> None:  # fmt: skip
        self._con, self._parameters, self._made = con, parameters, set(made)
        self._before, self._owed = before, set(CARRIED) if before else set[str]()
        self._counted = set(INDICATORS) if self._made else set[str]()
        self.is_lent = False

    @property
    def con(self) -> duckdb.DuckDBPyConnection:
        """The database with every model run, for readers that bring queries of their own, and for whoever writes in it."""
        self._make(set(MODELS))
        self.is_lent = True
        return self._con

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a query and return its rows."""
        return self._ask(sql, INDICATORS)

    def _ask(self, sql: str, counted: Collection[str]) -> list[tuple[Any, ...]]:
        self._make(find_read(sql), counted)
        return self._con.execute(sql).fetchall()

    def _make(self, asked: set[str], counted: Collection[str] = INDICATORS) -> None:
        models = MODELS
        if not ON_UNIT.isdisjoint(add_read(asked)):
            if not self._counted.issuperset(counted):
                self._forget(ON_UNIT & self._made)
                self._counted.update(counted)
            models = MODELS | {"indicators.unit": make_unit(i for i in INDICATORS if i in self._counted)}
        wanted = add_read(asked, models)
        if any(name.startswith("cases.") for name in wanted):
            wanted = add_read(wanted | CHECKED, models)
        for name in sorted(wanted & self._owed):
            self._carry_over(name)
        missing = [name for name in models if name in wanted and name not in self._made]
        if missing:
            run_models(self._con, [models[name] for name in missing], self._parameters)
        self._made.update(missing)
        if self._made >= CHECKED and not (CHECKED | {"compared.finding"}).isdisjoint(missing):
            assert find_breaches(self._con, {rule: sql for rule, sql in RULES.items() if self._made >= find_read(sql) & MODELS.keys()}) == {}
        if "indicators.value" in missing:
            add_earlier_values(self._con)

    def _carry_over(self, name: str) -> None:
        self._owed.remove(name)
        rows = self._before.rows(f"select {CARRIED[name]}") if self._before else []
        if rows:
            self._con.executemany(f"insert into {name} values ({', '.join('?' * len(rows[0]))})", rows)

    def _forget(self, names: set[str]) -> None:
        for name in names:
            self._con.execute(f"drop {'view' if MODELS[name].is_view else 'table'} {name}")
        self._made -= names

    def names(self, comparison: str) -> list[str]:
        """The names of the children a comparison found, sorted."""
        return [r[0] for r in self.rows(
            "select p.name from compared.finding f join conformed.person p using (child_key) "
            f"where comparison = '{comparison}' order by 1")]  # fmt: skip

    def by_name(self, sql: str) -> dict[str, Any]:
        """Name → value of a query that gives person_id and one value, for instance `person_id, why from …`."""
        rows = self.rows(f"select p.name, q.* exclude (person_id) from (select {sql}) as q "
                         "join conformed.person as p using (person_id) order by all")  # fmt: skip
        return {name: values[0] if len(values) == 1 else tuple(values) for name, *values in rows}

    def why(self) -> dict[str, str]:
        """Name → where each school-age child of the 底册 is, the reason of compared.standing."""
        return self.by_name("person_id, why from compared.standing")

    def in_month(self, month: str) -> dict[str, str]:
        """Name → where each 在读 pupil was in a month."""
        return self.by_name(f"person_id, state_in_month from conformed.presence where month = '{month}'")

    def rate(self, indicator: str, **cell: str) -> tuple[int | None, int | None]:
        """Numerator and denominator of one cell; the default cell is the district's total."""
        where = {"area_level": "district", "stage": "all", "grade": "all", "population_group": "all"} | cell
        clause = " and ".join(f"{k} = '{v}'" for k, v in where.items())
        found = self._ask(f"select numerator, denominator from indicators.value where indicator = '{indicator}' "
                          f"and {clause} and period = (select max(period) from indicators.value)", {indicator})  # fmt: skip
        return found[0] if found else (None, None)

    def bounds(self, indicator: str) -> tuple[float | None, ...]:
        """Low, rate and high of the district's total."""
        found = self._ask(f"select rate_low, rate, rate_high from indicators.value where indicator = '{indicator}' and "
                          "area_level = 'district' and (stage, grade, population_group) = ('all', 'all', 'all')", {indicator})  # fmt: skip
        return found[0]

    def case_states(self) -> dict[str, str]:
        """Name → state of every case (the last, where a child has several)."""
        return dict(self.rows("select p.name, c.state from cases.case c join conformed.person p using (child_key) "
                              "order by c.case_no"))  # fmt: skip


def add_read(wanted: set[str], models: Mapping[str, Model] = MODELS) -> set[str]:
    """Add what the models read, and what that reads."""
    added = set(wanted)
    for name in reversed(list(models)):  # each stands after what it reads
        if name in added:
            added |= models[name].reads
    return added


def in_school(
    names: str, grade: str = "3", school: str = "1000000001", status: str = "在读", **marks: str
) -> dict[str, str]:
    """The usual children, in both registers: 底册 of 甲镇东村 and 学籍 in class 1, boys of the age of their grade.

    The age is that of school year 2024: a third-grader is born on 1 March 2016. `marks` are further columns of 学籍.
    """
    heads, cells = ("".join(f" | {text}" for text in texts) for texts in (marks, marks.values()))
    birth = f"{2019 - int(grade)}-03-01"
    child = "姓名 | 性别 | 出生日期 | 镇街 | 村社\n"
    child += "\n".join(f"{name} | 男 | {birth} | 甲镇 | 东村" for name in names.split())
    registry = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 学籍状态" + f"{heads}\n"
    registry += "\n".join(
        f"{school} | {grade} | 1班 | {name} | 男 | {birth} | {status}{cells}" for name in names.split()
    )
    return {"child": child, "registry": registry}


def join_tables(*worlds: dict[str, str]) -> dict[str, str]:
    """Set several worlds of the same headings under one another."""
    joined: dict[str, str] = {}
    for world in worlds:
        for name, text in world.items():
            rows = text.strip().split("\n")
            joined[name] = "\n".join([joined[name], *rows[1:]]) if name in joined else "\n".join(rows)
    return joined


def build_town(
    period: str = "2025-B3", version: int = 1, after: Town | None = None, quarantined: str = "",
    corrects: Town | None = None, district: str = "荣昌区", **tables: str,
) -> Town:  # fmt: skip
    """Build a town from one text table per extract; a row may name its own delivery in a column 期间.

    `school` and `area` default to two schools in two townships. `after` is the town of the period before: its cases,
    ledgers and findings are carried over. `corrects` is an earlier version of this period.
    `quarantined` lists registry rows that validation set aside. `district`: the name of the whole.
    The last few are kept: asked for again, the same town is given, unless somebody may have written in it.
    """
    asked = (period, version, after, quarantined, corrects, district, *sorted(tables.items()))
    town = _kept.pop(asked, None)
    if town is None or town.is_lent:
        town = _build(period, version, after, quarantined, corrects, district, {"school": SCHOOLS, "area": AREAS} | tables)
    _kept[asked] = town
    if len(_kept) > 3:
        del _kept[next(iter(_kept))]
    return town


_kept: dict[tuple[Any, ...], Town] = {}


def _build(
    period: str, version: int, after: Town | None, quarantined: str, corrects: Town | None, district: str, tables: dict[str, str]
) -> Town:
    bimester = Bimester.parse(period)
    con = connect(":memory:", b"town")
    con.execute("set threads = 1")
    load_validated(con, ())
    ids: dict[str, str] = {}
    for name, text in tables.items():
        rows = [
            _type_row(read_headings(name), row, number, period, ids)
            for number, row in enumerate(parse_table(text), 1)
        ]
        _insert(con, f"validated.{name}", rows)
    inputs = WorkInputs(bimester, version, default_issue_date(bimester), (), district=district)
    load_calendar(con, bimester, read_terms())
    load_history(con, inputs)
    if corrects is not None:
        con.executemany("insert into validated.numbered_opening values (?, ?, ?, ?, 0)",
                        corrects.rows("select case_no, child_key, opened_by, issued_on from cases.kept"))  # fmt: skip
    for row in parse_table(quarantined) if quarantined else []:
        values = (
            row.get("期间") or period,
            row["学校标识码"],
            row["姓名"],
            row.get("性别"),
            row.get("出生日期"),
            row.get("全国学籍号"),
        )
        con.execute("insert into validated.quarantined (extract, period, school_code, name, sex, birth_date, registry_number) "
                    "values ('registry', ?, ?, ?, ?, ?, ?)", values)  # fmt: skip
    return Town(con, list_parameters(inputs), before=after)


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    """Insert all rows in one statement; a row that lacks a column has NULL there."""
    if not rows:
        return
    columns = list(dict.fromkeys(column for row in rows for column in row))
    marks = ", ".join(f"({', '.join('?' * len(columns))})" for _ in rows)
    con.execute(
        f"insert into {table} ({', '.join(columns)}) values {marks}",
        [r.get(c) for r in rows for c in columns],
    )


@dataclass(frozen=True)
class Headings:
    """What a readable table of an extract may say: heading → column, the columns of its typed rows, how a child is known."""

    extract: str
    titles: dict[str, str]
    types: dict[str, str]
    has_id: bool
    has_identity: bool


@cache
def read_headings(name: str) -> Headings:
    extract = EXTRACTS[name]
    titles = {alias: field.name for field in extract.fields for alias in (*field.aliases, field.title)}
    has_id = extract.has("id_number")
    types = {column: type_ for column, (type_, _) in typed_columns(extract).items()}
    return Headings(name, titles, types, has_id, has_id or extract.has("registry_number"))


def _type_row(
    extract: Headings, row: dict[str, str | None], number: int, period: str, ids: dict[str, str]
) -> dict[str, Any]:
    """One row of a readable table as a row of `validated.<extract>`."""
    titles, types = extract.titles, extract.types
    yes_no = {"是": "true", "否": "false"}
    values: dict[str, Any] = {
        titles[t]: yes_no.get(v or "", v) if types.get(titles[t]) == "BOOLEAN" else v
        for t, v in row.items()
        if t in titles
    }
    unknown = set(row) - set(titles) - {"期间", "数据时点", "证件问题"}
    assert not unknown, f"{extract.extract} has no heading {unknown}"
    if extract.has_id and "id_number" not in values:
        values["id_number"] = _find_id(values, ids)
    if len(values.get("id_number") or "") != 18 or row.get("证件问题"):
        values["id_number_given"], values["id_number"] = values.get("id_number"), None
    if not extract.has_id:
        values.pop("id_number", None)
        values.pop("id_number_given", None)
    elif values["id_number_given" if "id_number_given" in values else "id_number"] is None:
        values.pop("id_number_given", None)
    values |= {"period": row.get("期间") or period, "file_id": "town", "sheet": "表", "source_row": number,
               "data_as_of": row.get("数据时点")}  # fmt: skip
    values = {k: v for k, v in values.items() if k in types}
    if extract.has_identity:
        keys = ("id_number", "id_number_given", "registry_number", "name", "sex", "birth_date")
        values["identity"] = "|".join(str(values.get(k) or "") for k in keys)
    return values


def _find_id(values: dict[str, Any], ids: dict[str, str]) -> str | None:
    name = values.get("name")
    if name and name not in ids and values.get("birth_date"):
        ids[name] = make_id(name, values["birth_date"], values.get("sex") or "男")
    return ids.get(name) if name else None


def day(text: str) -> date:
    """Read an ISO date."""
    return date.fromisoformat(text)
