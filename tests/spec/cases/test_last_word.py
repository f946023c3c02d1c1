"""A case's last word, and what its words add up to: when it was confirmed, came back, left again (contract §6)."""

from tests.towns.town import build_town, day, in_school

VISITS = """姓名 | 劝返日期 | 劝返单位 | 辍学日期 | 结果 | 复学日期
回来了 | 2025-05-10 | 学校 | 2025-04-01 | 未返校 | -
回来了 | 2025-05-20 | 学校 | - | 已复学 | 2025-05-21
又走了 | 2025-05-10 | 学校 | 2025-04-01 | 未返校 | -
又走了 | 2025-05-20 | 学校 | - | 已复学 | 2025-05-20
又走了 | 2025-06-10 | 学校 | 2025-06-03 | 未返校 | -
说两遍 | 2025-05-20 | 学校 | 2025-04-01 | 已复学 | 2025-05-20
说两遍 | 2025-06-10 | 镇街 | - | 已复学 | 2025-06-09
只承诺 | 2025-06-10 | 学校 | - | 承诺复学 | -"""
SAID = """姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料 | 审核人 | 审核日期
找到了 | 2025-05-10 | 学校 | 失联 | - | - | -
找到了 | 2025-06-01 | 学校 | 在校就读 | - | - | -
销了号 | 2025-05-10 | 学校 | 确认辍学 | - | - | -
销了号 | 2025-06-10 | 公安 | 死亡 | 证明 | 某主任 | 2025-06-20"""


def test_what_the_words_add_up_to():
    """A second word of one return is no second return; a relapse keeps the return that it undid; a closing says nothing of being back."""
    names = "回来了 又走了 说两遍 只承诺 找到了 销了号"
    town = build_town(**in_school(names), persuasion=VISITS, verification=SAID)
    facts = "state, confirmed_on, returned_on, relapses, relapsed_from, is_back"
    assert town.by_name(f"s.person_id, {', '.join('w.' + f for f in facts.split(', '))} from cases.last_word as w "
                        "join cases.standing as s using (case_no)") == {
        "回来了": ("复学跟踪", day("2025-05-10"), day("2025-05-21"), 0, None, True),
        "又走了": ("劝返中", day("2025-06-10"), day("2025-05-20"), 1, day("2025-05-20"), False),
        "说两遍": ("复学跟踪", day("2025-05-20"), day("2025-05-20"), 0, None, True),
        "找到了": ("复学跟踪", None, day("2025-06-01"), 0, None, True),
        "销了号": ("已销号", day("2025-05-10"), None, 0, None, False),
    }  # fmt: skip
    assert town.case_states()["只承诺"] == "待核实", "opened by the visit, and nothing said of it"


def test_a_lapse_of_the_watch_is_the_last_word_of_its_period():
    """Absent again after the return: the turn comes after all that was said."""
    away = "月份 | 学校标识码 | 姓名 | 在校状态 | 缺勤起始日\n2025-06 | 1000000001 | 王一 | 离校未归 | 2025-06-16"
    back = VISITS.replace("回来了", "王一").splitlines()
    town = build_town(**in_school("王一"), attendance=away, persuasion="\n".join(back[:3]))
    assert town.rows("select says, state, said_on, relapses, relapsed_from, is_back from cases.last_word") == [
        ("再次离校", "劝返中", day("2025-06-16"), 1, day("2025-05-21"), False)]  # fmt: skip
