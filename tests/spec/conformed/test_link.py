"""Matching (contract §5): valid id; 学籍号; name + sex + birth date where one side has no valid id; a close id."""

import pytest

from tests.towns.town import Town, build_town, make_id

GOOD = make_id("王一", "2016-03-01", "男")
OTHER = make_id("别人", "2016-03-01", "男")


def match(child: str, registry: str) -> Town:
    return build_town(
        child=f"姓名 | 性别 | 出生日期 | 身份证件号 | 镇街 | 村社 | 证件问题\n{child}",
        registry="学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 身份证件号 | 全国学籍号 | 证件问题\n"
        f"1000000001 | 3 | 1班 | {registry}",
    )


def how(town: Town) -> str:
    """How the registry's pupil was found in the 底册; 未对上 when it was not."""
    rows = town.rows("select e.matched_by from conformed.child c join conformed.enrolment e using (person_id)")
    return rows[0][0] if rows else "未对上"


def damage(position: int) -> str:
    digit = str((int(GOOD[position]) + 1) % 10)
    return GOOD[:position] + digit + GOOD[position + 1 :]


swapped = next(GOOD[:i] + GOOD[i + 1] + GOOD[i] + GOOD[i + 2 :] for i in range(13, 17) if GOOD[i] != GOOD[i + 1])


@pytest.mark.parametrize(
    ("child", "registry", "found"),
    [
        # the same valid id, even under another name: 身份信息不一致 is another comparison
        (f"王一 | 男 | 2016-03-01 | {GOOD} | 甲镇 | 东村 | -", f"王壹 | 男 | 2016-03-01 | {GOOD} | - | -", "id"),
        # the pupil's row has no id: name + sex + birth date
        (f"王一 | 男 | 2016-03-01 | {GOOD} | 甲镇 | 东村 | -", "王一 | 男 | 2016-03-01 | - | - | -", "name_birth"),
        # neither has a valid id
        ("王一 | 男 | 2016-03-01 | - | 甲镇 | 东村 | -", "王一 | 男 | 2016-03-01 | - | - | -", "name_birth"),
        # both have a valid id, and they differ: two children, though all else agrees
        (f"王一 | 男 | 2016-03-01 | {GOOD} | 甲镇 | 东村 | -", f"王一 | 男 | 2016-03-01 | {OTHER} | - | -", "未对上"),
        # name alone is nothing: the birth date differs
        (f"王一 | 男 | 2016-03-01 | {GOOD} | 甲镇 | 东村 | -", "王一 | 男 | 2016-03-02 | - | - | -", "未对上"),
        # one digit wrong, the birth date mistyped too
        (f"王一 | 男 | 2016-03-01 | {GOOD} | 甲镇 | 东村 | -", f"王一 | 男 | 2016-03-02 | {damage(15)} | - | 是", "close_id"),
        # two neighbours swapped
        (f"王一 | 男 | 2016-03-01 | {GOOD} | 甲镇 | 东村 | -", f"王一 | 男 | 2016-03-02 | {swapped} | - | 是", "close_id"),
        # one digit wrong under another name
        (f"王一 | 男 | 2016-03-01 | {GOOD} | 甲镇 | 东村 | -", f"王二 | 男 | 2016-03-02 | {damage(15)} | - | 是", "未对上"),
        # two digits wrong, not neighbours swapped
        (
            f"王一 | 男 | 2016-03-01 | {GOOD} | 甲镇 | 东村 | -",
            f"王一 | 男 | 2016-03-02 | {damage(15)[:7]}9{damage(15)[8:]} | - | 是",
            "未对上",
        ),
        # the same faulty id in both registers, with the same name
        (
            f"王一 | 男 | 2016-03-01 | {GOOD[:17]} | 甲镇 | 东村 | 是",
            f"王一 | 男 | 2016-03-02 | {GOOD[:17]} | - | 是",
            "close_id",
        ),
        # digits that Excel lost are no id at all
        ("王一 | 男 | 2016-03-01 | 5.00153E+17 | 甲镇 | 东村 | 是", "王一 | 男 | 2016-03-02 | 5.00153E+17 | - | 是", "未对上"),
    ],
)
def test_tiers(child: str, registry: str, found: str):
    """Matched by the first tier that fits; every match keeps how it was made; nothing on name alone (contract §5)."""
    assert how(match(child, registry)) == found


def test_temporary_registry_number_that_becomes_formal_is_the_same_pupil():
    """`L…` that becomes `G…` is the same person (contract §1), also where the later row has no id."""
    town = build_town(registry=f"""
    学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 身份证件号 | 全国学籍号 | 期间
    1000000001 | 3 | 1班 | 王一 | 男 | 2016-03-01 | {GOOD} | L{GOOD} | 2025-B2
    1000000001 | 3 | 1班 | 王壹 | 男 | 2016-03-01 | - | G{GOOD} | 2025-B3
    """)
    assert town.rows("select name, matched_by from conformed.enrolment join conformed.person using (person_id)") == [
        ("王一", "registry_number")
    ]


def test_pupil_without_any_valid_id_is_followed_by_registry_number():
    """A pupil whose every row lacks a valid id is one person by 学籍号: the attendance row gives only that (§5)."""
    town = build_town(
        registry="""
        学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 身份证件号 | 全国学籍号
        1000000001 | 3 | 1班 | 王一 | 男 | 2016-03-01 | - | J500153201603019999
        """,
        attendance="""
        月份 | 学校标识码 | 年级 | 班级 | 姓名 | 身份证件号 | 全国学籍号 | 在校状态
        2025-06 | 1000000001 | - | - | 王一 | - | J500153201603019999 | 在校
        """,
    )
    assert town.in_month("2025-06") == {"王一": "在校"}


def test_ambiguous_is_not_matched():
    """Two children of one name, sex and birth date: the row without an id belongs to neither (contract §5)."""
    town = build_town(
        child=f"""
        姓名 | 性别 | 出生日期 | 身份证件号 | 镇街 | 村社
        王一 | 男 | 2016-03-01 | {GOOD} | 甲镇 | 东村
        王一 | 男 | 2016-03-01 | {OTHER} | 甲镇 | 东村
        """,
        registry="""
        学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 身份证件号
        1000000001 | 3 | 1班 | 王一 | 男 | 2016-03-01 | -
        """,
    )
    assert town.names("unenrolled") == ["王一", "王一"]
