"""Every indicator for a district, a province and a fifth of the country, beside a floor of bare aggregation.

`python -m tests.bench.indicators [pupils …]`. The tables that the models read are generated in place, at the proportions
of an invented district; then every model up to `indicators.value` runs as a build runs it. The floor, in the same run on
the same file, is one bare GROUP BY over each big table: no person is joined to another table, no group, no bound, nothing
hidden. Seconds are of the processor, all threads together: on a shared machine wall time says little. What counts is the
ratio, and how it grows: seconds ~ pupils ** exponent. Schools, villages and 镇街 grow with the pupils, and the cells with them.
"""

from __future__ import annotations

import json
import math
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from schemas.bimester import Bimester
from schemas.calendar import default_issue_date, read_terms
from schemas.table import list_tables
from transforms.build import (
    WorkInputs,
    connect,
    list_parameters,
    load_calendar,
    load_indicators,
    load_validated,
)
from transforms.models import Model, find_models
from transforms.run import run_models

PERIOD = Bimester.parse("2025-B5")
SIZES = (75_600, 3_000_000, 20_000_000)
MEMORY = "6GB"  # a quarter of the machine, as a run has it; what is not the engine's comes on top

# p: one row a pupil. 550 pupils a school, 480 children a village, 7 villages a 镇街; the last year's roll is two thirds of
# this year's persons one grade lower; every rare thing is a remainder of the pupil's number.
PUPIL = """
create temp table p as
select n, n::integer as person_id,
    (1 + n % 9)::varchar as grade, case when n % 9 < 6 then 'primary' else 'junior' end as stage,
    '31' || lpad((n // 550)::varchar, 8, '0') as school_code, '镇' || (n // 3360) as township, '村' || (n // 480) as village
from range($pupils::bigint) as r(n)
"""
FILL = {
    "conformed.school": """
        select distinct school_code, '校' || school_code as school_name, '九年一贯制学校' as school_type, '公办' as founder_type,
            township, '学区' || n // 5500 as school_zone, '责任区' || n // 8000 as supervision_zone, '正常' as school_status,
            school_code as counts_at, true as is_reporting
        from p where n % 550 = 0""",
    "conformed.person": "select person_id, md5(person_id::varchar) as child_key, '男' as sex, make_date(2019 - n % 9, 3, 1) as birth_date from p",
    "conformed.child": """
        select person_id, township, village, '本区户籍' as hukou_status, '公安户籍' as roster_sources, (6 + n % 9)::integer as age,
            true as is_school_age, stage as stage_by_age
        from p""",
    "compared.standing": """
        select person_id, case when n % 97 = 0 then '外地就读有学籍' when n % 501 = 0 then '适龄未入学' else '本区在籍' end as why,
            n % 1009 = 0 as is_quarantined, n % 97 = 0 as on_review_list
        from p""",
    "conformed.enrolment": """
        select person_id, school_code, township as township_of_school, grade, stage, '1' as class_name,
            case when n % 211 = 0 then '休学' else '在读' end as registry_status, case when n % 3 = 0 then '住校' else '走读' end as boarding,
            n % 20 = 0 as is_migrant_worker_child, case when n % 40 = 0 then 'name_birth' else 'id' end as matched_by, 1 as records
        from p where n % 97 <> 0""",
    "conformed.record": """
        select '2025-B4' as period, person_id, school_code, greatest(grade::integer - 1, 1)::varchar as grade, stage, true as is_live,
            true as is_chosen from p where grade > '1'
        union all by name
        select '2025-B5' as period, person_id, school_code, grade, stage, true as is_live, true as is_chosen from p where n % 97 <> 0""",
    "conformed.groups": """
        select person_id, list_concat([case when n % 2 = 0 then 'boys' else 'girls' end, 'local_hukou'],
            list_concat(case when n % 3 = 0 then ['boarding'] else [] end, list_concat(
            case when n % 5 = 0 then ['left_behind'] else [] end, case when n % 31 = 0 then ['monitored'] else [] end)))
            as population_groups
        from p""",
    "conformed.explanation": "select person_id, '外地就读有学籍' as explanation, true as on_review_list from p where n % 97 = 0",
    "conformed.completion": "select person_id, 6::integer as completed_grade, '2025-B3' as first_period from p where grade = '7'",
    "conformed.presence": """
        select person_id, '2025-10' as month, school_code, grade, case when n % 150 = 0 then '请假' else '在校' end as state_in_month
        from p where n % 97 <> 0""",
    "compared.school_month": "select school_code, '2025-10' as month, true as usable, false as silent from conformed.school",
    "conformed.link": "select person_id as identity, person_id, 'id' as matched_by from p",
    "validated.registry": """
        select '2025-B5' as period, person_id as identity, school_code, grade, '在读' as registry_status, n % 3 = 0 as needs_boarding
        from p""",
    "validated.attendance": """
        select '2025-B5' as period, '2025-10' as month, person_id as identity, school_code, 20.0 as days_due,
            (n % 40 = 0)::double as days_absent, 'f' as file_id, n::integer as source_row
        from p where n % 3 = 0""",
    "validated.disabled": "select '2025-B5' as period, person_id as identity, township, village from p where n % 83 = 0",
    "validated.care": """
        select '2025-B5' as period, person_id as identity, township, village, '留守儿童' as care_kind, '正常' as guardianship
        from p where n % 6 = 0""",
    "validated.aid": """
        select '2025-B5' as period, person_id as identity, date '2025-10-10' as paid_on, 625.0 as amount from p where n % 31 = 0""",
    "validated.movement": """
        select '2025-B5' as period, person_id as identity, '转出' as movement_type, date '2025-10-10' as moved_on, school_code
            as from_school_code, '外地小学' as to_school_name from p where n % 97 = 0""",
    "validated.cohort": """
        select '2025-B5' as period, school_code, y::integer as entry_year, case when y > 2020 then '7' else '1' end as entry_grade,
            60::integer as entrants, 0 as moved_in_total, 0 as moved_out_total, 0 as died_total, 0 as abroad_total, 'f' as file_id
        from conformed.school, unnest([2017, 2020, 2023]) as u(y)""",
}
FLOOR = (
    "select school_code, stage, grade, registry_status, boarding, matched_by, count(*) from conformed.enrolment group by all",
    "select township, village, stage_by_age, count(*) from conformed.child group by all",
    "select why, is_quarantined, on_review_list, count(*) from compared.standing group by all",
    "select period, school_code, stage, grade, count(*) from conformed.record where is_chosen group by all",
    "select school_code, grade, state_in_month, count(*) from conformed.presence group by all",
    "select school_code, grade, registry_status, needs_boarding, count(*) from validated.registry group by all",
    "select school_code, month, sum(days_absent), sum(days_due) from validated.attendance group by all",
)


def list_needed() -> list[Model]:
    """The models of the stage on the way to `indicators.value`, in order."""
    models = {m.full_name: m for m in find_models() if m.stage == "indicators"}
    needed, todo = set(), ["indicators.value"]
    while todo:
        name = todo.pop()
        if name in models and name not in needed:
            needed.add(name)
            todo += models[name].reads
    return [m for m in models.values() if m.full_name in needed]


def make_tables(con: duckdb.DuckDBPyConnection, pupils: int) -> None:
    """Generate what the models read; a table that is not filled is empty."""
    load_validated(con, ())
    load_calendar(con, PERIOD, read_terms())
    for table in list_tables().values():
        con.execute(f"create schema if not exists {table.stage}")
        if table.stage != "indicators":
            con.execute(f'create table {table.stage}."{table.name}" ({", ".join(f"{c.name} {c.type}" for c in table.columns)})')
    con.execute("create table validated.earlier_member (ledger varchar, child_key varchar)")
    con.execute(PUPIL, {"pupils": pupils})
    for name, select in FILL.items():
        con.execute(f"insert into {name} by name {select}")
    con.execute("drop table p")
    load_indicators(con, str(PERIOD))
    con.execute("checkpoint")


def time_models(con: duckdb.DuckDBPyConnection) -> tuple[dict[str, float], dict[str, float]]:
    """Run every model as a build does; CPU seconds by model, and by how many MB each raised the peak of memory."""
    parameters = list_parameters(WorkInputs(PERIOD, 1, default_issue_date(PERIOD), ()))
    seconds, raised = {}, {}
    for model in list_needed():
        started, before = time.process_time(), find_peak()
        run_models(con, [model], parameters)
        seconds[model.name], raised[model.name] = time.process_time() - started, find_peak() - before
    return seconds, raised


def find_peak() -> float:
    """The most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def time_floor(con: duckdb.DuckDBPyConnection) -> float:
    """CPU seconds of one bare GROUP BY over each big table, the groups counted and thrown away."""
    started = time.process_time()
    for select in FLOOR:
        con.execute(f"select count(*) from ({select})").fetchall()
    return time.process_time() - started


def measure(pupils: int) -> dict[str, Any]:
    """CPU seconds of the floor and of each model, cells made, wall seconds of the models, peak memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        con = connect(Path(folder) / "bench.duckdb", b"bench")
        con.execute(f"set memory_limit = '{MEMORY}'")
        con.execute(f"set temp_directory = '{folder}/spill'")
        con.execute("set preserve_insertion_order = false")
        try:
            make_tables(con, pupils)
            floor = time_floor(con)
            started = time.perf_counter()
            seconds, raised = time_models(con)
            wall = time.perf_counter() - started
            cells = con.execute("select count(*) from indicators.value").fetchone()
        finally:
            con.close()
    return {"floor": floor, "models": seconds, "raised": raised, "wall": wall, "cells": cells[0] if cells else 0,
            "peak_mb": find_peak()}  # fmt: skip


def main(*sizes: str) -> None:
    """Print one line a size, measured in a process of its own, and below it the dearest models."""
    if sizes[:1] == ("--one",):
        print(json.dumps(measure(int(sizes[1]))))
        return
    print(f"{date.today()}, {platform.platform()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}, "
          f"{os.cpu_count()} cores, memory_limit {MEMORY}")  # fmt: skip
    heads = ("floor CPU s", "CPU s", "of floor", "exponent", "wall s", "cells", "peak MB")
    print(f"{'pupils':>12}" + "".join(f"{head:>13}" for head in heads), flush=True)
    before: tuple[int, float] | None = None
    for pupils in [int(size) for size in sizes] or SIZES:
        command = [sys.executable, "-m", "tests.bench.indicators", "--one", str(pupils)]
        row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
        spent = sum(row["models"].values())
        exponent = math.log(spent / before[1]) / math.log(pupils / before[0]) if before else math.nan
        print(f"{pupils:>12,}{row['floor']:>13.2f}{spent:>13.2f}{spent / row['floor']:>13.1f}{exponent:>13.2f}"
              f"{row['wall']:>13.1f}{row['cells']:>13,}{row['peak_mb']:>13.0f}")  # fmt: skip
        for what, by_model in (("dearest", row["models"]), ("MB more", row["raised"])):
            most = sorted(by_model.items(), key=lambda item: -item[1])[:6]
            print(" " * 12 + f"  {what}: " + ", ".join(f"{name} {much:.2f}" for name, much in most), flush=True)
        before = (pupils, spent)


if __name__ == "__main__":
    main(*sys.argv[1:])
