"""在校情况: one workbook a school; a row per pupil from some, class totals and a list of who is missing from most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from schemas.bimester import Bimester
from transforms.sample.faults import break_id_rule, break_place_rule
from transforms.sample.plan import FilePlan, add_faults, to_rows
from transforms.sample.registry import current_records
from transforms.sample.sheets import Look, Sheet, show_date
from transforms.sample.timeline import owed_months, school_days
from transforms.sample.world import World

GRADES = ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级", "七年级", "八年级", "九年级")
NOTES = ("填表人：教导处", "单位负责人：")
Row = dict[str, Any]


@dataclass(frozen=True)
class Desk:
    """One school's desk: how it keeps its files."""

    school: Row
    number: int
    months: tuple[str, ...]

    @property
    def suffix(self) -> str:
        """Xlsx mostly, some old .xls, some text."""
        return {3: ".xls", 6: ".csv", 8: ".csv"}.get(self.number % 10, ".xlsx")

    @property
    def in_title(self) -> bool:
        """Month and school stand in the title row, not in columns."""
        return self.number % 10 in (2, 3)

    @property
    def look(self) -> Look:
        """Headings and dates as this school types them."""
        marks = ("", "star", "required", "break", "space")[self.number % 5] if self.suffix == ".xlsx" else ""
        dates: tuple[int | str, ...] = (0, 1, "cell", 3, "serial", 4, 1, 2)
        form = dates[self.number % 8] if self.suffix != ".csv" else 2
        return Look(marks=marks, alias=self.number % 3, dates=form, blank_every=7 if self.number % 10 == 4 else 0)

    def month_text(self, month: str) -> str:
        """A month in one of three notations."""
        year, number = month.split("-")
        return (month, year + number, f"{year}年{int(number)}月")[self.number % 3]

    def code(self) -> str | int:
        """The school's code, a number cell in some workbooks."""
        code = self.school["school_code"]
        return int(code) if self.number % 4 == 1 and self.suffix != ".csv" else code


def plan_presence(world: World, period: Bimester) -> list[FilePlan]:
    """Every file of the schools that report; silent ones send nothing."""
    months = owed_months(period)
    if not months:
        return []
    pupils = seat_pupils(world, period)
    reporting = world.schools.filter(pl.col("reports").is_in(["attendance", "roll"]))
    files: list[FilePlan] = []
    groups = {str(key[0]): part for key, part in pupils.group_by("school", maintain_order=True)}
    for number, school in enumerate(reporting.iter_rows(named=True)):
        kind = world.presence.silent[str(period)].get(school["school_code"], "")
        sent = () if kind == "nothing" else months[:1] if kind == "second_month" else months
        part = groups.get(school["school_code"])
        if not sent or part is None:
            continue
        desk = Desk(school, number, sent)
        visitors = pupils.filter(pl.col("at") == school["school_code"])
        if school["school_code"] == host_school(world, period):
            visitors = pl.concat([visitors, seat_guests(world, period)], how="diagonal")
        files += _plan_attendance(desk, part, visitors) if school["reports"] == "attendance" else _plan_roll(world, desk, part)
    return files


def seat_pupils(world: World, period: Bimester) -> pl.DataFrame:
    """One row is a live record's child in a month that its grade owes, with its state there ('' = in class)."""
    current = current_records(world.records_of(period))
    people = world.children.select("child", "name", "id", "registry_fault", "no_hukou", "number_of")
    current = current.join(people, on="child", how="left", maintain_order="left")
    states = world.presence.states.select("child", "month", "state", "days", "since", "at")
    parts = []
    for month in owed_months(period):
        here = current if month in owed_months(period, 9) else current.filter(pl.col("grade") < 9)
        parts.append(here.with_columns(pl.lit(month).alias("month")))
    return (
        pl.concat(parts).join(states, on=["child", "month"], how="left", maintain_order="left")
        .with_columns(pl.col("state").fill_null("")).sort("month", "school", "grade", "class_name", "child")
    )  # fmt: skip


def host_school(world: World, period: Bimester) -> str:
    """The primary school that lets children without a record sit in class: the first that names every pupil, and is not silent."""
    naming = world.schools.filter((pl.col("reports") == "attendance") & (pl.col("school_type") == "小学"))["school_code"].to_list()
    return next((code for code in naming if code not in world.presence.silent[str(period)]), "")


def seat_guests(world: World, period: Bimester) -> pl.DataFrame:
    """Children with a record at school elsewhere who sit in a class here without one (在校无学籍): one row a month."""
    away = world.children.filter((pl.col("role") == "elsewhere") & pl.col("cohort").is_between(2020, 2023))
    few = away.head(max(1, round(8 * world.scale))).select("child", "name", "id", "registry_fault", "no_hukou", "number_of", "cohort")
    return pl.concat([
        few.with_columns(
            pl.lit(month).alias("month"), (period.school_year - pl.col("cohort") + 1).cast(pl.Int64).alias("grade"),
            pl.lit("1班").alias("class_name"), pl.lit("").alias("number"), pl.lit("").alias("state"),
            pl.lit(None, dtype=pl.Int64).alias("days"), pl.lit(None, dtype=pl.Date).alias("since"),
        )
        for month in owed_months(period)
    ]).drop("cohort")  # fmt: skip


def _plan_attendance(desk: Desk, pupils: pl.DataFrame, visitors: pl.DataFrame) -> list[FilePlan]:
    named = pupils.filter(~pl.col("state").is_in(["unlisted", "elsewhere"]))
    by_number = pupils["no_hukou"].any() and pupils["number_of"].null_count() == len(pupils)
    identity = "registry_number" if by_number else "id_number"
    columns = ["month", "school_code", "grade", "class_name", "name", identity, "days_due", "days_absent", "days_leave",
               "longest_unexcused_days", "absent_from", "presence_status", "last_seen_on"]  # fmt: skip
    rows, faults = [], []
    for row in [*named.iter_rows(named=True), *visitors.iter_rows(named=True)]:
        rows.append(_attendance_row(desk, row))
        if not by_number:
            faults.append((len(rows) - 1, break_id_rule(row)))
    return _bind(desk, "attendance", columns, rows, faults)


def _attendance_row(desk: Desk, row: Row) -> Row:
    days, state = len(school_days(row["month"])), row["state"] if row["state"] != "elsewhere" else ""
    unexcused = row["days"] if state == "无故缺勤" else 0 if not state or state == "请假" else None
    away = {"": 0, "请假": row["days"], "无故缺勤": row["days"]}.get(state, days)
    return {
        "raw_month": row["month"], "month": desk.month_text(row["month"]), "school_code": desk.code(),
        "grade": GRADES[row["grade"] - 1], "class_name": row["class_name"], "name": row["name"],
        "id_number": "" if row["no_hukou"] else row["id"], "registry_number": row["number"], "days_due": days,
        "days_absent": away, "days_leave": row["days"] if state == "请假" else 0, "longest_unexcused_days": unexcused,
        "absent_from": show_date(row["since"], desk.look.dates), "presence_status": state or "在校", "last_seen_on": "",
    }  # fmt: skip


def _plan_roll(world: World, desk: Desk, pupils: pl.DataFrame) -> list[FilePlan]:
    listed = [row for row in pupils.iter_rows(named=True) if row["state"]]
    rolls, roll_faults = _class_rows(world, desk, pupils)
    columns = ["month", "school_code", "grade", "class_name", "enrolled_count", "present_count", "remark"]
    files = _bind(desk, "class_roll", columns, rolls, roll_faults, _bind_absentees(desk, listed))
    return files


def _class_rows(world: World, desk: Desk, pupils: pl.DataFrame) -> tuple[list[Row], list[tuple[int, str]]]:
    """Totals of each class; those of `open_classes` do not add up, one of them is not even a number."""
    plan = world.presence.open_classes.filter(pl.col("school") == desk.school["school_code"])
    open_keys = set(plan.select("month", "grade", "class_name").iter_rows())
    nonsense = set(plan.filter("nonsense").select("month", "grade", "class_name").iter_rows())
    groups = pupils.group_by("month", "grade", "class_name", maintain_order=True).agg(
        pl.len().alias("n"), (pl.col("state") != "").sum().alias("listed")
    )
    rows, faults = [], []
    for month, grade, name, count, listed in groups.iter_rows():
        if month not in desk.months:
            continue
        is_open = (month, grade, name) in open_keys
        refused = (month, grade, name) in nonsense
        rows.append({
            "raw_month": month, "month": desk.month_text(month), "school_code": desk.code(), "grade": GRADES[grade - 1],
            "class_name": name, "enrolled_count": "四十余人" if refused else count + (2 if is_open else 0),
            "present_count": count - listed, "remark": "" if listed or is_open else "零报告",
        })  # fmt: skip
        faults.append((len(rows) - 1, "number_impossible" if refused else ""))
    return rows, faults


def _bind_absentees(desk: Desk, listed: list[Row]) -> tuple[list[str], list[Row], list[tuple[int, str]]]:
    """The list of who is missing: known by id and number, by number alone, or by class and name."""
    names = [(r["month"], r["grade"], r["class_name"], r["name"]) for r in listed]
    strange = any(r["number_of"] is not None for r in listed)
    shape = desk.number % 4
    if strange or (shape == 3 and len(set(names)) < len(names)):
        shape = 0
    identity = {2: ["registry_number"], 3: []}.get(shape, ["id_number", "registry_number"])
    columns = ["month", "school_code", "grade", "class_name", "name", *identity, "presence_status", "absent_from",
               "absent_days_running", "reason"]  # fmt: skip
    rows, faults = [], []
    for row in listed:
        if row["month"] not in desk.months:
            continue
        state = "离校未归" if row["state"] == "elsewhere" else row["state"]
        rows.append({
            "raw_month": row["month"], "month": desk.month_text(row["month"]), "school_code": desk.code(),
            "grade": GRADES[row["grade"] - 1], "class_name": row["class_name"], "name": row["name"],
            "id_number": "" if row["no_hukou"] else row["id"], "registry_number": row["number"],
            "presence_status": "旷课" if state == "无故缺勤" and desk.number % 2 else state,
            "absent_from": show_date(row["since"], desk.look.dates), "absent_days_running": row["days"],
            "reason": "生病" if state == "请假" else "",
        })  # fmt: skip
        faults.append((len(rows) - 1, break_place_rule(row) if "id_number" in identity else ""))
    return columns, rows, faults


def _bind(
    desk: Desk, extract: str, columns: Sequence[str], rows: list[Row], faults: list[tuple[int, str]],
    absentees: tuple[list[str], list[Row], list[tuple[int, str]]] | None = None,
) -> list[FilePlan]:  # fmt: skip
    """Sheets and files of a school: one sheet or one a month; text files one an extract."""
    tables = [(extract, columns, rows, faults)]
    if absentees:
        tables.append(("absentee", *absentees))
    by_month = desk.in_title or desk.number % 2 == 1
    sheets = []
    for kind, heads, lines, rules in tables:
        for months in [(m,) for m in desk.months] if by_month else [desk.months]:
            sheets.append(_sheet(desk, kind, heads, lines, rules, months))
    sheets = [sheet for sheet in sheets if sheet.rows or sheet.extract != "absentee"]
    return _files(desk, sheets)


def _sheet(
    desk: Desk, extract: str, columns: Sequence[str], rows: list[Row], faults: list[tuple[int, str]], months: Sequence[str]
) -> Sheet:
    """The rows of some months, with the title, notes and totals of this school."""
    keep = [i for i, row in enumerate(rows) if row["raw_month"] in months]
    place = {old: new for new, old in enumerate(keep)}
    heads = [name for name in columns if not (desk.in_title and name in ("month", "school_code"))]
    label = {"attendance": "在校学生月报", "class_roll": "班级在校情况汇总", "absentee": "不在校学生名单"}[extract]
    when = "、".join(f"{int(m[:4])}年{int(m[5:])}月" for m in months)
    titles: tuple[str, ...] = (f"{desk.school['school_name']}{when}{label}",)
    look = desk.look
    if desk.suffix == ".csv":
        titles = ()
    total = extract == "class_roll" and desk.number % 3 == 0 and desk.suffix != ".csv" and not faults_in(faults, keep)
    look = Look(
        titles, NOTES if desk.suffix == ".xlsx" and desk.number % 2 else (), total, look.marks, look.alias, look.dates,
        40 if extract == "attendance" and desk.number % 3 == 1 else 0, look.blank_every if extract == "class_roll" else 0,
        extract == "absentee" and desk.number % 10 == 5,
    )  # fmt: skip
    short = {"attendance": "月报", "class_roll": "班级汇总", "absentee": "不在校名单"}[extract]
    name = short if len(months) > 1 or len(desk.months) == 1 else f"{int(months[0][5:])}月{short}"
    sheet = Sheet(extract, name, heads, to_rows(heads, (rows[i] for i in keep)), look)
    return add_faults(sheet, [(place[i], rule) for i, rule in faults if i in place])


def faults_in(faults: list[tuple[int, str]], keep: list[int]) -> bool:
    """Whether any kept row breaks a rule: totals of such a column would not add up."""
    return any(rule for i, rule in faults if i in set(keep))


def _files(desk: Desk, sheets: list[Sheet]) -> list[FilePlan]:
    name = desk.school["school_name"]
    if desk.suffix == ".csv":
        encoding = "gb18030" if desk.number % 10 == 6 else "utf-8-sig"
        return [FilePlan(f"学校/{name}/{sheet.name}.csv", [sheet], encoding) for sheet in sheets]
    if desk.number % 7 == 5:
        return [FilePlan(f"{sheet.name[:sheet.name.find('月') + 1] or '两月'}/{name}_{sheet.name}{desk.suffix}", [sheet]) for sheet in sheets]
    return [FilePlan(f"学校/{desk.school['school_code']}{name}{desk.suffix}", sheets)]
