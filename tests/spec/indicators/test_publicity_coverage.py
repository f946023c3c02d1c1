"""法治宣传覆盖率: pupils reached in the last reported month over live records of the schools that reported."""

from tests.towns.town import build_town

REGISTRY = """
学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期
1000000001 | 4 | 1 | 甲一 | 男 | 2014-03-01
1000000001 | 4 | 1 | 甲二 | 男 | 2014-03-02
1000000002 | 7 | 1 | 乙一 | 男 | 2012-03-02
"""
WORK = """
月份 | 学校标识码 | 宣传覆盖学生人数
2025-05 | 1000000001 | 2
2025-06 | 1000000001 | 1
"""


def test_a_school_that_did_not_report_is_in_neither():
    town = build_town(registry=REGISTRY, school_work=WORK)
    assert town.rate("publicity_coverage") == (1, 2)
    assert town.rate("publicity_coverage", area_level="school", school_code="1000000002") == (None, None)
