"""An invented work file for the documents room: the tables it reads, filled by plain arithmetic. No child in it."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from schemas.bimester import Bimester

AREAS = Path(__file__).parent.parent.parent / "data" / "reference" / "rongchang_areas.csv"
DDL = """
create schema indicators; create schema compared; create schema cases; create schema conformed;
create schema validated; create schema meta;
create table indicators.value (period text, version int, area_level text, area_name text, school_code text, stage text,
  grade text, population_group text, indicator text, numerator bigint, denominator bigint, rate double,
  rate_low double, rate_high double, suppressed boolean);
create table indicators.ladder (period text, version int, step int, label text, children bigint);
create table compared.finding (period text, version int, comparison text, child_key text, township text, village text,
  school_code text, stage text, grade text, likely_cause text, matched_by text, first_seen_period text);
create table compared.silent_school (period text, version int, school_code text, month text, expected bigint,
  accounted bigint);
create table compared.bridge (period text, version int, from_register text, to_register text, reason text,
  children bigint);
create table compared.school_month (period text, version int, school_code text, month text, expected bigint,
  accounted bigint, usable boolean, zero_report boolean, silent boolean);
create table cases.case (period text, version int, case_no text, child_key text, state text, opened_on date,
  opened_by text, closed_on date, closed_as text, owner_level text, owner_office text, due_on date,
  overdue_working_days int, returned_on date, relapses int, platform_closed_on date, township text, village text,
  school_code text);
create table cases.balance (period text, version int, ledger text, opening bigint, added bigint, closed bigint,
  closing bigint);
create table cases.rule_quality (period text, version int, comparison text, likely_cause text, proposed int, confirmed int,
  refuted int, still_open int, precision double);
create table conformed.school (school_code text, school_name text, school_type text, founder_type text, township text,
  school_zone text, supervision_zone text, is_reporting boolean);
create table validated.problem (period text, extract text, file_id text, file_name text, sheet text, source_row bigint,
  heading text, rule text, strength text, school_code text, value text, message text);
create table validated.file (period text, file_id text, file_name text, sheet text, extract text, rows_read bigint,
  accepted bigint, merged bigint, quarantined bigint, blank_rows bigint, title_rows bigint, total_rows bigint,
  note_rows bigint, repeated_heading_rows bigint, other_stage_rows bigint, mended_values bigint, data_as_of date,
  encoding text, hidden boolean);
create table conformed.enrolment (person_id text, school_code text, stage text, registry_status text);
create table conformed.completion (person_id text, completed_grade int, first_period text);
create table meta.period (period text, version int, published_on date, issued date, is_current boolean);
create table meta.change (period text, version int, from_version int, kind text, what text, before text, after text);
"""
TYPES = ("小学", "小学", "小学", "初级中学", "九年一贯制学校")
CLOSED = ("在校就读", "外地就读有学籍", "户籍迁出", "户籍或证件错误", "重复信息")


def township_names() -> list[str]:
    """The real 镇街, in the reference's order."""
    with AREAS.open(encoding="utf-8-sig", newline="") as handle:
        return [row["name"] for row in csv.DictReader(handle) if row["level"] == "township"]


def build_world(
    period: Bimester, *, schools: int = 42, back: int = 2, perfect: bool = False
) -> duckdb.DuckDBPyConnection:
    """A work file for `period` and `back` periods before it. `perfect`: nobody missing, nothing wrong."""
    con = duckdb.connect()
    con.execute(DDL)
    _add_schools(con, schools)
    for index, each in enumerate(period.back(back)):
        _add_period(con, each, 0 if perfect else back - index + 1)
    if not perfect:
        _add_cases(con, period)
        _add_quality(con, period)
    _add_files(con, period, perfect)
    if period.is_summer:
        _add_graduates(con, period)
    return con


def _add_graduates(con: duckdb.DuckDBPyConnection, period: Bimester) -> None:
    con.execute(
        """
        insert into conformed.completion
        select person_id, case when stage = 'primary' then 6 else 9 end, $period
        from conformed.enrolment where registry_status = '在读' and right(person_id, 1) = '7'""",
        {"period": str(period)},
    )


def insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[Any, ...]]) -> None:
    """Insert whole rows in one statement."""
    if rows:
        line = f"({', '.join('?' * len(rows[0]))})"
        con.execute(
            f"insert into {table} values {', '.join([line] * len(rows))}",
            [cell for row in rows for cell in row],
        )


def _add_schools(con: duckdb.DuckDBPyConnection, count: int) -> None:
    towns = township_names()
    rows = []
    for index in range(count):
        kind, town = TYPES[index % 5], towns[index % len(towns)]
        word = {"小学": "中心小学", "初级中学": "初级中学", "九年一贯制学校": "九年制学校"}[kind]
        name = f"重庆市荣昌区{town.removesuffix('镇').removesuffix('街道')}{word}{index // len(towns) or ''}"
        zone = f"第{index % 4 + 1}学区", f"第{index % 6 + 1}督导责任区"
        rows.append((f"35005{index:05d}", name, kind, "公办", town, *zone, True))
    insert(con, "conformed.school", rows)
    con.execute("""
        insert into conformed.enrolment
        select code || n, code, case when kind = '小学' or (kind like '九年%' and n % 2 = 0) then 'primary' else 'junior' end,
               case when n % 97 = 0 then '休学' else '在读' end
        from (select school_code as code, school_type as kind, unnest(range(200)) as n from conformed.school)""")


def _add_period(con: duckdb.DuckDBPyConnection, period: Bimester, missing: int) -> None:
    key = (str(period), 1)
    rows: list[tuple[Any, ...]] = []

    def add(
        level: str,
        name: str,
        indicator: str,
        numerator: int | None,
        denominator: int | None,
        *,
        code: str | None = None,
        stage: str = "all",
        group: str = "all",
        open_: int = 0,
    ) -> None:
        rate = numerator / denominator if numerator is not None and denominator else None
        low = (numerator - open_) / denominator if open_ and numerator is not None and denominator else None
        rows.append(
            (
                *key,
                level,
                name,
                code,
                stage,
                "all",
                group,
                indicator,
                numerator,
                denominator,
                rate,
                low,
                rate if low is not None else None,
                False,
            )
        )

    towns = township_names()
    for index, town in enumerate(towns):
        size = 900 + 137 * index
        out = missing * (index % 4)
        add("township", town, "enrolment_rate", size - out, size, open_=out and 1)
        add("township", town, "retention_rate_year", size - 40 - out // 2, size - 40)
        add("township", town, "dropout_rate", out // 2, size - 40)
    total = sum(900 + 137 * index for index in range(len(towns)))
    out = sum(missing * (index % 4) for index in range(len(towns)))
    lost = sum(missing * (index % 4) // 2 for index in range(len(towns)))
    roll = total - 40 * len(towns)
    primary = total * 6 // 10
    for stage, size, gone in (
        ("all", total, out),
        ("primary", primary, out // 3),
        ("junior", total - primary, out - out // 3),
    ):
        add("district", "荣昌区", "enrolment_rate", size - gone, size, stage=stage, open_=gone // 2)
    for stage, size, gone in (
        ("all", roll, lost),
        ("primary", roll * 6 // 10, lost // 4),
        ("junior", roll - roll * 6 // 10, lost - lost // 4),
    ):
        add("district", "荣昌区", "retention_rate_year", size - gone, size, stage=stage)
        add("district", "荣昌区", "dropout_rate", gone, size, stage=stage)
        if not period.is_summer:
            add("district", "荣昌区", "in_school_rate", size - gone * 2, size, stage=stage)
    for group, size, gone in (
        ("left_behind", 3100, missing),
        ("disabled", 240, missing * 2),
        ("monitored", 1450, missing),
        ("orphan", 21, 0),
        ("resident_migrant", 1600, 0),
    ):
        add("district", "荣昌区", "enrolment_rate", size - gone, size, group=group, open_=gone)
        add("district", "荣昌区", "dropout_rate", gone // 2, size, group=group)
    schools = con.execute(
        "select school_code, school_name, township from conformed.school order by 1"
    ).fetchall()
    for index, (code, name, _) in enumerate(schools):
        size, gone = 120 + 53 * index, missing if index % 7 == 3 else 0
        add("school", name, "retention_rate_year", size - gone, size, code=code)
        add("school", name, "dropout_rate", gone // 2, size, code=code)
        if not period.is_summer:
            silent = missing and index % 11 == 5
            add(
                "school",
                name,
                "in_school_rate",
                None if silent else size - gone,
                None if silent else size,
                code=code,
            )
            add("school", name, "submission_rate", 1 if silent else 2, 2, code=code)
            for month in period.months:
                bad = bool(silent and month == period.months[1])
                insert(
                    con,
                    "compared.school_month",
                    [
                        (
                            *key,
                            code,
                            month,
                            size,
                            0 if bad else size,
                            not bad,
                            bool(index % 3 == 0 and not bad),
                            bad,
                        )
                    ],
                )
                if bad:
                    insert(con, "compared.silent_school", [(*key, code, month, size, 0)])
    if not period.is_summer:
        late = sum(1 for index in range(len(schools)) if missing and index % 11 == 5)
        add("district", "荣昌区", "submission_rate", len(schools) * 2 - late, len(schools) * 2)
    insert(con, "indicators.value", rows)
    steps = (
        ("底册适龄人数", total + 60),
        ("死亡", 3),
        ("出国(境)", 12),
        ("户籍迁出", 20),
        ("户籍或证件错误", 15),
        ("重复信息", 10),
        ("应入学", total),
        ("本区在籍", total - out - 500),
        ("外地就读", 480),
        ("初中毕业", 20),
        ("未入学", out),
    )
    insert(con, "indicators.ladder", [(*key, i, label, n) for i, (label, n) in enumerate(steps, 1)])
    insert(
        con,
        "compared.bridge",
        [
            (*key, "底册", "学籍", "相符", total - 480 - out),
            (*key, "底册", "学籍", "外地就读有学籍", 480),
            *([(*key, "底册", "学籍", "疑似辍学", out)] if out else []),
            (*key, "学籍", "底册", "相符", total - 480 - out),
            (*key, "学籍", "底册", "外区户籍", 310),
            *([] if period.is_summer else [(*key, "学籍", "在校", "相符", roll - lost)]),
            *([(*key, "学籍", "在校", "籍在人不在", lost)] if lost and not period.is_summer else []),
        ],
    )
    for comparison, count in (
        ("unenrolled", out),
        ("absent", 0 if period.is_summer else lost),
        ("monitored_out", missing),
        ("duplicate_registry", missing // 2),
    ):
        insert(
            con,
            "compared.finding",
            [
                (
                    *key,
                    comparison,
                    f"{comparison}{period}{i}",
                    towns[i % 21],
                    None,
                    schools[i % len(schools)][0],
                    "junior" if i % 3 else "primary",
                    "8",
                    "疑似辍学",
                    "id",
                    str(period),
                )
                for i in range(count)
            ],
        )
    insert(con, "meta.period", [(*key, period.next().first_day, period.next().first_day, True)])
    suspected = (12 * missing, 5 * missing, 6 * missing, 11 * missing)
    for ledger, sums in (
        ("school_age", (total, 40, 30, total + 10)),
        ("suspected", suspected),
        ("dropout", (2 * missing, 3 * missing, missing, 4 * missing)),
        ("tracked", (missing, 0, 0, missing)),
    ):
        insert(con, "cases.balance", [(*key, ledger, *sums)])


def _add_cases(con: duckdb.DuckDBPyConnection, period: Bimester) -> None:
    towns = township_names()
    states = (
        ["待核实"] * 6
        + ["待补佐证"] * 3
        + ["外地就读待转学"] * 2
        + ["劝返中"] * 3
        + ["失联"]
        + ["复学跟踪"] * 2
        + ["在册跟踪"]
        + ["已销号"] * 6
    )
    rows = []
    for i, state in enumerate(states):
        closed = state == "已销号"
        rows.append(
            (
                str(period),
                1,
                f"RC{period.year}{i:04d}",
                f"key{i}",
                state,
                period.first_day + timedelta(days=i),
                "listed" if i % 2 else "unenrolled",
                period.last_day if closed else None,
                CLOSED[i % 5] if closed else None,
                "school" if i % 3 else "village",
                "",
                None,
                4 if i % 5 == 0 and not closed else 0,
                period.last_day if state == "复学跟踪" else None,
                0,
                None,
                towns[i % 21],
                None,
                f"35005{i:05d}",
            )
        )
    insert(con, "cases.case", rows)
    insert(con, "cases.rule_quality", [
        (str(period), 1, "absent", "all", 40, 12, 18, 10, 0.4), (str(period), 1, "absent", "疑似辍学", 30, 12, 10, 8, 12 / 22),
        (str(period), 1, "listed", "all", 9, 0, 0, 9, None), (str(period), 1, "listed", "证件错误", 9, 0, 0, 9, None),
        (str(period), 1, "duplicate_registry", "all", 5, 0, 0, 5, None)])  # fmt: skip


def _add_quality(con: duckdb.DuckDBPyConnection, period: Bimester) -> None:
    rules = (
        ("id_check_digit", "report", "身份证件号", "第18位校验码不对，请对照户口簿更正"),
        ("required_empty", "quarantine", "年级", "年级必须填写"),
        ("village_unknown", "report", "村社", "村社名称不在名册中"),
    )
    insert(
        con,
        "validated.problem",
        [
            (
                str(period),
                "registry" if i % 2 else "attendance",
                f"f{i % 3}",
                f"学籍{i % 3}.xlsx",
                "Sheet1",
                i + 3,
                rules[i % 3][2],
                rules[i % 3][0],
                rules[i % 3][1],
                f"35005{i % 4:05d}" if i % 5 else None,
                "50015320150101001X",
                rules[i % 3][3],
            )
            for i in range(23)
        ],
    )


def _add_files(con: duckdb.DuckDBPyConnection, period: Bimester, perfect: bool) -> None:
    bad = 0 if perfect else 7
    insert(
        con,
        "validated.file",
        [
            (
                str(period),
                f"f{i}",
                f"{name}.xlsx",
                "Sheet1",
                extract,
                size,
                size - bad - 2,
                2,
                bad,
                1,
                1,
                1,
                0,
                0,
                4,
                9,
                date(period.year, period.months and int(period.months[1][-2:]), 20),
                "",
                False,
            )
            for i, (name, extract, size) in enumerate(
                (
                    ("学籍", "registry", 48210),
                    ("底册", "child", 47690),
                    ("月报", "class_roll", 1320),
                    ("学校名册", "school", 42),
                )
            )
        ],
    )
