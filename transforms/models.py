"""Find the SQL models, see what each reads, and order them. Nobody types a dependency."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from schemas.indicators import INDICATORS
from schemas.table import STAGES
from transforms.compared.linked import LINKED, link_suspects
from transforms.indicators.suppress import find_hidden

SQL_STAGES = ("conformed", "compared", "cases", "indicators")
ROOT = Path(__file__).parent
# No alias is called as a stage is, so a table of ours is known by its spelling. To parse 130 models took a run half a
# second; tests/conventions hold the parsed tree beside this.
_ASIDE = re.compile(r"'(?:[^']|'')*'|--[^\n]*")
_TABLE = re.compile(rf'\b({"|".join(STAGES)})\."?(\w+)')
_PARAMETER = re.compile(r"\$(\w+)")


class BackRead(ValueError):
    """A model reads from a later stage."""


@dataclass(frozen=True)
class Model:
    """One SQL file: the table it makes, the tables it reads, and the `$parameters` it names.

    Some stand in no file: a union (`is_view`), and those that Python makes (`make`).
    """

    stage: str
    name: str
    sql: str
    reads: frozenset[str]
    parameters: frozenset[str]
    is_view: bool = False
    make: Callable[[duckdb.DuckDBPyConnection, dict[str, Any]], None] | None = None

    @property
    def full_name(self) -> str:
        """`stage.name`, the folder and the file."""
        return f"{self.stage}.{self.name}"


def find_read(sql: str) -> set[str]:
    """The tables of ours that a query names, as `stage.name`."""
    return {f"{of}.{table}" for of, table in _TABLE.findall(_ASIDE.sub(" ", sql))}


def parse_model(stage: str, name: str, sql: str) -> Model:
    """Read off what one model reads and names. Raises BackRead when it reads a table of a later stage."""
    reads = find_read(sql)
    for read in reads:
        if STAGES.index(read.split(".")[0]) > STAGES.index(stage):
            raise BackRead(f"{stage}.{name} reads {read}, which stands later on the way of the data")
    return Model(stage, name, sql, frozenset(reads), frozenset(_PARAMETER.findall(_ASIDE.sub(" ", sql))))


PERSONS = "1::bigint as d, in_low::bigint as low, in_high::bigint as high"
COLUMNS = {
    "people": f"person_id, township, village, school_code, stage, null::varchar as grade, in_numerator::bigint as n, {PERSONS}",
    "pupils": f"person_id, null::varchar as township, null::varchar as village, school_code, stage, grade, in_numerator::bigint as n, {PERSONS}",
    "counts": "person_id, township, village, school_code, stage, grade, numerator::bigint as n, denominator::bigint as d, "
              "null::bigint as low, null::bigint as high",
}


HIDDEN = "-- One row per cell hidden from other eyes: suppress.py.\nselect id from indicators.cell where n < $suppress_below"

MADE: tuple[tuple[str, str, str, Callable[[duckdb.DuckDBPyConnection, dict[str, Any]], None]], ...] = (
    ("indicators", "hidden", HIDDEN, find_hidden), ("compared", "linked", LINKED, link_suspects),
)  # fmt: skip


def make_unit(ids: Iterable[str]) -> Model:
    """Make the union of indicators' models, so that no list of them stands in SQL."""
    selects = (f"select '{i.id}' as indicator, {COLUMNS[i.shape]} from indicators.{i.id}" for i in (INDICATORS[name] for name in ids))
    sql = "-- One row per counted unit of every declared indicator.\n" + "\nunion all\n".join(selects)
    return replace(parse_model("indicators", "unit", sql), is_view=True)


@cache
def find_models() -> tuple[Model, ...]:
    """Read every `transforms/<stage>/<name>.sql`, ordered so that each stands after what it reads."""
    models = {}
    for stage in SQL_STAGES:
        for path in sorted((ROOT / stage).glob("*.sql")):
            model = parse_model(stage, path.stem, path.read_text(encoding="utf-8"))
            models[model.full_name] = model
    models["indicators.unit"] = make_unit(INDICATORS)
    for stage, name, sql, make in MADE:
        models[f"{stage}.{name}"] = replace(parse_model(stage, name, sql), make=make)
    graph = {name: sorted(model.reads & models.keys()) for name, model in sorted(models.items())}
    order = list(TopologicalSorter(graph).static_order())
    order.sort(key=lambda name: SQL_STAGES.index(models[name].stage))
    return tuple(models[name] for name in order)
