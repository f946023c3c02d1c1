from tests.towns.town import build_town, in_school


def test_school_age_no_live_record_nothing_that_explains():
    """`unenrolled`: in the denominator of enrolment_rate, no live record, grade 9 not completed, unexplained (§5)."""
    world = in_school("在读一")
    world["child"] += """
        未入学 | 男 | 2016-03-01 | 甲镇 | 东村
        刚满六岁 | 男 | 2018-08-31 | 甲镇 | 东村
        差一天六岁 | 男 | 2018-09-01 | 甲镇 | 东村
        差一天十五 | 男 | 2009-09-01 | 甲镇 | 东村
        满十五岁 | 男 | 2009-08-31 | 甲镇 | 东村
        其他离校 | 男 | 2016-03-01 | 甲镇 | 东村
        外地就读 | 男 | 2016-03-01 | 甲镇 | 东村
    """
    world["registry"] += "\n1000000001 | 3 | 1班 | 其他离校 | 男 | 2016-03-01 | 其他离校"
    town = build_town(
        **world, verification="姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称\n外地就读 | 2025-06-01 | 镇街 | 外地就读无学籍 | 外地小学"
    )
    assert town.names("unenrolled") == sorted(["未入学", "刚满六岁", "差一天十五", "其他离校"])


def test_the_last_school_is_kept_beside_the_child():
    """A child whose record ended is shown with its last school and grade (contract §7: findings)."""
    head = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 学籍状态 | 期间\n"
    town = build_town(
        child="姓名 | 性别 | 出生日期 | 镇街\n王一 | 男 | 2016-03-01 | 甲镇",
        registry=head + """
        1000000001 | 3 | 1班 | 王一 | 男 | 2016-03-01 | 在读 | 2025-B2
        1000000001 | 3 | 1班 | 李二 | 男 | 2016-03-01 | 在读 | 2025-B3
        """,
    )  # fmt: skip
    assert town.rows("select school_code, grade, stage from compared.unenrolled") == [("1000000001", "3", "primary")]
