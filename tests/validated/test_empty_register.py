"""A required register that holds no row is not delivered: a report of it would say that nobody is enrolled."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from schemas.bimester import Bimester
from tests.validated.conftest import REGISTRY, District, pupil
from transforms.validated.judge import Judged
from transforms.validated.stops import _find_missing


def _judge(accepted: int) -> Judged:
    rows, none = pl.DataFrame({"name": ["某"] * accepted}), pl.DataFrame()
    return Judged("registry", rows, none, none, none, none)


def _missing(accepted: int) -> list[str]:
    held = {"school": _judge(1), "child": _judge(1), "registry": _judge(accepted)}
    return [problem.message for problem in _find_missing(held, (), Bimester.parse("2025-B3"))]


def test_headings_alone_deliver_nothing():
    """The registry with its headings only, or only rows of other stages, is refused as missing (contract §3)."""
    assert _missing(1) == []
    assert len(_missing(0)) == 1 and "学籍名册" in _missing(0)[0]


def test_without_the_school_register_one_line_says_so(tmp_path: Path):
    """Every row then names a school that nobody knows; the office reads what is missing, not a line for each file."""
    district = District(tmp_path).put("学籍.xlsx", [REGISTRY, pupil(1), pupil(2)])
    result = district.validate()
    assert result.refused() == ["extract_missing", "extract_missing"]
    assert "学校名册" in result.validation.refusals[0].message
