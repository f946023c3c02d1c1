"""What must be on the disk before something else says that it is: a power cut keeps no order of its own."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def sync_files(paths: Iterable[Path]) -> None:
    """Force files to disk, and the folders that name them."""
    folders = set()
    for path in paths:
        with path.open("r+b") as handle:
            os.fsync(handle.fileno())
        folders.add(path.parent)
    for folder in sorted(folders):
        sync_folder(folder)


def sync_tree(folder: Path) -> None:
    """Force everything below a folder to disk, and then its name."""
    found = sorted(folder.rglob("*"))
    sync_files(path for path in found if path.is_file())
    for inner in (*(path for path in found if path.is_dir()), folder, folder.parent):
        sync_folder(inner)


def sync_folder(folder: Path) -> None:
    """Force the names in a folder to disk. Windows opens no folders and keeps its own journal of names."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
