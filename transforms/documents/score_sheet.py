"""The office's score sheet for the yearly assessment (M17), and the points it gives: exact fractions, rounded once at the end.

Without a sheet nobody is scored. Rule kinds (domain page, school assessment): linear deduction, deduction by count,
share of the points, all or nothing, rank. An item without a figure is not applicable; its points are shared out over
the others in proportion.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path

from schemas.assessment import ITEMS

HEADS = ("项目", "名称", "分值", "规则", "目标", "每差", "扣分", "说明")
LINEAR, COUNT, SHARE, ALL_OR_NOTHING, RANK = "线性扣分", "按个扣分", "按比例得分", "全有或全无", "按名次得分"
GRADE = "等次"
# What each rule needs beside the points: columns of the sheet.
NEEDS = {LINEAR: ("目标", "每差", "扣分"), COUNT: ("扣分",), SHARE: (), ALL_OR_NOTHING: ("目标",), RANK: ()}
SCORED = {item.title: item for item in ITEMS.values() if not item.is_veto}


class ScoreSheetFault(ValueError):
    """The sheet cannot be used; the message names the line and what to write instead."""


@dataclass(frozen=True)
class Measured:
    """What was measured of one school and item. `value`: a share, or a count; None: not applicable."""

    value: Fraction | None
    says: str


@dataclass(frozen=True)
class Rule:
    """One line of the sheet: `points` for the item, lost or won by `kind`."""

    item: str
    title: str
    points: Fraction
    kind: str
    target: Fraction | None = None
    step: Fraction | None = None
    loss: Fraction | None = None
    note: str = ""


@dataclass(frozen=True)
class ScoreSheet:
    """The office's rules, and the grades by the least total of each, best first."""

    rules: tuple[Rule, ...]
    grades: tuple[tuple[Fraction, str], ...]

    @property
    def total(self) -> Fraction:
        """Points of a school without a fault."""
        return sum((rule.points for rule in self.rules), Fraction(0))


@dataclass(frozen=True)
class ItemScore:
    """One item of one school: `points` it may win after sharing out (None: not applicable), `won`, and the working."""

    rule: Rule
    measured: str
    points: Fraction | None
    won: Fraction
    working: str


@dataclass(frozen=True)
class SchoolScore:
    """A school's items, its total (rounded once, half up, to two decimals; None: nothing applies) and grade."""

    items: tuple[ItemScore, ...]
    total: Decimal | None
    grade: str


def read_score_sheet(path: Path) -> ScoreSheet | None:
    """Read the office's sheet; None where it has loaded none. Raises ScoreSheetFault."""
    if not path.exists():
        return None
    rows = list(csv.reader(_read_text(path).splitlines()))
    if not rows or tuple(cell.strip() for cell in rows[0]) != HEADS:
        raise ScoreSheetFault(f"{path.name} 第1行应为：{'，'.join(HEADS)}")
    lines = [(f"{path.name} 第{number}行：", _name_cells(row)) for number, row in enumerate(rows[1:], 2) if any(row)]
    rules = tuple(_read_rule(where, cells) for where, cells in lines if cells["项目"] != GRADE)
    titles = [rule.item for rule in rules]
    if twice := sorted({ITEMS[item].title for item in titles if titles.count(item) > 1}):
        raise ScoreSheetFault(f"{path.name} 同一项目写了两行：{'、'.join(twice)}")
    if not rules:
        raise ScoreSheetFault(f"{path.name} 没有一个评分项目，可照抄程序自带的样例 score_sheet.example.csv")
    grades = [(_read_number(where, cells, "目标"), cells["名称"]) for where, cells in lines if cells["项目"] == GRADE]
    return ScoreSheet(rules, tuple(sorted(grades, reverse=True)))


def _read_text(path: Path) -> str:
    """Office programs save CSV as UTF-8 with a mark or as GB 18030."""
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ScoreSheetFault(f"{path.name} 不是可读的CSV文本，请另存为“CSV UTF-8”")


def _name_cells(row: Sequence[str]) -> dict[str, str]:
    return dict(zip(HEADS, [cell.strip() for cell in [*row, *[""] * len(HEADS)]][: len(HEADS)], strict=True))


def _read_rule(where: str, cells: Mapping[str, str]) -> Rule:
    if cells["项目"] not in SCORED:
        raise ScoreSheetFault(f"{where}没有“{cells['项目']}”这个项目，可用的有：{'、'.join(SCORED)}，以及{GRADE}")
    item, kind = SCORED[cells["项目"]], cells["规则"]
    if kind not in NEEDS:
        raise ScoreSheetFault(f"{where}没有“{kind}”这种规则，可用的有：{'、'.join(NEEDS)}")
    if kind in (LINEAR, SHARE) and not item.is_share:
        raise ScoreSheetFault(f"{where}“{item.title}”是个数，不能{kind}，请用{COUNT}、{ALL_OR_NOTHING}或{RANK}")
    if kind == COUNT and item.is_share:
        raise ScoreSheetFault(f"{where}“{item.title}”是比例，不能{kind}")
    points = _read_number(where, cells, "分值")
    values = {name: _read_number(where, cells, name) for name in NEEDS[kind]}
    if points <= 0 or values.get("每差", 1) <= 0 or values.get("扣分", 0) < 0:
        raise ScoreSheetFault(f"{where}分值、每差应大于0，扣分不能小于0")
    return Rule(item.id, cells["名称"] or item.title, points, kind, values.get("目标"), values.get("每差"),
                values.get("扣分"), cells["说明"])  # fmt: skip


def _read_number(where: str, cells: Mapping[str, str], name: str) -> Fraction:
    text = cells[name].replace("％", "%")
    try:
        return Fraction(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        raise ScoreSheetFault(f"{where}{name}应为数字（比例可写如 95%），所填为“{text}”") from None


def score_schools(sheet: ScoreSheet, measured: Mapping[str, Mapping[str, Measured]]) -> dict[str, SchoolScore]:
    """Score every school: code → item → what was measured. Ranks are among the schools that have a figure."""
    values = {
        rule.item: [items[rule.item].value for items in measured.values()] for rule in sheet.rules if rule.kind == RANK
    }
    ranks = {item: [value for value in found if value is not None] for item, found in values.items()}
    return {school: _score_school(sheet, items, ranks) for school, items in measured.items()}


def _score_school(
    sheet: ScoreSheet, items: Mapping[str, Measured], ranks: Mapping[str, list[Fraction]]
) -> SchoolScore:
    applies = [rule for rule in sheet.rules if items[rule.item].value is not None]
    if not applies:
        return SchoolScore(tuple(_leave_out(rule, items[rule.item]) for rule in sheet.rules), None, "不评分")
    factor = sheet.total / sum(rule.points for rule in applies)
    scores = tuple(
        _score_item(rule, items[rule.item], factor, ranks.get(rule.item, [])) for rule in sheet.rules
    )
    total = round_half_up(sum((score.won for score in scores), Fraction(0)))
    grade = next((name for least, name in sheet.grades if total >= least), "")
    return SchoolScore(scores, total, grade)


def _leave_out(rule: Rule, measured: Measured) -> ItemScore:
    return ItemScore(rule, measured.says, None, Fraction(0), f"不适用（{measured.says}），分值由其余项目分担")


def _score_item(rule: Rule, measured: Measured, factor: Fraction, others: Sequence[Fraction]) -> ItemScore:
    if measured.value is None:
        return _leave_out(rule, measured)
    share, working = _win_share(rule, measured.value, others)
    points = rule.points * factor
    shared = f"，分值{print_points(rule.points)}折为{print_points(points)}" if factor != 1 else ""
    return ItemScore(rule, measured.says, points, points * share, working + shared)


def _win_share(rule: Rule, value: Fraction, others: Sequence[Fraction]) -> tuple[Fraction, str]:
    """The share of the points that is won, from 0 to 1, and how it was found."""
    if rule.kind == LINEAR:
        short = max(Fraction(0), (rule.target or 0) - value)
        lost = short / (rule.step or 1) * (rule.loss or 0)
        return max(Fraction(0), 1 - lost / rule.points), f"比目标{_print_share(rule.target)}低{_print_share(short)}，扣{_cap(lost, rule)}"
    if rule.kind == COUNT:
        lost = value * (rule.loss or 0)
        return max(Fraction(0), 1 - lost / rule.points), f"{value}×{print_points(rule.loss or Fraction(0))}，扣{_cap(lost, rule)}"
    if rule.kind == ALL_OR_NOTHING:
        is_met, word = _meets(rule, value)
        return Fraction(is_met), f"应{word}，{'达到得满分' if is_met else '未达到不得分'}"
    if rule.kind == RANK:
        better = sum(other > value if ITEMS[rule.item].is_share else other < value for other in others)
        return Fraction(len(others) - better, len(others)), f"{len(others)}所学校中第{better + 1}名"
    return min(Fraction(1), max(Fraction(0), value)), f"按{_print_share(value)}得分"


def _meets(rule: Rule, value: Fraction) -> tuple[bool, str]:
    """A share must reach its target, a count of faults must not pass it; the target itself is met."""
    target = rule.target or Fraction(0)
    if ITEMS[rule.item].is_share:
        return value >= target, f"不低于{_print_share(target)}"
    return value <= target, f"不多于{target}"


def _cap(lost: Fraction, rule: Rule) -> str:
    return f"{print_points(min(lost, rule.points))}分" + ("（扣完为止）" if lost > rule.points else "")


def _print_share(value: Fraction | None) -> str:
    return f"{round_half_up((value or Fraction(0)) * 100)}%"


def print_points(points: Fraction) -> str:
    """Points as people write them: two decimals at most, for reading only; sums are made of the exact ones."""
    return f"{round_half_up(points):f}".rstrip("0").rstrip(".")


def round_half_up(value: Fraction) -> Decimal:
    """Round to two decimals, half up, from the exact fraction."""
    return (Decimal(floor(value * 100 + Fraction(1, 2))) / 100).quantize(Decimal("0.01"))
