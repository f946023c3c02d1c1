"""What stands in the title rows, the sheet name and the folder: month, school, 镇街, batch, dates."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from schemas.codes import read_codes
from schemas.fields import FIELDS, Field

_DATE = r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?"
_MONTH = re.compile(r"(?<!\d)(20\d{2})(?:年(\d{1,2})月(?!\d)|[-./](\d{1,2})(?![-./\d])|(0[1-9]|1[0-2])(?!\d))")
_DAY_AFTER = re.compile(r"年\d{1,2}月\d{1,2}日")
_SCHOOL_CODE = re.compile(r"(?<!\d)\d{10}(?!\d)")
_TOWNSHIP = re.compile(r"[\u4e00-\u9fff]{1,6}(?:街道|镇|乡)")
_SCHOOL = re.compile(r"小学|中学|学校|教学点|校点|中心校")
_BATCH = re.compile(r"(?:\d{4}年)?(?:\d{1,2}月)?第[0-9一二三四五六七八九十]{1,3}批次?")
_AS_OF = re.compile(r"(?:数据时点|数据时间|数据截止|数据日期|统计时间|统计时点|截止时间|截至|截止|导出时间|导出日期)[::至到]*" + _DATE)
_LABEL_END = re.compile(r"[\s,,;;|、。]")

# How a column is called in a title where its own headings would say too little or too much.
_LABELS = {
    "school_name": ("学校名称", "学校", "填报单位(盖章)", "填报单位", "填报学校", "报送单位", "单位"),
    "township": ("镇街", "镇(街道)", "乡镇", "所属镇街"),
    "month": ("月份", "报告月份", "填报月份", "统计月份"),
}

# Words like 学校 and 镇街 stand in many a title: only after its label do they say where a list comes from.
_LABELLED_ONLY = {"suspect_source"}


@dataclass(frozen=True)
class Surroundings:
    """Texts around a table, nearest first: title rows, then sheet name, then folders from the inside out."""

    title_rows: tuple[str, ...]
    sheet: str
    folders: tuple[str, ...]

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """All texts in half-width form, nearest first."""
        texts = (*self.title_rows, self.sheet, *self.folders)
        return tuple(unicodedata.normalize("NFKC", text) for text in texts if text)


def find_in_title(field_name: str, around: Surroundings) -> str | None:
    """Find a column's value around the table: after its label, else by its own pattern. None when absent."""
    field = FIELDS[field_name]
    labelled = _find_labelled(field, around.texts)
    if labelled and _accepts(field, labelled):
        return labelled
    if field_name in _LABELLED_ONLY:
        return None
    for text in around.texts:
        value = _find_pattern(field, text)
        if value:
            return value
    return None


def find_data_date(around: Surroundings) -> tuple[int, int, int] | None:
    """Find 数据时点 (year, month, day) in the title, or None."""
    for text in around.texts:
        match = _AS_OF.search(re.sub(r"\s", "", text))
        if match:
            year, month, day = (int(part) for part in match.groups())
            return year, month, day
    return None


def _find_labelled(field: Field, texts: tuple[str, ...]) -> str | None:
    labels = _LABELS.get(field.name, (field.title, *field.aliases))
    names = "|".join(re.escape(unicodedata.normalize("NFKC", label)) for label in labels)
    for text in texts:
        match = re.search(rf"(?:^|[\s,;(]|)(?:{names})\s*:\s*(\S.*)", text)
        if match:
            return _LABEL_END.split(match[1], maxsplit=1)[0].strip("()") or None
    return None


def _accepts(field: Field, value: str) -> bool:
    if field.kind in ("month", "school_code", "date", "code"):
        return _find_pattern(field, value) is not None
    return True


def _find_pattern(field: Field, text: str) -> str | None:
    if field.kind == "month":
        match = _MONTH.search(_DAY_AFTER.sub("", re.sub(r"\s", "", text)))
        return f"{match[1]}-{int(match[2] or match[3] or match[4]):02d}" if match else None
    if field.kind == "school_code":
        match = _SCHOOL_CODE.search(text)
        return match[0] if match else None
    if field.kind == "school_name":
        return text if _SCHOOL.search(text) else None
    if field.kind == "township":
        return text if _TOWNSHIP.search(text) and not _SCHOOL.search(text) else None
    if field.kind == "code" and field.codes:
        return _find_code(field.codes, text)
    if field.name == "batch":
        match = _BATCH.search(re.sub(r"\s", "", text))
        return match[0] if match else None
    if field.kind == "date":
        match = re.search(_DATE, re.sub(r"\s", "", text))
        # only a label says which date it is; a bare date in a title means nothing
        return match[0] if match and len(text) <= 20 and match[0] == re.sub(r"\s", "", text) else None
    return None


def _find_code(codes: str, text: str) -> str | None:
    """Find the one value of a list that a text names; several different values name none."""
    found = {
        value
        for spelling, value in read_codes(codes).items()
        if len(spelling) >= 2 and not spelling.isdigit() and unicodedata.normalize("NFKC", spelling) in text
    }
    longest = {a for a in found if not any(a != b and a in b for b in found)}
    return longest.pop() if len(longest) == 1 else None
