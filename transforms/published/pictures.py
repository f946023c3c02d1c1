"""The pictures of `baoxue explore`, by altair: frames in, charts out; Chinese titles, no colour alone tells a thing."""

from __future__ import annotations

from html import escape

import altair as alt
import polars as pl

from transforms.published.funnel import (
    OUTSIDE_WORST,
    STANDINGS,
    Funnel,
    list_limits,
)

FONT = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, SimHei, sans-serif"
INK, GREY, RED, BLUE, AMBER = "#222222", "#8a8f98", "#b0122b", "#1f4e79", "#c77700"
PERCENT = ".2%"
WIDTH = 900
STATE_ORDER = ("待核实", "待补佐证", "外地就读待转学", "在册跟踪", "劝返中", "失联", "复学跟踪")
# Offers to open a chart in a page elsewhere, or to show its source, are left out.
EMBED = {"renderer": "svg", "actions": {"export": True, "source": False, "compiled": False, "editor": False},
         "i18n": {"PNG_ACTION": "存为图片（PNG）", "SVG_ACTION": "存为矢量图（SVG）", "CLICK_TO_VIEW_ACTIONS": "存图"}}  # fmt: skip
AnyChart = alt.Chart | alt.LayerChart | alt.FacetChart


EDGE = "border:1px solid #d5d9de;padding:3px 10px;white-space:nowrap"


def write_table(rows: list[dict[str, object]] | pl.DataFrame) -> str:
    """A plain table in HTML, its look with it; numbers to the right."""
    listed = rows.to_dicts() if isinstance(rows, pl.DataFrame) else rows
    if not listed:
        return ""
    head = "".join(f"<th style='{EDGE};position:sticky;top:0;background:#e8edf2'>{escape(name)}</th>" for name in listed[0])
    lines = "".join("<tr>" + "".join(_write_cell(name, value) for name, value in row.items()) + "</tr>" for row in listed)
    return (f"<div style='max-height:480px;overflow:auto'><table style='border-collapse:collapse;font-size:14px'>"
            f"<thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>")  # fmt: skip


def _write_cell(name: str, value: object) -> str:
    if isinstance(value, float) and name.endswith(("率", "界", "比例")):
        value = f"{value:.2%}"
    side = "right" if isinstance(value, int | float) or str(value).endswith("%") else "left"
    return f"<td style='{EDGE};text-align:{side}'>{escape('' if value is None else str(value))}</td>"


def dress(chart: AnyChart) -> AnyChart:
    """Give a chart the house look: one Chinese font, left titles, no frame."""
    return (
        chart.properties(usermeta={"embedOptions": EMBED})
        .configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=12, titleFontSize=12, gridColor="#e6e8eb", labelColor=INK, titleColor=INK, labelLimit=260, titlePadding=8)
        .configure_title(anchor="start", fontSize=15, color=INK, subtitleFontSize=12, subtitleColor=GREY)
        .configure_legend(orient="top", labelFontSize=12, titleFontSize=12)
    )


def _tips(*names: str, **percents: str) -> list[alt.Tooltip]:
    return [*(alt.Tooltip(name) for name in names), *(alt.Tooltip(name, format=PERCENT) for name in percents)]


def draw_trend(rows: pl.DataFrame, title: str) -> AnyChart:
    """Lines by area over the periods; the band is from the unresolved counted as out to counted as in."""
    order = rows.sort("period")["期间"].unique(maintain_order=True).to_list()
    base = alt.Chart(rows).encode(
        x=alt.X("期间:N", sort=order, title=None, axis=alt.Axis(labelAngle=0)),
        color=alt.Color("区域:N", title=None, sort=None),
    )
    rate = alt.Y("率:Q", scale=alt.Scale(zero=False), axis=alt.Axis(format=PERCENT), title="率")
    band = base.mark_errorbar(ticks={"size": 14}, opacity=0.6).encode(y=alt.Y("下界:Q", scale=alt.Scale(zero=False), title="率"), y2="上界:Q")
    line = base.mark_line(point=alt.OverlayMarkDef(size=60)).encode(
        y=rate, strokeDash=alt.StrokeDash("区域:N", legend=None, sort=None),
        tooltip=_tips("区域", "期间", "分子", "分母", 率="", 下界="", 上界=""),
    )  # fmt: skip
    return dress(alt.layer(band, line).properties(
        width=WIDTH, height=340, title=alt.Title(f"{title}逐期走势", subtitle="竖线为上下界：未了者全部计为不在，或全部计为在")))  # fmt: skip


def draw_towns(rows: pl.DataFrame, label: str) -> AnyChart:
    """The 镇街 by indicators: each cell says its rate; its colour how far beyond chance it is off the district's."""
    names = rows.sort("place")["指标"].unique(maintain_order=True).to_list()
    worst = rows.group_by("镇街").agg(pl.col("off").clip(-9, 0).sum()).sort("off", "镇街")["镇街"].to_list()
    base = alt.Chart(rows).encode(
        x=alt.X("指标:N", sort=names, title=None, axis=alt.Axis(orient="top", labelAngle=-20, labelLimit=150)),
        y=alt.Y("镇街:N", sort=worst, title=None),
        tooltip=[*_tips("镇街", "指标", "分子", "分母", 率="", 全区=""), alt.Tooltip("off", format=".1f", title="离全区几个标准差")],
    )
    colour = alt.Color("off:Q", title="离全区几个标准差（负为差）", scale=alt.Scale(
        domain=[-4, -2, 0, 2, 4], range=[RED, "#f0b9a8", "#f7f7f5", "#b7cfe3", BLUE], clamp=True, interpolate="rgb"))  # fmt: skip
    text = base.mark_text(fontSize=11).encode(
        text=alt.Text("率:Q", format=PERCENT),
        color=alt.condition("abs(datum.off) > 3.4", alt.value("white"), alt.value(INK)),
    )
    return dress(alt.layer(base.mark_rect(stroke="white").encode(color=colour), text).properties(
        width=WIDTH, height=alt.Step(24),
        title=alt.Title(f"{label}各镇街主要指标", subtitle="格中为率；颜色按人数折算，人少的镇街差一两人不显红；最需留意的在上")))  # fmt: skip


def draw_funnel(funnel: Funnel, title: str) -> AnyChart:
    """Schools by size and rate within the walls of chance; only those outside them are named."""
    rows = [(p.school.name, p.school.denominator, p.school.numerator, p.school.rate, p.standing) for p in funnel.points]
    schools = pl.DataFrame(rows, schema=["学校", "分母", "分子", "率", "判断"], orient="row")
    walls = pl.DataFrame([vars(limit) for limit in list_limits(funnel.rate, funnel.largest)])
    low, high = min(row[3] for row in rows), max(row[3] for row in rows)
    room = max(high - low, 0.002) * 0.12
    scale = alt.Scale(domain=[max(0.0, low - room), min(1.0, high + room)], nice=False, clamp=True)
    y = alt.Y("率:Q", scale=scale, title="率", axis=alt.Axis(format=PERCENT))
    x = alt.X("分母:Q", title="分母（人数）")
    wall = alt.Chart(walls).encode(x=alt.X("denominator:Q", title="分母（人数）"))
    areas = [
        wall.mark_area(opacity=0.5, color="#e8edf2").encode(
            y=alt.Y("outer_low:Q", scale=scale, title="率"), y2="outer_high:Q"),
        wall.mark_area(opacity=0.9, color="#d5dee8").encode(y=alt.Y("inner_low:Q", scale=scale), y2="inner_high:Q"),
    ]  # fmt: skip
    middle = alt.Chart(pl.DataFrame({"率": [funnel.rate]})).mark_rule(color=GREY, strokeDash=[6, 4]).encode(y=y)
    base = alt.Chart(schools).encode(x=x, y=y)
    dots = base.mark_point(filled=True, size=90, opacity=0.9).encode(
        color=alt.Color("判断:N", title=None, sort=list(STANDINGS), scale=alt.Scale(
            domain=list(STANDINGS), range=[RED, AMBER, GREY, BLUE])),
        shape=alt.Shape("判断:N", title=None, scale=alt.Scale(
            domain=list(STANDINGS), range=["triangle-down", "diamond", "circle", "triangle-up"])),
        tooltip=_tips("学校", "分子", "分母", "判断", 率=""),
    )  # fmt: skip
    names = base.transform_filter(f"datum.判断 == '{OUTSIDE_WORST}'").mark_text(
        align="left", dx=9, fontSize=12, color=RED, fontWeight="bold").encode(text="学校:N")  # fmt: skip
    return dress(alt.layer(*areas, middle, dots, names).properties(width=WIDTH, height=420, title=alt.Title(
        f"{title}：学校漏斗图",
        subtitle="虚线为全部学校合计；深色带内为95%的偶然波动，浅色带内为99.8%。带外才值得追问，学校越小带越宽")))  # fmt: skip


def draw_cohorts(rows: pl.DataFrame, share: str, label: str) -> AnyChart:
    """Each grade of the start followed through: the share of the cohort that is still here, or still at its school."""
    order = rows.sort("period")["期间"].unique(maintain_order=True).to_list()
    named = rows.with_columns(("起始" + pl.col("年级") + "年级").alias("届"))
    chart = alt.Chart(named).mark_line(point=alt.OverlayMarkDef(size=55)).encode(
        x=alt.X("期间:N", sort=order, title=None, axis=alt.Axis(labelAngle=0)),
        y=alt.Y(f"{share}:Q", scale=alt.Scale(zero=False, domainMax=1), axis=alt.Axis(format=PERCENT), title=share),
        color=alt.Color("届:N", title=None, scale=alt.Scale(scheme="viridis")),
        tooltip=_tips("届", "期间", "这届人数", "仍在籍", "仍在原校", 在籍比例="", 原校比例=""),
    )  # fmt: skip
    return dress(chart.properties(width=WIDTH, height=360, title=alt.Title(
        f"{label}各年级学生逐期还有多少在籍", subtitle="按儿童假名追踪；转出、死亡、出国也在减少之列；九年级只追到学年末")))  # fmt: skip


def draw_cases(rows: pl.DataFrame, by: str, title: str, order: list[str] | None = None) -> AnyChart:
    """Open cases by a column, stacked by state in the order of the case's life; the number stands at the bar's end."""
    places = pl.DataFrame({"状态": list(STATE_ORDER), "seq": range(len(STATE_ORDER))})
    ranked = rows.join(places, on="状态", how="left")
    sort = order or ranked.group_by(by).agg(pl.col("案件数").sum()).sort("案件数", by, descending=[True, False])[by].to_list()
    y = alt.Y(f"{by}:N", sort=sort, title=None)
    bars = alt.Chart(ranked).mark_bar().encode(
        y=y, x=alt.X("案件数:Q", title="未销号案件数"),
        color=alt.Color("状态:N", title=None, sort=list(STATE_ORDER), scale=alt.Scale(domain=list(STATE_ORDER), scheme="tableau10")),
        order=alt.Order("seq:Q"), tooltip=_tips(by, "状态", "案件数"),
    )  # fmt: skip
    ends = alt.Chart(ranked).mark_text(align="left", dx=4, fontSize=12).encode(
        y=y, x=alt.X("sum(案件数):Q", title="未销号案件数"), text=alt.Text("sum(案件数):Q"))  # fmt: skip
    return dress(alt.layer(bars, ends).properties(width=WIDTH - 60, height=alt.Step(26), title=title))
