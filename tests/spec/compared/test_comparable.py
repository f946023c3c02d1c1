"""Whom linking may set side by side: the children under suspicion, and of the other register whoever could be one of them."""

from tests.towns.town import build_town, in_school, make_id

BIRTH = "2016-03-01"
CHILD = "姓名 | 性别 | 出生日期 | 身份证件号 | 镇街 | 村社 | 监护人姓名 | 监护人电话\n"
REGISTRY = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 身份证件号 | 全国学籍号 | 监护人电话 | 学籍状态\n"
BESIDE = "person_id, side, has_id from compared.comparable"


def roll(*rows: str) -> str:
    return REGISTRY + "\n".join(f"1000000001 | 3 | 1班 | {row} | 在读" for row in rows)


def test_beside_a_suspect_with_an_id_stands_whoever_has_none():
    """Two valid ids are for the declared comparisons: linking speaks where a side has none (contract §5)."""
    ours = make_id("王一", BIRTH, "男")
    town = build_town(
        child=CHILD + f"王一 | 男 | {BIRTH} | {ours} | 甲镇 | 东村 | 王父 | 13800000001",
        registry=roll(f"王艺 | 男 | {BIRTH} | - | J{ours[:-1]}0 | 13800000001", f"李二 | 男 | {BIRTH} | {make_id('李二', BIRTH, '男')} | - | -"),
    )  # fmt: skip
    assert town.by_name(BESIDE) == {"王一": ("suspect", True), "王艺": ("other", False)}
    assert town.by_name("person_id, numbers, in_roster, live_in from compared.comparable") == {
        "王一": ([ours], True, []), "王艺": ([], False, ["2025-B3"]),  # a J number is made of no id
    }  # fmt: skip
    assert town.by_name("person_id, guardian_name, guardian_phone, school_name from compared.comparable") == {
        "王一": ("王父", "13800000001", None), "王艺": (None, "13800000001", "甲小学")}  # fmt: skip


def test_beside_a_suspect_without_an_id_stands_who_has_something_in_common():
    """With a valid id: of the same day and 镇街 or surname, or the same name, or the same telephone; nobody else."""
    pupils = (("李同日", BIRTH, "-"), ("王同名", "2015-08-09", "-"), ("赵同号", "2015-08-09", "13800000001"), ("钱无关", "2015-08-09", "-"))
    town = build_town(
        child=CHILD + f"王同名 | 男 | {BIRTH} | - | 甲镇 | 东村 | 王父 | 13800000001",
        registry=roll(*(f"{name} | 男 | {birth} | {make_id(name, birth, '男')} | - | {phone}" for name, birth, phone in pupils)),
    )  # fmt: skip
    sides = town.rows("select name, side, has_id from compared.comparable order by 1, 2")
    assert sides == [("李同日", "other", True), ("王同名", "other", True), ("王同名", "suspect", False), ("赵同号", "other", True)]


def test_a_child_without_suspicion_is_beside_nobody():
    assert build_town(**in_school("王一 李二")).rows("from compared.comparable where side = 'suspect' or has_id") == []
