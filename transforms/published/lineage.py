"""From each indicator back to the extracts it reads, found in the parsed SQL."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.extracts import EXTRACTS
from schemas.indicators import INDICATORS
from transforms.models import find_models

# Every extract with children helps to tell who is who; that is another use than being counted.
MATCHING = frozenset({"conformed.identity", "conformed.anchor", "conformed.link", "conformed.person"})


def list_lineage() -> Iterator[tuple[str, str, str]]:
    """Yield indicator, extract, and what the extract is used for (计数, 分组 or 认人), sorted.

    分组: it counts nobody, but says who is of a population group, which rates of persons are broken down by.
    """
    reads = {model.full_name: model.reads for model in find_models()}
    grouping = _follow("conformed.groups", reads, MATCHING)
    for name in sorted(INDICATORS):
        counted = _follow(f"indicators.{name}", reads, MATCHING)
        every = _follow(f"indicators.{name}", reads, frozenset())
        for extract in sorted(EXTRACTS):
            table = f"validated.{extract}"
            if table in counted:
                yield name, extract, "计数"
            elif INDICATORS[name].of_children and table in grouping:
                yield name, extract, "分组"
            elif table in every:
                yield name, extract, "认人"


def _follow(start: str, reads: dict[str, frozenset[str]], without: frozenset[str]) -> set[str]:
    """Return every table that a model reads, however far back, not looking behind `without`."""
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        for table in reads.get(ahead.pop(), frozenset()) - seen - without:
            seen.add(table)
            ahead.append(table)
    return seen
