"""What holds in every town: bounds, sums, balances; and what the order of rows never changes."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.towns.town import Town, build_town

FEW = settings(
    max_examples=4,  # a town costs the same whether six children live there or twenty
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
)
RESULTS = [
    "在校就读",
    "外地就读有学籍",
    "外地就读无学籍",
    "休学",
    "延缓入学",
    "死亡",
    "户籍迁出",
    "失学",
    "确认辍学",
    "失联",
    "超龄",
    "其他",
]
UNITS = ["学校", "村社", "镇街", "教委", "公安"]

children = st.lists(
    st.fixed_dictionaries(
        {
            "year": st.integers(2008, 2019),
            "home": st.sampled_from(["甲镇 | 东村", "乙镇 | 西村"]),
            "on_roster": st.booleans(),
            "records": st.lists(
                st.tuples(st.sampled_from(["1000000001", "1000000002"]), st.sampled_from("123456789"),
                          st.sampled_from(["在读", "在读", "休学", "转出中", "已转出", "毕业"])),
                max_size=2, unique_by=lambda record: record[0],
            ),
            "presence": st.sampled_from(["在校", "在校", "请假", "离校未归", "无故缺勤", None]),
            "listed": st.booleans(),
            "said": st.lists(
                st.tuples(st.sampled_from(["2025-05-06", "2025-06-03", "2025-06-20", "2025-07-01"]), st.sampled_from(UNITS),
                          st.sampled_from(RESULTS), st.booleans()),
                max_size=2,
            ),
        }
    ),
    min_size=14, max_size=24,
)  # fmt: skip


def write_tables(
    plan: list[dict], shuffle: random.Random | None = None, twice: bool = False, every: int = 1
) -> dict[str, str]:
    """The plan of a town as the tables of its extracts, rows in order or shuffled, feedback once or twice."""
    rows: dict[str, list[str]] = {
        name: [] for name in ("child", "registry", "attendance", "suspect", "verification")
    }
    for i, one in enumerate(plan):
        name, birth = f"孩{i * every}", f"{one['year']}-03-01"
        if one["on_roster"] or not one["records"]:
            rows["child"].append(f"{name} | 男 | {birth} | {one['home']}")
        for school, grade, status in one["records"]:
            rows["registry"].append(f"{school} | {grade} | 1班 | {name} | 男 | {birth} | {status}")
            if one["presence"]:
                rows["attendance"].append(f"2025-06 | {school} | {grade} | 1班 | {name} | {one['presence']}")
        if one["listed"]:
            rows["suspect"].append(f"一 | 2025-05-10 | {name} | 男 | {birth}")
        for day, unit, result, proven in one["said"]:
            proof = "某学校 | 材料" if proven else "- | -"
            rows["verification"].append(f"{name} | {day} | {unit} | {result} | {proof}")
    if twice:
        rows["verification"] *= 2
    for name in rows if shuffle else ():
        shuffle.shuffle(rows[name])
    return {name: HEADS[name] + "\n" + "\n".join(lines) for name, lines in rows.items()}


HEADS = {
    "child": "姓名 | 性别 | 出生日期 | 镇街 | 村社",
    "registry": "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 学籍状态",
    "attendance": "月份 | 学校标识码 | 年级 | 班级 | 姓名 | 在校状态",
    "suspect": "批次 | 下发日期 | 姓名 | 性别 | 出生日期",
    "verification": "姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料",
}


@FEW
@given(children)
def test_sums_and_bounds_hold_in_every_town(plan: list[dict]):
    """low ≤ rate ≤ high; townships sum to the district; stages to all; ledgers balance; bridges close (§6, §8)."""
    before = build_town("2025-B2", **write_tables(plan[::2], every=2))
    town = build_town(after=before, **write_tables(plan))
    check_bounds(town)
    check_parts(town)
    check_ledgers(town, before)
    check_bridge(town)


def check_bounds(town: Town) -> None:
    wrong = "select * from indicators.value where not (coalesce(rate_low, rate) <= rate and rate <= coalesce(rate_high, rate))"
    assert town.rows(wrong) == []


def check_parts(town: Town) -> None:
    """Townships sum to the district, stages to all, in every group."""
    cells = Counter[tuple]()
    for level, stage, _grade, *cell, n, d in town.rows(
        "select area_level, stage, grade, indicator, population_group, numerator, denominator from indicators.value"
        " where area_level in ('district', 'township') and grade = 'all' and denominator is not null"
        " and indicator in ('enrolment_rate', 'retention_rate_year', 'dropout_rate', 'in_school_rate', 'submission_rate')"
    ):
        for key, count in (("n", n), ("d", d)):
            cells[(*cell, key, level, "all" if stage == "all" else "stages")] += count
    for *cell, level, stages in list(cells):
        district = cells[(*cell, "district", "all")]
        assert cells[(*cell, level, stages)] == district or (
            stages == "stages" and cell[0] == "submission_rate"
        )


def check_ledgers(town: Town, before: Town) -> None:
    assert town.rows("select * from cases.balance where opening + added - closed <> closing") == []
    left = dict(before.rows("select ledger, closing from cases.balance"))
    assert dict(town.rows("select ledger, opening from cases.balance")) == left
    assert (
        town.rows("select child_key from cases.case where state <> '已销号' group by 1 having count(*) > 1")
        == []
    )


def check_bridge(town: Town) -> None:
    """Every child of the first register stands under exactly one reason, register pair by register pair."""
    pairs = dict(
        town.rows("select from_register || to_register, sum(children)::int from compared.bridge group by 1")
    )
    on_roster = town.rows("select count(*) from conformed.child where is_school_age")[0][0]
    enrolled = town.rows("select count(*) from conformed.enrolment")[0][0]
    assert (pairs.get("底册学籍", 0), pairs.get("学籍底册", 0), pairs.get("学籍在校", 0)) == (
        on_roster,
        enrolled,
        enrolled,
    )


@FEW
@given(children, st.integers(0, 2**16))
def test_the_order_of_rows_and_feedback_sent_twice_change_nothing(plan: list[dict], seed: int):
    """Replaying feedback in any order, or twice, gives the same states; no figure hangs on row order (§2, §6)."""
    straight = build_town(**write_tables(plan))
    shuffled = build_town(**write_tables(plan, random.Random(seed), twice=True))
    for sql in (
        "select case_no, child_key, state, closed_as, closed_on, due_on from cases.case order by all",
        "select case_no, seq, event, happened_on, office_kind from cases.event order by all",
        "from compared.finding order by all",
        "select * exclude (version) from indicators.value order by all",
    ):
        assert straight.rows(sql) == shuffled.rows(sql)
