"""Small cells stay hidden: a differencing attack with everything that a run shows to other eyes.

The attacker knows which schools, grades and groups there can be, every shown cell, and that parts add up to wholes;
not which of them are empty: a place without children is a count like another, unless a shown cell tells it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transforms.models import find_models
from transforms.run import run_models

GROUPS = {"b": ["boys"], "bx": ["boys", "disabled"], "g": ["girls"], "gx": ["girls", "disabled"]}
GRADES = {"小学": ["5", "6"], "初级中学": ["7", "8"], "九年一贯制学校": ["6", "7"]}
ROLL, HOME = "match_quality", "enrolment_rate"  # one of the roll, one of the 底册


@dataclass(frozen=True)
class Place:
    """Where a unit stands, and what it counts."""

    township: str
    village: str | None
    school: str
    stage: str
    grade: str | None
    group: str
    n: int
    d: int


def show_cells(schools: list[tuple[str, str, str, str]], units: list[Place], indicator: str) -> list[tuple]:
    """Count, roll up and hide as a run does; return every cell."""
    con = duckdb.connect()
    for schema in ("validated", "conformed", "indicators"):
        con.execute(f"create schema {schema}")
    base = {ROLL: "roll", HOME: "population"}[indicator]
    con.execute("create table validated.indicator as select ? as indicator, ? as base, true as of_children, "
                "false as empty_is_zero, true as is_delivered", [indicator, base])  # fmt: skip
    con.execute("create table conformed.school (school_code varchar, school_name varchar, township varchar, "
                "school_zone varchar, supervision_zone varchar)")  # fmt: skip
    con.executemany("insert into conformed.school values (?, ?, ?, ?, ?)", [(s[0], s[0], *s[1:]) for s in schools])
    con.execute("create table conformed.groups (person_id varchar, population_groups varchar[])")
    con.executemany("insert into conformed.groups values (?, ?)", list(GROUPS.items()))
    con.execute("create table indicators.unit (indicator varchar, person_id varchar, township varchar, village varchar, "
                "school_code varchar, stage varchar, grade varchar, n bigint, d bigint, low bigint, high bigint)")  # fmt: skip
    home = base == "population"
    for u in units:
        con.execute("insert into indicators.unit values (?, ?, ?, ?, ?, ?, ?, ?, ?, null, null)",
                    [indicator, u.group, u.township if home else None, u.village if home else None, u.school, u.stage,
                     None if home else u.grade, u.n, u.d])  # fmt: skip
    models = {m.full_name: m for m in find_models()}
    parameters = {"period": "2025-B3", "version": 1, "suppress_below": 10, "district": "荣昌区"}
    names = ("indicators.tally", "indicators.cell", "indicators.hidden", "indicators.value")
    run_models(con, [models[name] for name in names], parameters)
    return con.execute("select area_level, area_name, stage, grade, population_group, numerator, denominator, "
                       "suppressed from indicators.value order by all").fetchall()  # fmt: skip


def belongs(unit: Place, cell: tuple, zones: dict[str, tuple[str, str]], home: bool) -> bool:
    """Whether a cell counts a unit."""
    level, area, stage, grade, group = cell[:5]
    where = {"district": "荣昌区", "township": unit.township, "school": unit.school, "school_zone": zones[unit.school][0],
             "supervision_zone": zones[unit.school][1], "village": unit.village}[level]  # fmt: skip
    in_group = group == "all" or group in GROUPS[unit.group]
    own_grade = None if home else unit.grade
    return where == area and stage in ("all", unit.stage) and grade in ("all", own_grade) and in_group


def find_leaks(cells: list[tuple], units: list[Place], zones: dict[str, tuple[str, str]], home: bool) -> list[tuple]:
    """List the small counts that the shown cells give away: those in the span of what is shown."""
    rows = np.array([[belongs(u, cell, zones, home) for u in units] for cell in cells], dtype=float)
    shown = find_basis(rows[[not cell[7] for cell in cells]])
    whole = {cell[:4]: number for number, cell in enumerate(cells) if cell[4] == "all"}
    leaks = []
    for number, cell in enumerate(cells):
        for what, vector in ((cell, rows[number]), (("others of", *cell), rows[whole[cell[:4]]] - rows[number])):
            n, d = (sum(v * getattr(u, k) for v, u in zip(vector, units, strict=True)) for k in ("n", "d"))
            is_small = 1 <= n <= 9 or 1 <= d - n <= 9
            if is_small and spans(shown, vector):
                leaks.append(what)
    return leaks


def find_basis(rows: np.ndarray) -> np.ndarray:
    """Orthonormal rows that span what the given ones span."""
    if not len(rows):
        return rows
    _, sizes, basis = np.linalg.svd(rows, full_matrices=False)
    return basis[sizes > 1e-9 * sizes[0]]


def spans(basis: np.ndarray, vector: np.ndarray) -> bool:
    """Whether a vector is a combination of the basis."""
    return bool(np.allclose(basis.T @ (basis @ vector), vector, atol=1e-6))


def test_the_attack_sees_what_the_shown_cells_give_away():
    shown = np.array([[1.0, 1, 1, 0], [1, 1, 0, 0], [2, 2, 1, 0]])
    assert spans(find_basis(shown), np.array([0.0, 0, 1, 0]))
    assert not spans(find_basis(shown), np.array([1.0, 0, 0, 0])) and not spans(find_basis(shown[:0]), np.array([1.0, 0, 0, 0]))


@st.composite
def towns(draw: st.DrawFn) -> tuple[list[tuple[str, str, str, str]], list[Place]]:
    """A few townships and schools with counts around the threshold."""
    count = draw(st.integers(2, 6))
    schools, units = [], []
    for number in range(count):
        township = f"镇{draw(st.integers(1, 3))}"
        kind = draw(st.sampled_from(list(GRADES)))
        schools.append((f"校{number}", township, f"区{draw(st.integers(1, 2))}", f"责{draw(st.integers(1, 2))}"))
        for grade, group in product(GRADES[kind], GROUPS):
            d = draw(st.sampled_from([0, 0, 3, 30, 60, 60, 60]))
            out = min(d, draw(st.sampled_from([0, 0, 0, 0, 12, 12, 2])))
            stage = "primary" if grade <= "6" else "junior"
            village = f"{township}{draw(st.sampled_from(['东村', '西村']))}"
            units.append(Place(township, village, f"校{number}", stage, grade, group, d - out, d))
    return schools, units


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(towns(), st.sampled_from([ROLL, HOME]))
def test_no_small_count_can_be_worked_out(town, indicator):
    schools, units = town
    cells = show_cells(schools, units, indicator)
    zones = {code: (zone, watch) for code, _, zone, watch in schools}
    for cell in cells:
        assert cell[7] or not (1 <= cell[5] <= 9 or 1 <= cell[6] - cell[5] <= 9)
    assert find_leaks(cells, units, zones, indicator == HOME) == []


def count_towns(counts: dict[str, tuple[int, int]]) -> list[tuple]:
    """Cells of townships with two schools, boys and girls, in two grades; the pair is one school's boys of grade 5."""
    schools = [(f"{name}{kind}", name, "区", "责") for name in counts for kind in ("一", "二")]
    units = []
    for (code, name, *_), grade, group in product(schools, ("5", "7"), ("b", "g")):
        n, d = counts[name] if (code[-1], grade, group) == ("一", "5", "b") else (60, 120)
        units.append(Place(name, None, code, "primary" if grade == "5" else "junior", grade, group, n, d))
    return show_cells(schools, units, ROLL)


def hidden_townships(cells: list[tuple]) -> list[str]:
    return [c[1] for c in cells if c[0] == "township" and c[2:5] == ("all", "all", "all") and c[7]]


def test_nothing_is_hidden_where_nothing_is_small():
    assert not any(cell[7] for cell in count_towns({"甲": (80, 100), "乙": (60, 90), "丙": (10, 20)}))


def test_a_small_cell_low_down_leaves_the_townships_and_the_district():
    cells = count_towns({"甲": (80, 100), "乙": (60, 90), "丙": (95, 100), "丁": (100, 150)})
    assert hidden_townships(cells) == []
    assert next(c for c in cells if c[:5] == ("school", "丙一", "primary", "5", "boys"))[7]


@pytest.mark.parametrize(("n", "d", "hidden"), [(0, 20, False), (1, 20, True), (9, 20, True), (10, 20, False),
                                                (11, 20, True), (19, 20, True), (20, 20, False)])  # fmt: skip
def test_the_boundary(n: int, d: int, hidden: bool):
    cells = count_towns({"甲": (n, d), "乙": (50, 100), "丙": (50, 100)})
    assert next(c for c in cells if c[:5] == ("school", "甲一", "primary", "5", "boys"))[7] == hidden
