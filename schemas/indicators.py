"""Tables of the indicators stage, and the shapes their models give; the indicators themselves: schemas.rates."""

from __future__ import annotations

from schemas.rates import INDICATORS, Indicator
from schemas.table import Table, declare

__all__ = ["INDICATORS", "SHAPES", "TABLES", "Indicator"]

# What one row of an indicator's model carries. `people`: a child of the 底册 or of a case, at home; `pupils`: on the
# roll, at a school; every row stands in the denominator. `counts`: numerator and denominator already counted.
SHAPES = {
    "people": "person_id township village school_code stage in_numerator in_low in_high",
    "pupils": "person_id school_code stage grade in_numerator in_low in_high",
    "counts": "person_id township village school_code stage grade numerator denominator",
}
GRAINS = {"people": "一行是分母中的一名儿童", "pupils": "一行是分母中的一名学生（或一个校月）",
          "counts": "一行是一个已计数的单位"}  # fmt: skip
CELL = "area_level area_name school_code stage grade population_group indicator"


def _declare_models() -> tuple[Table, ...]:
    return tuple(
        declare("indicators", i.id, i.title, GRAINS[i.shape], "", SHAPES[i.shape]) for i in INDICATORS.values()
    )


TABLES = (
    declare("indicators", "ladder", "应入学人数算式", "一行是算式的一步", "period version step",
            "period version step label children", published=True),
    declare("indicators", "membership", "学年成员", "一行是本学年一名在籍成员", "person_id",
            "person_id school_code grade stage start_period moved_in left_as is_lost unresolved"),
    declare("indicators", "due_child", "应入学儿童", "一行是应入学的一名适龄儿童", "person_id",
            "person_id township village school_code stage why hukou_status roster_sources record_stage is_enrolled "
            "is_suspended unresolved"),
    declare("indicators", "case_child", "案件与儿童", "一行是一个案件", "case_no",
            "case_no person_id township village school_code stage is_active is_new was_on_ledger is_on_ledger is_closed verified_on "
            "verify_due relapsed_from is_back returned_on confirmed_on closed_on closed_as state"),
    declare("indicators", "cohort_pupil", "届别现有人数", "一行是本学年应届年级的一名学生", "person_id grade",
            "person_id school_code grade is_now at_start"),
    declare("indicators", "cohort_school", "届别入学人数", "一行是一所学校一个入学年级的一届", "school_code entry_grade entry_year",
            "school_code entry_grade entry_year entrants year_start_count moved_net"),
    *_declare_models(),
    declare("indicators", "unit", "指标计数单位", "一行是一个指标的一个计数单位", "",
            "indicator person_id township village school_code stage grade n d low high"),
    declare("indicators", "tally", "指标最细计数", "一行是一个指标在一处、一个学段、年级、群体的计数", "",
            "indicator base population_group township village school_zone supervision_zone school_code school_name "
            "stage grade n d low high"),
    declare("indicators", "cell", "指标格", "一行是一个指标在一个区域、学校、学段、年级、群体的计数", CELL,
            f"id {CELL} parent_area n d low high is_small"),
    declare("indicators", "hidden", "对外隐藏的格", "一行是对外不得显示的一格", "id", "id"),
    declare("indicators", "value", "指标值", "一行是一个指标在一个区域、学校、学段、年级、群体的值",
            f"period version {CELL}",
            f"period version {CELL} numerator denominator rate rate_low rate_high suppressed", published=True),
    declare("indicators", "assessment_fact", "考核事项", "一行是本学年一件考核所看的事", "", "school_code assessment_item holds"),
    declare("indicators", "assessment_fault", "考核差错", "一行是一所学校一个项目的差错数", "school_code assessment_item",
            "school_code assessment_item faults"),
    declare("indicators", "assessment", "学校年度考核数据", "一行是一所学校一个考核项目", "period version school_code assessment_item",
            "period version school_code assessment_item is_veto numerator denominator measured", published=True),
    declare("indicators", "counted", "指标计入的儿童", "一行是一名计入任一指标的儿童，或底册中的适龄儿童", "period version child_key",
            "period version child_key denominators numerators why", published=True),
    declare("indicators", "note", "指标口径说明", "一行是本期一个指标的一条说明", "period version indicator note",
            "period version indicator note", published=True),
)  # fmt: skip
