"""与已上报数据对照: every figure handed up stands beside the cell of its own period, and what differs is told."""

from datetime import date

import duckdb

from schemas.bimester import Bimester
from tests.documents.world import build_world
from transforms.documents.context import read_report
from transforms.documents.reading import Source
from transforms.documents.sent_figures import list_sent_figures

NOW = Bimester.parse("2025-B3")
SENT = [  # period, indicator, value as handed up, day → 已上报数, 本系统数, 对照结果
    ("2025-B3", "应入学人数", 47670, date(2025, 7, 12), "47670", "47670", "√"),
    ("2025-B3", "适龄儿童少年入学率", 0.9994, None, "99.94", "99.94", "√"),
    ("2025-B3", "小学新生人数", 12, None, "12", None, "未能对应"),
    ("2025-B2", "适龄儿童少年入学率", 99.80, None, "99.80", "99.87", "上报数少0.07"),
    ("2025-B2", "已入学人数", 47620, None, "47620", "47610", "上报数多10"),
    ("2024-B6", "应入学人数", 1234567, None, "1234567", None, "无可对照"),
    ("2024-B6", "辍学人数", 3, None, "3", None, "无可对照"),
    ("2025-B4", "辍学人数", 3, None, None, None, None),  # a later period waits
]


def fill(con: duckdb.DuckDBPyConnection) -> None:
    rows = [(str(NOW), "区报", n, period, name, value, "市教委", day) for n, (period, name, value, day, *_) in enumerate(SENT)]
    con.executemany("""insert into validated.reported
        (period, sheet, source_row, reported_period, reported_indicator, reported_value, reported_to, sent_on)
        values (?, ?, ?, ?, ?, ?, ?, ?)""", rows)  # fmt: skip


def test_each_figure_handed_up_stands_beside_its_cell():
    con = build_world(NOW, schools=4)
    fill(con)
    sheet = list_sent_figures(Source(con, NOW, 1), read_report(con, NOW, 1, date(2025, 7, 10)))
    found = {(row["period"], row["indicator"]): (row["sent"], row["ours"], row["result"]) for row in sheet.frame.iter_rows(named=True)}
    wanted = {(Bimester.parse(period).label, name): tuple(told) for period, name, _, _, *told in SENT if told[0]}
    assert found == wanted
    assert sheet.frame.filter(sheet.frame["sent_on"].is_not_null())["sent_on"].to_list() == ["2025年7月12日"]
