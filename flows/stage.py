"""Where a run's pieces wait until they are published, and how they move into place."""

from __future__ import annotations

import hashlib
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from flows.durable import sync_files, sync_folder, sync_tree
from flows.faults import PublicError
from flows.manifest import Manifest
from flows.settings import Home


@dataclass(frozen=True)
class Staged:
    """Paths of one run's pieces, all named by its manifest id."""

    work: Path
    papers: Path
    database: Path
    named: Path

    def remove(self) -> None:
        """Remove what is left of them."""
        shutil.rmtree(self.papers, ignore_errors=True)
        for path in (self.work, self.database, self.named):
            path.unlink(missing_ok=True)
            path.with_name(path.name + ".wal").unlink(missing_ok=True)

    def hash_papers(self) -> tuple[tuple[str, str], ...]:
        """List the papers with their SHA-256: of an encrypted one, of what is inside."""
        from transforms.documents.sealed import read_hashes

        sealed = read_hashes(self.papers)
        files = {path.relative_to(self.papers).as_posix(): path for path in self.papers.rglob("*") if path.is_file()}
        return tuple(
            (name, sealed.get(name) or hashlib.sha256(path.read_bytes()).hexdigest()) for name, path in sorted(files.items())
        )

    def sync(self) -> None:
        """Force the staged files to disk before the manifest says that they are there."""
        if self.papers.exists():
            sync_tree(self.papers)
        sync_files(path for path in (self.database, self.named) if path.exists())


def stage_for(home: Home, manifest: Manifest) -> Staged:
    """Return where the pieces of a version wait: each beside its final place, so that a move is a rename."""
    name = manifest.manifest_id
    return Staged(
        work=home.work / f"{name}.duckdb",
        papers=home.out / manifest.inputs.period / f".{name}",
        database=home.root / f".baoxue.{name}.duckdb",
        named=home.private / f".named.{name}.parquet",
    )


def settle(home: Home, manifest: Manifest) -> None:
    """Move a published version's staged pieces into place. Safe to repeat: what has moved is left alone."""
    staged = stage_for(home, manifest)
    if staged.papers.exists():
        replace_folder(staged.papers, home.papers(manifest.inputs.period, manifest.version))
    if staged.named.exists():
        staged.named.replace(home.named)
    if staged.database.exists():
        staged.database.chmod(0o644)  # the one file without personal data
        _replace_when_free(staged.database, home.database)
        sync_folder(home.root)


def _replace_when_free(source: Path, target: Path, tries: int = 10) -> None:
    """Replace a file. On Windows a reader that holds it open delays that: wait a little, then say so."""
    for attempt in range(tries):
        try:
            source.replace(target)
            return
        except PermissionError:
            if attempt + 1 < tries:
                time.sleep(0.5)
    raise PublicError(f"报告已发布，但 {target.name} 正被其他程序打开，未能换上新内容；请关闭后再运行一次 baoxue run")


def replace_folder(source: Path, target: Path) -> None:
    """Put a folder in another's place; the old one is removed once the new one stands."""
    old = target.with_name(f".old-{target.name}")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    source.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def clean_leftovers(home: Home, published: list[Manifest]) -> None:
    """Complete what a killed run had published and remove what it had not."""
    for manifest in published:
        settle(home, manifest)
    leftovers = [
        *home.work.glob("*"),
        *home.root.glob(".baoxue.*"),
        *home.private.glob(".named.*"),
        *home.out.glob("*/.*"),
        *home.lake.glob("validated/*/.*"),
        *home.lake.glob("cases/*/.*"),
        *home.lake.glob("manifest/*/.*"),
    ]
    for path in leftovers:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
