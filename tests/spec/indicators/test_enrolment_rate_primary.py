"""小学学龄儿童净入学率: children of 6 to 11, in primary school or above."""

from tests.towns.town import build_town

CHILDREN = """
姓名 | 性别 | 出生日期 | 镇街
六岁 | 男 | 2018-08-31 | 甲镇
差一天 | 女 | 2018-09-01 | 甲镇
十一岁 | 男 | 2012-09-01 | 甲镇
早上初中 | 女 | 2013-05-01 | 甲镇
十二岁 | 男 | 2012-08-31 | 甲镇
"""
REGISTRY = """
学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期
1000000001 | 6 | 1 | 十一岁 | 男 | 2012-09-01
1000000002 | 7 | 1 | 早上初中 | 女 | 2013-05-01
1000000002 | 7 | 1 | 十二岁 | 男 | 2012-08-31
"""


def test_the_ages_at_the_border_and_an_early_junior():
    town = build_town(child=CHILDREN, registry=REGISTRY)
    # 六岁 is due and out; 差一天 is not yet due; 早上初中 is in primary or above; 十二岁 belongs to the junior rate
    assert town.rate("enrolment_rate_primary") == (2, 3)
