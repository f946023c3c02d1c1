"""监护和户籍问题. Rules page: transforms/compared/unguarded.md."""

from tests.towns.town import build_town, in_school, join_tables


def test_who_has_no_guardian_able_to_care():
    town = build_town(
        **in_school("王一 李二 赵三 钱四 孙五"),
        care="姓名 | 类别 | 监护情况 | 镇街 | 受委托照护人\n王一 | 留守儿童 | 无人监护 | 甲镇 | -\n李二 | 留守儿童 | 监护能力弱 | 甲镇 | -\n"
        "赵三 | 留守儿童 | 监护能力弱 | 甲镇 | 某人\n钱四 | 困境儿童 | - | 甲镇 | -\n孙五 | 孤儿 | 正常 | 甲镇 | -",
    )
    assert town.names("unguarded") == ["李二", "王一"], "an empty 监护情况 is unknown"


def test_a_child_without_a_household():
    child = {"child": "姓名 | 性别 | 出生日期 | 镇街 | 村社 | 户籍状态\n周六 | 男 | 2016-03-01 | 甲镇 | 东村 | 无户籍"}
    assert build_town(**join_tables(child), registry=in_school("李二")["registry"]).names("unguarded") == ["周六"]
