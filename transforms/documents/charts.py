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
         "axis": {"titleAngle": 0, "format": ".2f", "tickCount": 5}}  # fmt: skip
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
                     "text": rate.cell})  # fmt: skip
    low_end, high_end = _span([row[key] for row in rows for key in ("low", "high", "rate")])
    y = {"field": "area", "type": "nominal", "sort": None, "title": None}
    x = {"field": "rate", "type": "quantitative", "title": "适龄儿童少年入学率（%）",
         "scale": {"domain": [low_end, high_end], "zero": False}, "axis": {"format": ".2f", "tickCount": 6}}  # fmt: skip
    layers = [
        {"mark": {"type": "rule", "strokeDash": [6, 3], "color": RED, "strokeWidth": 1.5},
         "data": {"values": [{"target": 100}]}, "encoding": {"x": {"field": "target", "type": "quantitative"}}},
        {"mark": {"type": "rule", "color": "#7f8c9a", "strokeWidth": 3},
         "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}}},
        {"mark": {"type": "point", "filled": True, "size": 45, "color": BLUE, "opacity": 1}, "encoding": {"y": y, "x": x}},
        {"mark": {"type": "text", "align": "left", "dx": 7, "fontSize": 9, "color": INK},
         "encoding": {"y": y, "x": {**x, "field": "high"}, "text": {"field": "text"}}},
    ]  # fmt: skip
    spec = {"data": {"values": rows}, "width": WIDTH, "height": max(60, 13 * len(rows)), "layer": layers}
    alt = "各镇街入学率与目标100%：" + "，".join(f"{area.name}{area.enrolment.cell}%" for area in order)
    return _render(
        "镇街", "各镇街适龄儿童少年入学率（虚线为目标100%，灰线为未核清人员影响范围）", alt, spec, family
    )


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
