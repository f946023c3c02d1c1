"""The sample is the same for one seed, holds every extract and every rule, and its truth adds up."""

from __future__ import annotations

import hashlib
from pathlib import Path

import fastexcel
import polars as pl
import pytest

from schemas.bimester import Bimester
from schemas.extracts import EXTRACTS
from transforms.sample.faults import QUARANTINE
from transforms.sample.misspelt import SLIPS
from transforms.sample.names import check_digit
from transforms.sample.settings import read_proportions
from transforms.sample.world import make_world
from transforms.sample.write import write_sample

PERIODS = ("2024-B5", "2024-B6", "2025-B1", "2025-B2", "2025-B3", "2025-B4", "2025-B5")
REPORTED = ("id_empty", "id_length", "id_check_digit", "id_excel_lost", "id_fifteen", "id_birth_mismatch", "id_sex_mismatch",
            "id_place_unknown", "age_out_of_range", "name_odd", "village_unknown", "status_defaulted")  # fmt: skip


def read(home: Path, name: str, periods: tuple[str, ...] = PERIODS) -> pl.DataFrame:
    """A truth file of several periods under each other."""
    parts = [
        pl.read_csv(home / "private/sample_truth" / p / f"{name}.csv", infer_schema=False).with_columns(period=pl.lit(p))
        for p in periods
    ]
    return pl.concat(parts)


def digest(folder: Path) -> dict[str, str]:
    """Every file under a folder with the hash of its bytes."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*")) if path.is_file()
    }  # fmt: skip


def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_sample(tmp_path / name, Bimester(2025, 3), back=1, pupils=300, seed=7)
    assert digest(tmp_path / "one") == digest(tmp_path / "two")
    write_sample(tmp_path / "other", Bimester(2025, 3), pupils=300, seed=8)
    assert not set(digest(tmp_path / "one").values()) >= set(digest(tmp_path / "other").values())


def test_every_extract_comes_in_the_usual_five_periods(home: Path) -> None:
    delivered = set(read(home, "file", PERIODS[:5])["extract"])
    assert delivered == set(EXTRACTS)


def test_every_rule_is_planted(home: Path) -> None:
    planted = set(read(home, "fault", PERIODS[:5])["rule"])
    assert planted == {*REPORTED, *QUARANTINE}


def test_no_file_is_wholly_refused(home: Path) -> None:
    counts = read(home, "file").with_columns(pl.col("accepted", "rows_read").cast(pl.Int64))
    files = counts.group_by("period", "file").agg(pl.col("accepted", "rows_read").sum())
    assert files.filter((pl.col("accepted") == 0) & (pl.col("rows_read") > 0)).is_empty()


def test_rows_read_are_accepted_merged_or_quarantined(home: Path) -> None:
    counts = read(home, "file").with_columns(pl.col("rows_read", "accepted", "merged", "quarantined").cast(pl.Int64))
    assert counts.filter(pl.col("rows_read") != pl.col("accepted") + pl.col("merged") + pl.col("quarantined")).is_empty()


def test_a_fault_stands_in_the_row_that_the_truth_names(home: Path) -> None:
    faults = read(home, "fault", ("2025-B1",)).filter(
        (pl.col("rule") == "code_unknown") & pl.col("file").str.starts_with("学籍")
    )
    for row in faults.iter_rows(named=True):
        book = fastexcel.read_excel(home / "inbox/2025-B1" / row["file"])
        sheet = book.load_sheet(row["sheet"], header_row=None, dtypes="string").to_polars()
        assert sheet.row(int(row["source_row"]) - 1)[-1] == "待核"
    assert len(faults)


def test_ids_are_valid_and_nobody_shares_one() -> None:
    children = make_world(2000, 20250512).children
    assert children.select("name", "birth").is_duplicated().sum() == 0
    # the record of a child under another spelling has no id of its own
    children = children.filter(pl.col("record_of").is_null())
    assert children["id"].n_unique() == len(children)
    assert all(check_digit(number[:17]) == number[17] for number in children["id"])
    prefixes = set(children["id"].str.slice(0, 6))
    assert {"500226", "500153"} < prefixes
    assert children["name"].str.contains("·").any()


def test_children_stand_in_the_order_of_their_keys() -> None:
    children = make_world(300, 1).children
    assert children["child"].to_list() == list(range(len(children)))


def test_every_slip_of_a_name_or_birth_date_is_planted() -> None:
    records = make_world(400, 20250512).children.filter(pl.col("record_of").is_not_null())
    assert set(records["slip"]) == set(SLIPS) and records["no_hukou"].all()


def test_every_comparison_has_a_planted_finding_in_every_school_period(home: Path) -> None:
    findings = read(home, "finding")
    for period in PERIODS:
        found = set(findings.filter(pl.col("period") == period)["comparison"])
        expected = {"unenrolled", "monitored_out", "duplicate_registry"}
        assert found >= (expected if period == "2025-B4" else expected | {"absent", "silent_school"}), period


def test_four_days_running_are_not_absent_and_five_are() -> None:
    world = make_world(300, 20250512)
    from transforms.sample.truth_presence import take_seats
    from transforms.sample.truth_state import observe

    period = Bimester(2025, 3)
    absent = take_seats(world, observe(world, period, period, frozenset())).absent
    plants = world.presence.plants.filter(pl.col("period") == str(period))
    for name, found in (("skip_five", True), ("joined_five", True), ("skip_uncounted", True), ("gone", True), ("unlisted", True),
                        ("skip_four", False), ("joined_four", False), ("other_list", False), ("excused_elsewhere", False)):  # fmt: skip
        children = plants.filter(pl.col("plant") == name)["child"].to_list()
        assert children, name
        assert {child in absent for child in children} == {found}, name


def test_every_state_of_a_case_is_reached(home: Path) -> None:
    states = set(read(home, "case", PERIODS[:5])["state"])
    assert states == {"待核实", "待补佐证", "外地就读待转学", "在册跟踪", "劝返中", "失联", "复学跟踪", "已销号"}


def test_indicator_rows_are_single_and_their_numerators_sum_over_townships(home: Path) -> None:
    keys = ["period", "area_level", "area_name", "school_code", "stage", "grade", "population_group", "indicator"]
    rows = read(home, "indicator")
    assert rows.select(keys).is_duplicated().sum() == 0
    usual = rows.filter(pl.all_horizontal(pl.col("stage", "grade", "population_group") == "all")).with_columns(
        pl.col("numerator", "denominator").cast(pl.Int64)
    )
    by_level = {
        level: usual.filter(pl.col("area_level") == level).group_by("period", "indicator").agg(pl.col("numerator", "denominator").sum())
        .sort("period", "indicator") for level in ("district", "township")
    }  # fmt: skip
    # what is planted for the district alone has no parts to add up
    whole = by_level["district"].join(by_level["township"], on=["period", "indicator"], how="semi")
    assert whole.equals(by_level["township"]) and whole["indicator"].n_unique() > 20


def test_a_period_beyond_the_calendars_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="样例只能生成"):
        write_sample(tmp_path, Bimester(2027, 1), pupils=300)
    assert read_proportions()["full_pupils"] == 65400
