"""An invented work file for the documents room: the tables it reads, filled by plain arithmetic. No child in it."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from schemas.bimester import Bimester
from schemas.calendar import read_terms
from schemas.compared import COMPARISONS
from schemas.table import list_tables
from transforms.build import WorkInputs, connect, load_calendar, load_history, load_validated
from transforms.published.change import write_changes

AREAS = Path(__file__).parent.parent.parent / "data" / "reference" / "rongchang_areas.csv"
# What the invented rows fill in, table by table; the tables themselves are the declared ones.
COLUMNS = {
    "indicators.value": (
        "period version area_level area_name school_code stage grade population_group indicator numerator "
        "denominator rate rate_low rate_high suppressed"
    ),
    "indicators.ladder": "period version step label children",
    "compared.finding": (
        "period version comparison child_key township village school_code stage grade likely_cause matched_by "
        "first_seen_period"
    ),
    "compared.silent_school": "period version school_code month expected accounted",
    "compared.bridge": "period version from_register to_register reason children",
    "compared.school_month": "period version school_code month expected accounted usable zero_report silent",
    "cases.case": (
        "period version case_no child_key state opened_on opened_by closed_on closed_as owner_level "
        "owner_office due_on overdue_working_days returned_on relapses platform_closed_on township village "
        "school_code"
    ),
    "cases.balance": "period version ledger opening added closed closing",
    "cases.rule_quality": "period version comparison likely_cause proposed confirmed refuted still_open precision",
    "conformed.school": "school_code school_name school_type founder_type township school_zone supervision_zone is_reporting",
    "validated.problem": "period extract file_id file_name sheet source_row heading rule strength school_code value message",
    "validated.file": (
        "period file_id file_name sheet extract rows_read accepted merged quarantined blank_rows title_rows "
        "total_rows note_rows repeated_heading_rows other_stage_rows mended_values data_as_of encoding hidden"
    ),
    "conformed.enrolment": "person_id school_code stage registry_status",
    "conformed.completion": "person_id completed_grade first_period",
    "meta.change": "period version from_version kind what before after",
    "validated.earlier_finding_count": "period comparison children",
    "validated.earlier_state_count": "period state cases",
    "compared.coverage": "comparison reported",
}
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
    con = connect(":memory:", b"invented")
    _make_tables(con, period)
    _add_schools(con, schools)
    for index, each in enumerate(period.back(back)):
        _add_period(con, each, 0 if perfect else back - index + 1, is_now=each == period)
    if not perfect:
        _add_cases(con, period)
        _add_quality(con, period)
    _add_files(con, period, perfect)
    if period.is_summer:
        _add_graduates(con, period)
    return con


def _make_tables(con: duckdb.DuckDBPyConnection, period: Bimester) -> None:
    """Every table of a work file, empty, as a run would declare it; the calendar is the real one."""
    load_validated(con, ())
    load_calendar(con, period, read_terms())
    load_history(con, WorkInputs(period, 1, period.next().first_day, ()))
    for table in list_tables().values():
        con.execute(f"create schema if not exists {table.stage}")
        columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
        con.execute(f'create table {table.stage}."{table.name}" ({columns})')
    write_changes(con, [], str(period), 1, None)
    insert(con, "compared.coverage", [(name, True) for name in COMPARISONS])


def _add_graduates(con: duckdb.DuckDBPyConnection, period: Bimester) -> None:
    con.execute(
        """
        insert into conformed.completion (person_id, completed_grade, first_period)
        select person_id, case when stage = 'primary' then 6 else 9 end, $period
        from conformed.enrolment where registry_status = '在读' and person_id % 10 = 7""",
        {"period": str(period)},
    )


def insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[Any, ...]]) -> None:
    """Insert whole rows in one statement."""
    if rows:
        line = f"({', '.join('?' * len(rows[0]))})"
        stage, name = table.split(".")
        columns = ", ".join(COLUMNS[table].split())
        con.execute(
            f'insert into {stage}."{name}" ({columns}) values {", ".join([line] * len(rows))}',
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
        insert into conformed.enrolment (person_id, school_code, stage, registry_status)
        select code::bigint % 100000 * 200 + n, code, case when kind = '小学' or (kind like '九年%' and n % 2 = 0) then 'primary' else 'junior' end,
               case when n % 97 = 0 then '休学' else '在读' end
        from (select school_code as code, school_type as kind, unnest(range(200)) as n from conformed.school)""")


class Cells:
    """Rows of `indicators.value` of one period, as they are invented."""

    def __init__(self, period: Bimester) -> None:
        self.key = (str(period), 1)
        self.rows: list[tuple[Any, ...]] = []

    def add(
        self, level: str, name: str, indicator: str, numerator: int | None, denominator: int | None, *,
        code: str | None = None, stage: str = "all", group: str = "all", open_: int = 0,
    ) -> None:  # fmt: skip
        """Add one cell; `open_` of the numerator are unresolved."""
        told = numerator is not None and bool(denominator)
        rate = numerator / denominator if told else None  # type: ignore[operator]
        low = (numerator - open_) / denominator if told and open_ else None  # type: ignore[operator]
        self.rows.append((*self.key, level, name, code, stage, "all", group, indicator, numerator, denominator, rate, low,
                          rate if low is not None else None, False))  # fmt: skip


SIZES = [900 + 137 * index for index in range(21)]  # 应入学 of each 镇街


def _add_period(con: duckdb.DuckDBPyConnection, period: Bimester, missing: int, *, is_now: bool) -> None:
    """One period's values; `is_now`: with its findings, bridges, cases and months, of which an earlier one keeps counts."""
    cells = Cells(period)
    out = [missing * (index % 4) for index in range(len(SIZES))]
    lost = sum(each // 2 for each in out)
    _add_townships(cells, out)
    _add_district(cells, period, sum(out), lost, missing)
    _add_school_values(con, cells, period, missing, is_now)
    insert(con, "indicators.value", cells.rows)
    found = {"unenrolled": sum(out), "absent": 0 if period.is_summer else lost, "monitored_out": missing,
             "duplicate_registry": missing // 2}  # fmt: skip
    if not is_now:
        insert(con, "validated.earlier_finding_count", [(str(period), name, count) for name, count in found.items()])
        out_of_school = [(str(period), "劝返中", 2 * missing), (str(period), "失联", missing)]
        insert(con, "validated.earlier_state_count", out_of_school if missing else [])
        return
    _add_sums(con, period, sum(out), lost)
    _add_findings(con, period, found)
    _add_balance(con, period, missing)


def _add_townships(cells: Cells, out: list[int]) -> None:
    for town, size, gone in zip(township_names(), SIZES, out, strict=True):
        cells.add("township", town, "enrolment_rate", size - gone, size, open_=gone and 1)
        cells.add("township", town, "retention_rate_year", size - 40 - gone // 2, size - 40)
        cells.add("township", town, "dropout_rate", gone // 2, size - 40)


def _add_district(cells: Cells, period: Bimester, out: int, lost: int, missing: int) -> None:
    total = sum(SIZES)
    roll, primary = total - 40 * len(SIZES), total * 6 // 10
    for stage, size, gone in (("all", total, out), ("primary", primary, out // 3), ("junior", total - primary, out - out // 3)):
        cells.add("district", "荣昌区", "enrolment_rate", size - gone, size, stage=stage, open_=gone // 2)
    junior = roll - roll * 6 // 10
    for stage, size, gone in (("all", roll, lost), ("primary", roll * 6 // 10, lost // 4), ("junior", junior, lost - lost // 4)):
        cells.add("district", "荣昌区", "retention_rate_year", size - gone, size, stage=stage)
        cells.add("district", "荣昌区", "dropout_rate", gone, size, stage=stage)
        if not period.is_summer:
            cells.add("district", "荣昌区", "in_school_rate", size - gone * 2, size, stage=stage)
    for group, size, gone in (("left_behind", 3100, missing), ("disabled", 240, missing * 2), ("monitored", 1450, missing),
                              ("orphan", 21, 0), ("resident_migrant", 1600, 0)):  # fmt: skip
        cells.add("district", "荣昌区", "enrolment_rate", size - gone, size, group=group, open_=gone)
        cells.add("district", "荣昌区", "dropout_rate", gone // 2, size, group=group)


def _add_school_values(con: duckdb.DuckDBPyConnection, cells: Cells, period: Bimester, missing: int, is_now: bool) -> None:
    schools = con.execute("select school_code, school_name from conformed.school order by 1").fetchall()
    late = 0
    for index, (code, name) in enumerate(schools):
        size, gone = 120 + 53 * index, missing if index % 7 == 3 else 0
        cells.add("school", name, "retention_rate_year", size - gone, size, code=code)
        cells.add("school", name, "dropout_rate", gone // 2, size, code=code)
        if period.is_summer:
            continue
        silent = bool(missing and index % 11 == 5)
        late += silent
        cells.add("school", name, "in_school_rate", None if silent else size - gone, None if silent else size, code=code)
        cells.add("school", name, "submission_rate", 1 if silent else 2, 2, code=code)
        if is_now:
            _add_months(con, period, code, index, size, silent)
    if not period.is_summer:
        cells.add("district", "荣昌区", "submission_rate", len(schools) * 2 - late, len(schools) * 2)


def _add_months(con: duckdb.DuckDBPyConnection, period: Bimester, code: str, index: int, size: int, silent: bool) -> None:
    """A silent school sent nothing for the second month; every third school reports that nobody is missing."""
    for month in period.months:
        bad = silent and month == period.months[1]
        row = (str(period), 1, code, month, size, 0 if bad else size, not bad, index % 3 == 0 and not bad, bad)
        insert(con, "compared.school_month", [row])
        if bad:
            insert(con, "compared.silent_school", [(str(period), 1, code, month, size, 0)])


def _add_sums(con: duckdb.DuckDBPyConnection, period: Bimester, out: int, lost: int) -> None:
    """The ladder and the bridges, whose sums are those of the values."""
    key, total = (str(period), 1), sum(SIZES)
    roll = con.execute("select count(*) from conformed.enrolment").fetchone()[0]  # type: ignore[index]
    steps = (("底册适龄人数", total + 60), ("死亡", 3), ("出国(境)", 12), ("户籍迁出", 20), ("户籍或证件错误", 15), ("重复信息", 10),
             ("应入学", total), ("本区在籍", total - out - 500), ("外地就读", 480), ("初中毕业", 20), ("未入学", out))  # fmt: skip
    insert(con, "indicators.ladder", [(*key, i, label, n) for i, (label, n) in enumerate(steps, 1)])
    pairs = [("底册", "学籍", "本区在籍", total + 60 - 480 - out), ("底册", "学籍", "外地就读有学籍", 480), ("底册", "学籍", "疑似辍学", out),
             ("学籍", "底册", "底册在册", roll - 310), ("学籍", "底册", "底册外", 310)]  # fmt: skip
    if not period.is_summer:
        pairs += [("学籍", "在校", "在校", roll - lost), ("学籍", "在校", "籍在人不在", lost)]
    insert(con, "compared.bridge", [(*key, *pair) for pair in pairs if pair[3]])


def _add_findings(con: duckdb.DuckDBPyConnection, period: Bimester, found: dict[str, int]) -> None:
    towns = township_names()
    schools = con.execute("select school_code from conformed.school order by 1").fetchall()
    for comparison, count in found.items():
        rows = [
            (str(period), 1, comparison, f"{comparison}{period}{i}", towns[i % 21], None, schools[i % len(schools)][0],
             "junior" if i % 3 else "primary", "8", "疑似辍学", "id", str(period))
            for i in range(count)
        ]  # fmt: skip
        insert(con, "compared.finding", rows)


def _add_balance(con: duckdb.DuckDBPyConnection, period: Bimester, missing: int) -> None:
    """Sums of the ledgers; the closing ones are the states of `_add_cases`, where there are cases."""
    total = sum(SIZES) + 60
    suspected, dropout, tracked = (11, 6, 1) if missing else (0, 0, 0)
    for ledger, sums in (
        ("school_age", (total - 10, 40, 30, total)),
        ("suspected", (12 * missing, suspected, 12 * missing, suspected)),
        ("dropout", (2 * missing, dropout, 2 * missing, dropout)),
        ("tracked", (0, tracked, 0, tracked)),
    ):
        insert(con, "cases.balance", [(str(period), 1, ledger, *sums)])


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
