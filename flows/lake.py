"""What a published version left in the lake for later ones: is it whole, and is it on the disk?"""

from __future__ import annotations

from pathlib import Path

from flows.durable import sync_tree
from flows.manifest import Inputs, Manifest
from flows.purge import read_purged
from flows.settings import Home
from transforms.sums import find_damage


def find_lake_damage(home: Home, manifest: Manifest) -> Path | None:
    """Return what is damaged or gone of what a published period left for later ones."""
    inputs = manifest.inputs
    if inputs.period in read_purged(home)["数据"]:
        return None
    return find_damage(home.validated(inputs.period, inputs.run_id)) or find_damage(home.openings(inputs.period, inputs.run_id))


def find_whole(home: Home, manifest: Manifest | None) -> Path | None:
    """Return what a published version validated, if it is there and whole."""
    folder = home.validated(manifest.inputs.period, manifest.inputs.run_id) if manifest else None
    return folder if folder is not None and find_damage(folder) is None else None


def say_damage(home: Home, manifest: Manifest, damaged: Path) -> str:
    """Say which file of the lake is damaged and how to mend it; the names of such files are nobody's."""
    return (f"{manifest.period.label}的数据文件 {damaged.relative_to(home.root)} 已损坏或缺失。收件还在的，请运行 "
            f"baoxue run --period {manifest.period} 由收件重新生成，再重试；否则请用 baoxue restore 从备份取回")  # fmt: skip


def sync_lake(home: Home, inputs: Inputs) -> None:
    """Force to disk the folders of the lake that a version is made of."""
    landed = {home.lake / "extracts" / file_id for _, file_id in inputs.files}
    folders = (*sorted(landed), home.validated(inputs.period, inputs.run_id), home.openings(inputs.period, inputs.run_id))
    for folder in folders:
        if folder.exists():
            sync_tree(folder)
