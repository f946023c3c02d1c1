"""The comparisons between registers (四查三比对), the causes they propose, and the tables of the compared stage."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.table import declare


@dataclass(frozen=True)
class Comparison:
    """One comparison: id and Chinese title (contract §5), and who is found.

    `opens_case`: a child it finds gets a case. `has_cause`: its rows carry a likely cause. `per_child`: it finds
    children; `silent_school` finds schools. `authority`: where the comparison or its threshold comes from.
    `short`: what lists print where the title is long. `proved_by`: the verification results that prove the finding right;
    empty: verification does not decide it.
    """

    id: str
    title: str
    finds: str
    opens_case: bool
    has_cause: bool
    authority: str
    per_child: bool = True
    short: str = ""
    proved_by: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The short name that lists, changes and views use."""
        return self.short or self.title


_OUT = ("失学", "确认辍学", "失联")

COMPARISONS = {
    c.id: c
    for c in (
        Comparison("unenrolled", "户籍—学籍 适龄未入学", "底册中应入学而无学籍、无去向的适龄儿童", True, True, "实施方案四（四）",
                   short="适龄未入学", proved_by=_OUT),
        Comparison("absent", "学籍—在校 籍在人不在",
                   "在读而不在任何班级名单、离校未归或连续无故缺勤达到天数的学生", True, True, "实施方案四（四）；缺勤天数为本区口径",
                   short="籍在人不在", proved_by=_OUT),
        Comparison("monitored_out", "辍学—脱贫户", "脱贫户和监测对象家庭中适龄未入学或籍在人不在的儿童", False, False, "实施方案四（四）",
                   short="脱贫户监测户辍学", proved_by=_OUT),
        Comparison("no_registry", "在校无学籍", "在班级名单上而无学籍的儿童", False, False, "本区口径"),
        Comparison("duplicate_registry", "一人多籍", "一人有多条在籍学籍，或一个学籍号有多人", False, False, "教基一厅〔2015〕2号"),
        Comparison("no_household", "有学籍无户籍（底册外）", "在籍而不在底册的适龄学生", False, False, "本区口径"),
        Comparison("name_mismatch", "身份信息不一致", "同一证件号在不同名册中姓名、性别或出生日期不同的人", False, False, "教基一厅〔2015〕2号"),
        Comparison("to_vocational", "提前转入中职学籍（待核）", "未完成九年级而在中职名册或已转入中职的学生", False, False,
                   "教育部办公厅、人社部办公厅2016年文", proved_by=("中职就读",)),
        Comparison("elsewhere", "外地就读未转学（人籍分离）", "已核实在外地就读而学籍仍在本区的学生", False, False, "本区口径"),
        Comparison("disabled_out", "残疾儿童未安置", "未安置，或在家接受教育而无学籍的适龄残疾儿童", False, False, "残疾人教育条例第十七条",
                   proved_by=("失学", "确认辍学", "失联", "送教上门")),
        Comparison("unaided", "应助未助", "应受资助而本学期到期仍无资助的在校学生", False, False, "实施方案；发放时限为本区口径"),
        Comparison("boarding_unmet", "寄宿需求未满足", "脱贫户和监测对象家庭中需要寄宿而未住校的学生", False, False, "实施方案"),
        Comparison("migrant_out", "随迁子女未入学", "适龄未入学中的非本区户籍常住儿童", False, False, "实施方案",
                   proved_by=_OUT),
        Comparison("unguarded", "监护和户籍问题", "无人监护、监护能力弱而无受委托照护人的关爱儿童，和无户籍儿童", False, False, "未成年人保护法"),
        Comparison("silent_school", "未报送或报送不全", "没有可用报表，或在籍学生有着落不足规定比例的学校和月份", False, False, "本区口径", False),
        Comparison("unaccounted", "离校去向不明", "近十二个月内曾在籍、现无学籍且无去向的适龄儿童", True, True, "本区口径",
                   proved_by=_OUT),
        Comparison("transition_gap", "小学毕业未升入初中", "上学年小学毕业、现无学籍且无去向的儿童", True, True, "本区口径",
                   proved_by=_OUT),
        Comparison("listed", "名单所列", "疑似辍学名单所列、案件未销号的儿童", True, True, "国家平台下发等", proved_by=_OUT),
        Comparison("long_leave", "长期请假未办休学", "连续请假达到天数，或连续两个月请假的学生", False, False, "本区口径"),
    )
}  # fmt: skip


# Likely causes (contract §5) and the evidence that would settle each (domain: verification results).
CAUSES = {
    "证件错误": "派出所或社区证明、两份名册原件核对",
    "重复": "另一条学籍或底册记录",
    "空挂户": "派出所回函或村（社区）证明",
    "死亡": "死亡证明，或派出所、镇街、村社证明",
    "迁出": "派出所回函或新址",
    "出国(境)": "出入境证件或签证材料",
    "已毕业": "毕业证书或学籍记录",
    "超龄": "出生日期",
    "休学": "学校和教委的休学批准",
    "延缓入学": "镇人民政府或区教委的延缓入学批准",
    "送教上门": "评估意见和学籍",
    "中职就读": "就读学校名称和入学证明",
    "外地就读有学籍": "就读学校名称和就读学籍号或佐证",
    "外地就读未转学": "就读学校名称，转学手续",
    "数据未报送": "学校补报或更正数据",
    "疑似辍学": "入户走访，核实结论",
}

# The verification results that agree with a likely cause. A wrong id or a doubled row of a child who sits in class is one.
CAUSE_PROVED_BY: dict[str, tuple[str, ...]] = {
    "证件错误": ("户籍或证件错误", "在校就读"),
    "重复": ("重复信息", "在校就读"),
    "空挂户": ("户籍或证件错误",),
    "死亡": ("死亡",),
    "迁出": ("户籍迁出",),
    "出国(境)": ("出国(境)",),
    "已毕业": ("已毕业",),
    "超龄": ("超龄",),
    "休学": ("休学",),
    "延缓入学": ("延缓入学",),
    "送教上门": ("送教上门",),
    "中职就读": ("中职就读",),
    "外地就读有学籍": ("外地就读有学籍",),
    "外地就读未转学": ("外地就读有学籍", "外地就读无学籍"),
    "数据未报送": ("在校就读",),
    "疑似辍学": _OUT,
}

_FINDING = "person_id school_code grade stage matched_by"
_FOUND = (
    ("unenrolled", "一行是一名适龄未入学儿童"), ("absent", "一行是一名籍在人不在的学生"), ("monitored_out", "一行是一名儿童"),
    ("no_registry", "一行是一名在校而无学籍的儿童"), ("duplicate_registry", "一行是一个人"), ("no_household", "一行是一名学生"),
    ("name_mismatch", "一行是一个人"), ("to_vocational", "一行是一名学生"), ("elsewhere", "一行是一名学生"),
    ("disabled_out", "一行是一名残疾儿童"), ("unaided", "一行是一名学生"), ("boarding_unmet", "一行是一名学生"),
    ("migrant_out", "一行是一名儿童"), ("unguarded", "一行是一名儿童"), ("unaccounted", "一行是一名儿童"),
    ("transition_gap", "一行是一名儿童"), ("listed", "一行是一名儿童"), ("long_leave", "一行是一名学生"),
)  # fmt: skip

TABLES = (
    declare("compared", "school_month", "学校月报送", "一行是一所应报送学校一个月", "school_code month",
            "period version school_code month expected accounted usable zero_report silent", published=True),
    declare("compared", "standing", "底册儿童去向", "一行是底册中一名适龄儿童", "person_id",
            "person_id why is_quarantined on_review_list"),
    declare("compared", "set_aside", "学籍行被隔离的人", "一行是一个人", "person_id", "person_id"),
    declare("compared", "coverage", "比对所需名册", "一行是一个比对项", "comparison", "comparison reported", published=True),
    *(declare("compared", name, COMPARISONS[name].label, grain, "person_id", _FINDING) for name, grain in _FOUND),
    declare("compared", "suspicion", "疑似对象", "一行是一名疑似儿童", "person_id", "person_id is_absent is_listed matched_by"),
    declare("compared", "home", "监护人和住址", "一行是底册或学籍中的一个人", "person_id", "person_id guardian_name guardian_phone address"),
    declare("compared", "comparable", "可比对的人", "一行是一名疑似儿童或另一份名册中的一个人", "person_id side",
            "person_id side is_absent is_enrolled name sex birth_date has_id numbers guardian_name guardian_phone address "
            "township village school_name in_roster live_in"),
    declare("compared", "linked", "概率连接", "一行是一名疑似儿童和概率连接找到的最近记录", "person_id",
            "person_id nearest_person_id is_proposed confidence nearest_how side_by_side"),
    declare("compared", "pair", "可能同为一人的两条记录", "一行是一名疑似儿童和另一份名册中可能是本人的一条记录", "person_id nearest_person_id",
            "person_id nearest_person_id same_name near_name same_sex same_birth near_birth same_township near_number"),
    declare("compared", "nearest", "最接近记录", "一行是一名有相近记录的疑似儿童", "person_id",
            "person_id nearest_person_id likeness is_proposed is_linked confidence nearest_how side_by_side"),
    declare("compared", "sign", "去向线索", "一行是一名有线索的疑似儿童", "person_id", "person_id rank sign nearest_how confidence"),
    declare("compared", "explained", "可能原因", "一行是一名疑似儿童", "person_id",
            "person_id likely_cause nearest_person_id is_linked nearest_how side_by_side confidence"),
    declare("compared", "finding", "比对结果", "一行是一个比对项下的一名儿童", "period version comparison child_key",
            "period version comparison child_key township village school_code stage grade likely_cause matched_by "
            "first_seen_period", published=True),
    declare("compared", "silent_school", "未报送或报送不全", "一行是一所学校一个月", "period version school_code month",
            "period version school_code month expected accounted", published=True),
    declare("compared", "bridge_child", "名册差异名单", "一行是两个名册之间前一名册中的一名儿童", "from_register to_register person_id",
            "person_id from_register to_register reason"),
    declare("compared", "bridge", "名册差异桥", "一行是两个名册之间的一种差异", "period version from_register to_register reason",
            "period version from_register to_register reason children", published=True),
    declare("compared", "work_report", "学校工作自报", "一行是一处填报、一个月、一个年级段", "told_by month grade_band",
            "school_code told_by month grade_band grade_bands study_hours homework_minutes exams aids_per_subject sport_hours "
            "struggling_pupils help_plans law_sessions law_reached home_visits has_plan study_meetings funds "
            "has_responsible"),
    declare("compared", "work_check", "学校工作对照限值", "一行是一所学校一个月一个年级段的一个项目",
            "period version school_code month grade_band item",
            "period version school_code month grade_band item limit_title measured direction limit_value unit authority "
            "is_breach", published=True),
    declare("compared", "school_plan", "学校方案和帮扶", "一行是一所应报送学校", "period version school_code",
            "period version school_code supervision_zone months_owed months_told has_plan study_meetings funds "
            "has_responsible plan_parts struggling_pupils help_plans law_sessions law_reached pupils home_visits",
            published=True),
)  # fmt: skip
