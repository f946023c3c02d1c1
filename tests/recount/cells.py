"""From counted units to the cells of `indicators.value`: every area level, stage, grade and group."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from schemas.bimester import Bimester
from schemas.rates import INDICATORS
from tests.recount.registers import Inputs, Row

CELL = ["area_level", "area_name", "school_code", "stage", "grade", "population_group"]
COUNTS = ["n", "d", "low", "high"]
UNIT = {"person": pl.String, "township": pl.String, "village": pl.String, "school": pl.String, "stage": pl.String,
        "grade": pl.String, **dict.fromkeys(COUNTS, pl.Int64)}  # fmt: skip
DISTRICT = "荣昌区"


def count_cells(units: list[Row], schools: dict[str, Row], groups: dict[str, set[str]]) -> pl.DataFrame:
    """Sum an indicator's units into its cells; `units` have the columns of UNIT."""
    frame = pl.DataFrame(units, schema=UNIT).with_columns(
        place=pl.Series([schools.get(u["school"] or "", {}) for u in units], dtype=pl.Object),
        population_group=pl.Series([["all", *sorted(groups.get(u["person"] or "", ()))] for u in units], dtype=pl.List(pl.String)),
    )
    places = [schools.get(u["school"] or "", {}) for u in units]
    frame = frame.drop("place").with_columns(
        *[pl.Series(name, [p.get(name) for p in places], dtype=pl.String)
          for name in ("school_name", "school_zone", "supervision_zone")],
        pl.Series("own_town", [p.get("township") for p in places], dtype=pl.String),
    ).with_columns(pl.coalesce("township", "own_town").alias("township")).explode("population_group")  # fmt: skip
    levels = {"district": pl.lit(DISTRICT), "township": pl.col("township"), "village": pl.col("village"),
              "school_zone": pl.col("school_zone"), "supervision_zone": pl.col("supervision_zone"),
              "school": pl.col("school_name")}  # fmt: skip
    parts = []
    for level, name in levels.items():
        code = pl.col("school") if level == "school" else pl.lit(None, pl.String)
        placed = frame.with_columns(area_level=pl.lit(level), area_name=name, school_code=code).filter(pl.col("area_name").is_not_null())
        for stage, grade in ((False, False), (True, False), (True, True)):
            cut = placed.with_columns(
                stage=pl.col("stage") if stage else pl.lit("all"), grade=pl.col("grade") if grade else pl.lit("all"),
            ).filter(pl.col("stage").is_not_null() & pl.col("grade").is_not_null())  # fmt: skip
            parts.append(cut.group_by(CELL).agg(*[_sum(c) for c in COUNTS]))
    return pl.concat(parts)


def _sum(name: str) -> pl.Expr:
    """A sum of nothing known is unknown, not 0."""
    return pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name)


def read_published(home: Path, period: Bimester) -> pl.DataFrame:
    """The cells of `indicators.current`, the bounds as counts."""
    con = duckdb.connect(str(home / "baoxue.duckdb"), read_only=True)
    frame = con.execute("select * from indicators.current where period = ?", [str(period)]).pl()
    con.close()
    bounds = [(pl.col(f"rate_{b}") * pl.col("denominator")).round().cast(pl.Int64).alias(b) for b in ("low", "high")]
    return frame.select("indicator", *CELL, pl.col("numerator").alias("n"), pl.col("denominator").alias("d"), *bounds)


def fill_empty(cells: dict[str, pl.DataFrame], inputs: Inputs) -> pl.DataFrame:
    """Nothing to count is one district row: 0 of 0 where that is an answer, else not reported (contract §7)."""
    frames = []
    for name, indicator in INDICATORS.items():
        frame = cells[name]
        delivered = all(inputs.delivered(e, in_period=e in ("attendance", "school_work")) for e in indicator.needs)
        if frame.is_empty() or not delivered:
            zero = 0 if delivered and indicator.empty_is_zero else None
            row = {"area_level": "district", "area_name": DISTRICT, "school_code": None, "stage": "all", "grade": "all",
                   "population_group": "all", "n": zero, "d": zero, "low": None, "high": None}  # fmt: skip
            frame = pl.DataFrame([row], schema=frame.schema)
        frames.append(frame.select(pl.lit(name).alias("indicator"), *CELL, *COUNTS))
    return pl.concat(frames)


def differ(counted: pl.DataFrame, published: pl.DataFrame) -> list[str]:
    """A line for each cell that stands in one alone, or with other counts; bounds only where there is a denominator."""
    has_rate = pl.col("d") > 0
    counted, published = (
        f.with_columns(*[pl.when(has_rate).then(c).alias(c) for c in ("low", "high")]) for f in (counted, published)
    )
    both = counted.join(published, on=["indicator", *CELL], how="full", suffix="_published", nulls_equal=True, coalesce=True)
    lines = []
    for row in both.sort("indicator", *CELL).to_dicts():
        mine, theirs = (tuple(row[f"{c}{end}"] for c in COUNTS) for end in ("", "_published"))
        if mine != theirs:
            cell = " ".join(str(row[c]) for c in ("indicator", *CELL) if row[c])
            lines.append(f"{cell}: recounted {mine}, published {theirs}")
    return lines
