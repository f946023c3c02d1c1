"""Every indicator of contract §8: its units, one dict each, from the registers, the words and the cases."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl

from schemas.bimester import Bimester
from schemas.calendar import default_issue_date
from tests.recount.cells import UNIT, count_cells, fill_empty
from tests.recount.ledger import OUT, UNRESOLVED, Docket, read_cases, states_by_person
from tests.recount.presence import Presence
from tests.recount.registers import (
    Row,
    age_on_31_august,
    choose_records,
    holding,
    list_groups,
    list_refused,
    list_roster,
    list_schools,
    list_snapshots,
    newest,
    read_inputs,
    year_of,
)  # fmt: skip
from tests.recount.words import (
    ELSEWHERE,
    find_completed,
    find_explained,
    is_on_review,
    last_words,
    list_words,
)

NOT_OURS = ("死亡", "出国(境)", "户籍迁出", "户籍或证件错误", "重复信息")


def stage_of(grade: str | None) -> str | None:
    """小学 to grade 6."""
    return None if grade is None else "primary" if grade <= "6" else "junior"


class Recount:
    """One period of a home, counted again."""

    def __init__(self, home: Path, folders: list[Path], period: Bimester) -> None:
        """Read the registers, the words and the cases."""
        self.inputs = inputs = read_inputs(folders, period)
        self.year, self.as_of = inputs.year, inputs.as_of
        self.opens = date(self.year, 9, 1)
        self.schools = list_schools(inputs)
        self.snapshots = list_snapshots(inputs, self.schools)
        self.now = choose_records(self.snapshots.get(str(period), []))
        self.roster, self.refused = list_roster(inputs), list_refused(inputs)
        cases = read_cases(home, inputs, period)
        self.cases = states_by_person(cases)
        self.words = list_words(inputs, self.schools, {r["case_no"]: r["person"] for r in cases})
        lost = {p for p, c in self.cases.items() if c["state"] in OUT}
        self.done = find_completed(inputs, self.snapshots, self.now, self.words, lost)
        self.explained = find_explained(inputs, last_words(self.words), self.now, self.done)
        self.groups = list_groups(inputs, self.snapshots, self.now, self.roster, self.schools)
        self.presence = Presence(inputs, self.schools, self.now)
        self.due = self._list_due()
        self.members = self._list_members()
        self.docket = Docket(inputs, cases, read_cases(home, inputs, period.previous()), self.words)

    def cells(self) -> pl.DataFrame:
        """Every cell of every indicator."""
        counted = {}
        for name, units in self.list_units().items():
            rows = [dict.fromkeys(UNIT) | u for u in units]
            counted[name] = count_cells(rows, self.schools, self.groups)
        return fill_empty(counted, self.inputs)

    def says(self, person: str) -> str | None:
        """What explains a person now."""
        word = self.explained.get(person)
        return word.says if word else None

    def unresolved(self, person: str) -> bool:
        """A case 待核实 or 待补佐证, on the 年度复核清单, or the registry row quarantined (and none accepted)."""
        case = self.cases.get(person)
        return (bool(case and case["state"] in UNRESOLVED) or is_on_review(self.inputs, self.explained.get(person))
                or self.is_refused(person))  # fmt: skip

    def is_refused(self, person: str) -> bool:
        """Set aside in the registry, and without a live record."""
        return person in self.refused and person not in self.now

    # --- population

    def _list_due(self) -> dict[str, Row]:
        intake = {}
        for r in sorted(self.inputs.rows["intake"], key=lambda r: (r["period"], r["intake_school_code"])):
            intake[r["person"]] = r["intake_school_code"]
        zones = {(a["parent_township"], a["area_name"]): a for a in
                 newest(self.inputs.rows["area"], "level", "parent_township", "area_name") if a["level"] == "村社"}  # fmt: skip
        due = {}
        for person, row in self.roster.items():
            if row["age"] is None or not 6 <= row["age"] < 15 or row["left"] or self.says(person) in NOT_OURS:
                continue
            stage = "primary" if row["age"] < 12 else "junior"
            zone = zones.get((row["township"], row["village"]), {})
            enrolled = (person in self.now or (person, 9) in self.done
                        or self.says(person) in (*ELSEWHERE, "在校就读", "待升学"))  # fmt: skip
            due[person] = {
                "person": person, "township": row["township"], "village": row["village"], "stage": stage,
                "school": intake.get(person) or zone.get(f"{stage}_school_code"), "enrolled": enrolled,
                "suspended": self.says(person) == "休学" or self.now.get(person, {}).get("status") == "休学",
                "on_leave": self.says(person) == "休学" or self._is_on_granted_leave(person),
                "deferred": self.says(person) == "延缓入学" and person not in self.now and (person, 9) not in self.done,
            }  # fmt: skip
        return due

    def _is_on_granted_leave(self, person: str) -> bool:
        """休学 in the registry, and its last grant has not run out; without a given end, a year after it was first seen."""
        if self.now.get(person, {}).get("status") != "休学":
            return False
        ends = [w.until for w in self.words if w.person == person and w.says == "休学" and w.until]
        if not ends:
            seen = min(p for p, rows in self.snapshots.items() if any(r["person"] == person and r["status"] == "休学" for r in rows))
            ends = [Bimester.parse(f"{int(seen[:4]) + 1}{seen[4:]}").last_day]
        return max(ends) >= self.as_of

    def bounded(self, unit: Row, inside: bool, unresolved: bool | None = None) -> Row:
        """A person of the denominator with both bounds."""
        open_ = self.unresolved(unit["person"]) if unresolved is None else unresolved
        counts = {"n": int(inside), "d": 1, "low": int(inside and not open_), "high": int(inside or open_)}
        return {k: unit.get(k) for k in UNIT} | counts

    def enrolment(self) -> dict[str, list[Row]]:
        """The enrolment rates of the 底册."""
        due = self.due.values()
        migrants = [c for c in due if self.roster[c["person"]]["hukou_status"] == "非本区户籍常住"]
        own_base = any(self.roster[c["person"]]["sources"] != {"学校"} for c in migrants)
        return {
            "enrolment_rate": [self.bounded(c, c["enrolled"]) for c in due],
            "enrolment_rate_statistical": [self.bounded(c, c["enrolled"] and not c["suspended"]) for c in due],
            "enrolment_rate_policy": [self.bounded(c, c["enrolled"]) for c in due if not c["on_leave"] and not c["deferred"]],
            "enrolment_rate_primary": [self.bounded(c, c["enrolled"]) for c in due if c["stage"] == "primary"],
            "enrolment_rate_junior": [self.bounded(c, self._is_in_junior(c)) for c in due if c["stage"] == "junior"],
            "enrolment_rate_migrant": [self.bounded(c, c["enrolled"]) for c in migrants if own_base],
            "enrolment_rate_monitored": [self.bounded(c, c["enrolled"]) for c in due if "monitored" in self.groups[c["person"]]],
            "gross_enrolment_rate_junior": list(self._gross()),
            "enrolment_rate_disabled": list(self._disabled()),
            "guardian_ok_rate": list(self._guarded()),
        }  # fmt: skip

    def _is_in_junior(self, child: Row) -> bool:
        record = self.now.get(child["person"])
        in_stage = record is None or stage_of(record["grade"]) == "junior"
        waits = record is None and (child["person"], 9) not in self.done and self.says(child["person"]) == "待升学"
        return child["enrolled"] and in_stage and not waits

    def _gross(self) -> Iterator[Row]:
        for person, record in self.now.items():
            if stage_of(record["grade"]) == "junior":
                home = self.roster.get(person, {})
                town = home.get("township") or self.schools[record["at"]]["township"]
                yield {"person": person, "township": town, "village": home.get("village"), "stage": "junior", "n": 1, "d": 0}
        for child in self.due.values():
            if child["stage"] == "junior":
                yield {k: child[k] for k in ("person", "township", "village", "stage")} | {"n": 0, "d": 1}

    def _disabled(self) -> Iterator[Row]:
        listed: dict[str, Row] = {}
        for row in sorted(holding(self.inputs.rows["disabled"], "township"), key=lambda r: r["township"] or "~"):
            listed.setdefault(row["person"], row)
        for person, row in listed.items():
            age = age_on_31_august(self.inputs.people[person]["birth"], self.year)
            home = self.roster.get(person)
            gone = self.says(person) in NOT_OURS or (home is not None and home["left"])
            if age is None or not 6 <= age < 15 or gone:
                continue
            place = home or row
            inside = (person in self.now or (person, 9) in self.done
                      or self.says(person) in (*ELSEWHERE, "在校就读", "待升学"))  # fmt: skip
            yield self.bounded({
                "person": person, "township": place["township"], "village": place["village"],
                "school": self.due.get(person, {}).get("school"), "stage": "primary" if age < 12 else "junior",
            }, inside)  # fmt: skip

    def _guarded(self) -> Iterator[Row]:
        rows: dict[str, Row] = {}
        order = ("无人监护", "监护能力弱", "正常")
        for row in holding(self.inputs.rows["care"], "township", "care_kind"):
            if row["guardianship"] is None:
                continue
            rank = (order.index(row["guardianship"]), row["entrusted_carer"] is not None)
            if row["person"] not in rows or rank < rows[row["person"]]["rank"]:
                rows[row["person"]] = row | {"rank": rank}
        for person, row in rows.items():
            home = self.roster.get(person)
            age = home["age"] if home else None
            stage = None if age is None or not 6 <= age < 15 else "primary" if age < 12 else "junior"
            is_ok = row["guardianship"] == "正常" or row["entrusted_carer"] is not None
            place = home or row
            yield {"person": person, "township": place["township"], "village": place["village"], "stage": stage,
                   "n": int(is_ok), "d": 1}  # fmt: skip

    # --- roll

    def _list_members(self) -> dict[str, Row]:
        """The members of the school year: the start roll and those moved in since."""
        first = min((p for p in self.snapshots if year_of(p) == self.year), default=None)
        before = max((p for p in self.snapshots if year_of(p) < self.year), default=None)
        of_year: dict[str, list[tuple[str, Row]]] = defaultdict(list)
        for p in sorted(p for p in self.snapshots if year_of(p) == self.year):
            for person, record in choose_records(self.snapshots[p]).items():
                of_year[person].append((p, record))
        old = choose_records(self.snapshots[before]) if before else {}
        kept = {p: r for p, r in old.items() if self.done.get((p, 9), "9999") > f"{self.year}-B5"}
        members = {}
        for person in {*of_year, *kept}:
            seen = of_year.get(person, [])
            if seen:
                grade, at = seen[0][1]["grade"], seen[-1][1]["at"]
            else:
                grade, at = str(min(int(kept[person]["grade"]) + 1, 9)), kept[person]["at"]
            starts = person in kept or (seen[0][0] == first and (before is None or grade == "1"))
            members[person] = {"person": person, "school": at, "grade": grade, "stage": stage_of(grade), "starts": starts}
        return members

    def roll(self) -> dict[str, list[Row]]:
        """学年巩固率, 辍学率 and what stands beside them."""
        confirmed = {r["person"] for r in self.docket.rows if r["state"] in OUT
                     and r["confirmed_on"] and r["confirmed_on"] >= self.opens}  # fmt: skip
        retention, dropout, leavers = [], [], []
        for person, m in self.members.items():
            says = self.says(person)
            lost = self._is_lost(person)
            if says not in (*ELSEWHERE, "死亡", "出国(境)"):
                retention.append(self.bounded(m, not lost))
            out = person in confirmed and self.cases[person]["state"] in OUT
            dropout.append({k: m.get(k) for k in UNIT} | {
                "n": int(out), "d": 1, "low": int(out), "high": int(out or self.unresolved(person))})  # fmt: skip
            if person not in self.now and not self.is_refused(person) and not self._graduated(person) and says != "死亡":
                leavers.append({k: m.get(k) for k in UNIT} | {"n": int(not self._is_settled(person)), "d": 1})
        return {"retention_rate_year": retention, "dropout_rate": dropout, "unconfirmed_leaver_share": leavers,
                "dropout_rate_net": list(self._net()), "transition_rate": list(self._moved_up()),
                "retention_rate_tracked": list(self._tracked())}  # fmt: skip

    def _is_lost(self, person: str) -> bool:
        case = self.cases.get(person)
        unknown = person not in self.now and person not in self.explained and (person, 9) not in self.done
        return bool(case and case["state"] in OUT) or unknown

    def _graduated(self, person: str) -> bool:
        in_junior = any(r["person"] == person and stage_of(r["grade"]) == "junior"
                        for p, rows in self.snapshots.items() if year_of(p) == self.year for r in rows)  # fmt: skip
        return (person, 9) in self.done or ((person, 6) in self.done and not in_junior)

    def _is_settled(self, person: str) -> bool:
        """A movement 已办结, or a verification that says where the child is."""
        left = any(r["person"] == person and r["movement_type"] == "转出" and (r["movement_state"] or "已办结") == "已办结"
                   and self.opens <= r["moved_on"] <= self.as_of for r in self.inputs.rows["movement"])  # fmt: skip
        if left or person in self.explained:
            return True
        told = [w for w in self.words if w.person == person and w.on >= self.opens]
        return any((w.kind == "movement" and w.says not in ("转入", "复学"))
                   or (w.kind == "verification" and w.proved and w.says not in ("失联", "其他")) for w in told)  # fmt: skip

    def _net(self) -> Iterator[Row]:
        codes = {key: s["at"] for code, s in self.schools.items() for key in (code, s["school_name"])}
        known: dict[str, list[Row]] = defaultdict(list)
        for p in sorted(self.snapshots):
            for person, record in choose_records(self.snapshots[p]).items():
                known[person].append(record)
        steps = set()
        for r in self.inputs.rows["movement"]:
            in_year = self.opens <= r["moved_on"] <= self.as_of and (r["movement_state"] or "已办结") == "已办结"
            person, kind = r["person"], r["movement_type"]
            if not in_year or person is None:
                continue
            left, joined = (r[f"{side}_school_code"] or r[f"{side}_school_name"] for side in ("from", "to"))
            records = known.get(person, [])
            home = records[-1]["at"] if records else None
            grade = self.members.get(person, {}).get("grade") or (records[0]["grade"] if records else r["grade"])
            on = None if kind in ("转出", "转入") else r["moved_on"]
            if kind in ("转出", "转入"):
                source = codes.get(left) if left else (home if kind == "转出" else None)
                target = codes.get(joined) if joined else (home if kind == "转入" else None)
                steps |= {(person, grade, source, 1, "move", None), (person, grade, target, -1, "move", None)}
            elif kind in ("休学", "退学", "失踪", "死亡", "出国", "转入中职") or (kind == "其他" and left):
                steps.add((person, grade, codes.get(left) or home, 1, kind, on))
            elif kind == "复学" or (kind == "其他" and joined):
                steps.add((person, grade, codes.get(joined) or home, -1, kind, on))
        for person, grade, school, n, *_ in steps:
            if school:
                yield {"person": person, "school": school, "grade": grade, "stage": stage_of(grade), "n": n, "d": 0}
        for m in self.members.values():
            if m["starts"]:
                yield {k: m.get(k) for k in UNIT} | {"n": 0, "d": 1}

    def _moved_up(self) -> Iterator[Row]:
        last = {}
        for p in sorted(p for p in self.snapshots if year_of(p) < self.year):
            for r in sorted(self.snapshots[p], key=lambda r: r["at"]):
                if r["grade"] == "6":
                    last[r["person"]] = r["at"]
        junior = {r["person"] for p, rows in self.snapshots.items() if year_of(p) == self.year
                  for r in rows if r["live"] and stage_of(r["grade"]) == "junior"}  # fmt: skip
        for (person, grade), known in self.done.items():
            if grade == 6 and f"{self.year - 1}-B5" < known <= f"{self.year}-B5":
                unit = {"person": person, "school": last.get(person), "grade": "6", "stage": "primary"}
                yield self.bounded(unit, person in junior or self.says(person) in ELSEWHERE)

    def _tracked(self) -> Iterator[Row]:
        oldest = min((r["period"] for r in self.inputs.rows["registry"]), default=None)
        cohort: dict[str, Row] = {}
        for r in sorted(self.inputs.rows["registry"], key=lambda r: r["grade"]):
            live = (r["registry_status"] or "在读") in ("在读", "休学", "转出中")
            if r["period"] == oldest and r["grade"] in ("1", "7") and live:
                cohort.setdefault(r["person"], r)
        last = {}
        for p in sorted(self.snapshots):
            last |= {person: r["at"] for person, r in choose_records(self.snapshots[p]).items()}
        for person, r in cohort.items():
            says = self.says(person)
            if says in ("死亡", "出国(境)"):
                continue
            inside = (person in self.now or (person, 9) in self.done
                      or says in (*ELSEWHERE, "在校就读", "中职就读", "待升学", "已毕业"))  # fmt: skip
            school = last.get(person) or self.schools[r["school_code"]]["at"]
            yield self.bounded({"person": person, "school": school, "stage": stage_of(r["grade"])}, inside)

    def cohorts(self) -> dict[str, list[Row]]:
        """Cohort retention by counts."""
        entered: dict[tuple, list[Row]] = defaultdict(list)
        for r in newest(self.inputs.rows["cohort"], "school_code", "entry_grade", "entry_year"):
            entered[r["entry_grade"], r["entry_year"]].append(r)
        first = min((p for p in self.snapshots if year_of(p) == self.year), default=None)
        here = {(p, r["grade"]): r["at"] for p, r in self.now.items() if r["grade"] in ("6", "9")}
        for (person, grade), known in self.done.items():
            if known > f"{self.year}-B5" and (person, str(grade)) not in here:
                was = [r["at"] for p in sorted(self.snapshots) for r in self.snapshots[p]
                       if r["person"] == person and r["grade"] == str(grade)]  # fmt: skip
                if was:
                    here[person, str(grade)] = was[-1]
        pupils = Counter((grade, at) for (_, grade), at in here.items())
        at_start = sum(r["grade"] == "9" for r in choose_records(self.snapshots[first]).values()) if first else 0
        result: dict[str, list[Row]] = {}
        for name, grade, entry, years in (("primary6", "6", "1", 5), ("junior3", "9", "7", 2)):
            by_school: dict[str, list[Row]] = defaultdict(list)
            for r in entered[entry, self.year - years]:
                by_school[self.schools[r["school_code"]]["at"]].append(r)
            stage = stage_of(grade)
            rows = [(at, pupils[grade, at], _entrants(rs), _moves(rs)) for at, rs in by_school.items()]
            result[f"retention_rate_{name}"] = [
                {"school": at, "stage": stage, "n": n, "d": d + net} for at, n, d, net in rows if net is not None]
            result[f"retention_rate_{name}_simple"] = [{"school": at, "stage": stage, "n": n, "d": d} for at, n, d, _ in rows]  # fmt: skip
        rs = entered["1", self.year - 8]
        nine = sum(n for (grade, _), n in pupils.items() if grade == "9")
        starts = sum(_entrants([r]) if r["year_start_count"] is None else r["year_start_count"] for r in rs)
        net = _moves(rs)
        result["retention_rate_nine"] = [{"n": nine, "d": _entrants(rs) + net}] if rs and net is not None else []
        result["retention_rate_nine_simple"] = [{"n": nine, "d": _entrants(rs)}] if rs else []
        result["retention_rate_nine_national"] = [{"n": at_start, "d": starts}] if rs else []
        return result

    # --- class, care, school, cases

    def classroom(self) -> dict[str, list[Row]]:
        """在校率, 缺勤率 and 报送率."""
        inside, absence = [], []
        for person, record in self.now.items():
            month = self.presence.last_month(person)
            state = self.presence.states.get((person, month or ""))
            judged = self.presence.school_months.get((record["at"], month or ""))
            if state in (None, "送教上门", "班级不闭合", "未知") or judged is None or judged["silent"]:
                continue
            inside.append(self._pupil(person, state in ("在校", "请假")))
        rows = [r for r in self.inputs.rows["attendance"] if r["period"] == str(self.inputs.period)
                and r["days_due"] is not None and r["days_absent"] is not None and r["school_code"] in self.schools]  # fmt: skip
        for r in newest(rows, "month", "school_code", "id_number", "id_number_given", "registry_number", "name"):
            grade = self.now.get(r["person"], {}).get("grade") or r["grade"]
            absence.append({"person": r["person"], "school": self.schools[r["school_code"]]["at"], "grade": grade,
                            "stage": stage_of(grade), "n": int(r["days_absent"] + 0.5), "d": int(r["days_due"] + 0.5)})  # fmt: skip
        months = [{"school": at, "n": int(j["usable"]), "d": 1} for (at, _), j in self.presence.school_months.items()]
        return {"in_school_rate": inside, "absence_rate": absence, "submission_rate": months}

    def _term(self) -> tuple[date, date]:
        """The term of the period's first day: 秋季 September to January, 春季 February to August."""
        first = self.inputs.period.first_day
        if first.month == 1:
            return date(first.year - 1, 9, 1), date(first.year, 1, 31)
        if first.month < 9:
            return date(first.year, 2, 1), date(first.year, 8, 31)
        return date(first.year, 9, 1), date(first.year + 1, 1, 31)

    def _pupil(self, person: str, inside: bool) -> Row:
        r = self.now[person]
        return {"person": person, "school": r["at"], "grade": r["grade"], "stage": stage_of(r["grade"]), "n": int(inside), "d": 1}

    def care(self) -> dict[str, list[Row]]:
        """Aid, boarding, migrant places, match quality."""
        begins, ends = self._term()
        aided = {r["person"] for r in self.inputs.rows["aid"]
                 if begins <= r["paid_on"] <= min(ends, self.as_of) and r["amount"] > 0}  # fmt: skip
        here = [p for p, r in self.now.items() if r["status"] == "在读"]
        entitled = [p for p in here if self.groups[p] & {"monitored", "orphan", "disabled", "in_difficulty"}]
        needs = [p for p in here if self.now[p]["needs_boarding"] and "monitored" in self.groups[p]]
        migrants = [p for p, r in self.now.items() if r["is_migrant_worker_child"]]
        return {
            "aid_coverage_rate": [self._pupil(p, p in aided) for p in entitled],
            "boarding_met_rate": [self._pupil(p, self.now[p]["boarding"] == "住校") for p in needs],
            "migrant_public_place_share": [self._pupil(p, self.schools[self.now[p]["at"]]["founder_type"] == "公办") for p in migrants],
            "match_quality": [self._pupil(p, r["how"] == "id") for p, r in self.now.items()],
        }  # fmt: skip

    def school_work(self) -> dict[str, list[Row]]:
        """学困帮扶 and 法治宣传, each school's last reported month."""
        rows = [r | {"at": self.schools[r["school_code"]]["at"]} for r in self.inputs.rows["school_work"]
                if r["period"] == str(self.inputs.period) and r["school_code"] in self.schools]  # fmt: skip
        rows = newest(rows, "school_code", "month", "grade_band")
        helped = _last_month([r for r in rows if r["struggling_pupils"] is not None and r["help_plans"] is not None])
        reached: Counter[str] = Counter()
        for r in _last_month([r for r in rows if r["law_reached"] is not None]):
            reached[r["at"]] += r["law_reached"]
        live = Counter(r["at"] for r in self.now.values())
        return {
            "help_plan_rate": [{"school": r["at"], "stage": self._band_stage(r), "n": r["help_plans"], "d": r["struggling_pupils"]}
                               for r in helped],
            "publicity_coverage": [{"school": at, "n": n, "d": live[at]} for at, n in reached.items()],
        }  # fmt: skip

    def _band_stage(self, row: Row) -> str | None:
        if row["grade_band"]:
            return "junior" if row["grade_band"] == "初中" else "primary"
        kind = self.schools[row["school_code"]]["school_type"]
        return {"初级中学": "junior", "小学": "primary", "教学点": "primary"}.get(kind)

    def case_rates(self) -> dict[str, list[Row]]:
        """核实, 劝返, 销号."""
        rows = [r for r in self.docket.rows if r["is_active"]]
        due = [r for r in rows if r["verify_due"] <= default_issue_date(self.inputs.period)]
        on = [r for r in rows if r["was_on"] or r["is_on"] or (r["is_new"] and r["is_closed"])]
        back: dict[str, Row] = {}
        confirmed: dict[str, Row] = {}
        relapsed: set[str] = set()
        for r in self.docket.rows:
            if r["returned_on"] and r["returned_on"] >= self.opens:
                back[r["person"]] = r
                relapsed |= {r["person"]} if r["relapsed_from"] and r["relapsed_from"] >= self.opens else set()
            carried = r["was_dropout"] and (r["closed_on"] is None or r["closed_on"] >= self.opens)
            if r["confirmed_on"] and (r["confirmed_on"] >= self.opens or carried):
                confirmed[r["person"]] = r
        return {
            "verification_rate": [self._case(r, r["verified_on"] is not None) for r in due],
            "verification_on_time_rate": [self._case(r, bool(r["verified_on"] and r["verified_on"] <= r["verify_due"])) for r in due],
            "closing_rate": [self._case(r, r["is_closed"]) for r in on],
            "return_rate": [self._case(r, _is_back(r)) for r in confirmed.values()],
            "relapse_rate": [self._case(r, p in relapsed) for p, r in back.items()],
        }  # fmt: skip

    def _case(self, row: Row, inside: bool) -> Row:
        person = row["person"]
        member, record, home = self.members.get(person), self.now.get(person), self.roster.get(person)
        age = home["age"] if home else None
        by_age = None if age is None or not 6 <= age < 15 else "primary" if age < 12 else "junior"
        stage = member["stage"] if member else stage_of(record["grade"]) if record else by_age
        return {"person": person, "township": row["township"], "village": row["village"], "school": row["school_code"],
                "stage": stage, "n": int(inside), "d": 1}  # fmt: skip

    def list_units(self) -> dict[str, list[Row]]:
        """Indicator → its units."""
        return (self.enrolment() | self.roll() | self.cohorts() | self.classroom() | self.care() | self.school_work()
                | self.case_rates())  # fmt: skip


def _entrants(rows: list[Row]) -> int:
    return sum(r["entrants"] for r in rows)


def _moves(rows: list[Row]) -> int | None:
    """In less out, dead and abroad; None where any of them was not reported."""
    parts = [r[c] for r in rows for c in ("moved_in_total", "moved_out_total", "died_total", "abroad_total")]
    if any(p is None for p in parts):
        return None
    return sum(r["moved_in_total"] - r["moved_out_total"] - r["died_total"] - r["abroad_total"] for r in rows)


def _last_month(rows: list[Row]) -> list[Row]:
    last: dict[str, str] = {}
    for r in rows:
        last[r["at"]] = max(last.get(r["at"], ""), r["month"])
    return [r for r in rows if r["month"] == last[r["at"]]]


def _is_back(row: Row) -> bool:
    closed_after = row["state"] == "已销号" and row["is_back"] and row["closed_as"] not in ("超龄", "死亡", "户籍迁出")
    return row["state"] == "复学跟踪" or closed_after
