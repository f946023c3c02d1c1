"""初中学龄净入学率: 12 to 14, in junior school or above; elsewhere counts as the stage of the age."""

from tests.towns.town import build_town

CHILDREN = """
姓名 | 性别 | 出生日期 | 镇街
初一 | 男 | 2012-01-01 | 乙镇
还在六年级 | 女 | 2012-01-02 | 乙镇
在外地 | 男 | 2011-01-03 | 乙镇
未入学 | 女 | 2011-01-04 | 乙镇
小学生 | 男 | 2014-01-04 | 乙镇
"""
REGISTRY = """
学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期
1000000002 | 7 | 1 | 初一 | 男 | 2012-01-01
1000000001 | 6 | 1 | 还在六年级 | 女 | 2012-01-02
1000000001 | 4 | 1 | 小学生 | 男 | 2014-01-04
"""
ELSEWHERE = """
姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料
在外地 | 2025-06-01 | 镇街 | 外地就读有学籍 | 外地中学 | 学籍截图
"""


def test_a_pupil_still_in_primary_school_is_not_in():
    town = build_town(child=CHILDREN, registry=REGISTRY, verification=ELSEWHERE)
    assert town.rate("enrolment_rate_junior") == (2, 4)
    assert town.rate("enrolment_rate", stage="junior") == (3, 4)  # enrolled, though not in junior school
