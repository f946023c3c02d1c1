"""The indicators (contract §8): title, base, numerator, denominator, authority. Declared once, read by all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Base = Literal["population", "roll", "school", "case", "both"]
Shape = Literal["people", "pupils", "counts"]


@dataclass(frozen=True)
class Indicator:
    """One rate: Chinese title, what it counts, its base, its bounds.

    `base`: population 底册, roll 学籍, school 学校报送, case 案件, both 底册与学籍 (the gross rate alone). `shape` names what a row
    of its model carries. `needs`: extracts without which it is missing, never 0. `empty_is_zero`: no row means that
    nobody is counted (0/0), not that it is missing. `of_children`: its small cells are hidden from other eyes. `better`: where good is.
    """

    id: str
    title: str
    base: Base
    shape: Shape
    numerator: str
    denominator: str
    bounded: bool
    authority: str
    needs: tuple[str, ...] = ()
    empty_is_zero: bool = False
    of_children: bool = True
    better: Literal["high", "low"] = "high"


_DUE = "底册适龄儿童少年减死亡、出国(境)、户籍迁出、户籍或证件错误、重复信息后的应入学人数"
_IN = "在本区有学籍、已核实在外地就读或初中已毕业"
_OWN = "本区口径"

_ENROLMENT = (
    Indicator("enrolment_rate", "适龄儿童少年入学率", "population", "people", f"应入学人数中{_IN}的人数", _DUE, True,
              "实施方案三；教育统计口径（小学净入学率推广至义务教育），休学计入"),
    Indicator("enrolment_rate_statistical", "入学率（统计口径）", "population", "people",
              f"应入学人数中{_IN}的人数减休学未复学人数", _DUE, True, "教育统计指标说明：休学在复学前不计入在校"),
    Indicator("enrolment_rate_policy", "入学率（除身体原因口径）", "population", "people",
              f"应入学人数（不含休学、延缓入学）中{_IN}的人数", "应入学人数减休学、延缓入学人数", True,
              "十部门2020年意见：除身体原因不具备学习条件外"),
    Indicator("enrolment_rate_primary", "小学学龄儿童净入学率", "population", "people",
              "小学学龄（6至11周岁）应入学儿童中已入小学及以上的人数", "小学学龄应入学人数", True,
              "教育统计：已入学学龄儿童与校内外学龄儿童总数之比"),
    Indicator("enrolment_rate_junior", "初中学龄净入学率", "population", "people",
              "初中学龄（12至14周岁）应入学少年中已入初中及以上的人数", "初中学龄应入学人数", True,
              "教育统计：净入学率推广至初中"),
    Indicator("gross_enrolment_rate_junior", "初中阶段毛入学率", "both", "counts", "初中阶段在籍学生（不论年龄）",
              "初中学龄（12至14周岁）应入学人数", False, "教育统计：毛入学率可超过100%，不设上限"),
    Indicator("enrolment_rate_disabled", "残疾儿童少年入学率", "population", "people",
              "残疾儿童少年名册中适龄且已入学的人数（送教上门须有学籍）", "残疾儿童少年名册中的适龄人数", True,
              "残疾人教育条例第十七条；教督〔2017〕6号", ("disabled",), True),
    Indicator("enrolment_rate_migrant", "随迁子女入学率", "population", "people", f"非本区户籍常住应入学儿童中{_IN}的人数",
              "非本区户籍常住应入学人数；来源全为学校者无独立底数，不计", True, _OWN, ("child",)),
    Indicator("enrolment_rate_monitored", "脱贫户（监测对象）适龄儿童入学率", "population", "people",
              f"脱贫户、监测对象家庭应入学儿童中{_IN}的人数", "脱贫户、监测对象家庭应入学人数", True, "实施方案三", ("monitored",),
              True),
    Indicator("migrant_public_place_share", "随迁子女公办就读比例", "roll", "pupils", "在公办学校就读的随迁子女", "随迁子女在籍学生",
              False, "教督〔2017〕6号：公办（含购买学位）≥85%；本表只计公办", (), True),
)  # fmt: skip

_RETENTION = (
    Indicator("retention_rate_year", "学年巩固率", "roll", "pupils", "应巩固人数减流失人数",
              "学年初在籍人数加转入减转出减死亡减出国(境)", True, "实施方案三；本区口径（按人追踪）"),
    Indicator("retention_rate_primary6", "小学六年巩固率（本地口径）", "roll", "counts", "六年级在籍或本学年毕业人数",
              "五年前一年级入学人数加转入减转出减死亡减出国", False, "各区县表式；本区口径", ("cohort",)),
    Indicator("retention_rate_junior3", "初中三年巩固率（本地口径）", "roll", "counts", "九年级在籍或本学年毕业人数",
              "两年前七年级入学人数加转入减转出减死亡减出国", False, "教督〔2017〕6号（≥95%）；各区县表式", ("cohort",)),
    Indicator("retention_rate_nine", "九年巩固率（本地口径）", "roll", "counts", "九年级在籍或本学年毕业人数",
              "八年前一年级入学人数加转入减转出减死亡减出国", False, "各区县表式；本区口径", ("cohort",)),
    Indicator("retention_rate_primary6_simple", "小学六年巩固率（不计流动口径）", "roll", "counts", "六年级在籍或本学年毕业人数",
              "五年前一年级入学人数", False, "部分区县表式（不计流动）", ("cohort",)),
    Indicator("retention_rate_junior3_simple", "初中三年巩固率（不计流动口径）", "roll", "counts", "九年级在籍或本学年毕业人数",
              "两年前七年级入学人数", False, "部分区县表式（不计流动）", ("cohort",)),
    Indicator("retention_rate_nine_simple", "九年巩固率（不计流动口径）", "roll", "counts", "九年级在籍或本学年毕业人数",
              "八年前一年级入学人数", False, "部分区县表式（不计流动）", ("cohort",)),
    Indicator("retention_rate_nine_national", "九年巩固率（国家公报口径）", "roll", "counts", "学年初九年级学生数",
              "八年前一年级学生数（学年初在校人数，没有时用入学人数）", False,
              "全国教育事业发展统计公报：毕业班学生数与入小学一年级时学生数之比", ("cohort",)),
    Indicator("retention_rate_tracked", "巩固率（追踪口径）", "roll", "pupils", "其中已毕业或仍在我们所知的任何学校就读的人数",
              "库中最早一届一年级（七年级）学生减死亡减出国(境)", True, _OWN),
)  # fmt: skip

_LEAVING = (
    Indicator("dropout_rate", "辍学率", "roll", "pupils", "本学年确认辍学且期末在劝返中或失联的人数",
              "学年初在籍人数加本学年转入人数", True, "本区口径（只计核实确认者）", better="low"),
    Indicator("dropout_rate_net", "辍学率（净流失口径）", "roll", "counts",
              "本学年休学、退学、失踪、死亡、转出、出国、转入中职及其他转出减转入、复学及其他转入", "学年初在籍人数", False,
              "“两基”表式（净流失，可为负）", better="low"),
    Indicator("transition_rate", "小学毕业生升学率", "roll", "pupils", "其中已有初中学籍或已核实在外地就读的人数",
              "上学年完成六年级的学生", True, "教育统计：升学率"),
    Indicator("unconfirmed_leaver_share", "离校学生去向未核实比例", "roll", "pupils", "其中既未办结异动又未核实的人数",
              "本学年离校学生（不含毕业、死亡）", False, _OWN, (), True, better="low"),
    Indicator("in_school_rate", "在籍学生在校率", "roll", "pupils", "最近应报月份在校或请假的在读学生",
              "同月已报送学校、人数闭合班级的在读学生（送教上门另计）", False, _OWN),
    Indicator("absence_rate", "缺勤率", "roll", "counts", "缺勤天数", "应到天数", False, _OWN, ("attendance",), better="low"),
)  # fmt: skip

_CASES = (
    Indicator("verification_rate", "核实率", "case", "people", "其中已核实的案件", "本期结转和新立、核实期限不晚于签发日的案件", False,
              "2024年通知（及时核实）；本区口径", (), True),
    Indicator("verification_on_time_rate", "按时核实率", "case", "people", "其中在期限内核实的案件",
              "本期结转和新立、核实期限不晚于签发日的案件", False, "2024年通知（及时核实）；本区口径", (), True),
    Indicator("return_rate", "劝返复学率", "case", "people", "其中已复学的人数（含复学跟踪）", "本学年确认辍学和上学年结转的辍学人数", False,
              _OWN, (), True),
    Indicator("closing_rate", "销号率", "case", "people", "其中本期销号的人数",
              "疑似、辍学台账上期结转和本期新增人数（两本合并，本期换台账的只计一次）", False,
              "2024年通知（动态销号）；本区口径", (), True),
    Indicator("relapse_rate", "劝返后再次辍学率", "case", "people", "其中观察期内再次离校的人数", "本学年复学的人数", False,
              _OWN, (), True, better="low"),
)  # fmt: skip

_CARE = (
    Indicator("aid_coverage_rate", "资助覆盖率", "roll", "pupils", "其中本学期已获资助的人数",
              "脱贫户监测户、孤儿、残疾、困境的在读学生", False, "家庭经济困难学生资助政策；永川2025秋", ("aid",), True),
    Indicator("boarding_met_rate", "寄宿需求满足率", "roll", "pupils", "其中已住校的人数", "脱贫户监测户家庭中需要寄宿的在读学生", False, _OWN,
              ("monitored",), True),
    Indicator("guardian_ok_rate", "监护落实率", "population", "people", "其中监护正常或有受委托照护人的人数", "监护情况已知的关爱儿童",
              False, "国发〔2016〕13号、36号", ("care",), True),
    Indicator("help_plan_rate", "学困帮扶覆盖率", "school", "counts", "已建帮扶方案人数", "学困生人数（各校最近报告月份）", False, _OWN,
              ("school_work",)),
    Indicator("publicity_coverage", "法治宣传覆盖率", "school", "counts", "宣传覆盖学生人数（各校最近报告月份）", "已报送学校的在籍学生",
              False, _OWN, ("school_work",)),
    Indicator("submission_rate", "报送率", "school", "pupils", "有可用报表的校月数（零报告计入）", "应报送校月数", False, _OWN,
              of_children=False),
    Indicator("match_quality", "信息完整率", "roll", "pupils", "其中以有效证件号对上的人数", "在籍学生", False, _OWN),
)  # fmt: skip

INDICATORS: dict[str, Indicator] = {
    i.id: i for i in (*_ENROLMENT, *_RETENTION, *_LEAVING, *_CASES, *_CARE)
}
