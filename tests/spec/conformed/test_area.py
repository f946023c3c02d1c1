from tests.towns.town import build_town


def test_a_village_is_known_by_its_township_and_name():
    """镇街 and 村社 are known by name, never by code; a later delivery replaces the row it names (contract §3, §4)."""
    town = build_town(area="""
    层级 | 名称 | 上级镇街 | 代码 | 对口小学标识码 | 期间
    镇街 | 甲镇 | - | 500153101 | - | 2025-B2
    村社 | 东村 | 甲镇 | 1 | 1000000001 | 2025-B2
    村社 | 东村 | 乙镇 | 1 | - | 2025-B2
    村社 | 东村 | 甲镇 | 9 | 1000000002 | 2025-B3
    """)
    assert town.rows("select level, township, village, primary_school_code from conformed.area order by all") == [
        ("村社", "乙镇", "东村", None),
        ("村社", "甲镇", "东村", "1000000002"),
        ("镇街", "甲镇", "", None),
    ]
