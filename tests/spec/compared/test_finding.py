import pytest

from tests.towns.town import build_town, in_school

CHILD = "姓名 | 性别 | 出生日期 | 镇街 | 村社 | 身份证件号\n"
ONE = "姓名 | 性别 | 出生日期 | 镇街 | 村社\n王一 | 男 | 2016-03-01 | 甲镇 | 东村"


@pytest.mark.parametrize(
    ("feedback", "cause"),
    [
        ("", "疑似辍学"),
        ("王一 | 2025-06-01 | 镇街 | 失联 | -", "疑似辍学"),
        # said once, but lapsed or without its evidence: the likely cause is still that
        ("王一 | 2023-10-01 | 镇街 | 外地就读有学籍 | 外地小学", "外地就读有学籍"),
        ("王一 | 2025-06-01 | 镇街 | 户籍迁出 | -", "迁出"),
        ("王一 | 2025-06-01 | 镇街 | 重复信息 | -", "重复"),
    ],
)
def test_the_likely_cause_of_an_unenrolled_child(feedback: str, cause: str):
    """Every unenrolled or absent row carries the likely cause (contract §5)."""
    town = build_town(child=ONE, verification="姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称\n" + feedback)
    assert town.rows("select likely_cause from compared.finding") == [(cause,)]


def test_a_namesake_of_the_same_birth_date_hints_at_a_faulty_id():
    """Same name, sex and birth date under two valid ids: most often one child with a wrong id (contract §5)."""
    from tests.towns.town import make_id

    town = build_town(
        child=CHILD + f"王一 | 男 | 2016-03-01 | 甲镇 | 东村 | {make_id('王一', '2016-03-01', '男')}",
        registry="学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 身份证件号\n"
        f"1000000001 | 3 | 1班 | 王一 | 男 | 2016-03-01 | {make_id('别人', '2016-03-01', '男')}",
    )
    assert town.rows("select comparison, likely_cause from compared.finding order by all desc") == [
        ("unenrolled", "证件错误"), ("no_household", None),
    ]  # fmt: skip


def test_a_finding_keeps_the_period_it_was_first_seen_in():
    """first_seen_period is that of the first publication that listed the child (contract §7)."""
    before = build_town("2025-B2", child=ONE)
    child = ONE + "\n李二 | 男 | 2016-03-01 | 甲镇 | 东村"
    seen = build_town(after=before, child=child).by_name(
        "person_id, first_seen_period from compared.finding join conformed.person using (child_key)"
    )
    assert seen == {"王一": "2025-B2", "李二": "2025-B3"}


def test_a_child_belongs_to_the_township_of_its_roster_row_else_of_its_school():
    """Township and village of the 底册, else the school's township (contract §7)."""
    world = in_school("甲 乙 丙 丁 王一", school="1000000002")
    world["registry"] += "\n1000000002 | 3 | 1班 | 册外 | 男 | 2016-03-01 | 在读"
    rows = "".join(f"2025-06 | 1000000002 | {n} | 在校\n" for n in "甲 乙 丙 丁".split())
    town = build_town(**world, attendance="月份 | 学校标识码 | 姓名 | 在校状态\n" + rows
                      + "2025-06 | 1000000002 | 王一 | 离校未归\n2025-06 | 1000000002 | 册外 | 离校未归")  # fmt: skip
    assert town.rows("select township, village from compared.finding where comparison = 'absent' order by 1 desc") == [
        ("甲镇", "东村"), ("乙镇", None),
    ]  # fmt: skip
