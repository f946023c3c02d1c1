"""The two nightly looks: what has arrived and who is late (收件检查), and whose clock has run out (逾期提醒)."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from flows.lock import hold_home
from flows.manifest import list_published, newest_version
from flows.purge import read_purged
from flows.settings import Home
from flows.telling import News
from flows.vault import open_vault
from schemas.bimester import Bimester
from schemas.calendar import default_issue_date, is_working_day
from schemas.labels import LABELS

if TYPE_CHECKING:
    from transforms.validated.arrivals import Arrivals


def look_at_inbox(home: Home, today: date) -> Arrivals | None:
    """Land and validate what lies in the inbox of the period in hand, publish nothing. None: there is no such inbox.

    The period in hand is the last one that something came for, until it is published, then the running one.
    """
    from transforms.extracts.land import land_inbox
    from transforms.validated.arrivals import list_arrivals, list_owed_months
    from transforms.validated.validate import validate_period

    period = find_period_in_hand(home, today)
    inbox = home.inbox / str(period)
    if not inbox.is_dir():
        return None
    with hold_home(home), open_vault(home):
        gone = read_purged(home)["数据"]
        held = tuple(home.validated(m.inputs.period, m.inputs.run_id) for m in list_published(home)
                     if m.period < period and m.inputs.period not in gone)  # fmt: skip
        folder = home.lake / "validated" / str(period) / ".nightly"
        shutil.rmtree(folder, ignore_errors=True)
        try:
            landing = land_inbox(inbox, home.lake, lambda _: None)
            validate_period(landing, period, held, folder, lake=home.lake)
            over = [month for month in list_owed_months(period) if month < f"{today:%Y-%m}"]
            return list_arrivals(landing, folder, held, period, over)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def find_period_in_hand(home: Home, today: date) -> Bimester:
    """Return the last period while it has an inbox and nobody has published it, else the running one."""
    running = Bimester.containing(today)
    last = running.previous()
    return last if newest_version(home, last) is None and (home.inbox / str(last)).is_dir() else running


def tell_late(arrivals: Arrivals, today: date) -> News | None:
    """News of what is missing, in the week before the report is due and on that day; before that it is early."""
    due = default_issue_date(arrivals.period)
    if not due - timedelta(days=7) <= today <= due or not (arrivals.lacking or arrivals.late or arrivals.refused):
        return None
    counts = (("缺少的必报名册", len(arrivals.lacking)), ("不能使用的文件", arrivals.refused),
              *((f"未报{int(month[5:])}月在校情况的学校", len(names)) for month, names in arrivals.late.items()))  # fmt: skip
    return News("late", arrivals.period.label, tuple((name, count) for name, count in counts if count))


@dataclass(frozen=True)
class Overdue:
    """Open cases past their day: by owner's level, and those whose day was the last working day before today."""

    period: Bimester
    by_owner: dict[str, int]
    newly: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_owner.values())


OVERDUE = """
select period, owner_level, count(*)::integer, count(*) filter (where due_on >= $last)::integer
from cases.case semi join (select max(period) as period from meta.period) using (period)
semi join (from meta.period where is_current) using (period, version)
where closed_on is null and due_on < $today
group by all order by all
"""


def look_at_clocks(home: Home, today: date) -> Overdue | None:
    """Count the overdue cases of the newest published period as of today."""
    import duckdb

    if not home.database.exists():
        return None
    con = duckdb.connect(str(home.database), read_only=True)
    try:
        rows = con.execute(OVERDUE, {"today": today, "last": find_last_working_day(today)}).fetchall()
    finally:
        con.close()
    if not rows:
        return None
    by_owner = {LABELS["owner_level"].get(level, level): count for _, level, count, _ in rows}
    return Overdue(Bimester.parse(rows[0][0]), by_owner, sum(row[3] for row in rows))


def find_last_working_day(today: date) -> date:
    """Return the last working day before today. Raises CalendarGap beyond the holiday table."""
    day = today - timedelta(days=1)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def tell_overdue(overdue: Overdue, today: date) -> News | None:
    """News when a clock has run out since the last working day, and on the first working day of a week."""
    if not is_working_day(today):
        return None
    first_of_week = find_last_working_day(today) < today - timedelta(days=today.weekday())
    if not overdue.newly and not first_of_week:
        return None
    levels = tuple((f"由{level}负责", count) for level, count in overdue.by_owner.items())
    return News("overdue", overdue.period.label, (("逾期案件", overdue.total), ("其中新逾期", overdue.newly), *levels))
