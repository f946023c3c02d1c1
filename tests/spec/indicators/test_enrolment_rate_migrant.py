"""随迁子女入学率: non-local residents of the 底册; missing when schools alone sent them."""

from tests.towns.town import build_town

CHILDREN = """
姓名 | 性别 | 出生日期 | 镇街 | 户籍状态 | 来源
本地 | 男 | 2014-03-01 | 甲镇 | 本区户籍 | 公安户籍
外来已入学 | 女 | 2014-03-02 | 甲镇 | 非本区户籍常住 | {source}
外来未入学 | 男 | 2014-03-03 | 甲镇 | 非本区户籍常住 | {source}
"""
REGISTRY = """
学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期
1000000001 | 4 | 1 | 外来已入学 | 女 | 2014-03-02
"""


def test_only_non_local_residents_count():
    town = build_town(child=CHILDREN.format(source="流动人口"), registry=REGISTRY)
    assert town.rate("enrolment_rate_migrant") == (1, 2)


def test_without_a_base_of_its_own_it_is_missing():
    town = build_town(child=CHILDREN.format(source="学校"), registry=REGISTRY)
    assert town.rate("enrolment_rate_migrant") == (None, None)
