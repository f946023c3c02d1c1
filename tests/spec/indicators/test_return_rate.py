"""劝返复学率: of the children confirmed as dropped out, those who are back."""

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


def test_back_under_observation_is_back():
    town = build_town(child=CHILDREN, registry=REGISTRY, verification=SAID, persuasion=VISITS)
    assert town.rate("return_rate") == (1, 2)


def test_over_age_is_never_a_return():
    over = CHILDREN.replace("2012-03-02", "2009-03-02"), REGISTRY.replace("2012-03-02", "2009-03-02")
    town = build_town("2025-B5", child=over[0], registry=over[1], verification=SAID.replace("2025-05", "2025-09"),
                      persuasion=VISITS.replace("2025-05", "2025-09"))  # fmt: skip
    assert town.rate("return_rate") == (1, 2)
    assert town.case_states()["未复学"] == "已销号"


def test_who_is_carried_into_the_year_and_who_is_back():
    """On the ledger of dropouts when the year begins, under watch or away again; back only who has not left again since,
    and whom neither death nor a move has closed (contract §8)."""
    names = ["六月又走", "九月在观察", "返后迁出", "返后失联", "七月身故"]
    town = build_town("2025-B5", **in_school(" ".join(names), "6"), persuasion="""
        姓名 | 劝返日期 | 辍学日期 | 结果
        六月又走 | 2025-05-06 | 2025-05-06 | 未返校
        六月又走 | 2025-05-20 | - | 已复学
        六月又走 | 2025-06-20 | 2025-06-20 | 未返校
        九月在观察 | 2025-05-06 | 2025-05-06 | 未返校
        九月在观察 | 2025-06-20 | - | 已复学
        返后迁出 | 2025-09-05 | 2025-09-05 | 未返校
        返后迁出 | 2025-09-20 | - | 已复学
        返后失联 | 2025-09-05 | 2025-09-05 | 未返校
        返后失联 | 2025-09-20 | - | 已复学
        返后失联 | 2025-10-08 | - | 失联
        七月身故 | 2025-05-06 | 2025-05-06 | 未返校
        """, verification="""
        姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料 | 审核人
        返后迁出 | 2025-10-10 | 公安 | 户籍迁出 | 回函 | 审核员
        返后失联 | 2025-10-20 | 公安 | 出国(境) | 出入境记录 | 审核员
        七月身故 | 2025-07-10 | 公安 | 死亡 | 证明 | 审核员
        """)  # fmt: skip
    assert {name: town.case_states()[name] for name in names} == {
        "六月又走": "劝返中", "九月在观察": "复学跟踪", "返后迁出": "已销号", "返后失联": "已销号", "七月身故": "已销号"}  # fmt: skip
    counted = town.by_name("person_id, in_numerator from indicators.return_rate")
    assert counted == {"六月又走": False, "九月在观察": True, "返后迁出": False, "返后失联": False}
