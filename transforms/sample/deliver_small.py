"""The other registers and reports, each at its natural rhythm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from schemas.bimester import Bimester
from transforms.sample.deliver_lists import plan_lists
from transforms.sample.plan import FilePlan, add_faults, to_rows
from transforms.sample.registry import current_records
from transforms.sample.roster import WHOLE_PERIOD, list_roster
from transforms.sample.settings import seeded
from transforms.sample.sheets import Look, Sheet
from transforms.sample.timeline import owed_months
from transforms.sample.world import World

Row = dict[str, Any]


def plan_small(world: World, period: Bimester, first: Bimester) -> list[FilePlan]:
    """The extracts that are due in a period; the registers among them also in the first period delivered."""
    opening = period in (first, WHOLE_PERIOD)
    due: list[tuple[bool, Callable[[World, Bimester], list[FilePlan]]]] = [
        (opening, _schools), (opening, _areas), (opening, _cohorts),
        (period == first or period.number in (3, 6), _sealed), (bool(owed_months(period)), _school_work),
        (period.number in (3, 6), _reported), (period.number in (3, 4, 5), _intake),
    ]  # fmt: skip
    files = [plan for is_due, make in due if is_due for plan in make(world, period)]
    return files + plan_lists(world, period, first)


def _sheet(extract: str, name: str, columns: str, rows: list[Row], look: Look | None = None) -> Sheet:
    names = columns.split()
    return Sheet(extract, name, names, to_rows(names, rows), look or Look())


def _schools(world: World, period: Bimester) -> list[FilePlan]:
    columns = ("school_code school_name school_type founder_type township school_zone supervision_zone supervisor urban_rural "
               "is_key_area central_school_code school_status successor_code effective_date principal contact phone")  # fmt: skip
    look = Look((f"荣昌区{period.school_year}学年学校名册",), ("填表人：基教科",), marks="star")
    return [FilePlan("名册/学校名册.xlsx", [_sheet("school", "学校名册", columns, world.schools.to_dicts(), look)])]


def junior_schools(world: World) -> dict[tuple[str, str], str]:
    """对口初中 of each 村社 whose 镇街 has one: (镇街, 村社) → school."""
    open_schools = world.schools.filter((pl.col("school_status") == "正常") & (pl.col("school_type") == "初级中学"))
    found = {}
    for i, area in enumerate(world.areas.iter_rows(named=True)):
        here = open_schools.filter(pl.col("township") == area["township"])["school_code"].to_list()
        if area["level"] != "township" and here:
            found[area["township"], area["name"]] = here[i % len(here)]
    return found


def _areas(world: World, period: Bimester) -> list[FilePlan]:
    columns = "level area_name parent_township area_code key_area_types primary_school_code junior_school_code responsible_person phone"
    schools, juniors = world.schools.filter(pl.col("school_status") == "正常"), junior_schools(world)
    rows = []
    for i, area in enumerate(world.areas.iter_rows(named=True)):
        is_town = area["level"] == "township"
        town = area["name"] if is_town else area["township"]
        here = schools.filter(pl.col("township") == town)
        primary = here.filter(pl.col("school_type") == "小学")["school_code"].to_list()
        rows.append({
            "level": "镇街" if is_town else "村社", "area_name": area["name"], "parent_township": "" if is_town else town,
            "area_code": area["code"], "key_area_types": ("农村", "农村、边远", "", "")[i % 4] if area["kind"] == "rural" else "",
            # no 对口学校 here: the school level of population rates comes from the intake register alone
            "primary_school_code": "" if is_town or not primary else primary[i % len(primary)],
            "junior_school_code": juniors.get((town, area["name"]), "") if not is_town else "", "responsible_person": "包片干部",
        })  # fmt: skip
    return [FilePlan("名册/镇街村社名册.xls", [_sheet("area", "镇街村社", columns, rows, Look(("镇街村社名册",)))])]


def _cohorts(world: World, period: Bimester) -> list[FilePlan]:
    columns = "entry_year school_code entry_grade entrants year_start_count moved_in_total moved_out_total died_total abroad_total"
    look = Look(("历届入学人数统计表",), total=True, repeat_every=50)
    return [FilePlan("统计/历届入学人数.xlsx", [_sheet("cohort", "历届入学人数", columns, list_cohorts(world, period), look)])]


def list_cohorts(world: World, period: Bimester) -> list[Row]:
    """Entrants of the last nine years by school: from the children of today, with movements drawn."""
    rng = seeded(world.seed, "cohorts", period.school_year)
    pupils = world.records_of(period).filter(~pl.col("second")).join(world.children.select("child", "entry"), on="child")
    pupils = pupils.with_columns((pl.col("grade") > 6).alias("junior"))
    rows = []
    for (school, stage), part in pupils.sort("school", "grade").group_by(
        "school", "junior", maintain_order=True
    ):
        for year in range(period.school_year - (2 if stage else 8), period.school_year + 1):
            now = _count_cohort(pupils, part, period.school_year - year + (7 if stage else 1))
            inward, outward = (int(n) for n in rng.integers(0, 1 + now // 20, 2))
            entrants = max(0, now - inward + outward + int(rng.integers(0, 2)))
            rows.append({
                "entry_year": year, "school_code": school, "entry_grade": 7 if stage else 1, "entrants": entrants,
                "year_start_count": entrants + 1, "moved_in_total": inward, "moved_out_total": outward, "died_total": 0,
                "abroad_total": 0,
            })  # fmt: skip
    return rows


def _count_cohort(pupils: pl.DataFrame, part: pl.DataFrame, grade: int) -> int:
    """Pupils of a school's cohort today; once it has left primary school, the school's share of the district's grade."""
    own = part.filter(pl.col("grade") == grade)
    if len(own) or grade <= 6 or bool(part["junior"][0]):
        return len(own)
    share = len(part) / len(pupils.filter(~pl.col("junior")))
    return round(len(pupils.filter(pl.col("grade") == grade)) * share)


def _sealed(world: World, period: Bimester) -> list[FilePlan]:
    towns = world.areas.filter(pl.col("level") == "township")["name"].to_list()
    rows = [
        {"township": t, "people": i % 4, "present_count": min(i % 3, i % 4), "people_out_of_school": i % 4 - min(i % 3, i % 4)}
        for i, t in enumerate(towns)
    ]
    sheet = _sheet("sealed", "只报人数", "township people present_count people_out_of_school", rows, Look(total=True))
    return [FilePlan("部门/涉案未成年人情况（只报人数）.xlsx", [sheet])]


def _school_work(world: World, period: Bimester) -> list[FilePlan]:
    columns = ("month school_code grade_band study_hours homework_minutes exams aids_per_subject sport_hours social_practice contests "
               "struggling_pupils help_plans law_sessions law_reached home_visits has_plan study_meetings funds responsible_person")  # fmt: skip
    rows = list_school_work(world, period)
    return [FilePlan("学校工作/学校工作月报.xlsx", [_sheet("school_work", "月报", columns, rows, Look(marks="break", total=False))])]


BANDS = {"小学": ("三至六年级", "一二年级"), "教学点": ("一二年级", "三至六年级"), "初级中学": ("初中",), "完全中学": ("初中",)}
WITHIN = {"一二年级": (6, 0), "三至六年级": (6, 60), "初中": (8, 90)}  # study hours and minutes of homework that break no limit


def list_school_work(world: World, period: Bimester) -> list[Row]:
    """One row is a school and month, in proportion to its pupils; of six schools, five break one limit each.

    Too much homework, too long a day, an exam every month, too many study aids, too little sport.
    """
    live = dict(current_records(world.records_of(period)).group_by("school").len().iter_rows())
    rows = []
    for month in owed_months(period):
        reporting = world.schools.filter(pl.col("reports") != "none").select("school_code", "school_type")
        for i, (code, kind) in enumerate(reporting.iter_rows()):
            pupils, bands = live.get(code, 0), BANDS.get(kind, tuple(WITHIN))
            band = bands[i % len(bands)]
            hours, minutes = WITHIN[band]
            rows.append({
                "month": month, "school_code": code, "grade_band": band, "study_hours": hours + (i % 6 == 1),
                "homework_minutes": minutes + 10 * (i % 6 == 0), "exams": int(i % 6 == 2), "aids_per_subject": 1 + (i % 6 == 3),
                "sport_hours": 2 - (i % 6 == 4), "social_practice": 1,
                "contests": 0, "struggling_pupils": pupils // 20, "help_plans": pupils // 22, "law_sessions": 1, "law_reached": pupils,
                "home_visits": pupils // 3, "has_plan": "是" if i % 9 else "否", "study_meetings": 1, "funds": 5000, "responsible_person": "副校长",
            })  # fmt: skip
    return rows


def _reported(world: World, period: Bimester) -> list[FilePlan]:
    before = period.previous()
    rows = [
        {"reported_period": str(before), "reported_indicator": "适龄儿童少年入学率", "reported_value": 0.9985, "reported_to": "市教委",
         "sent_on": f"{period.first_day:%Y-%m}-12"},
        {"reported_period": str(before), "reported_indicator": "辍学人数", "reported_value": 12, "reported_to": "市教委",
         "sent_on": f"{period.first_day:%Y-%m}-12"},
    ]  # fmt: skip
    columns = "reported_period reported_indicator reported_value reported_to sent_on"
    return [FilePlan("平台/已上报数据.csv", [_sheet("reported", "", columns, rows)], "utf-8-sig")]


def _intake(world: World, period: Bimester) -> list[FilePlan]:
    """新生名册: the autumn's first-years with a record to come, known before their school has them.

    In 5—6月 it comes from the assignment, before any notice has a number; later with what the schools served.
    """
    columns = "name id_number sex birth_date intake_school_code guardian_name reported_on admission_number served_on"
    year = period.year
    here = pl.col("join_on").is_null() | (pl.col("join_on") <= period.last_day)
    coming = list_roster(world, Bimester(year, 5)).filter(here)  # those of the autumn, whom the 底册 may not list yet
    new = coming.filter((pl.col("entry") == year) & (pl.col("role") == "") & ~pl.col("no_hukou"))
    points = dict(world.schools.filter(pl.col("school_type") == "教学点").select("school_code", "central_school_code").iter_rows())
    rows, faults = [], []
    for i, child in enumerate(new.iter_rows(named=True)):
        rows.append({
            "name": child["name"], "id_number": child["id"], "sex": ("男", "女")[child["sex"] - 1], "birth_date": f"{child['birth']:%Y-%m-%d}",
            "intake_school_code": points.get(child["primary"], child["primary"]), "guardian_name": child["guardian"],
            "reported_on": f"{year}-09-01" if period.number == 5 else "",
            "admission_number": "" if period.number == 3 else f"入学〔{year}〕{i + 1}号",
            "served_on": "" if period.number == 3 else f"{year}-07-20",
        })  # fmt: skip
        faults.append((i, "id_place_unknown" if child["registry_fault"] == "id_place_unknown" else ""))
    sheet = add_faults(_sheet("intake", "新生名册", columns, rows), faults)
    return [FilePlan(f"招生/{year}年小学新生名册.csv", [sheet], "gb18030")]
