"""寄宿需求满足率: monitored-household pupils who need to board, and do."""

from tests.towns.town import build_town

REGISTRY = """
学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 是否需要寄宿 | 就读方式
1000000002 | 7 | 1 | 需要已住 | 男 | 2012-03-01 | true | 住校
1000000002 | 7 | 1 | 需要未住 | 女 | 2012-03-02 | true | 走读
1000000002 | 7 | 1 | 不需要 | 女 | 2012-03-03 | false | 住校
1000000002 | 7 | 1 | 非监测 | 女 | 2012-03-04 | true | 走读
"""
LIST = """
姓名 | 户类型 | 镇街
需要已住 | 脱贫户 | 乙镇
需要未住 | 边缘易致贫户 | 乙镇
不需要 | 脱贫户 | 乙镇
"""


def test_need_and_bed():
    assert build_town(registry=REGISTRY, monitored=LIST).rate("boarding_met_rate") == (1, 2)
    assert build_town(registry=REGISTRY).rate("boarding_met_rate") == (None, None)
