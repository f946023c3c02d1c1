"""The record of the other register that is most like a child's: most often one child with a wrong id (likely_cause.md)."""

from tests.towns.town import build_town, make_id

BIRTH = "2016-03-01"
CHILD = "姓名 | 性别 | 出生日期 | 身份证件号 | 镇街 | 村社\n"
REGISTRY = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 身份证件号 | 学籍状态\n"
NEAREST = "person_id, likeness, confidence, nearest_how from compared.nearest"


def change(number: str) -> str:
    """The id with one digit of its sequence another one (and no valid check digit any more: damage)."""
    return number[:15] + str((int(number[15]) + 1) % 10) + number[16:]


def test_how_like_a_record_must_be():
    """By name and all but one digit; by name, sex and day; by a name one character off and a close id; by name and 镇街 with a day
    nearly the same. One thing alone is not enough, and neither is a name and day of the other sex in another 镇街."""
    ours = {name: make_id(name, BIRTH, "男") for name in ("钱一", "孙二", "李三", "周四", "吴五", "郑六")}
    child = CHILD + "\n".join(f"{name} | 男 | {BIRTH} | {number} | 甲镇 | 东村" for name, number in ours.items())
    day = "2016-03-02"
    rows = [("1000000001", "钱一", "男", BIRTH, change(ours["钱一"])), ("1000000002", "孙二", "男", BIRTH, make_id("别人", BIRTH, "男")),
            ("1000000002", "李山", "男", BIRTH, change(ours["李三"])), ("1000000001", "周四", "男", day, make_id("别人", day, "男")),
            ("1000000002", "吴五", "男", day, make_id("路人", day, "男")),
            ("1000000002", "郑六", "女", BIRTH, make_id("路人", BIRTH, "女"))]  # fmt: skip
    registry = REGISTRY + "\n".join(f"{code} | 3 | 1班 | {name} | {' | '.join(rest)} | 在读" for code, name, *rest in rows)
    town = build_town(child=child, registry=registry)
    assert town.by_name(NEAREST) == {
        "钱一": (1, "高", "姓名相同、证件号仅差一两位"),
        "孙二": (2, "较高", "姓名、性别、出生日期相同而证件号不同"),
        "李三": (2, "较高", "姓名差一字、出生日期相同、证件号仅差一两位"),
        "周四": (3, "中", "同镇街、姓名相同、出生日期相近"),
    }  # fmt: skip
    assert town.names("unenrolled") == sorted(ours), "a proposal takes nobody off the list"
    # what is alike of the two that are not like enough: the name and nearly the day, elsewhere; the name and the day of the other sex
    alike = town.by_name("person_id, same_name, same_sex, same_birth, near_birth, same_township, near_number from compared.pair")
    assert (alike["吴五"], alike["郑六"]) == ((True, True, False, True, False, False), (True, False, True, True, False, False))


def test_two_in_one_register_at_one_time_are_two_children():
    """Both on the roll, however alike: the absent one is not the other."""
    one, other = make_id("王一", BIRTH, "男"), change(make_id("王一", BIRTH, "男"))
    registry = REGISTRY + "\n".join(f"100000000{n} | 3 | 1班 | 王一 | 男 | {BIRTH} | {number} | 在读" for n, number in ((1, one), (2, other)))
    roster = CHILD + f"王一 | 男 | {BIRTH} | {one} | 甲镇 | 东村"
    away = f"月份 | 学校标识码 | 姓名 | 身份证件号 | 在校状态\n2025-06 | 1000000001 | 王一 | {one} | 离校未归"
    town = build_town(child=roster, registry=registry, attendance=away)
    assert town.names("absent") == ["王一"]
    assert town.rows("from compared.pair") == []
