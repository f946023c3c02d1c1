"""Build the work file: load what was validated, run every SQL model in order, check each against its declaration."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pyarrow as pa

from schemas.assessment import ITEMS
from schemas.bimester import Bimester
from schemas.calendar import CalendarGap, Term, is_working_day, list_months, list_school_days, read_terms
from schemas.compared import CAUSE_PROVED_BY, COMPARISONS
from schemas.extracts import EXTRACTS, Extract, typed_columns
from schemas.indicators import INDICATORS
from schemas.limits import read_limits
from schemas.table import list_tables
from schemas.thresholds import read_thresholds, threshold
from transforms import vault, work
from transforms.cases.invariants import find_breaches
from transforms.engine import QUARTER, Engine
from transforms.macros import MACROS
from transforms.models import find_models
from transforms.run import BrokenModel, run_models

if TYPE_CHECKING:
    from transforms.cluster import Cluster


MOST_BESIDE = 4  # models: the longest chain of them is four tenths of all


@dataclass(frozen=True)
class WorkInputs:
    """All that a build reads.

    `validated`: run folders oldest first, this period's last. `openings`: folders of earlier case openings; `numbered`:
    those of this period's earlier versions, oldest first, whose cases keep their numbers (forms that went out bear them).
    `published`: the current analysts' file, for first-seen periods and the trend. `sent`: earlier periods whose version
    handed up (已报送) is not the newest; what is compared with the last period takes that one. `pseudonym_key` makes
    child_key. `district`: its name, as the cells of the whole bear it. `engine`: what DuckDB may take of the machine.
    """

    period: Bimester
    version: int
    issued: date
    validated: tuple[Path, ...]
    openings: tuple[Path, ...] = ()
    numbered: tuple[Path, ...] = ()
    published: Path | None = None
    sent: tuple[tuple[str, int], ...] = ()
    pseudonym_key: bytes = b""
    district: str = "荣昌区"
    engine: Engine = QUARTER


def connect(path: Path | str, pseudonym_key: bytes, engine: Engine = QUARTER) -> duckdb.DuckDBPyConnection:
    """Open a quiet connection that knows `pseudonym(text)`: HMAC-SHA256, 128 bits as hex."""
    con = work.connect(Path(path), engine)
    # the file lives for one run: of the packings of texts only the one that an encrypted file needs is weighed
    con.execute("set disabled_compression_methods = 'fsst,zstd'")
    # nobody replays its log either: one checkpoint when all is built, none in the midst of some model
    con.execute("set wal_autocheckpoint = '1TB'")

    def pseudonym(tokens: pa.ChunkedArray) -> pa.Array:
        digests = (hmac.digest(pseudonym_key, token.encode(), hashlib.sha256) for token in tokens.to_pylist())
        return pa.array([digest.hex()[:32] for digest in digests], pa.string())

    con.execute(";".join(MACROS))
    # by column: called row by row, 75,000 children cost 6 s more
    con.create_function("pseudonym", pseudonym, ["VARCHAR"], "VARCHAR", type="arrow")  # type: ignore[call-overload]
    return con


def build_work_file(path: Path, inputs: WorkInputs, say: Callable[[str], None] = lambda _: None) -> None:
    """Build every stage up to the indicators in a new DuckDB file at `path`."""
    con = connect(path, inputs.pseudonym_key, inputs.engine)
    try:
        load_validated(con, inputs.validated)
        load_calendar(con, inputs.period, read_terms())
        load_history(con, inputs)
        run_models(con, find_models(), list_parameters(inputs), say, _open_cluster(inputs), find_workers(con))
        if breaches := find_breaches(con):
            told = "; ".join(f"{rule} ({count})" for rule, count in breaches.items())
            raise BrokenModel(f"the cases do not add up: {told}")
        add_earlier_values(con)
        con.execute("checkpoint")
    finally:
        con.close()


def find_workers(con: duckdb.DuckDBPyConnection) -> int:
    """How many models to run beside each other: one a core of those that the run may use, a few at most."""
    (threads,) = con.execute("select current_setting('threads')").fetchone()  # type: ignore[misc]
    return min(int(threads), MOST_BESIDE)


def list_parameters(inputs: WorkInputs) -> dict[str, Any]:
    """Every `$parameter` a model may name: the period's days and the declared thresholds."""
    period = inputs.period
    return {
        "period": str(period),
        "version": inputs.version,
        "first_day": period.first_day,
        "as_of": period.last_day,
        "issued": inputs.issued,
        "school_year": period.school_year,
        "district": inputs.district,
        **{name: threshold(name) for name in read_thresholds()},
    }


def load_validated(con: duckdb.DuckDBPyConnection, folders: tuple[Path, ...], only: Collection[str] = ()) -> None:
    """Make `validated.<extract>` of all accepted rows, or of `only` some; an extract never delivered is an empty table.

    Tables about children get the column `identity`, the one spelling that conformed.identity resolves.
    """
    con.execute("create schema validated")
    for name in only or EXTRACTS:
        extract = EXTRACTS[name]
        columns = {column: type_ for column, (type_, _) in typed_columns(extract).items()}
        spelled = _spell_identity(columns) if extract.has("id_number") or extract.has("registry_number") else ""
        _load_parquet(con, f"validated.{name}", columns, [f / f"{name}.parquet" for f in folders], spelled)
    for name, columns in () if only else RUN_TABLES.items():
        _load_parquet(con, f"validated.{name}", columns, [f / f"{name}.parquet" for f in folders])


RUN_TABLES: dict[str, dict[str, str]] = {
    "problem": dict.fromkeys(
        ("period", "extract", "file_id", "file_name", "sheet", "heading", "rule", "strength", "school_code", "value",
         "message"), "VARCHAR") | {"source_row": "INTEGER"},
    "quarantined": dict.fromkeys(
        ("period", "extract", "file_id", "sheet", "school_code", "name", "sex", "id_number", "registry_number"),
        "VARCHAR") | {"source_row": "INTEGER", "birth_date": "DATE"},
    "file": dict.fromkeys(("period", "file_id", "file_name", "sheet", "extract", "encoding", "title_text"), "VARCHAR")
    | dict.fromkeys(
        ("rows_read", "accepted", "merged", "quarantined", "blank_rows", "title_rows", "total_rows", "note_rows",
         "repeated_heading_rows", "other_stage_rows", "not_answered", "mended_values"), "INTEGER")
    | {"data_as_of": "DATE", "hidden": "BOOLEAN", "is_unanswered": "BOOLEAN"},
    "form_line": dict.fromkeys(
        ("period", "extract", "file_id", "sheet", "fate", "school_code", "case_no", "name", "id_number", "id_number_given"),
        "VARCHAR") | {"source_row": "INTEGER"},
}  # fmt: skip


def _load_parquet(
    con: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str], paths: list[Path], more: str = ""
) -> None:
    files = [path for path in paths if path.exists()]
    if not files:
        declared = [f'"{name}" {type_}' for name, type_ in columns.items()] + (["identity varchar"] if more else [])
        con.execute(f"create table {table} ({', '.join(declared)})")
        return
    empty = "select " + ", ".join(f'null::{type_} as "{name}"' for name, type_ in columns.items())
    names = ", ".join(f'"{name}"' for name in columns)
    # a column declared since an earlier period was validated is empty there
    for number, source in enumerate(vault.list_sources(con, files)):
        into = f"insert into {table}" if number else f"create table {table} as"
        con.execute(f"{into} select {names}{more} from (({empty} where false) union all by name (select * from {source}))")


def _spell_identity(columns: dict[str, str]) -> str:
    parts = ", '|', ".join(
        f"coalesce({column}::varchar, '')" if column in columns else "''"
        for column in ("id_number", "id_number_given", "registry_number", "name", "sex", "birth_date")
    )
    return f", concat({parts}) as identity"


def load_calendar(con: duckdb.DuckDBPyConnection, period: Bimester, terms: tuple[Term, ...]) -> None:
    """Load months that owe attendance, school days of the year so far, and working days around the period."""
    months = list_months(period, terms, int(threshold("attendance_owed_school_days")))
    con.register("_months", pl.DataFrame([vars(m) for m in months]).to_arrow())
    con.execute("create table validated.calendar_month as select * from _months")
    first = max(min(t.first_day for t in terms), date(period.school_year, 9, 1))
    days = list_school_days(first, period.last_day, terms)
    con.register("_days", pl.DataFrame({"day": days}, schema={"day": pl.Date}).to_arrow())
    con.execute("create table validated.school_day as select day from _days")
    spans = [(t.school_year, t.name, t.first_day, t.last_day) for t in terms]
    con.register("_terms", pl.DataFrame(spans, schema=["school_year", "name", "first_day", "last_day"], orient="row").to_arrow())
    con.execute("create table validated.term as select * from _terms")
    con.execute("""create table validated.term_day as
        select d::date as day, (row_number() over (order by d) - 1)::integer as seq
        from (select unnest(generate_series(first_day, last_day, interval 1 day)) as d from validated.term)""")
    working = _list_working_days(date(period.school_year - 1, 9, 1), period.last_day + timedelta(days=150))
    frame = pl.DataFrame({"day": working}, schema={"day": pl.Date}).with_row_index("seq")
    con.register("_working", frame.to_arrow())
    con.execute("create table validated.working_day as select day, seq::integer as seq from _working")


def _list_working_days(first: date, last: date) -> list[date]:
    days = []
    for offset in range((last - first).days + 1):
        try:
            if is_working_day(first + timedelta(days=offset)):
                days.append(first + timedelta(days=offset))
        except CalendarGap:  # beyond the holiday table: due days there are missing, and said as missing
            break
    return days


HISTORY = {
    "earlier_opening": (
        "case_no varchar, child_key varchar, opened_in varchar, opened_on date, opened_by varchar, issued_on date, "
        "verify_by date, case_before varchar, identity varchar, id_number varchar, id_number_given varchar, registry_number varchar, "
        "name varchar, sex varchar, birth_date date, township varchar, village varchar, school_code varchar"
    ),
    "numbered_opening": "case_no varchar, child_key varchar, opened_by varchar, issued_on date, told integer",
    "earlier_turning": "case_no varchar, child_key varchar, turned_in varchar, turned_on date, turn varchar",
    "earlier_change": "case_no varchar, changed_in varchar, nth integer, state varchar, closed_as varchar, changed_on date, "
    "is_signed boolean, office_kind varchar, source_file_id varchar",
    "earlier_finding": "comparison varchar, child_key varchar, first_seen_period varchar",
    "earlier_proposal": "comparison varchar, child_key varchar, period varchar, likely_cause varchar",
    "earlier_finding_count": "period varchar, comparison varchar, children integer",
    "earlier_member": "ledger varchar, child_key varchar",
    "earlier_state_count": "period varchar, state varchar, cases integer",
}


def load_history(con: duckdb.DuckDBPyConnection, inputs: WorkInputs) -> None:
    """Load what earlier publications left: case openings, first-seen periods, ledgers, indicator values."""
    load_indicators(con, str(inputs.period))
    load_limits(con)
    load_verdicts(con)
    load_assessment_items(con)
    for name in HISTORY:
        con.execute(f"create table validated.{name} ({HISTORY[name]})")
    for folder in inputs.openings:
        with vault.open_source(con, folder / "opening.parquet") as source:
            con.execute(f"insert into validated.earlier_opening by name select * from {source}")
        for name in ("turning", "change"):
            if (kept := folder / f"{name}.parquet").exists():
                with vault.open_source(con, kept) as source:
                    con.execute(f"insert into validated.earlier_{name} by name select * from {source}")
    for told, folder in enumerate(inputs.numbered):
        with vault.open_source(con, folder / "opening.parquet") as source:
            con.execute(f"insert into validated.numbered_opening select case_no, child_key, opened_by, issued_on, ? from {source}", [told])
    value = ", ".join(f'"{c.name}" {c.type}' for c in list_tables()["indicators.value"].columns)
    con.execute(f"create table validated.earlier_value ({value})")
    if inputs.published is None or not inputs.published.exists():
        return
    con.execute(f"attach '{str(inputs.published).replace(chr(39), chr(39) * 2)}' as published (read_only)")
    try:
        con.execute(SENT)
        con.executemany("insert into sent values (?, ?)", inputs.sent or [(None, None)])
        _copy_history(con, str(inputs.period), str(inputs.period.previous()))
    finally:
        con.execute("detach published")


SENT = "create temp table sent (period varchar, version integer)"
COMPARED_WITH = """semi join (
    select period, version from published.meta.period where is_current and period not in (select s.period from sent as s where s.period is not null)
    union all from sent
) using (period, version)"""


# What is asked of earlier periods: the district's trend, the last period's rates, months without a report. All cells of
# all periods would let every run cost more than the last.
EARLIER_VALUE = """(area_level = 'district' or (period = $previous and grade = 'all')
    or (area_level = 'school' and indicator = 'submission_rate'))"""


def _copy_history(con: duckdb.DuckDBPyConnection, period: str, previous: str) -> None:
    current = "semi join (select period, version from published.meta.period where is_current) using (period, version)"
    con.execute(
        f"""insert into validated.earlier_finding
        select comparison, child_key, min(first_seen_period) from published.compared.finding {current}
        where period < ? group by all""",
        [period],
    )
    con.execute(
        f"""insert into validated.earlier_proposal
        select comparison, child_key, period, likely_cause from published.compared.finding {current}
        where period < ?""",
        [period],
    )
    con.execute(
        f"""insert into validated.earlier_finding_count
        select period, comparison, count(distinct child_key)::integer from published.compared.finding {COMPARED_WITH}
        where period < ? group by all""",
        [period],
    )
    con.execute(
        f"""insert into validated.earlier_member
        select ledger, child_key from published.cases.member {current} where period = ?""",
        [previous],
    )
    con.execute(
        f"""insert into validated.earlier_state_count
        select period, state, count(*)::integer from published.cases."case" {COMPARED_WITH} where period = ? group by all""",
        [previous],
    )
    con.execute(
        f"""insert into validated.earlier_value by name
        select * from published.indicators.value {COMPARED_WITH} where period < $period and {EARLIER_VALUE}""",
        {"period": period, "previous": previous},
    )


def load_verdicts(con: duckdb.DuckDBPyConnection) -> None:
    """Load which verification results prove a comparison's finding, or a likely cause, right."""
    con.execute("create table validated.verdict (proposed varchar, says varchar)")
    proved = {c.id: c.proved_by for c in COMPARISONS.values()} | CAUSE_PROVED_BY
    work.insert_rows(con, "validated.verdict", [(p, says) for p, results in proved.items() for says in results])


def load_indicators(con: duckdb.DuckDBPyConnection, period: str) -> None:
    """Load the declared indicators, and whether the extracts that each one needs were delivered."""
    con.execute("create table validated.indicator "
                "(indicator varchar, base varchar, of_children boolean, empty_is_zero boolean, is_delivered boolean)")  # fmt: skip
    needed = sorted({name for i in INDICATORS.values() for name in i.needs})
    delivered = {name for name in needed if _is_delivered(con, EXTRACTS[name], period)}
    work.insert_rows(con, "validated.indicator", [(i.id, i.base, i.of_children, i.empty_is_zero, delivered.issuperset(i.needs))
                                                  for i in INDICATORS.values()])  # fmt: skip


def load_limits(con: duckdb.DuckDBPyConnection) -> None:
    """Load the limits that the schools' self-reports are judged by."""
    con.execute("create table validated.work_limit (limit_id varchar, item varchar, limit_title varchar, grade_bands varchar[], "
                "direction varchar, limit_value double, unit varchar, in_force_from date, in_force_until date, authority varchar)")  # fmt: skip
    work.insert_rows(con, "validated.work_limit", [
        (x.limit, x.item, x.title, list(x.grade_bands), x.direction, x.value, x.unit, x.in_force_from, x.in_force_until, x.authority)
        for x in read_limits() if x.is_computed
    ])  # fmt: skip


def load_assessment_items(con: duckdb.DuckDBPyConnection) -> None:
    """Load what a school's yearly assessment measures."""
    con.execute("create table validated.assessment_item (assessment_item varchar, is_share boolean, is_veto boolean, indicator varchar)")
    work.insert_rows(con, "validated.assessment_item", [(i.id, i.is_share, i.is_veto, i.indicator) for i in ITEMS.values()])


def _is_delivered(con: duckdb.DuckDBPyConnection, extract: Extract, period: str) -> bool:
    """Whether rows are held, or a sheet without any came (a 零报告); an extract of kind period must be of this one."""
    of_period = f" where period = '{Bimester.parse(period)}'" if extract.kind == "period" else ""
    held = con.execute(f"select 1 from validated.{extract.name}{of_period} limit 1").fetchone()
    also = " and period = ?" if of_period else ""
    sent = con.execute(f"select 1 from validated.file where extract = ? and is_unanswered is not true{also} limit 1",
                       [extract.name, *([period] if of_period else [])])  # fmt: skip
    return bool(held or sent.fetchone())


def _open_cluster(inputs: WorkInputs) -> AbstractContextManager[Cluster | None]:
    """The Spark Connect server of the settings, or none: then DuckDB runs the models."""
    if not inputs.engine.cluster:
        return nullcontext()
    from transforms.cluster import open_cluster

    home = hmac.digest(inputs.pseudonym_key, b"spark", hashlib.sha256).hex()[:12]
    return open_cluster(inputs.engine.cluster, home)


def add_earlier_values(con: duckdb.DuckDBPyConnection) -> None:
    """Set the earlier periods' published values beside this period's, so that trend and comparison read one table."""
    con.execute("insert into indicators.value by name select * from validated.earlier_value")
