"""问题学籍清单: each record in trouble with 删除, 佐证 or 变更, and 删除 never for a dropout."""

from __future__ import annotations

import pytest

from schemas.bimester import Bimester
from tests.towns.town import build_town, in_school, join_tables
from transforms.documents.reading import Source
from transforms.documents.registry_faults import list_registry_faults, read_registry_faults

PERIOD = Bimester.parse("2025-B3")
SCHOOLS = """
学校标识码 | 学校名称 | 办学类型 | 举办者类型 | 所在镇街
1000000001 | 甲小学 | 小学 | 公办 | 甲镇
1000000003 | 丙小学 | 小学 | 公办 | 乙镇
"""
HEAD = "月份 | 学校标识码 | 年级 | 班级 | 姓名 | 在校状态 | 应到天数 | 缺勤天数"


def twice(name: str, *seated_in: str, verification: str = ""):
    """A town where a child has a record in both schools and is on the classroom list of some of them."""
    one, other = in_school(f"{name} 李二"), in_school(name, school="1000000003")
    month = "\n".join([HEAD, *(f"2025-06 | {code} | 3 | 1班 | {name} | 在校 | 20 | 0" for code in seated_in),
                       "2025-06 | 1000000001 | 3 | 1班 | 李二 | 在校 | 20 | 0"])  # fmt: skip
    told = {"verification": verification} if verification else {}
    return build_town(school=SCHOOLS, **join_tables(one, {"registry": other["registry"]}), attendance=month, **told)


def proposals(town) -> list[tuple[str, str, str]]:
    rows = read_registry_faults(Source(town.con, PERIOD, 1))
    return rows.select("name", "school_name", "proposal").rows()


def test_the_record_where_nobody_sits_may_go_and_the_other_is_proved():
    assert sorted(proposals(twice("王一", "1000000001"))) == [("王一", "丙小学", "删除"), ("王一", "甲小学", "佐证")]


def test_where_nobody_knows_both_schools_prove():
    assert {p for *_, p in proposals(twice("王一"))} == {"佐证"}


@pytest.mark.parametrize("result", ["确认辍学", "失联"])
@pytest.mark.parametrize("seated", [(), ("1000000001",), ("1000000003",)])
def test_a_dropout_is_never_proposed_for_deletion(result: str, seated: tuple[str, ...]):
    said = f"姓名 | 核实日期 | 核实单位 | 核实结果\n王一 | 2025-05-20 | 镇街 | {result}"
    found = proposals(twice("王一", *seated, verification=said))
    assert found and "删除" not in {proposal for *_, proposal in found}


def test_one_number_for_two_children_is_to_be_changed():
    registry = in_school("王一 李二", 全国学籍号="G500153201603010011")
    found = proposals(build_town(**registry))
    assert {(name, p) for name, _, p in found} == {("王一", "变更"), ("李二", "变更")}


def test_what_differs_from_the_household_register_is_to_be_changed():
    child = "姓名 | 性别 | 出生日期 | 镇街 | 村社 | 身份证件号\n王一 | 男 | 2016-03-01 | 甲镇 | 东村 | 50015320160301001X"
    registry = ("学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 身份证件号\n"
                "1000000001 | 3 | 1班 | 王乙 | 男 | 2016-03-01 | 50015320160301001X")  # fmt: skip
    [row] = read_registry_faults(Source(build_town(child=child, registry=registry).con, PERIOD, 1)).rows(named=True)
    assert (row["kind"], row["proposal"], row["beside"]) == ("身份信息不一致", "变更", "姓名：学籍王乙，户籍王一")


def test_the_grade_is_printed_in_words():
    (_, _, (sheet, _)), *_ = list_registry_faults(Source(twice("王一", "1000000001").con, PERIOD, 1))
    assert set(sheet.frame["grade"]) == {"三年级"}


def test_each_school_sees_its_own_records_and_the_district_all():
    papers = {place: sheets[0].frame for place, _, sheets in list_registry_faults(Source(twice("王一", "1000000001").con, PERIOD, 1))}
    assert papers["区级"].height == 2
    assert set(papers["学校/1000000003 丙小学"]["school_name"]) == {"丙小学"}
