"""Every column that an extract can carry, declared once: type, Chinese heading, aliases, code list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "text", "name", "id_number", "registry_number", "disability_number", "date", "month", "year",
    "integer", "number", "boolean", "code", "school_code", "school_name", "township", "village", "grade",
]  # fmt: skip

SQL_TYPES: dict[str, str] = {
    "date": "DATE", "year": "INTEGER", "integer": "INTEGER", "number": "DOUBLE", "boolean": "BOOLEAN",
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One column: English name, Chinese title (the canonical heading), kind, and what it means.

    `codes` names a list in `schemas/codes/`; `several` says that one cell may hold several codes with 、.
    """

    name: str
    title: str
    kind: Kind
    description: str
    aliases: tuple[str, ...] = ()
    codes: str | None = None
    personal: bool = False
    several: bool = False

    @property
    def sql_type(self) -> str:
        """DuckDB type of the typed column."""
        return SQL_TYPES.get(self.kind, "VARCHAR")


def _text(name: str, title: str, description: str = "", *aliases: str, personal: bool = False) -> Field:
    return Field(name, title, "text", description or title, aliases, personal=personal)


def _code(name: str, title: str, codes: str, *aliases: str, several: bool = False, description: str = "") -> Field:
    return Field(name, title, "code", description or title, aliases, codes=codes, several=several)


def _of(kind: Kind, name: str, title: str, *aliases: str, description: str = "", personal: bool = False) -> Field:
    return Field(name, title, kind, description or title, aliases, personal=personal)


_ALL = (
    # the child
    _of("name", "name", "姓名", "学生姓名", "儿童姓名", "姓 名", "学生名字", personal=True,
        description="姓名；去空格，少数民族姓名间隔号统一为·"),
    _code("sex", "性别", "sex", "性 别"),
    _of("date", "birth_date", "出生日期", "出生年月日", "出生年月", "生日", personal=True),
    _code("id_type", "身份证件类型", "id_type", "证件类型", "身份证类型"),
    _of("id_number", "id_number", "身份证件号", "身份证号", "身份证号码", "身份证件号码", "公民身份号码", "公民身份证号",
        "证件号码", "证件号", "学生身份证号", personal=True, description="有效的18位居民身份证号；无效的另存"),
    _of("registry_number", "registry_number", "全国学籍号", "学籍号", "学籍号码", "全国学籍号码", personal=True,
        description="全国学籍号，G、L或J加18位"),
    _code("ethnicity", "民族", "ethnicity"),
    _code("hukou_status", "户籍状态", "hukou_status"),
    _code("hukou_type", "户口性质", "hukou_type", "户籍性质"),
    _text("hukou_place", "户口所在地", "户口所在地行政区划", "户籍地址", "户籍所在地", personal=True),
    _text("address", "住址", "家庭住址或户籍住址", "家庭住址", "家庭地址", "户籍住址", "详细住址", personal=True),
    _text("current_address", "现住址", "现在居住的地址", "现居住地", personal=True),
    _text("guardian_name", "监护人姓名", "第一监护人姓名", "监护人", "成员1姓名", "家长姓名", personal=True),
    _text("guardian_relation", "监护人关系", "监护人与儿童的关系", "与监护人关系", "成员1关系", "关系"),
    _text("guardian_phone", "监护人电话", "监护人联系电话", "监护人联系电话", "成员1联系电话", "家长电话", personal=True),
    _code("roster_status", "底册状态", "roster_status", "人员状态"),
    _of("date", "status_date", "状态日期", "变更日期"),
    _code("roster_source", "来源", "roster_source", "数据来源"),
    # areas
    _code("level", "层级", "area_level", "级别"),
    _text("area_name", "名称", "镇街或村社的名称", "村社名称", "地名"),
    _of("township", "township", "镇街", "所在镇街", "乡镇", "乡镇街道", "镇（街道）", "镇街名称", "街镇", "所属镇街"),
    _of("township", "parent_township", "上级镇街"),
    _of("village", "village", "村社", "村（社区）", "村居", "村社区", "所在村社", "村（居）"),
    _text("area_code", "代码", "镇街或村社代码，随其代码本保存，不单独用于匹配", "区划代码"),
    _code("key_area_types", "重点地区类型", "key_area_type", several=True),
    _of("school_code", "primary_school_code", "对口小学标识码"),
    _of("school_code", "junior_school_code", "对口初中标识码"),
    _text("responsible_person", "责任人", "责任人姓名", personal=True),
    _text("phone", "联系电话", "联系电话", "电话", "手机号", personal=True),
    # schools
    _of("school_code", "school_code", "学校标识码", "标识码", "学校代码", "学校（机构）标识码", "学校标识代码"),
    _of("school_name", "school_name", "学校名称", "学校", "校名", "就读学校", "学校全称"),
    _code("school_type", "办学类型", "school_type", "学校类型", "学校办学类型"),
    _code("founder_type", "举办者类型", "founder_type", "办学性质", "举办者"),
    _text("school_zone", "学区", "学区"),
    _text("supervision_zone", "督导责任区", "督导责任区", "责任区"),
    _text("supervisor", "责任督学", "责任督学姓名", "督学", personal=True),
    _code("urban_rural", "城乡类型", "urban_rural", "城乡分类"),
    _of("boolean", "is_key_area", "是否重点地区"),
    _of("school_code", "central_school_code", "所属中心校", "中心校标识码", description="教学点所属中心校"),
    _code("school_status", "状态", "school_status", "学校状态"),
    _of("school_code", "successor_code", "并入学校标识码"),
    _of("date", "effective_date", "生效日期"),
    _text("principal", "校长", "校长姓名", personal=True),
    _text("contact", "联系人", "联系人姓名", personal=True),
    # registry
    _of("grade", "grade", "年级", "年级名称", "所在年级", "就读年级", description="年级，1至9（文字），合计为all"),
    _text("class_name", "班级", "班级名称", "班级名称", "班", "所在班级", "班号"),
    _of("month", "entry_month", "入学年月", "入学时间"),
    _code("boarding", "就读方式", "boarding", "是否住校"),
    _code("left_behind", "是否留守儿童", "left_behind", "留守儿童", "留守情况"),
    _of("boolean", "is_migrant_worker_child", "是否进城务工人员随迁子女", "随迁子女", "是否随迁子女"),
    _of("boolean", "is_orphan", "是否孤儿", "孤儿"),
    _code("disability_type", "残疾类型", "disability_type", "残疾情况"),
    _code("inclusive_class", "随班就读", "inclusive_class"),
    _of("boolean", "is_home_taught", "是否送教上门", "送教上门"),
    _of("boolean", "is_aided", "是否享受资助", "是否受资助"),
    _of("boolean", "needs_boarding", "是否需要寄宿"),
    _code("registry_status", "学籍状态", "registry_status", "学生状态", "学籍状况"),
    # attendance
    _of("month", "month", "月份", "报告月份", "填报月份", "统计月份"),
    _of("number", "days_due", "应到天数", "应出勤天数"),
    _of("number", "days_absent", "缺勤天数", "缺课天数"),
    _of("number", "days_leave", "其中事假病假天数", "请假天数", "事假病假天数"),
    _of("number", "longest_unexcused_days", "最长连续无故缺勤天数", "最长连续旷课天数"),
    _of("date", "absent_from", "缺勤起始日", "缺勤起始日期", "未到校起始日"),
    _code("presence_status", "在校状态", "presence_status", "在校情况"),
    _of("date", "last_seen_on", "最后到校日期"),
    _of("integer", "enrolled_count", "在籍人数", "在册人数", "班级在籍人数"),
    _of("integer", "present_count", "在校人数", "实到人数", "班级在校人数"),
    _text("remark", "说明", "说明", "备注说明"),
    _of("number", "absent_days_running", "连续缺勤天数", "连续未到校天数"),
    _text("reason", "原因", "未在校原因", "缺勤原因", "不在校原因"),
    # movement
    _code("movement_type", "异动类型", "movement_type", "异动类别", "变动类型"),
    _of("date", "moved_on", "异动日期", "变动日期", "办理日期"),
    _of("date", "ends_on", "截止日期", "期满日期", "到期日期"),
    _of("school_code", "from_school_code", "转出学校标识码"),
    _text("from_school_name", "转出学校名称", "转出学校名称", "转出学校"),
    _of("school_code", "to_school_code", "转入学校标识码"),
    _text("to_school_name", "转入学校名称", "转入学校名称", "转入学校"),
    _text("to_area_code", "转入地行政区划代码"),
    _code("movement_state", "办理状态", "movement_state", "办结状态"),
    # cohorts
    _of("year", "entry_year", "入学年份", "入学年度"),
    _of("grade", "entry_grade", "起始年级"),
    _of("integer", "entrants", "入学人数", "招生人数"),
    _of("integer", "year_start_count", "学年初在校人数"),
    _of("integer", "moved_in_total", "累计转入"),
    _of("integer", "moved_out_total", "累计转出"),
    _of("integer", "died_total", "累计死亡"),
    _of("integer", "abroad_total", "累计出国"),
    # households, disability, care
    _code("household_type", "户类型", "household_type", "家庭类型", "农户类型", "户属性"),
    _text("household_head", "户主姓名", "户主姓名", "户主", personal=True),
    _of("date", "identified_on", "识别日期", "识别时间"),
    _of("boolean", "is_risk_gone", "风险是否消除", "是否消除风险"),
    _text("pupil_state", "在校生状况"),
    _of("disability_number", "disability_number", "残疾证号", "残疾人证号", personal=True),
    _code("disability_kind", "残疾类别", "disability_type"),
    _code("disability_grade", "残疾等级", "disability_grade"),
    _code("placement", "安置方式", "placement"),
    _of("school_code", "placement_school_code", "安置学校标识码"),
    _of("date", "assessed_on", "评估日期"),
    _text("assessment", "评估意见", "评估意见", personal=True),
    _of("integer", "home_lessons", "本期送教次数"),
    _code("care_kind", "类别", "care_kind", "儿童类别"),
    _code("guardianship", "监护情况", "guardianship"),
    _text("entrusted_carer", "受委托照护人", "受委托照护人", personal=True),
    _of("integer", "people", "人数", "总人数"),
    _of("integer", "people_out_of_school", "未在校人数"),
    # cases
    _text("batch", "批次", "下发批次", "批次号"),
    _of("date", "issued_on", "下发日期", "下发时间"),
    _of("date", "verify_by", "核实期限", "核实截止日期"),
    _code("suspect_source", "来源", "suspect_source", "名单来源"),
    _of("school_code", "former_school_code", "原就读学校标识码"),
    _text("former_school_name", "原就读学校名称", "原就读学校名称", "原就读学校"),
    _text("suspect_type", "疑似类型"),
    _text("case_no", "案件编号", "系统给出的案件编号", "案件号"),
    _of("date", "verified_on", "核实日期", "核实时间"),
    _code("verifying_unit", "核实单位", "unit"),
    _code("verification_result", "核实结果", "verification_result", "核查结果", "核实情况"),
    _text("destination", "去向说明", "去向说明", "去向", personal=True),
    _text("school_attended", "就读学校名称", "现就读学校名称", "现就读学校"),
    _text("registry_number_elsewhere", "就读学籍号", "现就读学籍号", personal=True),
    _text("evidence", "佐证材料", "佐证材料名称", "佐证", "证明材料"),
    _code("verification_method", "核实方式", "verification_method"),
    _text("verifier", "核实人", "核实人", personal=True),
    _text("reviewer", "审核人", "审核人", personal=True),
    _of("date", "reviewed_on", "审核日期"),
    _of("date", "visited_on", "劝返日期", "劝返时间"),
    _code("visiting_unit", "劝返单位", "unit"),
    _text("visitor", "劝返人", "劝返人", personal=True),
    _code("visit_method", "方式", "visit_method", "劝返方式"),
    _text("notice_title", "文书名称"),
    _text("notice_number", "文号"),
    _of("date", "served_on", "送达日期"),
    _of("date", "dropped_out_on", "辍学日期", "辍学时间"),
    _code("dropout_reason", "辍学原因", "dropout_reason"),
    _code("visit_result", "结果", "visit_result", "劝返结果"),
    _of("date", "returned_on", "复学日期", "返校日期"),
    _code("return_placement", "安置方式", "return_placement", "复学安置方式"),
    _text("note", "备注"),
    # aid, school work, intake and the rest
    _text("aid_item", "资助项目", "资助项目", "项目名称"),
    _of("number", "amount", "金额", "金额（元）", "资助金额", "发放金额", description="金额，元"),
    _of("date", "paid_on", "发放日期", "发放时间"),
    _code("grade_band", "年级段", "grade_band"),
    _of("number", "study_hours", "在校学习时间", "在校学习时间(小时/天)"),
    _of("number", "homework_minutes", "书面作业平均时长", "书面作业平均时长(分钟)"),
    _of("integer", "exams", "考试次数"),
    _of("number", "aids_per_subject", "每科教辅套数"),
    _of("number", "sport_hours", "体育活动", "体育活动(小时/天)"),
    _of("integer", "social_practice", "社会实践次数"),
    _of("integer", "contests", "学科竞赛次数"),
    _of("integer", "struggling_pupils", "学困生人数"),
    _of("integer", "help_plans", "已建帮扶方案人数"),
    _of("integer", "law_sessions", "法治宣传场次"),
    _of("integer", "law_reached", "宣传覆盖学生人数"),
    _of("integer", "home_visits", "家访人次"),
    _of("boolean", "has_plan", "控辍保学方案是否制定"),
    _of("integer", "study_meetings", "专题研究次数"),
    _of("number", "funds", "专项经费", "专项经费(元)"),
    _of("school_code", "intake_school_code", "录取学校标识码"),
    _of("date", "reported_on", "报到日期"),
    _text("admission_number", "通知书编号"),
    _text("major", "专业"),
    _of("date", "vocational_entry", "入学日期"),
    _code("platform_status", "平台状态", "platform_status"),
    _of("date", "platform_entered_on", "录入日期"),
    _of("date", "platform_closed_on", "销号日期", description="平台销号日期"),
    _text("reported_period", "期间"),
    _text("reported_indicator", "指标"),
    _of("number", "reported_value", "数值"),
    _text("reported_to", "报送对象"),
    _of("date", "sent_on", "报送日期"),
)  # fmt: skip

FIELDS: dict[str, Field] = {field.name: field for field in _ALL}
if len(FIELDS) != len(_ALL):
    raise ValueError("two fields share one name")
