"""The report's tables: the context's cells as printed strings, so text, table and chart cannot disagree."""

from __future__ import annotations

import re

from schemas.indicators import INDICATORS
from transforms.documents import reading
from transforms.documents.blocks import Column, Table
from transforms.documents.context import ReportContext
from transforms.documents.figures import Area, Count, Rate
from transforms.documents.rule_quality import table_rule_quality
from transforms.documents.wording import MISSING, UNREPORTED, number_chinese, print_count, print_label

AIDED = {"monitored": "脱贫户和监测对象家庭学生", "orphan": "孤儿", "disabled": "残疾学生", "in_difficulty": "困境儿童"}
MAIN = ("enrolment_rate", "retention_rate_year", "dropout_rate", "in_school_rate", "submission_rate")


def build_tables(context: ReportContext) -> dict[str, Table]:
    """Build every table that has a row; a template asks `tables` before it places one."""
    makers = (
        _table_indicators, _table_short, _table_areas, _table_area_cases, _table_schools, _table_groups,
        _table_ladder, _table_bridge, _table_findings, _table_ledgers, _table_submission,
        _table_silent, _table_deliveries, _table_problems, _table_changes, _table_definitions, _table_thresholds,
        lambda each: table_rule_quality(each.rules, each.school_year),
        _table_aid, _table_notes, _table_brief,
    )  # fmt: skip
    tables = [make(context) for make in makers] + [counts.lay_out() for counts in context.counts.values()]
    return {table.name: table for table in tables if table.rows}


def _sum(counts: list[int | None]) -> str:
    return print_count(
        None if any(count is None for count in counts) else sum(count or 0 for count in counts)
    )


def _cells(rate: Rate) -> tuple[str, str, str]:
    """Denominator, what is missing, and the rate."""
    if not rate.reported:
        return (MISSING, MISSING, MISSING)
    return (print_count(rate.denominator), str(rate.missing), rate.cell)


def _table_indicators(context: ReportContext) -> Table:
    rows = []
    for name in MAIN:
        rate = context.rate(name)
        if context.period.is_summer and not rate.reported and name in ("in_school_rate", "submission_rate"):
            continue
        rows.append((rate.title, print_count(rate.numerator), print_count(rate.denominator), rate.cell,
                     rate.range_cell, rate.before_cell, rate.change_cell))  # fmt: skip
    columns = (Column("指标", 2.5, "left"), Column("分子"), Column("分母"), Column("本期（%）", 1.1),
               Column("未核清|影响范围（%）", 1.9), Column("上期（%）", 1.1), Column("比上期（百分点）", 1.3))  # fmt: skip
    begins = context.period.school_year != context.period.previous().school_year
    note = "注：巩固率、辍学率按学年统计，本期为新学年第一期，不与上学年比较。" if begins else ""
    return Table("指标", f"{context.label}主要指标", columns, tuple(rows), size=9, note=note)  # with the text before it on page 1


def _table_brief(context: ReportContext) -> Table:
    """The 参阅件's five figures: two rates with what they lack, who is out, who is suspected, and who reported."""
    rows = []
    for name in ("enrolment_rate", "retention_rate_year"):
        rate = context.rate(name)
        lacks = MISSING if not rate.reported else "达到" if rate.is_full else f"差{rate.missing}人"
        rows.append((rate.title, rate.percent, rate.before_percent, lacks))
    states = context.states()
    out, ledger = states["劝返中"] + states["失联"], context.ledgers["suspected"]
    held = context.states_before
    before = MISSING if held is None else _say_people(held.get("劝返中", 0) + held.get("失联", 0))
    rows.append(("期末未返校学生", _say_people(out), before, "已清零" if not out else f"差{out}人"))
    opening = MISSING if held is None else _say_people(ledger.opening)
    rows.append(("期末疑似对象", _say_people(ledger.closing), opening, "已清零" if not ledger.closing else f"差{ledger.closing}人"))
    last = context.rate("submission_rate" if not context.period.is_summer else "verification_rate")
    lacks = MISSING if not last.reported or last.is_full else f"差{last.missing}{UNITS[last.title]}"
    rows.append((last.title, last.percent, last.before_percent, lacks))
    columns = (Column("指标", 2.2, "left"), Column("本期", 1.2), Column("上期", 1.2), Column("距目标", 1.2))
    return Table("参阅指标", f"{context.label}五项指标", columns, tuple(rows))


def _say_people(count: int) -> str:
    return f"{count}人" if count else "无"


UNITS = {"报送率": "校次", "核实率": "个案件"}


def _table_short(context: ReportContext) -> Table:
    """The 上报稿's table by 镇街, set in two halves side by side to save the page: no bounds, no schools."""
    held = [area for area in context.areas if area.enrolment.reported or area.retention.reported]
    cells = [_short_cells(area) for area in held]
    whole = context.rate("enrolment_rate")
    cells.append(("合计", *_cells(whole), context.rate("retention_rate_year").cell))
    half = (len(cells) + 1) // 2
    right = cells[half:] + [("",) * 5] * (half * 2 - len(cells))
    rows = tuple(a + b for a, b in zip(cells[:half], right, strict=True))
    part = (Column("镇街", 1.5), Column("应入学（人）"), Column("未入学（人）"), Column("入学率（%）", 1.1),
            Column("巩固率（%）", 1.1))  # fmt: skip
    dashed = any(MISSING in row for row in rows)
    note = "注：入学按儿童户籍或常住地、巩固按学校所在地统计" + (f"；“{MISSING}”为辖区内无此数。" if dashed else "。")
    return Table(
        "镇街简表", f"各镇街{context.label}入学和巩固情况", part + part, rows if held else (), note=note
    )


def _short_cells(area: Area) -> tuple[str, ...]:
    return (area.name, *_cells(area.enrolment), area.retention.cell)


def _table_areas(context: ReportContext) -> Table:
    rows = [(a.name, *_cells(a.enrolment), a.enrolment.range_cell, a.enrolment.change_cell, *_cells(a.retention),
             print_count(a.dropout.numerator)) for a in context.areas if a.enrolment.reported or a.retention.reported]  # fmt: skip
    whole, kept = context.rate("enrolment_rate"), context.rate("retention_rate_year")
    total = ("合计", *_cells(whole), whole.range_cell, whole.change_cell, *_cells(kept),
             print_count(context.rate("dropout_rate").numerator))  # fmt: skip
    columns = (Column("镇街", 1.5), Column("入学/应入学"), Column("入学/未入学"), Column("入学/入学率（%）", 1.1),
               Column("入学/未核清|影响范围（%）", 2.2), Column("入学/比上期（百分点）", 1.4), Column("巩固/应巩固"), Column("巩固/流失"),
               Column("巩固/巩固率（%）", 1.1), Column("辍学"))  # fmt: skip
    note = "注：入学按儿童户籍或常住地、巩固和辍学按学校所在地统计；“—”为无此数或未报送。"
    return Table("镇街", f"各镇街{context.label}入学、巩固和辍学情况（单位：人）", columns,
                 (*rows, total) if rows else (), True, note)  # fmt: skip


def _table_area_cases(context: ReportContext) -> Table:
    rows = [(a.name, *(str(n) for n in a.states), str(sum(a.states)), str(a.overdue))
            for a in context.areas if sum(a.states)]  # fmt: skip
    sums = [sum(a.states[i] for a in context.areas) for i in range(len(reading.STATES))]
    total = ("合计", *(str(n) for n in sums), str(sum(sums)), str(context.overdue))
    short = {"外地就读待转学": "外地待转学"}
    columns = (Column("镇街", 1.5), *(Column(f"期末在册状态/{short.get(s, s)}", 1.1) for s in reading.STATES),
               Column("期末在册状态/小计"), Column("其中逾期"))  # fmt: skip
    return Table("镇街案件", f"各镇街核查对象{context.as_of_day}状态（单位：人）", columns,
                 (*rows, total) if rows else (), True)  # fmt: skip


def _table_schools(context: ReportContext) -> Table:
    rows = []
    for number, school in enumerate(context.schools, 1):
        rows.append((str(number), school.short, school.township, print_count(school.pupils), school.retention.cell,
                     print_count(school.retention.missing if school.retention.reported else None),
                     school.in_school.cell, print_count(school.dropout.numerator), *school.months))  # fmt: skip
    columns = (Column("序号", 0.8), Column("学校", 4, "left"), Column("镇街", 1.4), Column("在籍（人）", 1.1),
               Column("巩固率（%）", 1.2), Column("流失（人）"), Column("在校率（%）", 1.2), Column("辍学（人）"),
               *(Column(f"报送/{month}", 1.15) for month in context.months))  # fmt: skip
    note = "注：学校月份未报送的，在校率不作统计，以“—”表示，不视为全部在校。" if context.months else ""
    return Table("学校", f"各学校{context.label}控辍保学情况", columns, tuple(rows), False, note)


def _table_groups(context: ReportContext) -> Table:
    rows = []
    for g in context.groups:
        rows.append((g.name, *_cells(g.enrolment), g.in_school.cell, print_count(g.dropout.numerator)))
    columns = (Column("群体", 2.6, "left"), Column("应入学（人）"), Column("未入学（人）"), Column("入学率（%）"),
               Column("在校率（%）"), Column("辍学（人）"))  # fmt: skip
    note = ("注：各群体有交叉，不相加；“—”为名册未报送或本期不统计。"
            "入学按有学籍或核实在外就读计，辍学未返而学籍仍在的同时列入已入学和辍学。两种口径的留守儿童分别列示。")  # fmt: skip
    return Table("重点群体", f"重点群体{context.label}就学情况", columns, tuple(rows), False, note)


def _table_ladder(context: ReportContext) -> Table:
    names = [step.label for step in context.ladder]
    end = names.index("应入学") if "应入学" in names else len(names)
    rows = []
    for index, step in enumerate(context.ladder):
        if index > end and not step.count:
            continue
        sign = "" if index == 0 or index > end else "＝" if index == end else "－"
        lead = "　其中：" if index == end + 1 else "　　　　" if index > end else sign
        rows.append((lead + print_label(step.label.lstrip("−-－=＝")), str(step.count)))
    note = _explain_missing(context)
    columns = (Column("项目", 3, "left"), Column("人数"))
    return Table("应入学算式", "应入学人数计算", columns, tuple(rows), note=note)


def _explain_missing(context: ReportContext) -> str:
    """Why the line 未入学 is less than the 未入学 of the text: that counts 延缓, 休学 and the like too."""
    unknown = sum(step.count for step in context.ladder if step.label == "未入学")
    missing = context.rate("enrolment_rate").missing
    if missing <= unknown:
        return "注：“未入学”为去向未明者；延缓入学、休学等无在籍学籍的仍在应入学之内。"
    return f"注：“未入学”{unknown}人为去向未明者，连同延缓入学、休学等无在籍学籍的{missing - unknown}人，即未入学共{missing}人。"


def _table_bridge(context: ReportContext) -> Table:
    rows = []
    for bridge in context.bridges:
        pair = f"{bridge.from_register}→{bridge.to_register}"
        counts = [*bridge.reasons, Count("合计", bridge.total)]
        rows += [(pair, print_label(reason.label), str(reason.count)) for reason in counts]  # on each line: the table runs over a page
    columns = (Column("比对方向", 1.5), Column("情形", 2), Column("人数"))
    return Table("名册衔接", "名册之间人数衔接", columns, tuple(rows))


def _table_findings(context: ReportContext) -> Table:
    held = any(f.before is not None for f in context.findings)
    rows = []
    for f in context.findings:
        rows.append((f.label, str(f.count), *((print_count(f.before), f.change or MISSING) if held else ())))
    columns = (Column("比对项", 2.4, "left"), Column("本期（人）"))
    more = (Column("上期（人）"), Column("增减")) if held else ()
    rows += [(label, UNREPORTED, *((MISSING, MISSING) if held else ())) for label in context.unrun]
    note = ("注：各比对项对象有交叉，不相加；“名单所列”为期末尚未销号的；"
            "“随迁子女未入学”指底册中非本区户籍常住的适龄儿童，与学籍标记的随迁子女不是同一口径。")  # fmt: skip
    return Table("比对", f"{context.label}比对发现情况", columns + more, tuple(rows), note=note)


def _table_aid(context: ReportContext) -> Table:
    rows = []
    for group, name in AIDED.items():
        rate = context.rate("aid_coverage_rate", group=group)
        if rate.reported:
            rows.append((name, print_count(rate.numerator), *_cells(rate)))
    whole = context.rate("aid_coverage_rate")
    if whole.reported:
        rows.append(("应助学生合计", print_count(whole.numerator), *_cells(whole)))
    columns = (Column("群体", 2.4, "left"), Column("已助（人）"), Column("应助（人）"), Column("未助（人）"), Column("覆盖率（%）"))
    return Table("资助", f"{context.label}资助覆盖情况", columns, tuple(rows), True, "注：各群体有交叉，合计按人不重复。")


def _table_notes(context: ReportContext) -> Table:
    columns = (Column("指标", 1.6, "left"), Column("本期口径说明", 4, "left"))
    return Table("口径说明", "本期指标口径说明", columns, context.notes)


def _table_ledgers(context: ReportContext) -> Table:
    rows = [(sums.title, str(sums.opening), str(sums.added), str(sums.closed), str(sums.closing))
            for sums in context.ledgers.values() if not sums.is_empty]  # fmt: skip
    columns = (
        Column("台账", 2, "left"),
        Column("上期结转"),
        Column("本期新增"),
        Column("本期销减"),
        Column("期末在册"),
    )
    return Table("台账", f"{context.label}台账增减（单位：人）", columns, tuple(rows))


def _table_submission(context: ReportContext) -> Table:
    """By 督导责任区: school-months by status."""
    words = ("已报", "零报告", "不全", "未报")
    zones: dict[str, list[int]] = {}
    for school in context.schools:
        sums = zones.setdefault(school.supervision_zone or "未编入责任区", [0] * 5)
        sums[0] += 1
        for month in school.months:
            if month in words:
                sums[1 + words.index(month)] += 1
    rows = [
        (zone, *(str(n) for n in sums))
        for zone, sums in sorted(zones.items(), key=lambda p: order_zone(p[0]))
    ]
    total = ("合计", *(str(sum(sums[i] for sums in zones.values())) for i in range(5)))
    columns = (Column("督导责任区", 2), Column("学校（所）"), *(Column(f"校月数/{word}") for word in words))
    return Table(
        "报送",
        f"{context.label}月报报送情况",
        columns,
        (*rows, total) if rows and context.months else (),
        True,
    )


CHINESE = {number_chinese(value): value for value in range(1, 100)}


def order_zone(name: str) -> tuple[int, str]:
    """Sort key that puts 第二 before 第十, and 2 before 10."""
    found = re.search(r"\d+|[一二三四五六七八九十]+", name)
    value = 999 if not found else int(found[0]) if found[0].isdigit() else CHINESE.get(found[0], 999)
    return (value, name)


def _table_silent(context: ReportContext) -> Table:
    rows = [
        (s.short, s.township, s.supervision_zone or MISSING, *s.months) for s in context.silent()
    ]
    columns = (
        Column("学校", 3, "left"),
        Column("镇街", 1.3),
        Column("督导责任区", 1.8),
        *(Column(m) for m in context.months),
    )
    return Table("未报学校", f"{context.label}未报送或报送不全学校", columns, tuple(rows))


def _table_deliveries(context: ReportContext) -> Table:
    dated = any(d.data_as_of != MISSING for d in context.deliveries)
    rows = []
    for d in context.deliveries:
        counts = (d.files, d.rows_read, d.accepted, d.merged, d.quarantined)
        rows.append((d.title, *(str(n) for n in counts), *((d.data_as_of,) if dated else ())))
    columns = (Column("数据表", 2.6, "left"), Column("文件"), Column("读入（行）", 1.2), Column("采用（行）", 1.2),
               Column("合并（行）", 1.2), Column("隔离（行）", 1.2), *((Column("数据时点", 2.2),) if dated else ()))  # fmt: skip
    note = "注：读入＝采用＋合并＋隔离；空行、标题行、合计行和其他学段的行不计入读入；一个文件可含几种数据表，文件数不相加。"
    return Table("数据表", f"{context.label}收到的数据", columns, tuple(rows), note=note)


def _table_problems(context: ReportContext) -> Table:
    rows = [(count.label, str(count.count)) for count in context.problems]
    total = ("合计", str(sum(count.count for count in context.problems)))
    return Table("问题数据", f"{context.label}问题数据分类", (Column("问题", 4, "left"), Column("行数")),
                 (*rows, total) if rows else (), True)  # fmt: skip


def _table_changes(context: ReportContext) -> Table:
    rows = [(change.kind, change.what, change.before, change.after) for change in context.changes]
    columns = (Column("类别", 0.8), Column("项目", 3, "left"), Column("更正前", 1.2), Column("更正后", 1.8))
    return Table("数据更正", f"第{context.version}版与上一版不同之处", columns, tuple(rows))


def _table_definitions(context: ReportContext) -> Table:
    mains = [INDICATORS[name] for name in MAIN if name in INDICATORS]
    rows = [(each.title, print_label(each.numerator), print_label(each.denominator), each.authority) for each in mains]
    columns = (Column("指标", 1.4, "left"), Column("分子", 2.4, "left"), Column("分母", 2.4, "left"),
               Column("依据", 1.8, "left"))  # fmt: skip
    return Table("口径", "指标口径", columns, tuple(rows))


def _table_thresholds(context: ReportContext) -> Table:
    shown = ("attendance_owed_school_days", "unexcused_days", "silent_share", "quarantine_share",
             "verification_working_days", "evidence_working_days", "transfer_working_days")  # fmt: skip
    rows = []
    for name in shown:
        if name in context.thresholds:
            each = context.thresholds[name]
            value = f"{each.value * 100:g}%" if each.unit == "比例" else f"{each.value:g}{each.unit}"
            rows.append((each.title, value, each.authority))
    columns = (Column("项目", 2.6, "left"), Column("取值", 1.2), Column("依据", 2.4, "left"))
    return Table("限值", "比对和核查所用限值", columns, tuple(rows))
