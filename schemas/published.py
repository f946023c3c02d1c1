"""The analysts' file: its `meta` tables and the counts it keeps of what was validated. No personal data."""

from __future__ import annotations

from schemas.table import Column, Table, list_tables

_COLUMNS = """
period VARCHAR 期间，如2025-B3为2025年5—6月
version INTEGER 版本
is_current BOOLEAN 是否该期现行版本
label VARCHAR 期间名称，如2025年5—6月
first_day DATE 首日
last_day DATE 末日，一切数字的时点
school_year INTEGER 学年（起始年份）
issued DATE 签发日期，时限自次日起算
manifest_id VARCHAR 清单编号，文稿与本库同号
run_id VARCHAR 输入编号，输入相同则编号相同
code_version VARCHAR 程序版本
reference_hash VARCHAR 参考数据的散列
held VARCHAR 所依据的前期输入编号，形如“期间 编号”，以分号隔开
file_id VARCHAR 文件编号（文件内容的SHA-256前16位）
sheet_no INTEGER 文件中第几张表
extract VARCHAR 数据表种类
extract_title VARCHAR 数据表名称
encoding VARCHAR 文本编码
data_as_of DATE 数据时点
hidden BOOLEAN 是否隐藏的工作表
files INTEGER 文件数
rows_read INTEGER 读入行数
accepted INTEGER 接收行数
merged INTEGER 合并的重复行数
quarantined INTEGER 隔离行数
other_stage_rows INTEGER 其他学段行数
mended_values INTEGER 自动规范的值数
rule VARCHAR 规则编号
rule_title VARCHAR 规则名称
strength VARCHAR 处置：quarantine隔离该行，report报告，stop停止出报
how_to_mend VARCHAR 如何改正
school_code VARCHAR 学校标识码，空为不能归到学校
problems INTEGER 问题数
indicator VARCHAR 指标
indicator_title VARCHAR 指标名称
base VARCHAR 基数：population底册，roll学籍，school学校，case案件，both底册与学籍
numerator_says VARCHAR 分子
denominator_says VARCHAR 分母
authority VARCHAR 依据
better VARCHAR 方向：high宜高，low宜低
used_for VARCHAR 用途：计数，分组（只用来分群体），或只用来认人
limit_id VARCHAR 限值编号
limit_title VARCHAR 限值项目
grade_bands VARCHAR 所涉年级段
direction VARCHAR 方向：at_most不超过，at_least不少于
limit_value DOUBLE 限值，空为待补
unit VARCHAR 单位
in_force_from DATE 自何日起有效，空为未知
in_force_until DATE 有效至何日
verified BOOLEAN 是否已核原文，否为待补
is_computed BOOLEAN 是否有月报栏目可对照
from_version INTEGER 更正前的版本
kind VARCHAR 类别：条件、文件、数量、指标
what VARCHAR 项目
before VARCHAR 更正前
after VARCHAR 更正后
"""

_KNOWN = {
    name: Column(name, type_, title) for name, type_, title in (line.split(" ", 2) for line in _COLUMNS.split("\n") if line)
}


def _declare(stage: str, name: str, title: str, grain: str, key: str, columns: str) -> Table:
    picked = tuple(_KNOWN[word] for word in columns.split())
    return Table(stage, name, title, grain, tuple(key.split()), picked, published=True)


TABLES = (
    _declare("meta", "period", "期间", "一行是一个期间的一个版本", "period version",
             "period version is_current label first_day last_day school_year issued"),
    _declare("meta", "run", "出报记录", "一行是一次发布", "period version",
             "period version manifest_id run_id issued code_version reference_hash held files rows_read accepted "
             "merged quarantined"),
    _declare("meta", "source_file", "来源文件", "一行是一个文件的一张表；文件名可能带儿童姓名，故不存，以文件编号代替",
             "period version file_id sheet_no extract",
             "period version file_id sheet_no extract extract_title encoding data_as_of hidden rows_read accepted "
             "merged quarantined other_stage_rows mended_values"),
    _declare("meta", "indicator", "指标定义", "一行是一个指标", "indicator",
             "indicator indicator_title base numerator_says denominator_says authority better"),
    _declare("meta", "lineage", "指标沿革", "一行是一个指标用到的一种报送数据", "indicator extract",
             "indicator extract used_for"),
    _declare("meta", "rule", "校验规则", "一行是一条规则", "rule", "rule rule_title strength how_to_mend"),
    _declare("meta", "work_limit", "学校工作限值", "一行是一条限值", "limit_id",
             "limit_id limit_title grade_bands direction limit_value unit in_force_from in_force_until authority verified "
             "is_computed"),
    _declare("meta", "change", "数据更正", "一行是新版本与上一版本的一处不同", "period version kind what",
             "period version from_version kind what before after"),
    _declare("validated", "problem_count", "问题数据计数", "一行是一所学校一种数据表一条规则",
             "period version extract rule school_code",
             "period version extract extract_title rule strength school_code problems"),
)  # fmt: skip


def list_published() -> tuple[Table, ...]:
    """List every table of the analysts' file: stage tables with period and version, counts, and `meta`."""
    staged = tuple(_carry_version(table) for table in list_tables().values() if table.published)
    return (*staged, *TABLES)


def _carry_version(table: Table) -> Table:
    """Give a stage table period and version, and take its personal columns away."""
    own = {column.name for column in table.columns}
    added = tuple(_KNOWN[name] for name in ("period", "version") if name not in own)
    personal = {column.name for column in table.columns if column.personal}
    key = ("child_key" if name == "person_id" else name for name in table.key)
    key_names = tuple(dict.fromkeys([*(column.name for column in added), *key]))
    if lost := set(key_names) & personal:
        raise ValueError(f"{table.full_name}: its key needs {lost}, which must not be published")
    return Table(
        table.stage, table.name, table.title, table.grain, key_names, (*added, *table.public_columns), published=True
    )


def short_title(title: str) -> str:
    """Cut a comment to the word that stands as a Chinese column name: before ：（；，."""
    for mark in "：（；，":
        title = title.partition(mark)[0]
    return title
