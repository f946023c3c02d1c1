"""A required register that holds no row is not delivered: a report of it would say that nobody is enrolled."""

from __future__ import annotations

import polars as pl

from schemas.bimester import Bimester
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
