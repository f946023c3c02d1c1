"""Invented names, ids, phones and addresses. Nothing here belongs to a person known to us."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from transforms.sample.settings import read_names

WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHECKS = np.array(list("10X98765432"))
# 荣昌县 became 荣昌区 on this day: ids of children registered before begin 500226.
DISTRICT_CHANGED = date(2015, 6, 18)
OTHER_PLACES = ("511025", "511024", "510521", "500111")


def check_digit(body: str) -> str:
    """The 18th character of an id of 17 digits (GB 11643, MOD 11-2)."""
    return str(CHECKS[int(np.dot(np.frombuffer(body.encode(), dtype=np.uint8) - 48, WEIGHTS)) % 11])


def make_ids(births: Sequence[date], sexes: Sequence[int], places: Sequence[str]) -> list[str]:
    """Valid and distinct ids: place, birth date, running number (odd for boys), check digit."""
    used: dict[tuple[str, date, int], int] = {}
    bodies = []
    for birth, sex, place in zip(births, sexes, places, strict=True):
        number = used.get((place, birth, sex), 0)
        used[place, birth, sex] = number + 1
        # 7 is prime to 500: numbers look scattered and never meet.
        sequence = ((number * 7 + birth.day * 13) % 499) * 2 + (1 if sex == 1 else 2)
        bodies.append(f"{place}{birth:%Y%m%d}{sequence:03d}")
    digits = np.frombuffer("".join(bodies).encode(), dtype=np.uint8).reshape(-1, 17).astype(np.int64) - 48
    checks = CHECKS[(digits @ WEIGHTS) % 11]
    return [body + str(check) for body, check in zip(bodies, checks, strict=True)]


def make_places(births: Sequence[date], migrant: np.ndarray, rng: np.random.Generator) -> list[str]:
    """First six digits: both codes of the district by birth day, other counties for those from elsewhere."""
    other = rng.integers(0, len(OTHER_PLACES), len(births))
    local = migrant | (rng.random(len(births)) < 0.02)
    return [
        OTHER_PLACES[other[i]] if local[i] else ("500226" if birth < DISTRICT_CHANGED else "500153")
        for i, birth in enumerate(births)
    ]


def make_names(births: Sequence[date], minority: np.ndarray, rng: np.random.Generator) -> list[str]:
    """Names of two or three characters, some with rare characters, some of minorities with ·; distinct by birth day."""
    stock = read_names()
    taken: set[tuple[str, date]] = set()
    names = []
    draws = rng.integers(0, 1 << 30, (len(births), 4))
    for birth, is_minority, draw in zip(births, minority, draws, strict=True):
        name = _spell(stock, bool(is_minority), draw)
        while (name, birth) in taken:
            draw = draw + np.array([1, 7, 13, 1])
            name = _spell(stock, bool(is_minority), draw)
        taken.add((name, birth))
        names.append(name)
    return names


def make_people(count: int, rng: np.random.Generator) -> list[str]:
    """Plain names for guardians and staff; not distinct."""
    stock = read_names()
    return [_spell(stock, False, draw) for draw in rng.integers(0, 1 << 30, (count, 4))]


def make_phones(count: int, rng: np.random.Generator) -> list[str]:
    """Mobile numbers in ranges that carriers use."""
    heads = np.array(["138", "139", "150", "151", "152", "158", "177", "183", "187", "199"])
    return [f"{h}{n:08d}" for h, n in zip(heads[rng.integers(0, 10, count)], rng.integers(0, 10**8, count), strict=True)]


def _spell(stock: dict, minority: bool, draw: np.ndarray) -> str:
    a, b, c, d = (int(number) for number in draw)
    if minority and d % 3 == 0:
        given, family = stock["minority_given"], stock["minority_family"]
        return f"{given[a % len(given)]}·{family[b % len(family)]}{'' if c % 2 else stock['given'][c % 40]}"
    surname = stock["surnames_compound"][a % 3] if d % 97 == 0 else stock["surnames"][a % len(stock["surnames"])]
    first = stock["given"][b % len(stock["given"])]
    if d % 400 == 1:
        return surname + first + stock["rare"][c % len(stock["rare"])]
    return surname + first + (stock["given"][c % len(stock["given"])] if d % 5 else "")
