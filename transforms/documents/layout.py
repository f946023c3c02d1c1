"""Sizes that both writers share."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.documents.blocks import Block, Paragraph, Signature, Table


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


SHORT = 24  # characters of a closing line such as 特此报告。


def list_kept(blocks: Sequence[Block]) -> set[int]:
    """The paragraphs that stay on the page of what follows: a signature, with the list of annexes above it, stands under text.

    A closing line alone is not text enough: the paragraph before it goes along.
    """
    kept = set()
    for index in range(len(blocks) - 1, 0, -1):
        before, after = blocks[index - 1], blocks[index]
        signed = isinstance(after, Signature) or (isinstance(after, Paragraph) and after.style == "附件说明")
        closed = index in kept and isinstance(after, Paragraph) and after.style == "正文" and len(after.text) <= SHORT
        if isinstance(before, Paragraph) and (signed or closed):
            kept.add(index - 1)
    return kept
