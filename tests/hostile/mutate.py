"""Real files, damaged as disks, senders and attackers damage them: seeded, so that a find can be had again."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable

Mutation = Callable[[random.Random, bytes], bytes]
ODD = ("=1+1", "'", '"', '""', "\x00", "\ud800", "\u202e", "�", "〇", "500153", "9" * 400, "-1E400", "１２３", "2015-02-30", "<b>", "，", "\t",
       "合计", "姓名", "\r\n", "𠮷", "NaN")  # fmt: skip


def flip_bytes(rng: random.Random, data: bytes) -> bytes:
    """Change some bytes anywhere."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 4, 40))):
        out[rng.randrange(len(out))] = rng.randrange(256)
    return bytes(out)


def truncate(rng: random.Random, data: bytes) -> bytes:
    """Cut the end or the beginning off."""
    place = rng.randrange(len(data))
    return data[:place] if rng.random() < 0.7 else data[place:]


def splice(rng: random.Random, data: bytes) -> bytes:
    """Repeat, drop or move a stretch."""
    start, length = rng.randrange(len(data)), rng.choice((1, 8, 100, 4000))
    piece, target = data[start : start + length], rng.randrange(len(data))
    whole = data[:start] + data[start + length :] if rng.random() < 0.5 else data
    return whole[:target] + piece * rng.choice((0, 1, 2, 50)) + whole[target:]


def swap_encoding(rng: random.Random, data: bytes) -> bytes:
    """Read text in one encoding and write it in another."""
    text = data.decode(rng.choice(("utf-8", "gb18030", "latin-1", "utf-16-le")), errors="replace")
    return text.encode(rng.choice(("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be", "utf-7", "utf-32")), errors="replace")


def plant_odd(rng: random.Random, data: bytes) -> bytes:
    """Put odd words between or into the bytes of a text."""
    for _ in range(rng.choice((1, 5, 30))):
        place = rng.randrange(len(data) + 1)
        data = data[:place] + rng.choice(ODD).encode("utf-8", errors="surrogatepass") + data[place:]
    return data


def change_member(rng: random.Random, data: bytes) -> bytes:
    """Damage one part of a package and pack it again, so that the damage lies behind a sound outside."""
    parts = _unpack(data)
    if not parts:
        return flip_bytes(rng, data)
    number = rng.randrange(len(parts))
    name, body = parts[number]
    damage = rng.choice((flip_bytes, truncate, splice, plant_odd, change_numbers, change_numbers))
    parts[number] = (name, damage(rng, body or b" "))
    return _pack(rng, parts)


def change_numbers(rng: random.Random, data: bytes) -> bytes:
    """Put other numbers in the place of some: references, counts and indices that point nowhere."""
    places = [place for place, byte in enumerate(data) if 48 <= byte <= 57]
    out = bytearray(data)
    for place in rng.sample(places, min(len(places), rng.choice((1, 3, 20)))):
        out[place : place + 1] = rng.choice((b"0", b"9", b"-1", b"99999", b"1048576", b"4294967296", b"9" * 30))
    return bytes(out)


def shuffle_members(rng: random.Random, data: bytes) -> bytes:
    """Drop, double or rename parts of a package."""
    parts = _unpack(data)
    if not parts:
        return truncate(rng, data)
    number = rng.randrange(len(parts))
    name, body = parts[number]
    match rng.randrange(3):
        case 0:
            del parts[number]
        case 1:
            parts[number] = (rng.choice(("../../evil.xml", "/etc/passwd", "xl/workbook.xml", "CON", name.upper(), "名" * 80)), body)
        case _:
            parts.append((name + "2", body))
    return _pack(rng, parts)


MUTATIONS: tuple[Mutation, ...] = (
    flip_bytes, truncate, splice, swap_encoding, plant_odd, change_member, change_member, change_member, change_numbers, shuffle_members,
)  # fmt: skip


def mutate(rng: random.Random, data: bytes) -> bytes:
    """Damage a file once or twice."""
    for _ in range(rng.choice((1, 1, 2))):
        data = rng.choice(MUTATIONS)(rng, data) or b"\x00"
    return data


def _unpack(data: bytes) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return [(name, package.read(name)) for name in package.namelist()]
    except Exception:
        return []


def _pack(rng: random.Random, parts: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as package:
        for name, body in parts:
            package.writestr(zipfile.ZipInfo(name, (2025, 7, 1, 0, 0, 0)), body)
    return out.getvalue()
