"""Linking: a record without a valid id set beside a child under suspicion. Rules page: transforms/compared/likely_cause.md."""

import pytest

from tests.towns.town import build_town, make_id

BIRTH = "2016-03-05"
CHILD = "姓名 | 性别 | 出生日期 | 身份证件号 | 镇街 | 村社 | 监护人姓名 | 监护人电话\n"
REGISTRY = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 身份证件号 | 现住址 | 监护人姓名 | 监护人电话 | 学籍状态\n"


def town_of(ours: str, theirs: str, *, birth: str = BIRTH, sex: str = "男", more: str = "", **tables: str):
    """A child of the 底册 with a valid id, and a record without one: 李父, 13800000001, 甲镇东村 in both."""
    return build_town(
        child=CHILD + f"{ours} | 男 | {BIRTH} | {make_id(ours, BIRTH, '男')} | 甲镇 | 东村 | 李父 | 13800000001\n" + more,
        registry=REGISTRY + f"1000000001 | 3 | 1班 | {theirs} | {sex} | {birth} | - | 甲镇东村三组 | 李父 | 13800000001 | 在读", **tables,
    )  # fmt: skip


def proposed(town) -> list:
    return town.rows(
        "select x.likely_cause, x.confidence, near.name, x.nearest_how from compared.explained as x "
        "left join conformed.person as near on x.nearest_person_id = near.person_id where x.is_linked order by all"
    )


@pytest.mark.parametrize(
    ("ours", "theirs", "birth", "how"),
    [
        ("李梓涵", "李子函", BIRTH, "姓名同音、出生日期相同"),
        ("单晓曦", "山晓西", BIRTH, "姓名同音、出生日期相同"),  # 单 is read dan, shan, chan
        ("李思源", "李四源", "2016-05-03", "姓名同音、出生日期月日颠倒"),
        ("李思宁", "李诗林", BIRTH, "姓名近音、出生日期相同"),
        ("李晴", "李睛", BIRTH, "姓名形近、异体或有字未录出、出生日期相同"),
        ("李𬭚", "李□", BIRTH, "姓名形近、异体或有字未录出、出生日期相同"),
        ("李𬭚", "李\ue863", BIRTH, "姓名形近、异体或有字未录出、出生日期相同"),
        ("阿依努尔·买买提", "阿依努尔", BIRTH, "姓名只差一字未写、出生日期相同"),
        ("李明", "李明", "2016-03-06", "姓名相同、出生日期差一位数字"),
    ],
)
def test_what_is_seen_through(ours, theirs, birth, how):
    ((cause, confidence, near, why),) = proposed(town_of(ours, theirs, birth=birth))
    assert (cause, near) == ("证件错误", theirs) and confidence in ("高", "较高")
    assert why.startswith(how) and "监护人相同" in why and "监护人电话相同" in why


def test_both_records_stand_side_by_side_and_the_finding_says_linked():
    town = town_of("李梓涵", "李子涵")
    assert town.rows("select side_by_side from compared.explained where likely_cause = '证件错误'") == [
        ("姓名同音（李梓涵／李子涵）；出生日期相同（2016-03-05）；性别相同（男）；监护人相同（李父）；监护人电话相同（13800000001）；"
         "住址写明同村（社区）（甲镇东村／甲镇）",)
    ]  # fmt: skip
    assert town.rows("select matched_by from compared.finding where comparison = 'unenrolled'") == [("linked",)]
    assert town.case_states() == {"李梓涵": "待核实"}, "a proposal closes nothing"
    assert town.rate("enrolment_rate") == (0, 1), "and changes no rate"


def test_a_name_alone_proposes_nothing():
    """Same name, another birth day, nothing else alike: not even shown."""
    town = build_town(
        child=CHILD + f"李梓涵 | 男 | {BIRTH} | {make_id('李梓涵', BIRTH, '男')} | 甲镇 | 东村 | 李父 | 13800000001",
        registry=REGISTRY + "1000000001 | 3 | 1班 | 李梓涵 | 男 | 2015-11-28 | - | 乙镇西村 | 赵母 | 13900000009 | 在读",
    )
    assert proposed(town) == []
    assert town.names("unenrolled") == ["李梓涵"]


@pytest.mark.parametrize(("theirs", "sex"), [("李梓轩", "男"), ("李子涵", "女")])
def test_a_twin_is_shown_and_explains_nothing(theirs, sex):
    """Same day, same guardian, another name or another sex: very like, and another child."""
    ((cause, confidence, near, _),) = proposed(town_of("李梓涵", theirs, sex=sex))
    assert (cause, confidence, near) == ("疑似辍学", "低", theirs)


def test_a_child_of_the_roster_is_another_child():
    """The record without an id belongs to a child whom the 底册 has too: two children, however alike."""
    other = f"李子涵 | 男 | {BIRTH} | {make_id('李子涵', BIRTH, '男')} | 甲镇 | 东村 | 李父 | 13800000001"
    town = town_of("李梓涵", "李子涵", more=other)
    assert proposed(town) == []
    assert town.by_name("person_id, likely_cause from compared.explained") == {"李梓涵": "疑似辍学"}


def test_two_children_who_claim_one_record_are_both_asked_about():
    twin = f"李紫涵 | 男 | {BIRTH} | {make_id('李紫涵', BIRTH, '男')} | 甲镇 | 东村 | 李父 | 13800000001"
    town = town_of("李梓涵", "李子涵", more=twin)
    assert {cause for cause, *_ in town.rows("select likely_cause from compared.explained")} == {"疑似辍学"}


def test_a_confirmed_dropout_is_never_explained():
    said = "姓名 | 身份证件号 | 核实日期 | 核实单位 | 核实结果\n" + f"李梓涵 | {make_id('李梓涵', BIRTH, '男')} | 2025-05-20 | 镇街 | 确认辍学"
    town = town_of("李梓涵", "李子涵", verification=said)
    assert town.by_name("person_id, likely_cause from compared.explained") == {"李梓涵": "疑似辍学"}


def test_two_valid_ids_are_two_children_here():
    """Linking speaks where a side has no valid id; two valid ones are for the declared comparisons."""
    town = build_town(
        child=CHILD + f"李梓涵 | 男 | {BIRTH} | {make_id('李梓涵', BIRTH, '男')} | 甲镇 | 东村 | 李父 | 13800000001",
        registry=REGISTRY + f"1000000001 | 3 | 1班 | 李子涵 | 男 | {BIRTH} | {make_id('李子涵', BIRTH, '男')} | 东村 | 李父 | 13800000001 | 在读",
    )  # fmt: skip
    assert proposed(town) == []
