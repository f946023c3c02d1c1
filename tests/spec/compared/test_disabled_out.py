"""残疾儿童未安置. Rules page: transforms/compared/disabled_out.md."""

from tests.towns.town import build_town, in_school, join_tables

CHILD = {"child": "姓名 | 性别 | 出生日期 | 镇街 | 村社\n" + "\n".join(
    f"{name} | 男 | 2016-03-01 | 甲镇 | 东村" for name in ["王一", "钱四", "孙五", "周六", "吴七"])}  # fmt: skip


def test_no_place_or_at_home_without_a_record():
    town = build_town(
        **join_tables(in_school("李二 赵三"), CHILD),
        disabled="姓名 | 镇街 | 安置方式\n李二 | 甲镇 | 送教上门\n赵三 | 甲镇 | -\n王一 | 甲镇 | 送教上门\n钱四 | 甲镇 | 未安置\n"
        "孙五 | 甲镇 | 延缓入学\n周六 | 甲镇 | -",
    )
    assert town.names("disabled_out") == ["周六", "王一", "钱四"]


def test_one_that_has_an_explanation_is_not_found():
    town = build_town(
        **join_tables(in_school("李二"), CHILD),
        disabled="姓名 | 镇街 | 安置方式\n王一 | 甲镇 | 未安置",
        verification="姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料\n王一 | 2025-05-20 | 镇街 | 延缓入学 | 批准书",
    )
    assert town.names("disabled_out") == []


def test_verified_as_taught_at_home_needs_a_record():
    town = build_town(
        **join_tables(in_school("李二"), CHILD),
        verification="姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料\n王一 | 2025-05-20 | 学校 | 送教上门 | 评估意见",
    )
    assert town.names("disabled_out") == ["王一"]
