"""How templates cite the law: `cite`, `point` and `quote` of schemas.law as names that every template knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import Environment, nodes

from schemas import law


def quote(name: str, number: int, paragraph: int = 0, item: int = 0) -> str:
    """The words of an article on one line, as they stand inside a sentence."""
    return law.quote(name, number, paragraph, item).replace("\n", "")


CITING = {"cite": law.cite, "point": law.point, "quote": quote}


@dataclass(frozen=True)
class Citation:
    """One call in a template: its line, and what it cites."""

    line: int
    article: law.Article


def list_citations(env: Environment, text: str) -> Iterator[Citation]:
    """Yield what a template cites. Raises UnknownCitation with the line, in whatever branch it stands."""
    for call in env.parse(text).find_all(nodes.Call):
        if not isinstance(call.node, nodes.Name) or call.node.name not in CITING:
            continue
        try:
            words = [each.as_const() for each in call.args]
            more = {each.key: each.value.as_const() for each in call.kwargs}
            CITING[call.node.name](*words, **more)
            yield Citation(call.lineno, law.find_article(words[0], words[1]))
        except (law.UnknownCitation, nodes.Impossible, TypeError, IndexError) as error:
            said = str(error) if isinstance(error, law.UnknownCitation) else "法条要写明法律名称和条款的数字"
            raise law.UnknownCitation(f"第{call.lineno}行：{said}") from error
