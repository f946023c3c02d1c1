"""The pieces a paper is made of. Both writers take the same list, so docx and pdf cannot disagree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Heading:
    """A numbered heading; level 1 一、 · 2 （一） · 3 1."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """Body text; `style` is 正文 | 主送 | 附注 (small text under a table) | 附件说明 (a line an annex).

    `lead` opens the paragraph in heavy type, in place of a heading of its own line.
    """

    text: str
    style: str = "正文"
    lead: str = ""


@dataclass(frozen=True)
class Column:
    """One table column. `title` is a path such as `适龄儿童/应入学`; `weight` is its share of the width.

    A narrow column's title is broken by sense, at a `|` where there is one.
    """

    title: str
    weight: float = 1.0
    align: str = "center"


@dataclass(frozen=True)
class Table:
    """A table block: cells are the strings that will be printed; `total` marks the last row as 合计.

    Without a caption the table stands under the heading before it and is not numbered. `size`: points, 0 to be chosen.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: bool = False
    note: str = ""
    size: float = 0

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"表“{self.caption}”有一行是{len(row)}格，应为{len(self.columns)}格")


@dataclass(frozen=True)
class GridCell:
    """One cell of a grid: `span` columns wide; a label is set bold and centred, anything else from the left.

    A label that needs two lines is broken at its `|`.
    """

    text: str
    span: int = 1
    label: bool = False


@dataclass(frozen=True)
class GridRow:
    """One row of a grid, `height` mm at least: room for a hand or a seal."""

    cells: tuple[GridCell, ...]
    height: float = 0


MOST_WHOLE_ROWS = 3


@dataclass(frozen=True)
class Grid:
    """A form's box of labels and values, without heading row or caption; `weights` are the columns' shares of the width.

    `points`: the type's size.
    """

    name: str
    weights: tuple[float, ...]
    rows: tuple[GridRow, ...]
    points: float = 10.5

    @property
    def whole(self) -> bool:
        """Kept on one page: a box of a few rows, such as the signatures; half of it alone overleaf would be lost."""
        return len(self.rows) <= MOST_WHOLE_ROWS

    def __post_init__(self) -> None:
        for row in self.rows:
            if sum(cell.span for cell in row.cells) != len(self.weights):
                raise ValueError(f"表格“{self.name}”有一行不是{len(self.weights)}格")


def label_pairs(name: str, pairs: tuple[tuple[str, str], ...], across: int = 2, weights: tuple[float, float] = (1, 2)) -> Grid:
    """A grid of labels and values, `across` pairs a row; the last pair of an unfilled row takes the rest of it."""
    rows = []
    for start in range(0, len(pairs), across):
        part = pairs[start : start + across]
        rest = (across - len(part)) * 2
        cells = [cell for label, value in part for cell in (GridCell(label, label=True), GridCell(value))]
        rows.append(GridRow((*cells[:-1], GridCell(part[-1][1], 1 + rest))))
    return Grid(name, weights * across, tuple(rows))


@dataclass(frozen=True)
class Chart:
    """A chart block. `svg` goes into the pdf, `png` into the docx; `alt` says it in words."""

    name: str
    caption: str
    alt: str
    svg: str
    png: bytes = field(repr=False)
    width_mm: float = 156


@dataclass(frozen=True)
class PageBreak:
    """The next block starts a page."""


@dataclass(frozen=True)
class Annex:
    """附件: starts a page; `number` 0 when it is the only one. `lies`: its pages lie across, for a wide table."""

    title: str
    number: int = 0
    lies: bool = False


@dataclass(frozen=True)
class Signature:
    """落款: issuer and 成文日期."""

    issuer: str
    day: str


@dataclass(frozen=True)
class Opening:
    """A paper begins inside a file that holds several: a sheet of its own, its title and number, pages counted from 1.

    A sheet that is not `is_numbered` (a 送达回证) bears no page numbers.
    """

    title: tuple[str, ...]
    number: str = ""
    mark: str = ""
    is_numbered: bool = True


Block = Opening | Heading | Paragraph | Table | Grid | Chart | PageBreak | Annex | Signature


@dataclass(frozen=True)
class Paper:
    """A whole paper before it is written.

    `head` is the red letterhead ("" for none), `number` the 发文字号, `mark` a line such as 送审稿.
    `layout`: 公文 | 信函 (head 30 mm from the top, red double rules, no number on the first page) | 表单 (a working form:
    smaller type and closer lines, so that it keeps to its page).
    A paper whose first block is an Opening is a file of several; its own title then stands in the properties alone.
    `properties` go into the file's properties, never onto the page.
    """

    title: tuple[str, ...]
    blocks: tuple[Block, ...]
    head: str = ""
    number: str = ""
    mark: str = ""
    layout: str = "公文"
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class HeaderCell:
    """One header cell with its place and span."""

    text: str
    row: int
    column: int
    colspan: int
    rowspan: int


def plan_header(columns: tuple[Column, ...]) -> tuple[int, list[HeaderCell]]:
    """Turn column paths into header cells; return the number of header rows and the cells.

    Neighbours with the same leading part share one cell; a path without `/` spans all rows.
    """
    paths = [column.title.split("/") for column in columns]
    depth = max(len(path) for path in paths)
    cells: list[HeaderCell] = []
    for row in range(depth):
        start = 0
        while start < len(paths):
            end = start + 1
            if row >= len(paths[start]):
                start = end
                continue
            last = row == len(paths[start]) - 1
            while not last and end < len(paths) and paths[end][: row + 1] == paths[start][: row + 1]:
                end += 1
            cells.append(HeaderCell(paths[start][row], row, start, end - start, depth - row if last else 1))
            start = end
    return depth, cells
