"""A small district that validation tests start from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from schemas.bimester import Bimester
from tests.extracts.books import Rows, make_id, say_nothing, write_xlsx
from transforms.extracts.land import land_inbox
from transforms.validated.validate import Validation, validate_period

PERIOD = Bimester.parse("2025-B3")
SCHOOLS: Rows = [
    ["学校标识码", "学校名称", "办学类型", "举办者类型", "所在镇街", "城乡类型", "状态"],
    ["3150000001", "重庆市荣昌区昌元小学", "小学", "公办", "昌元街道", "城区", "正常"],
    ["3150000002", "荣昌中学", "初级中学", "公办", "昌州街道", "城区", "正常"],
    ["3150000003", "荣昌区村小", "教学点", "公办", "河包镇", "乡村", "撤并"],
]
AREAS: Rows = [
    ["层级", "名称", "上级镇街"],
    ["镇街", "昌元街道", ""],
    ["镇街", "昌州街道", ""],
    ["镇街", "河包镇", ""],
    ["村社", "黄檀村村民委员会", "河包镇"],
]
CHILD = ["姓名", "性别", "出生日期", "身份证件类型", "身份证件号", "镇街", "村社"]
REGISTRY = ["学校标识码", "年级", "班级", "姓名", "性别", "出生日期", "身份证件类型", "身份证件号", "全国学籍号", "学籍状态"]


@dataclass(frozen=True)
class Result:
    """A validated delivery, read back from disk."""

    validation: Validation
    folder: Path

    def read(self, table: str) -> pl.DataFrame:
        return pl.read_parquet(self.folder / f"{table}.parquet")

    def rules(self, extract: str | None = None) -> list[tuple[int | None, str]]:
        """(row, rule) of every problem."""
        rows = self.read("problem")
        rows = rows.filter(pl.col("extract") == extract) if extract else rows
        return [(row, rule) for row, rule in rows.select("source_row", "rule").iter_rows()]

    def refused(self) -> list[str]:
        return [problem.rule for problem in self.validation.refusals]


@dataclass(frozen=True)
class District:
    """An inbox to fill and validate."""

    home: Path

    @property
    def inbox(self) -> Path:
        return self.home / "inbox" / str(PERIOD)

    def put(self, name: str, rows: Rows, sheet: str = "Sheet1") -> District:
        write_xlsx(self.inbox / name, {sheet: rows})
        return self

    def validate(self, *, held: tuple[Path, ...] = (), run: str = "run", owed: tuple[str, ...] = (),
                 say: Callable[[str], None] = say_nothing, **more: Any) -> Result:  # fmt: skip
        self.inbox.mkdir(parents=True, exist_ok=True)
        landing = land_inbox(self.inbox, self.home / "lake", say_nothing)
        out = self.home / "lake" / "validated" / str(PERIOD) / run
        return Result(validate_period(landing, PERIOD, held, out, owed_months=owed, say=say, **more), out)


def pupil(serial: int = 1, **changed: object) -> list[object]:
    """One clean row of the registry; `changed` by heading."""
    sex = "男" if serial % 2 else "女"
    number = make_id(serial)
    row = dict(zip(REGISTRY, ["3150000001", "三年级", "1班", f"张{chr(0x4E00 + serial)}", sex, "20150901", "居民身份证",
                              number, "G" + number, "在读"], strict=True))  # fmt: skip
    assert set(changed) <= set(row)
    return list({**row, **changed}.values())


def child(serial: int = 1, **changed: object) -> list[object]:
    """One clean row of the 底册."""
    row = dict(zip(CHILD, [f"李{chr(0x4E00 + serial)}", "男" if serial % 2 else "女", "2015-09-01", "居民身份证",
                           make_id(serial), "河包镇", "黄檀村"], strict=True))  # fmt: skip
    assert set(changed) <= set(row)
    return list({**row, **changed}.values())


def start_district(home: Path) -> District:
    """Schools, areas and one child; no month is owed."""
    return District(home).put("学校.xlsx", SCHOOLS).put("镇街.xlsx", AREAS).put("底册.xlsx", [CHILD, child()])


@pytest.fixture
def district(tmp_path: Path) -> District:
    return start_district(tmp_path)


@pytest.fixture
def registry(district: District) -> Callable[..., Result]:
    """Validate registry rows."""

    def run(*rows: list[object], headings: list[str] = REGISTRY) -> Result:
        return district.put("学籍.xlsx", [headings, *rows]).validate()

    return run
