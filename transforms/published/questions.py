"""The questions analysts ask, as table macros and views of the analysts' file, each with its Chinese name and an example."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from transforms.published.attach import quote_name, quote_text
from transforms.published.describe import CURRENT, say_codes, write_comments

_WHOLE = "(v.stage, v.grade, v.population_group) = ('all', 'all', 'all')"
_RATE = "numerator as 分子, denominator as 分母, rate as 率, rate_low as 下界, rate_high as 上界"
# An indicator is asked for by its id or its Chinese title.
_NAMED = "inner join meta.indicator as i on v.indicator = i.indicator and 指标 in (i.indicator, i.indicator_title)"
# A name that nobody knows is said: no rows would read as nothing to report.
_IS_KNOWN = ("(select case when count(*) > 0 then true else error('没有叫“' || 指标 || '”的指标；名称见 中文.指标定义') end "
             "from meta.indicator where 指标 in (indicator, indicator_title))")  # fmt: skip


@dataclass(frozen=True)
class Question:
    """One question: its name in schema 中文, its parameters (empty: a view), what it answers, its SQL, an example.

    `columns` says what each column of a view means; a macro has none to comment.
    """

    name: str
    parameters: str
    answers: str
    sql: str
    example: str
    columns: tuple[tuple[str, str], ...] = ()


QUESTIONS = (
    Question(
        "指标走势", "指标, 区域 := null", "一个指标逐期的分子、分母、率和上下界（现行版本）；不给区域为全区，可为镇街、学区、责任区、学校、村社名称",
        f"select v.period as 期间, v.version as 版本, {_RATE} from indicators.current as v {_NAMED} "
        f"where (v.area_name = 区域 or (区域 is null and v.area_level = 'district')) and {_WHOLE} and {_IS_KNOWN} order by v.period",
        "from 中文.指标走势('适龄儿童少年入学率')",
    ),
    Question(
        "最差学校", "指标, 期, 几所 := 10", "一个指标在一期最差的学校；宜高的指标取最低，宜低的指标取最高",
        f"select v.area_name as 学校, v.school_code as 学校标识码, {_RATE} from indicators.current as v {_NAMED} "
        f"where v.area_level = 'school' and {_WHOLE} and v.period = 期 and v.rate is not null "
        f"and {_IS_KNOWN} "
        "order by case when i.better = 'high' then v.rate else -v.rate end, v.denominator desc, v.school_code limit 几所",
        "from 中文.最差学校('在籍学生在校率', '2025-B3')",
    ),
    Question(
        "镇街对标", "指标, 期, 目标", "各镇街的率与目标之差，差多少人：宜高的指标还差几人达标，宜低的指标超出几人；不为正即已达标",
        f"select v.area_name as 镇街, {_RATE}, v.rate - 目标 as 与目标之差, "
        "case when i.better = 'low' then v.numerator - floor(目标 * v.denominator + 1e-9)::bigint "
        "else ceil(目标 * v.denominator - 1e-9)::bigint - v.numerator end as 差多少人 "
        f"from indicators.current as v {_NAMED} where v.area_level = 'township' and {_WHOLE} and v.period = 期 "
        f"and {_IS_KNOWN} order by case when i.better = 'low' then -与目标之差 else 与目标之差 end, 镇街",
        "from 中文.镇街对标('retention_rate_year', '2025-B3', 0.95)",
    ),
    Question(
        "届别追踪", "起始期间, 年级", "一届学生逐期还有多少在籍：起始期间该年级的学生，按儿童假名追踪",
        f"with now as (select t.* from conformed.enrolment as t {CURRENT}), "
        "member as (select child_key, school_code from now where period = 起始期间 and grade = 年级) "
        "select e.period as 期间, (select count(*) from member) as 这届人数, count(*) as 仍在籍, "
        "count(*) filter (where e.school_code = m.school_code) as 其中仍在原校, count(*) / (select count(*) from member) as 在籍比例 "
        "from now as e inner join member as m on e.child_key = m.child_key where e.period >= 起始期间 group by all order by 期间",
        "from 中文.届别追踪('2025-B3', '7')",
    ),
    Question(
        "版本变化", "期", "一期最新两版之间哪些指标变了：同一格的分子、分母前后各是多少",
        "with two as (select version from meta.period where period = 期 order by version desc limit 2), "
        "new as (select * from indicators.value where period = 期 and version = (select max(version) from two)), "
        "old as (select * from indicators.value where period = 期 and version = (select min(version) from two)) "
        f"select i.indicator_title as 指标, {say_codes('coalesce(n.area_level, o.area_level)', 'area_level')} as 区域层级, "
        f"coalesce(n.area_name, o.area_name) as 区域, {say_codes('coalesce(n.stage, o.stage)', 'stage')} as 学段, "
        f"{say_codes('coalesce(n.population_group, o.population_group)', 'population_group')} as 群体, "
        "o.numerator as 原分子, o.denominator as 原分母, "
        "n.numerator as 新分子, n.denominator as 新分母 from new as n full join old as o "
        "on (n.indicator, n.area_level, n.area_name, coalesce(n.school_code, ''), n.stage, n.grade, n.population_group) "
        "= (o.indicator, o.area_level, o.area_name, coalesce(o.school_code, ''), o.stage, o.grade, o.population_group) "
        "inner join meta.indicator as i on coalesce(n.indicator, o.indicator) = i.indicator "
        "where coalesce(n.grade, o.grade) = 'all' and (n.numerator is distinct from o.numerator "
        "or n.denominator is distinct from o.denominator) order by all",
        "from 中文.版本变化('2025-B3') where 区域层级 = '区'",
    ),
    Question(
        "期间变化", "指标, 期, 前期", "一个指标两期之间各区域的变化",
        f"select {say_codes('n.area_level', 'area_level')} as 区域层级, n.area_name as 区域, o.numerator as 前期分子, o.denominator as 前期分母, "
        "o.rate as 前期率, n.numerator as 本期分子, n.denominator as 本期分母, n.rate as 本期率, n.rate - o.rate as 变化 "
        "from indicators.current as n inner join indicators.current as o on n.indicator = o.indicator "
        "and n.area_level = o.area_level and n.area_name = o.area_name and n.school_code is not distinct from o.school_code "
        "and (o.stage, o.grade, o.population_group) = ('all', 'all', 'all') and o.period = 前期 "
        "inner join meta.indicator as i on n.indicator = i.indicator and 指标 in (i.indicator, i.indicator_title) "
        "where n.period = 期 and (n.stage, n.grade, n.population_group) = ('all', 'all', 'all') order by 变化 nulls last, 区域层级, 区域",
        "from 中文.期间变化('适龄儿童少年入学率', '2025-B3', '2025-B2') where 区域层级 = '学校'",
    ),
    Question(
        "名单变化", "比对, 期, 前期", "一个比对项两期之间新列和不再列的儿童（只有假名；姓名由密钥保管人用 export --named 取）",
        f"with now as (select t.*, t.period = 期 as is_now from compared.finding as t {CURRENT} "
        f"where 比对 in (t.comparison, {say_codes('t.comparison', 'comparison')}) and t.period in (期, 前期)) "
        "select case when not bool_or(is_now) then '不再列' when bool_and(is_now) then '新列' else '仍列' end as 变化, "
        "child_key as 儿童假名, arg_max(township, is_now) as 镇街, arg_max(school_code, is_now) as 学校标识码, "
        "arg_max(likely_cause, is_now) as 可能原因 from now group by child_key order by all",
        "from 中文.名单变化('适龄未入学', '2025-B3', '2025-B2') where 变化 <> '仍列'",
    ),
    Question(
        "指标人员变化", "指标, 期, 前期",
        "两期之间谁进入或离开一个指标的分母、分子，前后去向和案件状态各是什么；辍学学生保留学籍，去向仍为本区在籍，看案件状态"
        "（只有假名；姓名见区级变动明细）",
        f"with one as (select indicator from meta.indicator where 指标 in (indicator, indicator_title)), "
        "state as (select t.period, t.child_key, arg_max(t.state, (t.state <> '已销号')::integer || t.case_no) as state "
        f"from cases.case as t {CURRENT} where t.period in (期, 前期) group by all), "
        "side as (select t.*, s.state, list_contains(string_split(t.denominators, ';'), i.indicator) as d, "
        f"list_contains(string_split(t.numerators, ';'), i.indicator) as n from indicators.counted as t {CURRENT} cross join one as i "
        "left join state as s on t.period = s.period and t.child_key = s.child_key where t.period in (期, 前期)) "
        "select coalesce(b.child_key, a.child_key) as 儿童假名, coalesce(a.d, false) as 前期在分母, coalesce(a.n, false) as 前期在分子, "
        "coalesce(b.d, false) as 本期在分母, coalesce(b.n, false) as 本期在分子, a.why as 前期去向, b.why as 本期去向, "
        "a.state as 前期案件状态, b.state as 本期案件状态 "
        "from (from side where period = 前期) as a full join (from side where period = 期) as b on a.child_key = b.child_key "
        "where (coalesce(a.d, false), coalesce(a.n, false)) <> (coalesce(b.d, false), coalesce(b.n, false)) order by all",
        "from 中文.指标人员变化('学年巩固率', '2025-B3', '2025-B2')",
    ),
    Question(
        "案件按原因和月份", "", "案件数，按立案月份、立案途径和可能原因",
        "select c.period as 期间, strftime(c.opened_on, '%Y-%m') as 立案月份, "
        f"{say_codes('c.opened_by', 'opened_by')} as 由何立案, coalesce(f.cause, '（无提示）') as 可能原因, "
        "count(*) as 案件数, count(*) filter (where c.state = '已销号') as 已销号 "
        f"from (select t.* from cases.case as t {CURRENT}) as c left join (select t.period, t.child_key, min(t.likely_cause) as cause "
        f"from compared.finding as t {CURRENT} group by all) as f on c.period = f.period and c.child_key = f.child_key "
        "group by all order by all",
        "from 中文.案件按原因和月份 where 期间 = '2025-B3'",
        (("期间", "期间，如2025-B3为2025年5—6月"), ("立案月份", "立案日期所在月份"), ("由何立案", "由哪个比对项、名单或反馈立案"),
         ("可能原因", "本期比对提示的可能原因；没有比对结果的为“（无提示）”"), ("案件数", "本期末全部案件数（含已销号）"),
         ("已销号", "其中已销号的案件数")),
    ),
    Question(
        "在办案件按责任单位", "", "未销号案件，按责任层级、责任单位和状态，其中逾期多少、最长逾期几个工作日",
        f"select t.period as 期间, {say_codes('t.owner_level', 'owner_level')} as 责任层级, "
        "t.owner_office as 责任单位, t.state as 状态, count(*) as 案件数, "
        "count(*) filter (where t.overdue_working_days > 0) as 其中逾期, max(t.overdue_working_days) as 最长逾期工作日 "
        f"from cases.case as t {CURRENT} where t.state <> '已销号' group by all order by 期间, 其中逾期 desc, 责任层级, 责任单位, 状态",
        "from 中文.在办案件按责任单位 where 期间 = '2025-B3' and 其中逾期 > 0",
        (("期间", "期间，如2025-B3为2025年5—6月"), ("责任层级", "责任层级：学校、村社、镇街或教委"), ("责任单位", "现责任单位"),
         ("状态", "案件状态"), ("案件数", "未销号案件数"), ("其中逾期", "其中已过期限的案件数"),
         ("最长逾期工作日", "逾期最久的案件逾期几个工作日")),
    ),
    Question(
        "未报学校", "期", "一期未报送或报送不全的学校和月份，应报多少人、有着落多少人",
        "select s.school_name as 学校, t.school_code as 学校标识码, s.township as 镇街, t.month as 月份, t.expected as 应报学生数, "
        f"t.accounted as 有着落学生数 from compared.silent_school as t {CURRENT} left join conformed.school as s "
        "on t.period = s.period and t.version = s.version and t.school_code = s.school_code where t.period = 期 order by all",
        "from 中文.未报学校('2025-B3')",
    ),
    Question(
        "差异桥", "期", "一期两个名册之间的差异：每名儿童恰在一个原因之下，占多少",
        "select t.from_register as 从, t.to_register as 到, t.reason as 原因, t.children as 人数, "
        "t.children / sum(t.children) over (partition by t.from_register, t.to_register) as 占比 "
        f"from compared.bridge as t {CURRENT} where t.period = 期 order by 从, 到, 人数 desc, 原因",
        "from 中文.差异桥('2025-B3')",
    ),
    Question(
        "学校工作超限", "期", "一期各校自报的在校时间、作业、考试、教辅、体育中超出限值的，限值和依据并列",
        f"select s.school_name as 学校, s.township as 镇街, t.month as 月份, t.grade_band as 年级段, {say_codes('t.item', 'item')} as 项目, "
        f"t.measured as 自报值, {say_codes('t.direction', 'direction')} as 方向, t.limit_value as 限值, t.unit as 单位, t.authority as 依据 "
        f"from compared.work_check as t {CURRENT} left join conformed.school as s on t.period = s.period and t.version = s.version "
        "and t.school_code = s.school_code where t.period = 期 and t.is_breach order by all",
        "from 中文.学校工作超限('2025-B3')",
    ),
    Question(
        "学校方案", "期", "一期各校控辍保学方案的四项（方案、专题研究、责任人、专项经费）是否齐全，帮扶和宣传覆盖；没有报的为空",
        "select s.school_name as 学校, s.township as 镇街, t.supervision_zone as 督导责任区, t.months_told as 已报月数, t.months_owed as 应报月数, "
        "t.plan_parts as 齐全项数, t.has_plan as 有方案, t.study_meetings as 专题研究次数, t.has_responsible as 有责任人, t.funds as 专项经费, "
        "t.help_plans as 帮扶方案, t.struggling_pupils as 学困生, t.law_reached as 宣传覆盖, t.pupils as 在籍学生 "
        f"from compared.school_plan as t {CURRENT} left join conformed.school as s on t.period = s.period and t.version = s.version "
        "and t.school_code = s.school_code where t.period = 期 order by t.plan_parts, t.months_told, 学校",
        "from 中文.学校方案('2025-B3') where 齐全项数 < 4",
    ),
    Question(
        "学校考核", "期, 校", "一所学校一期的各项考核数据，和同一项目全区各校合计；校可写标识码或名称",
        f"select {say_codes('t.assessment_item', 'assessment_item')} as 项目, t.numerator as 分子或件数, t.denominator as 分母, t.measured as 测得, "
        "a.numerator as 全区分子或件数, a.denominator as 全区分母 "
        f"from indicators.assessment as t {CURRENT} "
        "inner join conformed.school as s on t.period = s.period and t.version = s.version and t.school_code = s.school_code "
        "inner join (select period, version, assessment_item, sum(numerator) as numerator, sum(denominator) as denominator "
        "from indicators.assessment group by all) as a "
        "on t.period = a.period and t.version = a.version and t.assessment_item = a.assessment_item "
        "where t.period = 期 and 校 in (s.school_code, s.school_name) order by t.is_veto, 项目",
        "from 中文.学校考核('2025-B3', '3150000001')",
    ),
    Question(
        "指标来源", "指标, 期", "一个指标在一期由哪些文件算出：文件编号即文件内容的散列；用途分计数、分组（只用来分群体）和认人；含所依据的前期文件",
        f"select i.indicator_title as 指标名称, l.used_for as 用途, f.extract_title as 数据表, f.period as 报送期间, f.file_id as 文件编号, "
        "f.data_as_of as 数据时点, f.accepted as 接收行数, r.manifest_id as 清单编号 "
        "from meta.indicator as i inner join meta.lineage as l on i.indicator = l.indicator and 指标 in (i.indicator, i.indicator_title) "
        f"cross join (select t.* from meta.run as t {CURRENT} where t.period = 期) as r "
        "inner join meta.run as b on (b.period = r.period and b.version = r.version) "
        "or contains('；' || r.held || '；', '；' || b.period || ' ' || b.run_id || '；') "
        "inner join meta.source_file as f on b.period = f.period and b.version = f.version and l.extract = f.extract "
        "order by 用途, 数据表, 报送期间, 文件编号",
        "from 中文.指标来源('残疾儿童少年入学率', '2025-B3')",
    ),
)


def make_questions(con: duckdb.DuckDBPyConnection) -> None:
    """Make every question in schema 中文, with what it answers as its comment. The connection works in the target file."""
    for question in QUESTIONS:
        name = f'"中文".{quote_name(question.name)}'
        if question.parameters:
            con.execute(f"create or replace macro {name}({question.parameters}) as table {question.sql}")
            con.execute(f"comment on macro table {name} is {quote_text(question.answers)}")
        else:
            comments = write_comments("view", name, question.answers, dict(question.columns))
            con.execute(f"create or replace view {name} as {question.sql};{comments}")


def write_analyst() -> str:
    """Return the analysts' page in Markdown: how to open the file, and every question with an example."""
    lines = [
        "# 分析文件怎样用", "", "本页由 `make docs` 从声明生成，不要手改。", "",
        "`baoxue.duckdb` 里没有姓名、证件号、住址和电话；儿童以假名出现。各期各版都在，`indicators.current` 和 `中文` 下的视图只取现行版本。",
        "列的含义见[数据字典](dictionary.md)，表的来历见[数据沿革](lineage.md)。", "", "## 怎样打开", "",
        "- 命令：`baoxue query \"from 中文.指标走势('辍学率')\"`；导出：`baoxue export 指标值 指标值.xlsx`",
        "- DuckDB 命令行或 DBeaver：以只读方式打开 `baoxue.duckdb`，出报时也可以读",
        "- Python：`duckdb.connect('baoxue.duckdb', read_only=True).sql(\"from 中文.差异桥('2025-B3')\").df()`", "",
        "指标可写编号（`dropout_rate`）或名称（辍学率）；期间写如 `2025-B3`（2025年5—6月）。", "", "## 常问的问题", "",
    ]  # fmt: skip
    for question in QUESTIONS:
        call = f"{question.name}({question.parameters})" if question.parameters else question.name
        lines += [f"### {call}", "", f"{question.answers}。", "", "```sql", question.example, "```", ""]
    return "\n".join(lines)
