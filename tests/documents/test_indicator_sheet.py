"""指标表: a rate above 1 or below 0 is shown as it is, and flagged (contract §8)."""

from types import SimpleNamespace

import duckdb
import pytest

from schemas.bimester import Bimester
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
    source = SimpleNamespace(con=con, period=Bimester.parse("2025-B3"), version=1)
    sheet = list_indicator_sheets(source, SimpleNamespace(label="2025年5—6月"))[0]
    assert [c.heading for c in sheet.columns][-1] == "提示"
    rows = sheet.frame.select("numerator", "denominator", "rate", "flag").rows()
    assert sorted(rows, key=str) == sorted([line[1:] for line in SHOWN], key=str)


@pytest.mark.parametrize(
    ("period", "indicator", "said"),
    [("2025-B3", "transition_rate", "尚无上学年毕业生名册，9—10月起统计"), ("2025-B6", "transition_rate", "尚无上学年毕业生名册"),
     ("2025-B4", "in_school_rate", "7—8月不统计"), ("2025-B3", "in_school_rate", "未报送"), ("2025-B4", "aid_coverage_rate", "未报送")],
)  # fmt: skip
def test_an_empty_row_says_why(period: str, indicator: str, said: str):
    con = duckdb.connect()
    make_empty_tables(con)
    fill_rate(con, period, 1, indicator, 1, 1)
    con.execute("update indicators.value set numerator = null, denominator = null, rate = null")
    source = SimpleNamespace(con=con, period=Bimester.parse(period), version=1)
    assert list_indicator_sheets(source, SimpleNamespace(label=""))[0].frame["flag"].to_list() == [said]
