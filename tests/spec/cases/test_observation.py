"""From when to when a returned child is watched: the rest of the term, at least 60 days; holidays pause it (contract §6)."""

from tests.towns.town import build_town, day, in_school

VISITS = """姓名 | 劝返日期 | 劝返单位 | 结果 | 辍学日期 | 复学日期 | 期间
三月回 | 2025-03-10 | 学校 | 已复学 | 2024-12-02 | 2025-03-04 | 2025-B3
五月回 | 2025-05-21 | 学校 | 已复学 | 2025-04-01 | 2025-05-21 | 2025-B3
说两遍 | 2025-05-21 | 学校 | 已复学 | 2025-04-01 | 2025-05-21 | 2025-B3
说两遍 | 2025-06-10 | 镇街 | 已复学 | - | 2025-06-10 | 2025-B3
回两次 | 2025-05-12 | 学校 | 已复学 | 2025-04-01 | 2025-05-12 | 2025-B3
回两次 | 2025-05-30 | 学校 | 未返校 | 2025-05-26 | - | 2025-B3
回两次 | 2025-06-16 | 学校 | 已复学 | - | 2025-06-16 | 2025-B3
又走了 | 2025-05-12 | 学校 | 已复学 | 2025-04-01 | 2025-05-12 | 2025-B3
又走了 | 2025-06-10 | 学校 | 未返校 | 2025-06-03 | - | 2025-B3"""


def test_how_long_each_return_is_watched():
    """The term ends on 4 July 2025, the next begins on 1 September; a second word of one return does not start the watch again."""
    names = {line.split(" | ")[0] for line in VISITS.splitlines()[1:]}
    town = build_town(**in_school(" ".join(sorted(names))), persuasion=VISITS)
    assert town.by_name("person_id, returned_on, watched_until from cases.observation") == {
        "三月回": (day("2025-03-04"), day("2025-07-04")),  # 60 days are over before the term is
        "五月回": (day("2025-05-21"), day("2025-09-16")),  # 44 days to the end of term, 16 in autumn
        "说两遍": (day("2025-05-21"), day("2025-09-16")),
        "回两次": (day("2025-06-16"), day("2025-10-12")),  # 18 and 42
    }  # fmt: skip


def test_beyond_the_school_calendar_the_end_is_unknown():
    """Back on 15 June 2026, and the calendar ends with that term: the watch goes on, nothing is guessed."""
    back = "姓名 | 劝返日期 | 劝返单位 | 结果 | 辍学日期 | 复学日期\n王一 | 2026-06-15 | 学校 | 已复学 | 2026-05-06 | 2026-06-15"
    town = build_town("2026-B3", **in_school("王一"), persuasion=back)
    assert town.rows("select returned_on, watched_until from cases.observation") == [(day("2026-06-15"), None)]
    assert town.rows("select state, due_on, overdue_working_days from cases.case") == [("复学跟踪", None, None)], "never late"
