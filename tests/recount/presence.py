"""Who was in class in each month that owes attendance, and which school-months are silent (contract §5, Presence)."""

from __future__ import annotations

import re
from collections import defaultdict

from schemas.calendar import OwedMonth, list_months, read_terms
from schemas.thresholds import threshold
from tests.recount.registers import Inputs, Row, newest

# 在校 and 请假 on any school's list win over an absence
BEST = ("在校", "请假", "休学", "无故缺勤", "离校未归")


def plain_class(spelled: str | None) -> str | None:
    """一年级（1）班, 2018级1班 and 1班 are one class of their grade."""
    if spelled is None:
        return None
    bare = re.sub(r"^(20\d\d级|[一二三四五六七八九1-9]年级|初[一二三](年级)?)", "", spelled)
    bare = re.sub(r"^[一二三四五六七八九](?=[（(])", "", bare)
    return re.sub(r"[（）()班\s]", "", bare)


def list_owed(inputs: Inputs) -> list[OwedMonth]:
    """The months of the period that owe attendance."""
    return [m for m in list_months(inputs.period, read_terms(), int(threshold("attendance_owed_school_days"))) if m.owed]


class Presence:
    """`states`: (person, month) → where a 在读 pupil was · `school_months`: (school, month) → usable, silent."""

    def __init__(self, inputs: Inputs, schools: dict[str, Row], now: dict[str, Row]) -> None:
        """Work out every owed month of the period."""
        self.inputs, self.schools, self.now = inputs, schools, now
        self.months = list_owed(inputs)
        self.named = self._list_named()
        self.classes = self._close_classes()
        self.school_months = {(code, m.month): self._judge(code, m) for m in self.months
                              for code, s in schools.items() if s["reports"]}  # fmt: skip
        self.states = {(p, m.month): self._place(p, m.month) for m in self.months for p, r in now.items()
                       if r["status"] == "在读" and _owes(r, m)}  # fmt: skip

    def last_month(self, person: str) -> str | None:
        """The last month that the pupil's grade owes."""
        return max((m.month for m in self.months if (person, m.month) in self.states), default=None)

    def _of_period(self, extract: str) -> list[Row]:
        """Rows of the period, with the school where they count."""
        rows = [r for r in self.inputs.rows[extract] if r["period"] == str(self.inputs.period)]
        return [r | {"at": self.schools[r["school_code"]]["at"], "class": plain_class(r.get("class_name"))}
                for r in rows if r["school_code"] in self.schools]  # fmt: skip

    def _list_named(self) -> dict[tuple[str, str], list[Row]]:
        """(Person, month) → rows that name the pupil; a name alone is enough where it is unique in the class."""
        own: dict[tuple, set[str]] = defaultdict(set)
        for person, r in self.now.items():
            own[r["at"], r["grade"], plain_class(r["class_name"]), self.inputs.people[person]["name"]].add(person)
        named = defaultdict(list)
        for row in (*(r | {"by": "attendance"} for r in self._of_period("attendance")),
                    *(r | {"by": "absentee"} for r in self._of_period("absentee"))):  # fmt: skip
            person = row["person"]
            if row["how"] != "id" and person not in self.now:
                namesakes = own[row["at"], row["grade"], row["class"], row["name"]]
                person = next(iter(namesakes)) if len(namesakes) == 1 else person
            if person:
                named[person, row["month"]].append(row)
        return named

    def _close_classes(self) -> dict[tuple, bool]:
        """(School, month, grade, class) → whether 在籍 − 在校 is the number listed."""
        listed = defaultdict(set)
        for r in self._of_period("absentee"):
            key = r["person"] or (r["id_number_given"], r["registry_number"], r["name"])
            listed[r["at"], r["month"], r["grade"], r["class"]].add(key)
        counts: dict[tuple, int] = defaultdict(int)
        for r in newest(self._of_period("class_roll"), "school_code", "month", "grade", "class"):
            counts[r["at"], r["month"], r["grade"], r["class"]] += r["enrolled_count"] - r["present_count"]
        return {key: missing == len(listed[key]) for key, missing in counts.items()}

    def _class_of(self, person: str, month: str) -> tuple:
        r = self.now[person]
        return (r["at"], month, r["grade"], plain_class(r["class_name"]))

    def _judge(self, code: str, month: OwedMonth) -> dict[str, bool]:
        live = [p for p, r in self.now.items() if r["at"] == code and _owes(r, month)]
        by_name = {p for p in live for r in self.named.get((p, month.month), []) if r["by"] == "attendance" and r["at"] == code}
        accounted = [p for p in live if p in by_name or self.classes.get(self._class_of(p, month.month))]
        sent = [r for name in ("class_roll", "attendance") for r in self._of_period(name)]
        usable = any(r["at"] == code and r["month"] == month.month for r in sent)
        return {"usable": usable, "silent": not usable or len(accounted) < threshold("silent_share") * len(live)}

    def _place(self, person: str, month: str) -> str:
        if self.now[person]["is_home_taught"]:
            return "送教上门"
        if rows := self.named.get((person, month)):
            return min((r["presence_status"] for r in rows), key=BEST.index)
        closes = self.classes.get(self._class_of(person, month))
        if closes is not None:
            return "在校" if closes else "班级不闭合"
        at = self.now[person]["at"]
        sends = any(r["at"] == at and r["by"] == "attendance" for (_, m), rows in self.named.items() if m == month for r in rows)
        return "不在名单" if sends else "未知"


def _owes(record: Row, month: OwedMonth) -> bool:
    return record["grade"] != "9" or month.owed_grade_9


