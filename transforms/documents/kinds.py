"""Every kind of paper whose names are declared by a dataclass: what the office's own templates are checked against."""

from __future__ import annotations

from transforms.documents import admission, notices, pupil_file, school_papers, tasks, township_papers
from transforms.documents.templates import Kind

LISTS: tuple[tuple[Kind, ...], ...] = (
    admission.KINDS, notices.KINDS, pupil_file.KINDS, school_papers.KINDS, tasks.KINDS, township_papers.KINDS
)  # fmt: skip
KINDS: dict[str, Kind] = {kind.template: kind for kinds in LISTS for kind in kinds}
