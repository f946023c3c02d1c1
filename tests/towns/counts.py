"""A world given as counts: published totals go straight into the tables that a model reads, and the models run on them."""

from __future__ import annotations

from schemas.bimester import Bimester
from schemas.calendar import default_issue_date
from schemas.table import list_tables
from tests.towns.town import MODELS, Town
from transforms.build import WorkInputs, connect, list_parameters, load_indicators, load_validated
from transforms.models import find_models
from transforms.run import run_models

ALWAYS = ("unit", "tally", "cell", "hidden", "value")


def run_on_counts(period: str, models: str, **rows: str) -> Town:
    """Run some models of the indicators stage, by name, and those that make cells of them.

    `rows`: `stage__table` → the select whose rows fill it; every other table that a model reads is empty.
    """
    con = connect(":memory:", b"counts")
    load_validated(con, ())
    wanted = {f"indicators.{name}" for name in (*models.split(), *ALWAYS)}
    for table in list_tables().values():
        if table.full_name not in wanted:
            con.execute(f"create schema if not exists {table.stage}; "
                        f'create table {table.stage}."{table.name}" ({", ".join(f"{c.name} {c.type}" for c in table.columns)})')  # fmt: skip
    for table, select in rows.items():
        con.execute(f"insert into {table.replace('__', '.')} by name {select}")
    load_indicators(con, period)
    parameters = list_parameters(WorkInputs(Bimester.parse(period), 1, default_issue_date(Bimester.parse(period)), ()))
    run_models(con, [model for model in find_models() if model.full_name in wanted], parameters)
    return Town(con, parameters, MODELS)
