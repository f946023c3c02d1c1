"""The memory, cores and spill folder that a home's settings give to the engine."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from flows.faults import WrongUse
from flows.options import read_engine
from flows.settings import Home, prepare_home

MORE_THAN_FITS = "create temp table t as select hash(i) as a, hash(i + 1) as b, hash(i + 2) as c from range(5000000) as r(i)"


def read_settings(con: duckdb.DuckDBPyConnection) -> tuple[str, int, str]:
    names = ("memory_limit", "threads", "temp_directory")
    return con.execute("select " + ", ".join(f"current_setting('{name}')" for name in names)).fetchone()  # type: ignore[return-value]


def test_settings_bound_the_engine_and_it_spills_inside_the_home(tmp_path: Path) -> None:
    home = prepare_home(Home(tmp_path))
    home.options.write_text("机器: {内存上限: 64, 线程: 1}\n", encoding="utf-8")
    con = read_engine(home).set_up(duckdb.connect())
    memory, threads, spill = read_settings(con)
    assert (memory, threads) == ("61.0 MiB", 1)
    assert Path(spill).is_relative_to(home.work), "what does not fit holds personal data"
    con.execute(MORE_THAN_FITS)
    spilt = [Path(path) for (path,) in con.execute("select path from duckdb_temporary_files()").fetchall()]
    assert spilt and all(path.is_relative_to(home.work) for path in spilt)
    assert con.execute("select count(*) from t").fetchone() == (5000000,)


def test_a_quarter_of_the_machine_without_a_setting(tmp_path: Path) -> None:
    home = prepare_home(Home(tmp_path))
    con = duckdb.connect()
    usual = con.execute("select current_setting('memory_limit')").fetchone()[0]
    number, unit = read_settings(read_engine(home).set_up(con))[0].split()
    if unit == usual.split()[1] == "GiB" and float(number) > 1:
        assert float(number) == pytest.approx(float(usual.split()[0]) / 0.8 / 4, rel=0.1)


def test_a_limit_below_nothing_is_refused(tmp_path: Path) -> None:
    home = prepare_home(Home(tmp_path))
    home.options.write_text("机器: {内存上限: -1}\n", encoding="utf-8")
    with pytest.raises(WrongUse, match="机器·内存上限"):
        read_engine(home)
