from tests.towns.town import Town, build_town, in_school, join_tables


def groups(town: Town) -> dict[str, list[str]]:
    return town.by_name("person_id, population_groups from conformed.groups")


def test_two_definitions_of_left_behind_are_never_added():
    """留守: the registry's mark and the civil list are two groups (contract §7, domain.md §2)."""
    world = join_tables(in_school("王一", 是否留守儿童="单亲留守儿童"), in_school("李二", 是否留守儿童="非留守儿童"))
    town = build_town(**world, care="姓名 | 类别 | 镇街\n李二 | 留守儿童 | 甲镇")
    assert groups(town) == {
        "王一": ["boys", "left_behind", "local_hukou"], "李二": ["boys", "left_behind_civil", "local_hukou"],
    }  # fmt: skip


def test_a_later_list_replaces_its_township_and_household_type():
    """`monitored` is a register: the last delivery of 镇街 × 户类型 holds, others stay (contract §3)."""
    town = build_town(**in_school("王一 李二 赵三"), monitored="""
    姓名 | 户类型 | 镇街 | 期间
    王一 | 脱贫户 | 甲镇 | 2025-B1
    李二 | 低保 | 甲镇 | 2025-B1
    赵三 | 脱贫户 | 甲镇 | 2025-B3
    """)  # fmt: skip
    assert sorted(name for name, of in groups(town).items() if "monitored" in of) == ["李二", "赵三"]


def test_key_area_by_village_or_by_school():
    """key_area: the child's village or the pupil's school is declared a 重点地区 (contract §3, §7)."""
    town = build_town(
        **in_school("王一"),
        area="层级 | 名称 | 上级镇街 | 重点地区类型\n镇街 | 甲镇 | - | -\n村社 | 东村 | 甲镇 | 农村、边远",
    )
    assert groups(town)["王一"] == ["boys", "key_area", "local_hukou"]
