"""The children of the invented district: birth, home, school, flags. A pure function of seed and size."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from transforms.sample.names import make_ids, make_names, make_people, make_phones, make_places
from transforms.sample.places import township_weights
from transforms.sample.settings import read_proportions, scale_count, seeded

DISABILITIES = ("视力", "听力", "言语", "肢体", "智力", "精神", "多重")
MINORITIES = ("苗族", "土家族", "彝族", "藏族", "回族", "壮族", "维吾尔族")
RELATIONS = ("父亲", "母亲", "祖父", "祖母")


def make_children(areas: pl.DataFrame, schools: pl.DataFrame, scale: float, seed: int) -> pl.DataFrame:
    """One row is a child that some register names in 2024 or 2025.

    `cohort` is the year in which a child of that birth day should enter grade 1, `entry` the year it did;
    grade in school year Y is Y - entry + 1. `role` names why a child has no record here ('' = it has one).
    """
    frame = _make_births(scale, seed)
    rng = seeded(seed, "children")
    count = len(frame)
    births = frame["birth"].to_list()
    flags = read_proportions()["flags"]
    sex = rng.integers(1, 3, count)
    minority = rng.random(count) < flags["minority"]
    migrant = rng.random(count) < read_proportions()["migrant_share"]
    frame = frame.with_columns(
        pl.Series("sex", sex),
        pl.Series("name", make_names(births, minority, rng)),
        pl.Series("id", make_ids(births, sex.tolist(), make_places(births, migrant, rng))),
        pl.Series("ethnicity", np.where(minority, np.array(MINORITIES)[rng.integers(0, 7, count)], "汉族")),
        pl.Series("migrant", migrant),
    )
    frame = _give_homes(frame, areas, rng)
    frame = _give_flags(frame, rng)
    return _give_schools(frame, schools, rng)


def _make_births(scale: float, seed: int) -> pl.DataFrame:
    sizes = read_proportions()
    rng = seeded(seed, "births")
    parts = []
    for cohort, pupils in sizes["pupils_by_entry_year"].items():
        count = max(12, round(pupils * scale * sizes["roster_per_pupil"]))
        parts.append(_births_of(cohort, cohort, count, rng))
    extra = max(2, round(sizes["over_and_under_age"] * scale / 3))
    for cohort, entry in ((2015, 2016), (2014, 2017), (2025, 2024), (2026, 2025)):
        parts.append(_births_of(cohort, entry, extra, rng))
    # far outside the ages of pupils: reported, never refused
    parts.append(_births_of(2009, 2017, 2, rng))
    return pl.concat(parts).with_row_index("child").with_columns(pl.col("child").cast(pl.Int64))


def _births_of(cohort: int, entry: int, count: int, rng: np.random.Generator) -> pl.DataFrame:
    first = date(cohort - 7, 9, 1)
    days = (date(cohort - 6, 9, 1) - first).days
    births = [first + timedelta(days=int(offset)) for offset in rng.integers(0, days, count)]
    return pl.DataFrame({"cohort": [cohort] * count, "entry": [entry] * count, "birth": births})


def _give_homes(frame: pl.DataFrame, areas: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    towns, weights = township_weights(areas)
    count = len(frame)
    home = rng.choice(len(towns), count, p=weights)
    villages = areas.filter(pl.col("level") == "village")
    of_town = [villages.filter(pl.col("township") == town)["name"].to_list() for town in towns]
    pick = rng.integers(0, 1 << 30, count)
    village = [of_town[t][p % len(of_town[t])] for t, p in zip(home, pick, strict=True)]
    number = rng.integers(1, 300, count)
    guardians = make_people(count, rng)
    return frame.with_columns(
        pl.Series("township", [towns[t] for t in home]),
        pl.Series("village", village),
        pl.Series("address", [f"重庆市荣昌区{towns[t]}{v[:3]}路{n}号" for t, v, n in zip(home, village, number, strict=True)]),
        pl.Series("guardian", guardians),
        pl.Series("relation", np.array(RELATIONS)[rng.integers(0, 4, count)]),
        pl.Series("phone", make_phones(count, rng)),
    )


def _give_flags(frame: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    flags = read_proportions()["flags"]
    count = len(frame)

    def draw(share: float) -> np.ndarray:
        return rng.random(count) < share

    left = rng.random(count)
    both, one = flags["left_behind_both"], flags["left_behind_one"]
    disabled = draw(flags["disabled"])
    return frame.with_columns(
        pl.Series("left_behind", np.where(left < both, 2, np.where(left < both + one, 1, 0))),
        pl.Series("migrant_worker", draw(flags["migrant_worker"])),
        pl.Series("boarding_primary", draw(flags["boarding_primary"])),
        pl.Series("boarding_junior", draw(flags["boarding_junior"])),
        pl.Series("orphan", draw(flags["orphan"])),
        pl.Series("disability", np.where(disabled, np.array(DISABILITIES)[rng.integers(0, 7, count)], "无")),
        pl.Series("monitored", draw(flags["monitored"])),
        pl.Series("agricultural", draw(flags["agricultural"])),
        pl.Series("fault_draw", rng.random(count)),
        pl.Series("roster_draw", rng.random(count)),
        pl.Series("mend_draw", rng.random(count)),
    )


def _give_schools(frame: pl.DataFrame, schools: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Primary and junior school by township, class by rank inside school and entry year."""
    open_schools = schools.filter(pl.col("school_status") == "正常")
    towns = frame["township"].unique().sort().to_list()
    frame = frame.with_columns(
        _assign(frame, open_schools, ("小学", "教学点", "九年一贯制学校"), towns, rng).alias("primary"),
        _assign(frame, open_schools, ("初级中学", "九年一贯制学校", "完全中学"), towns, rng).alias("junior"),
    )
    special = open_schools.filter(pl.col("school_type") == "特殊教育学校")["school_code"][0]
    wanted = scale_count([read_proportions()["special_school_pupils"], 9], len(frame) / 84_000)
    chosen = frame.filter(pl.col("entry") == pl.col("cohort")).sample(wanted, seed=int(rng.integers(1 << 30)))["child"]
    is_special = pl.col("child").is_in(chosen.to_list())
    frame = frame.with_columns(
        pl.when(is_special).then(pl.lit(special)).otherwise("primary").alias("primary"),
        pl.when(is_special).then(pl.lit(special)).otherwise("junior").alias("junior"),
        pl.when(is_special & (pl.col("disability") == "无")).then(pl.lit("智力")).otherwise("disability").alias("disability"),
        is_special.alias("special"),
    )
    points = open_schools.filter(pl.col("school_type") == "教学点")["school_code"].to_list()
    return frame.with_columns(
        pl.when(pl.col("primary").is_in(points)).then(pl.lit("点1班")).otherwise(_class_of("primary")).alias("class_primary"),
        _class_of("junior").alias("class_junior"),
    )


def _assign(
    frame: pl.DataFrame, schools: pl.DataFrame, kinds: tuple[str, ...], towns: list[str], rng: np.random.Generator
) -> pl.Series:
    """A school of the child's township (教学点 seldom), else one of the district by township order."""
    fitting = schools.filter(pl.col("school_type").is_in(kinds))
    rows = list(fitting.select("school_code", "township", "school_type").iter_rows())
    weight = {"教学点": 1, "小学": 4, "九年一贯制学校": 4, "初级中学": 4, "完全中学": 6}
    choice = {}
    for i, town in enumerate(towns):
        here = [r for r in rows if r[1] == town] or [rows[i % len(rows)]]
        choice[town] = [r[0] for r in here for _ in range(weight[r[2]])]
    pick = rng.integers(0, 1 << 30, len(frame))
    return pl.Series([choice[t][p % len(choice[t])] for t, p in zip(frame["township"], pick, strict=True)])


def _class_of(school: str) -> pl.Expr:
    """Classes of about 45 inside a school and an entry year."""
    size = pl.len().over(school, "entry")
    number = (pl.int_range(pl.len()).over(school, "entry") % ((size * 0.86 / 45).ceil().cast(pl.Int64))) + 1
    return number.cast(pl.String) + "班"
