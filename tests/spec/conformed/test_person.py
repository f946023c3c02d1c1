from tests.towns.town import build_town, make_id


def test_a_valid_id_rules_over_birth_date_and_sex_beside_it():
    """A birth date or sex at odds with a valid id is reported; the id stays valid and rules (contract §3)."""
    town = build_town(child=f"""
    姓名 | 性别 | 出生日期 | 身份证件号 | 镇街
    王一 | 女 | 2006-03-01 | {make_id("王一", "2016-03-01", "男")} | 甲镇
    """)
    assert town.rows("select sex, birth_month from conformed.person") == [("男", "2016-03")]


def test_a_pseudonym_survives_a_later_correction():
    """A child keeps its key when a later delivery brings the valid id (contract §7: pseudonym)."""
    head = "姓名 | 性别 | 出生日期 | 身份证件号 | 镇街 | 期间\n"
    before = build_town("2025-B2", child=head + "王一 | 男 | 2016-03-01 | - | 甲镇 | 2025-B2")
    valid = make_id("王一", "2016-03-01", "男")
    now = build_town(child=head + "王一 | 男 | 2016-03-01 | - | 甲镇 | 2025-B2\n"
                     f"王一 | 男 | 2016-03-01 | {valid} | 甲镇 | 2025-B3")  # fmt: skip
    assert now.rows("select child_key from conformed.child") == before.rows("select child_key from conformed.child")


def test_two_children_without_an_id_on_one_registry_number_have_two_keys():
    """No two persons share a pseudonym, even when a 学籍号 was typed twice (contract §7)."""
    town = build_town(registry="""
    学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 身份证件号 | 全国学籍号
    1000000001 | 3 | 1班 | 王一 | 男 | 2016-03-01 | - | J500153201603019999
    1000000001 | 3 | 1班 | 李二 | 男 | 2016-05-01 | - | J500153201603019999
    """)
    assert town.rows("select count(distinct child_key) from conformed.person") == [(2,)]
    assert town.names("duplicate_registry") == ["李二", "王一"]
