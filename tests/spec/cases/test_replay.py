"""Replaying feedback in any order, or twice, gives the same states; what came later leaves an earlier period as it was."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.towns.town import Town, build_town, in_school

NAMES = ("王一", "李二", "赵三")
RESULTS = ("在校就读", "外地就读有学籍", "失学", "确认辍学", "失联", "死亡", "休学", "其他", "户籍迁出")
HEAD = "姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料 | 审核人 | 期间\n"
SUSPECT = "批次 | 下发日期 | 姓名 | 性别 | 出生日期 | 期间\n" + "\n".join(
    f"一 | 2025-05-02 | {name} | 男 | 2016-03-01 | 2025-B3" for name in NAMES)  # fmt: skip

word = st.builds(
    lambda name, month, day, unit, result, evidence, reviewer: (
        f"{name} | 2025-{month:02}-{day:02} | {unit} | {result} | 某校 | {evidence} | {reviewer} | "
        f"2025-B{(month + 1) // 2}"),
    st.sampled_from(NAMES), st.integers(5, 8), st.integers(3, 28), st.sampled_from(("学校", "村社", "镇街", "教委")),
    st.sampled_from(RESULTS), st.sampled_from(("证明", "-")), st.sampled_from(("-", "某主任")),
)  # fmt: skip


VISITED = "姓名 | 劝返日期 | 劝返单位 | 辍学日期 | 结果 | 期间\n"
visit = st.builds(
    lambda name, month, day, left, result: f"{name} | 2025-{month:02}-{day:02} | 村社 | {left} | {result} | 2025-B{(month + 1) // 2}",
    st.sampled_from(NAMES), st.integers(5, 8), st.integers(3, 28), st.sampled_from(("-", "2025-04-01")),
    st.sampled_from(("已复学", "承诺复学", "未返校", "失联")),
)  # fmt: skip
MOVED = "姓名 | 异动类型 | 异动日期 | 办理状态 | 转入学校名称 | 期间\n"
move = st.builds(
    lambda name, month, day, kind, done: f"{name} | {kind} | 2025-{month:02}-{day:02} | {done} | 外地小学 | 2025-B{(month + 1) // 2}",
    st.sampled_from(NAMES), st.integers(5, 8), st.integers(3, 28), st.sampled_from(("转出", "休学", "复学", "死亡")),
    st.sampled_from(("已办结", "办理中")),
)  # fmt: skip


def sort_words(words: list[str]) -> dict[str, str]:
    """The tables that the words stand in: by what their columns say."""
    tables = {"verification": HEAD, "persuasion": VISITED, "movement": MOVED}
    lines: dict[str, list[str]] = {name: [] for name in tables}
    for text in words:
        cells = text.split(" | ")
        kind = "verification" if len(cells) == 8 else "persuasion" if cells[2] == "村社" else "movement"
        lines[kind].append(text)
    return {name: head + "\n".join(lines[name]) for name, head in tables.items() if lines[name]}


def follow(words: list[str], *periods: str) -> Town:
    """李二 has a record, 王一 and 赵三 have not."""
    town = None
    world = in_school("李二") | {"child": in_school("王一 李二 赵三")["child"], "suspect": SUSPECT}
    for period in periods:
        known = [w for w in words if w.rsplit(" | ", 1)[1] <= period]
        town = build_town(period, after=town, **world, **sort_words(known))
    assert town is not None
    return town


def read(town: Town) -> list[tuple]:
    """All that a case says of itself, and the ledgers."""
    cases = town.rows("select * exclude (version) from cases.case order by case_no")
    return [*cases, *town.rows("select ledger, opening, added, closed, closing from cases.balance order by ledger")]


ONCE = settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@ONCE
@given(words=st.lists(st.one_of(word, visit, move), min_size=1, max_size=7), data=st.data())
def test_any_order_and_twice_give_the_same_states(words, data):
    shuffled = data.draw(st.permutations(words + words[: len(words) // 2 + 1]))
    assert read(follow(words, "2025-B3", "2025-B4")) == read(follow(shuffled, "2025-B3", "2025-B4"))


@ONCE
@given(words=st.lists(st.one_of(word, visit, move), min_size=1, max_size=6))
def test_later_feedback_leaves_an_earlier_period_as_it_was(words):
    early = [w for w in words if w.endswith("B3")]
    assert read(follow(words, "2025-B3")) == read(follow(early, "2025-B3"))
