"""The office's own words: templates in the home's folder stand in place of ours, and are checked before anything is built."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import TemplateSyntaxError

from schemas.law import UnknownCitation
from transforms.documents.citations import list_citations
from transforms.documents.context import read_office
from transforms.documents.names import find_misspelt, list_names
from transforms.documents.source import (
    OURS,
    TEMPLATES,
    Folders,
    TemplateFault,
    open_environment,
    say_misspelt,
)

# What else a home may set in its folder of templates.
OTHERS = ("office.yaml", "platform_forms.csv", "score_sheet.csv")
OWN_KINDS = (".j2", ".yaml", ".csv")
PLACED = re.compile(r"^:::\s*(表|图)\s+([^\s{]+)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Kind:
    """One kind of paper: its template, the dataclass whose names the template may speak of, the tables it may place."""

    template: str
    context: type
    tables: tuple[str, ...] = ()


def list_folders(own: Path | None) -> Folders:
    """Where templates are looked for: the home's folder first, if it has one."""
    return (own, *OURS) if own is not None and own.is_dir() else OURS


def list_own(own: Path) -> list[Path]:
    """The files by which a home sets its own words and forms, in order of name."""
    return sorted(path for path in own.glob("*") if path.suffix in OWN_KINDS) if own.is_dir() else []


def check_templates(own: Path | None, kinds: Mapping[str, Kind]) -> None:
    """Check the home's templates: a known file name, sound syntax, no name that the paper does not hold.

    Raises TemplateFault that lists every fault with template, line and name. Nothing is filled or written.
    """
    faults = list(_list_faults(own, kinds)) if own is not None and own.is_dir() else []
    if faults:
        raise TemplateFault("；".join(faults) + f"。请改好 {own.name if own else ''} 文件夹中的文件，或移走它以用回原来的模板")


def _list_faults(own: Path, kinds: Mapping[str, Kind]) -> Iterator[str]:
    ours = {path.name for path in TEMPLATES.glob("*.md.j2")}
    for path in list_own(own):
        if path.name in OTHERS:
            yield from _check_office(own) if path.name == OTHERS[0] else ()
            continue
        if path.name not in ours:
            yield f"没有名为 {path.name} 的模板，可用的有：{'、'.join([*sorted(ours), *OTHERS])}"
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            yield f"模板 {path.name} 不是 UTF-8 编码"
            continue
        yield from (f"模板 {path.name} {fault}" for fault in _check_text(own, text, kinds.get(path.name)))


def _check_office(own: Path) -> Iterator[str]:
    try:
        read_office((own, *OURS))
    except TemplateFault as error:
        yield str(error)


def _check_text(own: Path, text: str, kind: Kind | None) -> Iterator[str]:
    """Where the kind is not declared (a shared set of sentences, say) only the syntax and ways into Python are looked at."""
    env = open_environment(list_folders(own))
    try:
        list(list_citations(env, text))
        faults = find_misspelt(env, text, list_names(kind.context) if kind else {})
        faults = faults if kind else [fault for fault in faults if fault.name.startswith("_")]
    except TemplateSyntaxError as error:
        yield f"第{error.lineno}行：写法有误（{error.message}）"
        return
    except UnknownCitation as error:
        yield str(error)
        return
    yield from (say_misspelt(fault) for fault in faults)
    for found in PLACED.finditer(text) if kind else ():
        if kind and found[2] not in kind.tables:
            yield f"第{text.count(chr(10), 0, found.start()) + 1}行：没有名为“{found[1]} {found[2]}”的表或图"
