from tests.towns.town import build_town

HEAD = "姓名 | 性别 | 出生日期 | 镇街 | 村社 | 底册状态 | 状态日期 | 来源 | 期间 | 数据时点\n"


def test_school_age_at_its_edges():
    """School age in 2024—2025: six by 31 August 2024, not yet fifteen; junior from twelve on (contract §1)."""
    town = build_town(child=HEAD + """
    刚满六岁 | 男 | 2018-08-31 | 甲镇 | 东村 | - | - | - | - | -
    差一天 | 男 | 2018-09-01 | 甲镇 | 东村 | - | - | - | - | -
    刚满十二 | 男 | 2012-08-31 | 甲镇 | 东村 | - | - | - | - | -
    差一天十二 | 男 | 2012-09-01 | 甲镇 | 东村 | - | - | - | - | -
    差一天十五 | 男 | 2009-09-01 | 甲镇 | 东村 | - | - | - | - | -
    刚满十五 | 男 | 2009-08-31 | 甲镇 | 东村 | - | - | - | - | -
    """)  # fmt: skip
    assert town.by_name("person_id, stage_by_age, is_school_age from conformed.child") == {
        "刚满六岁": ("primary", True), "差一天": (None, False), "刚满十二": ("junior", True),
        "差一天十二": ("primary", True), "差一天十五": ("junior", True), "刚满十五": (None, False),
    }  # fmt: skip


def test_a_roster_status_counts_only_with_its_date_and_not_before_it():
    """底册状态 leaves the denominator only with 状态日期; one dated after as_of waits (contract §1, §8)."""
    town = build_town(child=HEAD + """
    有日期 | 男 | 2016-03-01 | 甲镇 | 东村 | 死亡 | 2025-06-30 | - | - | -
    无日期 | 男 | 2016-03-01 | 甲镇 | 东村 | 死亡 | - | - | - | -
    次日 | 男 | 2016-03-01 | 甲镇 | 东村 | 迁出 | 2025-07-01 | - | - | -
    正常 | 男 | 2016-03-01 | 甲镇 | 东村 | 正常 | 2025-05-01 | - | - | -
    """)  # fmt: skip
    assert town.by_name("person_id, left_roster_as from conformed.child") == {
        "有日期": "死亡", "无日期": None, "次日": None, "正常": None,
    }  # fmt: skip


def test_the_police_register_rules_and_the_others_add():
    """One row per person; 公安户籍 rules where several sources name the child, all sources are kept (contract §3)."""
    town = build_town(child=HEAD + """
    王一 | 男 | 2016-03-01 | 乙镇 | 西村 | - | - | 镇街摸排 | - | -
    王一 | 男 | 2016-03-01 | 甲镇 | 东村 | - | - | 公安户籍 | - | -
    王一 | 男 | 2016-03-01 | 乙镇 | 西村 | - | - | 流动人口 | - | -
    李二 | 男 | 2016-03-01 | 乙镇 | 西村 | - | - | 镇街摸排 | - | -
    """)  # fmt: skip
    assert town.by_name("person_id, township, roster_sources from conformed.child") == {
        "王一": ("甲镇", "公安户籍、流动人口、镇街摸排"), "李二": ("乙镇", "镇街摸排"),
    }  # fmt: skip


def test_a_later_delivery_replaces_its_township_and_source_but_a_survey_only_adds():
    """A later 底册 replaces 镇街 × 来源; 镇街摸排 and 学校 only add (contract §3: kinds)."""
    town = build_town(child=HEAD + """
    旧一 | 男 | 2016-03-01 | 甲镇 | 东村 | - | - | 公安户籍 | 2025-B2 | -
    旧二 | 男 | 2016-03-01 | 乙镇 | 西村 | - | - | 公安户籍 | 2025-B2 | -
    旧三 | 男 | 2016-03-01 | 甲镇 | 东村 | - | - | 流动人口 | 2025-B2 | -
    旧四 | 男 | 2016-03-01 | 甲镇 | 东村 | - | - | 镇街摸排 | 2025-B2 | -
    新一 | 男 | 2016-03-01 | 甲镇 | 东村 | - | - | 公安户籍 | 2025-B3 | 2025-06-01
    新二 | 男 | 2016-03-01 | 甲镇 | 东村 | - | - | 公安户籍 | 2025-B3 | 2025-06-20
    新四 | 男 | 2016-03-01 | 甲镇 | 东村 | - | - | 镇街摸排 | 2025-B3 | -
    """)  # fmt: skip
    assert sorted(town.by_name("person_id, township from conformed.child")) == sorted(
        ["旧二", "旧三", "旧四", "新一", "新二", "新四"]
    )


def test_of_two_files_of_one_delivery_the_later_date_rules():
    """Between files of one delivery the later 数据时点 wins for a child that both name (contract §3)."""
    town = build_town(child=HEAD + """
    王一 | 男 | 2016-03-01 | 甲镇 | 东村 | 死亡 | 2025-06-10 | 公安户籍 | - | 2025-06-20
    王一 | 男 | 2016-03-01 | 甲镇 | 东村 | 正常 | - | 公安户籍 | - | 2025-06-01
    """)  # fmt: skip
    assert town.by_name("person_id, left_roster_as from conformed.child") == {"王一": "死亡"}
