"""信息完整率: live records matched by a valid id."""

from tests.towns.town import build_town

REGISTRY = """
学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 身份证件号
1000000001 | 4 | 1 | 证号有效 | 男 | 2014-03-01 | 500153201403010012
1000000001 | 4 | 1 | 证号为空 | 女 | 2014-03-02 | -
"""


def test_a_record_without_a_valid_id_lowers_it():
    assert build_town(registry=REGISTRY).rate("match_quality") == (1, 2)
