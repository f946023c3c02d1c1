"""What was said about a child and still holds: verifications, visits, movements; and grades completed."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from schemas.bimester import Bimester
from tests.recount.registers import Inputs, Row, choose_records, year_of

ELSEWHERE = ("外地就读有学籍", "外地就读无学籍")
FOR_GOOD = ("死亡", "户籍迁出", "户籍或证件错误", "重复信息", "已毕业", "超龄")
WATCHED = ("休学", "延缓入学", "送教上门", "中职就读")
UNITS = (("教委|教育", 4), ("学校|小学|中学|校", 1), ("公安|派出所", 3), ("村|社区|居委", 2), ("镇|街道|乡", 3))


@dataclass(frozen=True)
class Word:
    """One conclusion: who says what when, the period it counts from, whether its evidence is there, until when it holds."""

    person: str
    kind: str
    says: str
    on: date
    rank: int
    learned: str
    proved: bool
    until: date | None
    is_dropout: bool = False
    case_no: str | None = None
    is_signed: bool = False
    returned_on: date | None = None

    @property
    def order(self) -> tuple:
        """The later day, then the higher unit, then the later received."""
        return (self.on, self.rank, self.learned)


def list_words(inputs: Inputs, schools: dict[str, Row], by_case: dict[str, str]) -> list[Word]:
    """Every conclusion dated no later than the period's last day. `by_case`: case number → person."""
    words = [_verified(r, by_case) for r in inputs.rows["verification"]]
    words += [_visited(r, by_case) for r in inputs.rows["persuasion"]]
    inside = {s["school_code"] for s in schools.values()}
    names = {s["school_name"] for s in schools.values()}
    words += [w for r in inputs.rows["movement"] if (w := _moved(r, inside, names))]
    return [w for w in words if w.person and w.on <= inputs.as_of]


def _learned(row: Row, on: date) -> str:
    return max(row["period"], str(Bimester.containing(on)))


def _whom(row: Row, by_case: dict[str, str]) -> str | None:
    """A valid id is surest; then the case number; then how the row itself leads to somebody."""
    return row["person"] if row["how"] == "id" else by_case.get(row["case_no"] or "") or row["person"]


def rank_unit(unit: str | None) -> int:
    """教委 over 镇街 and 公安 over 村社 over 学校."""
    return next((rank for pattern, rank in UNITS if unit and re.search(pattern, unit)), 0)


def _verified(row: Row, by_case: dict[str, str]) -> Word:
    says, on = row["verification_result"], row["verified_on"]
    shown = bool(row["evidence"] or row["registry_number_elsewhere"])
    proved = {
        "外地就读有学籍": bool(row["school_attended"]) and shown, "外地就读无学籍": bool(row["school_attended"]),
        "中职就读": bool(row["school_attended"]), "超龄": True, "失学": True, "确认辍学": True, "失联": True, "其他": True,
    }.get(says, shown)  # fmt: skip
    learned = _learned(row, on)
    until = _until(says, on, learned, row["ends_on"])
    return Word(_whom(row, by_case), "verification", says, on, rank_unit(row["verifying_unit"]), learned, proved, until,
                says == "确认辍学", row["case_no"], row["reviewer"] is not None)  # type: ignore[arg-type] # fmt: skip


def _until(says: str, on: date, learned: str, ends_on: date | None) -> date | None:
    """The table of contract §5; None: explains nothing."""
    if says in FOR_GOOD:
        return date.max
    if says in ELSEWHERE or says == "出国(境)":
        return date(Bimester.containing(on).school_year + 1, 12, 31)
    if says in WATCHED:
        return ends_on or on.replace(year=on.year + 1)
    if says == "在校就读":
        return max(Bimester.parse(learned).last_day, Bimester.containing(on).last_day)
    return None


def _visited(row: Row, by_case: dict[str, str]) -> Word:
    left = row["dropped_out_on"] is not None
    result = row["visit_result"]
    says = "确认辍学" if left and result not in ("已复学", "失联") else result
    on = row["visited_on"]
    return Word(_whom(row, by_case), "persuasion", says, on, rank_unit(row["visiting_unit"]), _learned(row, on), True, None,
                left, row["case_no"], False, row["returned_on"] if says == "已复学" else None)  # type: ignore[arg-type] # fmt: skip


def _moved(row: Row, codes: set[str], names: set[str]) -> Word | None:
    """已办结 alone; 转出 only with a receiver that is none of ours; 失踪, 退学 and 其他 explain nothing."""
    kind, on = row["movement_type"], row["moved_on"]
    if (row["movement_state"] or "已办结") != "已办结":
        return None
    if kind == "转出":
        receiver = row["to_school_code"] or row["to_school_name"] or row["to_area_code"]
        ours = row["to_school_code"] in codes or (row["to_school_code"] is None and row["to_school_name"] in names)
        if not receiver or ours:
            return None
    says = {"转出": "外地就读有学籍", "出国": "出国(境)", "转入中职": "中职就读"}.get(kind, kind)
    if says not in (*ELSEWHERE, "出国(境)", "中职就读", "死亡", "休学", "转入", "复学"):
        return None
    learned = _learned(row, on)
    return Word(row["person"], "movement", says, on, 4, learned, True, _until(says, on, learned, row["ends_on"]),
                is_signed=True)


def last_words(words: list[Word]) -> dict[str, Word]:
    """Person → the word that rules: a visit that only says "not back yet" decides nothing."""
    best: dict[str, Word] = {}
    for word in words:
        if word.says in ("未返校", "承诺复学"):
            continue
        key = (*word.order, word.kind == "movement")
        if word.person not in best or key > (*best[word.person].order, best[word.person].kind == "movement"):
            best[word.person] = word
    return best


def find_explained(
    inputs: Inputs, words: dict[str, Word], now: dict[str, Row], done: dict[tuple[str, int], str]
) -> dict[str, Word]:
    """Person → the word that holds on the last day; a grade-6 leaver of this year waits for a junior school (待升学)."""
    result = {}
    for person, word in words.items():
        proved = word.proved or (word.says == "在校就读" and person in now)
        if word.until and word.until >= inputs.as_of and proved:
            result[person] = word
    for (person, grade), known in done.items():
        waits = grade == 6 and known > f"{inputs.year}-B6" and inputs.as_of.month < 9
        if waits and person not in now and person not in result:
            result[person] = Word(person, "", "待升学", inputs.as_of, 0, known, True, date(inputs.year + 1, 8, 31))
    return result


def is_on_review(inputs: Inputs, word: Word | None) -> bool:
    """Said last school year, and asked again in B5 and B6."""
    return (word is not None and word.says in (*ELSEWHERE, "出国(境)") and inputs.as_of.month >= 9
            and word.until is not None and word.until.year == inputs.year)  # fmt: skip


def find_completed(
    inputs: Inputs, snapshots: dict[str, list[Row]], now: dict[str, Row], words: list[Word], lost: set[str]
) -> dict[tuple[str, int], str]:
    """(Person, grade 6 or 9) → the period from which it is known that the grade was finished."""
    known: dict[tuple[str, int], list[str]] = defaultdict(list)
    for row in inputs.rows["registry"]:
        if row["registry_status"] in ("毕业", "结业") and row["grade"] in ("6", "9"):
            known[row["person"], int(row["grade"])].append(row["period"])
    for row in inputs.rows["movement"]:
        done = row["movement_type"] in ("毕业", "结业", "提前毕业") and (row["movement_state"] or "已办结") == "已办结"
        if done and row["grade"] in ("6", "9") and row["moved_on"] <= inputs.as_of and row["person"]:
            known[row["person"], int(row["grade"])].append(str(Bimester.containing(row["moved_on"])))
    for word in words:
        if word.says == "已毕业" and word.proved and word.kind == "verification":
            known[word.person, 9].append(word.learned)
    before = max((p for p in snapshots if year_of(p) < inputs.year), default=None)
    for person, record in choose_records(snapshots[before]).items() if before else ():
        gone = record["grade"] in ("6", "9") and (person not in now or now[person]["grade"] != record["grade"])
        if gone and person not in lost:
            known[person, int(record["grade"])].append(f"{inputs.year}-B5")
    return {key: min(periods) for key, periods in known.items()}
