"""What each comparison of contract §5 must find, worked out from the invented world. Keyed by child: no matching here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from schemas.bimester import Bimester
from transforms.sample.deliver_lists import (
    care_lists,
    disability_of,
    guardianship_of,
    listed_children,
    placement_of,
    vocational_pupils,
)
from transforms.sample.deliver_presence import seat_guests
from transforms.sample.deliver_registry import needs_boarding
from transforms.sample.registry import current_records
from transforms.sample.roster import WHOLE_PERIOD
from transforms.sample.timeline import owed_months
from transforms.sample.truth_presence import Seats
from transforms.sample.truth_state import ELSEWHERE, Day, duplicates
from transforms.sample.world import World

LIVE = ("在读", "休学", "转出中")
DIFFERS = ("id_birth_mismatch", "id_sex_mismatch", "name_odd")
# 应助未助 is due from the end of December and of May to the end of the term: by the bimester's number
AID_DUE = (6, 1, 3, 4)


@dataclass(frozen=True)
class Seen:
    """A period and those delivered before it, oldest first: their days and who sat where."""

    world: World
    days: Sequence[Day]
    seats: Sequence[Seats]

    @property
    def day(self) -> Day:
        """The period's own last day."""
        return self.days[-1]

    @property
    def first(self) -> Bimester:
        """The first period delivered."""
        return self.days[0].period

    @property
    def delivered(self) -> Bimester:
        """When the lists of other offices in force came."""
        return WHOLE_PERIOD if self.first < WHOLE_PERIOD <= self.day.period else self.first

    def care(self) -> dict[str, pl.DataFrame]:
        """The care lists in force, by kind: a later delivery replaces the 镇街 that it covers."""
        old, new = (care_lists(listed_children(self.world, period)) for period in (self.first, self.delivered))
        return {kind: _hold(old[kind], new[kind]) for kind in new}

    def disabled(self) -> pl.DataFrame:
        """The disability list in force."""
        old, new = (disability_of(listed_children(self.world, period)) for period in (self.first, self.delivered))
        return _hold(old, new)

    def of_age(self, children: frozenset[int]) -> frozenset[int]:
        """Those of school age."""
        year, cohorts = self.day.period.school_year, self.world.children["cohort"]
        return frozenset(child for child in children if year - 8 <= cohorts[child] <= year)

    def with_status(self, *statuses: str) -> frozenset[int]:
        """Children whose record that counts has one of the statuses."""
        return frozenset(self.day.current.filter(pl.col("status").is_in(statuses))["child"])

    def unexplained(self, children: frozenset[int]) -> frozenset[int]:
        """Those without a live record, grade 9, an explanation or a refused row."""
        day = self.day
        return children - day.live - day.completed - frozenset(day.explained) - day.quarantined

    def left_roster(self) -> frozenset[int]:
        """Children of the 底册 who left it, with the day."""
        roster = self.day.roster
        return frozenset(roster.filter((pl.col("status") != "正常") & pl.col("status_on").is_not_null())["child"])


def _hold(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([new, old.filter(~pl.col("township").is_in(new["township"].to_list()))], how="diagonal")


def find_all(seen: Seen, unenrolled: frozenset[int], monitored: frozenset[int]) -> dict[str, frozenset[int]]:
    """Children by comparison; `listed` needs the cases and stands apart (truth_cases)."""
    absent = seen.seats[-1].absent
    roster = seen.day.roster
    residents = frozenset(roster.filter(pl.col("hukou") == "非本区户籍常住")["child"])
    return {
        "unenrolled": unenrolled,
        "absent": absent,
        "monitored_out": (unenrolled | absent) & monitored,
        "no_registry": find_no_registry(seen),
        "duplicate_registry": duplicates(seen.world, seen.day),
        "no_household": seen.of_age(seen.day.live) - frozenset(roster["child"]),
        "name_mismatch": _with_fault(seen.world),
        "to_vocational": find_to_vocational(seen),
        "elsewhere": frozenset(c for c in seen.with_status(*LIVE) if seen.day.explained.get(c) in (*ELSEWHERE, "转出已办结")),
        "disabled_out": find_disabled_out(seen),
        "unaided": find_unaided(seen, monitored),
        "boarding_unmet": find_boarding_unmet(seen, monitored),
        "migrant_out": unenrolled & residents,
        "unguarded": find_unguarded(seen),
        "unaccounted": find_unaccounted(seen),
        "transition_gap": find_transition_gap(seen),
        "long_leave": find_long_leave(seen),
    }


def _with_fault(world: World) -> frozenset[int]:
    faulty = pl.col("registry_fault").is_in(DIFFERS) | pl.col("roster_fault").is_in(DIFFERS)
    return frozenset(world.children.filter(faulty)["child"])


def find_no_registry(seen: Seen) -> frozenset[int]:
    """In class here without a record."""
    guests = seat_guests(seen.world, seen.day.period) if owed_months(seen.day.period) else None
    return frozenset(guests["child"]) - seen.day.live if guests is not None else frozenset()


def find_to_vocational(seen: Seen) -> frozenset[int]:
    """On the vocational list and not through grade 9."""
    there = frozenset(vocational_pupils(seen.world, seen.delivered)["child"]) - seen.day.completed
    return there & (seen.day.live | seen.of_age(frozenset(seen.day.roster["child"])))


def find_disabled_out(seen: Seen) -> frozenset[int]:
    """No place; or taught at home, by the list or by word, without a record."""
    day = seen.day
    listed = {c["child"]: placement_of(c) for c in seen.disabled().iter_rows(named=True)}
    home = {c for c, place in listed.items() if place == "送教上门"} | {c for c, says in day.explained.items() if says == "送教上门"}
    found = {c for c, place in listed.items() if place == "未安置"} | {c for c in home if c not in day.live}
    settled = {c for c, says in day.explained.items() if says not in ("送教上门", "在校就读")}
    return seen.of_age(frozenset(found - settled)) - day.completed - day.quarantined - seen.left_roster()


def find_unaided(seen: Seen, monitored: frozenset[int]) -> frozenset[int]:
    """In school, entitled, and nothing paid in the term that the period began in."""
    period, people = seen.day.period, seen.world.children
    if period.number not in AID_DUE:
        return frozenset()
    lists = seen.care()
    entitled = monitored | frozenset(people.filter(pl.col("orphan") | (pl.col("disability") != "无"))["child"])
    entitled |= frozenset(seen.disabled()["child"])
    entitled |= frozenset(lists["孤儿"]["child"]) | frozenset(lists["困境儿童"]["child"])
    term = {6: (5, 6), 1: (5, 6, 1), 3: (2, 3), 4: (2, 3, 4)}[period.number]
    paid: set[int] = set()
    for day in seen.days:
        its = day.period
        same = its.number in term and (its.school_year == period.school_year)
        if same and its <= period and (its == seen.first or its.number in (3, 6)):
            current = current_records(seen.world.records_of(its))["child"]
            paid |= set(people.filter(pl.col("monitored") & ~pl.col("no_hukou") & pl.col("child").is_in(current.to_list()))["child"])
    return (seen.with_status("在读") & entitled) - paid


def find_boarding_unmet(seen: Seen, monitored: frozenset[int]) -> frozenset[int]:
    """A monitored household's pupil who needs to board and goes home every day."""
    pupils = seen.day.current.filter(pl.col("status") == "在读").select("child", "grade").join(seen.world.children, on="child")
    boards = pl.when(pl.col("grade") <= 6).then("boarding_primary").otherwise("boarding_junior")
    return frozenset(pupils.filter(needs_boarding(boards) & ~boards)["child"]) & monitored


def find_unguarded(seen: Seen) -> frozenset[int]:
    """Nobody, or nobody able, to care; and children of the 底册 without a household."""
    found: set[int] = set(seen.day.roster.filter(pl.col("hukou") == "无户籍")["child"]) - seen.left_roster()
    for part in seen.care().values():
        for child in part.iter_rows(named=True):
            guardianship, carer = guardianship_of(child)
            if guardianship == "无人监护" or (guardianship == "监护能力弱" and not carer):
                found.add(child["child"])
    return frozenset(found)


def find_unaccounted(seen: Seen) -> frozenset[int]:
    """Live in a snapshot of the last twelve months, not now, and nothing says where."""
    period = seen.day.period
    since = Bimester(period.year - 1, period.number)
    was_live: frozenset[int] = frozenset().union(*(d.live for d in seen.days[:-1] if d.period >= since))
    registered: set[int] = set()
    for day in seen.days:
        if day.period.number in (2, 3):
            current = current_records(seen.world.records_of(day.period)).filter(pl.col("grade") == 9)["child"]
            registered |= set(seen.world.children.filter(~pl.col("no_hukou") & pl.col("child").is_in(current.to_list()))["child"])
    return seen.unexplained(seen.of_age(was_live)) - frozenset(registered)


def find_transition_gap(seen: Seen) -> frozenset[int]:
    """Finished grade 6 in the summer before this school year, and on no roll since."""
    year = seen.day.period.school_year
    summer = [d for d in seen.days if str(d.period) == f"{year}-B4"]
    if not summer or (seen.day.period.is_summer and seen.day.period.year == year):
        return frozenset()
    finished = summer[0].records.filter((pl.col("grade") == 6) & (pl.col("status") == "毕业"))["child"]
    return seen.unexplained(frozenset(finished))


def find_long_leave(seen: Seen) -> frozenset[int]:
    """On leave in two months running, the second in this period; as far as the schools' reports say."""
    told: dict[str, set[int]] = {}
    for day, seats in zip(seen.days, seen.seats, strict=True):
        schools = dict(day.current.select("child", "school").iter_rows())
        rows = seen.world.presence.states.filter((pl.col("period") == str(day.period)) & (pl.col("state") == "请假"))
        for child, month in rows.select("child", "month").iter_rows():
            if (schools.get(child), month) in seats.usable:
                told.setdefault(month, set()).add(child)
    found: set[int] = set()
    for month in owed_months(seen.day.period):
        found |= told.get(month, set()) & told.get(_month_before(month), set())
    return frozenset(found) & seen.with_status("在读")


def _month_before(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year - (number == 1)}-{(number - 2) % 12 + 1:02d}"
