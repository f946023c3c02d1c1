"""初中三年巩固率: the district's own form; no movement term."""

import pytest

from tests.towns.town import build_town


def pupils(school: str, grade: int, count: int) -> str:
    return "\n".join(f"{school} | {grade} | 1 | 学生{school}{grade}{n} | 男 | 2012-01-01 | - | G{school}{grade}{n:07d}"
                     for n in range(count))


HEAD = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 身份证件号 | 全国学籍号\n"

FORMS = [  # 泰州's own form: entrants, in, out, pupils now; printed there as 100 % throughout
    (76, 45, 2, 119), (268, 7, 13, 262), (82, 1, 3, 80), (31, 0, 31, 0)]  # fmt: skip
CODES = {0: "1000000001", 1: "1000000002", 2: "1000000003", 3: "1000000004"}
SCHOOLS = "学校标识码 | 学校名称 | 办学类型 | 所在镇街\n" + "\n".join(
    f"{code} | 学校{n} | 九年一贯制学校 | 甲镇" for n, code in CODES.items())  # fmt: skip
COHORT = "入学年份 | 学校标识码 | 起始年级 | 入学人数 | 累计转入 | 累计转出 | 累计死亡 | 累计出国\n" + "\n".join(
    f"2022 | {CODES[n]} | 7 | {e} | {i} | {o} | 0 | 0" for n, (e, i, o, _) in enumerate(FORMS))  # fmt: skip


@pytest.fixture(scope="module")
def town():
    rows = "\n".join(pupils(CODES[n], 9, now) for n, (*_, now) in enumerate(FORMS) if now)
    return build_town(school=SCHOOLS, registry=HEAD + rows, cohort=COHORT)


@pytest.mark.parametrize("number", range(4))
def test_the_form_of_each_school(town, number: int):
    entrants, *_, now = FORMS[number]
    assert town.rate("retention_rate_junior3_simple", area_level="school", school_code=CODES[number]) == (now, entrants)


def test_printed_values_of_the_form(town):
    rates = dict(town.rows("select school_code, round(rate * 100, 1) from indicators.value where area_level = 'school' "
                           "and (indicator, stage, population_group) = ('retention_rate_junior3_simple', 'junior', 'all')"))  # fmt: skip
    assert rates == {CODES[0]: 156.6, CODES[1]: 97.8, CODES[2]: 97.6, CODES[3]: 0.0}  # uncapped


def test_movement_columns_are_not_asked_for():
    bare = "入学年份 | 学校标识码 | 起始年级 | 入学人数\n2022 | 1000000001 | 7 | 10"
    town = build_town(school=SCHOOLS, registry=HEAD + pupils("1000000001", 9, 9), cohort=bare)
    assert town.rate("retention_rate_junior3_simple") == (9, 10)
