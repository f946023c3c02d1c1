"""劝返复学率: of the children confirmed as dropped out, those who are back."""

from tests.towns.town import build_town

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


def test_back_under_observation_is_back():
    town = build_town(child=CHILDREN, registry=REGISTRY, verification=SAID, persuasion=VISITS)
    assert town.rate("return_rate") == (1, 2)


def test_over_age_is_never_a_return():
    over = CHILDREN.replace("2012-03-02", "2009-03-02"), REGISTRY.replace("2012-03-02", "2009-03-02")
    town = build_town("2025-B5", child=over[0], registry=over[1], verification=SAID.replace("2025-05", "2025-09"),
                      persuasion=VISITS.replace("2025-05", "2025-09"))  # fmt: skip
    assert town.rate("return_rate") == (1, 2)
    assert town.case_states()["未复学"] == "已销号"
