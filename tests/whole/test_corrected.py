"""Late and corrected feedback, end to end: what was published stays as it was; the rerun is a new version; later periods wait."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import duckdb
import pytest

from flows.bimonthly import report_period
from flows.commands import make_sample, run_backfill
from flows.manifest import find_stale, list_published
from flows.settings import Home, prepare_home
from flows.steps import Job
from schemas.bimester import Bimester
from schemas.published import list_published as list_tables

BEFORE, NOW = Bimester.parse("2025-B2"), Bimester.parse("2025-B3")
CASE = "select case_no, state, closed_as, closed_on::varchar from cases.case where period = ? and version = ? order by case_no"
LEDGERS = "select ledger, opening, closing from cases.balance where period = ? and version = ? order by ledger"


def ask(home: Home, sql: str, *given: object) -> list[tuple]:
    """Read the analysts' file and let go of it."""
    con = duckdb.connect(str(home.database), read_only=True)
    try:
        return con.execute(sql, list(given)).fetchall()
    finally:
        con.close()


def read_version(home: Home, period: Bimester, version: int) -> dict[str, list[tuple]]:
    """Every row that a version published, table by table."""
    tables = [t for t in list_tables() if {"period", "version"} <= {c.name for c in t.columns} and t.full_name != "meta.period"]
    return {t.full_name: ask(home, f"from {t.full_name} where period = ? and version = ? order by all", str(period), version)
            for t in tables}  # fmt: skip


def rerun(home: Home, period: Bimester, said: list[str] | None = None) -> str:
    return report_period(Job(home, period, say=(said if said is not None else []).append, papers=False)).action


def copy_damaged(home: Home, root: Path) -> Home:
    """A copy of which a byte of B2's 学籍, as it was validated, has changed on the disk."""
    copy = Home(Path(shutil.copytree(home.root, root)))
    [path] = (copy.lake / "validated" / str(BEFORE)).glob("*/registry.parquet")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    return copy


def read_validated(home: Home, period: Bimester) -> dict[str, bytes]:
    """What the newest version was validated into, and what its files landed as."""
    newest = max((m for m in list_published(home) if m.period == period), key=lambda m: m.version)
    folders = [home.validated(str(period), newest.inputs.run_id), home.lake / "extracts"]
    return {path.relative_to(home.lake).as_posix(): path.read_bytes() for folder in folders for path in sorted(folder.rglob("*.*"))}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = prepare_home(Home(tmp_path_factory.mktemp("home")))
    make_sample(home, NOW, 300, 20250512, 1, lambda _: None)
    run_backfill(home, None, None, "none", lambda _: None)
    return home


def deliver_late(home: Home) -> str:
    """In B2's inbox, after both periods were published: one child could not be found in April. Return its case."""
    found = ask(home, f"""select c.case_no, n.name, n.id_number from cases.case c
        join read_parquet('{home.named}') n using (child_key) where c.period = '2025-B3' and c.state = '待核实'
        and c.opened_by = 'unenrolled' and c.case_no like 'RC2025B2%' and n.id_number is not null order by c.case_no""")  # fmt: skip
    case_no, name, number = found[0]
    path: Path = home.inbox / str(BEFORE) / "补报核实.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["姓名", "身份证件号", "核实日期", "核实单位", "核实结果", "佐证材料"])
        writer.writerow([name, number, "2025-04-10", "镇街", "失联", ""])
    return case_no


def test_a_past_period_stays_as_published_and_its_rerun_is_a_new_version(home: Home, tmp_path: Path):
    published = {period: read_version(home, period, 1) for period in (BEFORE, NOW)}
    cases = {period: ask(home, CASE, str(period), 1) for period in (BEFORE, NOW)}
    late = deliver_late(home)
    damaged, said, anew = copy_damaged(home, tmp_path / "damaged"), list[str](), list[str]()
    assert (rerun(home, BEFORE, said), find_stale(list_published(home))) == ("publish", [NOW])
    # it judged the one file that came; where what had been kept is damaged all is judged: the same to the last byte and row
    assert rerun(damaged, BEFORE, anew) == "publish"
    assert any("核实反馈" in line and "沿用上次结果" in line for line in said) and not any("沿用" in line for line in anew)
    assert read_validated(home, BEFORE) == read_validated(damaged, BEFORE)
    assert read_version(home, BEFORE, 2) == read_version(damaged, BEFORE, 2)
    # the first versions stand to the last row, the later period too
    assert {period: read_version(home, period, 1) for period in (BEFORE, NOW)} == published
    assert ask(home, "select period, version from meta.period where is_current order by 1") == [("2025-B2", 2), ("2025-B3", 1)]
    # one case differs, and every other one keeps its number and state
    told = dict(zip((row[0] for row in cases[BEFORE]), cases[BEFORE], strict=True)) | {late: (late, "失联", None, None)}
    assert ask(home, CASE, "2025-B2", 2) == sorted(told.values())

    assert (rerun(home, NOW), find_stale(list_published(home))) == ("publish", [])
    told = dict(zip((row[0] for row in cases[NOW]), cases[NOW], strict=True)) | {late: (late, "失联", None, None)}
    assert ask(home, CASE, "2025-B3", 2) == sorted(told.values())
    assert ask(home, "select event, learned_in_period from cases.event where period = '2025-B3' and version = 2 and case_no = ? "
               "order by seq", late) == [("立案", "2025-B2"), ("失联", "2025-B2"), ("转为失联", "2025-B2")]  # fmt: skip
    # what the new version closed with, the next opens with
    closed = {ledger: closing for ledger, _, closing in ask(home, LEDGERS, "2025-B2", 2)}
    assert closed == {ledger: opening for ledger, opening, _ in ask(home, LEDGERS, "2025-B3", 2)}
    assert [rerun(home, period) for period in (BEFORE, NOW)] == ["nothing", "nothing"]
