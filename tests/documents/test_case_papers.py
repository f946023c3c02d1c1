"""Ledgers and lists of the cases: the headings the office knows, and every child once."""

import pytest

from schemas.bimester import Bimester
from schemas.compared import CAUSES
from tests.towns.town import Town, build_town, in_school, join_tables, make_id
from transforms.documents import case_papers, return_lists
from transforms.documents.case_forms import list_case_papers
from transforms.documents.platform_forms import read_platform_columns
from transforms.documents.reading import Source

PERIOD = Bimester.parse("2025-B3")
SAID = """
姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料
王一 | 2025-05-20 | 镇街 | 确认辍学 | - | -
赵三 | 2025-05-20 | 镇街 | 失联 | - | -
赵三 | 2025-06-20 | 公安 | 死亡 | - | 证明
钱四 | 2025-05-20 | 学校 | 延缓入学 | - | 批准书
钱四 | 2025-05-20 | 镇街 | 延缓入学 | - | 批准书
钱四 | 2025-05-20 | 村社 | 延缓入学 | - | 批准书
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


# The headings as the office's reports name them, word for word (domain: cases, ledgers); what is ours stands behind them.
LISTED = """序号 案件编号 来源 批次或比对 姓名 身份证件号 学籍号 学校 年级班级 监护人 联系电话 镇街 村社 家庭住址"""
LEDGERS = {
    "疑似辍学学生台账": f"{LISTED} 可能原因 最接近记录 缺勤起始日 最长连续无故缺勤 责任人 核实期限 核实方式 核实结果 佐证材料 核实人 "
    "核实日期 状态 把握 两条记录对照（本人／相近记录） 定案所需佐证 名单下发前的结论（拟填）",
    "辍学学生台账": f"{LISTED} 辍学日期 辍学原因 认定日期 劝返次数 最近劝返日期 包保责任人（村/镇街/校/教委） 文书及日期 安置方式 "
    "复学日期 观察期至 再次离校 销号日期 销号类别 审核人",
    "适龄儿童台账": "序号 姓名 性别 出生日期 民族 身份证件类型 身份证件号 户籍状态 镇街 村社 现住址 监护人 联系电话 学籍号 学校 年级 "
    "班级 就读方式 就学状态 重点群体 脱贫户监测户 数据来源 核实日期 核实人",
}


def test_the_headings_are_those_of_real_reports(town):
    papers = {name: sheets[0] for place, name, sheets in list_case_papers(Source(town.con, PERIOD, 1), read_platform_columns())
              if place == "区级"}  # fmt: skip
    for name, headings in LEDGERS.items():
        assert " ".join(column.heading for column in papers[name].columns) == headings


def test_every_list_of_the_cases_is_made(town):
    papers = list_case_papers(Source(town.con, PERIOD, 1), read_platform_columns())
    found = {(place.split("/")[0], name) for place, name, _ in papers}
    district = """适龄儿童台账 疑似辍学学生台账 辍学学生台账 在册跟踪台账 拟销号名单 问题学籍清单 回执汇总
        平台新增录入表 平台核实结果回填表 平台销号核对表
        协查名单（公安） 协查名单（市学籍） 协查名单（残联） 协查名单（民政） 协查名单（农业农村委）"""
    assert {name for place, name in found if place == "区级"} >= set(district.split())
    assert ("学校", "在校学生月报表（2025年9月）") in found
    assert {("镇街", name) for name in ("核实反馈表", "劝返记录表", "劝返清单", "摸排表（东村）")} <= found


def test_the_return_list_sums_its_three_rosters(town):
    [(place, sheets)] = return_lists.list_return_lists(case_papers.read_cases(town.con, PERIOD), PERIOD)
    assert place == "甲镇" and [s.name for s in sheets] == ["汇总", "辍学学生", "已劝返学生", "未返学生"]
    assert [c.heading for c in sheets[0].columns[1:]] == ["辍学数", "已劝返数", "未返数"]
    assert sheets[0].frame.rows() == [("东村", 2, 0, 2), ("合计", 2, 0, 2)]
    assert [s.frame.height for s in sheets[1:]] == [2, 0, 2]


def test_the_review_list_goes_to_its_township():
    """In September the children verified elsewhere last school year are asked about again."""
    said = "姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料\n王一 | 2025-05-20 | 镇街 | 外地就读有学籍 | 泸县二中 | 证明"
    child = {"child": in_school("王一")["child"]}
    town = build_town("2025-B5", **join_tables(in_school("李二"), child), verification=said.replace("2025-05", "2025-06"))
    papers = {(place, name): sheets[0] for place, name, sheets in
              list_case_papers(Source(town.con, Bimester.parse("2025-B5"), 1), read_platform_columns())}  # fmt: skip
    sheet = papers["镇街/甲镇", "外地就读年度复核清单"]
    assert sheet.frame.select("name", "held", "verification_result").rows() == [("王一", "外地就读有学籍", None)]


def test_every_school_age_child_stands_on_its_ledger(town):
    rows = case_papers.read_school_age(town.con, PERIOD)
    assert sorted(rows["name"]) == sorted(["李二", "王一", "赵三", "钱四", "孙五"])
    where = dict(rows.select("name", "schooling").iter_rows())
    assert where["李二"] == "在校" and where["钱四"] == "延缓" and where["孙五"] == "未入学"
    assert dict(rows.select("name", "verifier").iter_rows())["钱四"] == "镇街"  # of one day the highest unit
    seats = {name: (grade, room) for name, grade, room in rows.select("name", "grade", "class_name").iter_rows()}
    assert all(grade.endswith("年级") and room.endswith("班") for grade, room in seats.values() if grade and room) and seats["李二"][0]


def test_each_office_is_asked_about_its_own_children(town, cases):
    sheets = case_papers.list_inquiries(town.con, cases, PERIOD)
    assert set(sheets["公安"].frame["name"]) == {"孙五", "赵三"}
    assert sheets["残联"].frame.height == 0


def test_a_proposal_reaches_the_ledger_and_the_form_with_its_reasons():
    """The ledger of the district names both records; the form of a 镇街 says why and how sure, and names no other school's pupil."""
    born = "2016-03-05"
    town = build_town(
        child="姓名 | 性别 | 出生日期 | 身份证件号 | 镇街 | 村社 | 监护人姓名 | 监护人电话\n"
        f"李梓涵 | 男 | {born} | {make_id('李梓涵', born, '男')} | 甲镇 | 东村 | 李父 | 13800000001",
        registry="学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 身份证件号 | 监护人姓名 | 监护人电话 | 学籍状态\n"
        f"1000000001 | 3 | 1班 | 李子函 | 男 | {born} | - | 李父 | 13800000001 | 在读",
    )  # fmt: skip
    papers = {(place, name): sheets[0] for place, name, sheets in
              list_case_papers(Source(town.con, PERIOD, 1), read_platform_columns())}  # fmt: skip
    [row] = papers["区级", "疑似辍学学生台账"].frame.to_dicts()
    assert (row["likely_cause"], row["confidence"], row["settled_by"]) == ("证件错误", "高", CAUSES["证件错误"])
    assert row["nearest"].endswith("，李子函，甲小学")
    assert row["side_by_side"].startswith(f"姓名同音（李梓涵／李子函）；出生日期相同（{born}）；性别相同（男）；监护人相同（李父）")
    [asked] = papers["镇街/甲镇", "核实反馈表"].frame.to_dicts()
    assert asked["hint"].startswith("可能是证件错误（把握高）；线索：姓名同音、出生日期相同") and asked["hint"].endswith("，甲小学")
    assert "李子函" not in asked["hint"] and asked["settled_by"] == CAUSES["证件错误"]
