"""A paper's source: Markdown with YAML front matter, filled by Jinja2, parsed into blocks.

Templates hold words only: no arithmetic, no queries. Every value passes one guard.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound, Undefined
from jinja2 import TemplateSyntaxError as JinjaSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment, SecurityError
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from schemas.law import UnknownCitation
from transforms.documents.blocks import (
    Annex,
    Block,
    Chart,
    Grid,
    Heading,
    PageBreak,
    Paper,
    Paragraph,
    Signature,
    Table,
)
from transforms.documents.citations import CITING
from transforms.documents.names import Misspelt, find_misspelt, type_values
from transforms.documents.wording import number_chinese

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
# Where templates are looked for, first to last: a home's own folder stands before ours.
Folders = tuple[Path, ...]
OURS: Folders = (TEMPLATES,)
CONTAINERS = ("表", "图", "分页", "附件", "附件横", "附注")
FRONT_KEYS = {"标题", "红头", "发文字号", "主送", "落款", "成文日期", "稿别", "版式"}
LAYOUTS = ("公文", "信函", "表单")
# Characters that mean something to YAML or Markdown become their full-width twins inside a value.
HARMLESS = str.maketrans({'"': "”", "\\": "＼", "#": "＃", "*": "＊", "`": "｀", "<": "＜", ">": "＞"})
CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


class TemplateFault(ValueError):
    """A template asks for what the context does not hold, or is written wrongly; names file and line."""


def guard(value: object) -> object:
    """Let only whole numbers and plain text into a paper. Raises TemplateFault for None and bare floats."""
    if isinstance(value, Undefined):
        return value  # StrictUndefined raises with the name as soon as it is printed
    if value is None or isinstance(value, float):
        kind = "空值" if value is None else "未定位数的小数"
        raise TemplateFault(f"模板要印的是{kind}，请在数据准备处先给出可印的文字")
    text = CONTROL.sub(" ", str(value)).translate(HARMLESS)
    return text.replace(":::", "：：：")


@cache
def open_environment(folders: Folders = OURS) -> ImmutableSandboxedEnvironment:
    """The Jinja2 environment of these folders: nothing undefined, every value guarded, no way out into Python."""
    loader = FileSystemLoader(folders, encoding="utf-8")
    # Office text, not HTML: nothing to escape for a browser.
    env = ImmutableSandboxedEnvironment(loader=loader, undefined=StrictUndefined, finalize=guard, autoescape=False)
    env.trim_blocks = env.lstrip_blocks = True
    env.globals.update(CITING)
    return env


def fill_template(name: str, values: Mapping[str, Any], folders: Folders = OURS) -> str:
    """Fill one template. Raises TemplateFault in Chinese with the template's name, line and what is missing."""
    env = open_environment(folders)
    try:
        assert env.loader is not None
        known = tuple(sorted(type_values(values).items(), key=lambda pair: pair[0]))
        if faults := _find_misspelt(env, env.loader.get_source(env, name)[0], known):
            raise TemplateFault(f"模板 {name} " + "；".join(say_misspelt(fault) for fault in faults))
        return env.get_template(name).render(**values)
    except TemplateFault as error:
        if str(error).startswith("模板 "):
            raise
        where, line = _locate(error, name)
        raise TemplateFault(f"模板 {where} 第{line}行：{error}") from error
    except (TemplateError, UnknownCitation, AttributeError, TypeError, OverflowError) as error:
        where, line = _locate(error, name)
        raise TemplateFault(f"模板 {where} 第{line}行：{_say(error)}") from error


def say_misspelt(fault: Misspelt) -> str:
    """One name that a context does not hold, or that no template may speak of."""
    if fault.name.startswith("_"):
        return f"第{fault.line}行：不能用以下划线开头的“{fault.name}”，模板只能引用数据项"
    return f"第{fault.line}行：没有“{fault.name}”这个数据项"


@lru_cache(maxsize=256)
def _find_misspelt(env: ImmutableSandboxedEnvironment, text: str, known: tuple[tuple[str, Any], ...]) -> tuple[Misspelt, ...]:
    """Once a template and set of names: the papers of a publication share a few."""
    return tuple(find_misspelt(env, text, dict(known)))


def _say(error: Exception) -> str:
    """What Jinja2 found, in Chinese where it is one of the usual."""
    said = str(error)
    if isinstance(error, TemplateNotFound):
        return f"没有模板“{error.name}”"
    if isinstance(error, JinjaSyntaxError):
        return f"写法有误（{said}）"
    if isinstance(error, SecurityError | OverflowError):
        return f"模板只能引用数据项，不能这样写（{said}）"
    missing = re.search(r"'([^']+)' is undefined|has no attribute '([^']+)'", said)
    return f"没有“{missing[1] or missing[2]}”这个数据项" if missing else said


def _locate(error: Exception, name: str) -> tuple[str, int]:
    if isinstance(error, JinjaSyntaxError):
        return error.name or name, error.lineno
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename.endswith((".md", ".j2")):
            return Path(frame.filename).name, frame.lineno or 0
    return name, 0


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero").enable(["heading", "list"])
    parser.use(front_matter_plugin)
    for container in CONTAINERS:
        parser.use(container_plugin, container)
    return parser


def build_paper(
    name: str,
    values: Mapping[str, Any],
    tables: Mapping[str, Table | Grid],
    charts: Mapping[str, Chart],
    *,
    properties: Mapping[str, str],
    folders: Folders = OURS,
) -> Paper:
    """Fill a template and parse it into a paper. Raises TemplateFault for unknown names or keys."""
    tokens = _parser().parse(fill_template(name, values, folders))
    front = _read_front(tokens, name)
    blocks = _number(_read_blocks(tokens, tables, charts, name))
    opening: list[Block] = [Paragraph(f"{front['主送']}：", "主送")] if front.get("主送") else []
    blocks = _close(opening + blocks, front)
    return Paper(
        title=tuple(str(front["标题"]).split("|")),
        blocks=tuple(blocks),
        head=str(front.get("红头") or ""),
        number=str(front.get("发文字号") or ""),
        mark=str(front.get("稿别") or ""),
        layout=str(front.get("版式") or LAYOUTS[0]),
        properties=properties,
    )


def _read_front(tokens: list[Token], name: str) -> dict[str, Any]:
    text = tokens[0].content if tokens and tokens[0].type == "front_matter" else ""
    front = yaml.safe_load(text) or {}
    unknown = sorted(set(front) - FRONT_KEYS)
    if unknown or "标题" not in front:
        raise TemplateFault(f"模板 {name} 的文头应有“标题”，不认识：{'、'.join(unknown) or '无'}")
    if front.get("版式", LAYOUTS[0]) not in LAYOUTS:
        raise TemplateFault(f"模板 {name} 的版式应为{'、'.join(LAYOUTS)}之一")
    return front


def _read_blocks(
    tokens: list[Token], tables: Mapping[str, Table | Grid], charts: Mapping[str, Chart], name: str
) -> list[Block]:
    blocks: list[Block] = []
    inside, points = "", iter([""])
    for position, token in enumerate(tokens):
        if token.type == "heading_open":
            blocks.append(Heading(int(token.tag[1]), tokens[position + 1].content.strip()))
        elif token.type == "bullet_list_open":
            points = iter(_number_points(_count_points(tokens, position)))
        elif token.type == "paragraph_open":
            text = "".join(line.strip() for line in tokens[position + 1].content.splitlines())
            lead = next(points) if tokens[position - 1].type == "list_item_open" else ""
            blocks.append(_open_paragraph(lead + text, "附注" if inside == "附注" else "正文"))
        elif token.type.startswith("container_") and token.type.endswith("_open"):
            inside = token.type.removeprefix("container_").removesuffix("_open")
            block = _place(inside, token.info.strip().removeprefix(inside).strip(), tables, charts)
            if block is None:
                raise TemplateFault(
                    f"模板 {name} 第{(token.map or [0])[0] + 1}行：没有名为“{token.info.strip()}”的表或图"
                )
            blocks.extend([block] if inside != "附注" else [])
        elif token.type.startswith("container_"):
            inside = ""
    return blocks


def _open_paragraph(text: str, style: str) -> Paragraph:
    """`**入学情况。**正文` opens with a lead; asterisks inside values are full-width already."""
    found = re.match(r"\*\*(.+?)\*\*(.*)", text, re.DOTALL)
    return Paragraph(found[2], style, found[1]) if found else Paragraph(text, style)


def _count_points(tokens: list[Token], position: int) -> int:
    level = tokens[position].level
    closing = next(i for i, t in enumerate(tokens) if i > position and t.level == level and t.nesting < 0)
    return sum(t.type == "list_item_open" and t.level == level + 1 for t in tokens[position:closing])


def _number_points(count: int) -> list[str]:
    """一是, 二是 … as official prose counts its points; a single point carries no number."""
    return [""] if count == 1 else [f"{number_chinese(i)}是" for i in range(1, count + 1)]


def _place(kind: str, word: str, tables: Mapping[str, Table | Grid], charts: Mapping[str, Chart]) -> Block | None:
    if kind == "表":
        return tables.get(word)
    if kind == "图":
        return charts.get(word)
    return Annex(word, lies=kind == "附件横") if kind.startswith("附件") else PageBreak()


def _number(blocks: list[Block]) -> list[Block]:
    """Number headings, tables, charts and annexes in order, so that a section left out leaves no gap."""
    counts = [0, 0, 0]
    tables = charts = annexes = 0
    many = sum(isinstance(block, Annex) for block in blocks) > 1
    result: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading):
            counts = [*counts[: block.level - 1], counts[block.level - 1] + 1, *[0] * (3 - block.level)]
            result.append(Heading(block.level, _number_heading(block.level, counts) + block.text))
        elif isinstance(block, Table) and block.caption:
            tables += 1
            result.append(_with_caption(block, f"表{tables}　{block.caption}"))
        elif isinstance(block, Chart):
            charts += 1
            result.append(_with_caption(block, f"图{charts}　{block.caption}"))
        elif isinstance(block, Annex):
            annexes += 1
            result.append(Annex(block.title, annexes if many else 0, block.lies))
        else:
            result.append(block)
    return result


def _with_caption(block: Any, caption: str) -> Any:
    return type(block)(**{**block.__dict__, "caption": caption})


def _number_heading(level: int, counts: list[int]) -> str:
    if level == 1:
        return f"{number_chinese(counts[0])}、"
    return f"（{number_chinese(counts[1])}）" if level == 2 else f"{counts[2]}. "


def _close(blocks: list[Block], front: Mapping[str, Any]) -> list[Block]:
    """Put the list of annexes and the signature between the body and the first annex."""
    annexes = [block for block in blocks if isinstance(block, Annex)]
    at = next((i for i, block in enumerate(blocks) if isinstance(block, Annex)), len(blocks))
    closing: list[Block] = []
    if annexes:
        lines = [f"{annex.number}. {annex.title}" if annex.number else annex.title for annex in annexes]
        closing.append(Paragraph("附件：" + "\n".join(lines), "附件说明"))
    if front.get("落款"):
        closing.append(Signature(str(front["落款"]), str(front["成文日期"])))
    return blocks[:at] + closing + blocks[at:]
