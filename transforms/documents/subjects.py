"""The children that get a file of their own: with a case open or closed this school year, or on the list of the disabled."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from schemas.bimester import Bimester
from transforms.documents.people import make_people
from transforms.documents.wording import name_class

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Happening:
    """One thing that happened: its kind (劝返, 核实, 经过, 在校, 学籍 or 资助), day or month, and the words it prints."""

    person_id: int
    kind: str
    happened_on: date | None
    month: str | None
    words: tuple[str, ...]


@dataclass(frozen=True)
class Subject:
    """One child as its registers have it; everything but flags and days is text, empty where no register says it."""

    person_id: int
    name: str
    sex: str
    birth_date: date | None
    id_number: str
    registry_number: str
    ethnicity: str
    id_type: str
    guardian: str
    phone: str
    address: str
    guardian_relation: str
    hukou_status: str
    township: str
    village: str
    school_code: str
    school_name: str
    grade: str
    class_name: str
    registry_status: str
    entry_month: str
    hukou_type: str
    boarding: str
    left_behind: str
    is_migrant_worker_child: bool
    is_orphan: bool
    is_home_taught: bool
    inclusive_class: str
    household_type: str
    care_kinds: str
    entrusted_carer: str
    is_disabled: bool
    disability_kind: str
    disability_grade: str
    disability_number: str
    placement: str
    assessed_on: date | None
    assessment: str
    home_lessons: str
    placement_school: str
    is_unplaced: bool
    is_school_age: bool

    @property
    def class_words(self) -> str:
        """七年级2班."""
        return name_class(self.grade, self.class_name)

    @property
    def groups(self) -> str:
        """The key groups it belongs to, in words."""
        found = (
            self.care_kinds, self.left_behind if self.left_behind != "非留守儿童" else "", "孤儿" if self.is_orphan else "",
            "随迁子女" if self.is_migrant_worker_child else "", "残疾儿童" if self.is_disabled else "", self.household_type,
        )  # fmt: skip
        return "、".join(dict.fromkeys(word for part in found for word in part.split("、") if word))


def read_subjects(con: duckdb.DuckDBPyConnection, period: Bimester) -> dict[int, Subject]:
    """Read one `Subject` per child, in order of 镇街, 村社 and key."""
    make_people(con)
    con.execute(
        """create or replace temp table paper_subject as
        select person_id from cases.standing where closed_on is null or closed_on >= $start
        union
        select link.person_id from validated.disabled as d inner join conformed.link as link on d.identity = link.identity""",
        {"start": date(period.school_year, 9, 1)},
    )
    cursor = con.execute((HERE / "subject_row.sql").read_text(encoding="utf-8"))
    names = [column[0] for column in cursor.description or ()]
    kinds = {field.name: field.type for field in fields(Subject)}
    rows = (dict(zip(names, row, strict=True)) for row in cursor.fetchall())
    return {row["person_id"]: Subject(**{n: _plain(row[n], str(kinds[n])) for n in kinds}) for row in rows}


def _plain(value: Any, kind: str) -> Any:
    if kind == "bool":
        return bool(value)
    return value if value is not None or "None" in kind else ""


def read_happenings(con: duckdb.DuckDBPyConnection, period: Bimester) -> dict[int, dict[str, list[Happening]]]:
    """Read what happened to each of them, by child and kind; after `read_subjects`."""
    sql = (HERE / "subject_history.sql").read_text(encoding="utf-8")
    rows = con.execute(sql, {"as_of": period.last_day, "year_start": date(period.school_year, 9, 1)}).fetchall()
    found: dict[int, dict[str, list[Happening]]] = defaultdict(lambda: defaultdict(list))
    for person, kind, day, month, words in rows:
        found[person][kind].append(Happening(person, kind, day, month, tuple(word or "" for word in words)))
    return found
