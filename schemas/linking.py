"""How likely two records are one child: what is compared, in which levels, and what each level is worth (Fellegi–Sunter).

The parameters are declared, not trained: the same records give the same weights in every run and every district. `m` is the
share of pairs that are one child which agree so, `u` the share of pairs of two children; 本区口径, set from the kinds of
error that rosters carry (domain: id faults, name variants) and checked on planted ones (`python -m tests.bench.linking`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """One way two values can agree: SQL over `<column>_l` and `<column>_r`, `m`, `u`, and what a paper says of it.

    `weak`: whoever agrees only so is shown, never proposed as the same child.
    """

    sql: str
    m: float
    u: float
    words: str = ""
    weak: bool = False


@dataclass(frozen=True)
class Trait:
    """One thing compared. The first level that holds counts; where either side's first column is empty nothing is said.

    `shown`: the column printed side by side. `needed`: pairs that agree at no level are dropped. `contradicts`: who agrees
    at no level is shown, never proposed.
    """

    name: str
    title: str
    column: str
    levels: tuple[Level, ...]
    shown: str = ""
    needed: bool = False
    contradicts: bool = False

    @property
    def rest(self) -> tuple[float, float]:
        """`m` and `u` of agreeing at no level: what the levels leave over."""
        return round(1 - sum(level.m for level in self.levels), 9), round(1 - sum(level.u for level in self.levels), 9)


@dataclass(frozen=True)
class Linkage:
    """A whole comparison: the traits, which pairs are looked at (`blocks`, SQL over `l` and `r`), and the prior.

    `prior`: the chance that two records taken at random are one. `only`: SQL that every pair satisfies. `grounds`: of each
    group of traits one must agree, else the pair is shown and not proposed.
    """

    traits: tuple[Trait, ...]
    blocks: tuple[str, ...]
    prior: float
    only: str = "true"
    grounds: tuple[tuple[str, ...], ...] = ()


def _same(name: str, m: float, u: float, words: str) -> Level:
    return Level(f"{name}_l = {name}_r", m, u, words)


# `sounds`, `near_sounds` and `marks` hold the ways to read each character: transforms/compared/spelling.py.
NAME = Trait("name", "姓名", "name", (
    _same("name", 0.70, 0.0002, "姓名相同"),
    Level("spelt_alike(sounds_l, sounds_r)", 0.12, 0.0003, "姓名同音"),
    Level("spelt_alike(near_sounds_l, near_sounds_r)", 0.03, 0.0004, "姓名近音"),
    Level("spelt_alike(marks_l, marks_r)", 0.06, 0.0004, "姓名形近、异体或有字未录出"),
    Level("one_missing(marks_l, marks_r)", 0.03, 0.0003, "姓名只差一字未写"),
    Level("same_signs(name_l, name_r)", 0.01, 0.0002, "姓名字序不同"),
    Level("one_unlike(marks_l, marks_r)", 0.02, 0.01, "姓名有一字不同", weak=True),
), shown="name", needed=True)  # fmt: skip
BIRTH = Trait("birth", "出生日期", "birth_date", (
    _same("birth_date", 0.92, 0.0003, "出生日期相同"),
    Level("days_swapped(birth_date_l, birth_date_r)", 0.02, 0.0003, "出生日期月日颠倒"),
    Level("one_digit(birth_date_l, birth_date_r)", 0.04, 0.004, "出生日期差一位数字"),
), shown="birth_date")  # fmt: skip
SEX = Trait("sex", "性别", "sex", (_same("sex", 0.99, 0.5, "性别相同"),), shown="sex", contradicts=True)
NUMBER = Trait("number", "证件号", "numbers", (
    Level("close_number(numbers_l, numbers_r)", 0.60, 0.00001, "证件号或学籍号仅差一两位"),
), shown="numbers")  # fmt: skip
GUARDIAN = Trait("guardian", "监护人", "guardian", (
    _same("guardian", 0.70, 0.0005, "监护人相同"),
    Level("spelt_alike(guardian_sounds_l, guardian_sounds_r)", 0.06, 0.0005, "监护人同音"),
), shown="guardian_name")  # fmt: skip
PHONE = Trait("phone", "监护人电话", "phone", (
    _same("phone", 0.70, 0.00001, "监护人电话相同"),
    Level("one_digit(phone_l, phone_r)", 0.05, 0.0001, "监护人电话差一位"),
), shown="guardian_phone")  # fmt: skip
PLACE = Trait("place", "镇街村社", "township", (
    Level("township_l = township_r and village_l = village_r", 0.30, 0.01, "同村（社区）"),
    Level("contains(address_r, village_l) or contains(address_l, village_r)", 0.30, 0.01, "住址写明同村（社区）"),
    Level("township_l = township_r", 0.30, 0.07, "同镇街"),
), shown="place")  # fmt: skip
SCHOOL = Trait("school", "学校", "school_name", (_same("school_name", 0.80, 0.01, "同校"),), shown="school_name")

CHILDREN = Linkage(
    (NAME, BIRTH, SEX, NUMBER, GUARDIAN, PHONE, PLACE, SCHOOL),
    (
        "l.birth_date = r.birth_date",
        "l.sound_key = r.sound_key and l.sex = r.sex",
        "l.phone = r.phone",
        "l.guardian = r.guardian and l.township = r.township",
        "l.school_name = r.school_name and l.name = r.name",
    ),
    prior=0.00001,
    # a side without a valid id; a register the child does not stand in at the same time: such two are two children
    grounds=(("name",), ("birth", "number")),
    only="(not l.has_id or not r.has_id) and not (l.in_roster and r.in_roster) and not list_has_any(l.live_in, r.live_in) "
    "and (r.is_enrolled or l.is_absent)",
)

# Confidence in words, by the least probability; under the last a pair is not shown. 低 is shown and proposes nothing.
CONFIDENCE = (("高", 0.9999), ("较高", 0.99), ("中", 0.9), ("低", 0.5))
# Two pairs of one child this near to each other (in bits of weight) contest it: shown, not proposed.
CONTEST = 3.0
