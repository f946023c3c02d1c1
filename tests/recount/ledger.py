"""The cases as published: one row a case with the person it is about, what it counts in, and its first verification's day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from schemas.bimester import Bimester
from schemas.calendar import add_working_days
from schemas.thresholds import threshold
from tests.recount.registers import Inputs, Row
from tests.recount.words import WATCHED, Word

UNRESOLVED = ("待核实", "待补佐证")
OUT = ("劝返中", "失联")
ON_LEDGER = (*UNRESOLVED, "外地就读待转学", *OUT, "复学跟踪")


def read_cases(home: Path, inputs: Inputs, period: Bimester) -> list[Row]:
    """The published cases of a period, newest version, each with its person, oldest case first."""
    con = duckdb.connect(str(home / "baoxue.duckdb"), read_only=True)
    rows = con.execute("select c.* from cases.case c semi join (select period, version from meta.period where is_current) "
                       "using (period, version) where period = ? order by case_no", [str(period)]).pl().to_dicts()  # fmt: skip
    turns = con.execute("select case_no, happened_on from cases.event where event = '再次离校' and learned_in_period <= ?",
                        [str(period)]).fetchall()  # fmt: skip
    con.close()
    left = defaultdict(list)
    for case_no, on in turns:
        left[case_no].append(on)
    named = {r["child_key"]: r for r in pl.read_parquet(home / "private" / "named.parquet").to_dicts()}
    by_name = defaultdict(set)
    for person, who in inputs.people.items():
        if who["id"] is None:
            by_name[who["name"]].add(person)
    for row in rows:
        who = named[row["child_key"]]
        namesakes = by_name[who["name"]]
        own = who["id_number"] or (next(iter(namesakes)) if len(namesakes) == 1 else None)
        # a line on a list that leads to nobody stands for itself
        row["person"] = own if own in inputs.people else "K" + row["child_key"]
        row["name"] = who["name"]
        row["left_again"] = left[row["case_no"]]
        row["opened_in"] = f"{row['case_no'][2:6]}-{row['case_no'][6:8]}"
    return rows


def states_by_person(cases: list[Row]) -> dict[str, Row]:
    """Person → its open case, else the last closed."""
    best: dict[str, Row] = {}
    for row in cases:
        rank = (row["state"] != "已销号", row["opened_in"], row["case_no"])
        if row["person"] not in best or rank > best[row["person"]]["rank"]:
            best[row["person"]] = row | {"rank": rank}
    return best


class Docket:
    """The cases of a period with what their rates count."""

    def __init__(self, inputs: Inputs, cases: list[Row], before: list[Row], words: list[Word]) -> None:
        """`before`: the cases as the period before published them."""
        self.inputs = inputs
        self.was = {row["case_no"]: row["state"] for row in before}
        self.words = defaultdict(list)
        for word in words:
            self.words[word.person].append(word)
        self.batches = defaultdict(list)
        for row in inputs.rows["suspect"]:
            self.batches[row["person"], row["issued_on"]].append(row["verify_by"])
            self.batches[row["name"], row["issued_on"]].append(row["verify_by"])
        spans = defaultdict(list)
        for row in cases:
            spans[row["person"]].append(row["opened_in"])
        self.next_opened = {(p, o): min((x for x in opened if x > o), default="9999")
                            for p, opened in spans.items() for o in opened}  # fmt: skip
        self.rows = [self._describe(row) for row in cases]

    def _describe(self, row: Row) -> Row:
        period = str(self.inputs.period)
        was, is_new = self.was.get(row["case_no"]), row["opened_in"] == period
        said = self._heard(row)
        due = self._due(row)
        return row | {
            "is_active": is_new or was not in (None, "已销号"), "is_new": is_new,
            "was_on": was in ON_LEDGER, "is_on": row["state"] in ON_LEDGER, "is_closed": row["state"] == "已销号",
            "verified_on": min((w.on for w in said), default=None), "verify_due": due,
            "confirmed_on": max((w.on for w in said if w.is_dropout), default=None),
        } | self._follow(row, said)  # fmt: skip

    def _follow(self, row: Row, said: list[Word]) -> Row:
        """Leaving and returning, oldest first: whether the last was a return, where the child stood when the year
        began, and when it had returned before its last relapse. An unsigned closing moves nobody."""
        opens = date(self.inputs.year, 9, 1)
        story = sorted([(w.order, w.says, w.returned_on or w.on, w.is_signed or w.says == "超龄") for w in said]
                       + [((on, 0, ""), "再次离校", on, False) for on in row["left_again"]])  # fmt: skip
        place, back_on, relapsed_from, on_list, on_ledger = "", None, None, False, False
        for (on, *_), says, since, is_final in story:
            if says in ("失学", "确认辍学", "再次离校", "失联"):
                if place == "back" and says != "失联":
                    relapsed_from = back_on
                place, on_list = "away", True
            elif says == "已复学" or (place and says in ("在校就读", "复学")):
                back_on = back_on if place == "back" else since
                place, on_list = "back", True
            elif is_final or says == "其他" or says in WATCHED:
                on_list = False
            on_ledger = on_list if on < opens else on_ledger
        return {"is_back": place == "back", "relapsed_from": relapsed_from, "was_dropout": on_ledger}

    def _heard(self, row: Row) -> list[Word]:
        """The words that answer a case: told from its opening to the next one's; of a list, said after it came out."""
        person, opened = row["person"], row["opened_in"]
        since = row["opened_on"] if row["opened_by"] == "listed" else date.min
        return [w for w in self.words[person] if w.says not in ("未返校", "承诺复学", "转入") and w.on >= since
                and _held_when_told(w)
                and opened <= w.learned < self.next_opened[person, opened] and w.learned <= str(self.inputs.period)]  # fmt: skip

    def _due(self, row: Row) -> date:
        """The batch's own day, else the working days of the setting after the day it was opened."""
        if row["opened_by"] == "listed":
            own = self.batches.get((row["person"], row["opened_on"])) or self.batches.get((row["name"], row["opened_on"]))
            if own and min(own):
                return min(own)
        return add_working_days(row["opened_on"], int(threshold("verification_working_days")))


def _held_when_told(word: Word) -> bool:
    """A word that had lapsed before it came says nothing."""
    return word.until is None or word.until >= Bimester.parse(word.learned).last_day
