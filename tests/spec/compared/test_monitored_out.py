from tests.towns.town import build_town, in_school


def test_unenrolled_or_absent_in_a_monitored_household():
    """辍学—脱贫户: either finding, in a household of the monitored list: first priority (contract §5)."""
    world = in_school("甲 乙 丙 丁 缺勤户 缺勤")
    world["child"] += "\n未入学户 | 男 | 2016-03-01 | 甲镇 | 东村\n未入学 | 男 | 2016-03-01 | 甲镇 | 东村"
    rows = "".join(f"2025-06 | 1000000001 | {name} | 在校\n" for name in "甲 乙 丙 丁".split())
    town = build_town(
        **world,
        attendance="月份 | 学校标识码 | 姓名 | 在校状态\n" + rows
        + "2025-06 | 1000000001 | 缺勤户 | 离校未归\n2025-06 | 1000000001 | 缺勤 | 离校未归",
        monitored="姓名 | 户类型 | 镇街\n缺勤户 | 脱贫户 | 甲镇\n未入学户 | 边缘易致贫户 | 甲镇\n甲 | 脱贫户 | 甲镇",
    )  # fmt: skip
    assert town.names("absent") == ["缺勤", "缺勤户"]
    assert town.names("monitored_out") == sorted(["缺勤户", "未入学户"])
