"""Charts through vl-convert, offline: SVG for the pdf, PNG for the docx, the same bytes each time.

These papers are photocopied: dash and marker tell the series apart as well as colour.
"""

from __future__ import annotations

import re
from typing import Any

import vl_convert

from transforms.documents.blocks import Chart
from transforms.documents.context import ReportContext
from transforms.documents.fonts import FontSet
from transforms.documents.wording import print_rate

INK, RED, BLUE = "#222222", "#b0122b", "#1f4e79"
SHORT = {"enrolment_rate": "入学率", "retention_rate_year": "学年巩固率"}
WIDTH = 500  # pixels of the plot; with axes the picture is about 156 mm wide


def register_fonts(fonts: FontSet) -> str:
    """Make the chosen fonts known to vl-convert; return the family that charts use."""
    for folder in sorted({str(path.parent) for path in fonts.files()}):
        vl_convert.register_font_directory(folder)
    return fonts.family("黑体")


def draw_charts(context: ReportContext, family: str) -> dict[str, Chart]:
    """Draw the charts that this issue can fill: 趋势 (whole and small) with two periods or more, 镇街 with any rate."""
    charts = {}
    periods = sorted({row[0] for row in context.trend})
    if len(periods) > 1:
        charts["趋势"] = _draw_trend(context, family, "趋势", (WIDTH, 170))
        charts["趋势简图"] = _draw_trend(context, family, "趋势简图", (320, 88))
    if any(area.enrolment.reported for area in context.areas):
        charts["镇街"] = _draw_areas(context, family)
    if sum(bool(school.retention.denominator) for school in context.schools) > 4:
        charts["学校"] = _draw_schools(context, family)
    if not context.ledgers["suspected"].is_empty:
        charts["流向"] = _draw_flow(context, family)
    return charts


def _draw_trend(context: ReportContext, family: str, name: str, size: tuple[int, int]) -> Chart:
    rows: list[dict[str, Any]] = [
        {
            "period": p.label.replace("年", "年\n"),
            "series": SHORT[i],
            "rate": float(print_rate(n, d)),
            "text": print_rate(n, d),
        }
        for p, i, n, d in context.trend
    ]
    low, high = _span([row["rate"] for row in rows], 0.4)
    x = {"field": "period", "type": "ordinal", "sort": None, "title": None,
         "axis": {"labelAngle": 0, "labelExpr": "split(datum.label, '\\n')"}}  # fmt: skip
    y = {"field": "rate", "type": "quantitative", "title": "%", "scale": {"domain": [low, high], "zero": False},
         "axis": {"titleAngle": 0, "format": ".2f", "tickCount": 5, "labelExpr": "datum.value > 100 ? '' : datum.label"}}  # fmt: skip
    colour = {"field": "series", "type": "nominal", "title": None,
              "scale": {"domain": list(SHORT.values()), "range": [RED, BLUE]},
              "legend": {"orient": "top", "symbolSize": 80, "symbolStrokeWidth": 0}}  # fmt: skip
    shape = {"field": "series", "type": "nominal", "title": None,
             "scale": {"domain": list(SHORT.values()), "range": ["circle", "square"]}}  # fmt: skip
    dash = {"field": "series", "type": "nominal", "legend": None,
            "scale": {"domain": list(SHORT.values()), "range": [[1, 0], [6, 4]]}}  # fmt: skip
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "line", "strokeWidth": 2}, "encoding": {"x": x, "y": y, "color": colour, "strokeDash": dash}},
        {"mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
         "encoding": {"x": x, "y": y, "color": colour, "shape": shape}},
    ]  # fmt: skip
    for series, offset in zip(SHORT.values(), _label_sides(rows), strict=True):
        layers.append({"transform": [{"filter": {"field": "series", "equal": series}}],
                       "mark": {"type": "text", "dy": offset, "fontSize": 11, "color": INK},
                       "encoding": {"x": x, "y": y, "text": {"field": "text"}}})  # fmt: skip
    spec = {"data": {"values": rows}, "width": size[0], "height": size[1], "layer": layers}
    alt = "；".join(
        f"{series}："
        + "，".join(f"{p.label}{print_rate(n, d)}%" for p, i, n, d in context.trend if SHORT[i] == series)
        for series in SHORT.values()
    )
    return _render(name, "全区入学率和学年巩固率变化", alt, spec, family)


def _label_sides(rows: list[dict[str, Any]]) -> tuple[int, int]:
    """Write the upper series' figures above its line and the lower one's below."""
    last = {row["series"]: row["rate"] for row in rows}
    first, second = (last.get(name, 0.0) for name in SHORT.values())
    return (-12, 14) if first >= second else (14, -12)


def _draw_areas(context: ReportContext, family: str) -> Chart:
    held = [area for area in context.areas if area.enrolment.reported]
    order = sorted(held, key=lambda a: (a.enrolment.numerator or 0) / (a.enrolment.denominator or 1))
    rows: list[dict[str, Any]] = []
    for area in order:
        rate = area.enrolment
        low = print_rate(rate.low, rate.denominator) if rate.bounded else rate.cell
        high = print_rate(rate.high, rate.denominator) if rate.bounded else rate.cell
        rows.append({"area": area.name, "rate": float(rate.cell), "low": float(low), "high": float(high),
                     "end": max(100.0, float(high)), "text": rate.cell})  # fmt: skip
    low_end, high_end = _span([row[key] for row in rows for key in ("low", "high", "rate")])
    y = {"field": "area", "type": "nominal", "sort": None, "title": None}
    x = {"field": "rate", "type": "quantitative", "title": "适龄儿童少年入学率（%）",
         "scale": {"domain": [low_end, high_end], "zero": False},
         "axis": {"format": ".2f", "tickCount": 6, "labelFlush": False, "labelExpr": "datum.value > 100 ? '' : datum.label"}}  # fmt: skip
    layers = [
        {"mark": {"type": "rule", "strokeDash": [6, 3], "color": RED, "strokeWidth": 1.5},
         "data": {"values": [{"target": 100}]}, "encoding": {"x": {"field": "target", "type": "quantitative"}}},
        {"mark": {"type": "rule", "color": "#7f8c9a", "strokeWidth": 3},
         "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}}},
        {"mark": {"type": "point", "filled": True, "size": 45, "color": BLUE, "opacity": 1}, "encoding": {"y": y, "x": x}},
        {"mark": {"type": "text", "align": "left", "dx": 7, "fontSize": 9, "color": INK},
         "encoding": {"y": y, "x": {**x, "field": "end"}, "text": {"field": "text"}}},
    ]  # fmt: skip
    spec = {"data": {"values": rows}, "width": WIDTH, "height": max(60, 13 * len(rows)), "layer": layers}
    alt = "各镇街入学率与目标100%：" + "，".join(f"{area.name}{area.enrolment.cell}%" for area in order)
    return _render(
        "镇街", "各镇街入学率（圆点为本期，虚线为目标100%，灰线为未核清影响范围）", alt, spec, family
    )


def _draw_schools(context: ReportContext, family: str) -> Chart:
    """A funnel: each school's 学年巩固率 by its size, with the limits that chance alone would seldom pass (3 sigma)."""
    held = [school for school in context.schools if school.retention.denominator]
    whole = context.rate("retention_rate_year")
    mean = (whole.numerator or 0) / (whole.denominator or 1)
    rows: list[dict[str, Any]] = []
    limits: list[dict[str, Any]] = []
    for school in held:
        size, rate = school.retention.denominator or 1, float(school.retention.cell)
        below = rate < 100 * _limit(mean, size)
        rows.append({"size": size, "rate": rate, "kind": "低于下限" if below else "范围内", "name": school.short if below else ""})
    largest = max(row["size"] for row in rows)
    for step in range(1, 41):
        size = max(1, round(largest * step / 40))
        limits.append({"size": size, "rate": round(100 * _limit(mean, size), 4)})
    low = min([*(row["rate"] for row in rows), 100 * mean - 0.5])
    x = {"field": "size", "type": "quantitative", "title": "应巩固学生（人）", "axis": {"tickCount": 6, "format": "d"}}
    y = {"field": "rate", "type": "quantitative", "title": "%", "axis": {"titleAngle": 0, "format": ".2f", "tickCount": 5},
         "scale": {"domain": [round(low - 0.1, 2), 100.1], "zero": False}}  # fmt: skip
    kinds = ["范围内", "低于下限"]
    kind = {"field": "kind", "type": "nominal", "title": None}
    point = {"x": x, "y": y, "color": {**kind, "scale": {"domain": kinds, "range": [BLUE, RED]}, "legend": {"orient": "top"}},
             "shape": {**kind, "scale": {"domain": kinds, "range": ["circle", "triangle-down"]}}}  # fmt: skip
    layers: list[dict[str, Any]] = [
        {"data": {"values": limits}, "mark": {"type": "line", "strokeDash": [6, 4], "color": "#555555", "clip": True}, "encoding": {"x": x, "y": y}},
        {"mark": {"type": "rule", "color": INK}, "data": {"values": [{"mean": round(100 * mean, 4)}]},
         "encoding": {"y": {"field": "mean", "type": "quantitative"}}},
        {"mark": {"type": "point", "filled": True, "size": 55, "opacity": 1}, "encoding": point},
        {"mark": {"type": "text", "align": "left", "dx": 7, "fontSize": 9, "color": INK},
         "encoding": {"x": x, "y": y, "text": {"field": "name"}}},
    ]  # fmt: skip
    spec = {"data": {"values": rows}, "width": WIDTH, "height": 210, "layer": layers}
    under = [row for row in rows if row["name"]]
    alt = f"各学校学年巩固率与规模，全区{whole.cell}%：" + ("，".join(f"{row['name']}{row['rate']:.2f}%" for row in under) + "低于下限" if under
                                                   else "各校均在范围内")  # fmt: skip
    return _render("学校", "各学校学年巩固率（实线为全区，虚线为按规模的下限）", alt, spec, family)


def _limit(mean: float, size: int) -> float:
    """The lower limit for a school of `size`: three standard errors of a share below the district's."""
    return float(max(0.0, mean - 3 * (mean * (1 - mean) / size) ** 0.5))


FLOW = {"in_school": "在校就读", "elsewhere": "外地就读", "register_fault": "户籍问题", "finished": "毕业超龄", "gone": "死亡出境",
        "other": "其他销号", "tracked": "转入\n在册跟踪", "dropped_out": "转入\n辍学台账"}  # fmt: skip


def _draw_flow(context: ReportContext, family: str) -> Chart:
    """Cases in and out as steps: 上期结转, 本期新增, each way out, 期末在册. Sign and shade tell them apart without colour."""
    ledger, sums = context.ledgers["suspected"], {}
    if counts := context.counts.get("suspect_by_township"):
        sums = counts.sums
    outs = [(word, sums[key]) for key, word in FLOW.items() if sums.get(key)] or ([("销减", ledger.closed)] if ledger.closed else [])
    steps, top = [("上期结转", 0, ledger.opening, "结存", str(ledger.opening))], ledger.opening + ledger.added
    steps.append(("本期新增", ledger.opening, top, "增加", f"＋{ledger.added}"))
    for word, count in outs:
        steps.append((word, top - count, top, "减少", f"－{count}"))
        top -= count
    steps.append(("期末在册", 0, ledger.closing, "结存", str(ledger.closing)))
    rows = [dict(zip(("step", "low", "high", "kind", "text"), step, strict=True)) for step in steps]
    x = {"field": "step", "type": "nominal", "sort": None, "title": None,
         "axis": {"labelAngle": 0, "labelFontSize": 10, "labelExpr": "split(datum.label, '\\n')"}}  # fmt: skip
    y = {"field": "low", "type": "quantitative", "title": "人", "axis": {"titleAngle": 0, "tickMinStep": 1, "format": "d"}}
    colour = {"field": "kind", "type": "nominal", "title": None, "legend": {"orient": "top"},
              "scale": {"domain": ["结存", "增加", "减少"], "range": ["#444444", "#9a9a9a", "#e3e3e3"]}}  # fmt: skip
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "bar", "stroke": INK, "strokeWidth": 0.8}, "encoding": {"x": x, "y": y, "y2": {"field": "high"}, "color": colour}},
        {"mark": {"type": "text", "dy": -7, "fontSize": 11, "color": INK},
         "encoding": {"x": x, "y": {**y, "field": "high"}, "text": {"field": "text"}}},
    ]  # fmt: skip
    spec = {"data": {"values": rows}, "width": WIDTH, "height": 150, "layer": layers}
    alt = "疑似对象流向：" + "，".join(f"{row['step']}{row['text']}人".replace("\n", "") for row in rows)
    return _render("流向", f"{context.label}疑似对象增减流向", alt, spec, family)


def _span(values: list[float], share: float = 0.15) -> tuple[float, float]:
    """An axis that shows differences near 100 % without cutting a label off."""
    low, high = min(values), max([*values, 100.0])
    room = max(0.02, (high - low) * share)
    return round(low - room, 3), round(high + room, 3)


def _measure_mm(svg: str) -> float:
    """Natural width of the picture, so that its letters keep their size; never wider than the text."""
    found = re.search(r'width="([\d.]+)', svg)
    return min(156.0, round(float(found[1]) * 25.4 / 96, 1)) if found else 156.0


def _render(name: str, caption: str, alt: str, spec: dict[str, Any], family: str) -> Chart:
    style = {"labelFontSize": 11, "titleFontSize": 11, "labelColor": INK, "titleColor": INK, "gridColor": "#dddddd",
             "domainColor": "#555555", "titleFontWeight": "normal"}  # fmt: skip
    whole = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        **spec,
        "background": "white",
        "config": {"font": family, "axis": style, "legend": {"labelFontSize": 12}, "view": {"stroke": None}},
    }
    svg = vl_convert.vegalite_to_svg(whole)
    png = vl_convert.vegalite_to_png(whole, scale=3)
    return Chart(name, caption, alt, svg, png, _measure_mm(svg))
