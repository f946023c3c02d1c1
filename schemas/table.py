"""Tables of the stages: grain, key and columns, declared once; DDL types, comments and checks come from here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from schemas.fields import FIELDS

STAGES = ("extracts", "validated", "conformed", "compared", "cases", "indicators", "documents", "published")


@dataclass(frozen=True)
class Column:
    """One column of a stage table: DuckDB type, Chinese title (its COMMENT), and whether it is personal data."""

    name: str
    type: str
    title: str
    personal: bool = False


@dataclass(frozen=True)
class Table:
    """One table: `grain` is a sentence, `key` names a row.

    `published` tables go into the analysts' file, without their personal columns.
    """

    stage: str
    name: str
    title: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    published: bool = False

    @property
    def full_name(self) -> str:
        """`stage.name`, as queries write it."""
        return f"{self.stage}.{self.name}"

    @property
    def public_columns(self) -> tuple[Column, ...]:
        """The columns that are not personal data."""
        return tuple(column for column in self.columns if not column.personal)


# Columns made by the pipeline (those read from extracts come from schemas.fields).
_OWN = """
period VARCHAR 期间，如2025-B3为2025年5—6月
version INTEGER 版本
person VARCHAR 人的写法：证件号、学籍号或姓名性别出生日期（只在工作库） personal
person_id INTEGER 人员序号（只在一次计算之内有效，只在工作库） personal
child_key VARCHAR 儿童假名（带密钥的散列，密钥不在本库）
id_number_given VARCHAR 所填证件号（无效，另存） personal
identity VARCHAR 身份写法（证件号、学籍号、姓名、性别、出生日期连写，只在工作库） personal
spelled_first VARCHAR 最早的身份写法（期间在前，只在工作库） personal
matched_by VARCHAR 如何对上：id证件号，registry_number学籍号，name_birth姓名性别生日，close_id相近证件号，linked概率连接，none未对上
first_period VARCHAR 首次出现的期间
birth_month VARCHAR 出生年月
age INTEGER 学年龄（当年8月31日的周岁）
stage VARCHAR 学段：primary小学，junior初中，all合计
stage_by_age VARCHAR 按年龄所属学段：primary为6至11岁，junior为12至14岁
is_school_age BOOLEAN 是否适龄（6周岁至不满15周岁）
left_roster_as VARCHAR 因何离开底册（底册状态且有状态日期）
roster_sources VARCHAR 出现的来源
counts_at VARCHAR 统计归属学校标识码（教学点归中心校，撤并归并入校）
township_of_school VARCHAR 学校所在镇街
is_reporting BOOLEAN 是否应报送考勤的义务教育学校
is_live BOOLEAN 是否在籍（在读、休学、转出中；六年级毕业生至8月31日）
is_chosen BOOLEAN 一人多籍时是否计数的那一条
records INTEGER 学籍条数
owed BOOLEAN 是否应报考勤
owed_grade_9 BOOLEAN 九年级是否应报考勤
school_days INTEGER 上课日数
listed INTEGER 名单列出的不在校人数
closes BOOLEAN 在籍减在校是否等于名单人数
state_in_month VARCHAR 当月在校情况：在校、请假、无故缺勤、离校未归、休学、送教上门、不在名单、班级不闭合、未知
unexcused_run DOUBLE 连续无故缺勤上课日数（跨月接续）
says VARCHAR 结论（核实结果、异动、劝返结果）
said_on DATE 结论日期
listed_in VARCHAR 列入名单的期间
waits_for_review BOOLEAN 是否为待审核人审核的销号结论
after_period VARCHAR 在此期之后
last_period VARCHAR 至此期止（9999为未止）
settled_on DATE 结论生效日期（经审核的为审核日期）
said_by VARCHAR 得出结论的单位类别
unit_rank INTEGER 单位层级，同日以高者为准
learned_in VARCHAR 收到该结论的期间
statement_kind VARCHAR 结论出处：verification核实，persuasion劝返，movement异动
has_evidence BOOLEAN 是否有所需佐证
dropout_state VARCHAR 使案件进入的辍学台账状态
at_school BOOLEAN 是否说在校（在校就读、复学）
is_watched BOOLEAN 是否限期在册（休学、延缓入学、送教上门、中职就读）
has_record BOOLEAN 现在是否在本区在籍
had_record BOOLEAN 收到结论那一期是否在本区在籍
made_on DATE 此后在本区建籍的日期
gone_on DATE 此后学籍转走的日期
is_proved BOOLEAN 是否有佐证或为本区学籍所证
is_moving BOOLEAN 是否外地就读而转学未办结
is_closing BOOLEAN 是否可销号
needs_review BOOLEAN 曾辍学或失联的是否须经审核人审核
is_reviewed BOOLEAN 是否经审核人审核
source VARCHAR 出自哪种报表
is_open BOOLEAN 期初是否未销号
is_dropout BOOLEAN 是否认定辍学
holds_until DATE 结论有效期至
held_when_learned BOOLEAN 收到时是否仍有效
on_review_list BOOLEAN 是否在年度复核清单
explanation VARCHAR 解释（未在籍的合理去向）
completed_grade INTEGER 已完成的年级（6或9）
is_migrant BOOLEAN 是否随迁子女
is_quarantined BOOLEAN 本区学籍行是否被隔离
unresolved BOOLEAN 是否未了（待核实、待补佐证、年度复核、数据隔离）
population_group VARCHAR 群体
population_groups VARCHAR[] 所属群体
comparison VARCHAR 比对项
likely_cause VARCHAR 可能原因
nearest_person_id INTEGER 最接近的另一份名册记录的人员序号 personal
is_absent BOOLEAN 是否籍在人不在
is_listed BOOLEAN 是否名单所列
same_name BOOLEAN 姓名是否相同
near_name BOOLEAN 姓名是否只差一字
same_sex BOOLEAN 性别是否相同
same_birth BOOLEAN 出生日期是否相同
near_birth BOOLEAN 出生日期是否至多差两位
same_township BOOLEAN 是否同镇街
near_number BOOLEAN 证件号是否至多差两位
likeness INTEGER 相近程度，1最近
side VARCHAR 哪一方：suspect疑似儿童，other另一份名册
has_id BOOLEAN 是否有有效证件号
numbers VARCHAR[] 所填的证件号和学籍号数字（15位以上） personal
in_roster BOOLEAN 是否在底册
live_in VARCHAR[] 在籍的各期
is_proposed BOOLEAN 是否据以提出可能原因（否则只列出）
is_linked BOOLEAN 是否由概率连接找到
side_by_side VARCHAR 两条记录对照（本人／相近记录） personal
rank INTEGER 线索次序
sign VARCHAR 线索所说的去向
nearest_how VARCHAR 最接近记录如何相近
confidence VARCHAR 把握：高、较高、中、低
reported BOOLEAN 所需名册是否报送过
first_seen_period VARCHAR 首次列出的期间
expected INTEGER 应报学生数
accounted INTEGER 有着落学生数
usable BOOLEAN 是否有可用报表
zero_report BOOLEAN 是否零报告
silent BOOLEAN 是否未报送或报送不全
from_register VARCHAR 从（名册）
to_register VARCHAR 到（名册）
reason VARCHAR 差异原因
children INTEGER 人数
opened_on DATE 立案日期
opened_by VARCHAR 由何立案（比对项或feedback反馈）
opened_in VARCHAR 立案期间
case_before VARCHAR 立案时所接的前案
state VARCHAR 状态
closed_on DATE 销号日期
closed_as VARCHAR 销号类别
owner_level VARCHAR 责任层级
owner_office VARCHAR 责任单位
due_on DATE 期限
overdue_working_days INTEGER 逾期工作日
relapses INTEGER 再次离校次数
relapsed_from DATE 最近一次再次离校之前的复学日期
is_back BOOLEAN 最近一次是复学（此后未再离校）
nth INTEGER 次序
names_case BOOLEAN 是否写明本案编号
watched_until DATE 复学观察期至
turned_in VARCHAR 转变所在期间
turned_on DATE 转变日期
turn VARCHAR 转变：再次离校、复学预警、观察期满
changed_in VARCHAR 变化所在期间
changed_on DATE 变化日期
is_signed BOOLEAN 是否由审核人审核后销号
evidence_lapsed BOOLEAN 是否补佐证逾期
evidence_due DATE 补佐证期限
beside_office VARCHAR 协同单位
last_seen_in VARCHAR 最后在籍的期间
gone_in VARCHAR 其后首次不在籍的期间
confirmed_on DATE 认定辍学日期
confirmed_this_year BOOLEAN 本学年认定辍学且在劝返中或失联
seq INTEGER 次序
event VARCHAR 事件：立案、所听到的结论，及状态变化（转为某状态、销号（类别）、审核销号（类别））；末一状态变化即现状，没有的为待核实
happened_on DATE 发生日期
learned_in_period VARCHAR 收到期间
office_kind VARCHAR 单位类别
source_file_id VARCHAR 来源文件编号
ledger VARCHAR 台账：school_age适龄，suspected疑似，dropout辍学，tracked在册跟踪
found_in VARCHAR 本学年首次列出的期间
is_confirmed BOOLEAN 核实是否证实该比对项
cause_confirmed BOOLEAN 核实结果是否与可能原因一致
proposed INTEGER 本学年提出（人）
confirmed INTEGER 经核实属实（可能原因行：与核实结果一致）
refuted INTEGER 经核实不属实（可能原因行：与核实结果不一致）
still_open INTEGER 尚无核实结论
precision DOUBLE 准确率（属实除以已核实，不取整；没有已核实的为空）
opening INTEGER 上期结转
added INTEGER 新增
closed INTEGER 销减
closing INTEGER 期末在册
area_level VARCHAR 区域层级：district区，township镇街，village村社，school_zone学区，supervision_zone督导责任区，school学校
area_name VARCHAR 区域名称（区、镇街、村社、学区、督导责任区或学校）
indicator VARCHAR 指标
numerator BIGINT 分子
denominator BIGINT 分母
rate DOUBLE 率（分子除以分母，不取整）
rate_low DOUBLE 率的下界（未了者计为不在）
rate_high DOUBLE 率的上界（未了者计为在）
suppressed BOOLEAN 对外表格是否隐藏
id BIGINT 格的序号
base VARCHAR 基数
n BIGINT 分子人数
d BIGINT 分母人数
low BIGINT 分子下界人数
high BIGINT 分子上界人数
is_small BOOLEAN 是否小数（1至9人），须隐藏
parent_area VARCHAR 上一级区域
note VARCHAR 口径说明
record_stage VARCHAR 现有学籍所在学段
is_enrolled BOOLEAN 是否入学
is_suspended BOOLEAN 是否在休学中
was_on_ledger BOOLEAN 期初是否在疑似或辍学台账
is_on_ledger BOOLEAN 期末是否在疑似或辍学台账
is_closed BOOLEAN 是否本期销号
verified_on DATE 首次核实日期
verify_due DATE 核实期限
is_active BOOLEAN 是否本期结转或新立
is_new BOOLEAN 是否本期新立
is_now BOOLEAN 是否现在籍或本学年毕业
at_start BOOLEAN 是否学年初（首次快照）即在籍
moved_net INTEGER 累计转入减转出、死亡、出国；空为未报
in_numerator BOOLEAN 计入分子
in_low BOOLEAN 下界计入分子
in_high BOOLEAN 上界计入分子
step INTEGER 次序
label VARCHAR 说明
start_period VARCHAR 起点快照期间
is_member BOOLEAN 是否本学年成员（年初在册或年内转入）
moved_in BOOLEAN 是否年内转入
left_as VARCHAR 离开去向：转出、死亡、出国；空为未离开
is_lost BOOLEAN 是否流失
why VARCHAR 归类
month VARCHAR 月份
told_by VARCHAR 填报学校标识码
grade_bands VARCHAR[] 所涉年级段
has_responsible BOOLEAN 是否有责任人
item VARCHAR 项目：study_hours在校学习时间，homework_minutes书面作业，exams考试（本学期累计），aids_per_subject每科教辅，sport_hours体育活动
limit_title VARCHAR 限值项目
measured DOUBLE 测得值（比例或数，学校工作为自报）
denominators VARCHAR 计入其分母的指标，以分号隔开
numerators VARCHAR 计入其分子的指标，以分号隔开
assessment_item VARCHAR 考核项目
is_veto BOOLEAN 是否否决线索（不计分，由人核定）
holds BOOLEAN 是否做到
faults BIGINT 件数
direction VARCHAR 方向：at_most不超过，at_least不少于
limit_value DOUBLE 限值
unit VARCHAR 单位
authority VARCHAR 依据
is_breach BOOLEAN 是否超限
months_owed INTEGER 应报月数
months_told INTEGER 已报月数
plan_parts INTEGER 方案齐全项数（方案、专题研究、责任人、专项经费）
pupils INTEGER 在籍学生数
"""


def _read_own() -> dict[str, Column]:
    columns = {}
    for line in _OWN.strip().splitlines():
        name, type_, title, *marks = line.split(" ")
        columns[name] = Column(name, type_, title, "personal" in marks)
    return columns


@cache
def all_columns() -> dict[str, Column]:
    """Every column any stage table may use, by name."""
    read = {f.name: Column(f.name, f.sql_type, f.description, f.personal) for f in FIELDS.values()}
    return read | _read_own()


def declare(stage: str, name: str, title: str, grain: str, key: str, columns: str, *, published: bool = False) -> Table:
    """Declare a table by the names of its columns; an unknown name is an error."""
    known = all_columns()
    return Table(
        stage, name, title, grain, tuple(key.split()), tuple(known[word] for word in columns.split()), published
    )


@cache
def list_tables() -> dict[str, Table]:
    """Every declared table of every stage, by full name."""
    from schemas import cases, compared, conformed, indicators

    tables = (*conformed.TABLES, *compared.TABLES, *cases.TABLES, *indicators.TABLES)
    return {table.full_name: table for table in tables}
