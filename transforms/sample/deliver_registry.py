"""学籍: one raw export of the national system with all its columns, codes instead of words in some."""

from __future__ import annotations

from typing import Any

import polars as pl

from schemas.bimester import Bimester
from schemas.codes import read_codes
from transforms.sample.faults import is_refused, mend, spoil_id
from transforms.sample.plan import FilePlan, strength_of
from transforms.sample.sheets import Look, Sheet, show_date
from transforms.sample.world import World

COLUMNS = (
    "school_code", "school_name", "grade", "class_name", "name", "sex", "birth_date", "出生地", "籍贯", "ethnicity",
    "国籍/地区", "id_type", "id_number", "港澳台侨外", "政治面貌", "健康状况", "姓名拼音", "曾用名", "身份证件有效期",
    "hukou_place", "hukou_type", "特长", "学籍辅号", "班内学号", "registry_number", "entry_month", "入学方式", "boarding",
    "学生来源", "current_address", "通信地址", "邮政编码", "是否独生子女", "是否受过学前教育", "left_behind",
    "is_migrant_worker_child", "is_orphan", "是否烈士或优抚子女", "inclusive_class", "disability_type", "is_home_taught",
    "needs_boarding", "成员1姓名", "成员1关系", "成员1联系电话", "成员1是否监护人", "成员2姓名", "成员2关系",
    "registry_status",
)  # fmt: skip
GRADES = ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级", "七年级", "八年级", "九年级")
STATUS_CODES = {"在读": "01", "休学": "02", "毕业": "07", "已转出": "10", "死亡": "11", "其他离校": "99"}


def plan_registry(world: World, period: Bimester) -> list[FilePlan]:
    """The whole district in one file: GB18030 text, or a workbook in every third period."""
    frame = describe_records(world, period)
    # codes where the export is asked for codes, words elsewhere
    coded = period.number % 2 == 1
    sheet = _fill(world, period, frame, coded)
    day = f"{period.last_day:%Y%m%d}"
    if period.number == 1:
        sheet.look = Look(dates=0)
        return [FilePlan(f"学籍/全国学籍系统导出_学生基本信息_{day}.xlsx", [sheet])]
    return [FilePlan(f"学籍/全国学籍系统导出_学生基本信息_{day}.csv", [sheet], "gb18030")]


def describe_records(world: World, period: Bimester) -> pl.DataFrame:
    """Records joined with their children, in the order of the export."""
    names = world.schools.select(pl.col("school_code").alias("written_code"), "school_name", "school_type")
    return (
        world.records_of(period).join(world.children, on="child", how="left", maintain_order="left", suffix="_child")
        .join(names, on="written_code", how="left", maintain_order="left")
        .with_columns(is_refused(period).alias("refused"), pl.struct("grade", "class_name").alias("_k"))
        .sort("written_code", "grade", "class_name", "child", "second").drop("_k")
    )  # fmt: skip


def needs_boarding(boards: pl.Expr) -> pl.Expr:
    """Of the monitored households: who boards, and some who would need to."""
    return pl.col("monitored") & (boards | (pl.col("child") % 5 == 2))


def _text_columns(frame: pl.DataFrame, coded: bool) -> pl.DataFrame:
    """Every column as the export writes it."""
    def flag(name: str) -> pl.Expr:
        return pl.when(pl.col(name)).then(pl.lit("1" if coded else "是")).otherwise(pl.lit("0" if coded else "否"))

    nations = {value: text for text, value in read_codes("ethnicity").items() if text.isdigit() and len(text) == 2}
    boards = pl.when(pl.col("grade") <= 6).then("boarding_primary").otherwise("boarding_junior")
    words = {0: "非留守儿童", 1: "单亲留守儿童", 2: "双亲留守儿童"}
    blank = pl.lit("")
    status = pl.col("status").replace(STATUS_CODES) if coded else pl.col("status")
    disabled = pl.col("disability") != "无"
    return frame.select(
        pl.col("written_code").alias("school_code"), "school_name",
        pl.col("grade").replace_strict(dict(enumerate(GRADES, 1)), return_dtype=pl.String), "class_name", "name",
        pl.col("sex").replace_strict({1: "1" if coded else "男", 2: "2" if coded else "女"}, return_dtype=pl.String),
        pl.col("birth").dt.strftime("%Y%m%d").alias("birth_date"), pl.lit("500153").alias("出生地"),
        pl.lit("500153").alias("籍贯"),
        (pl.col("ethnicity").replace(nations) if coded else pl.col("ethnicity")).alias("ethnicity"),
        pl.lit("中国").alias("国籍/地区"), pl.lit("1" if coded else "居民身份证").alias("id_type"),
        pl.when("no_hukou").then(blank).otherwise("id").alias("id_number"), pl.lit("否").alias("港澳台侨外"),
        pl.when(pl.col("grade") > 3).then(pl.lit("少先队员")).otherwise(pl.lit("群众")).alias("政治面貌"),
        pl.lit("健康或良好").alias("健康状况"), blank.alias("姓名拼音"), blank.alias("曾用名"), blank.alias("身份证件有效期"),
        pl.col("address").alias("hukou_place"),
        pl.when("agricultural").then(pl.lit("1" if coded else "农业户口")).otherwise(pl.lit("2" if coded else "非农业户口"))
        .alias("hukou_type"),
        blank.alias("特长"), blank.alias("学籍辅号"), (pl.col("child") % 50 + 1).cast(pl.String).alias("班内学号"),
        pl.col("number").alias("registry_number"), "entry_month", pl.lit("11" if coded else "就近入学").alias("入学方式"),
        pl.when(boards).then(pl.lit("2" if coded else "住校")).otherwise(pl.lit("1" if coded else "走读")).alias("boarding"),
        pl.lit("正常入学").alias("学生来源"), pl.col("address").alias("current_address"), pl.col("address").alias("通信地址"),
        pl.lit("402460").alias("邮政编码"), pl.lit("否").alias("是否独生子女"), pl.lit("1").alias("是否受过学前教育"),
        (pl.col("left_behind").cast(pl.String) if coded else pl.col("left_behind").replace_strict(words, return_dtype=pl.String))
        .alias("left_behind"),
        flag("migrant_worker").alias("is_migrant_worker_child"), flag("orphan").alias("is_orphan"),
        pl.lit("0").alias("是否烈士或优抚子女"),
        pl.when(disabled & ~pl.col("special") & ~pl.col("home_taught") & pl.col("disability").is_in(["视力", "听力", "智力"]))
        .then(pl.col("disability") + "残疾随班就读").otherwise(pl.lit("非")).alias("inclusive_class"),
        pl.col("disability").alias("disability_type"), flag("home_taught").alias("is_home_taught"),
        (pl.when(needs_boarding(boards)).then(pl.lit("是")).otherwise(pl.lit("否"))).alias("needs_boarding"),
        pl.col("guardian").alias("成员1姓名"), pl.col("relation").alias("成员1关系"), pl.col("phone").alias("成员1联系电话"),
        pl.lit("1").alias("成员1是否监护人"), blank.alias("成员2姓名"), blank.alias("成员2关系"),
        status.alias("registry_status"),
    )  # fmt: skip


def _fill(world: World, period: Bimester, frame: pl.DataFrame, coded: bool) -> Sheet:
    """Text rows with the faults, repetitions and strangers of this period."""
    sheet = Sheet("registry", "学生基本信息", COLUMNS, [])
    rows = _text_columns(frame, coded).select(COLUMNS).rows()
    keys = frame.select("child", "second", "refused", "registry_refused", "registry_fault", "mend", "sex", "birth", "name", "id",
                        "no_hukou", "school_type", "grade").rows(named=True)  # fmt: skip
    repeat = set(_plain(frame, max(2, round(20 * world.scale))))
    for i, (row, key) in enumerate(zip(rows, keys, strict=True)):
        for text, rules in _spoil(row, key, coded):
            sheet.faults += [(len(sheet.rows), rule, strength_of(rule)) for rule in rules]
            sheet.rows.append(text)
        if i in repeat:
            sheet.rows.append(row)
            sheet.merged += 1
    _add_nobodies(world, sheet, coded)
    _add_other_stages(world, sheet)
    return sheet


def _plain(frame: pl.DataFrame, count: int) -> list[int]:
    """Places of clean rows that the export gives twice."""
    clean = frame.with_row_index().filter(
        ~pl.col("refused") & (pl.col("registry_fault") == "") & (pl.col("mend") == "") & ~pl.col("second") & ~pl.col("no_hukou")
    )
    return clean["index"].gather_every(max(1, len(clean) // count)).head(count).to_list()


def _spoil(row: tuple, key: dict[str, Any], coded: bool) -> list[tuple[tuple, list[str]]]:
    """The row or rows that stand for a record, with the rules they break."""
    if key["refused"]:
        return _refuse(row, key)
    fault = key["registry_fault"]
    if key["no_hukou"]:
        return [(row, ["id_empty"])]
    if fault == "status_defaulted":
        return [((*row[:-1], ""), [fault])]
    if not fault and not key["mend"]:
        return [(row, [])]
    given = {"name": key["name"], "id_number": key["id"], "sex": key["sex"], "birth_date": key["birth"]}
    given = spoil_id(fault, given) if fault else mend(key["mend"], given)
    sex = str(given["sex"]) if coded else ("男", "女")[given["sex"] - 1]
    changed = {"name": given["name"], "id_number": given["id_number"], "sex": sex, "birth_date": show_date(given["birth_date"], 0)}
    return [(_replace(row, changed), [fault] if fault else [])]


def _refuse(row: tuple, key: dict[str, Any]) -> list[tuple[tuple, list[str]]]:
    """A row that must be refused; its child stays known by name and birth date."""
    rule = key["registry_refused"]
    if rule == "grade_not_offered" and key["school_type"] not in ("小学", "初级中学", "完全中学"):
        rule = "code_unknown"
    if rule == "duplicate_conflict":
        return [(row, [rule]), (_replace(row, {"class_name": "9班", "current_address": "重庆市荣昌区（新址）"}), [rule])]
    changed = {
        "code_unknown": {"registry_status": "待核"},
        "required_empty": {"grade": ""},
        "date_impossible": {"entry_month": "201913"},
        "school_unknown": {"school_code": "9999999999", "school_name": "荣昌区无名学校"},
        "grade_not_offered": {"grade": "八年级" if key["grade"] <= 6 else "三年级"},
    }[rule]
    return [(_replace(row, changed), [rule])]


def _replace(row: tuple, changed: dict[str, Any]) -> tuple:
    return tuple(changed.get(name, value) for name, value in zip(COLUMNS, row, strict=True))


def _add_nobodies(world: World, sheet: Sheet, coded: bool) -> None:
    """Rows that say a name and nothing else to know the child by."""
    for i in range(max(1, round(6 * world.scale))):
        school = world.schools.row(i, named=True)
        known = {"school_code": school["school_code"], "school_name": school["school_name"], "grade": "三年级",
                 "class_name": "1班", "name": "无名氏", "registry_status": "01" if coded else "在读"}  # fmt: skip
        sheet.faults += [(len(sheet.rows), rule, strength_of(rule)) for rule in ("id_empty", "identity_missing")]
        sheet.rows.append(tuple(known.get(name, "") for name in COLUMNS))


def _add_other_stages(world: World, sheet: Sheet) -> None:
    """高一 of a 完全中学 and 中班 of a primary school: set aside, not faults."""
    senior = world.schools.filter(pl.col("school_type") == "完全中学").row(0, named=True)
    first = world.schools.row(0, named=True)
    for count, school, grade in ((300, senior, "高一"), (40, first, "中班")):
        for i in range(max(3, round(count * world.scale))):
            known = {"school_code": school["school_code"], "school_name": school["school_name"], "grade": grade,
                     "class_name": "1班", "name": f"{'赵钱孙李周吴郑王'[i % 8]}{'一二三四五六七八九'[i // 8 % 9]}{'甲乙丙丁戊'[i // 72 % 5]}",
                     "registry_status": "在读", "registry_number": f"G5001532008{i:04d}{grade == '高一':d}0000"[:19]}  # fmt: skip
            sheet.rows.append(tuple(known.get(name, "") for name in COLUMNS))
            sheet.other += 1
