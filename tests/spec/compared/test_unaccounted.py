"""离校去向不明: was live within twelve months, is not, and nothing explains it. Rules page: transforms/compared/unaccounted.md."""

from tests.towns.town import build_town

HEAD = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 学籍状态 | 期间\n"


def was_live(period: str, birth: str = "2016-03-01", grade: str = "3") -> str:
    return (
        HEAD + f"1000000001 | {grade} | 1班 | 王一 | 男 | {birth} | 在读 | {period}\n"
        f"1000000001 | {grade} | 1班 | 李二 | 男 | 2016-03-01 | 在读 | {period}\n"
        "1000000001 | 3 | 1班 | 李二 | 男 | 2016-03-01 | 在读 | 2025-B3"
    )


def test_gone_from_the_roll_without_a_word():
    town = build_town(registry=was_live("2025-B2"))
    assert town.names("unaccounted") == ["王一"]
    assert town.rows("select opened_by, owner_level, owner_office from cases.case") == [("unaccounted", "school", "甲小学")]


def test_twelve_months_reach_back_to_the_same_two_months_of_last_year():
    assert build_town(registry=was_live("2024-B3", grade="2")).names("unaccounted") == ["王一"]
    assert build_town(registry=was_live("2024-B2", grade="2")).names("unaccounted") == []


def test_a_finished_transfer_with_a_receiver_explains_and_one_under_way_does_not():
    move = "姓名 | 异动类型 | 异动日期 | 转入学校名称 | 办理状态\n王一 | 转出 | 2025-05-06 | {} | {}"
    done = build_town(registry=was_live("2025-B2"), movement=move.format("外地小学", "已办结"))
    under_way = build_town(registry=was_live("2025-B2"), movement=move.format("外地小学", "办理中"))
    nowhere = build_town(registry=was_live("2025-B2"), movement=move.format("-", "已办结"))
    assert [t.names("unaccounted") for t in (done, under_way, nowhere)] == [[], ["王一"], ["王一"]]
    assert under_way.rows("select likely_cause from compared.finding where comparison = 'unaccounted'") == [("外地就读有学籍",)]


def test_an_exam_registration_explains():
    town = build_town(registry=was_live("2025-B2"), exam_registration="姓名\n王一")
    assert town.names("unaccounted") == []


def test_whoever_left_the_roll_as_退学_is_still_sought():
    town = build_town(registry=was_live("2025-B2") + "\n1000000001 | 3 | 1班 | 王一 | 男 | 2016-03-01 | 其他离校 | 2025-B3")
    assert town.names("unaccounted") == ["王一"]
    assert town.rows("select likely_cause from compared.finding where comparison = 'unaccounted'") == [("疑似辍学",)]


def test_past_school_age_is_not_found():
    assert build_town(registry=was_live("2025-B2", birth="2009-03-01")).names("unaccounted") == []
