"""小学毕业生升学率: last year's grade-6 completers with a junior record here or verified elsewhere."""

import pytest

from tests.towns.town import Town, build_town

REGISTRY = """
期间 | 学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期
2025-B4 | 1000000001 | 6 | 1 | 升初中 | 男 | 2013-03-01
2025-B4 | 1000000001 | 6 | 1 | 去外地 | 女 | 2013-03-02
2025-B4 | 1000000001 | 6 | 1 | 没升学 | 男 | 2013-03-03
2025-B4 | 1000000001 | 6 | 1 | 留级 | 男 | 2013-03-04
2025-B5 | 1000000002 | 7 | 1 | 升初中 | 男 | 2013-03-01
2025-B5 | 1000000001 | 6 | 1 | 留级 | 男 | 2013-03-04
"""
SAID = """
姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料
去外地 | 2025-09-10 | 学校 | 外地就读有学籍 | 外地中学 | 学籍截图
"""


@pytest.fixture(scope="module")
def town() -> Town:
    return build_town("2025-B5", registry=REGISTRY, verification=SAID)


def test_who_went_up(town: Town):
    assert town.rate("transition_rate") == (2, 3)  # 留级 has not completed grade 6


def test_a_completer_stands_at_the_primary_school(town: Town):
    assert town.rate("transition_rate", area_level="school", school_code="1000000001") == (2, 3)


def test_without_a_snapshot_of_the_year_before_it_is_missing():
    later = "\n".join(line for line in REGISTRY.splitlines() if "2025-B4" not in line)
    assert build_town("2025-B5", registry=later).rate("transition_rate") == (None, None)
