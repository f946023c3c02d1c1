from tests.towns.town import build_town, in_school, join_tables

CHILD = "姓名 | 性别 | 出生日期 | 镇街 | 底册状态 | 状态日期\n"


def test_every_child_of_school_age_has_one_reason():
    """底册状态 first, then what takes a child off the list, then a live record, completion, what explains (§5, §8)."""
    town = build_town(
        child=CHILD + """
        底册迁出 | 男 | 2016-03-01 | 甲镇 | 迁出 | 2025-05-01
        核实死亡 | 男 | 2016-03-01 | 甲镇 | - | -
        在籍一 | 男 | 2016-03-01 | 甲镇 | - | -
        在籍外读 | 男 | 2016-03-01 | 甲镇 | - | -
        外读一 | 男 | 2016-03-01 | 甲镇 | - | -
        无着落 | 男 | 2016-03-01 | 甲镇 | - | -
        不满六岁 | 男 | 2019-03-01 | 甲镇 | - | -
        """,
        registry="""
        学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 学籍状态
        1000000001 | 3 | 1班 | 底册迁出 | 男 | 2016-03-01 | 在读
        1000000001 | 3 | 1班 | 核实死亡 | 男 | 2016-03-01 | 在读
        1000000001 | 3 | 1班 | 在籍一 | 男 | 2016-03-01 | 休学
        1000000001 | 3 | 1班 | 在籍外读 | 男 | 2016-03-01 | 在读
        """,
        verification="""
        姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料
        核实死亡 | 2025-06-01 | 公安 | 死亡 | - | 证明
        在籍外读 | 2025-06-01 | 镇街 | 外地就读有学籍 | 外地小学 | 卡
        外读一 | 2025-06-01 | 镇街 | 外地就读有学籍 | 外地小学 | 卡
        """,
    )  # fmt: skip
    assert town.why() == {
        "底册迁出": "底册迁出", "核实死亡": "死亡", "在籍一": "本区在籍", "在籍外读": "本区在籍",
        "外读一": "外地就读有学籍", "无着落": "适龄未入学",
    }  # fmt: skip


def test_a_quarantined_row_still_explains_its_child():
    """A quarantined registry row explains by name + birth date: no finding, no case, 数据隔离 (contract §4)."""
    child = CHILD + "王一 | 男 | 2016-03-01 | 甲镇 | - | -\n李二 | 男 | 2016-03-01 | 甲镇 | - | -"
    aside = "学校标识码 | 姓名 | 出生日期\n1000000001 | 王一 | 2016-03-01\n1000000001 | 李二 | 2016-03-02"
    town = build_town(child=child, quarantined=aside)
    assert town.why() == {"王一": "数据隔离", "李二": "适龄未入学"}
    assert town.case_states() == {"李二": "待核实"}
    assert town.bounds("enrolment_rate") == (0.0, 0.0, 1.0)  # 李二 is 待核实: unresolved too


def test_a_quarantined_row_holds_as_long_as_its_school_s_delivery():
    """A register's delivery holds until the school's next, and so does what was set aside of it (contract §3, §4)."""
    head = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 期间\n"
    world = dict(
        child=CHILD + "王一 | 男 | 2016-03-01 | 甲镇 | - | -",
        quarantined="学校标识码 | 姓名 | 出生日期 | 期间\n1000000001 | 王一 | 2016-03-01 | 2025-B2",
    )
    held = head + "1000000001 | 3 | 1班 | 别人 | 男 | 2016-03-01 | 2025-B2"
    assert build_town(**world, registry=held).why() == {"王一": "数据隔离"}
    again = held + "\n1000000001 | 3 | 1班 | 别人 | 男 | 2016-03-01 | 2025-B3"
    assert build_town(**world, registry=again).why() == {"王一": "适龄未入学"}


def test_home_taught_by_word_only_is_not_enrolled():
    """送教上门 explains, but enrols only with a record (contract §8; 残疾人教育条例 art. 17)."""
    world = join_tables(in_school("有籍", status="在读"))
    world["child"] += "\n无籍 | 男 | 2016-03-01 | 甲镇 | 东村"
    town = build_town(
        **world,
        verification="""
        姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料
        有籍 | 2025-06-01 | 学校 | 送教上门 | 评估
        无籍 | 2025-06-01 | 学校 | 送教上门 | 评估
        """,
    )
    assert town.why() == {"有籍": "本区在籍", "无籍": "送教上门"}
    assert town.rate("enrolment_rate") == (1, 2)
