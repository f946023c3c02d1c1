"""The data dictionary and the lineage, generated from the declarations and the parsed SQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from schemas.codes import list_values
from schemas.extracts import EXTRACTS, Extract
from schemas.fields import FIELDS
from schemas.indicators import INDICATORS
from schemas.published import TABLES
from schemas.rules import RULES
from schemas.table import STAGES, Table, list_tables
from schemas.thresholds import read_thresholds
from transforms.models import Model, find_models

NOTE = "本页由 `make docs` 从声明生成，不要手改。"
KINDS = {"register": "名册", "flow": "流水", "period": "当期"}
STRENGTHS = {"report": "报告", "quarantine": "隔离该行", "stop": "停止出报"}


def write_dictionary() -> str:
    """Return the data dictionary in Markdown: extracts, tables, indicators, rules, thresholds, code lists."""
    parts = [
        ["# 数据字典", "", NOTE],
        ["## 报送数据表", *(line for extract in EXTRACTS.values() for line in _describe_extract(extract))],
        ["## 各阶段的表", *(line for table in list_tables().values() for line in _describe_table(table))],
        ["## 分析文件另有的表", *(line for table in TABLES for line in _describe_table(table))],
        ["## 指标", "", *_describe_indicators()],
        ["## 校验规则", "", *_describe_rules()],
        ["## 阈值和时限", "", *_describe_thresholds()],
        ["## 代码表", "", *_describe_codes()],
    ]
    return "\n".join("\n".join(part) + "\n" for part in parts)


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def _head(*names: str) -> list[str]:
    return [_row(*names), "|" + "---|" * len(names)]


def _describe_extract(extract: Extract) -> Iterator[str]:
    yield from ("", f"### `{extract.name}` {extract.title}", "", f"{KINDS[extract.kind]}；{extract.grain}。", "")
    yield from _head("列", "名称", "须有此列", "须有值", "个人信息", "也认得的列名")
    for heading in extract.headings:
        field = heading.field
        yield _row(f"`{field.name}`", field.title, "是" if heading.required else "", "是" if heading.filled else "",
                   "是" if field.personal else "", "、".join(field.aliases))  # fmt: skip


def _describe_table(table: Table) -> Iterator[str]:
    where = "进入分析文件" if table.published else "只在工作库"
    yield from ("", f"### `{table.full_name}` {table.title}", "", f"{table.grain}；{where}。", "")
    yield from _head("列", "类型", "说明", "个人信息")
    for column in table.columns:
        yield _row(f"`{column.name}`", column.type, column.title, "是" if column.personal else "")


def _describe_indicators() -> Iterator[str]:
    yield from _head("指标", "名称", "分子", "分母", "依据", "口径说明")
    for i in INDICATORS.values():
        page = f"[{i.id}.md](../transforms/indicators/{i.id}.md)"
        yield _row(f"`{i.id}`", i.title, i.numerator, i.denominator, i.authority, page)


def _describe_rules() -> Iterator[str]:
    yield from _head("规则", "名称", "处置", "如何改正")
    for rule in RULES.values():
        yield _row(f"`{rule.id}`", rule.title, STRENGTHS[rule.strength], rule.mend)


def _describe_thresholds() -> Iterator[str]:
    yield from _head("名称", "说明", "值", "单位", "依据", "用于")
    for name, threshold in read_thresholds().items():
        yield _row(f"`{name}`", threshold.title, threshold.value, threshold.unit, threshold.authority, threshold.used_in)


def _describe_codes() -> Iterator[str]:
    yield from _head("代码表", "取值")
    for name in sorted({field.codes for field in FIELDS.values() if field.codes}):
        yield _row(f"`{name}`", "、".join(list_values(name)))


def write_lineage() -> str:
    """Return the lineage in Markdown: what each model reads and who reads it, in the order they run."""
    models = find_models()
    readers: dict[str, list[str]] = {}
    for model in models:
        for read in model.reads:
            readers.setdefault(read, []).append(model.full_name)
    lines = ["# 数据沿革", "", NOTE, "", "按运行次序；依赖由 SQL 解析得出。", ""]
    for stage in STAGES:
        rows = [model for model in models if model.stage == stage]
        if rows:
            lines += [f"## {stage}", "", *_head("表", "读取", "被谁读取", "参数")]
        for model in rows:
            lines.append(_row(f"[`{model.full_name}`](../transforms/{_find_source(model)})", _list(model.reads),
                              _list(readers.get(model.full_name, ())), _list(model.parameters, "$")))  # fmt: skip
        if rows:
            lines.append("")
    return "\n".join(lines)


def _find_source(model: Model) -> str:
    """The file below transforms/ that makes a model."""
    if model.make:
        return model.make.__module__.removeprefix("transforms.").replace(".", "/") + ".py"
    return "models.py" if model.is_view else f"{model.stage}/{model.name}.sql"


def _list(names: Iterable[str], mark: str = "") -> str:
    return "、".join(f"`{mark}{name}`" for name in sorted(names)) or "—"
