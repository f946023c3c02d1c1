"""底册: the police list as one big workbook, a smaller list of residents from elsewhere, what a 镇街 found."""

from __future__ import annotations

from typing import Any

import polars as pl

from schemas.bimester import Bimester
from transforms.sample.faults import mend, spoil_id
from transforms.sample.plan import FilePlan, strength_of, to_rows
from transforms.sample.roster import PART_TOWNSHIP, also_listed, list_roster, roster_delivery
from transforms.sample.sheets import Look, Sheet, show_date
from transforms.sample.world import World

COLUMNS = (
    "name", "sex", "birth_date", "id_type", "id_number", "ethnicity", "hukou_status", "township", "village", "address",
    "guardian_name", "guardian_relation", "guardian_phone", "roster_status", "status_date", "roster_source",
)  # fmt: skip


def plan_roster(world: World, period: Bimester, first: Bimester) -> list[FilePlan]:
    """The files of a delivery, or none when the roster in force still holds."""
    delivery = roster_delivery(period, first)
    if not delivery:
        return []
    frame = list_roster(world, period)
    year = period.school_year
    if delivery == "part":
        part = frame.filter((pl.col("township") == PART_TOWNSHIP) & (pl.col("source") == "公安户籍"))
        look = Look((f"{PART_TOWNSHIP}适龄儿童少年底册（{period.last_day:%Y年%m月}更新）",), ("填报人：户籍内勤",), dates="cell")
        return [FilePlan(f"户籍/{PART_TOWNSHIP}底册更新.xlsx", [_fill(part, "底册", look, world.scale, False)])]
    police = frame.filter(pl.col("source") == "公安户籍")
    movers = frame.filter(pl.col("source") == "流动人口")
    found = frame.filter(pl.col("source") == "镇街摸排")
    second = also_listed(world, frame).with_columns(
        pl.lit("镇街摸排").alias("source"), pl.lit("").alias("address"), pl.lit("").alias("guardian"),
        pl.col("township", "village").reverse(),
    )
    title = (f"荣昌区{year}年适龄儿童少年底册（公安户籍）", f"数据时点：{period.last_day:%Y-%m-%d}")
    return [
        FilePlan(f"户籍/{year}适龄儿童少年底册.xlsx", [_fill(police, "户籍底册", Look(title, dates=1), world.scale, True)]),
        FilePlan("户籍/流动人口适龄儿童.csv", [_fill(movers, "", Look(dates=2, alias=1), world.scale, False)], "gb18030"),
        FilePlan("户籍/镇街摸排适龄儿童.xlsx", [
            _fill(pl.concat([found, second], how="diagonal"), "摸排", Look(("镇街摸排适龄儿童少年情况表",), ("填表人：村（社区）干部",),
                  dates=4, marks="required", blank_every=40), world.scale, False)
        ]),
    ]  # fmt: skip


def _fill(frame: pl.DataFrame, name: str, look: Look, scale: float, nobodies: bool) -> Sheet:
    """Text rows with their faults."""
    sheet = Sheet("child", name, COLUMNS, [], look)
    for i, child in enumerate(frame.sort("township", "village", "child").iter_rows(named=True)):
        for row, rules in _write(child, look, i):
            sheet.faults += [(len(sheet.rows), rule, strength_of(rule)) for rule in rules]
            sheet.rows += to_rows(COLUMNS, [row])
        if nobodies and i % max(5, round(4000 / max(1, 12 * scale))) == 3 and _is_clean(child):
            sheet.rows.append(sheet.rows[-1])
            sheet.merged += 1
    if nobodies:
        for _ in range(max(1, round(4 * scale))):
            sheet.faults += [(len(sheet.rows), rule, strength_of(rule)) for rule in ("id_empty", "identity_missing")]
            sheet.rows += to_rows(COLUMNS, [{"name": "无名氏", "township": "昌元街道", "roster_source": "公安户籍"}])
    return sheet


def _is_clean(child: dict[str, Any]) -> bool:
    return not (child["roster_fault"] or child["roster_refused"] or child["mend"] or child["registry_fault"])


def _write(child: dict[str, Any], look: Look, i: int) -> list[tuple[dict[str, Any], list[str]]]:
    """The row or rows of a child in one source, with the rules they break."""
    given = {"name": child["name"], "sex": child["sex"], "birth_date": child["birth"], "id_number": child["id"]}
    # second sources carry no faults of their own
    fault = child["roster_fault"] if child["source"] != "镇街摸排" or child["no_hukou"] else ""
    if child["no_hukou"]:
        given["id_number"] = ""
    elif fault and fault not in ("village_unknown",):
        given = spoil_id(fault, given)
    elif child["mend"]:
        given = mend(child["mend"], given)
    row = given | {
        "sex": ("男", "女")[given["sex"] - 1], "birth_date": show_date(given["birth_date"], look.dates),
        "id_type": "其他" if child["no_hukou"] else "居民身份证", "ethnicity": child["ethnicity"], "hukou_status": child["hukou"],
        "township": child["township"], "village": child["village"], "address": child["address"],
        "guardian_name": child["guardian"], "guardian_relation": child["relation"], "guardian_phone": child["phone"],
        "roster_status": child["status"] if child["status"] != "正常" or i % 3 else "", "status_date": show_date(child["status_on"], look.dates),
        "roster_source": child["source"],
    }  # fmt: skip
    rules = [fault] if fault else []
    if child["cohort"] == 2009:
        rules = []  # the age rule is about records
    if child["no_hukou"]:
        rules = []  # contract §3: the id of a child without 户籍 stays empty
    if fault == "village_unknown":
        row["village"] = "无名村"
    return _refuse(row, child) if child["roster_refused"] and child["source"] == "公安户籍" else [(row, rules)]


def _refuse(row: dict[str, Any], child: dict[str, Any]) -> list[tuple[dict[str, Any], list[str]]]:
    rule = child["roster_refused"]
    if rule == "duplicate_conflict":
        return [(row, [rule]), (row | {"address": "重庆市荣昌区（另一处）"}, [rule])]
    changed = {
        "township_unknown": {"township": "渝北街道"}, "required_empty": {"township": ""},
        "code_unknown": {"hukou_status": "不详户"}, "date_impossible": {"birth_date": "20150231"},
    }[rule]  # fmt: skip
    return [(row | changed, [rule])]
