from tests.towns.town import build_town, in_school, join_tables

TEN = join_tables(
    in_school("甲 乙 丙 丁 名单"),
    in_school("休学生", status="休学"),
    {
        "child": """姓名 | 性别 | 出生日期 | 镇街 | 村社
        外地生 | 男 | 2016-03-01 | 甲镇 | 东村
        亡故 | 男 | 2016-03-01 | 甲镇 | 东村
        延缓生 | 男 | 2016-03-01 | 甲镇 | 东村
        未入学 | 男 | 2016-03-01 | 甲镇 | 东村"""
    },
)
SAID = """姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料
外地生 | 2025-03-10 | 镇街 | 外地就读有学籍 | 外地小学 | 学籍卡
亡故 | 2025-03-10 | 公安 | 死亡 | - | 死亡证明
延缓生 | 2025-03-10 | 教委 | 延缓入学 | - | 批复"""
LISTED = "批次 | 下发日期 | 姓名\n第一批 | 2025-06-20 | 名单"


def test_worked_example():
    """Ten in the 底册, one died: nine due; six with a record (休学 in) and one elsewhere: 7/9. 延缓入学 stays in the
    denominator (contract §8). The figures of the rules page."""
    town = build_town(**TEN, verification=SAID, suspect=LISTED)
    assert town.rate("enrolment_rate") == (7, 9)
    # the listed pupil is 待核实: out in the lower bound; the unenrolled child is 待核实: in, in the upper
    assert town.bounds("enrolment_rate") == (6 / 9, 7 / 9, 8 / 9)


def test_what_leaves_the_denominator():
    """底册状态 with 状态日期, and verified 死亡, 出国(境), 户籍迁出, 户籍或证件错误, 重复信息; nothing else (§8)."""
    gone = "死亡 出国(境) 户籍迁出 户籍或证件错误 重复信息"
    stay = "失学 失联 确认辍学 超龄 休学 送教上门 中职就读 其他"
    world = in_school("在读一")
    said = "姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料\n"
    for result in (gone + " " + stay).split():
        world["child"] += f"\n{result}者 | 男 | 2016-03-01 | 甲镇 | 东村"
        said += f"{result}者 | 2025-06-01 | 镇街 | {result} | 职中 | 材料\n"
    assert build_town(**world, verification=said).rate("enrolment_rate") == (1, 1 + len(stay.split()))


def test_the_roster_not_the_registry_is_the_base():
    """Population base: a pupil outside the 底册 counts in neither part (contract §8: two bases)."""
    world = in_school("甲")
    world["registry"] += "\n1000000001 | 3 | 1班 | 册外生 | 男 | 2016-03-01 | 在读"
    assert build_town(**world).rate("enrolment_rate") == (1, 1)


def test_the_review_list_is_counted_but_out_in_the_lower_bound():
    """In B5 and B6 the children elsewhere on the 年度复核清单 count, but not in rate_low (contract §5, §8)."""
    world = in_school("甲", "2")
    world["child"] += "\n外地生 | 男 | 2017-03-01 | 甲镇 | 东村"
    said = "姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料 | 期间\n"
    said += "外地生 | 2025-03-10 | 镇街 | 外地就读有学籍 | 外地小学 | 卡 | 2025-B2"
    assert build_town("2025-B4", **world, verification=said).bounds("enrolment_rate") == (1.0, 1.0, 1.0)
    assert build_town("2025-B5", **world, verification=said).bounds("enrolment_rate") == (0.5, 1.0, 1.0)


def test_areas_are_the_child_s_and_the_school_s_only_through_its_catchment():
    """District, township and village by the child; school and zone through 对口学校 or the intake, else no rows (§8)."""
    world = join_tables(in_school("甲 乙"), in_school("初中生", "7", "1000000002"))
    world["child"] += "\n丙 | 男 | 2016-03-01 | 乙镇 | 西村\n丁 | 男 | 2016-03-01 | 乙镇 | 西村"
    town = build_town(
        **world,
        area="""
        层级 | 名称 | 上级镇街 | 对口小学标识码 | 对口初中标识码
        镇街 | 甲镇 | - | - | -
        镇街 | 乙镇 | - | - | -
        村社 | 东村 | 甲镇 | 1000000001 | 1000000002
        村社 | 西村 | 乙镇 | - | -
        """,
        intake="姓名 | 录取学校标识码\n丁 | 1000000001",
    )

    def cell(level: str, name: str) -> tuple[int | None, int | None]:
        return town.rate("enrolment_rate", area_level=level, area_name=name)

    assert cell("township", "甲镇") == (3, 3)
    assert cell("village", "西村") == (0, 2)
    assert cell("school", "甲小学") == (2, 3)  # 东村's primary children, and 丁 by the intake
    assert cell("school", "乙中学") == (1, 1)
    assert cell("school_zone", "一学区") == (2, 3)
    assert cell("supervision_zone", "二责任区") == (1, 1)


def test_stage_by_age_and_no_grade():
    """Stage by the child's age, whatever grade the record says; no grade rows (contract §8)."""
    world = in_school("十一岁", "6")  # born 2013: eleven
    world["child"] += "\n十二岁 | 男 | 2012-08-31 | 甲镇 | 东村"
    world["registry"] += "\n1000000001 | 6 | 1班 | 十二岁 | 男 | 2012-08-31 | 在读"
    town = build_town(**world)
    assert town.rate("enrolment_rate", stage="primary") == (1, 1)
    assert town.rate("enrolment_rate", stage="junior") == (1, 1)
    assert town.rows("select distinct grade from indicators.value where indicator = 'enrolment_rate'") == [
        ("all",)
    ]


def test_population_groups():
    """One row a group that has children: hukou, sex, minority, monitored … (contract §7)."""
    town = build_town(
        child="""
        姓名 | 性别 | 出生日期 | 镇街 | 民族 | 户籍状态
        甲 | 男 | 2016-03-01 | 甲镇 | 汉族 | 本区户籍
        乙 | 女 | 2016-03-01 | 甲镇 | 土家族 | 非本区户籍常住
        """,
        registry="学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期\n1000000001 | 3 | 1班 | 甲 | 男 | 2016-03-01",
        monitored="姓名 | 户类型 | 镇街\n乙 | 脱贫户 | 甲镇",
    )
    groups = {
        g: town.rate("enrolment_rate", population_group=g)
        for g in ["local_hukou", "resident_migrant", "girls", "minority", "monitored"]
    }
    assert groups == {
        "local_hukou": (1, 1), "resident_migrant": (0, 1), "girls": (0, 1), "minority": (0, 1), "monitored": (0, 1),
    }  # fmt: skip
    assert town.rate("enrolment_rate", population_group="orphan") == (None, None)
