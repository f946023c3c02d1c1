"""The password of each recipient's workbook: made once, kept in `private/`, handed over apart from the files."""

from __future__ import annotations

import csv
import secrets
from collections.abc import Iterable
from io import StringIO

from flows.options import read_options
from flows.settings import Home, create_private

# No character that is read for another on paper.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"
LENGTH = 12
HEAD = ("单位", "密码")


def wants_sealed(home: Home) -> bool:
    """Whether the office has asked for workbooks under a password."""
    return bool(read_options(home)["传送", "加密工作簿"] == "是")


def find_passwords(home: Home, places: Iterable[str]) -> dict[str, str]:
    """Return the password of each recipient's folder; a new recipient gets one, a known one keeps its own.

    The list is `private/passwords.csv`, for the owner's eyes only.
    """
    known = _read(home)
    missing = [place for place in dict.fromkeys(places) if place not in known]
    known |= {place: "".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for place in missing}
    if missing:
        _write(home, known)
    return {place: known[place] for place in places}


def _read(home: Home) -> dict[str, str]:
    if not home.passwords.exists():
        return {}
    with home.passwords.open(encoding="utf-8-sig", newline="") as handle:
        return {row[0]: row[1] for row in list(csv.reader(handle))[1:] if len(row) == len(HEAD)}


def _write(home: Home, known: dict[str, str]) -> None:
    staged = home.passwords.with_name(f".{home.passwords.name}.tmp")
    staged.unlink(missing_ok=True)
    text = StringIO(newline="")
    csv.writer(text).writerows([HEAD, *sorted(known.items())])
    create_private(staged, text.getvalue().encode("utf-8-sig"))
    staged.replace(home.passwords)
