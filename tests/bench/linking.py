"""How linking fares and what it costs: `python -m tests.bench.linking [children …]`.

Prints precision and recall on Febrl 4 and on planted errors in Chinese names, then the time of matching (the conformed stage:
ids, 学籍号, name with sex and birth date, close ids) and of linking (the records set beside the children under suspicion)
for districts of growing size, each in a process of its own, with the exponent of growth between neighbours. Seconds are of the
processor, all threads together: on a shared machine wall time says little.
"""

from __future__ import annotations

import json
import math
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb

SIZES = (75_000, 750_000, 3_000_000)
MEMORY = "8GB"
# A registry and a 底册 of n children: in each 1,000 of them 3 have no record, 3 a record under another spelling without an id,
# 2 stand in the 底册 without an id and under another spelling, 5 have a record without an id, 5 one with a digit wrong.
WORLD = """
create temp table born as
select
    i, i % 1000 as turn, substr($surnames, (i * 7 % 97 + i // 1300) % length($surnames)::bigint + 1, 1) as surname,
    substr($given, (i * 31 + i // 611) % length($given)::bigint + 1, 1) as first,
    substr($given, (i * 17 + i // 1709) % length($given)::bigint + 1, 1) as second,
    case when i % 2 = 0 then '男' else '女' end as sex,
    (date '2010-09-01' + (i * 7919 % 3285)::integer)::date as birth_date,
    printf('%06d', 500000 + i // 3285 % 9000) as place, printf('%03d', i // (3285 * 9000) * 2 + (i + 1) % 2) as number,
    'T' || i % 21 as township, 'V' || i % 156 as village, (3150000000 + i % greatest(100, $n // 500))::varchar as school_code,
    substr($surnames, (i * 13) % length($surnames)::bigint + 1, 1) || substr($given, i * 41 % length($given)::bigint + 1, 1) || '父'
        as guardian_name,
    printf('138%08d', i * 37 % 100000000) as guardian_phone
from range($n) as r(i);

create temp table child_of as
select *, surname || first || second as name, surname || first || coalesce(other, '某') as other_name,
    place || strftime(birth_date, '%Y%m%d') || number || '0' as id_number
from born left join alike on second = sign;
"""
CHILD = """
insert into validated.child (period, file_id, source_row, name, sex, birth_date, id_number, township, village, guardian_name,
    guardian_phone, address, roster_source, identity)
select '2025-B3', 'bench', i, n, sex, birth_date, d, township, village, guardian_name, guardian_phone, township || village,
    '公安户籍', concat_ws('|', coalesce(d, ''), '', '', n, sex, birth_date)
from (select *, case when turn in (6, 7) then other_name else name end as n, case when turn not in (6, 7) then id_number end as d
    from child_of)
"""
REGISTRY = """
insert into validated.registry (period, file_id, source_row, school_code, grade, class_name, name, sex, birth_date, id_number,
    id_number_given, registry_number, guardian_name, guardian_phone, current_address, registry_status, identity)
select '2025-B3', 'bench', i, school_code, greatest(1, least(9, 2020 - year(birth_date)))::varchar, '1班', n, sex, birth_date, d, w,
    case when d is null then 'J' || printf('%018d', i) else 'G' || id_number end, guardian_name, guardian_phone,
    township || village, '在读',
    concat_ws('|', coalesce(d, ''), coalesce(w, ''), case when d is null then 'J' || printf('%018d', i) else 'G' || id_number end,
        n, sex, birth_date)
from (select *, case when turn in (3, 4, 5) then other_name else name end as n,
        case when turn not in (3, 4, 5) and turn not between 8 and 17 then id_number end as d,
        case when turn between 13 and 17 then substr(id_number, 1, 16) || '9' || substr(id_number, 18) end as w
    from child_of where turn not in (0, 1, 2))
"""
SCHOOLS = """
insert into validated.school (period, file_id, source_row, school_code, school_name, school_type, township)
select '2025-B3', 'bench', i, (3150000000 + i)::varchar, 'S' || i, '九年一贯制学校', 'T' || i % 21
from range(greatest(100, $n // 500)) as r(i)
"""


def measure(children: int) -> dict[str, float]:
    """Build one period's conformed stage and the comparisons up to the likely causes; return CPU seconds and counts."""
    from transforms.build import connect

    with tempfile.TemporaryDirectory() as folder:
        con = connect(Path(folder) / "bench.duckdb", b"bench")
        con.execute(f"set memory_limit = '{MEMORY}'")
        con.execute(f"set temp_directory = '{folder}/spill'")
        con.execute("set preserve_insertion_order = false")
        return _measure(con, children)


def _measure(con: duckdb.DuckDBPyConnection, children: int) -> dict[str, float]:
    import resource

    from schemas.bimester import Bimester
    from schemas.calendar import read_terms
    from transforms.build import (
        WorkInputs,
        list_parameters,
        load_calendar,
        load_history,
        load_validated,
    )
    from transforms.models import find_models
    from transforms.run import run_models

    load_validated(con, ())
    _invent(con, children)
    inputs = WorkInputs(Bimester.parse("2025-B3"), 1, date(2025, 7, 10), ())
    load_calendar(con, inputs.period, read_terms())
    load_history(con, inputs)
    spent = {"matching": 0.0, "comparisons": 0.0, "linking": 0.0}
    for model in find_models():
        if model.stage not in ("conformed", "compared"):
            break
        started = time.process_time()
        run_models(con, [model], list_parameters(inputs))
        stage = "matching" if model.stage == "conformed" else "comparisons"
        stage = "linking" if model.name in ("comparable", "linked", "nearest") else stage
        spent[stage] += time.process_time() - started
    suspects, proposed = con.execute(
        "select (select count(*) from compared.suspicion), (select count(*) filter (where is_proposed) from compared.linked)"
    ).fetchone()  # type: ignore[misc]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"children": children, **spent, "suspects": suspects, "proposed": proposed, "peak_mb": peak}


def _invent(con: duckdb.DuckDBPyConnection, children: int) -> None:
    from transforms.sample.settings import read_names

    names = read_names()
    given = {"surnames": names["surnames"], "given": names["given"]}
    con.execute("create temp table alike (sign varchar, other varchar)")
    con.executemany("insert into alike values (?, ?)", list(names["same_sound"].items()))
    born, children_of = WORLD.split(";\n\n")
    con.execute(born, given | {"n": children})
    con.execute(children_of)
    con.execute(SCHOOLS, {"n": children})
    con.execute(CHILD)
    con.execute(REGISTRY)


def print_measures() -> None:
    """Print precision and recall."""
    from tests.linking.febrl import measure_febrl
    from tests.linking.planted import measure_planted

    proposed, by_kind, shown = measure_planted()
    print(f"Febrl 4 (5000 + 5000)         {measure_febrl()}")
    print(f"planted errors, proposed      {proposed}")
    print(f"planted errors, shown at all  {shown}")
    for kind, found in by_kind.items():
        print(f"  {kind}{'　' * (7 - len(kind))}              {found}")


def print_scale(sizes: tuple[int, ...]) -> None:
    """Print one line a size, each measured in a process of its own; the exponent is that of linking and matching together."""
    print(f"{'children':>10}{'matching s':>12}{'comparisons s':>15}{'linking s':>11}{'suspects':>10}{'proposed':>10}{'peak MB':>9}{'growth':>8}")
    before: dict[str, float] = {}
    for size in sizes:
        command = [sys.executable, "-m", "tests.bench.linking", "--one", str(size)]
        row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
        growth = ""
        if before:
            spent = [r["matching"] + r["linking"] for r in (before, row)]
            growth = f"{math.log(spent[1] / spent[0]) / math.log(size / before['children']):.2f}"
        print(f"{size:>10}{row['matching']:>12.2f}{row['comparisons']:>15.2f}{row['linking']:>11.2f}{row['suspects']:>10}"
              f"{row['proposed']:>10}{row['peak_mb']:>9.0f}{growth:>8}")  # fmt: skip
        before = row


def main() -> None:
    """Measure quality, then cost."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["--one"]:
        print(json.dumps(measure(int(arguments[1]))))
        return
    print(f"{date.today()}, {platform.platform()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}, "
          f"{os.cpu_count()} cores, memory_limit {MEMORY}")  # fmt: skip
    print_measures()
    print_scale(tuple(map(int, arguments)) or SIZES)


if __name__ == "__main__":
    main()
