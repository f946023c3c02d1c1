"""Check the names a template speaks of against what its context holds: every branch, before anything is printed."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from typing import Any

from jinja2 import Environment, nodes

Scope = Mapping[str, Any]


@dataclass(frozen=True)
class Misspelt:
    """A name that nothing stands behind, or that leads into Python (it opens with an underscore), and its line."""

    line: int
    name: str


@dataclass(frozen=True)
class Macros:
    """What an imported template offers."""

    names: frozenset[str]


def list_names(context: type) -> dict[str, Any]:
    """List the fields and public properties of a context class with their types."""
    hints: dict[str, Any] = typing.get_type_hints(context)
    own = {field.name: hints[field.name] for field in fields(context)}
    for name, member in ((n, getattr(context, n)) for n in dir(context) if not n.startswith("_")):
        if isinstance(member, property) and member.fget:
            own[name] = typing.get_type_hints(member.fget).get("return", Any)
    return own


def list_values(context: Any) -> dict[str, Any]:
    """The values of a context under the names `list_names` lists."""
    return {name: getattr(context, name) for name in list_names(type(context))}


def type_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """The types of loose values: what is inside a list or a mapping is not looked at."""
    return {name: type(value) if is_dataclass(value) else Any for name, value in values.items()}


def find_misspelt(env: Environment, text: str, known: Scope) -> list[Misspelt]:
    """List the names in a template's text that `known` (name → type) does not hold. Raises TemplateSyntaxError."""
    tree = env.parse(text)
    return list(_walk(env, tree, {**dict.fromkeys(env.globals, Any), **known}))


def _walk(env: Environment, node: nodes.Node, scope: dict[str, Any]) -> Iterator[Misspelt]:
    """Visit statements in order, so that what is set or imported is known to what follows."""
    if isinstance(node, nodes.For):
        yield from _resolve(node.iter, scope)[1]
        inner = {**scope, "loop": Any, **_bind(node.target, _element(_resolve(node.iter, scope)[0]))}
        for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
            yield from _walk(env, child, inner)
    elif isinstance(node, nodes.Macro | nodes.CallBlock):
        inner = {**scope, **{arg.name: Any for arg in node.args}, "caller": Any, "varargs": Any, "kwargs": Any}
        for child in (*node.defaults, *node.body):
            yield from _walk(env, child, inner)
        if isinstance(node, nodes.Macro):
            scope[node.name] = Any
    elif isinstance(node, nodes.Import):
        scope[node.target] = _read_macros(env, node)
    elif isinstance(node, nodes.FromImport):
        scope.update({name if isinstance(name, str) else name[1]: Any for name in node.names})
    elif isinstance(node, nodes.Assign):
        found, faults = _resolve(node.node, scope)
        yield from faults
        scope.update(_bind(node.target, found))
    elif isinstance(node, nodes.Expr):
        yield from _resolve(node, scope)[1]
    else:
        for child in node.iter_child_nodes():
            yield from _walk(env, child, scope)


def _read_macros(env: Environment, node: nodes.Import) -> Any:
    if not isinstance(node.template, nodes.Const) or env.loader is None:
        return Any
    return _list_macros(env, env.loader.get_source(env, node.template.value)[0])


@lru_cache(maxsize=64)
def _list_macros(env: Environment, text: str) -> Macros:
    """Once a text: most papers import the same sentences."""
    return Macros(frozenset(each.name for each in env.parse(text).find_all(nodes.Macro)))


def _bind(target: nodes.Node, found: Any) -> dict[str, Any]:
    if isinstance(target, nodes.Name):
        return {target.name: found}
    return {each.name: Any for each in target.find_all(nodes.Name)}


def _resolve(node: nodes.Node, scope: Scope) -> tuple[Any, list[Misspelt]]:
    """The type of an expression (Any where it cannot be told) and the names in it that are not there."""
    if isinstance(node, nodes.Name):
        known = node.name in scope
        return (scope[node.name], []) if known else (Any, [Misspelt(node.lineno, node.name)])
    if isinstance(node, nodes.Getattr):
        owner, faults = _resolve(node.node, scope)
        if node.attr.startswith("_"):
            return Any, [*faults, Misspelt(node.lineno, node.attr)]
        found = _attribute(owner, node.attr)
        return (Any, [*faults, Misspelt(node.lineno, node.attr)]) if found is None else (found, faults)
    if isinstance(node, nodes.Test) and node.name in ("defined", "undefined"):
        return bool, []
    if isinstance(node, nodes.Const) and isinstance(node.value, str) and node.value.startswith("__"):
        return str, [Misspelt(node.lineno, node.value)]  # x["__class__"] and x | attr("__class__")
    faults = [fault for child in node.iter_child_nodes() for fault in _resolve(child, scope)[1]]
    return Any, faults


def _attribute(owner: Any, name: str) -> Any:
    """The type of `owner`'s attribute, Any where it cannot be told, None where there is none."""
    owner = _plain(owner)
    if isinstance(owner, Macros):
        return Any if name in owner.names else None
    if isinstance(owner, type) and is_dataclass(owner):
        own = list_names(owner)
        return own[name] if name in own else Any if hasattr(owner, name) else None
    if isinstance(owner, type) and owner in (str, int, bool):
        return Any if hasattr(owner, name) else None
    return Any


def _plain(found: Any) -> Any:
    """`X | None` is X."""
    if typing.get_origin(found) in (types.UnionType, typing.Union):
        rest = [each for each in typing.get_args(found) if each is not type(None)]
        return rest[0] if len(rest) == 1 else Any
    return found


def _element(found: Any) -> Any:
    found = _plain(found)
    args = typing.get_args(found)
    return args[0] if typing.get_origin(found) in (tuple, list) and args else Any
