"""Ledgers and lists of the cases: the headings the office knows, and every child once."""

import pytest

from schemas.bimester import Bimester
from tests.towns.town import Town, build_town, in_school, join_tables
from transforms.documents import case_papers

PERIOD = Bimester.parse("2025-B3")
SAID = """
姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料
王一 | 2025-05-20 | 镇街 | 确认辍学 | - | -
赵三 | 2025-05-20 | 镇街 | 失联 | - | -
赵三 | 2025-06-20 | 公安 | 死亡 | - | 证明
钱四 | 2025-05-20 | 镇街 | 延缓入学 | - | 批准书
"""


@pytest.fixture(scope="module")
def town() -> Town:
    names = "王一 赵三 钱四 孙五"
    child = {"child": in_school(names)["child"]}
    listed = "批次 | 下发日期 | 来源 | 姓名 | 性别 | 出生日期\n"
    listed += "\n".join(f"一批 | 2025-05-06 | 平台下发 | {n} | 男 | 2016-03-01" for n in names.split())
    return build_town(**join_tables(in_school("李二"), child), suspect=listed, verification=SAID)


@pytest.fixture(scope="module")
def cases(town: Town):
    return case_papers.read_cases(town.con, PERIOD)


def test_every_open_case_stands_on_one_ledger(cases):
    sheets = case_papers.list_case_ledgers(cases, PERIOD)
    names = {name: set(sheet[0].frame["name"]) for name, sheet in sheets.items()}
    assert names == {"疑似辍学学生台账": {"孙五"}, "辍学学生台账": {"王一", "赵三"}, "在册跟踪台账": {"钱四"}}


def test_the_headings_are_those_of_real_reports(cases):
    sheets = case_papers.list_case_ledgers(cases, PERIOD)
    heads = {name: [c.heading for c in sheet[0].columns] for name, sheet in sheets.items()}
    assert " ".join(heads["疑似辍学学生台账"][14:]) == (
        "可能原因 最接近记录 缺勤起始日 最长连续无故缺勤 责任人 核实期限 核实方式 核实结果 佐证材料 核实人 核实日期 状态"
    )
    assert heads["辍学学生台账"][14:17] == ["辍学日期", "辍学原因", "认定日期"]


def test_every_school_age_child_stands_on_its_ledger(town):
    rows = case_papers.read_school_age(town.con, PERIOD)
    assert sorted(rows["name"]) == sorted(["李二", "王一", "赵三", "钱四", "孙五"])
    where = dict(rows.select("name", "schooling").iter_rows())
    assert where["李二"] == "在校" and where["钱四"] == "延缓" and where["孙五"] == "未入学"


def test_each_office_is_asked_about_its_own_children(town, cases):
    sheets = case_papers.list_inquiries(town.con, cases, PERIOD)
    assert set(sheets["公安"].frame["name"]) == {"孙五", "赵三"}
    assert sheets["残联"].frame.height == 0


def test_the_platforms_tables(town, cases):
    sheets = case_papers.list_platform_sheets(town.con, cases, PERIOD)
    assert set(sheets["平台新增录入表"].frame["name"]) == {"王一", "赵三"}
    assert set(sheets["平台核实结果回填表"].frame["name"]) == {"王一", "赵三", "钱四"}
    assert sheets["平台销号核对表"].frame.height == 0
