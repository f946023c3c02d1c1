"""Write a model for Apache Spark: its one SQL text, read as DuckDB's and rewritten where the two engines differ.

sqlglot knows most differences. What stands here is what it leaves: DuckDB's macros and `$parameters`, clauses that Spark
lacks, and functions that treat NULL otherwise. Each rewrite is general: none knows a model, and no rule stands here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify

Schema = dict[str, dict[str, dict[str, str]]]  # stage → table → column → DuckDB type
Macros = Mapping[str, exp.Create]


@cache
def read_macros(*declarations: str) -> Macros:
    """Read DuckDB's `create macro` statements, by name."""
    created = (s for text in declarations for s in sqlglot.parse(text, read="duckdb") if isinstance(s, exp.Create))
    return {statement.this.this.name.lower(): statement for statement in created}


def name_type(duckdb_type: str) -> str:
    """Spark's name of a DuckDB type."""
    return exp.DataType.build(duckdb_type, dialect="duckdb").sql("spark")


def name_table(stage: str, name: str) -> str:
    """The name of a stage's table on Spark, where schemas would be databases of their own."""
    return f"{stage}__{name}"


def translate(
    sql: str, columns: Mapping[str, str], parameters: Mapping[str, Any], macros: Macros, schema: Schema, database: str = ""
) -> str:
    """Return a model's text in Spark's SQL, its columns cast to their declared types.

    `schema` knows every table that the model reads; `database`: where they stand on Spark.
    """
    tree: Any = sqlglot.parse_one(sql, read="duckdb")
    tree = tree.transform(_expand_macro, macros).transform(_fill_parameter, parameters)
    # every column gets its table, every star its columns, every use of an alias its expression
    tree = qualify(tree, schema=dict(schema), dialect="duckdb", quote_identifiers=True)
    tree = _cast_columns(annotate_types(tree, schema=dict(schema), dialect="duckdb"), columns)
    _replace(tree, exp.Join, _join_spans)
    _name_unions(tree)
    _group_all(tree)
    _replace(tree, exp.Select, _filter_windows)
    for kind, rewrite in FUNCTIONS.items():
        _replace(tree, kind, rewrite)
    for cte in tree.find_all(exp.CTE):
        cte.set("materialized", None)
    for table in tree.find_all(exp.Table):
        if table.db:
            table.set("this", exp.to_identifier(name_table(table.db, table.name), quoted=True))
            table.set("db", exp.to_identifier(database, quoted=True) if database else None)
    return tree.sql("spark")


def _replace(tree: exp.Expr, kind: type[exp.Expr], rewrite: Any) -> None:
    """Rewrite every node of a kind, the innermost first."""
    for node in reversed(list(tree.find_all(kind, bfs=True))):
        rewritten = rewrite(node)
        if rewritten is not node:
            node.replace(rewritten)


def _expand_macro(node: exp.Expr, macros: Macros) -> exp.Expr:
    if not isinstance(node, exp.Anonymous) or node.name.lower() not in macros:
        return node
    macro = macros[node.name.lower()]
    given = dict(zip((p.name for p in macro.this.expressions), node.expressions, strict=True))

    def put(part: exp.Expr) -> exp.Expr:
        return exp.paren(given[part.name].copy()) if isinstance(part, exp.Column) and part.name in given else part

    return exp.paren(macro.expression.copy().transform(put))


def _fill_parameter(node: exp.Expr, parameters: Mapping[str, Any]) -> exp.Expr:
    if not isinstance(node, exp.Placeholder):
        return node
    value = parameters[node.name]
    # a bare 0.5 is a decimal; DuckDB is given a double
    return exp.cast(exp.Literal.string(repr(value)), "double") if isinstance(value, float) else exp.convert(value)


def _join_spans(join: exp.Join) -> exp.Expr:
    """`asof` finds the nearest key: here each key is given the span up to the next, and the span is joined."""
    if join.method.upper() != "ASOF":
        return join
    condition = join.args["on"]
    value, key = condition.left, condition.right
    back = isinstance(condition, exp.GTE)
    if not isinstance(condition, exp.GTE | exp.LTE) or key.table != join.this.alias_or_name:
        raise NotImplementedError(f"asof join on {condition.sql('duckdb')}")
    found = exp.column(key.name, quoted=True)
    order = exp.Order(expressions=[exp.Ordered(this=found)])
    beside = exp.Window(this=exp.func("lead" if back else "lag", found.copy()), order=order)
    table = join.this.copy()
    table.set("alias", None)
    spans = exp.select(exp.Star(), exp.alias_(beside, "beside", quoted=True)).from_(table).subquery(key.table)
    end = exp.column("beside", table=key.table, quoted=True)
    within = (exp.LT if back else exp.GT)(this=value.copy(), expression=end.copy())
    on = exp.and_(condition.copy(), exp.or_(end.is_(exp.null()), within))
    return exp.Join(this=spans, side=join.args.get("side"), kind=join.args.get("kind"), on=on)


def _name_unions(tree: exp.Expr) -> None:
    """`union all by name`: both sides get every column, in one order."""
    for union in reversed(list(tree.find_all(exp.Union))):
        if not union.args.get("by_name"):
            continue
        names = list(dict.fromkeys([*union.left.named_selects, *union.right.named_selects]))
        for side in ("this", "expression"):
            query = union.args[side]
            if query.named_selects != names:
                union.set(side, _pick(query, names))
        union.set("by_name", False)


def _pick(query: exp.Query, names: Iterable[str]) -> exp.Query:
    have = set(query.named_selects)
    picked = [exp.column(n, table="side", quoted=True) if n in have else exp.alias_(exp.null(), n, quoted=True) for n in names]
    return exp.select(*picked).from_(query.copy().subquery("side"))


def _group_all(tree: exp.Expr) -> None:
    """`group by all`: by every column that is no sum."""
    for select in tree.find_all(exp.Select):
        group = select.args.get("group")
        if group and group.args.get("all"):
            keys = [e.unalias().copy() for e in select.expressions if not e.find(exp.AggFunc)]
            select.set("group", exp.Group(expressions=keys))


def _filter_windows(select: exp.Select) -> exp.Expr:
    """`qualify`: the condition becomes a column of an inner query, by which the outer one filters."""
    qualified = select.args.get("qualify")
    if qualified is None:
        return select
    inner = select.copy()
    inner.set("with_", None)
    inner.set("qualify", None)
    inner.set("distinct", None)
    inner.append("expressions", exp.alias_(qualified.this.copy(), "qualifies", quoted=True))
    names = [exp.column(name, table="windowed", quoted=True) for name in select.named_selects]
    outer = exp.select(*names).from_(inner.subquery("windowed")).where(exp.column("qualifies", table="windowed", quoted=True))
    outer.set("with_", select.args.get("with_"))
    outer.set("distinct", select.args.get("distinct"))
    return outer


def _skip_null(call: exp.Expr) -> exp.Expr:
    """`arg_max(value, by)` passes over rows whose value is NULL; Spark's does not."""
    known = call.this.copy().is_(exp.null()).not_()
    if isinstance(call.parent, exp.Filter):
        where = call.parent.expression
        where.set("this", exp.and_(where.this.copy(), known))
        return call
    return exp.Filter(this=call.copy(), expression=exp.Where(this=known))


def _any_value(call: exp.AnyValue) -> exp.Expr:
    """DuckDB's is never NULL where there is a value, which sqlglot says as IGNORE NULLS; the greatest is one of them."""
    greatest = exp.Max(this=call.this.copy())
    if isinstance(call.parent, exp.IgnoreNulls):
        call.parent.replace(greatest)
        return call
    return greatest


def _add_months(sum_: exp.Add) -> exp.Expr:
    months = sum_.expression
    if isinstance(months, exp.Anonymous) and months.name.lower() == "to_months":
        return exp.Anonymous(this="add_months", expressions=[sum_.left.copy(), months.expressions[0].copy()])
    return sum_


def _equal_rows(equal: exp.EQ) -> exp.Expr:
    if isinstance(equal.left, exp.Tuple) and isinstance(equal.right, exp.Tuple):
        pairs = zip(equal.left.expressions, equal.right.expressions, strict=True)
        return exp.and_(*(exp.EQ(this=a.copy(), expression=b.copy()) for a, b in pairs))
    return equal


def _number_groups(call: exp.RegexpReplace) -> exp.Expr:
    r"""A group of the pattern is `\3` in DuckDB's replacement and `$3` in Spark's."""
    replacement = call.args.get("replacement")
    if isinstance(replacement, exp.Literal):
        call.set("replacement", exp.Literal.string(replacement.name.replace("\\", "$")))
    return call


def _has_all(call: exp.Anonymous) -> exp.Expr:
    """`list_has_all(list, parts)`: nothing of the parts is left when the list is taken away."""
    if call.name.lower() != "list_has_all":
        return call
    whole, parts = (argument.copy() for argument in call.expressions)
    left = exp.Anonymous(this="array_except", expressions=[parts, whole])
    return exp.Anonymous(this="size", expressions=[left]).eq(0)


def _call(name: str) -> Any:
    return lambda node: exp.Anonymous(this=name, expressions=[node.left.copy(), node.right.copy()])


FUNCTIONS: dict[type, Any] = {
    exp.ArgMax: _skip_null,
    exp.ArgMin: _skip_null,
    exp.AnyValue: _any_value,
    exp.ArrayOverlaps: _call("arrays_overlap"),
    exp.Anonymous: _has_all,
    exp.Add: _add_months,
    exp.EQ: _equal_rows,
    exp.RegexpReplace: _number_groups,
    # beyond the end there is NULL, and not an error
    exp.Bracket: lambda at: exp.Anonymous(this="get", expressions=[at.this.copy(), at.expressions[0].copy()]),
}


def _cast_columns(tree: Any, columns: Mapping[str, str]) -> exp.Expr:
    ctes = tree.args.get("with_")
    tree.set("with_", None)
    casts = [exp.alias_(exp.cast(exp.column(name, table="model", quoted=True), exp.DataType.build(type_, dialect="duckdb")), name, quoted=True)
             for name, type_ in columns.items()]  # fmt: skip
    outer = exp.select(*casts).from_(tree.subquery("model", copy=False))
    outer.set("with_", ctes)
    return outer
