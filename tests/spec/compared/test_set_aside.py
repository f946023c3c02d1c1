from tests.towns.town import build_town, in_school

HEAD = "期间 | 学校标识码 | 姓名 | 性别 | 出生日期\n"


def test_a_refused_row_of_the_schools_last_delivery_explains_its_child():
    """Known by name and birth date; nobody is found missing for a row that we ourselves set aside (contract §4)."""
    world = {"registry": in_school("李二")["registry"], "child": in_school("王一 赵三 李二")["child"]}
    refused = HEAD + "2025-B3 | 1000000001 | 王一 | 男 | 2016-03-01\n2025-B3 | 1000000001 | 赵三 | 男 | 2016-03-02"
    town = build_town(**world, quarantined=refused)
    assert set(town.by_name("person_id, true from compared.set_aside")) == {"王一"}  # 赵三's row has another birth date
    assert town.names("unenrolled") == ["赵三"]


def test_what_an_earlier_delivery_refused_explains_nobody():
    """The school has delivered again since, and the child is not in it (contract §3: a later delivery replaces what it covers)."""
    world = {"registry": in_school("李二")["registry"], "child": in_school("王一 李二")["child"]}
    town = build_town(**world, quarantined=HEAD + "2025-B2 | 1000000001 | 王一 | 男 | 2016-03-01")
    assert town.rows("from compared.set_aside") == []
    assert town.names("unenrolled") == ["王一"]
    other = build_town(**world, quarantined=HEAD + "2025-B2 | 1000000002 | 王一 | 男 | 2016-03-01")
    assert set(other.by_name("person_id, true from compared.set_aside")) == {"王一"}, "乙中学 has not delivered since"


def test_a_refused_row_is_known_by_any_number_that_the_child_has_borne():
    """学籍号 is the second way to know a child (contract §5), and the refused row carries the one before: a J that became a G."""
    old, new = "J500153100000000101", "G500153201603010015"
    registry = f"""学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 全国学籍号 | 期间
    1000000001 | 2 | 1班 | 王一 | 男 | 2016-03-01 | {old} | 2024-B3
    1000000001 | 3 | 1班 | 王一 | 男 | 2016-03-01 | {new} | 2025-B2
    1000000001 | 3 | 1班 | 李二 | 男 | 2016-03-01 | - | 2025-B3"""
    refused = f"期间 | 学校标识码 | 姓名 | 全国学籍号\n2025-B3 | 1000000001 | 王艺 | {old}"
    town = build_town(registry=registry, child=in_school("王一 李二")["child"], quarantined=refused)
    assert set(town.by_name("person_id, true from compared.set_aside")) == {"王一"}
    assert town.why() == {"王一": "数据隔离", "李二": "本区在籍"}
