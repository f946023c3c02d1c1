"""身份信息不一致: same id, different name, sex or birth date. Rules page: transforms/compared/name_mismatch.md."""

from tests.towns.town import build_town, make_id

ID = make_id("王一", "2016-03-01", "男")
CHILD = f"姓名 | 性别 | 出生日期 | 身份证件号 | 镇街 | 村社\n王一 | 男 | 2016-03-01 | {ID} | 甲镇 | 东村"


def found(name: str, sex: str = "男", birth: str = "2016-03-01", more: str = "") -> int:
    town = build_town(
        child=CHILD,
        registry="学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 身份证件号 | 期间\n"
        f"1000000001 | 3 | 1班 | {name} | {sex} | {birth} | {ID} | 2025-B3{more}",
    )
    return len(town.names("name_mismatch"))


def test_each_difference_is_found():
    assert (found("王一"), found("王乙"), found("王一", sex="女"), found("王一", birth="2016-01-03")) == (0, 1, 1, 1)


def test_what_has_been_put_right_is_no_difference():
    assert found("王一", more=f"\n1000000001 | 3 | 1班 | 王乙 | 男 | 2016-03-01 | {ID} | 2025-B2") == 0
