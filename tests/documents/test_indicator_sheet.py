"""指标表: a rate above 1 or below 0 is shown as it is, and flagged (contract §8)."""

from types import SimpleNamespace

import duckdb

from tests.flows.world import fill_rate, make_empty_tables
from transforms.documents.ledgers import list_indicator_sheets

SHOWN = [  # indicator, counts, what stands under 率（%） and 提示
    ("enrolment_rate", 100, 100, 100.0, None),
    ("gross_enrolment_rate_junior", 1041, 1000, 104.1, "大于100%"),
    ("dropout_rate_net", -3, 100, -3.0, "小于0"),
    ("publicity_coverage", 5, 0, None, None),
]


def test_a_rate_outside_the_ordinary_is_flagged():
    con = duckdb.connect()
    make_empty_tables(con)
    for indicator, numerator, denominator, *_ in SHOWN:
        fill_rate(con, "2025-B3", 1, indicator, numerator, denominator or 1)
        con.execute("update indicators.value set denominator = ? where indicator = ?", [denominator, indicator])
    source = SimpleNamespace(con=con, period="2025-B3", version=1)
    sheet = list_indicator_sheets(source, SimpleNamespace(label="2025年5—6月"))[0]
    assert [c.heading for c in sheet.columns][-1] == "提示"
    rows = sheet.frame.select("numerator", "denominator", "rate", "flag").rows()
    assert sorted(rows, key=str) == sorted([line[1:] for line in SHOWN], key=str)
