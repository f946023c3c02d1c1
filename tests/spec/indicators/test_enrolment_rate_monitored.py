"""脱贫户（监测对象）适龄儿童入学率: as enrolment_rate, within the households on the list."""

from tests.towns.town import build_town

CHILDREN = """
姓名 | 性别 | 出生日期 | 镇街
监测在读 | 男 | 2014-03-01 | 甲镇
监测未入 | 女 | 2014-03-02 | 甲镇
其他未入 | 男 | 2014-03-03 | 甲镇
"""
REGISTRY = """
学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期
1000000001 | 4 | 1 | 监测在读 | 男 | 2014-03-01
"""
LIST = """
姓名 | 户类型 | 镇街
监测在读 | 脱贫户 | 甲镇
监测未入 | 边缘易致贫户 | 甲镇
"""


def test_within_the_list():
    town = build_town(child=CHILDREN, registry=REGISTRY, monitored=LIST)
    assert town.rate("enrolment_rate_monitored") == (1, 2)
    assert town.rate("enrolment_rate") == (1, 3)


def test_a_list_that_names_none_of_ours_is_nobody_and_no_list_is_missing():
    other = LIST.splitlines()[1] + "\n别处孩子 | 脱贫户 | 甲镇\n"
    assert build_town(child=CHILDREN, registry=REGISTRY, monitored=other).rate("enrolment_rate_monitored") == (0, 0)
    assert build_town(child=CHILDREN, registry=REGISTRY).rate("enrolment_rate_monitored") == (None, None)
