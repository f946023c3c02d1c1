"""A small sample over a whole year, written once."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.bimester import Bimester
from transforms.sample.write import write_sample


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with 2024-B5 … 2025-B5 of three hundred pupils."""
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder, Bimester(2025, 5), back=6, pupils=300)
    return folder
