"""寄宿需求未满足. Rules page: transforms/compared/boarding_unmet.md."""

from tests.towns.town import build_town


def test_who_needs_to_board_and_does_not():
    head = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 就读方式 | 是否需要寄宿\n"
    rows = [("王一", "走读", True), ("李二", "住校", True), ("赵三", "走读", False), ("钱四", "走读", True)]
    town = build_town(
        registry=head + "\n".join(f"1000000001 | 3 | 1班 | {n} | 男 | 2016-03-01 | {how} | {need}" for n, how, need in rows),
        monitored="姓名 | 户类型 | 镇街\n王一 | 脱贫户 | 甲镇\n李二 | 脱贫户 | 甲镇\n赵三 | 脱贫户 | 甲镇",
    )
    assert town.names("boarding_unmet") == ["王一"], "钱四 needs it too, but not in a monitored household"
