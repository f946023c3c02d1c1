"""Declared sizes and characters of the invented district (data/sample/), and its seeded draws."""

from __future__ import annotations

import zlib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

FOLDER = Path(__file__).parents[2] / "data" / "sample"


@cache
def read_proportions() -> dict[str, Any]:
    """Sizes and proportions; every pair is [at full size, smallest]."""
    return yaml.safe_load((FOLDER / "proportions.yaml").read_text(encoding="utf-8"))


@cache
def read_names() -> dict[str, Any]:
    """Characters that names are drawn from."""
    return yaml.safe_load((FOLDER / "names.yaml").read_text(encoding="utf-8"))


def scale_count(pair: list[int], scale: float) -> int:
    """A planted count at this size, never under its smallest."""
    return max(pair[1], round(pair[0] * scale))


def seeded(seed: int, *purpose: object) -> np.random.Generator:
    """A generator of its own for each purpose, so that adding a draw somewhere moves nothing elsewhere."""
    return np.random.default_rng([seed, zlib.crc32("/".join(map(str, purpose)).encode())])
