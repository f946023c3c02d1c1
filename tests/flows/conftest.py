from pathlib import Path

import pytest

from flows.settings import Home
from tests.flows.world import Stages, install_stages, make_home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return make_home(tmp_path / "home")


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch) -> Stages:
    return install_stages(monkeypatch)
