"""The municipality's file: which districts stand in it, their figures beside the sum, and who crosses a border."""

from __future__ import annotations

from schemas.table import Column, Table, all_columns

WHOLE = "全市"

_OWN = (
    Column("district", "VARCHAR", f"区县；{WHOLE}为已出报区县之和"),
    Column("found_in", "VARCHAR", "学籍所在区县"),
    Column("finding", "VARCHAR", "情形：elsewhere学籍已在他区县，both两区县均有学籍，unsure证件号相同而姓名不同"),
    Column("state", "VARCHAR", "出报情况"),
    Column("manifest_id", "VARCHAR", "清单编号，与该区县的文稿同号"),
    Column("districts", "INTEGER", "所含区县数（该指标有数的）"),
)


def _declare(name: str, title: str, grain: str, key: str, columns: str) -> Table:
    known = all_columns() | {column.name: column for column in _OWN}
    return Table("municipal", name, title, grain, tuple(key.split()), tuple(known[word] for word in columns.split()), published=True)


TABLES = (
    _declare("district", "区县出报情况", "一行是一个期间的一个区县", "period district", "period district state manifest_id"),
    _declare("value", "全市指标值", "一行是一个期间一个区县（或全市）一个指标一个学段一个年级一个群体",
             "period district indicator stage grade population_group",
             "period district indicator stage grade population_group numerator denominator rate rate_low rate_high districts"),
    _declare("balance", "全市台账平衡", "一行是一个期间一个区县（或全市）一本台账", "period district ledger",
             "period district ledger opening added closed closing"),
    _declare("crossing", "跨区县比对", "一行是一个期间一个区县的儿童在另一区县有学籍的一种情形", "period district found_in finding",
             "period district found_in finding children"),
)  # fmt: skip
