"""What a terminal may be shown."""

from __future__ import annotations

import re

STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")  # control and writing direction


def keep_plain(text: str) -> str:
    """Leave out what steers a terminal: a file's name may hold it, and names come from outside."""
    return STEERING.sub("", text)
