"""资助覆盖率: entitled pupils in school who got aid in the term of the period's first day."""

import pytest

from tests.towns.town import Town, build_town

REGISTRY = """
学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 是否孤儿 | 学籍状态
1000000001 | 4 | 1 | 孤儿得助 | 男 | 2014-03-01 | true | 在读
1000000001 | 4 | 1 | 监测未助 | 女 | 2014-03-02 | false | 在读
1000000001 | 4 | 1 | 上学期得助 | 女 | 2014-03-03 | true | 在读
1000000001 | 4 | 1 | 普通得助 | 女 | 2014-03-04 | false | 在读
1000000001 | 4 | 1 | 休学孤儿 | 女 | 2014-03-05 | true | 休学
"""
LIST = """
姓名 | 户类型 | 镇街
监测未助 | 脱贫户 | 甲镇
"""
AID = """
姓名 | 学校标识码 | 资助项目 | 金额 | 发放日期
孤儿得助 | 1000000001 | 生活补助 | 625 | 2025-04-10
普通得助 | 1000000001 | 生活补助 | 625 | 2025-04-10
上学期得助 | 1000000001 | 生活补助 | 625 | 2025-01-10
"""


@pytest.fixture(scope="module")
def town() -> Town:
    return build_town(registry=REGISTRY, monitored=LIST, aid=AID)


def test_this_terms_aid_to_entitled_pupils(town: Town):
    assert town.rate("aid_coverage_rate") == (1, 3)


def test_no_aid_sheet_is_missing():
    assert build_town(registry=REGISTRY, monitored=LIST).rate("aid_coverage_rate") == (None, None)


def test_a_payment_counts_in_its_own_term_and_only_if_money_was_paid():
    """January and February are one period: its term is the autumn one, which ends in January."""
    autumn = REGISTRY.replace("| 休学", "| 在读")
    paid = AID.replace("2025-04-10", "2025-02-20")
    assert build_town("2025-B1", registry=autumn, aid=paid).rate("aid_coverage_rate") == (1, 3)
    assert build_town(registry=REGISTRY, aid=AID.replace("625", "0")).rate("aid_coverage_rate") == (0, 2)
