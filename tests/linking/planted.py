"""Invented children whose record carries another spelling and no valid id: what linking proposes, counted by kind of error.

Beside them stand children who have no record at all (true dropouts), their twins and siblings at school, and a district of
strangers: whoever is proposed for a true dropout counts against precision.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from tests.linking.febrl import Measure
from transforms.compared.linked import link_people
from transforms.compared.spelling import spell
from transforms.sample.names import make_ids, make_names, make_people, make_phones
from transforms.sample.settings import read_names, seeded

# Common characters, in groups of one sound
COMMON = (
    "王网李里张章刘留陈沉杨羊黄皇赵照周州徐许孙损朱珠胡湖郭国何合林邻高糕罗锣郑正梁良谢泄宋送唐糖冯逢董懂程成曹草袁元邓凳傅父沈审曾增彭朋吕旅苏酥卢炉蒋讲蔡菜贾甲丁钉魏位薛靴叶页余鱼潘盘"
    "杜度戴带夏下钟终汪望田甜任认姜江范饭方芳石时姚摇谭谈廖料邹走熊雄金今陆路郝好孔恐白百崔催康糠毛猫邱秋秦琴顾故侯猴邵绍孟梦龙隆万腕段断漕曹钱前汤堂尹引黎离易意常长武舞乔桥贺鹤赖赃龚公"
    "文闻子紫雨宇梓籽涵寒欣心怡仪诗师浩号轩宣俊军杰节思丝佳加琪奇嘉家瑞锐博伯明名月悦星兴辰晨曦希语雨桐同沐木泽则楷凯铭名睿锐哲折骏俊航杭鹏朋淼秒芸云萱宣婷亭雅哑静竟慧会敏闽颖影璇旋瑶摇"
    "琳林倩欠雪鳕莹营洁节丽利娟捐艳燕霞侠秀绣英鹰华花建见志智强墙伟委勇永军君平瓶"
)


def _sound_alike(sign: str) -> str | None:
    """Another common character with the same first reading."""
    sounds = spell(sign).sounds
    alike = [other for other in COMMON if other != sign and sounds and set(spell(other).sounds[0]) == set(sounds[0])]
    return alike[0] if alike else None


def _replace(name: str, find: Callable[[str], str | None]) -> str | None:
    """The name with the last character that can be replaced replaced."""
    for place in range(len(name) - 1, 0, -1):
        if name[place] != "·" and (other := find(name[place])):
            return name[:place] + other + name[place + 1 :]
    return None


def _look_alike(sign: str) -> str | None:
    from transforms.compared.spelling import _read_groups

    shapes = set(_read_groups().get(sign, []))
    return next((other for other, groups in _read_groups().items() if other != sign and shapes & set(groups)), None)


def _in_pinyin(sign: str) -> str | None:
    sounds = spell(sign).sounds[0]
    return sounds[0] if len(sounds) == 1 else None


# What may happen to a name; None where this name does not lend itself to it.
NAME_ERRORS: dict[str, Callable[[str], str | None]] = {
    "同音字": lambda name: _replace(name, _sound_alike),
    "形近字": lambda name: _replace(name, _look_alike),
    "以□代字": lambda name: name[:-1] + "□" if len(name) > 2 else None,
    "造字区代字": lambda name: name[:-1] + "\ue123" if len(name) > 2 else None,
    "以拼音代字": lambda name: _replace(name, _in_pinyin),
    "漏一字": lambda name: name[:-1] if len(name) > 2 and "·" not in name else None,
    "字序颠倒": lambda name: name[0] + name[2] + name[1] if len(name) == 3 and name[1] != name[2] else None,
    "间隔号不同": lambda name: name.replace("·", " ") if "·" in name else None,
    "只写名不写姓": lambda name: name.split("·")[0] if "·" in name else None,
    "姓名无误": lambda name: name,
}


def _swap_days(day: date) -> date | None:
    return day.replace(month=day.day, day=day.month) if day.day <= 12 and day.day != day.month else None


def _one_digit(day: date) -> date:
    return day + timedelta(days=1) if day.day % 10 < 8 else day - timedelta(days=1)


@dataclass(frozen=True)
class Planted:
    """Two sides as `compared.comparable` has them, and the truth: suspect → its record, and the kind of error."""

    suspects: pl.DataFrame
    others: pl.DataFrame
    record_of: dict[str, str]
    kinds: dict[str, str]


def plant(people: int = 6000, seed: int = 20261127) -> Planted:
    """Invent `people` children of one district; a tenth are under suspicion, a third of those have no record at all."""
    rng = seeded(seed, "linking")
    births = [date(2010, 9, 1) + timedelta(days=int(d)) for d in rng.integers(0, 3285, people)]
    sexes = rng.integers(1, 3, people)
    names = make_names(births, rng.random(people) < 0.3, rng)
    ids = make_ids(births, sexes.tolist(), ["500153"] * people)
    guardians, phones = make_people(people, rng), make_phones(people, rng)
    children = [
        {
            "person_id": f"I{ids[i]}", "is_absent": False, "is_enrolled": False, "name": names[i], "sex": "男女"[sexes[i] - 1],
            "birth_date": births[i], "has_id": True, "numbers": [ids[i]], "guardian_name": guardians[i],
            "guardian_phone": phones[i], "township": f"{i % 21}镇", "village": f"{i % 156}村", "school_name": None,
            "address": f"{i % 21}镇{i % 156}村{i % 9}组", "in_roster": True, "live_in": [],
        }
        for i in range(people)
    ]  # fmt: skip
    return _spoil(children, rng)


def _spoil(children: list[dict[str, Any]], rng: np.random.Generator) -> Planted:
    suspects, others, record_of, kinds = [], [], {}, {}
    errors = list(NAME_ERRORS)
    for i, child in enumerate(children):
        if i % 10:
            others.append(_record(child, i))
            continue
        suspects.append(child)
        if i % 30 == 0:
            others += _household(child, i)
            continue
        kind, name = _pick_error(child["name"], errors, i // 10)
        record = _record(child, i, name) | _wear(child, rng)
        kinds[child["person_id"]] = kind
        record_of[child["person_id"]] = record["person_id"]
        others.append(record)
    frames = [pl.DataFrame([row | {"place": row["township"]} for row in side]) for side in (suspects, others)]
    return Planted(frames[0], frames[1], record_of, kinds)


def _pick_error(name: str, errors: list[str], turn: int) -> tuple[str, str]:
    for step in range(len(errors)):
        kind = errors[(turn + step) % len(errors)]
        if spoilt := NAME_ERRORS[kind](name):
            return kind, spoilt
    return "姓名无误", name


def _record(child: dict[str, Any], number: int, name: str | None = None) -> dict[str, Any]:
    """The child's record on the roll, without an id and with a J number."""
    return child | {"person_id": f"N{number}", "name": name or child["name"], "is_enrolled": True, "has_id": False,
                    "numbers": [], "in_roster": False, "live_in": ["2025-B3"], "village": None,
                    "school_name": f"{child['township']}小学"}  # fmt: skip


def _wear(child: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """What else differs between two registers: another guardian, a new phone, an old address, a slip in the birth date."""
    draw, worn = rng.random(5), {}
    if draw[0] < 0.25:
        worn |= {"guardian_name": read_names()["surnames"][int(draw[0] * 100)] + "某", "guardian_phone": f"138{int(draw[0] * 1e8):08d}"}
    elif draw[1] < 0.3:
        worn |= {"guardian_phone": f"139{int(draw[1] * 1e8):08d}"}
    if draw[2] < 0.3:
        worn |= {"address": "重庆市荣昌区"}
    if draw[3] < 0.06 and (swapped := _swap_days(child["birth_date"])):
        worn |= {"birth_date": swapped}
    elif draw[4] < 0.06:
        worn |= {"birth_date": _one_digit(child["birth_date"])}
    return worn


def _household(child: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """Who lives with a true dropout and sits in school: a twin, a brother or sister; four in five stand in the 底册 too."""
    given, name = read_names()["given"], child["name"]
    twin = name[:-1] + given[(number + 7) % len(given)] if name[-1] != given[(number + 7) % len(given)] else name[:-1] + "某"
    younger = name[:-1] + given[(number + 31) % len(given)]
    later = child["birth_date"] + timedelta(days=500)
    known = {"in_roster": number % 150 != 0}
    return [_record(child, 10**6 + number, twin) | known, _record(child, 2 * 10**6 + number, younger) | known | {"birth_date": later}]


def measure_planted(people: int = 6000, seed: int = 20261127) -> tuple[Measure, dict[str, Measure], Measure]:
    """All kinds together, each kind, and what stands first for the child whether proposed or only shown."""
    planted = plant(people, seed)
    rows = link_people(planted.suspects, planted.others)
    there = planted.record_of
    proposed = {row["person_id"]: row["nearest_person_id"] for row in rows if row["is_proposed"]}
    shown = {row["person_id"]: row["nearest_person_id"] for row in rows}
    by_kind = {}
    for kind in NAME_ERRORS:
        children = {child for child, error in planted.kinds.items() if error == kind}
        by_kind[kind] = _count(*({c: r for c, r in pairs.items() if c in children} for pairs in (proposed, there)))
    return _count(proposed, there), by_kind, _count(shown, there)


def _count(found: dict[str, str], there: dict[str, str]) -> Measure:
    return Measure(len(found), sum(there.get(child) == record for child, record in found.items()), len(there))
