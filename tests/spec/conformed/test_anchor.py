from tests.towns.town import build_town, make_id


def test_a_registry_number_that_two_children_share_names_nobody():
    """A 学籍号 held by two valid ids leads a third row to neither (contract §5: one 学籍号, more than one person)."""
    first, second = make_id("王一", "2016-03-01", "男"), make_id("李二", "2016-05-01", "男")
    town = build_town(registry=f"""
    学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 身份证件号 | 全国学籍号
    1000000001 | 3 | 1班 | 王一 | 男 | 2016-03-01 | {first} | G{first}
    1000000001 | 3 | 1班 | 李二 | 男 | 2016-05-01 | {second} | G{first}
    1000000001 | 3 | 1班 | 赵三 | 男 | 2016-07-01 | - | L{first}
    """)
    assert town.rows("select count(*) from conformed.person") == [(3,)]
    assert town.rows("select i.name from conformed.anchor join conformed.identity i using (identity) order by 1") == [
        ("李二",),
        ("王一",),
    ]
