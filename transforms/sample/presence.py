"""Who sits in class: exceptions by child and month, silent schools, classes that do not close."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from schemas.bimester import Bimester
from transforms.sample.settings import read_proportions, scale_count, seeded
from transforms.sample.timeline import horizon, last_owed, owed_months, school_days

SCHEMA = {
    "child": pl.Int64, "period": pl.String, "month": pl.String, "state": pl.String, "days": pl.Int64,
    "since": pl.Date, "plant": pl.String, "at": pl.String,
}  # fmt: skip
# What an absent child's case goes through afterwards, in turn; see `events.follow_absent`.
SCRIPTS = ("found", "returned", "stays", "silent", "visited", "lost", "other", "elsewhere", "relapsed", "late", "corrected")
STAYING = ("stays", "visited", "lost", "elsewhere")
ABSENT_PLANTS = ("skip_five", "joined_five", "skip_uncounted", "gone", "unlisted", "over_age_gone")


@dataclass(frozen=True)
class Presence:
    """`states`: one row is a child's exception in a month (state 'unlisted' = named on no list, 'elsewhere' = named
    at school `at`). `plants`: one row is a planted child and period with its script. `silent`: period → school → kind
    (nothing · second_month · low). `open_classes`: one row is a class of a month that does not close.
    """

    states: pl.DataFrame
    plants: pl.DataFrame
    silent: dict[str, dict[str, str]]
    open_classes: pl.DataFrame


def make_presence(
    children: pl.DataFrame, schools: pl.DataFrame, records: dict[str, pl.DataFrame], scale: float, seed: int
) -> Presence:
    """Plan every period of the horizon; a child is planted in one period only."""
    silent = _plan_silent(schools, records, scale)
    used: set[int] = set()
    states: list[dict] = []
    plants: list[dict] = []
    for period in horizon():
        if owed_months(period):
            chosen = _plant_period(children, schools, records, period, silent[str(period)], used, scale, seed)
            plants += chosen
            states += [row for plant in chosen for row in _states_of(plant, period, schools)]
    states += _stay_away(plants, records) + _leave_again(plants, records)
    frame = pl.DataFrame(states, schema=SCHEMA).unique(["child", "month"], keep="first", maintain_order=True)
    frame = pl.concat([frame, _suspended(records, frame)])
    frame = pl.concat([frame, _on_leave(records, frame, seed)])
    classes = _plan_open_classes(schools, records, frame, silent, scale)
    return Presence(frame, pl.DataFrame(plants, infer_schema_length=None), silent, classes)


def _plan_silent(schools: pl.DataFrame, records: dict[str, pl.DataFrame], scale: float) -> dict[str, dict[str, str]]:
    """A few schools a period, taken in turn from those that send class lists."""
    roll = schools.filter((pl.col("reports") == "roll") & (pl.col("school_status") == "正常"))
    codes = roll.filter(pl.col("school_type").is_in(["小学", "初级中学"]))["school_code"].to_list()
    kinds = ["nothing"] * (2 if scale > 0.3 else 1) + ["second_month", "low"]
    plan = {}
    for i, period in enumerate(horizon()):
        picks = [codes[(i * len(kinds) + k) * 5 % len(codes)] for k in range(len(kinds))]
        plan[str(period)] = dict(zip(picks, kinds, strict=True)) if owed_months(period) else {}
    return plan


def _plant_period(
    children: pl.DataFrame, schools: pl.DataFrame, records: dict[str, pl.DataFrame], period: Bimester,
    silent: dict[str, str], used: set[int], scale: float, seed: int,
) -> list[dict]:  # fmt: skip
    """Choose the children of a period's plants among undisturbed pupils of schools that report."""
    rng = seeded(seed, "presence", period)
    plain = children.filter(
        pl.col("leave_on").is_null() & pl.col("join_on").is_null() & pl.col("shift_on").is_null()
        & pl.col("suspend_on").is_null() & ~pl.col("home_taught") & ~pl.col("double") & ~pl.col("special")
        & pl.col("number_of").is_null() & ~pl.col("quarantined") & ~pl.col("no_hukou")
    )  # fmt: skip
    here = records[str(period)].filter(pl.col("status") == "在读").join(
        plain.select("child", "entry", "cohort"), on="child", how="inner", maintain_order="left"
    ).filter(~pl.col("school").is_in(list(silent))).join(
        schools.select(pl.col("school_code").alias("school"), "reports"), on="school", maintain_order="left"
    )  # fmt: skip
    rows = [row for row in here.iter_rows(named=True) if row["child"] not in used]
    rows = [rows[i] for i in rng.permutation(len(rows))]
    naming = _naming_schools(schools, silent)
    plants = []
    for plant, pair in read_proportions()["per_period"].items():
        if plant.startswith(("joined", "leave")) and len(owed_months(period)) < 2:
            continue
        for _ in range(scale_count(pair, scale)):
            row = _take(rows, plant, period, naming)
            if row is None:
                continue
            used.add(row["child"])
            others = _other_schools(naming, row)
            plants.append({
                "child": row["child"], "period": str(period), "plant": plant, "grade": row["grade"],
                "month": last_owed(period, row["grade"]), "at": others[row["child"] % len(others)] if others else None,
                "script": "", "reports": row["reports"],
            })  # fmt: skip
    return _give_scripts(plants, period)


def _naming_schools(schools: pl.DataFrame, silent: dict[str, str]) -> dict[str, list[str]]:
    """Schools that report every pupil by name, by stage."""
    naming = schools.filter((pl.col("reports") == "attendance") & ~pl.col("school_code").is_in(list(silent)))
    kinds = {"primary": ["小学", "九年一贯制学校"], "junior": ["初级中学", "九年一贯制学校", "完全中学"]}
    return {stage: sorted(naming.filter(pl.col("school_type").is_in(types))["school_code"]) for stage, types in kinds.items()}


def _other_schools(naming: dict[str, list[str]], row: dict) -> list[str]:
    """Those of the pupil's stage, its own apart."""
    return [code for code in naming["primary" if row["grade"] <= 6 else "junior"] if code != row["school"]]


def _take(rows: list[dict], plant: str, period: Bimester, naming: dict[str, list[str]]) -> dict | None:
    """The next pupil that fits a plant."""
    for i in range(len(rows) - 1, -1, -1):
        row = rows[i]
        fits = (row["entry"] > row["cohort"]) == (plant == "over_age_gone") and row["entry"] >= row["cohort"]
        if plant == "unlisted":
            fits &= row["reports"] == "attendance"
        if plant == "other_list":
            fits &= bool(_other_schools(naming, row))
        if plant.startswith(("joined", "leave")):
            fits &= row["grade"] != 9 or len(owed_months(period, 9)) == 2
        if fits and last_owed(period, row["grade"]):
            return rows.pop(i)
    return None


def _give_scripts(plants: list[dict], period: Bimester) -> list[dict]:
    """Deal the scripts round, so that every period sees every way a case can go."""
    absent = [p for p in plants if p["plant"] in ABSENT_PLANTS and p["plant"] != "over_age_gone"]
    start = horizon().index(period)
    for i, plant in enumerate(absent):
        plant["script"] = SCRIPTS[(i + start * 3) % len(SCRIPTS)]
    return plants


def _states_of(plant: dict, period: Bimester, schools: pl.DataFrame) -> list[dict]:
    """The exceptions of a plant in its own period."""
    months, last = owed_months(period, plant["grade"]), plant["month"]
    days = school_days(last)
    before = school_days(months[-2]) if len(months) > 1 else ()

    def row(state: str, run: int | None, since: date | None, month: str = last) -> dict:
        at = plant["at"] if state == "elsewhere" else None
        return {"child": plant["child"], "period": str(period), "month": month, "state": state, "days": run,
                "since": since, "plant": plant["plant"], "at": at}  # fmt: skip

    if plant["plant"] == "leave_two_months":
        return [row("请假", 3, school_days(month)[2], month) for month in months]
    run = {"joined_five": (3, 2), "joined_four": (2, 2)}.get(plant["plant"])
    if run:
        since = before[-run[0]]
        return [row("无故缺勤", run[0], since, months[-2]), row("无故缺勤", run[1], since)]
    return [{
        "skip_five": row("无故缺勤", 5, days[-8]),
        "skip_four": row("无故缺勤", 4, days[-8]),
        "skip_uncounted": row("无故缺勤", None, None),
        "unlisted": row("unlisted", None, None),
        "other_list": row("elsewhere", None, None),
        "excused_suspended": row("离校未归", None, days[2]),
    }.get(plant["plant"], row("离校未归", None, days[3]))]  # fmt: skip


def _stay_away(plants: list[dict], records: dict[str, pl.DataFrame]) -> list[dict]:
    """Those whose script keeps them away: 离校未归 in every later month in which they owe attendance."""
    rows = []
    for period in horizon():
        grade = dict(records[str(period)].filter(~pl.col("second")).select("child", "grade").iter_rows())
        for plant in plants:
            stays = plant["script"] in STAYING or plant["plant"] in ("excused_elsewhere", "over_age_gone")
            if not stays or plant["child"] not in grade or str(period) <= plant["period"]:
                continue
            for month in owed_months(period, grade[plant["child"]]):
                rows.append({"child": plant["child"], "period": str(period), "month": month, "state": "离校未归",
                             "days": None, "since": school_days(plant["month"])[3], "plant": "stays", "at": None})  # fmt: skip
    return rows


def _leave_again(plants: list[dict], records: dict[str, pl.DataFrame]) -> list[dict]:
    """Those who came back and are away again, six school days running, in the last month of the next period."""
    rows = []
    for plant in (p for p in plants if p["script"] == "relapsed"):
        period = Bimester.parse(plant["period"]).next()
        frame = records.get(str(period))
        grade = dict(frame.filter(~pl.col("second")).select("child", "grade").iter_rows()).get(plant["child"]) if frame is not None else None
        month = last_owed(period, grade) if grade else None
        if month:
            rows.append({"child": plant["child"], "period": str(period), "month": month, "state": "无故缺勤",
                         "days": 6, "since": school_days(month)[-9], "plant": "again", "at": None})  # fmt: skip
    return rows


def _suspended(records: dict[str, pl.DataFrame], taken: pl.DataFrame) -> pl.DataFrame:
    rows = [
        {"child": child, "period": str(period), "month": month, "state": "休学", "plant": ""}
        for period in horizon()
        for child, grade in records[str(period)].filter(pl.col("status") == "休学").select("child", "grade").iter_rows()
        for month in owed_months(period, grade)
    ]
    return pl.DataFrame(rows, schema=SCHEMA).join(taken, on=["child", "month"], how="anti", maintain_order="left")


def _on_leave(records: dict[str, pl.DataFrame], taken: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Ordinary leave (请假) of about one pupil in a hundred a month."""
    share = read_proportions()["flags"]["leave_a_month"]
    parts = []
    for period in horizon():
        here = records[str(period)].filter((pl.col("status") == "在读") & ~pl.col("second"))
        for month in owed_months(period):
            rng = seeded(seed, "leave", month)
            drawn = here.filter(pl.Series(rng.random(len(here)) < share))
            if month not in owed_months(period, 9):
                drawn = drawn.filter(pl.col("grade") < 9)
            days = np.array(school_days(month))
            start = rng.integers(0, len(days) - 2, len(drawn))
            parts.append(drawn.select(
                "child", pl.lit(str(period)).alias("period"), pl.lit(month).alias("month"), pl.lit("请假").alias("state"),
                pl.Series("days", rng.integers(1, 3, len(drawn))), pl.Series("since", days[start].tolist(), dtype=pl.Date),
                pl.lit("").alias("plant"), pl.lit(None, dtype=pl.String).alias("at"),
            ))  # fmt: skip
    return pl.concat(parts).join(taken, on=["child", "month"], how="anti", maintain_order="left")


def _plan_open_classes(
    schools: pl.DataFrame, records: dict[str, pl.DataFrame], states: pl.DataFrame, silent: dict[str, dict[str, str]],
    scale: float,
) -> pl.DataFrame:  # fmt: skip
    """Classes whose numbers do not add up: most of a `low` school, and a few in big schools that report well."""
    roll = schools.filter(pl.col("reports") == "roll")["school_code"].to_list()
    rows = []
    for period in horizon():
        live = records[str(period)].filter(pl.col("school").is_in(roll) & pl.col("status").is_in(["在读", "休学", "转出中"]))
        classes = live.group_by("school", "grade", "class_name", maintain_order=True).len().with_columns(
            pl.len().over("school").alias("classes"), pl.col("len").sum().over("school").alias("pupils")
        )  # fmt: skip
        low = [s for s, kind in silent[str(period)].items() if kind == "low"]
        for month in owed_months(period):
            listed = states.filter(pl.col("month") == month).join(live, on="child")
            clean = classes.join(listed, on=["school", "grade", "class_name"], how="anti", maintain_order="left")
            few = clean.filter(
                ~pl.col("school").is_in(list(silent[str(period)])) & (pl.col("len") * 12 < pl.col("pupils"))
                & (pl.col("grade") < 9)
            )  # fmt: skip
            few = few.unique("school", keep="first", maintain_order=True).head(max(1, round(12 * scale)))
            most = classes.filter(pl.col("school").is_in(low) & (pl.col("grade") % 3 != 0))
            both = pl.concat([few, most]).select("school", "grade", "class_name")
            # one class in twelve that do not close has nonsense for a number
            rows += [{"month": month, "school": school, "grade": grade, "class_name": name, "nonsense": i < len(few) and i % 12 == 0}
                     for i, (school, grade, name) in enumerate(both.iter_rows())]  # fmt: skip
    return pl.DataFrame(rows)
