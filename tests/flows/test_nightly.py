"""The nightly looks: who has sent nothing, whose clock has run out, and when the office hears of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from flows.bimonthly import report_period
from flows.manifest import list_published
from flows.nightly import (
    Overdue,
    find_last_working_day,
    find_period_in_hand,
    look_at_clocks,
    look_at_inbox,
    tell_late,
    tell_overdue,
)
from flows.settings import Home
from flows.steps import Job
from schemas.bimester import Bimester
from schemas.extracts import EXTRACTS
from tests.flows.world import PERIOD, Stages, deliver

NOW = Bimester.parse(PERIOD)
SCHOOLS = [("甲小学", "小学", None), ("乙小学", "小学", "正常"), ("丙中学", "初级中学", "正常"), ("丁职中", "中等职业学校", None),
           ("戊小学", "小学", "撤并")]  # fmt: skip


def publish(home: Home, period: str = PERIOD) -> None:
    deliver(home, period, 甲校=4)
    report_period(Job(home, Bimester.parse(period), say=lambda _: None))


@pytest.fixture
def validated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Validation gives the register and what 甲小学 sent: May as a roll, June as 月报 of absentees."""

    def validate(landing: Any, period: Bimester, held: tuple[Path, ...], out: Path, **_: Any) -> None:
        out.mkdir(parents=True)
        names = [name for name, _, _ in SCHOOLS]
        pl.DataFrame({"school_code": names, "school_name": names, "school_type": [kind for _, kind, _ in SCHOOLS],
                      "school_status": [status for _, _, status in SCHOOLS]}).write_parquet(out / "school.parquet")  # fmt: skip
        for extract, month in (("class_roll", "2025-05"), ("absentee", "2025-06")):
            pl.DataFrame({"school_code": ["甲小学"], "month": [month]}).write_parquet(out / f"{extract}.parquet")

    monkeypatch.setattr("transforms.validated.validate.validate_period", validate)


def test_what_is_missing_and_who_is_late(home: Home, stages: Stages, validated: None):
    deliver(home, PERIOD, 坏校=1)
    seen = look_at_inbox(home, date(2025, 6, 20))
    assert seen is not None and seen.period == NOW and seen.refused == 1
    assert seen.lacking == (EXTRACTS["child"].title, EXTRACTS["registry"].title)
    assert seen.late == {"2025-05": ("丙中学", "乙小学")}  # June is not over; who owes nothing is not named
    seen = look_at_inbox(home, date(2025, 7, 5))
    assert seen is not None and set(seen.late) == {"2025-05", "2025-06"}
    assert list_published(home) == [] and not list((home.lake / "validated").rglob(".nightly"))


def test_the_office_hears_of_it_in_the_week_before_the_report_is_due(home: Home, stages: Stages, validated: None):
    deliver(home, PERIOD, 坏校=1)
    seen = look_at_inbox(home, date(2025, 7, 5))
    assert seen is not None
    assert tell_late(seen, date(2025, 7, 2)) is None and tell_late(seen, date(2025, 7, 11)) is None
    news = tell_late(seen, date(2025, 7, 10))
    assert news is not None
    assert news.counts == (("缺少的必报名册", 2), ("不能使用的文件", 1), ("未报5月在校情况的学校", 2), ("未报6月在校情况的学校", 2))
    assert "小学" not in news.body and "中学" not in news.body


def test_the_period_in_hand_is_the_last_until_it_is_published(home: Home, stages: Stages):
    assert str(find_period_in_hand(home, date(2025, 7, 5))) == "2025-B4"  # of the last one nothing came, and nothing is waited for
    deliver(home, PERIOD, 甲校=4)
    assert str(find_period_in_hand(home, date(2025, 7, 5))) == PERIOD
    publish(home)
    assert str(find_period_in_hand(home, date(2025, 7, 5))) == "2025-B4"
    assert look_at_inbox(home, date(2025, 7, 5)) is None  # nothing has come yet


def test_overdue_cases_are_counted_by_owner_as_of_today(home: Home, stages: Stages):
    assert look_at_clocks(home, date(2025, 7, 21)) is None
    publish(home)
    con = duckdb.connect(str(home.database))
    con.execute("""update cases.case set owner_level = 'school', closed_on = null, due_on = case overdue_working_days
        when 0 then date '2025-07-15' when 1 then date '2025-07-18' when 2 then date '2025-07-21' else date '2025-07-10' end""")
    con.execute("update cases.case set closed_on = '2025-07-01' where overdue_working_days = 3")
    con.close()
    monday = look_at_clocks(home, date(2025, 7, 21))
    assert monday is not None
    assert (monday.by_owner, monday.newly, monday.total) == ({"学校": 2}, 1, 2)  # due today is not overdue; closed is over
    news = tell_overdue(monday, date(2025, 7, 21))
    assert news is not None and news.counts == (("逾期案件", 2), ("其中新逾期", 1), ("由学校负责", 2))


def test_the_office_hears_of_clocks_on_working_days_only(home: Home, stages: Stages):
    old, new = Overdue(NOW, {"学校": 2}, 0), Overdue(NOW, {"学校": 3}, 1)
    assert tell_overdue(new, date(2025, 7, 19)) is None  # a Saturday
    assert tell_overdue(old, date(2025, 7, 22)) is None and tell_overdue(new, date(2025, 7, 22)) is not None
    assert tell_overdue(old, date(2025, 7, 21)) is not None  # once a week of what is old
    assert find_last_working_day(date(2025, 10, 9)) == date(2025, 9, 30)  # behind the holidays
