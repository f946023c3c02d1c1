from tests.towns.town import build_town


def test_a_line_on_a_list_stands_under_batch_name_and_school_until_matched():
    """A `suspect` row that gives only a name keeps its case; a namesake in a register is not it (contract §3)."""
    town = build_town(
        child="姓名 | 性别 | 出生日期 | 镇街\n王一 | 男 | 2016-03-01 | 甲镇",
        suspect="""
        批次 | 下发日期 | 姓名 | 身份证件号 | 原就读学校标识码
        第一批 | 2025-05-20 | 王一 | 5.00153E+17 | 1000000001
        第一批 | 2025-05-20 | 李二 | - | 1000000001
        第一批 | 2025-05-20 | 李二 | - | 1000000002
        """,
    )
    listed = "select p.name from cases.opening join conformed.person p using (child_key) where opened_by = 'listed'"
    assert town.rows(f"{listed} order by 1") == [("李二",), ("李二",), ("王一",)]
    assert town.names("unenrolled") == ["王一"]  # the register's child has its own case
    assert town.rows("select count(*) from cases.case") == [(4,)]
