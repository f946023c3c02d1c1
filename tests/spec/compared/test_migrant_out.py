"""随迁子女未入学: the part of unenrolled that lives here with a household elsewhere. Rules page: transforms/compared/migrant_out.md."""

from tests.towns.town import build_town, in_school


def test_it_is_a_part_of_unenrolled():
    child = "姓名 | 性别 | 出生日期 | 镇街 | 村社 | 户籍状态\n王一 | 男 | 2016-03-01 | 甲镇 | 东村 | 非本区户籍常住\n"
    child += "赵三 | 男 | 2016-03-01 | 甲镇 | 东村 | 本区户籍"
    town = build_town(registry=in_school("李二")["registry"], child=child)
    assert town.names("migrant_out") == ["王一"]
    assert town.names("unenrolled") == ["王一", "赵三"]
    assert len(town.case_states()) == 2, "one case a child, by unenrolled"
