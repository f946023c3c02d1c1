"""The registers as they hold on the period's last day: schools, snapshots of the registry, the 底册, lists and groups."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from schemas.bimester import Bimester
from tests.recount.people import Person, Spelling, match_people, spell

Row = dict[str, Any]
LIVE = ("在读", "休学", "转出中")
OF_CHILDREN = ("child", "registry", "attendance", "absentee", "movement", "monitored", "disabled", "care", "suspect",
               "verification", "persuasion", "aid", "intake", "vocational", "exam_registration", "platform")  # fmt: skip


def year_of(period: str) -> int:
    """The school year of a period's text."""
    return Bimester.parse(period).school_year


def age_on_31_august(birth: date | None, year: int) -> int | None:
    """Completed years on 31 August of a year."""
    return None if birth is None else year - birth.year - ((birth.month, birth.day) > (8, 31))


@dataclass
class Inputs:
    """All accepted rows up to a period, with a column `person` (None: nobody known) where a row is about a child."""

    period: Bimester
    rows: dict[str, list[Row]]
    how: dict[tuple[str, int], str] = field(default_factory=dict)
    people: dict[str, Row] = field(default_factory=dict)

    @property
    def year(self) -> int:
        """The school year of the period."""
        return self.period.school_year

    @property
    def as_of(self) -> date:
        """The last day of the period."""
        return self.period.last_day

    def delivered(self, extract: str, in_period: bool = False) -> bool:
        """Whether the extract was ever delivered (in this period), rows or a sheet without any."""
        told = [r for r in self.rows["file"] if r["extract"] == extract and r["is_unanswered"] is not True]
        return any(not in_period or r["period"] == str(self.period) for r in (*self.rows[extract], *told))


def read_inputs(folders: list[Path], period: Bimester) -> Inputs:
    """Read the validated folders of a period and of those before it."""
    rows: dict[str, list[Row]] = defaultdict(list)
    spellings: dict[str, list[Spelling]] = defaultdict(list)
    for folder in folders:
        for path in sorted(folder.glob("*.parquet")):
            frame = pl.read_parquet(path)
            rows[path.stem] += frame.to_dicts()
            spellings[path.stem] += spell(frame)
    everyone = match_people({s for name in OF_CHILDREN for s in spellings[name]})
    for name in OF_CHILDREN:
        for row, s in zip(rows[name], spellings[name], strict=True):
            person = everyone.get(s)
            row["person"], row["how"] = (person.key, person.how) if person else (None, "none")
    return Inputs(period, rows, people=_describe(everyone))


def _describe(everyone: dict[Spelling, Person]) -> dict[str, Row]:
    """Sex, birth date and 学籍号 of each person: a valid id rules over what stands beside it."""
    result: dict[str, Row] = {}
    for s, person in sorted(everyone.items(), key=lambda item: [str(v) for v in item[0]]):
        row = result.setdefault(person.key, {"id": None, "sex": None, "birth": None, "name": None, "numbers": set()})
        row["numbers"] |= {s.digits} - {None}
        row["name"] = row["name"] or s.name
        if s.id_number:
            row["id"] = s.id_number
            row["sex"] = "男" if int(s.id_number[16]) % 2 else "女"
            row["birth"] = date(int(s.id_number[6:10]), int(s.id_number[10:12]), int(s.id_number[12:14]))
        elif row["id"] is None:
            row["sex"], row["birth"] = row["sex"] or s.sex, row["birth"] or s.birth_date
    return result


def newest(rows: list[Row], *keys: str) -> list[Row]:
    """Of the rows with the same keys the one of the last delivery: later 数据时点, then later file, then later row."""
    best: dict[tuple, Row] = {}
    for row in rows:
        key = tuple(row[k] for k in keys)
        if key not in best or _lateness(row) > _lateness(best[key]):
            best[key] = row
    return list(best.values())


def _lateness(row: Row) -> tuple:
    return (row["period"], row["data_as_of"] or date.min, row["file_id"], row["sheet"] or "", row["source_row"])


def holding(rows: list[Row], *covers: str) -> list[Row]:
    """A later delivery of a register replaces what it covers, and files of one delivery add up (contract §3)."""
    last: dict[tuple, str] = {}
    for row in rows:
        key = tuple(row[c] for c in covers)
        last[key] = max(last.get(key, ""), row["period"])
    return [row for row in rows if row["period"] == last[tuple(row[c] for c in covers)]]


def list_schools(inputs: Inputs) -> dict[str, Row]:
    """Code → school, with `at`: where its pupils count (中心校 of a 教学点, successor of a merged school)."""
    schools = {r["school_code"]: r for r in newest(inputs.rows["school"], "school_code")}
    for code, row in schools.items():
        row["closed"] = row["school_status"] == "撤并" and (row["effective_date"] or date.min) <= inputs.as_of
        at, steps = code, 0
        while steps < 9:
            here = schools.get(at)
            onward = here and ((here["closed"] and here["successor_code"])
                               or (here["school_type"] == "教学点" and here["central_school_code"]))  # fmt: skip
            if not onward:
                break
            at, steps = onward, steps + 1
        row["at"] = at
    for code, row in schools.items():
        row["reports"] = row["at"] == code and not row["closed"] and row["school_type"] != "中等职业学校"
    return schools


def list_snapshots(inputs: Inputs, schools: dict[str, Row]) -> dict[str, list[Row]]:
    """Period → the records held in it, each at the school where it counts, with `live`; this school year and the last."""
    by_school: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in inputs.rows["registry"]:
        by_school[row["school_code"]][row["period"]].append(row)
    periods = sorted({row["period"] for row in inputs.rows["registry"]})
    result = {}
    for period in (p for p in periods if year_of(p) >= inputs.year - 1):
        held = {code: max((p for p in sent if p <= period), default=None) for code, sent in by_school.items()}
        held = {code: sent for code, sent in held.items() if sent}
        records: dict[tuple, Row] = {}
        for code, sent in held.items():
            at = schools[code]["at"]
            rivals = [s for c, s in held.items() if schools[c]["at"] == at]
            if schools[code]["school_status"] == "撤并" and at != code and sent < max(rivals):
                continue
            for row in by_school[code][sent]:
                key = (row["person"], at, (row["registry_number"] or " ")[1:])
                record = row | {"at": at, "sent": sent, "status": row["registry_status"] or "在读"}
                if key not in records or _lateness(record) > _lateness(records[key]):
                    records[key] = record
        for r in records.values():
            finished = r["status"] in ("毕业", "结业") and r["grade"] == "6" and year_of(r["sent"]) == year_of(period)
            r["live"] = r["status"] in LIVE or finished
        result[period] = list(records.values())
    return result


def choose_records(records: list[Row]) -> dict[str, Row]:
    """Person → the live record where it counts: the 在读 one, else the newest."""
    best: dict[str, Row] = {}
    for r in sorted((r for r in records if r["live"]), key=lambda r: (r["at"], r["registry_number"] or "~")):
        rank = (r["status"] == "在读", r["sent"], r["entry_month"] or "")
        if r["person"] not in best or rank > best[r["person"]]["rank"]:
            best[r["person"]] = r | {"rank": rank}
    return best


SOURCES = {"公安户籍": 0, "流动人口": 1, "镇街摸排": 2, "学校": 3}


def list_roster(inputs: Inputs) -> dict[str, Row]:
    """Person → the ruling row of the 底册, with age, sources and what it left as."""
    rows = [r | {"source": r["roster_source"] or "公安户籍"} for r in inputs.rows["child"]]
    adding = [r for r in rows if r["source"] in ("镇街摸排", "学校")]
    rows = holding([r for r in rows if r["source"] not in ("镇街摸排", "学校")], "township", "source") + adding
    result: dict[str, Row] = {}
    sources: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        person = row["person"]
        sources[person].add(row["source"])
        rank = (-SOURCES[row["source"]], *_lateness(row))
        if person not in result or rank > result[person]["rank"]:
            result[person] = row | {"rank": rank}
    for person, row in result.items():
        row["age"] = age_on_31_august(inputs.people[person]["birth"], inputs.year)
        row["sources"] = sources[person]
        gone = row["roster_status"] not in (None, "正常") and row["status_date"] and row["status_date"] <= inputs.as_of
        row["left"] = row["roster_status"] if gone else None
    return result


def list_refused(inputs: Inputs) -> set[str]:
    """Persons whose registry row of the school's last delivery was quarantined: by id, 学籍号, or name and birth date."""
    refused = [r for r in inputs.rows["quarantined"] if r["extract"] == "registry"]
    last: dict[str | None, str] = defaultdict(str)
    for row in (*inputs.rows["registry"], *refused):
        last[row["school_code"]] = max(last[row["school_code"]], row["period"])
    refused = [r for r in refused if r["period"] == last[r["school_code"]]]
    ids = {r["id_number"] for r in refused if r["id_number"]}
    numbers = {r["registry_number"][1:] for r in refused if r["registry_number"]}
    born = {(r["name"], r["birth_date"]) for r in refused if r["name"] and r["birth_date"]}
    return {p for p, row in inputs.people.items() if row["id"] in ids or row["numbers"] & numbers or (row["name"], row["birth"]) in born}


def list_groups(
    inputs: Inputs, snapshots: dict[str, list[Row]], now: dict[str, Row], roster: dict[str, Row], schools: dict[str, Row]
) -> dict[str, set[str]]:  # fmt: skip
    """Person → its population groups (contract §7)."""
    groups: dict[str, set[str]] = defaultdict(set)
    opening = f"{inputs.year}-B5"
    since = max((period for period in snapshots if period < opening), default=opening)
    for period in sorted(snapshots):
        if period >= since:
            for person, record in choose_records(snapshots[period]).items():
                # the flags of the last record since the year's start roll; the lists add
                groups[person] = {name for name, holds in _flags(record).items() if holds}
    for person, row in roster.items():
        groups[person] |= {"minority"} if row["ethnicity"] not in (None, "汉族") else set()
        status = row["hukou_status"] or "本区户籍"
        groups[person] |= {"本区户籍": {"local_hukou"}, "非本区户籍常住": {"resident_migrant"}}.get(status, set())
    kinds = {"留守儿童": "left_behind_civil", "困境儿童": "in_difficulty", "孤儿": "orphan", "事实无人抚养儿童": "unattended"}
    for row in holding(inputs.rows["care"], "township", "care_kind"):
        groups[row["person"]].add(kinds[row["care_kind"]])
    for row in holding(inputs.rows["monitored"], "township", "household_type"):
        groups[row["person"]].add("monitored")
    for row in holding(inputs.rows["disabled"], "township"):
        groups[row["person"]].add("disabled")
    key = {(a["parent_township"], a["area_name"]) for a in newest(inputs.rows["area"], "level", "parent_township", "area_name")
           if a["level"] == "村社" and a["key_area_types"]}  # fmt: skip
    for person, row in roster.items():
        groups[person] |= {"key_area"} if (row["township"], row["village"]) in key else set()
    for person, record in now.items():
        groups[person] |= {"key_area"} if schools[record["at"]]["is_key_area"] else set()
    for person, row in inputs.people.items():
        groups[person] |= {"男": {"boys"}, "女": {"girls"}}.get(row["sex"], set())
    return groups


def _flags(record: Row) -> dict[str, bool]:
    return {
        "left_behind": record["left_behind"] in ("单亲留守儿童", "双亲留守儿童"),
        "migrant_worker": record["is_migrant_worker_child"] is True, "boarding": record["boarding"] == "住校",
        "orphan": record["is_orphan"] is True, "disabled": record["disability_type"] not in (None, "无"),
        "minority": record["ethnicity"] not in (None, "汉族"),
    }  # fmt: skip
