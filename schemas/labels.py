"""The Chinese word of every code that a stage table keeps in English: what views, questions and papers print for it.

A column is named as in the tables; a value not listed is already Chinese, or a number, and stays as it is.
"""

from __future__ import annotations

from schemas.assessment import ITEMS
from schemas.compared import COMPARISONS
from schemas.extracts import EXTRACTS
from schemas.indicators import INDICATORS

# The seven of the 2024 notice first, then the other groups of contract §7.
GROUPS = {
    "orphan": "孤儿",
    "unattended": "事实无人抚养儿童",
    "disabled": "残疾儿童",
    "left_behind": "留守儿童（学籍口径）",
    "left_behind_civil": "留守儿童（民政口径）",
    "in_difficulty": "困境儿童",
    "resident_migrant": "非本区户籍常住儿童（底册）",
    "migrant_worker": "随迁子女（学籍标记）",
    "monitored": "脱贫户和监测对象家庭儿童",
    "girls": "女童",
    "minority": "少数民族儿童",
    "boarding": "寄宿生",
    "key_area": "重点地区儿童",
}

STAGES = {"primary": "小学", "junior": "初中", "all": "合计"}
_FOUND = {name: comparison.label for name, comparison in COMPARISONS.items()}

LABELS: dict[str, dict[str, str]] = {
    "area_level": {"district": "区", "township": "镇街", "village": "村社", "school_zone": "学区",
                   "supervision_zone": "督导责任区", "school": "学校"},
    "stage": STAGES,
    "stage_by_age": STAGES,
    "grade": {"all": "合计"},
    "population_group": {**GROUPS, "all": "全体", "local_hukou": "本区户籍", "boys": "男童"},
    "comparison": _FOUND,
    "opened_by": {**_FOUND, "feedback": "反馈", "leave_ended": "休学期满未复学"},
    "indicator": {name: indicator.title for name, indicator in INDICATORS.items()},
    "matched_by": {"id": "证件号", "registry_number": "学籍号", "name_birth": "姓名性别生日", "close_id": "相近证件号",
                   "linked": "概率连接", "none": "未对上"},
    "ledger": {"school_age": "适龄", "suspected": "疑似", "dropout": "辍学", "tracked": "在册跟踪"},
    "owner_level": {"school": "学校", "village": "村社", "township": "镇街", "district": "教委"},
    "base": {"population": "底册", "roll": "学籍", "school": "学校", "case": "案件", "both": "底册与学籍"},
    "better": {"high": "宜高", "low": "宜低"},
    "strength": {"quarantine": "隔离该行", "report": "报告", "stop": "停止出报"},
    "extract": {name: extract.title for name, extract in EXTRACTS.items()},
    "assessment_item": {name: item.title for name, item in ITEMS.items()},
    "finding": {"elsewhere": "学籍已在他区县", "both": "两区县均有学籍", "unsure": "证件号相同而姓名不同"},
    "direction": {"at_most": "不超过", "at_least": "不少于"},
    "item": {"study_hours": "在校学习时间", "homework_minutes": "书面作业", "exams": "考试（本学期累计）",
             "aids_per_subject": "每科教辅", "sport_hours": "体育活动"},
}  # fmt: skip
