"""Sizes that both writers share."""

from __future__ import annotations

from transforms.documents.blocks import Table


def choose_size(block: Table) -> float:
    """Type size of a table in points: 小四 for narrow tables, 五号, then 小五 for wide ones."""
    if block.size:
        return block.size
    count = len(block.columns)
    return 12 if count <= 4 else 10.5 if count <= 8 else 9


def is_whole(block: Table) -> bool:
    """True for a table short enough to be kept on one page."""
    return len(block.rows) <= 8


def measure_em(text: str) -> float:
    """Width of a line in characters: a Chinese character is 1, a digit or Latin letter half."""
    return sum(0.5 if character.isascii() else 1 for character in text)
