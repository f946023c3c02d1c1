"""应助未助: entitled, in school, no aid for the term after its pay-by day. Rules page: transforms/compared/unaided.md."""

from tests.towns.town import build_town, in_school

AID = "姓名 | 学校标识码 | 资助项目 | 金额 | 发放日期\n"
POOR = "姓名 | 户类型 | 镇街\n王一 | 脱贫户 | 甲镇\n李二 | 边缘易致贫户 | 甲镇"


def unaided(period: str, *paid: str) -> list[str]:
    return build_town(period, **in_school("王一 李二 赵三"), monitored=POOR, aid=AID + "\n".join(paid)).names("unaided")


def test_only_who_got_nothing_this_term():
    assert unaided("2025-B3", "李二 | 1000000001 | 生活补助 | 625 | 2025-04-10") == ["王一"]


def test_aid_of_the_term_before_is_not_this_terms():
    assert unaided("2025-B3", "李二 | 1000000001 | 生活补助 | 625 | 2024-12-10") == ["李二", "王一"]


def test_before_the_pay_by_day_nobody_is_late():
    assert unaided("2025-B2", "李二 | 1000000001 | 生活补助 | 625 | 2025-04-10") == []


def test_january_belongs_to_the_autumn_term():
    assert unaided("2025-B1", "李二 | 1000000001 | 生活补助 | 625 | 2024-10-10") == ["王一"]


def test_never_delivered_is_not_nobody_aided():
    town = build_town(**in_school("王一"), monitored=POOR)
    assert town.names("unaided") == []
    assert town.rows("select reported from compared.coverage where comparison = 'unaided'") == [(False,)]
