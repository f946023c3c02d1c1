"""Lists of children from other offices: poverty, disability, care, aid, vocational schools, examinations, the platform."""

from __future__ import annotations

from typing import Any

import polars as pl

from schemas.bimester import Bimester
from transforms.sample.names import check_digit
from transforms.sample.plan import FilePlan, add_faults, to_rows
from transforms.sample.registry import current_records
from transforms.sample.roster import WHOLE_PERIOD, list_roster
from transforms.sample.sheets import Look, Sheet
from transforms.sample.world import World

Row = dict[str, Any]
HOUSEHOLDS = ("脱贫户", "脱贫户", "脱贫不稳定户", "边缘易致贫户", "突发严重困难户", "低保", "低保边缘", "特困", "支出型困难", "其他低收入")
KINDS = ("视力", "听力", "言语", "肢体", "智力", "精神", "多重")


def plan_lists(world: World, period: Bimester, first: Bimester) -> list[FilePlan]:
    """The lists due in a period."""
    files: list[FilePlan] = []
    if period in (first, WHOLE_PERIOD):
        files += _monitored(world, period) + _disabled(world, period) + _care(world, period) + _vocational(world, period)
    if period == first or period.number in (3, 6):
        files += _aid(world, period) + _platform(world, period)
    if period.number in (2, 3):
        files += _examination(world, period)
    return files


def listed_children(world: World, period: Bimester) -> pl.DataFrame:
    """Children of the 底册 whom other offices can list: those with an id."""
    return list_roster(world, period).filter(~pl.col("no_hukou"))


def disability_of(frame: pl.DataFrame) -> pl.DataFrame:
    """Those with a disability, the home-taught included."""
    return frame.filter((pl.col("disability") != "无") | pl.col("home_taught") | (pl.col("role") == "home_unregistered"))


def _sheet(extract: str, name: str, columns: str, rows: list[Row], look: Look | None = None) -> Sheet:
    names = columns.split()
    sheet = Sheet(extract, name, names, to_rows(names, rows), look or Look())
    return add_faults(sheet, ((i, "id_place_unknown") for i, row in enumerate(rows) if row.get("id_number", "").startswith("9901")))


def _monitored(world: World, period: Bimester) -> list[FilePlan]:
    columns = "name id_number household_type household_head township village identified_on is_risk_gone pupil_state"
    rows = [
        {"name": c["name"], "id_number": c["id"], "household_type": HOUSEHOLDS[c["child"] % 10], "household_head": c["guardian"],
         "township": c["township"], "village": c["village"], "identified_on": "2020.6.30", "is_risk_gone": "否" if c["child"] % 3 else "是",
         "pupil_state": "义务教育阶段"}
        for c in listed_children(world, period).filter(pl.col("monitored")).iter_rows(named=True)
    ]  # fmt: skip
    look = Look(("脱贫户和监测对象家庭适龄儿童名单", "农业农村委提供"), marks="space", repeat_every=100)
    return [FilePlan("部门/农业农村委_脱贫监测.xlsx", [_sheet("monitored", "名单", columns, rows, look)])]


def _disabled(world: World, period: Bimester) -> list[FilePlan]:
    """One list with ids (some of them 20-digit 残疾证号 in the id column), one that has only the 残疾证号."""
    rows = []
    for c in disability_of(listed_children(world, period)).iter_rows(named=True):
        kind = c["disability"] if c["disability"] != "无" else "肢体"
        grade = 1 + c["child"] % 4
        number = f"{c['id']}{KINDS.index(kind) + 1}{grade}"
        place = placement_of(c)
        rows.append({
            "name": c["name"], "id_number": c["id"] if c["child"] % 7 else number, "disability_number": number, "disability_kind": kind,
            "disability_grade": "一二三四"[grade - 1] + "级", "township": c["township"], "village": c["village"], "address": c["address"],
            "placement": place, "home_lessons": 4 if place == "送教上门" else None,
        })  # fmt: skip
    common = "disability_kind disability_grade township village address placement home_lessons"
    cut = len(rows) * 2 // 3
    without = [{k: v for k, v in row.items() if k != "id_number"} for row in rows[cut:]]
    held = _sheet("disabled", "持证", "name id_number " + common, rows[:cut], Look(("残疾儿童少年名册",)))
    return [
        FilePlan("部门/残联_残疾儿童少年名册.xlsx", [held]),
        FilePlan("部门/残联_补充名单.xls", [_sheet("disabled", "补充", "name disability_number " + common, without)]),
    ]


def placement_of(child: Row) -> str:
    """安置方式 of a listed child."""
    if child["special"]:
        return "特殊教育学校"
    if child["home_taught"] or child["role"] == "home_unregistered":
        return "送教上门"
    if child["role"]:
        return "延缓入学" if child["role"] == "postponed" else "未安置"
    return ("普通学校就读", "随班就读")[child["child"] % 2]


def care_lists(children: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Children by the kind of care list that names them."""
    return {
        "留守儿童": children.filter(pl.col("left_behind") == 2), "孤儿": children.filter(pl.col("orphan")),
        "困境儿童": children.filter(pl.col("child") % 211 == 5), "事实无人抚养儿童": children.filter(pl.col("child") % 499 == 7),
    }  # fmt: skip


def guardianship_of(child: Row) -> tuple[str, str]:
    """监护情况 and 受委托照护人 of a child on a care list."""
    kinds = ("正常", "正常", "正常", "监护能力弱", "", "无人监护")
    return kinds[child["child"] % 6 if child["child"] % 5 == 0 else 0], child["guardian"] if child["child"] % 2 else ""


def _care(world: World, period: Bimester) -> list[FilePlan]:
    """One sheet a kind: the kind stands in a column here, in the title there."""
    sheets = []
    for kind, part in care_lists(listed_children(world, period)).items():
        rows = [
            {"name": c["name"], "id_number": c["id"], "care_kind": kind, "township": c["township"], "village": c["village"],
             "guardianship": guardianship_of(c)[0], "entrusted_carer": guardianship_of(c)[1], "phone": c["phone"]}
            for c in part.iter_rows(named=True)
        ]  # fmt: skip
        if rows:
            columns = "name id_number care_kind guardianship township village entrusted_carer phone"
            sheets.append(_sheet("care", kind, columns, rows, Look((f"{kind}名册",), ("填报单位：民政局",))))
    return [FilePlan("部门/民政_关爱儿童名册.xlsx", sheets)]


def vocational_pupils(world: World, period: Bimester) -> pl.DataFrame:
    """Those who finished early, and a few undisturbed pupils of grade 9 whom the school has taken before they finished."""
    grade_9 = current_records(world.records_of(period)).filter((pl.col("grade") == 9) & (pl.col("status") == "在读"))["child"]
    plain = world.children.filter(
        pl.col("child").is_in(grade_9.to_list()) & ~pl.col("child").is_in(world.presence.plants["child"].to_list()) & ~pl.col("quarantined")
        & ~pl.col("no_hukou") & ~pl.col("child").is_in(world.suspects["child"].to_list()) & pl.col("leave_on").is_null()
    )  # fmt: skip
    early = plain.gather_every(40)
    return pl.concat([world.children.filter(pl.col("role") == "done_early"), early])


def _vocational(world: World, period: Bimester) -> list[FilePlan]:
    """Pupils of the vocational school, most of them older than school age."""
    name = world.schools.filter(pl.col("school_type") == "中等职业学校")["school_name"][0]
    rows = [
        {"name": c["name"], "id_number": c["id"], "school_name": name, "major": "畜牧兽医", "vocational_entry": "2024-09-01",
         "registry_status": "在读"}
        for c in vocational_pupils(world, period).iter_rows(named=True)
    ]  # fmt: skip
    columns = "name id_number school_name major vocational_entry registry_status"
    return [FilePlan("中职/中职在校生名册.xlsx", [_sheet("vocational", "在校生", columns, rows)])]


def _aid(world: World, period: Bimester) -> list[FilePlan]:
    current = current_records(world.records_of(period)).join(
        world.children.filter(pl.col("monitored") & ~pl.col("no_hukou")), on="child", how="inner", maintain_order="left"
    )
    rows = [
        {"name": c["name"], "id_number": c["id"], "registry_number": c["number"], "school_code": c["school"], "aid_item": "家庭经济困难学生生活补助",
         "amount": 375 if c["grade"] > 6 else 312.5, "paid_on": f"{period.first_day:%Y-%m}-20"}
        for c in current.sort("school", "child").iter_rows(named=True)
    ]  # fmt: skip
    columns = "name id_number registry_number school_code aid_item amount paid_on"
    body = "11010120140307001"
    rows.append({"name": "无名氏", "id_number": body + check_digit(body), "school_code": rows[0]["school_code"], "aid_item": "营养关爱",
                 "amount": "三百余元", "paid_on": f"{period.first_day:%Y-%m}-20"})  # fmt: skip
    sheet = add_faults(_sheet("aid", "", columns, rows), [(len(rows) - 1, "number_impossible")])
    return [FilePlan("资助/学生资助发放表.csv", [sheet], "utf-8-sig")]


def _platform(world: World, period: Bimester) -> list[FilePlan]:
    listed = world.suspects.filter(pl.col("period") <= str(period)).unique("child", keep="first", maintain_order=True)
    rows = [
        {"name": c["name"], "id_number": c["id"], "platform_status": "待核实", "platform_entered_on": f"{c['issued_on']:%Y-%m-%d}"}
        for c in listed.join(world.children, on="child", how="inner", maintain_order="left").filter(~pl.col("no_hukou")).iter_rows(named=True)
    ]  # fmt: skip
    columns = "name id_number platform_status platform_entered_on platform_closed_on"
    return [FilePlan("平台/平台在册台账.xlsx", [_sheet("platform", "台账", columns, rows)])] if rows else []


def _examination(world: World, period: Bimester) -> list[FilePlan]:
    current = current_records(world.records_of(period)).filter(pl.col("grade") == 9).join(
        world.children.filter(~pl.col("no_hukou")).select("child", "name", "id"), on="child", how="inner", maintain_order="left"
    )
    rows = [
        {"name": c["name"], "id_number": c["id"], "registry_number": c["number"], "school_code": c["school"]}
        for c in current.sort("school", "child").iter_rows(named=True)
    ]
    return [FilePlan("考试/中考报名名册.csv", [_sheet("exam_registration", "", "name id_number registry_number school_code", rows)], "gb18030")]
