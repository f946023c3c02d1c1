"""Do the figures agree (数据勾稽)? Every sum that papers print, and the pairs that other registers should confirm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from transforms.documents.context import ReportContext
from transforms.documents.figures import Area
from transforms.documents.reading import Source
from transforms.documents.workbook import Sheet, SheetColumn


class FiguresDisagree(ValueError):
    """A sum that a paper would print does not hold; the message says which (contract §6: the run stops)."""


@dataclass(frozen=True)
class Check:
    """One pair of figures. `must`: they agree by construction, and nothing is printed when they do not.

    `why`: what a difference means where there may be one.
    """

    group: str
    what: str
    left_says: str
    left: int
    right_says: str
    right: int
    must: bool = True
    why: str = ""

    @property
    def holds(self) -> bool:
        """True when both sides are equal."""
        return self.left == self.right


def check_sums(context: ReportContext) -> None:
    """Check every sum before anything is printed. Raises FiguresDisagree."""
    faults = [check.what for check in list_checks(context) if check.must and not check.holds]
    faults += [fault for counts in context.counts.values() for fault in counts.list_faults()]
    if faults:
        raise FiguresDisagree("数据勾稽不成立，未生成文件：" + "；".join(faults))


def list_checks(context: ReportContext) -> list[Check]:
    """List every pair of figures that should agree, those that must first in their group."""
    return [
        *_check_ladder(context), *_check_ledgers(context), *_check_bridges(context), *_check_areas(context),
        *_check_reports(context), *_check_deliveries(context), *_check_counts(context),
    ]  # fmt: skip


def _check_ladder(context: ReportContext) -> Iterator[Check]:
    labels = [step.label.lstrip("−-－=＝") for step in context.ladder]
    if "应入学" not in labels:
        return
    end = labels.index("应入学")
    counts = [step.count for step in context.ladder]
    taken = sum(abs(count) for count in counts[1:end])
    yield Check("应入学算式", "底册适龄人数逐项相减不等于应入学人数", "底册适龄人数－各项扣减", counts[0] - taken, "应入学", counts[end])
    if parts := counts[end + 1 :]:
        yield Check("应入学算式", "应入学各项去向之和不等于应入学人数", "各项去向之和", sum(parts), "应入学", counts[end])
    due = context.rate("enrolment_rate").denominator
    if due is not None:
        yield Check("应入学算式", "算式应入学人数与入学率分母不等", "算式应入学", counts[end], "入学率分母", due)


def _check_ledgers(context: ReportContext) -> Iterator[Check]:
    for sums in context.ledgers.values():
        left = sums.opening + sums.added - sums.closed
        yield Check("台账", f"{sums.title}上期结转＋新增－销减不等于期末在册", f"{sums.title}结转＋新增－销减", left, "期末在册",
                    sums.closing)  # fmt: skip
    states = context.states()
    parts = {
        "suspected": ("待核实", "待补佐证", "外地就读待转学"), "dropout": ("劝返中", "失联", "复学跟踪"), "tracked": ("在册跟踪",),
    }  # fmt: skip
    for name, names in parts.items():
        ledger = context.ledgers[name]
        yield Check("台账", f"{ledger.title}期末在册与案件状态之和不等", f"{ledger.title}期末在册", ledger.closing, "、".join(names),
                    sum(states[state] for state in names), must=False, why="一名儿童同时有两个未销号案件时不等")  # fmt: skip


def _check_bridges(context: ReportContext) -> Iterator[Check]:
    wholes = {"学籍": ("在籍学生", context.pupil_count)}
    if context.ladder:
        wholes["底册"] = ("底册适龄人数", context.ladder[0].count)
    for bridge in context.bridges:
        if bridge.from_register not in wholes:  # the list and the platform are counted nowhere else
            continue
        pair = f"{bridge.from_register}→{bridge.to_register}"
        says, whole = wholes[bridge.from_register]
        yield Check("名册衔接", f"{pair}各项之和与{says}不等", f"{pair}各项之和", bridge.total, says, whole)


def _check_areas(context: ReportContext) -> Iterator[Check]:
    whole = context.rate("enrolment_rate")
    held = [area for area in context.areas if area.enrolment.reported]
    if whole.reported and held:
        yield Check("区域和学段", "各镇街应入学之和与全区不等", "各镇街应入学之和", _add(held, "denominator"), "全区应入学",
                    whole.denominator or 0, must=False, why="底册未填镇街的儿童不在各镇街之内")  # fmt: skip
        yield Check("区域和学段", "各镇街已入学之和与全区不等", "各镇街已入学之和", _add(held, "numerator"), "全区已入学",
                    whole.numerator or 0, must=False, why="底册未填镇街的儿童不在各镇街之内")  # fmt: skip
    for indicator in ("enrolment_rate", "retention_rate_year", "dropout_rate", "in_school_rate"):
        rate = context.rate(indicator)
        stages = [context.rate(indicator, stage) for stage in ("primary", "junior")]
        if rate.reported and all(stage.reported for stage in stages):
            parts = sum(stage.denominator or 0 for stage in stages)
            yield Check("区域和学段", f"{rate.title}小学、初中分母之和与合计不等", f"{rate.title}分母小学＋初中", parts, "合计",
                        rate.denominator or 0, must=False, why="学段未明的学生只在合计之内")  # fmt: skip
    total = sum(school.pupils or 0 for school in context.schools)
    yield Check("区域和学段", "各学校在籍之和与全区在籍不等", "各学校在籍之和", total, "全区在籍", context.pupil_count, must=False,
                why="不应报送学校（如中职附设班）的学生不在各学校之内")  # fmt: skip


def _add(areas: list[Area], part: str) -> int:
    return sum(getattr(area.enrolment, part) or 0 for area in areas)


def _check_reports(context: ReportContext) -> Iterator[Check]:
    rate = context.rate("submission_rate")
    if not rate.reported or not context.months:
        return
    words = [word for school in context.schools for word in school.months]
    sent = sum(word in ("已报", "零报告", "不全") for word in words)
    yield Check("报送", "报送率分子与报送情况统计表不等", "已报＋零报告＋不全", sent, "报送率分子", rate.numerator or 0, must=False)
    owed = sum(word in ("已报", "零报告", "不全", "未报") for word in words)
    yield Check("报送", "报送率分母与报送情况统计表不等", "应报校月数", owed, "报送率分母", rate.denominator or 0, must=False)


def _check_deliveries(context: ReportContext) -> Iterator[Check]:
    for each in context.deliveries:
        parts = each.accepted + each.merged + each.quarantined
        yield Check("收件", f"{each.title}读入行数不等于采用＋合并＋隔离", f"{each.title}读入行数", each.rows_read, "采用＋合并＋隔离", parts)


def _check_counts(context: ReportContext) -> Iterator[Check]:
    """The sections' tables against the ledgers and cases they are cut from."""
    counts, ledger = context.counts, context.ledgers["suspected"]
    if towns := counts.get("suspect_by_township"):
        for key, whole in (("opening", ledger.opening), ("added", ledger.added), ("closing", ledger.closing)):
            yield Check("分项表", f"各镇街疑似核查表{key}与疑似台账不等", "各镇街之和", towns.sums[key], f"疑似台账{CLOSING[key]}", whole)
    if due := counts.get("due_by_owner"):
        yield Check("分项表", "时限表与未办结案件数不等", "各责任层级之和", due.sums["cases"], "未办结案件", sum(context.states().values()))
    if roll := counts.get("roll_check"):
        yield Check("分项表", "逐一核对表与在籍学生数不等", "核对表在籍", roll.sums["pupils"], "在籍学生", context.pupil_count)
        yield Check("分项表", "逐一核对表与籍在人不在结果不等", "核对表籍在人不在", roll.sums["missing"], "比对籍在人不在",
                    context.finding("absent").count, must=False, why="休学学生另列")  # fmt: skip
    if opening := counts.get("opening_return"):
        sums = opening.sums
        yield Check("分项表", "应返校与各项去向之和不等", "应返校", sums["expected"], "各项去向之和", sum(sums.values()) - sums["expected"])
    yield from _check_elsewhere(context)


CLOSING = {"opening": "上期结转", "added": "本期新增", "closing": "期末在册"}


def _check_elsewhere(context: ReportContext) -> Iterator[Check]:
    """三统一 and its like: figures of different origin that readers will set side by side."""
    enrolment, unenrolled = context.rate("enrolment_rate"), context.finding("unenrolled")
    if enrolment.reported:
        yield Check("不同来源", "未入学人数与适龄未入学比对人数不等", "入学率未入学", enrolment.missing, "比对适龄未入学", unenrolled.count,
                    must=False, why="延缓入学、休学、送教无学籍和学籍行被隔离的计入未入学，比对时已有去向")  # fmt: skip
    retention = context.rate("retention_rate_year")
    out = sum(context.states()[state] for state in ("劝返中", "失联"))
    if retention.reported:
        yield Check("不同来源", "学年流失与期末未返校不等", "巩固率流失", retention.missing, "期末未返校", out, must=False,
                    why="流失只计本学年在籍成员，含去向不明未认定者；未返校含往年结转和从未入学者")  # fmt: skip


def say_gap(more: int) -> str:
    """甲方多2 or 甲方少2."""
    return f"甲方{'多' if more > 0 else '少'}{abs(more)}"


def list_reconcile_sheet(context: ReportContext, source: Source) -> Sheet:
    """The 数据勾稽核对表: every pair with √ or its difference."""
    rows = [
        (number, check.group, check.left_says, check.left, check.right_says, check.right,
         "√" if check.holds else say_gap(check.left - check.right), "" if check.holds else check.why)
        for number, check in enumerate([*list_checks(context), *_check_platform(source)], 1)
    ]  # fmt: skip
    columns = (SheetColumn("number", "序号", 6, "count"), SheetColumn("group", "类别", 12), SheetColumn("left_says", "甲方", 36),
               SheetColumn("left", "甲数", 10, "count"), SheetColumn("right_says", "乙方", 30), SheetColumn("right", "乙数", 10, "count"),
               SheetColumn("result", "结果", 10, "centre"), SheetColumn("why", "说明", 40))  # fmt: skip
    frame = pl.DataFrame(rows, schema=[column.name for column in columns], orient="row")
    note = "注：√为相等；“不同来源”一类不要求相等，差额按说明核对。各台账、算式、名册衔接不平的，不出报。"
    return Sheet("数据勾稽", f"{context.label}数据勾稽核对表", columns, frame, note)


def _check_platform(source: Source) -> Iterator[Check]:
    """Children open on the platform against those open in our ledgers."""
    if not source.rows("select 1 from validated.platform where period = $period limit 1"):
        return
    platform = source.rows("""select count(distinct link.person_id) from validated.platform as p
        inner join conformed.link as link on p.identity = link.identity
        where p.period = $period and p.platform_closed_on is null""")[0][0]  # fmt: skip
    ours = source.rows("""select count(*) from cases.member where ledger in ('suspected', 'dropout')""")[0][0]
    yield Check("不同来源", "平台在册与本区台账不等", "平台在册未销号", int(platform), "疑似、辍学台账在册", int(ours), must=False,
                why="见平台新增录入表和平台销号核对表")  # fmt: skip
