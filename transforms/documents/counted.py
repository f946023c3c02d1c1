"""Tables of counts for the sections of the 双月报: one SQL file each in `counted/`, declared here with headings and sums.

What a table says must add up: `adds` and `equals` name the columns whose sums agree in every row and in the total.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from transforms.documents.blocks import Column, Table
from transforms.documents.quarter import find_quarter
from transforms.documents.reading import Source, read_area_order
from transforms.documents.wording import MISSING, print_label

HERE = Path(__file__).parent / "counted"
Cell = int | str | Decimal | None


@dataclass(frozen=True)
class Heading:
    """One column of a count table: its name in the SQL, its heading on paper, its share of the width."""

    key: str
    title: str
    weight: float = 1.0


@dataclass(frozen=True)
class Spec:
    """How one counted table is printed, and what its sums must satisfy.

    `place`: the name templates ask for. `adds` = `equals`, column by column sums. `by_area`: rows in the district's order of
    镇街. `totals`: columns that add up over the rows (all of them unless said).
    """

    name: str
    place: str
    caption: str
    headings: tuple[Heading, ...]
    adds: tuple[str, ...] = ()
    equals: tuple[str, ...] = ()
    note: str = ""
    by_area: bool = False
    has_total: bool = True


@dataclass(frozen=True)
class Counts:
    """One counted table of a period: rows of a label and counts, as the SQL gave them."""

    spec: Spec
    label: str
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns' names, the label's first."""
        return tuple(heading.key for heading in self.spec.headings)

    @property
    def sums(self) -> dict[str, int]:
        """Column → sum over the rows, for the columns of whole numbers."""
        whole = [i for i in range(1, len(self.keys)) if all(isinstance(row[i], int) for row in self.rows)]
        return {self.keys[i]: sum(int(row[i] or 0) for row in self.rows) for i in whole}

    def find(self, label: str) -> dict[str, Cell]:
        """The row of a label by column; empty where there is none."""
        return next((dict(zip(self.keys, row, strict=True)) for row in self.rows if row[0] == label), {})

    def list_faults(self) -> list[str]:
        """Rows whose two sides differ, in words."""
        if not self.spec.adds:
            return []
        found = []
        for row in self.rows:
            cells = dict(zip(self.keys, row, strict=True))
            left, right = (sum(int(cells[key] or 0) for key in side) for side in (self.spec.adds, self.spec.equals))
            if left != right:
                found.append(f"{self.caption}“{row[0]}”一行不平，差{left - right}")
        return found

    @property
    def caption(self) -> str:
        """The table's caption with the period."""
        return self.spec.caption.format(label=self.label)

    def lay_out(self) -> Table:
        """The printed table, with a total line where there are several rows."""
        columns = tuple(
            Column(h.title, h.weight, "left" if i == 0 and h.weight > 2 else "center") for i, h in enumerate(self.spec.headings)
        )
        rows = [tuple(print_cell(cell) for cell in row) for row in self.rows]
        has_total = self.spec.has_total and len(rows) > 1
        if has_total:
            rows.append(("合计", *(print_cell(self._sum_column(i)) for i in range(1, len(columns)))))
        return Table(self.spec.place, self.caption, columns, tuple(rows), has_total, self.spec.note)

    def _sum_column(self, index: int) -> Cell:
        cells = [row[index] for row in self.rows]
        if all(isinstance(cell, Decimal) for cell in cells):
            return sum((Decimal(str(cell)) for cell in cells), Decimal(0))
        return sum(int(cell or 0) for cell in cells) if all(isinstance(cell, int) for cell in cells) else None


def print_cell(cell: Cell) -> str:
    """A cell as printed; — where nothing was reported."""
    return MISSING if cell is None else print_label(str(cell))


def _head(text: str) -> tuple[Heading, ...]:
    """Read `key 标题 [weight]` lines."""
    parts = [line.split() for line in text.strip().splitlines()]
    return tuple(Heading(part[0], part[1], float(part[2]) if len(part) > 2 else 1.0) for part in parts)


RETURN_HEADS = """
expected 应返校
back 已返校
moved_out 转出 0.8
suspended 休学 0.8
excused 请假 0.8
died 死亡 0.8
home_taught 送教 0.8
unknown 去向不明
unreported 未报送
"""
RETURNED = ("back", "moved_out", "suspended", "excused", "died", "home_taught", "unknown", "unreported")
RETURN_NOTE = ("注：应返校＝已返校＋转出＋休学＋请假＋死亡＋送教＋去向不明＋未报送；转出含出国（境）和升入中职，未报送为学校或班级未报在校情况的"
               "学生，不视为已返校。")  # fmt: skip

SPECS = (
    Spec("causes", "可能原因", "{label}比对对象的可能原因（单位：人）", _head("""
        cause 可能原因 2
        unenrolled 适龄未入学
        absent 籍在人不在
        unaccounted 离校去向不明
        transition_gap 毕业未升学
        listed 名单所列"""), note="注：可能原因由名册比对提示，以核实结论为准；各比对项对象有交叉，不相加。", has_total=True),
    Spec("roll_check", "在籍在校", "{label}在籍学生逐一核对情况（单位：人）", _head("""
        stage 学段
        pupils 在籍
        present 在校
        excused 请假
        short_absence 短期缺勤
        suspended 休学
        home_taught 送教
        explained 已有去向
        missing 籍在人不在
        not_owed 本期不报
        unreported 未报送"""), ("pupils",),
        ("present", "excused", "short_absence", "suspended", "home_taught", "explained", "missing", "not_owed", "unreported"),
        "注：按最近应报月份统计；短期缺勤（无故缺勤未达天数）和未报送（含报送不全、人数不闭合）不视为在校；本期不报指中考后九年级等。"),
    Spec("suspect_by_township", "疑似去向", "各镇街{label}疑似对象核查结果（单位：人）", _head("""
        township 镇街 1.7
        opening 上期结转
        added 本期新增
        in_school 核实销号/在校就读
        elsewhere 核实销号/外地就读
        register_fault 核实销号/户籍问题
        finished 核实销号/毕业超龄
        gone 核实销号/死亡出境
        other 核实销号/其他
        tracked 转出/在册跟踪
        dropped_out 转出/辍学台账
        closing 期末在册"""), ("opening", "added"),
        ("in_school", "elsewhere", "register_fault", "finished", "gone", "other", "tracked", "dropped_out", "closing"),
        "注：上期结转＋本期新增＝核实销号＋转出＋期末在册。户籍问题含户籍迁出、户籍或证件错误、重复信息。", by_area=True),
    Spec("closings", "销号", "{label}销号类别（单位：人）", _head("""
        closed_as 销号类别 2
        suspected 疑似台账
        dropout 辍学台账
        tracked 在册跟踪台账
        children 合计"""), ("suspected", "dropout", "tracked"), ("children",),
        "注：按销号前所在台账统计；销减中转入其他台账的不是销号，不在本表。"),
    Spec("case_by_stage", "学段案件", "{label}分学段疑似、辍学和复学情况（单位：人）", _head("""
        stage 学段 1.2
        suspected 疑似对象/期末在册
        suspected_monitored 疑似对象/脱贫户
        still_out 辍学未返/期末在册
        still_out_monitored 辍学未返/脱贫户
        back 已劝返复学/期末在册
        back_monitored 已劝返复学/脱贫户"""), note="注：脱贫户含监测对象家庭；辍学未返含失联；疑似对象含待补佐证和外地就读待转学。"),
    Spec("dropout_reasons", "辍学原因", "{label}辍学原因（单位：人）", _head("""
        reason 辍学原因 2
        still_out 未返校
        back 已劝返复学
        children 合计"""), ("still_out", "back"), ("children",)),
    Spec("intake", "新生", "{label}新生报到和建籍情况（单位：人）", _head("""
        stage 学段
        listed 新生名册
        reported 已报到
        on_roll 已有本区学籍
        without_record 尚无本区学籍"""), ("listed",), ("on_roll", "without_record")),
    Spec("elsewhere", "外地就读", "外地就读有学籍人员佐证情况（单位：人）", _head("""
        proof 佐证 2
        children 人数
        in_ladder 其中计入应入学 1.2
        on_review_list 其中列入年度复核"""), note=(
            "注：含全部核实结论仍有效的人员。未计入应入学的，为学籍仍在本区、初中已毕业、已过学龄、不在底册或底册已注销的；“应入学人数计算”中的“外地就读”除计入的以外，"
            "还有外地就读无学籍的。")),
    Spec("sealed", "涉案", "{label}涉案未成年人就学情况", _head("""
        label 项目 2
        townships 报送镇街（个）
        people 人数
        present 在校
        out_of_school 未在校"""), note="注：只统计人数，不报姓名；各数按报送原样。", has_total=False),
    Spec("guardianship", "监护", "关爱儿童监护情况（单位：人）", _head("""
        care_kind 类别 1.8
        children 人数
        normal 正常
        weak_with_carer 监护能力弱/有照护人
        weak_alone 监护能力弱/无照护人
        unguarded_with_carer 无人监护/有照护人
        unguarded_alone 无人监护/无照护人
        unknown 情况未报"""), ("children",),
        ("normal", "weak_with_carer", "weak_alone", "unguarded_with_carer", "unguarded_alone", "unknown"),
        "注：同一儿童可列多个类别，不相加。", has_total=False),
    Spec("disabled_by_placement", "残疾安置", "适龄残疾儿童少年安置情况（单位：人）", _head("""
        placement 安置方式 1.8
        children 人数
        with_record 有学籍
        without_record 无学籍
        home_lessons 本期送教（次）"""), ("children",), ("with_record", "without_record"),
        "注：与残疾儿童少年入学率同一范围；无学籍含核实在外地就读、已毕业等有去向的，未入学和未安置人数另见文字。"),
    Spec("aid_items", "资助项目", "{label}资助发放情况", _head("""
        item 资助项目 2.4
        pupils 学生（人）
        payments 发放（人次）
        amount 金额（元） 1.4"""), note="注：按本期发放日期统计；同一学生可享受多个项目。"),
    Spec("work_breaches", "减负", "{label}学校工作自报与限值对照", _head("""
        limit_title 项目 2.6
        checked 已填报（校次）
        breaches 超限（校次）
        schools 涉及学校（所）
        junior_schools 其中初中段（所）"""), note="注：按学校月报自报数据对照，校次为学校、月份和年级段的组合。", has_total=False),
    Spec("movements", "学籍异动", "{label}学籍异动情况（单位：人次）", _head("""
        movement_type 异动类型 1.8
        done 已办结
        under_way 办理中
        movements 合计"""), ("done", "under_way"), ("movements",)),
    Spec("plan_by_zone", "方案宣传", "{label}各督导责任区方案、宣传和家访情况", _head("""
        zone 督导责任区 2
        schools 学校（所）
        told 本期已报（所）
        whole_plans 方案四项齐全（所） 1.2
        short_plans 方案有缺项（所） 1.2
        untold 方案未报（所）
        law_sessions 法治宣传（场）
        law_reached 宣传覆盖（人）
        home_visits 家访（人次）"""), ("schools",), ("whole_plans", "short_plans", "untold"),
        "注：方案四项为工作方案、专题研究、责任人、专项经费，按本学年学校月报自报；宣传和家访为本期数。"),
    Spec("due_by_owner", "到期", "期末未办结对象时限情况（单位：人）", _head("""
        owner 责任层级 1.2
        cases 未办结
        overdue 已逾期
        due_soon 下期内到期
        due_later 其后到期
        no_clock 不设时限"""), ("cases",), ("overdue", "due_soon", "due_later", "no_clock")),
    Spec("confirmed", "本期认定", "本期认定和复学", _head("""
        label 期间
        confirmed 确认辍学
        confirmed_monitored 其中脱贫户
        returned 复学"""), has_total=False),
)  # fmt: skip
QUARTER = Spec("quarter_cases", "季度案件", "本季度疑似和辍学核查情况（单位：人）", _head("""
        stage 学段
        opened 新立案
        verified 已核实
        confirmed 确认辍学
        returned 劝返复学
        closed 销号"""), note="注：按发生日期统计，同一儿童可先后列入几项，不相加。")  # fmt: skip
OPENING = Spec("opening_return", "返校", "{label}开学返校情况（单位：人）", _head("stage 学段 1.2\n" + RETURN_HEADS.strip()),
               ("expected",), RETURNED, RETURN_NOTE)  # fmt: skip
OPENING_SCHOOLS = Spec("opening_by_school", "返校学校", "各学校{label}开学返校情况（单位：人）",
                       _head("school 学校 3.2\n" + RETURN_HEADS.strip()), ("expected",), RETURNED)  # fmt: skip


@cache
def read_sql(name: str) -> str:
    """The text of one counted table."""
    return (HERE / f"{name}.sql").read_text(encoding="utf-8")


def read_counts(source: Source) -> dict[str, Counts]:
    """Read every counted table that has a row, by name.

    新生名册 is spoken of in July–August and at the opening it is for; the opening's two tables in an opening's period.
    """
    period = source.period
    apart = {"intake": period.number in (4, 5), "roll_check": not period.is_summer}
    held = {spec.name: _read(source, spec) for spec in SPECS if apart.get(spec.name, True)}
    if "roll_check" in held:
        held["roll_check"] = _note_special(source, held["roll_check"])
    if quarter := find_quarter(period):
        rows = query(source, QUARTER.name, quarter_first=quarter.first_day, quarter_last=quarter.last_day)
        held[QUARTER.name] = Counts(QUARTER, quarter.label, tuple(rows))
    if opened := find_opening(source):
        rows = query(source, "opening_return", opened=opened, is_autumn=source.period.number == 5)
        held["opening_return"] = Counts(OPENING, source.period.label, _add_up(rows, 1, ("小学", "初中")))
        names = _name_schools(source)
        by_school = _add_up([(names.get(row[0], row[0]), *row[1:]) for row in rows], 0, names.values())
        held["opening_by_school"] = Counts(OPENING_SCHOOLS, source.period.label, by_school)
    return {name: counts for name, counts in held.items() if counts.rows}


def find_opening(source: Source) -> str | None:
    """The period that the term of this one opened in: B1 for B1 and B2, B5 for itself; None elsewhere."""
    opening = {1: 1, 2: 1, 5: 5}.get(source.period.number)
    return f"{source.period.year}-B{opening}" if opening else None


def query(source: Source, name: str, **more: Any) -> list[tuple[Any, ...]]:
    """Run one counted table's SQL with the parameters it names."""
    period = source.period
    days: Mapping[str, Any] = {
        "first_day": period.first_day, "as_of": period.last_day, "next_day": period.next().last_day,
        "school_year": period.school_year, "intake_from": f"{period.year}-B3", **more,
    }  # fmt: skip
    text = read_sql(name)
    return source.rows(text, **{key: value for key, value in days.items() if re.search(rf"\${key}\b", text)})


def _read(source: Source, spec: Spec) -> Counts:
    rows = query(source, spec.name)
    if spec.by_area:
        order = {name: index for index, name in enumerate(read_area_order())}
        rows = sorted(rows, key=lambda row: (order.get(row[0], len(order)), row[0]))
    counts = Counts(spec, source.period.label, tuple(rows))
    return _leave_out(counts, "absent") if source.period.is_summer else counts


def _note_special(source: Source, counts: Counts) -> Counts:
    """Say how many of each stage learn in 特殊教育学校: the prose counts them apart."""
    rows = source.rows("""select case stage when 'primary' then '小学' else '初中' end as word, count(*) from conformed.enrolment
        semi join (from conformed.school where school_type = '特殊教育学校') using (school_code) group by word order by word desc""")
    if not rows:
        return counts
    said = f"含特殊教育学校学生（{'、'.join(f'{word}{pupils}人' for word, pupils in rows)}）。"
    return replace(counts, spec=replace(counts.spec, note=counts.spec.note.removesuffix("。") + "；小学、初中" + said))


def _leave_out(counts: Counts, key: str) -> Counts:
    """Take a column away: nobody is compared with the classroom in July and August."""
    if key not in counts.keys:
        return counts
    at = counts.keys.index(key)
    spec = replace(counts.spec, headings=counts.spec.headings[:at] + counts.spec.headings[at + 1 :])
    return Counts(spec, counts.label, tuple(row[:at] + row[at + 1 :] for row in counts.rows))


def _name_schools(source: Source) -> dict[str, str]:
    """School code → name, in the order of the report's other table of schools."""
    order = {name: index for index, name in enumerate(read_area_order())}
    rows = source.rows("select school_code, school_name, township from conformed.school order by school_code")
    return {code: name for code, name, _ in sorted(rows, key=lambda row: order.get(row[2], len(order)))}


def _add_up(rows: Iterable[tuple[Any, ...]], by: int, order: Iterable[str]) -> tuple[tuple[Cell, ...], ...]:
    """Add rows of (school, stage, counts…) up by school (0) or stage (1), in the given order."""
    sums: dict[str, list[int]] = {}
    for row in rows:
        held = sums.setdefault(row[by], [0] * (len(row) - 2))
        sums[row[by]] = [a + b for a, b in zip(held, row[2:], strict=True)]
    known = [name for name in order if name in sums]
    return tuple((name, *sums[name]) for name in [*known, *sorted(set(sums) - set(known))])


def find_base(source: Source, opened: str) -> str:
    """Which snapshot 应返校 starts from."""
    found = source.rows("""select coalesce(max(period) filter (where period < $opened), min(period)) from conformed.record""",
                        opened=opened)  # fmt: skip
    return str(found[0][0] or "")


