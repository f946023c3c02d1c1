"""Which rules earn their keep: what each comparison and likely cause proposed, and what verification made of it."""

from tests.towns.town import build_town, in_school

AWAY = "月份 | 学校标识码 | 姓名 | 在校状态 | 期间\n"
SAID = "姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料 | 期间\n"
QUALITY = "select likely_cause, proposed, confirmed, refuted, still_open, precision from cases.rule_quality where comparison = '{}' order by 1"
NAMES = "王一 李二 赵三 孙四 周五 吴六"


def two_periods(*words: str):
    """Four of six pupils are away in April and are found; what is said of them comes in May and June."""
    world = in_school(NAMES)
    away = "".join(f"2025-04 | 1000000001 | {n} | 离校未归 | 2025-B2\n" for n in "王一 李二 赵三 孙四".split())
    away += "".join(f"2025-04 | 1000000001 | {n} | 在校 | 2025-B2\n" for n in "周五 吴六".split())
    back = "".join(f"2025-06 | 1000000001 | {n} | 在校 | 2025-B3\n" for n in NAMES.split())
    before = build_town("2025-B2", **world, attendance=AWAY + away)
    return before, build_town("2025-B3", after=before, **world, attendance=AWAY + away + back,
                              verification=SAID + "\n".join(words))  # fmt: skip


def test_proposed_confirmed_refuted_and_still_open():
    """Confirmed: out of school indeed. Refuted: anything else. A visit that brings no word, and 其他, leave it open."""
    before, now = two_periods(
        "王一 | 2025-05-20 | 学校 | 确认辍学 | - | - | 2025-B3",
        "李二 | 2025-05-20 | 学校 | 在校就读 | - | 在校证明 | 2025-B3",
        "赵三 | 2025-05-21 | 镇街 | 外地就读有学籍 | 外地小学 | 学籍卡 | 2025-B3",
        "孙四 | 2025-05-22 | 镇街 | 其他 | - | - | 2025-B3",
    )
    assert before.rows(QUALITY.format("absent")) == [("all", 4, 0, 0, 4, None), ("疑似辍学", 4, 0, 0, 4, None)]
    # nobody is away any more, yet what was proposed in the school year is still counted
    assert now.names("absent") == []
    assert now.rows(QUALITY.format("absent")) == [("all", 4, 1, 2, 1, 1 / 3), ("疑似辍学", 4, 1, 2, 1, 1 / 3)]


def test_the_first_word_decides_and_a_later_return_does_not_turn_it():
    _, now = two_periods("王一 | 2025-05-20 | 学校 | 确认辍学 | - | - | 2025-B3")
    words = "王一 | 2025-05-20 | 学校 | 确认辍学 | - | - | 2025-B3\n王一 | 2025-07-20 | 学校 | 在校就读 | - | 证明 | 2025-B4"
    later = build_town("2025-B4", after=now, **in_school(NAMES), verification=SAID + words)
    assert later.rows(QUALITY.format("absent"))[0] == ("all", 4, 1, 0, 3, 1.0)


def test_a_likely_cause_is_right_when_the_result_says_the_same():
    """Listed under a wrong id and sitting in class: 证件错误 is proposed, 在校就读 proves it — and no dropout it was."""
    world = in_school("王一 李二 赵三") | {
        "attendance": AWAY + "\n".join(f"2025-04 | 1000000001 | {n} | 在校 | 2025-B2" for n in ("王一", "李二", "赵三")),
        "suspect": "批次 | 下发日期 | 姓名 | 性别 | 出生日期 | 身份证件号 | 期间\n"
        + "\n".join(f"一 | 2025-03-06 | {n} | 男 | 2016-03-01 | 50015320160301 | 2025-B2" for n in ("王一", "李二", "赵三")),
    }
    early = SAID + "李二 | 2025-03-01 | 学校 | 在校就读 | - | 在校证明 | 2025-B2\n赵三 | 2025-03-20 | 学校 | 在校就读 | - | 在校证明 | 2025-B2\n"
    before = build_town("2025-B2", **world, verification=early)
    # what was said of 李二 before the list came out is no answer to it; 赵三 is closed before a cause is asked for
    assert before.rows(QUALITY.format("listed")) == [("all", 3, 0, 1, 2, 0.0), ("证件错误", 2, 0, 0, 2, None)]
    now = build_town(after=before, **world, verification=early + "王一 | 2025-05-20 | 学校 | 在校就读 | - | 在校证明 | 2025-B3")
    assert now.rows(QUALITY.format("listed")) == [("all", 3, 0, 2, 1, 0.0), ("证件错误", 2, 1, 0, 1, 1.0)]


def test_a_new_school_year_counts_anew():
    _, now = two_periods()
    autumn = build_town("2025-B5", after=build_town("2025-B4", after=now, **in_school(NAMES)), **in_school(NAMES))
    assert autumn.rows(QUALITY.format("absent")) == []
