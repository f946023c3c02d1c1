"""劝返后再次辍学率: of the children who returned this school year, those who left again in observation."""

from tests.towns.town import build_town, in_school

CHILDREN = """
姓名 | 性别 | 出生日期 | 镇街 | 村社
已复学 | 男 | 2012-03-01 | 乙镇 | 西村
未复学 | 女 | 2012-03-02 | 乙镇 | 西村
"""
REGISTRY = """
学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期
1000000002 | 7 | 1 | 已复学 | 男 | 2012-03-01
1000000002 | 7 | 1 | 未复学 | 女 | 2012-03-02
"""
SAID = """
姓名 | 核实日期 | 核实单位 | 核实结果
已复学 | 2025-05-06 | 镇街 | 确认辍学
未复学 | 2025-05-06 | 镇街 | 确认辍学
"""
VISITS = """
姓名 | 劝返日期 | 劝返单位 | 劝返人 | 结果
已复学 | 2025-05-20 | 学校 | 某老师 | 已复学
未复学 | 2025-05-20 | 学校 | 某老师 | 未返校
"""


def test_a_return_that_held():
    town = build_town(child=CHILDREN, registry=REGISTRY, verification=SAID, persuasion=VISITS)
    assert town.rate("relapse_rate") == (0, 1)


def test_a_return_of_the_year_before_is_not_this_years():
    town = build_town("2025-B5", child=CHILDREN, registry=REGISTRY, verification=SAID, persuasion=VISITS)
    assert town.rate("relapse_rate") == (0, 0)


def test_a_relapse_of_the_year_before_is_not_this_years():
    """Returned since the year began, and left again from that return (contract §8)."""
    names = ["上年又走", "今年又走", "上年返今年走", "走后又返"]
    town = build_town("2025-B5", **in_school(" ".join(names), "6"), persuasion="""
        姓名 | 劝返日期 | 辍学日期 | 结果
        上年又走 | 2025-05-20 | - | 已复学
        上年又走 | 2025-06-20 | 2025-06-20 | 未返校
        上年又走 | 2025-10-10 | - | 已复学
        今年又走 | 2025-09-20 | - | 已复学
        今年又走 | 2025-10-08 | 2025-10-08 | 未返校
        上年返今年走 | 2025-06-10 | - | 已复学
        上年返今年走 | 2025-09-20 | 2025-09-20 | 未返校
        走后又返 | 2025-06-10 | - | 已复学
        走后又返 | 2025-09-20 | 2025-09-20 | 未返校
        走后又返 | 2025-10-10 | - | 已复学
        """)  # fmt: skip
    counted = town.by_name("person_id, in_numerator from indicators.relapse_rate")
    assert counted == {"上年又走": False, "今年又走": True, "走后又返": False}
