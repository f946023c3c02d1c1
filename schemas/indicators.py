"""Tables of the indicators stage, and the indicators themselves: one shape, numerator and denominator kept."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.table import declare

UNIT = (
    "indicator township village school_zone supervision_zone school_code stage grade population_groups in_numerator "
    "in_denominator in_low in_high"
)


@dataclass(frozen=True)
class Indicator:
    """One rate: Chinese title, what it counts, its base (population 底册, roll 学籍, school 学校), its bounds."""

    id: str
    title: str
    base: str
    numerator: str
    denominator: str
    bounded: bool
    authority: str


INDICATORS = {
    i.id: i
    for i in (
        Indicator("enrolment_rate", "适龄儿童少年入学率", "population",
                  "应入学人数中在本区有学籍、已核实在外地就读或初中已毕业的人数",
                  "底册适龄儿童少年减死亡、出国(境)、户籍迁出、户籍或证件错误、重复信息后的应入学人数", True,
                  "实施方案三；教育统计口径（小学净入学率推广至义务教育），休学计入"),
        Indicator("retention_rate_year", "学年巩固率", "roll", "应巩固人数减流失人数",
                  "学年初在籍人数加转入减转出减死亡减出国(境)", True, "实施方案三；本区口径（按人追踪）"),
        Indicator("dropout_rate", "辍学率", "roll", "本学年确认辍学且期末在劝返中或失联的人数",
                  "学年初在籍人数加本学年转入人数", True, "本区口径（只计核实确认者）"),
        Indicator("in_school_rate", "在籍学生在校率", "roll", "最近应报月份在校或请假的在读学生",
                  "同月已报送学校、人数闭合班级的在读学生（送教上门另计）", False, "本区口径"),
        Indicator("submission_rate", "报送率", "school", "有可用报表的校月数（零报告计入）", "应报送校月数", False, "本区口径"),
    )
}  # fmt: skip

TABLES = (
    declare("indicators", "ladder", "应入学人数算式", "一行是算式的一步", "period version step",
            "period version step label children", published=True),
    declare("indicators", "membership", "学年成员", "一行是本学年一名在籍成员", "person_id",
            "person_id school_code grade stage start_period moved_in left_as is_lost unresolved"),
    *(declare("indicators", i.id, i.title, "一行是一个计数单位", "", UNIT) for i in INDICATORS.values()),
    declare("indicators", "value", "指标值", "一行是一个指标在一个区域、学校、学段、年级、群体的值",
            "period version area_level area_name school_code stage grade population_group indicator",
            "period version area_level area_name school_code stage grade population_group indicator numerator "
            "denominator rate rate_low rate_high suppressed", published=True),
)  # fmt: skip
