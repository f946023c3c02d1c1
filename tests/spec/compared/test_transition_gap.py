"""小学毕业未升入初中: finished grade 6 last year, no live record, unexplained, from B5 on. Rules page: transforms/compared/transition_gap.md."""

from tests.towns.town import build_town

HEAD = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 学籍状态 | 期间\n"
SIXTH = HEAD + "\n".join(f"1000000001 | 6 | 1班 | {n} | 男 | 2013-03-01 | 在读 | 2025-B3" for n in ("王一", "李二"))
SEVENTH = "\n1000000002 | 7 | 1班 | 李二 | 男 | 2013-03-01 | 在读 | 2025-B5\n1000000001 | 1 | 1班 | 赵三 | 男 | 2019-03-01 | 在读 | 2025-B5"
AREA = "层级 | 名称 | 上级镇街 | 对口小学标识码 | 对口初中标识码\n镇街 | 甲镇 | - | - | -\n村社 | 东村 | 甲镇 | 1000000001 | 1000000002"
CHILD = "姓名 | 性别 | 出生日期 | 镇街 | 村社\n王一 | 男 | 2013-03-01 | 甲镇 | 东村"


def test_who_did_not_arrive_at_a_junior_school():
    town = build_town("2025-B5", registry=SIXTH + SEVENTH, child=CHILD, area=AREA)
    assert town.names("transition_gap") == ["王一"]
    assert town.rows("select opened_by, owner_office from cases.case") == [("transition_gap", "甲小学、乙中学")]


def test_in_summer_a_leaver_waits():
    left = SIXTH.replace("在读 | 2025-B3", "毕业 | 2025-B4")
    assert build_town("2025-B4", registry=left).names("transition_gap") == []


def test_later_in_the_year_the_gap_is_still_there():
    later = "\n1000000001 | 1 | 1班 | 赵三 | 男 | 2019-03-01 | 在读 | 2026-B1"
    town = build_town("2026-B1", registry=SIXTH + SEVENTH + later)
    assert town.names("transition_gap") == ["王一"]


def test_at_a_junior_school_elsewhere():
    said = "姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料\n王一 | 2025-09-20 | 学校 | 外地就读有学籍 | 外地中学 | 学籍卡"
    assert build_town("2025-B5", registry=SIXTH + SEVENTH, verification=said).names("transition_gap") == []
