"""九年巩固率（本地口径）: the district alone; grade 9 over grade-1 entrants of eight years before with moves."""

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


def test_grade_nine_over_the_cohort_with_its_moves():
    town = count()
    assert town.rate("retention_rate_nine") == (18, 20)
    assert town.rows("select distinct area_level from indicators.value where indicator = 'retention_rate_nine'") == [("district",)]


def test_without_movement_columns_it_is_missing():
    assert count(COHORT.replace("| 3 | 2 |", "| - | 2 |")).rate("retention_rate_nine") == (None, None)


def test_a_graduate_of_this_year_is_kept():
    graduates = HEAD.strip() + " | 学籍状态\n" + pupils("1000000002", 9, 18).replace("\n", " | 毕业\n") + " | 毕业"
    assert build_town(registry=graduates, cohort=COHORT).rate("retention_rate_nine") == (18, 20)
