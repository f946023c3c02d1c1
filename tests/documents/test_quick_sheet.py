"""The short way of a list's cells leads to the bytes that XlsxWriter's own way leads to."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from xlsxwriter.worksheet import Worksheet

from transforms.documents import workbook
from transforms.documents.workbook import Sheet, SheetColumn, write_workbook

ROWS = pl.DataFrame({
    "name": ["王<一>&“二”", None, "", " 前后空格 ", "长" * 20_000], "id": ["500153201909010016", "0012", "=1+1", "http://x", "a\x01b"],
    "n": [3, None, -2, 10**15, 0], "rate": [99.995, None, 1 / 3, 0.1 + 0.2, 1e-7],
})  # fmt: skip
COLUMNS = (SheetColumn("name", "姓名", 9), SheetColumn("id", "证件号", 20, "centre", answer=True), SheetColumn("n", "人数", 8, "count"),
           SheetColumn("rate", "比率", 8, "rate"))  # fmt: skip


class OwnWay(Worksheet):
    """Every cell as XlsxWriter's documentation says to write it."""

    def write_line(self, row, values, looks):
        for column, (value, (look, keeps_numbers)) in enumerate(zip(values, looks, strict=True)):
            if value is None:
                self.write_blank(row, column, None, look)
            elif keeps_numbers and isinstance(value, int | float):
                self.write_number(row, column, value, look)
            else:
                self.write_string(row, column, str(value), look)


@pytest.mark.parametrize("more", [{}, {"is_form": True, "spare": 3, "foot": "签字"}, {"totals": 1, "note": "注"}])
def test_the_short_way_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch, more: dict) -> None:
    sheets = [Sheet("一", "标题", COLUMNS, ROWS, **more), Sheet("二", "空表", COLUMNS, ROWS.clear())]
    short = write_workbook(sheets, date(2025, 7, 10), {"作者": "教委"})
    monkeypatch.setattr(workbook, "QuickSheet", OwnWay)
    assert short == write_workbook(sheets, date(2025, 7, 10), {"作者": "教委"})


def test_a_row_beyond_any_sheet_is_refused() -> None:
    wide = tuple(SheetColumn(f"c{i}", "x") for i in range(16_385))
    with pytest.raises(ValueError, match="more rows or columns"):
        write_workbook([Sheet("宽", "宽", wide, pl.DataFrame({f"c{i}": ["x"] for i in range(16_385)}))], date(2025, 7, 10), {})
