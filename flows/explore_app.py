"""The page of `baoxue explore`, a marimo app: questions and pictures stand in transforms/published, here only their order.

It opens the analysts' file read-only for each question and writes nothing.
"""

from typing import Any

import marimo

app = marimo.App(width="full", app_title="控辍保学 数据查看")


@app.cell
def _() -> tuple[Any, ...]:
    import marimo as mo

    from flows.settings import find_home
    from transforms.published import funnel, looking, pictures

    database = find_home().database
    return database, funnel, looking, mo, pictures


@app.cell
def _(database: Any, looking: Any, mo: Any) -> tuple[Any, ...]:
    periods = looking.list_periods(database)
    mo.stop(not periods, mo.md("分析文件中还没有已发布的期间，请先用 `baoxue run` 出一期。"))
    indicators = looking.list_indicators(database)
    period = mo.ui.dropdown(periods, value=next(iter(periods)), label="期间")
    indicator = mo.ui.dropdown(indicators, value="学年巩固率" if "学年巩固率" in indicators else next(iter(indicators)), label="指标")
    mo.vstack([
        mo.md("## 控辍保学 数据查看"),
        mo.md("只读；取各期现行版本；儿童以假名出现，没有姓名、证件号、住址、电话；不联外网。"),
        mo.hstack([period, indicator], justify="start", gap=2),
    ])  # fmt: skip
    return indicator, period, periods


@app.cell
def _(database: Any, indicator: Any, looking: Any, mo: Any) -> tuple[Any, ...]:
    definition = looking.read_definition(database, indicator.value)
    areas = {"（只看全区）": "", **{name: name for name in looking.list_areas(database, indicator.value)}}
    beside = [mo.ui.dropdown(areas, value="（只看全区）", label=label) for label in ("对比区域一", "对比区域二")]
    one, two = beside
    return definition, one, two


@app.cell
def _(database: Any, definition: Any, indicator: Any, looking: Any, mo: Any, one: Any, pictures: Any, two: Any) -> tuple[Any, ...]:
    _rows = looking.read_trend(database, indicator.value, [one.value, two.value])
    trend = mo.vstack([
        mo.hstack([one, two], justify="start", gap=2),
        pictures.draw_trend(_rows, definition["indicator_title"]),
        mo.Html(pictures.write_table(_rows.drop("period"))),
    ])  # fmt: skip
    return (trend,)


@app.cell
def _(database: Any, looking: Any, mo: Any, period: Any, pictures: Any) -> tuple[Any, ...]:
    _rows = looking.read_towns(database, period.value)
    towns = pictures.draw_towns(_rows, period.selected_key) if _rows.height else mo.md("本期没有镇街数据。")
    return (towns,)


@app.cell
def _(database: Any, funnel: Any, looking: Any, mo: Any, period: Any, pictures: Any) -> tuple[Any, ...]:
    funnels = looking.read_funnels(database, period.value)
    _found = funnel.scan(looking.leave_out_settled(database, funnels))
    scanned = mo.vstack([
        mo.md("**全部指标一起看，最突出的学校**（人数多少已计入，单凭偶然万分之一也到不了）"),
        mo.Html(pictures.write_table(_found)) if _found else mo.md("没有。"),
    ])  # fmt: skip
    return funnels, scanned


@app.cell
def _(definition: Any, funnel: Any, funnels: Any, mo: Any, pictures: Any, scanned: Any) -> tuple[Any, ...]:
    _judged = funnels.get(definition["indicator_title"])
    schools = mo.vstack([
        mo.callout(mo.md(funnel.say_worst(_judged)), kind="danger" if _judged.worst else "success"),
        pictures.draw_funnel(_judged, definition["indicator_title"]),
        scanned,
        mo.md(f"**{definition['indicator_title']}：各校**"),
        mo.Html(pictures.write_table(funnel.list_rows(_judged))),
    ]) if _judged else mo.vstack([
        mo.md("这个指标本期没有分学校的数，或不设上限（可大于100%、小于0），不能判断偶然。请看“走势”。"), scanned,
    ])  # fmt: skip
    return (schools,)


@app.cell
def _(looking: Any, mo: Any, periods: Any) -> tuple[Any, ...]:
    _old = list(periods)[::-1]
    start = mo.ui.dropdown({label: periods[label] for label in _old}, value=_old[0], label="从哪一期起追踪")
    share = mo.ui.radio(["在籍比例", "原校比例"], value="在籍比例", inline=True, label="看")
    return share, start


@app.cell
def _(database: Any, looking: Any, mo: Any, pictures: Any, share: Any, start: Any) -> tuple[Any, ...]:
    _rows = looking.read_cohorts(database, start.value)
    cohorts = mo.vstack([
        mo.hstack([start, share], justify="start", gap=2),
        pictures.draw_cohorts(_rows, share.value, start.selected_key),
        mo.Html(pictures.write_table(_rows.drop("period"))),
    ])  # fmt: skip
    return (cohorts,)


@app.cell
def _(database: Any, looking: Any, mo: Any, period: Any, pictures: Any) -> tuple[Any, ...]:
    _causes = looking.read_cases_by_cause(database, period.value)
    _ages = looking.read_cases_by_age(database, period.value)
    cases = mo.vstack([
        pictures.draw_cases(_causes, "可能原因", "未销号案件：可能原因和状态"),
        pictures.draw_cases(_ages, "年龄", "未销号案件：年龄（8月31日周岁）和状态", _ages["年龄"].unique(maintain_order=True).to_list()),
        mo.md("**各镇街**"),
        mo.Html(pictures.write_table(looking.read_cases_by_town(database, period.value))),
    ]) if _causes.height else mo.md("本期没有未销号案件。")  # fmt: skip
    return (cases,)


@app.cell
def _(cases: Any, cohorts: Any, definition: Any, mo: Any, schools: Any, towns: Any, trend: Any) -> None:
    mo.vstack([
        mo.md(f"{definition['indicator_title']} ＝ {definition['numerator_says']} ÷ {definition['denominator_says']}"
              f"（依据：{definition['authority']}）"),
        mo.ui.tabs({"学校漏斗图": schools, "镇街热力表": towns, "走势": trend, "届别追踪": cohorts, "案件": cases}),
    ])  # fmt: skip


if __name__ == "__main__":
    app.run()
