"""Folders of recipients, spelled in one place. Names come from what schools send: none may lead out of its folder."""

from __future__ import annotations

import re

# No file system of the office's takes these in a name.
FORBIDDEN = str.maketrans({**dict.fromkeys('<>:"/\\|?*', "_"), **dict.fromkeys(map(chr, [*range(32), 127]), "")})
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$", re.IGNORECASE)  # Windows keeps these for devices
_MOST_BYTES = 180  # a name may have 255; a staged one carries more


def name_part(text: str) -> str:
    """Make one part of a path of a name: no separator, no step upwards, no device, not too long."""
    name = text.translate(FORBIDDEN).strip().rstrip(".")
    name = name.encode()[:_MOST_BYTES].decode(errors="ignore")
    return f"_{name}" if not name or name.startswith(".") or _RESERVED.match(name) else name


def name_school_folder(code: str, name: str) -> str:
    """The folder of a school's papers."""
    return f"学校/{name_part(f'{code} {name}')}"


def name_township_folder(name: str) -> str:
    """The folder of a 镇街's papers."""
    return f"镇街/{name_part(name)}"
