"""Flows about children: lists, feedback, visits, movements. The first delivery carries what came before it."""

from __future__ import annotations

from typing import Any

import polars as pl

from schemas.bimester import Bimester
from transforms.sample.faults import break_id_rule
from transforms.sample.names import check_digit
from transforms.sample.plan import FilePlan, add_faults, to_rows
from transforms.sample.sheets import Look, Sheet, show_date
from transforms.sample.suspects import SUSPECT_FAULTS, write_suspect
from transforms.sample.world import World

Row = dict[str, Any]
ELSEWHERE = ("四川省泸州市泸县第二中学", "重庆市大足区龙岗小学", "四川省内江市第六小学", "广东省东莞市长安镇某学校")


def learned_in(frame: pl.DataFrame, period: Bimester, first: Bimester) -> pl.DataFrame:
    """Rows that a period's delivery brings: its own, and before the first delivery everything older."""
    learned = pl.col("learned")
    return frame.filter(learned <= str(period) if period == first else learned == str(period))


def plan_feedback(world: World, period: Bimester, first: Bimester) -> list[FilePlan]:
    """Verification by 镇街 (and one of the police), visits, movements and the batch of suspects of a period."""
    files = _plan_verification(world, period, first)
    files += _plan_visits(world, period, first)
    files += _plan_movements(world, period, first)
    files += _plan_suspects(world, period)
    return files


def _people(world: World, frame: pl.DataFrame) -> pl.DataFrame:
    people = world.children.select("child", "name", "id", "township", "village", "registry_fault", "no_hukou")
    return frame.join(people, on="child", how="left", maintain_order="left")


def _plan_verification(world: World, period: Bimester, first: Bimester) -> list[FilePlan]:
    rows = _people(world, learned_in(world.verifications, period, first)).sort("day", "order")
    rows = rows.unique(["child", "day", "unit", "result"], keep="last", maintain_order=True)
    columns = ("name", "id_number", "verified_on", "verifying_unit", "verification_result", "destination", "school_attended",
               "registry_number_elsewhere", "evidence", "verification_method", "ends_on", "verifier", "reviewer", "reviewed_on")  # fmt: skip
    files = []
    for number, ((town,), part) in enumerate(rows.group_by("township", maintain_order=True)):
        look = Look((f"{town}疑似辍学学生核实反馈表",), ("填报单位（盖章）：", "审核人："), marks="required" if number % 2 else "",
                    dates=number % 5, blank_every=0)  # fmt: skip
        lines = [_verification_row(row, look) for row in part.iter_rows(named=True)]
        sheet = Sheet("verification", "核实反馈", columns, to_rows(columns, lines), look)
        add_faults(sheet, ((i, break_id_rule(row)) for i, row in enumerate(part.iter_rows(named=True))))
        files.append(FilePlan(f"核实/{town}核实反馈{'.xls' if number % 6 == 5 else '.xlsx'}", [sheet]))
    if files:
        _add_bad_feedback(max((plan.sheets[0] for plan in files), key=lambda sheet: len(sheet.rows)))
    return files


def _verification_row(row: Row, look: Look) -> Row:
    """Evidence given means that 佐证材料 (and 就读学校名称 for a school elsewhere) is filled in; else all stay empty."""
    result, evident = row["result"], row["evident"]
    away = result in ("外地就读有学籍", "外地就读无学籍", "中职就读")
    proof = {"死亡": "死亡证明", "出国(境)": "签证复印件", "休学": "休学审批表", "延缓入学": "延缓入学批准书"}.get(result, "村（社区）证明")
    number = f"G510521{row['child']:012d}" if result == "外地就读有学籍" and evident and row["child"] % 3 else ""
    return {
        "name": row["name"], "id_number": row["id"], "verified_on": show_date(row["day"], look.dates),
        "verifying_unit": row["unit"], "verification_result": result, "destination": "外省市" if away else "",
        "school_attended": ELSEWHERE[row["child"] % 4] if away and evident else "", "registry_number_elsewhere": number,
        "evidence": proof if evident and result not in ("失学", "确认辍学", "失联", "其他") else "",
        "verification_method": row["method"], "ends_on": show_date(row["ends_on"], look.dates), "verifier": "村社干部",
        "reviewer": "区教委审核人" if row["signed"] else "", "reviewed_on": show_date(row["signed_on"], look.dates),
    }  # fmt: skip


def _add_bad_feedback(sheet: Sheet) -> None:
    """One row without a result, one with an impossible day: refused, and nobody's."""
    for i, (day, result, rule) in enumerate((("2024-13-40", "死亡", "date_impossible"), ("2024-09-10", "", "required_empty"),
                                             ("2024-09-10", "去向不清楚", "code_unknown"))):  # fmt: skip
        row = {"name": "无名氏", "id_number": ("110101201403070012", "11010120140307008X", "110101201403070020")[i], "verified_on": day,
               "verifying_unit": "镇街", "verification_result": result}  # fmt: skip
        row["id_number"] = row["id_number"][:17] + check_digit(row["id_number"][:17])
        add_faults(sheet, [(len(sheet.rows), rule)])
        sheet.rows += to_rows(sheet.columns, [row])


def _plan_visits(world: World, period: Bimester, first: Bimester) -> list[FilePlan]:
    rows = _people(world, learned_in(world.visits, period, first)).sort("day", "order")
    if not len(rows):
        return []
    columns = ("name", "id_number", "visited_on", "visiting_unit", "visitor", "visit_method", "notice_title", "notice_number",
               "served_on", "dropped_out_on", "dropout_reason", "visit_result", "returned_on", "return_placement", "note")  # fmt: skip
    look = Look(("荣昌区义务教育阶段学生劝返记录汇总表",), ("填报日期：",), dates="cell", marks="star")
    reasons = ("学习困难", "外出务工", "早婚早育", "家庭变故", "沉迷网络", "疾病")
    lines = [
        {
            "name": row["name"], "id_number": row["id"], "visited_on": show_date(row["day"], look.dates), "visiting_unit": row["unit"],
            "visitor": "班主任、村社干部", "visit_method": "家访", **_serve_notice(row, look),
            "dropped_out_on": show_date(row["left_on"], look.dates),
            "dropout_reason": reasons[row["child"] % 6] if row["left_on"] else "", "visit_result": row["result"],
            "returned_on": show_date(row["returned_on"], look.dates), "return_placement": "插班" if row["result"] == "已复学" else "",
        }
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip
    sheet = Sheet("persuasion", "劝返记录", columns, to_rows(columns, lines), look)
    add_faults(sheet, ((i, break_id_rule(row)) for i, row in enumerate(rows.iter_rows(named=True))))
    return [FilePlan(f"劝返/{period.label}劝返记录.xlsx", [sheet])]


def _serve_notice(row: Row, look: Look) -> Row:
    """Whoever finds the guardian and does not bring the child back hands over the school's 劝学通知书; one in four has none."""
    if row["result"] not in ("未返校", "承诺复学") or row["child"] % 4 == 3:
        return {}
    return {"notice_title": "劝学通知书", "served_on": show_date(row["day"], look.dates)}


def _plan_movements(world: World, period: Bimester, first: Bimester) -> list[FilePlan]:
    rows = _people(world, learned_in(world.movements, period, first)).sort("day", "child", "kind")
    names = dict(world.schools.select("school_code", "school_name").iter_rows())
    columns = ("name", "id_number", "registry_number", "movement_type", "moved_on", "ends_on", "grade", "from_school_code",
               "from_school_name", "to_school_code", "to_school_name", "to_area_code", "movement_state")  # fmt: skip
    look = Look(dates=0)
    lines = [_movement_row(row, names, look) for row in rows.iter_rows(named=True)]
    sheet = Sheet("movement", "学籍异动", columns, to_rows(columns, lines), look)
    add_faults(sheet, ((i, break_id_rule(row)) for i, row in enumerate(rows.iter_rows(named=True))))
    return [FilePlan(f"学籍/学籍异动_{period.last_day:%Y%m%d}.csv", [sheet], "utf-8")] if lines else []


def _movement_row(row: Row, names: dict[str, str], look: Look) -> Row:
    receiver, sender = row["receiver"] or "", row["sender"] or ""
    return {
        "name": row["name"], "id_number": row["id"], "registry_number": "" if row["no_hukou"] else "G" + row["id"],
        "movement_type": row["kind"], "moved_on": show_date(row["day"], look.dates), "ends_on": show_date(row["ends_on"], look.dates),
        "grade": row["grade"], "from_school_code": sender if sender in names else "", "from_school_name": names.get(sender, sender),
        "to_school_code": receiver if receiver in names else "", "to_school_name": names.get(receiver, receiver),
        "to_area_code": "" if receiver in names or not receiver else "511028", "movement_state": row["state"],
    }  # fmt: skip


def _plan_suspects(world: World, period: Bimester) -> list[FilePlan]:
    batch = world.suspects.filter(pl.col("period") == str(period))
    if not len(batch):
        return []
    numbers = dict(world.records_of(period).filter(~pl.col("second")).select("child", "number").iter_rows())
    schools = dict(world.records_of(period).filter(~pl.col("second")).select("child", "written_code").iter_rows())
    names = dict(world.schools.select("school_code", "school_name").iter_rows())
    people = {row["child"]: row for row in _children_of(world, batch).iter_rows(named=True)}
    columns = ("batch", "issued_on", "verify_by", "suspect_source", "name", "id_number", "registry_number", "sex", "birth_date",
               "township", "village", "former_school_code", "former_school_name", "suspect_type")  # fmt: skip
    look = Look((f"{period.year}年疑似辍学学生名单（平台下发）",), dates=2)
    sheet = Sheet("suspect", "疑似名单", columns, [], look)
    for i, row in enumerate(batch.iter_rows(named=True)):
        child = people[row["child"]]
        shown = write_suspect(child, row, numbers.get(row["child"], "G" + child["id"]))
        code = schools.get(row["child"], "")
        line = shown | {
            "batch": row["batch"], "issued_on": show_date(row["issued_on"], 2), "verify_by": show_date(row["verify_by"], 2),
            "suspect_source": "平台下发", "sex": {1: "男", 2: "女"}.get(shown["sex"], ""), "birth_date": show_date(shown["birth_date"], 2),
            "township": child["township"], "village": child["village"], "former_school_code": code,
            "former_school_name": names.get(code, ""), "suspect_type": "疑似失学" if i % 3 else "疑似辍学",
        }  # fmt: skip
        add_faults(sheet, [(i, SUSPECT_FAULTS[row["form"]])])
        sheet.rows += to_rows(columns, [line])
    return [FilePlan(f"平台/{period.label}疑似辍学名单.xlsx", [sheet])]


def _children_of(world: World, batch: pl.DataFrame) -> pl.DataFrame:
    return world.children.filter(pl.col("child").is_in(batch["child"].to_list()))
