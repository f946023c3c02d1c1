"""随迁子女公办就读比例: by the registry's flag, over 公办 and 民办 schools."""

from tests.towns.town import build_town

SCHOOLS = """
学校标识码 | 学校名称 | 办学类型 | 举办者类型 | 所在镇街
1000000001 | 甲小学 | 小学 | 公办 | 甲镇
1000000003 | 民办小学 | 小学 | 民办 | 甲镇
"""
REGISTRY = """
学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 是否进城务工人员随迁子女
1000000001 | 4 | 1 | 公办随迁 | 男 | 2014-03-01 | true
1000000003 | 4 | 1 | 民办随迁 | 女 | 2014-03-02 | true
1000000003 | 4 | 1 | 民办本地 | 女 | 2014-03-03 | false
"""


def test_public_places_over_all_migrant_pupils():
    town = build_town(school=SCHOOLS, registry=REGISTRY)
    assert town.rate("migrant_public_place_share") == (1, 2)
    assert town.rate("migrant_public_place_share", area_level="school", school_code="1000000003") == (0, 1)
