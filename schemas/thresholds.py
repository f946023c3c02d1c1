"""Thresholds and clocks: declared in `thresholds.yaml` with unit and authority, read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Threshold:
    """One setting: its value and unit, Chinese title, the authority behind it, and where it acts."""

    value: float
    unit: str
    title: str
    authority: str
    used_in: str


@cache
def read_thresholds() -> dict[str, Threshold]:
    """Read all thresholds by name. Unknown keys are an error."""
    text = (Path(__file__).parent / "thresholds.yaml").read_text(encoding="utf-8")
    return {name: Threshold(**row) for name, row in yaml.safe_load(text).items()}


def threshold(name: str) -> float:
    """Return one threshold's value."""
    return read_thresholds()[name].value
