"""One core for each test worker, and the dearest files first: the last to end is then a cheap one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# On small tables threads that wait for each other cost more than they do.
if (worker := os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")) and hasattr(os, "sched_setaffinity"):
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[int(worker) % len(cores)]})

HERE = Path(__file__).parent
# They start servers, or run whole periods.
DEAREST = [
    HERE / f"{name}.py"
    for name in """
    flows/test_serve flows/test_pages flows/test_vault whole/test_truth whole/test_forms whole/test_recipients flows/test_served
    flows/test_power flows/test_run published/test_read_while_published validated/test_rules whole/test_corrected flows/test_killed
    flows/test_damage spec/cases/test_life spec/indicators/test_properties municipal/test_city chaos/test_kill spec/test_properties
    flows/test_explore documents/test_layout spec/cases/test_replay flows/test_upgrade whole/test_figures hostile/test_fuzz
    """.split()
]
assert all(path.is_file() for path in DEAREST)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """xdist hands whole files out in this order."""
    rank = {path: number for number, path in enumerate(DEAREST)}
    items.sort(key=lambda item: rank.get(item.path, len(rank)))
