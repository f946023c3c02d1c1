"""Folders of recipients, spelled in one place."""

from __future__ import annotations

# No file system of the office's takes these in a name.
FORBIDDEN = str.maketrans(dict.fromkeys('<>:"/\\|?*', "_"))


def name_school_folder(code: str, name: str) -> str:
    """The folder of a school's papers."""
    return f"学校/{code} {name.translate(FORBIDDEN)}"
