"""初中阶段毛入学率: junior pupils of any age over children of 12 to 14; it may exceed 100 %."""

from tests.towns.town import build_town

CHILDREN = """
姓名 | 性别 | 出生日期 | 镇街 | 村社
学龄 | 男 | 2012-01-01 | 乙镇 | 西村
超龄 | 女 | 2009-01-02 | 甲镇 | 东村
"""
REGISTRY = """
学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期
1000000002 | 7 | 1 | 学龄 | 男 | 2012-01-01
1000000002 | 9 | 1 | 超龄 | 女 | 2009-01-02
1000000002 | 9 | 1 | 底册外 | 女 | 2010-11-02
"""


def test_it_is_not_capped():
    town = build_town(child=CHILDREN, registry=REGISTRY)
    assert town.rate("gross_enrolment_rate_junior") == (3, 1)
    assert town.rows("select rate from indicators.value where indicator = 'gross_enrolment_rate_junior' and "
                     "area_level = 'district' and (stage, population_group) = ('all', 'all')") == [(3.0,)]  # fmt: skip


def test_a_pupil_stands_at_home_else_at_the_school():
    town = build_town(child=CHILDREN, registry=REGISTRY)
    assert town.rate("gross_enrolment_rate_junior", area_level="township", area_name="甲镇") == (1, 0)  # 超龄
    assert town.rate("gross_enrolment_rate_junior", area_level="township", area_name="乙镇") == (2, 1)
    assert town.rate("gross_enrolment_rate_junior", area_level="school") == (None, None)
