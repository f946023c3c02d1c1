"""How a Chinese name may be read and miswritten: sounds of each character, dialect-near sounds, look-alikes, stand-ins.

Sounds come from pypinyin, every reading of a character (单 is dan, shan, chan); look-alikes are declared in
data/reference/similar_characters.csv.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow as pa

SIMILAR = Path(__file__).parents[2] / "data" / "reference" / "similar_characters.csv"
SEPARATORS = re.compile(r"[\s·•．.・‧∙●。﹒ᐧ\-—_'’]+")
# What systems and clerks write for a character they do not have; private-use characters come beside
STAND_INS = frozenset("□■〓�?*○〇囗△")
STAND_IN = "□"


@dataclass(frozen=True)
class Spelling:
    """A name made comparable: one list for each character of how it may be read.

    `name`: no separators, half-width, stand-ins as □ · `sound_key`: equal for most names that sound alike ·
    `sounds`: pinyin without tones · `near_sounds`: the same for who does not tell zh from z, ng from n, n from l ·
    `marks`: the character, its sounds and its look-alikes; □ may be any
    """

    name: str
    sound_key: str
    sounds: list[list[str]]
    near_sounds: list[list[str]]
    marks: list[list[str]]


@cache
def spell(name: str) -> Spelling:
    """Return the spelling of a name; what was written in pinyin counts as one character that sounds so."""
    signs = _split(name)
    sounds = [read_sounds(sign) for sign in signs]
    near = [sorted({soften(sound) for sound in of_sign}) for of_sign in sounds]
    marks = [
        sorted({sign, *of_sign, *of_near, *list_shapes(sign)})
        for sign, of_sign, of_near in zip(signs, sounds, near, strict=True)
    ]
    key = " ".join(of_near[0] if of_near else sign for sign, of_near in zip(signs, near, strict=True))
    return Spelling("".join(signs), key, sounds, near, marks)


def _split(name: str) -> list[str]:
    text = SEPARATORS.sub("", unicodedata.normalize("NFKC", name)).lower()
    signs = re.findall(r"[a-z]+|.", text)
    return [STAND_IN if sign in STAND_INS or unicodedata.category(sign[0]) == "Co" else sign for sign in signs]


@cache
def read_sounds(sign: str) -> list[str]:
    """Every reading of a character without tones; letters read as themselves, a stand-in not at all."""
    from pypinyin import Style, pinyin

    if sign == STAND_IN:
        return []
    if sign.isascii():
        return [sign]
    readings = pinyin(sign, style=Style.NORMAL, heteronym=True, errors="ignore")
    return sorted(set(readings[0])) if readings else []


def soften(sound: str) -> str:
    """Fold what a Chongqing ear hears alike: zh ch sh as z c s, -ng as -n, n- as l-."""
    sound = re.sub(r"^([zcs])h", r"\1", sound)
    sound = re.sub(r"^n", "l", sound)
    return re.sub(r"(?<=[ei])ng$", "n", sound)


@cache
def _read_groups() -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    with SIMILAR.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            for sign in dict.fromkeys(row["字组"]):
                groups.setdefault(sign, []).append(f"形{number}")
    return groups


def list_shapes(sign: str) -> list[str]:
    """The groups of look-alikes that a character stands in."""
    return _read_groups().get(sign, [])


def spell_columns(names: Sequence[str | None], prefix: str = "") -> dict[str, pa.Array]:
    """Return the columns name, sound_key, sounds, near_sounds and marks of many names; null where there is none."""
    spelt = [spell(name) if name else None for name in names]
    nested = pa.list_(pa.list_(pa.string()))
    types = {"name": pa.string(), "sound_key": pa.string(), "sounds": nested, "near_sounds": nested, "marks": nested}
    return {
        f"{prefix}{column}": pa.array([getattr(s, column) if s else None for s in spelt], type_)
        for column, type_ in types.items()
    }
