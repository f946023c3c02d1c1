"""What of a child each reader may see (domain: privacy), declared once.

L0: the school's and the 镇街's own working papers, which must find the child. L1: between organs with a duty.
L2: meetings. L3: the public. No level shows the last digits of an id alone: beside a birth date, a month or a grade
they would name the child.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from transforms.documents.wording import print_date

HIDDEN = 6  # digits hidden at the end of an id: some 30,000 candidates are left
TWO_CHARACTERS = ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "令狐", "夏侯", "慕容", "司徒")


def _whole(text: str) -> str:
    return text


def _nothing(_: str) -> str:
    return ""


def _hide_end(number: str) -> str:
    return number[:-HIDDEN] + "*" * HIDDEN if len(number) > HIDDEN else "*" * len(number)


def _hide_middle(number: str) -> str:
    """138****1234; anything that is not a mobile number keeps its first three digits."""
    return f"{number[:3]}****{number[-4:]}" if len(number) == 11 else number[:3] + "*" * max(0, len(number) - 3)


def _surname(name: str) -> str:
    long = name[:2] in TWO_CHARACTERS and len(name) > 2
    kept = name[: 2 if long else 1]
    return kept + "某" * (len(name) - len(kept))


@dataclass(frozen=True)
class Mask:
    """One level: how it prints each kind of value; an empty value stays empty."""

    level: str
    show_name: Callable[[str], str]
    show_id: Callable[[str], str]
    show_phone: Callable[[str], str]
    whole_birth: bool
    birth_month: bool

    def name(self, text: str | None) -> str:
        """A name."""
        return self.show_name(text or "")

    def id_number(self, text: str | None) -> str:
        """An id or registry number."""
        return self.show_id(text or "")

    def phone(self, text: str | None) -> str:
        """A telephone number."""
        return self.show_phone(text or "")

    def birth(self, day: date | None) -> str:
        """A birth date, or year and month of it."""
        if day is None or not (self.whole_birth or self.birth_month):
            return ""
        return print_date(day) if self.whole_birth else f"{day.year}年{day.month}月"


MASKS = {
    mask.level: mask
    for mask in (
        Mask("L0", _whole, _whole, _whole, whole_birth=True, birth_month=True),
        Mask("L1", _whole, _hide_end, _hide_middle, whole_birth=False, birth_month=True),
        Mask("L2", _surname, _nothing, _nothing, whole_birth=False, birth_month=False),
        Mask("L3", _nothing, _nothing, _nothing, whole_birth=False, birth_month=False),
    )
}
