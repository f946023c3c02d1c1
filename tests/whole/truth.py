"""Compare what a home published with the sample's truth: findings, faults, conservation, indicators, cases."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl

from schemas.compared import COMPARISONS

NAMES = tuple(name for name, comparison in COMPARISONS.items() if comparison.per_child)
CELL = ["area_level", "area_name", "school_code", "stage", "grade", "population_group", "indicator"]


def read_truth(home: Path, period: str, name: str) -> pl.DataFrame:
    """Read one truth table, every column text."""
    return pl.read_csv(home / "private" / "sample_truth" / period / f"{name}.csv", infer_schema=False).with_columns(
        pl.col(pl.String).replace({"": None})
    )


def open_published(home: Path) -> duckdb.DuckDBPyConnection:
    """Open the analysts' file read-only, with the named table beside it as `named`."""
    con = duckdb.connect(str(home / "baoxue.duckdb"), read_only=True)
    con.execute("create temp table named as select * from read_parquet(?)", [str(home / "private" / "named.parquet")])
    return con


def find_validated(home: Path, period: str) -> Path:
    """The validated folder behind a period's newest manifest."""
    newest = max((home / "lake" / "manifest" / period).glob("v*.json"), key=lambda p: int(p.stem[1:]))
    run_id = json.loads(newest.read_text(encoding="utf-8"))["run_id"]
    return home / "lake" / "validated" / period / run_id


def differ_findings(home: Path, period: str) -> Iterator[str]:
    """Yield a line for each child found and not planted, or planted and not found."""
    con = open_published(home)
    truth = read_truth(home, period, "finding").fill_null("")
    for comparison in NAMES:
        rows = con.execute(
            "select distinct coalesce(n.id_number, ''), n.name from compared.finding f join named n using (child_key) "
            "where f.period = ? and f.comparison = ?", [period, comparison]).fetchall()  # fmt: skip
        found = {row[0] or row[1] for row in rows}
        wanted = {r["id_number"] or r["name"] for r in truth.filter(pl.col("comparison") == comparison).to_dicts()}
        yield from (f"{period} {comparison} found but not planted: {x}" for x in sorted(found - wanted))
        yield from (f"{period} {comparison} planted but not found: {x}" for x in sorted(wanted - found))
    rows = con.execute("select school_code || ' ' || month from compared.silent_school where period = ?", [period])
    found = {row[0] for row in rows.fetchall()}
    silent = truth.filter(pl.col("comparison") == "silent_school")
    wanted = {f"{r['school_code']} {r['month']}" for r in silent.to_dicts()}
    yield from (f"{period} silent_school differs: {x}" for x in sorted(found ^ wanted))


def differ_indicators(home: Path, period: str) -> Iterator[str]:
    """Yield a line for each cell of the truth whose numerator, denominator or bounds are not the published ones."""
    con = open_published(home)
    found = con.execute(
        "select * from indicators.current where period = ?", [period]
    ).pl().with_columns(
        numerator_low=(pl.col("rate_low") * pl.col("denominator")).round().cast(pl.Int64),
        numerator_high=(pl.col("rate_high") * pl.col("denominator")).round().cast(pl.Int64),
    )  # fmt: skip
    counts = ["numerator", "denominator", "numerator_low", "numerator_high"]
    truth = read_truth(home, period, "indicator").with_columns(pl.col(c).cast(pl.Int64) for c in counts)
    both = truth.join(found, on=CELL, how="left", suffix="_found", nulls_equal=True)
    for row in both.to_dicts():
        wanted = tuple(row[c] for c in counts)
        got = tuple(row[f"{c}_found"] for c in counts)
        if wanted != got:
            cell = " ".join(str(row[c]) for c in CELL if row[c])
            yield f"{period} {cell}: planted {wanted}, published {got}"


def differ_files(home: Path, period: str) -> Iterator[str]:
    """Yield a line for each sheet whose counts are not the planted ones, or do not add up."""
    counts = ["rows_read", "accepted", "merged", "quarantined", "other_stage_rows"]
    found = pl.read_parquet(find_validated(home, period) / "file.parquet").with_columns(
        pl.col("sheet").fill_null("").alias("sheet")
    )
    for row in found.to_dicts():
        if row["rows_read"] != row["accepted"] + row["merged"] + row["quarantined"]:
            yield f"{period} {row['file_name']}: rows read do not add up"
    truth = read_truth(home, period, "file").with_columns(
        pl.col("sheet").fill_null(""), *(pl.col(c).cast(pl.Int64) for c in counts)
    )
    found = found.rename({"file_name": "file"}).with_columns(pl.col(c).cast(pl.Int64) for c in counts)
    csv = pl.col("file").str.contains(r"\.(csv|tsv|txt)$")
    found = found.with_columns(pl.when(csv).then(pl.lit("")).otherwise("sheet").alias("sheet"))
    both = truth.join(found, on=["file", "sheet", "extract"], how="full", suffix="_found", coalesce=True)
    for row in both.to_dicts():
        wanted, got = tuple(row[c] for c in counts), tuple(row[f"{c}_found"] for c in counts)
        if wanted != got:
            yield f"{period} {row['file']} {row['sheet']} {row['extract']}: planted {wanted}, found {got}"


def differ_faults(home: Path, period: str) -> Iterator[str]:
    """Yield a line for each row and rule reported and not planted, or the other way round."""
    key = ["file", "source_row", "rule"]
    found = pl.read_parquet(find_validated(home, period) / "problem.parquet").rename({"file_name": "file"})
    found = found.with_columns(pl.col("source_row").cast(pl.String)).select(key).unique()
    truth = read_truth(home, period, "fault").filter(pl.col("strength") != "merged").select(key).unique()
    yield from (f"{period} planted, not reported: {r}" for r in truth.join(found, on=key, how="anti").sort(key).rows())
    yield from (f"{period} reported, not planted: {r}" for r in found.join(truth, on=key, how="anti").sort(key).rows())


CASE = ("state", "opened_by", "opened_on", "due_on", "overdue_working_days", "returned_on", "relapses", "closed_on", "closed_as",
        "owner_level", "owner_office", "school_code", "township")  # fmt: skip


def differ_cases(home: Path, period: str) -> Iterator[str]:
    """Yield a line for each child whose cases are not the planted ones, in state, days, owner or place."""
    con = open_published(home)
    shown = ", ".join(f"coalesce(c.{name}::varchar, '')" for name in CASE)
    rows = con.execute(
        f"select coalesce(n.id_number, n.name), substr(c.case_no, 3, 6), {shown} from cases.case c join named n using (child_key) "
        "where c.period = ?", [period]).fetchall()  # fmt: skip
    truth = read_truth(home, period, "case").with_columns(child=pl.coalesce("id_number", "name")).fill_null("")
    wanted = Counter((r["child"], r["opened_in"].replace("-", ""), *(r[name] for name in CASE)) for r in truth.to_dicts())
    found = Counter(rows)
    yield from (f"{period} case planted, not found: {x}" for x in sorted((wanted - found).elements()))
    yield from (f"{period} case found, not planted: {x}" for x in sorted((found - wanted).elements()))


def read_causes(home: Path, period: str) -> pl.DataFrame:
    """One row per planted cause and finding of that child: plant, causes that may be said, likely_cause, matched_by."""
    found = open_published(home).execute(
        "select distinct coalesce(n.id_number, n.name) as child, f.comparison, f.likely_cause, f.matched_by from compared.finding f "
        "join named n using (child_key) where f.period = ? and f.likely_cause is not null", [period]).pl()  # fmt: skip
    truth = read_truth(home, period, "cause").with_columns(child=pl.coalesce("id_number", "name"))
    return truth.join(found, on="child").with_columns(
        is_right=pl.col("causes").str.split("|").list.contains(pl.col("likely_cause"))
    )


def differ_dropouts(home: Path, period: str) -> Iterator[str]:
    """Yield a line for each planted dropout whom a likely cause explains away."""
    wrong = read_causes(home, period).filter((pl.col("plant") == "dropout") & ~pl.col("is_right"))
    yield from (f"{period} dropout {r['child']} explained as {r['likely_cause']}" for r in wrong.sort("child").to_dicts())


def differ_work(home: Path, period: str) -> Iterator[str]:
    """Yield a line for each school, month, 年级段 and item whose figure or verdict is not the planted one."""
    rows = open_published(home).execute(
        "select school_code, month, grade_band, item, measured::varchar, is_breach::varchar from compared.work_check where period = ?",
        [period]).fetchall()  # fmt: skip
    found, wanted = set(rows), set(read_truth(home, period, "work").rows())
    yield from (f"{period} work planted, not found: {x}" for x in sorted(wanted - found))
    yield from (f"{period} work found, not planted: {x}" for x in sorted(found - wanted))


CHECKS = (differ_work, differ_findings, differ_files, differ_faults, differ_cases, differ_indicators, differ_dropouts)
