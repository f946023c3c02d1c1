"""The school funnel: which schools stand outside what chance alone would give a school of their size.

Each school is held against the district's own rate with the exact binomial distribution. Near 100 % the usual normal
limits would blame a small school for two children; the exact ones do not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

WARN, ACT = 0.025, 0.001  # one-sided: the 95 % and the 99.8 % limits
SCAN = 0.0001  # of all indicators at once, some thousand looks: stricter, or chance alone would fill the list
OUTSIDE_WORST, OUTSIDE_BEST, WARNED, WITHIN = "显著差", "显著好", "留意", "正常范围"
STANDINGS = (OUTSIDE_WORST, WARNED, WITHIN, OUTSIDE_BEST)


@dataclass(frozen=True)
class School:
    """One school's counts of an indicator."""

    name: str
    township: str
    numerator: int
    denominator: int

    @property
    def rate(self) -> float:
        """Numerator over denominator."""
        return self.numerator / self.denominator


@dataclass(frozen=True)
class Point:
    """A school judged: how likely chance alone is as bad, and how many pupils it is off the whole's rate."""

    school: School
    as_bad: float
    off: float
    standing: str


@dataclass(frozen=True)
class Limits:
    """The rates between which a school of `denominator` pupils stays by chance: 95 % inner, 99.8 % outer."""

    denominator: int
    outer_low: float
    inner_low: float
    inner_high: float
    outer_high: float


@dataclass(frozen=True)
class Funnel:
    """Every school with pupils against the rate of all together, the worst first."""

    points: tuple[Point, ...]
    rate: float

    @property
    def largest(self) -> int:
        """Pupils of the largest school."""
        return max(point.school.denominator for point in self.points)

    @property
    def worst(self) -> list[School]:
        """The schools that chance does not explain, the worst first."""
        return [point.school for point in self.points if point.standing == OUTSIDE_WORST]


def judge_schools(schools: Sequence[School], better: str) -> Funnel | None:
    """Judge every school against the rate of all together; None where the counts are no parts of a whole.

    Chance can be told only of shares: an uncapped rate (above 1, below 0) has no binomial. `better`: high or low,
    which end is good.
    """
    if not schools or not all(0 <= s.numerator <= s.denominator and s.denominator for s in schools):
        return None
    rate = sum(s.numerator for s in schools) / sum(s.denominator for s in schools)
    points = [_judge(school, rate, better) for school in schools]
    return Funnel(tuple(sorted(points, key=lambda point: (point.as_bad, point.school.name))), rate)


def _judge(school: School, rate: float, better: str) -> Point:
    few, many = measure_tails(school.numerator, school.denominator, rate)
    bad, good = (few, many) if better == "high" else (many, few)
    if bad < ACT:
        standing = OUTSIDE_WORST
    elif good < ACT:
        standing = OUTSIDE_BEST
    else:
        standing = WARNED if bad < WARN else WITHIN
    return Point(school, bad, school.numerator - rate * school.denominator, standing)


def scan(funnels: Mapping[str, Funnel | None], most: int = 15) -> list[dict[str, object]]:
    """Of all indicators (title → funnel) the schools that stand out most, the least likely by chance first."""
    found = [(p, title) for title, funnel in funnels.items() if funnel for p in funnel.points if p.as_bad < SCAN]
    found.sort(key=lambda pair: (pair[0].as_bad, pair[1], pair[0].school.name))
    return [
        {"学校": p.school.name, "镇街": p.school.township, "指标": title, "分子": p.school.numerator, "分母": p.school.denominator,
         "率": f"{p.school.rate:.2%}", "全部学校": f"{rate:.2%}", "与全部学校之差（人）": round(p.off, 1)}
        for p, title in found[:most] for rate in [_rate_of(funnels[title])]
    ]  # fmt: skip


def _rate_of(funnel: Funnel | None) -> float:
    return funnel.rate if funnel else 0.0


def list_rows(funnel: Funnel) -> list[dict[str, object]]:
    """One row per school as the table beside the picture shows it."""
    return [
        {"判断": p.standing, "学校": p.school.name, "镇街": p.school.township, "分子": p.school.numerator,
         "分母": p.school.denominator, "率": f"{p.school.rate:.2%}", "与全部学校之差（人）": round(p.off, 1),
         "纯属偶然的可能": f"{p.as_bad:.2%}" if p.as_bad >= 0.0001 else "不到0.01%"}
        for p in funnel.points
    ]  # fmt: skip


def say_worst(funnel: Funnel, most: int = 8) -> str:
    """Name the schools that chance does not explain, with their counts."""
    if not funnel.worst:
        return "**没有学校超出偶然波动**（99.8%界外）。"
    told = "；".join(f"{s.name}（{s.numerator}/{s.denominator}，{s.rate:.2%}）" for s in funnel.worst[:most])
    more = f" 等，余{len(funnel.worst) - most}所见下表" if len(funnel.worst) > most else ""
    return f"**{len(funnel.worst)}所学校超出偶然波动（全部学校合计{funnel.rate:.2%}）：** {told}{more}"


def measure_tails(numerator: int, denominator: int, rate: float) -> tuple[float, float]:
    """The chance of at most, and of at least, `numerator` of `denominator` at `rate`."""
    chances = list_chances(denominator, rate)
    return min(1.0, float(chances[: numerator + 1].sum())), min(1.0, float(chances[numerator:].sum()))


def list_chances(size: int, rate: float) -> np.ndarray:
    """The binomial chance of each count from 0 to `size`."""
    counts = np.arange(size + 1)
    if rate <= 0 or rate >= 1:
        return (counts == (0 if rate <= 0 else size)).astype(float)
    ways = _list_log_factorials(size)
    return np.exp(ways[size] - ways[counts] - ways[size - counts] + counts * math.log(rate) + (size - counts) * math.log1p(-rate))


@lru_cache(maxsize=4096)
def _list_log_factorials(size: int) -> np.ndarray:
    return np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, size + 1)))))


def list_limits(rate: float, largest: int, steps: int = 80) -> list[Limits]:
    """The funnel's walls from one pupil to the largest school, denser where they are steep."""
    sizes = sorted({max(1, round(largest * (step / steps) ** 2)) for step in range(1, steps + 1)})
    return [_find_limits(size, rate) for size in sizes]


def _find_limits(size: int, rate: float) -> Limits:
    below = np.cumsum(list_chances(size, rate))
    above = np.cumsum(list_chances(size, 1 - rate))
    low = [_interpolate(below, level) / size for level in (ACT, WARN)]
    high = [1 - _interpolate(above, level) / size for level in (ACT, WARN)]
    return Limits(size, low[0], low[1], high[1], high[0])


def _interpolate(below: np.ndarray, level: float) -> float:
    """The count below which chance leaves `level`, between two counts, so that the wall is a line and not a saw."""
    count = int(np.searchsorted(below, level))
    before = float(below[count - 1]) if count else 0.0
    return max(0.0, count - (float(below[count]) - level) / (float(below[count]) - before))
