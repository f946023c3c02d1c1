"""One invented publication, written once for all the tests that read papers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from schemas.bimester import Bimester
from schemas.calendar import default_issue_date
from tests.documents.world import build_world, insert
from transforms.documents.context import Office, read_office
from transforms.documents.papers import write_papers

ISSUED = date(2025, 7, 10)


def publish(
    folder: Path,
    period: str = "2025-B3",
    *,
    version: int = 1,
    perfect: bool = False,
    draft: bool = False,
    schools: int = 60,
    office: Office | None = None,
) -> Path:
    """Write a publication of the invented world with the wheel's fonts only."""
    each = Bimester.parse(period)
    con = build_world(each, schools=schools, perfect=perfect)
    if version > 1:
        for table in ("indicators.value", "indicators.ladder", "compared.finding", "compared.school_month",
                      "compared.bridge", "cases.case", "cases.balance", "cases.rule_quality"):  # fmt: skip
            stage, name = table.split(".")
            con.execute(f'update {stage}."{name}" set version = ? where period = ?', [version, period])
        insert(
            con,
            "meta.change",
            [(period, version, version - 1, "指标", "适龄儿童少年入学率未入学人数", "31", "30")],
        )
    write_papers(
        con, folder, each, version, default_issue_date(each), draft=draft, manifest_id="7c1f9a30d2", system_fonts=False,
        office=office,
    )  # fmt: skip
    return folder


@pytest.fixture(scope="session")
def paper_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The normal issue, 2025-B3 version 1."""
    return publish(tmp_path_factory.mktemp("B3"))


@pytest.fixture(scope="session")
def perfect_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An issue with nobody missing and nothing wrong."""
    return publish(tmp_path_factory.mktemp("perfect"), perfect=True)


@pytest.fixture(scope="session")
def summer_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A July–August issue."""
    return publish(tmp_path_factory.mktemp("B4"), "2025-B4")


@pytest.fixture(scope="session")
def second_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Version 2 of the normal issue, as a draft under the office's red head."""
    office = replace(read_office(), head="重庆市荣昌区教育委员会文件", number="荣教〔2025〕31号")
    return publish(tmp_path_factory.mktemp("v2"), version=2, draft=True, office=office)
