"""Feedback, visits, movements and lists: what is said about children, when, and when the office learns of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from schemas.bimester import Bimester
from transforms.sample.settings import seeded
from transforms.sample.timeline import FIRST, day_in, horizon, pick_days

VERIFICATION = {
    "child": pl.Int64, "day": pl.Date, "learned": pl.String, "unit": pl.String, "result": pl.String, "evident": pl.Boolean,
    "ends_on": pl.Date, "signed": pl.Boolean, "signed_on": pl.Date, "method": pl.String, "order": pl.Int64,
}  # fmt: skip
VISIT = {
    "child": pl.Int64, "day": pl.Date, "learned": pl.String, "unit": pl.String, "result": pl.String,
    "left_on": pl.Date, "returned_on": pl.Date, "order": pl.Int64,
}  # fmt: skip
MOVEMENT = {
    "child": pl.Int64, "day": pl.Date, "learned": pl.String, "kind": pl.String, "state": pl.String, "grade": pl.Int64,
    "receiver": pl.String, "sender": pl.String, "ends_on": pl.Date,
}  # fmt: skip
# How `unknown` children are found out about, in turn: (result, evidence given)
OUTCOMES = (
    ("外地就读有学籍", True), ("外地就读有学籍", False), ("外地就读无学籍", True), ("延缓入学", True), ("送教上门", True),
    ("死亡", True), ("出国(境)", True), ("户籍迁出", True), ("户籍或证件错误", True), ("重复信息", True), ("失学", False),
    ("失联", False), ("其他", False), ("在校就读", True), ("户籍迁出", False), ("休学", True), ("中职就读", True),
    ("外地就读无学籍", False),
)  # fmt: skip
TRACKED = ("休学", "延缓入学", "送教上门", "中职就读")


@dataclass
class Log:
    """Rows collected while scripts are written out."""

    verifications: list[dict[str, Any]] = field(default_factory=list)
    visits: list[dict[str, Any]] = field(default_factory=list)
    movements: list[dict[str, Any]] = field(default_factory=list)

    def verify(self, child: int, day: date, result: str, evident: bool = True, **more: Any) -> None:
        """One finding about a child; the office learns of it in the period of its day unless told otherwise."""
        ends = more.get("ends_on")
        if result in TRACKED and ends is None:
            ends = date(day.year if day.month < 9 else day.year + 1, 8, 31)
        self.verifications.append({
            "child": child, "day": day, "learned": more.get("learned") or _period_of(day), "unit": more.get("unit", "镇街"),
            "result": result, "evident": evident, "ends_on": ends, "signed": more.get("signed", False),
            "signed_on": more.get("signed_on", day) if more.get("signed") else None,
            "method": "入户走访" if evident else "电话核查", "order": len(self.verifications),
        })  # fmt: skip

    def visit(self, child: int, day: date, result: str, **more: Any) -> None:
        """One persuasion visit."""
        self.visits.append({
            "child": child, "day": day, "learned": more.get("learned") or _period_of(day), "unit": more.get("unit", "村社"), "result": result,
            "left_on": more.get("left_on"), "returned_on": day if result == "已复学" else None, "order": len(self.visits),
        })  # fmt: skip

    def move(self, child: int, day: date, kind: str, **more: Any) -> None:
        """One movement of the registry."""
        self.movements.append({
            "child": child, "day": day, "learned": _period_of(day), "kind": kind, "state": more.get("state", "已办结"),
            "grade": more.get("grade"), "receiver": more.get("receiver"), "sender": more.get("sender"),
            "ends_on": more.get("ends_on"),
        })  # fmt: skip


def _period_of(day: date) -> str:
    return str(max(Bimester.containing(day), FIRST))


def make_events(children: pl.DataFrame, plants: pl.DataFrame, schools: pl.DataFrame, seed: int) -> Log:
    """Write out every script: roles, roll events, planted absences."""
    log, rng = Log(), seeded(seed, "events")
    for (role,), part in children.filter(pl.col("role") != "").group_by("role", maintain_order=True):
        ROLES[str(role)](log, part, rng)
    _follow_roll(log, children, schools)
    for plant in plants.iter_rows(named=True):
        follow_absent(log, plant)
    return log


def _yearly(log: Log, part: pl.DataFrame, rng: np.random.Generator, result: str) -> None:
    """Verified before the horizon (first-years: at its start), and again each November or December."""
    first = pick_days(date(2024, 3, 1), date(2024, 6, 28), len(part), rng)
    third = pick_days(date(2025, 11, 3), date(2025, 12, 19), len(part), rng)
    second = pick_days(date(2024, 11, 4), date(2024, 12, 20), len(part), rng)
    for i, (child, cohort) in enumerate(part.select("child", "cohort").iter_rows()):
        if cohort >= 2024:
            log.verify(child, third[i] - timedelta(days=70 + 365 * (2025 - cohort)), result)
            log.verify(child, third[i] + timedelta(days=365 * (cohort - 2024)), result)
            continue
        kind = _thin(i, len(part))
        if kind == "never":
            continue
        log.verify(child, first[i], result)
        if kind == "late":
            log.verify(child, first[i] + timedelta(days=360), result)
        elif kind == "yearly":
            log.verify(child, second[i], result)
            log.verify(child, third[i], result)


def _thin(i: int, count: int) -> str:
    """Nearly all are verified every year: one in 80 late, one in 90 lapses, one in 150 never (each at least once)."""
    if count >= 8 and i in (1, 2, 3):
        return ("late", "lapsed", "never")[i - 1]
    if i % 150 == 149:
        return "never"
    return "late" if i % 80 == 79 else "lapsed" if i % 90 == 89 else "yearly"


def _elsewhere(log: Log, part: pl.DataFrame, rng: np.random.Generator) -> None:
    _yearly(log, part, rng, "外地就读有学籍")


def _unregistered(log: Log, part: pl.DataFrame, rng: np.random.Generator) -> None:
    _yearly(log, part, rng, "外地就读无学籍")


def _abroad(log: Log, part: pl.DataFrame, rng: np.random.Generator) -> None:
    _yearly(log, part, rng, "出国(境)")


def _household(log: Log, part: pl.DataFrame, rng: np.random.Generator) -> None:
    """Two in three settled by feedback for good; the rest by the status in the roster (see `roster.roster_status`)."""
    days = pick_days(date(2024, 3, 1), date(2024, 8, 20), len(part), rng)
    results = ("户籍或证件错误", "户籍迁出", "重复信息", "户籍或证件错误")
    for i, child in enumerate(part["child"]):
        if i % 6 < 4:
            log.verify(child, days[i], results[i % 6], unit="公安")


def _done_early(log: Log, part: pl.DataFrame, rng: np.random.Generator) -> None:
    for i, child in enumerate(part["child"]):
        if i % 2:
            log.verify(child, date(2024, 9, 20), "已毕业", unit="学校")
        else:
            log.move(child, date(2024, 6, 25), "提前毕业", grade=9)


def _postponed(log: Log, part: pl.DataFrame, rng: np.random.Generator) -> None:
    for i, (child, cohort) in enumerate(part.select("child", "cohort").iter_rows()):
        start = max(cohort, 2024)
        ends = date(2025, 4, 30) if i % 12 == 1 and start == 2024 else date(start + 1, 8, 31)
        log.verify(child, date(start, 9, 12), "延缓入学", ends_on=ends)
        if start == 2024 and i % 2 == 0:
            log.verify(child, date(2025, 9, 11), "延缓入学")


def _home(log: Log, part: pl.DataFrame, rng: np.random.Generator) -> None:
    for child, cohort in part.select("child", "cohort").iter_rows():
        for year in range(max(cohort, 2024), 2026):
            log.verify(child, date(year, 9, 18), "送教上门")


def _lost(log: Log, part: pl.DataFrame, rng: np.random.Generator) -> None:
    """Lost since autumn; some are found again, some proved dead (with and without the second signature)."""
    for i, (child, cohort) in enumerate(part.select("child", "cohort").iter_rows()):
        start = max(cohort, 2024)
        log.verify(child, date(start, 10, 14), "失联")
        if i % 9 == 1:
            log.verify(child, date(start + 1, 3, 11), "死亡", signed=True)
        elif i % 9 == 2:
            log.verify(child, date(start + 1, 3, 12), "户籍迁出", signed=False)
        elif i % 9 == 3:
            # the closing waits on 拟销号名单, and comes back signed in the next period
            day, next_period = date(start + 1, 3, 13), Bimester(start + 1, 3)
            log.verify(child, day, "户籍迁出")
            log.verify(child, day, "户籍迁出", signed=True, signed_on=day_in(next_period, 0.4), learned=str(next_period))
        elif i % 9 == 4:
            log.verify(child, date(start, 12, 2), "其他")


def _never(log: Log, part: pl.DataFrame, rng: np.random.Generator) -> None:
    for i, (child, cohort) in enumerate(part.select("child", "cohort").iter_rows()):
        start = max(cohort, 2024)
        log.verify(child, date(start, 10, 21), "失学", evident=False)
        for day in (date(start, 11, 12), date(start + 1, 3, 18), date(start + 1, 5, 20)):
            log.visit(child, day, ("未返校", "承诺复学", "失联")[i % 3])


def _unknown(log: Log, part: pl.DataFrame, rng: np.random.Generator) -> None:
    """Two in three are found out about, in every way and in every period; the rest stay open.

    A finding without evidence comes in the last days of a period and its evidence early in the next, so that its
    clock never runs out in between.
    """
    periods = [*horizon()[:5], horizon()[7], horizon()[9]]
    for i, child in enumerate(part["child"]):
        result, evident = OUTCOMES[i % len(OUTCOMES)]
        lap = i // len(OUTCOMES)
        if lap and (lap % 3 == 2 or i % 7 == 6):
            continue
        # the first lap falls in the fifth period of the usual sample, so that the smallest one shows every outcome
        period = periods[(4 + lap * 2 + (i % 5 if lap else 0)) % len(periods)]
        day = day_in(period, 0.96 if not evident and result not in ("失学", "失联", "其他") else 0.3 + 0.05 * (i % 8))
        log.verify(child, day, result, evident=evident or result in ("失学", "失联", "其他"), unit=("村社", "镇街", "学校")[i % 3])
        if not evident and result not in ("失学", "失联", "其他"):
            log.verify(child, day_in(period.next(), 0.1), result)


ROLES = {
    "elsewhere": _elsewhere, "elsewhere_unregistered": _unregistered, "household": _household, "done_early": _done_early,
    "postponed": _postponed, "home_unregistered": _home, "abroad": _abroad, "lost": _lost, "never_enrolled": _never,
    "unknown": _unknown, "stranger": lambda log, part, rng: None, "misspelt": lambda log, part, rng: None,
}  # fmt: skip


def _follow_roll(log: Log, children: pl.DataFrame, schools: pl.DataFrame) -> None:
    """Movements behind the registry's changes, and the proofs that go with deaths and journeys abroad."""
    moved = children.filter(pl.any_horizontal(pl.col("leave_on", "join_on", "shift_on", "suspend_on").is_not_null()))
    for row in moved.iter_rows(named=True):
        child, day = row["child"], row["leave_on"] or row["join_on"] or row["shift_on"] or row["suspend_on"]
        grade = (day.year if day.month >= 9 else day.year - 1) - row["entry"] + 1
        own = row["primary"] if grade <= 6 else row["junior"]
        if row["join_on"]:
            log.move(child, day, "转入", grade=grade, receiver=own, sender="四川省泸州市泸县第三小学")
        elif row["shift_on"]:
            state = "办理中" if row["shift_double"] else "已办结"
            log.move(child, day, "转出", grade=grade, sender=own, receiver=row["shift_school"], state=state)
            log.move(child, day, "转入", grade=grade, sender=own, receiver=row["shift_school"], state=state)
        elif row["suspend_on"]:
            # the first term's leaves are granted for less than they last: 休学期满未复学
            ends_on = day + timedelta(days=120) if day < date(2025, 2, 1) else row["suspend_end"]
            log.move(child, day, "休学", grade=grade, sender=own, ends_on=ends_on)
            log.move(child, row["suspend_end"], "复学", grade=grade, sender=own)
        else:
            _leave(log, child, day, grade, own, row["leave_kind"])


def _leave(log: Log, child: int, day: date, grade: int, own: str, kind: str) -> None:
    if kind == "move_out":
        log.move(child, day, "转出", grade=grade, sender=own, receiver="四川省内江市隆昌市城关中学")
    elif kind == "out_in_progress":
        log.move(child, day, "转出", grade=grade, sender=own, receiver="贵州省遵义市某学校", state="办理中")
    elif kind == "out_no_receiver":
        log.move(child, day, "转出", grade=grade, sender=own)
    elif kind == "left_otherwise":
        log.move(child, day, ("退学", "其他", "失踪")[child % 3], grade=grade, sender=own)
    elif kind == "died":
        log.move(child, day, "死亡", grade=grade, sender=own)
        log.verify(child, day, "死亡", unit="公安")
    elif kind == "went_abroad":
        log.move(child, day, "出国", grade=grade, sender=own)
        log.verify(child, day, "出国(境)", unit="公安")


def follow_absent(log: Log, plant: dict[str, Any]) -> None:
    """What happens to a child found absent, by its script. Feedback in the same period comes before its last day."""
    period = Bimester.parse(plant["period"])
    later = period.next()
    child, soon, then = plant["child"], day_in(period, 0.93), day_in(later, 0.5)
    left = date.fromisoformat(plant["month"] + "-05")
    if plant["plant"] == "excused_elsewhere":
        log.verify(child, day_in(period, 0.4), "外地就读有学籍")
    elif plant["plant"] == "excused_suspended":
        log.verify(child, day_in(period, 0.4), "休学")
    elif plant["script"] == "found":
        log.verify(child, then, "在校就读", unit="学校")
    elif plant["script"] == "returned":
        log.verify(child, soon, "确认辍学", unit="学校")
        log.visit(child, soon + timedelta(days=1), "未返校")
        log.visit(child, then, "已复学", unit="学校")
    elif plant["script"] == "stays":
        # two offices on one day: the higher one rules
        log.verify(child, soon, "确认辍学", unit="镇街")
        log.verify(child, soon, "其他", unit="学校")
        log.visit(child, then, "未返校")
    elif plant["script"] == "visited":
        log.visit(child, soon, "未返校", left_on=left)
        log.visit(child, then, "失联", unit="镇街")
    elif plant["script"] == "lost":
        log.verify(child, soon, "失联", unit="村社")
    elif plant["script"] == "other":
        log.verify(child, soon, "其他", unit="学校")
    elif plant["script"] == "elsewhere":
        log.verify(child, then, "外地就读有学籍", unit="镇街")
    elif plant["script"] == "relapsed":
        # away again in the last weeks of the next period: see `presence`
        log.verify(child, soon, "确认辍学", unit="学校")
        log.visit(child, day_in(later, 0.05), "已复学", unit="学校")
    elif plant["script"] == "late":
        # the visit that brought the child back is told a period late
        log.verify(child, soon, "失联", unit="村社")
        log.visit(child, then, "已复学", unit="学校", learned=str(later.next()))
    elif plant["script"] == "corrected":
        # the district corrects what the school said of that day
        log.verify(child, soon, "确认辍学", unit="学校")
        log.verify(child, soon, "其他", unit="教委", learned=str(later))


