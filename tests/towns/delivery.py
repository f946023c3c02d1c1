"""One small school's delivery as the office's files, for tests that need a whole run and care little whom it is about."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from tests.extracts.books import make_id

PUPILS = {name: make_id(number) for number, name in enumerate(("王留", "李外", "赵移", "钱双"), 1)}


def write_table(path: Path, *rows: dict[str, str]) -> None:
    """Write rows as a CSV that Excel opens."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def write_delivery(
    inbox: Path, lives: Mapping[str, str] = PUPILS, roll: Mapping[str, str] = PUPILS, *, months: tuple[str, ...] = ("2025-05", "2025-06"),
    school: tuple[str, str] = ("3150000001", "荣昌区小学"),
) -> None:  # fmt: skip
    """Write school, 底册, 学籍 and class counts; `lives` and `roll`: name → id of boys in grade 3."""
    code, title = school
    write_table(inbox / "学校.csv", {"学校标识码": code, "学校名称": title, "办学类型": "小学", "举办者类型": "公办",
                                   "镇街": "昌元街道", "城乡类型": "城区"})  # fmt: skip
    write_table(inbox / "底册.csv", *(
        {"姓名": name, "性别": "男", "出生日期": "2015-09-01", "身份证件类型": "居民身份证", "身份证件号": number, "民族": "汉族",
         "户籍状态": "本区户籍", "镇街": "昌元街道", "村社": "", "底册状态": "正常", "来源": "公安户籍"}
        for name, number in lives.items()))  # fmt: skip
    write_table(inbox / "学籍.csv", *(
        {"学校标识码": code, "年级": "3", "班级": "1班", "姓名": name, "性别": "男", "出生日期": "2015-09-01",
         "身份证件类型": "居民身份证", "身份证件号": number, "学籍状态": "在读"} for name, number in roll.items()))  # fmt: skip
    write_table(inbox / "班级.csv", *(
        {"月份": month, "学校标识码": code, "年级": "3", "班级": "1班", "在籍人数": str(len(roll)), "在校人数": str(len(roll))}
        for month in months))  # fmt: skip
