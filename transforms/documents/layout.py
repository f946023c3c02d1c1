"""Sizes that both writers share."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from transforms.documents.blocks import Annex, Block, Grid, Paragraph, Signature, Table, plan_header

UPRIGHT, ACROSS = 156.0, 225.0  # millimetres of the type area's width, on a page upright and lying
MARGIN = 6.0  # points of a cell that are not for text, sideways
TALLEST = 50.0  # millimetres of rows that are kept on one page: what a page may lose at its foot


def choose_size(block: Table) -> float:
    """Type size of a table in points: 小四 for narrow tables, 五号, then 小五 for wide ones."""
    if block.size:
        return block.size
    count = len(block.columns)
    return 12 if count <= 4 else 10.5 if count <= 8 else 9


def is_whole(block: Table, width: float = UPRIGHT) -> bool:
    """True for a table short enough to be kept on one page: few rows, and no more lines than that."""
    return len(block.rows) <= 8 and _measure_height(block, width) <= TALLEST


def _measure_height(block: Table, width: float) -> float:
    """Millimetres of a table's rows without its headings, about."""
    size, rooms = choose_size(block), list_rooms(block, width)
    lines = [max(ceil(measure_em(cell) / room) for cell, room in zip(row, rooms, strict=True)) for row in block.rows]
    return sum(max(1, count) * size * 1.3 + 6 for count in lines) * 25.4 / 72


def list_rooms(block: Table, width: float = UPRIGHT) -> list[float]:
    """How many characters a line of each column holds."""
    share = width / 25.4 * 72 / sum(column.weight for column in block.columns)
    return [max(1.0, (column.weight * share - MARGIN) / choose_size(block)) for column in block.columns]


def list_widths(blocks: Sequence[Block]) -> list[float]:
    """The type area's width of each block: a lying annex has pages of its own."""
    widths, width = [], UPRIGHT
    for block in blocks:
        if isinstance(block, Annex):
            width = ACROSS if block.lies else UPRIGHT
        widths.append(width)
    return widths


def break_headings(block: Table, width: float = UPRIGHT) -> dict[tuple[int, int], str]:
    """The heading cells of a table by row and column, broken by sense where they do not fit on a line."""
    rooms = list_rooms(block, width)
    return {
        (cell.row, cell.column): break_heading(cell.text, sum(rooms[cell.column : cell.column + cell.colspan]))
        for cell in plan_header(block.columns)[1]
    }


def break_labels(block: Grid) -> list[list[str]]:
    """The texts of a grid's cells by row, its labels broken as headings are."""
    share, found = UPRIGHT / 25.4 * 72 / sum(block.weights), []
    for row in block.rows:
        at, texts = 0, []
        for cell in row.cells:
            room = (share * sum(block.weights[at : at + cell.span]) - MARGIN) / block.points
            texts.append(break_heading(cell.text, room) if cell.label else cell.text)
            at += cell.span
        found.append(texts)
    return found


def break_heading(text: str, room: float) -> str:
    """Break a heading of a narrow column into lines by sense: 上期|结转, a bracket on a line of its own.

    A `|` is a place to break that its writer chose; elsewhere words of two characters stay whole.
    """
    plain = text.replace("|", "")
    if measure_em(plain) <= room:
        return plain
    words, _, bracket = text.partition("（")
    if not words:
        return plain
    lines = _break_words(words, room)
    if bracket and len(lines) > 1 and measure_em(f"{lines[-1]}（{bracket}") <= room:
        lines[-1] += "（" + bracket
    elif bracket:
        lines.append("（" + bracket)
    return "\n".join(lines)


def _break_words(words: str, room: float) -> list[str]:
    plain = words.replace("|", "")
    if measure_em(plain) <= room:
        return [plain]
    if "|" in words:
        return words.split("|")
    if plain.startswith("*"):  # 必填
        first, *rest = _break_words(plain[1:], room - 0.5)
        return ["*" + first, *rest]
    count, size = ceil(measure_em(plain) / room), len(plain)
    cuts = sorted({min(size, max(2, 2 * round(size * n / count / 2))) for n in range(1, count)} - {size})
    return [plain[start:end] for start, end in zip([0, *cuts], [*cuts, size], strict=True)]


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
