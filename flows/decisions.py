"""What people decided about a report: drafts put before them, what they signed or sent back, what was handed up.

Kept beside the manifests, outside Prefect, whose one password proves nobody: these records are the office's own.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flows.manifest import read_record, write_atomically
from flows.settings import Home
from schemas.bimester import Bimester

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Draft:
    """A 送审稿 put before the office: the inputs it was made of and where it stands."""

    run_id: str
    version: int
    issued: str
    papers: str


@dataclass(frozen=True)
class Approval:
    """Who reviewed and signed a version, its date and number (发文字号); the papers print it."""

    reviewer: str
    signer: str
    issued: date
    number: str = ""

    @property
    def pairs(self) -> Pairs:
        """As manifests keep it and 数据更正说明 names it."""
        return (("审核人", self.reviewer), ("签发人", self.signer), ("签发日期", str(self.issued)), ("发文字号", self.number))


@dataclass(frozen=True)
class Sent:
    """A version that was handed up (已报送): to whom, on which day."""

    version: int
    to: str
    on: str


def keep_draft(home: Home, period: Bimester, draft: Draft) -> None:
    """Record the draft that waits."""
    _write(_place(home, period, "draft"), [asdict(draft)])


def read_draft(home: Home, period: Bimester) -> Draft | None:
    """Return the draft that waits, if any."""
    found = _read(_place(home, period, "draft"))
    return Draft(**found[-1]) if found else None


def keep_decision(home: Home, period: Bimester, decision: str, why: str, who: Pairs, decided_at: str) -> None:
    """Append a decision on a draft: 签发 or 退回, with its reason, by whom and when."""
    path = _place(home, period, "decisions")
    record = {"decision": decision, "why": why, "who": dict(who), "decided_at": decided_at}
    _write(path, [*_read(path), record])


def keep_sent(home: Home, period: Bimester, sent: Sent) -> None:
    """Append that a version was handed up."""
    path = _place(home, period, "sent")
    _write(path, [*_read(path), asdict(sent)])


def find_sent(home: Home, period: Bimester) -> Sent | None:
    """Return what was handed up last, if anything."""
    found = _read(_place(home, period, "sent"))
    return Sent(**found[-1]) if found else None


def _place(home: Home, period: Bimester, kind: str) -> Path:
    return home.lake / "decisions" / str(period) / f"{kind}.json"


def _read(path: Path) -> list[dict[str, Any]]:
    return list(read_record(path)) if path.exists() else []


def _write(path: Path, records: list[dict[str, Any]]) -> None:
    write_atomically(path, json.dumps(records, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
