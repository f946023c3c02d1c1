"""Every kind of paper whose names are declared by a dataclass: what the office's own templates are checked against."""

from __future__ import annotations

from transforms.documents import notices
from transforms.documents.templates import Kind

LISTS: tuple[tuple[Kind, ...], ...] = (notices.KINDS,)
KINDS: dict[str, Kind] = {kind.template: kind for kinds in LISTS for kind in kinds}
