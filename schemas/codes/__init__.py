"""Value lists (代码表): one CSV a list, a row a value with the aliases and codes that mean it (domain: code lists)."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

# Lists whose column may also hold a name of its own (contract §3: 核实单位 … or a name).
OPEN_LISTS = frozenset({"unit", "platform_status"})


@cache
def read_codes(name: str) -> dict[str, str]:
    """Map every accepted spelling of a list (values, aliases, codes) to its canonical Chinese value."""
    with (Path(__file__).parent / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    spellings = {alias: row["value"] for row in rows for alias in row["aliases"].split("|") if alias}
    return spellings | {row["value"]: row["value"] for row in rows}


@cache
def list_values(name: str) -> tuple[str, ...]:
    """List the canonical values in declared order (drop-down lists print these)."""
    with (Path(__file__).parent / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return tuple(row["value"] for row in csv.DictReader(handle))
