"""What a published version read, built and wrote. Writing the manifest is the moment of publication."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from flows.durable import sync_folder
from flows.faults import PublicError
from flows.settings import Home
from schemas.bimester import Bimester


@dataclass(frozen=True)
class Inputs:
    """Everything a version depends on. Equal inputs give equal papers, Parquet and database content.

    files: path in the inbox and file id of each file, sorted. held: run id of each earlier period built upon.
    sent: earlier periods whose version handed up is not the newest (flows.decisions).
    """

    period: str
    issued: date
    files: tuple[tuple[str, str], ...]
    code: str
    reference: str
    held: tuple[tuple[str, str], ...]
    sent: tuple[tuple[str, int], ...] = ()

    @property
    def program(self) -> str:
        """What rows are judged by, whatever they are: the code and the reference data."""
        return f"{self.code} {self.reference}"

    @cached_property
    def run_id(self) -> str:
        """16 hex digits that stand for these inputs."""
        record = {f.name: value for f in fields(self) if (value := getattr(self, f.name)) or f.name != "sent"}
        text = json.dumps(record, default=str, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Manifest:
    """One published version of one period. `published_at` is the only value that the clock gives.

    approval: who reviewed and signed it, by the Chinese names of what they filled in; empty when nobody was asked.
    """

    inputs: Inputs
    version: int
    papers: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[str, int], ...] = ()
    changes: tuple[tuple[str, str, str, str], ...] = ()
    warnings: tuple[str, ...] = ()
    published_at: str = ""
    approval: tuple[tuple[str, str], ...] = ()

    @property
    def manifest_id(self) -> str:
        """Id that papers and database carry: the inputs' id and the version."""
        return f"{self.inputs.period}-v{self.version}-{self.inputs.run_id}"

    @property
    def period(self) -> Bimester:
        """The period published."""
        return Bimester.parse(self.inputs.period)


def write_manifest(manifest: Manifest, path: Path) -> None:
    """Write atomically: the file is whole or not there."""
    record = asdict(manifest) | {"manifest_id": manifest.manifest_id, "run_id": manifest.inputs.run_id}
    write_atomically(path, json.dumps(record, default=str, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def write_atomically(path: Path, text: str) -> None:
    """Write text beside its place, force it to disk and move it in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_name(f".{path.name}.tmp")
    with staged.open("w", encoding="utf-8", newline="\n") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    staged.replace(path)
    sync_folder(path.parent)


def read_manifest(path: Path) -> Manifest:
    """Read one manifest. Raises PublicError when it is not as it was written."""
    try:
        return _read_manifest(path)
    except (ValueError, KeyError, TypeError) as error:
        raise PublicError(f"清单 {path} 已损坏或被改动，请用 baoxue restore 从备份取回") from error


def _read_manifest(path: Path) -> Manifest:
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    manifest_id, run_id = record.pop("manifest_id"), record.pop("run_id")
    inputs = record.pop("inputs")
    inputs = Inputs(**{name: _tuples(value) for name, value in inputs.items()})
    inputs = replace(inputs, issued=date.fromisoformat(str(inputs.issued)))
    manifest = Manifest(inputs=inputs, **{name: _tuples(value) for name, value in record.items()})
    if (manifest.manifest_id, inputs.run_id) != (manifest_id, run_id):
        raise ValueError("contents do not go with the id")
    return manifest


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


def read_record(path: Path) -> Any:
    """Read a JSON record of the home. Raises PublicError on a damaged one."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise PublicError(f"记录 {path} 已损坏，请从备份取回这个文件，再运行") from error


def list_versions(home: Home, period: Bimester) -> list[Manifest]:
    """List a period's published versions, oldest first."""
    found = [read_manifest(path) for path in home.manifests(str(period)).glob("v*.json")]
    return sorted(found, key=lambda manifest: manifest.version)


def newest_version(home: Home, period: Bimester) -> Manifest | None:
    """Return the newest published version of a period."""
    return next(iter(list_versions(home, period)[::-1]), None)


def list_published(home: Home) -> list[Manifest]:
    """List the newest version of every published period, oldest period first."""
    folder = home.lake / "manifest"
    periods = sorted(Bimester.parse(path.name) for path in folder.iterdir()) if folder.exists() else []
    return [manifest for period in periods if (manifest := newest_version(home, period))]


def find_stale(published: list[Manifest], gone: Collection[str] = ()) -> list[Bimester]:
    """List the periods built on a version that has been replaced since (待重算), or on gaps now filled.

    gone: periods whose data are past their age; nothing can be built on them again, so they make nothing stale.
    """
    current = {m.inputs.period: m.inputs.run_id for m in published if m.inputs.period not in gone}

    def is_stale(manifest: Manifest) -> bool:
        held = {period: run_id for period, run_id in manifest.inputs.held if period not in gone}
        return held != {period: run_id for period, run_id in current.items() if period < manifest.inputs.period}

    return [m.period for m in published if m.inputs.period not in gone and is_stale(m)]
