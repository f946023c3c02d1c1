"""A worksheet whose ordinary cells take a short way to the same bytes: papers of a district hold millions of them.

XlsxWriter checks each cell's arguments, wraps it and escapes its attributes one by one. A cell of a list has a text, a
number or nothing, and a format: what is left to do is one line of XML. Every other cell goes XlsxWriter's own way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import CellBlankTuple, CellNumberTuple, CellStringTuple, Worksheet

LONGEST = 16_000  # signs that surely fit into a cell


class QuickSheet(Worksheet):
    """XlsxWriter's worksheet, with `write_line` for a row of a list."""

    def write_line(self, row: int, values: Sequence[Any], looks: Sequence[tuple[Format, bool]]) -> None:
        """Write a row from its first column on. looks: each column's format, and whether its numbers stay numbers."""
        if self._check_dimensions(row, 0) or self._check_dimensions(row, len(values) - 1):
            raise ValueError("more rows or columns than a sheet holds")
        cells, number_text = self.table[row], self.str_table._get_shared_string_index
        for column, (value, (look, keeps_numbers)) in enumerate(zip(values, looks, strict=True)):
            if value is None:
                cells[column] = CellBlankTuple(look)
            elif keeps_numbers and isinstance(value, int | float):
                self.write_number(row, column, value, look)
            elif len(text := str(value)) > LONGEST:
                self.write_string(row, column, text, look)
            else:
                cells[column] = CellStringTuple(number_text(text), look)

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        kind = type(cell)
        if cell.format is None or kind not in (CellStringTuple, CellNumberTuple, CellBlankTuple):
            super()._write_cell(row, col, cell)
            return
        start = f'<c r="{_name(col)}{row + 1}" s="{cell.format._get_xf_index()}"'
        if kind is CellStringTuple:
            self.fh.write(f'{start} t="s"><v>{cell.string}</v></c>')
        elif kind is CellNumberTuple:
            self.fh.write(f"{start}><v>{cell.number:.16G}</v></c>")
        else:
            self.fh.write(f"{start}/>")


_NAMES: list[str] = []


def _name(column: int) -> str:
    while len(_NAMES) <= column:
        _NAMES.append(xl_col_to_name(len(_NAMES)))
    return _NAMES[column]
