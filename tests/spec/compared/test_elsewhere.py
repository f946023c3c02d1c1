"""外地就读未转学: verified at school elsewhere, live record still here. Rules page: transforms/compared/elsewhere.md."""

from tests.towns.town import build_town, in_school

SAID = "姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料\n"


def test_the_record_is_here_and_the_child_is_not():
    town = build_town(**in_school("王一 李二"), verification=SAID + "王一 | 2025-05-20 | 镇街 | 外地就读有学籍 | 外地小学 | 在读证明")
    assert town.names("elsewhere") == ["王一"]


def test_without_evidence_it_is_not_verified():
    town = build_town(**in_school("王一"), verification=SAID + "王一 | 2025-05-20 | 镇街 | 外地就读有学籍 | - | -")
    assert town.names("elsewhere") == []


def test_once_the_record_has_moved_it_is_settled():
    world = in_school("李二") | {"child": in_school("王一 李二")["child"]}
    town = build_town(**world, verification=SAID + "王一 | 2025-05-20 | 镇街 | 外地就读有学籍 | 外地小学 | 在读证明")
    assert town.names("elsewhere") == [] and town.names("unenrolled") == []
