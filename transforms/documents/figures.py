"""The figures a report speaks of: rates with their counts, changes, ledgers. Values only, no reading."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.documents.wording import MISSING, UNREPORTED, print_percent, print_rate


@dataclass(frozen=True)
class Rate:
    """One cell of `indicators.value` as papers print it; counts None when nothing was reported.

    `low` and `high` are the numerators of the bounds, None where no child is unresolved.
    """

    title: str
    numerator: int | None
    denominator: int | None
    low: int | None = None
    high: int | None = None
    before: tuple[int | None, int | None] | None = None

    @property
    def reported(self) -> bool:
        """True when there is a rate to print."""
        return self.numerator is not None and self.denominator is not None and self.denominator > 0

    @property
    def percent(self) -> str:
        """99.95% · — where there is no rate."""
        return print_percent(self.numerator, self.denominator)

    @property
    def cell(self) -> str:
        """The rate for a table cell, without the sign."""
        return print_rate(self.numerator, self.denominator)

    @property
    def missing(self) -> int:
        """How many the numerator lacks to the denominator (未入学, 流失)."""
        return (self.denominator or 0) - (self.numerator or 0)

    @property
    def is_full(self) -> bool:
        """True when numerator and denominator are equal and there is one."""
        return self.reported and self.numerator == self.denominator

    @property
    def is_zero(self) -> bool:
        """True when reported and nobody is in the numerator."""
        return self.reported and self.numerator == 0

    @property
    def bounded(self) -> bool:
        """True when unresolved children open a range."""
        return self.reported and self.low is not None and self.high is not None and self.low != self.high

    @property
    def range_text(self) -> str:
        """99.91%～99.97% (GB/T 15835), or — without a range."""
        if not self.bounded:
            return MISSING
        return f"{print_percent(self.low, self.denominator)}～{print_percent(self.high, self.denominator)}"

    @property
    def range_cell(self) -> str:
        """The range for a table cell, without signs."""
        if not self.bounded:
            return MISSING
        return f"{print_rate(self.low, self.denominator)}～{print_rate(self.high, self.denominator)}"

    @property
    def change(self) -> str:
        """How the printed rate moved since the last period: 上升0.02个百分点 / 下降… / 持平 / 基本持平 / ""."""
        if not self.reported or self.before is None or print_rate(*self.before) == MISSING:
            return ""
        moved = _hundredths(self.cell) - _hundredths(print_rate(*self.before))
        if moved == 0:
            same = (self.numerator or 0) * (self.before[1] or 0) == (self.before[0] or 0) * (
                self.denominator or 0
            )
            return "持平" if same else "基本持平"
        return f"{'上升' if moved > 0 else '下降'}{abs(moved) // 100}.{abs(moved) % 100:02d}个百分点"

    @property
    def change_cell(self) -> str:
        """The change for a table cell, in percentage points: +0.02, -0.10, 0.00."""
        if not self.change:
            return MISSING
        moved = _hundredths(self.cell) - _hundredths(print_rate(*(self.before or (None, None))))
        return f"{'+' if moved > 0 else '-' if moved < 0 else ''}{abs(moved) // 100}.{abs(moved) % 100:02d}"

    @property
    def before_cell(self) -> str:
        """The rate of the last period for a table cell."""
        return MISSING if self.before is None else print_rate(*self.before)

    @property
    def before_percent(self) -> str:
        """The rate of the last period with its sign, or —."""
        return MISSING if self.before is None else print_percent(*self.before)

    @property
    def state(self) -> str:
        """The rate as a status word: the percentage, or 未报送."""
        return self.percent if self.reported else UNREPORTED


def _hundredths(text: str) -> int:
    return int(text.replace(".", ""))


@dataclass(frozen=True)
class Ledger:
    """One ledger's sum of the period: 上期结转 + 新增 − 销减 = 期末在册."""

    title: str
    opening: int
    added: int
    closed: int
    closing: int

    @property
    def holds(self) -> bool:
        """True when the sum closes."""
        return self.opening + self.added - self.closed == self.closing

    @property
    def is_empty(self) -> bool:
        """True when nothing was, came or is in the ledger."""
        return not (self.opening or self.added or self.closed or self.closing)


@dataclass(frozen=True)
class Count:
    """A labelled count, with the last period's beside it where there is one."""

    label: str
    count: int
    before: int | None = None

    @property
    def change(self) -> str:
        """增加3 / 减少3 / 持平 / ""."""
        if self.before is None:
            return ""
        moved = self.count - self.before
        return "持平" if moved == 0 else f"{'增加' if moved > 0 else '减少'}{abs(moved)}"


@dataclass(frozen=True)
class Bridge:
    """One pair of registers: how many of the one agree with the other, and why the rest do not."""

    from_register: str
    to_register: str
    reasons: tuple[Count, ...]

    @property
    def total(self) -> int:
        """Everyone of `from_register`."""
        return sum(reason.count for reason in self.reasons)


@dataclass(frozen=True)
class Area:
    """One 镇街 with its rates and open cases."""

    name: str
    enrolment: Rate
    retention: Rate
    dropout: Rate
    states: tuple[int, ...]
    overdue: int


@dataclass(frozen=True)
class School:
    """One school with its rates and what it reported, month by month."""

    code: str
    name: str
    township: str
    supervision_zone: str
    pupils: int | None
    retention: Rate
    in_school: Rate
    dropout: Rate
    months: tuple[str, ...]
    zone: str = ""
    open_cases: int = 0
    overdue: int = 0

    @property
    def short(self) -> str:
        """The name without the district that all of them share."""
        return self.name.removeprefix("重庆市").removeprefix("荣昌区") or self.name


@dataclass(frozen=True)
class Group:
    """One key group (重点群体); `is_named` where the 2024 notice or this district's plan names it."""

    name: str
    enrolment: Rate
    in_school: Rate
    dropout: Rate
    is_named: bool = True


@dataclass(frozen=True)
class Delivery:
    """One extract's files and row counters of the period."""

    title: str
    files: int
    rows_read: int
    accepted: int
    merged: int
    quarantined: int
    data_as_of: str

    @property
    def holds(self) -> bool:
        """Conservation: rows read = accepted + merged + quarantined."""
        return self.rows_read == self.accepted + self.merged + self.quarantined


@dataclass(frozen=True)
class Change:
    """One figure that moved between two versions of the period."""

    kind: str
    what: str
    before: str
    after: str
