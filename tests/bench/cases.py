"""From accepted rows to the analysts' file by size: `python -m tests.bench.cases [children …]`, one district to three million.

Synthetic accepted rows go straight to Parquet (no office files): two snapshots of the registry, class lists, a suspect list
of 0.8 %, feedback on half of it. The second period is built upon the first one's cases. What counts is the growth exponent
of each stage: 1 is linear in the number of children. The floor, in the same run: one bare scan of every accepted row of both
periods, and one bare comparison of three registers; the peer makes that comparison with pandas.
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
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl

from schemas.bimester import Bimester
from schemas.calendar import default_issue_date
from tests.bench.district import weigh
from tests.bench.floor import join_registers
from tests.bench.peer import join_registers as join_as_peer
from transforms.build import WorkInputs, build_work_file
from transforms.cases import export_openings
from transforms.engine import Engine
from transforms.published.change import write_changes
from transforms.published.members import write_member_changes
from transforms.published.write import Publication, write_analysts_file
from transforms.work import connect

BEFORE, NOW = Bimester.parse("2025-B2"), Bimester.parse("2025-B3")
SIZES = (84_920, 849_200, 3_000_000)  # the sample district, ten times it, and thirty-five times, a municipality
STAGES = ("conformed", "compared", "cases", "indicators", "published")
SHOWN = ("scan", "join", "peer", *STAGES, "of floor", "found", "case rows", "wall s", "peak GB", "spill GB")
PUPILS_A_SCHOOL, CHILDREN_A_VILLAGE = 550, 480
WEIGHTS = [2 ** (17 - place) % 11 for place in range(17)]
SURNAMES, GIVEN = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林罗高", "子雨梓涵欣怡诗浩宇轩俊杰思佳琪嘉瑞博文明月星辰晨曦语桐沐泽"


def make_children(count: int) -> pl.DataFrame:
    """One row a child: a valid id, name, birth date, home, school, class. A pure function of the count."""
    rng = np.random.default_rng(count)
    birth = np.datetime64("2009-09-01") + rng.integers(0, 9 * 365, count)
    frame = pl.DataFrame({"n": np.arange(count), "birth_date": birth}).with_columns(pl.col("birth_date").cast(pl.Date))
    # a running number of three digits is not enough for millions: the place's last digits tell children apart too
    body = (
        pl.lit("5") + (pl.col("n") // 500 % 100_000).cast(pl.String).str.zfill(5) + pl.col("birth_date").dt.strftime("%Y%m%d")
        + (pl.col("n") % 500 * 2).cast(pl.String).str.zfill(3)
    )  # fmt: skip
    frame = frame.with_columns(body.alias("body"))
    total = sum(pl.col("body").str.slice(place, 1).cast(pl.Int64) * weight for place, weight in enumerate(WEIGHTS))
    digits = pl.lit("10X98765432").str.slice(total % 11, 1)  # type: ignore[union-attr]
    names = rng.integers(0, (len(SURNAMES), len(GIVEN), len(GIVEN)), (count, 3))
    school = rng.integers(0, max(1, count // PUPILS_A_SCHOOL), count)
    village = rng.integers(0, max(1, count // CHILDREN_A_VILLAGE), count)
    return frame.with_columns(
        (pl.col("body") + digits).alias("id_number"), pl.lit("女").alias("sex"),
        pl.Series("name", [SURNAMES[a] + GIVEN[b] + GIVEN[c] for a, b, c in names.tolist()]),
        pl.Series("school_code", school).cast(pl.String).str.zfill(10), pl.Series("village", village),
        (2024 - pl.col("birth_date").dt.year() - 6 - (pl.col("birth_date").dt.strftime("%m%d") > "0831").cast(pl.Int64) + 1)
        .clip(1, 9).cast(pl.String).alias("grade"),
    ).with_columns((pl.lit("G") + pl.col("id_number")).alias("registry_number"), (pl.lit("村") + pl.col("village").cast(pl.String)).alias("village"),
                   (pl.lit("镇") + (pl.col("village") // 8).cast(pl.String)).alias("township")).drop("body")  # fmt: skip


def write_period(children: pl.DataFrame, period: Bimester, folder: Path) -> Path:
    """Write the accepted rows of a period: 14 % of the 底册 have no record, 0.4 % are not in class, 0.8 % are listed."""
    folder.mkdir(parents=True)
    stamp = [pl.lit(str(period)).alias("period"), pl.lit("bench").alias("file_id"), pl.lit("表").alias("sheet"),
             pl.int_range(pl.len(), dtype=pl.Int32).alias("source_row")]  # fmt: skip
    first, month = period == BEFORE, f"{period.last_day:%Y-%m}"

    def write(name: str, frame: pl.DataFrame) -> None:
        frame.with_columns(stamp).write_parquet(folder / f"{name}.parquet")

    known = ("name", "sex", "birth_date", "id_number")
    pupils = children.filter(pl.col("n") % 7 != 0).filter((pl.col("n") % 1000 != 1) | pl.lit(first))
    write("registry", pupils.select(*known, "registry_number", "school_code", "grade", pl.lit("1班").alias("class_name"),
                                    pl.lit("在读").alias("registry_status")))  # fmt: skip
    away = pupils.filter(pl.col("n") % 250 == 2)
    write("absentee", away.select("name", "id_number", "registry_number", "school_code", "grade", pl.lit("1班").alias("class_name"),
                                  pl.lit(month).alias("month"), pl.lit("离校未归").alias("presence_status")))  # fmt: skip
    gone = away.group_by("school_code", "grade").agg(pl.len().alias("gone"))
    rolls = pupils.group_by("school_code", "grade").agg(pl.len().alias("enrolled_count")).join(gone, on=["school_code", "grade"], how="left")
    write("class_roll", rolls.select("school_code", "grade", pl.lit("1班").alias("class_name"), pl.lit(month).alias("month"),
                                     pl.col("enrolled_count").cast(pl.Int32),
                                     (pl.col("enrolled_count") - pl.col("gone").fill_null(0)).cast(pl.Int32).alias("present_count")))  # fmt: skip
    listed = children.filter(pl.col("n") % 250 < 2).filter((pl.col("n") % 2 == 0) == first)
    write("suspect", listed.select(*known, "township", "village", pl.lit(str(period)).alias("batch"),
                                   pl.lit(period.first_day).alias("issued_on"), pl.lit("平台下发").alias("suspect_source")))  # fmt: skip
    told = pl.concat([away, listed.select(away.columns)]).filter(pl.col("n") % 3 < 2).unique("n", maintain_order=True)
    results = pl.Series(("在校就读", "外地就读有学籍", "确认辍学", "失联", "死亡", "其他"))
    write("verification", told.select(
        "name", "id_number", pl.lit(period.last_day).alias("verified_on"), pl.lit("村社").alias("verifying_unit"),
        (pl.col("n") // 7 % 6).replace_strict(dict(enumerate(results)), return_dtype=pl.String).alias("verification_result"),
        pl.lit("证明").alias("evidence"), pl.lit("外地学校").alias("school_attended")))  # fmt: skip
    if first:
        homes = children.select(*known, "township", "village", pl.lit("本区户籍").alias("hukou_status"), pl.lit("正常").alias("roster_status"))
        # half of those without a record study elsewhere, verified last year
        write("child", homes)
        codes = children.select("school_code").unique().sort("school_code")
        write("school", codes.with_columns(
            (pl.lit("学校") + pl.col("school_code")).alias("school_name"), pl.lit("九年一贯制学校").alias("school_type"),
            pl.lit("公办").alias("founder_type"), pl.lit("镇0").alias("township"), pl.lit("正常").alias("school_status")))  # fmt: skip
    return folder


def build(work: Path, inputs: WorkInputs) -> dict[str, float]:
    """Build a work file; CPU seconds by model, all threads together: on a shared machine wall time says little."""
    spent: dict[str, float] = {}
    last = time.process_time()

    def say(table: str) -> None:
        nonlocal last
        now = time.process_time()
        spent[table] = now - last
        last = now

    build_work_file(work, inputs, say)
    return spent


def cost(call: Callable[[], object]) -> float:
    """CPU seconds of a call."""
    started = time.process_time()
    call()
    return time.process_time() - started


def publish(work: Path, target: Path, issued: date, engine: Engine) -> None:
    """Write the analysts' file of the one period."""
    con = connect(work, engine)
    write_changes(con, [], str(NOW), 1, None)
    write_member_changes(con, None, str(NOW), 1, (str(BEFORE), None))
    con.close()
    write_analysts_file(work, None, target, Publication(NOW, 1, issued, "bench", "bench", "bench", "bench"), engine)


def scan(folder: Path) -> None:
    """Read every column of the accepted rows of both periods once."""
    con = duckdb.connect()
    for file in sorted(folder.glob("*/*.parquet")):
        con.execute("select count(columns(*)), min(columns(*)) from read_parquet(?)", [str(file)]).fetchall()


@contextmanager
def watch(spill: Path) -> Iterator[list[int]]:
    """Weigh a folder while the block runs; the only item is the most it held, in bytes."""
    most, ended = [0], threading.Event()

    def keep_most() -> None:
        while not ended.wait(0.5):
            most[0] = max(most[0], weigh(spill))

    looking = threading.Thread(target=keep_most, daemon=True)
    looking.start()
    try:
        yield most
    finally:
        ended.set()
        looking.join()


def run(count: int, folder: Path) -> dict[str, Any]:
    """Build two periods and publish the second; its CPU seconds by model, its cases, floor and peer, and the peak of memory."""
    children = make_children(count)
    held = [write_period(children, period, folder / str(period)) for period in (BEFORE, NOW)]
    del children
    key, first, second, issued = b"bench", folder / "first.duckdb", folder / "second.duckdb", default_issue_date(NOW)
    engine = Engine(spill=folder / "spill")
    build(first, WorkInputs(BEFORE, 1, default_issue_date(BEFORE), (held[0],), pseudonym_key=key, engine=engine))
    con = duckdb.connect(str(first), read_only=True)
    export_openings(con, folder, str(BEFORE))
    con.close()
    first.unlink()
    started = time.perf_counter()
    with watch(folder / "spill") as spilled:
        models = build(second, WorkInputs(NOW, 1, issued, tuple(held), (folder,), pseudonym_key=key, engine=engine))
        models["published.file"] = cost(lambda: publish(second, folder / "published.duckdb", issued, engine))
    wall, peak = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    con = duckdb.connect(str(second), read_only=True)
    found = con.execute('select (select count(*) from compared.finding), (select count(*) from cases."case")').fetchone()
    con.close()
    stages = {stage: sum(spent for model, spent in models.items() if model.startswith(f"{stage}.")) for stage in STAGES}
    floor = {"scan": cost(lambda: scan(folder)), "join": cost(lambda: join_registers(held[0])), "peer": cost(lambda: join_as_peer(held[0]))}
    return {"models": models, **stages, **floor, "of floor": sum(stages.values()) / (floor["scan"] + floor["join"]),
            "found": found[0], "case rows": found[1], "wall s": wall, "peak GB": peak, "spill GB": spilled[0] / 1e9}  # type: ignore[index] # fmt: skip


def print_growth(sizes: list[int], rows: list[dict[str, Any]]) -> None:
    """Print each stage's exponent from the first size to the last, and the dearest models with theirs."""
    grown = math.log(sizes[-1] / sizes[0])
    exponents = (math.log(rows[-1][stage] / rows[0][stage]) / grown for stage in STAGES)
    print(f"{'exponent':>10}" + " " * 36 + "".join(f"{exponent:>12.2f}" for exponent in exponents))
    first, last = rows[0]["models"], rows[-1]["models"]
    for model in sorted(last, key=last.__getitem__, reverse=True)[:10]:
        print(f"{model:>36}{last[model]:>8.1f} s{math.log(last[model] / first[model]) / grown:>8.2f}")


def main(*sizes: str) -> None:
    """Print a line a size, each measured in a process of its own, and below it the exponents."""
    if sizes[:1] == ("--one",):
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(run(int(sizes[1]), Path(folder))))
        return
    counts = [int(size) for size in sizes] or list(SIZES)
    print(f"{date.today()}, {platform.platform()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}, {os.cpu_count()} cores")
    print(f"{'children':>10}" + "".join(f"{name:>12}" for name in SHOWN), flush=True)
    rows = []
    for count in counts:
        command = [sys.executable, "-m", "tests.bench.cases", "--one", str(count)]
        rows.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1]))
        cells = (rows[-1][name] for name in SHOWN)
        print(f"{count:>10}" + "".join(f"{cell:>12.1f}" if isinstance(cell, float) else f"{cell:>12}" for cell in cells), flush=True)
    if len(rows) > 1:
        print_growth(counts, rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
