"""九年巩固率（不计流动口径）: grade 9 over grade-1 entrants of eight years before, as they are."""

from tests.towns.town import build_town


def pupils(school: str, grade: int, count: int) -> str:
    return "\n".join(f"{school} | {grade} | 1 | 学生{school}{grade}{n} | 男 | 2012-01-01 | - | G{school}{grade}{n:07d}"
                     for n in range(count))


HEAD = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 身份证件号 | 全国学籍号\n"

COHORT = """
入学年份 | 学校标识码 | 起始年级 | 入学人数 | 学年初在校人数 | 累计转入 | 累计转出 | 累计死亡 | 累计出国
2016 | 1000000001 | 1 | 20 | 21 | 3 | 2 | 1 | 0
"""


def count(cohort: str = COHORT, **more: str):
    return build_town(registry=HEAD + pupils("1000000002", 9, 18), cohort=cohort, **more)


def test_entrants_alone():
    assert count().rate("retention_rate_nine_simple") == (18, 20)
    assert count(COHORT.replace("| 3 | 2 |", "| - | - |")).rate("retention_rate_nine_simple") == (18, 20)


def test_another_years_cohort_says_nothing():
    assert count(COHORT.replace("2016", "2017")).rate("retention_rate_nine_simple") == (None, None)
