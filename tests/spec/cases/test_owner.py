"""Who has a case, and who stands beside: by how it was opened, until it is late (contract §6)."""

from tests.towns.town import AREAS, build_town, in_school, join_tables

ZONED = """层级 | 名称 | 上级镇街 | 对口小学标识码 | 对口初中标识码
镇街 | 甲镇 | - | - | -
镇街 | 乙镇 | - | - | -
村社 | 东村 | 甲镇 | 1000000001 | 1000000002"""
OWNERS = "s.person_id, o.owner_level, o.owner_office, o.beside_office from cases.owner as o join cases.standing as s using (case_no)"


def test_the_first_owner_is_as_the_case_was_opened():
    """Out of school by the 底册, and a list without a school: the village, with the school of its zone beside (by age); missing from
    class: the school, with the village beside; a list with a school: the school. 失联 is the 镇街's at once, an unplaced child the district's."""
    world = join_tables(in_school("缺勤"), {"child": "姓名 | 性别 | 出生日期 | 镇街 | 村社\n" + "\n".join((
        "小学龄 | 男 | 2016-03-01 | 甲镇 | 东村", "初中龄 | 男 | 2011-03-01 | 甲镇 | 东村", "无村社 | 男 | 2016-03-01 | 乙镇 | -",
        "名单 | 男 | 2016-03-01 | 甲镇 | 东村", "有校名单 | 男 | 2016-03-01 | 甲镇 | 东村", "失联者 | 男 | 2016-03-01 | 甲镇 | 东村",
    ))})  # fmt: skip
    town = build_town(
        **world, area=ZONED,
        attendance="月份 | 学校标识码 | 姓名 | 在校状态\n2025-06 | 1000000001 | 缺勤 | 离校未归",
        suspect="批次 | 下发日期 | 姓名 | 原就读学校标识码 | 性别 | 出生日期\n一 | 2025-06-30 | 名单 | - | - | -\n"
                "一 | 2025-06-30 | 有校名单 | 1000000001 | - | -\n一 | 2025-06-30 | 无处 | - | 女 | 2016-03-01",
        verification="姓名 | 核实日期 | 核实单位 | 核实结果\n失联者 | 2025-06-30 | 镇街 | 失联\n无处 | 2025-06-30 | 镇街 | 失联",
    )  # fmt: skip
    assert town.by_name(OWNERS) == {
        "小学龄": ("village", "甲镇东村", "甲小学"),
        "初中龄": ("village", "甲镇东村", "乙中学"),
        "无村社": ("township", "乙镇", None),
        "缺勤": ("school", "甲小学", "甲镇东村"),
        "名单": ("village", "甲镇东村", "甲小学"),
        "有校名单": ("school", "甲小学", "甲镇东村"),
        "失联者": ("township", "甲镇", "甲小学"),
        "无处": ("district", "区教委", None),
    }  # fmt: skip


def test_a_gap_after_grade_6_is_the_primary_school_s_and_the_junior_school_s():
    """`transition_gap` → the primary school and the 对口初中, with the village beside (contract §6)."""
    head = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 学籍状态 | 期间\n"
    roll = head + "1000000001 | 6 | 1班 | 王一 | 男 | 2013-03-01 | 在读 | 2025-B4\n1000000001 | 1 | 1班 | 李二 | 男 | 2019-03-01 | 在读 | 2025-B5"
    town = build_town("2025-B5", registry=roll, area=ZONED, child="姓名 | 性别 | 出生日期 | 镇街 | 村社\n王一 | 男 | 2013-03-01 | 甲镇 | 东村")
    assert town.rows("select opened_by from cases.case") == [("transition_gap",)]
    assert town.by_name(OWNERS) == {"王一": ("school", "甲小学、乙中学", "甲镇东村")}


def test_a_watched_child_stays_with_its_first_owner():
    """在册跟踪 is late only when its end date has passed, and then 待核实: until then nobody above is asked."""
    town = build_town(
        area=AREAS, registry=in_school("李二")["registry"], child="姓名 | 性别 | 出生日期 | 镇街 | 村社\n王一 | 男 | 2016-03-01 | 甲镇 | 东村",
        suspect="批次 | 下发日期 | 姓名\n一 | 2025-03-01 | 王一",
        verification="姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料 | 截止日期\n王一 | 2025-03-20 | 镇街 | 延缓入学 | 批复 | 2025-08-31",
    )  # fmt: skip
    assert town.by_name(OWNERS) == {"王一": ("village", "甲镇东村", None)}
