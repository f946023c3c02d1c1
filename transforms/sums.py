"""Sealed folders of the lake: the SHA-256 of each file lies beside it, so that a disk's damage is found and named."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

SEAL = "sums.json"


def seal(folder: Path) -> None:
    """Write down what the folder's files are; the last step before the folder gets its name."""
    sums = {path.name: _hash(path) for path in sorted(folder.iterdir())}
    (folder / SEAL).write_text(json.dumps(sums, ensure_ascii=False, indent=1), encoding="utf-8")


def find_damage(folder: Path) -> Path | None:
    """Return the first file that is missing or not what was sealed, the folder itself when it is gone, else None.

    Folders of before there were seals are taken as they are.
    """
    if not folder.is_dir():
        return folder
    if not (folder / SEAL).exists():
        return None
    try:
        sums = dict(json.loads((folder / SEAL).read_text(encoding="utf-8")))
    except ValueError:
        return folder / SEAL
    paths = {folder / name: digests.split() for name, digests in sums.items()}
    return next((path for path, digests in paths.items() if not path.is_file() or _hash(path) not in digests), None)


def allow(folder: Path, others: dict[str, bytes]) -> str:
    """Return the seal that lets each named file be as it was sealed or of this other content, whichever it is by then."""
    sums = json.loads((folder / SEAL).read_text(encoding="utf-8"))
    sums |= {name: f"{sums[name]} {hashlib.sha256(data).hexdigest()}" for name, data in others.items()}
    return json.dumps(sums, ensure_ascii=False, indent=1)


def _hash(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
