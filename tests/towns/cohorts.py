"""泰州's own form as a town: seven schools, each with its entrants, moves and pupils now, once for grade 6 and once for 9."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from tests.towns.town import Town, build_town


@dataclass(frozen=True)
class Form:
    """A school's line: entrants, came, left, now; what it prints with movement, and the percentage without."""

    code: str
    entrants: int
    came: int
    left: int
    now: int
    printed: str
    without_movement: float


FORMS = tuple(
    Form(f"100000000{number}", *line)
    for number, line in enumerate([
        (76, 45, 2, 119, "100.00", 156.6), (268, 7, 13, 262, "100.00", 97.8), (270, 145, 2, 413, "100.00", 153.0),
        (326, 39, 17, 348, "100.00", 106.7), (275, 110, 11, 374, "100.00", 136.0), (82, 1, 3, 80, "100.00", 97.6),
        (31, 0, 31, 0, "—", 0.0),  # the closed school: nobody left to count
    ], 1)
)  # fmt: skip
SCHOOLS = "学校标识码 | 学校名称 | 办学类型 | 所在镇街\n" + "\n".join(f"{f.code} | 学校{f.code[-1]} | 九年一贯制学校 | 甲镇" for f in FORMS)
HEAD = "学校标识码 | 年级 | 班级 | 姓名 | 全国学籍号"


def list_pupils(school: str, grade: int, count: int) -> list[str]:
    """Lines of 学籍: pupils of a grade, known by their 学籍号."""
    return [f"{school} | {grade} | 1 | - | G{school[-1]}{grade}{n:016d}" for n in range(count)]


@cache
def build_cohorts() -> Town:
    """The town of school year 2024: grade 6 entered in 2019, grade 9 in 2022."""
    pupils = [line for f in FORMS for grade in (6, 9) for line in list_pupils(f.code, grade, f.now)]
    cohort = ["入学年份 | 学校标识码 | 起始年级 | 入学人数 | 累计转入 | 累计转出 | 累计死亡 | 累计出国"]
    cohort += [f"{year} | {f.code} | {grade} | {f.entrants} | {f.came} | {f.left} | 0 | 0" for f in FORMS
               for year, grade in ((2019, 1), (2022, 7))]  # fmt: skip
    return build_town(school=SCHOOLS, registry="\n".join([HEAD, *pupils]), cohort="\n".join(cohort))


ENTERED_2016 = """
入学年份 | 学校标识码 | 起始年级 | 入学人数 | 学年初在校人数 | 累计转入 | 累计转出 | 累计死亡 | 累计出国
2016 | 1000000001 | 1 | 20 | 21 | 3 | 2 | 1 | 0
"""


def count_nine(cohort: str = ENTERED_2016) -> Town:
    """Eighteen pupils of grade 9 beside the cohort that entered grade 1 eight years before."""
    return build_town(registry="\n".join([HEAD, *list_pupils("1000000002", 9, 18)]), cohort=cohort)
