"""An expression as Python source: TP / (TP + FN)."""

from __future__ import annotations

import keyword
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from workings.expression.nodes import (
    Apply,
    Elided,
    Equation,
    Indexed,
    Integral,
    Node,
    Number,
    Partial,
    Reduction,
    Symbol,
)
from workings.expression.operations import OPERATIONS, Binding
from workings.expression.present import check_size
from workings.expression.render_text import to_text
from workings.expression.traverse import postorder

__all__ = ["several_to_python", "to_python"]

_FUNCTIONS = {"sum": "sum", "product": "prod", "minimum": "min", "maximum": "max"}
_TAKEN = {"Fraction", "abs", "inf", "int", "isclose", "max", "min", "nan", "prod", "range", "sum", *OPERATIONS}
_PLACE = re.compile(r"\{(\d)\}")
_DECIMAL = re.compile(r"([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=e))(e[+-]?[0-9]+)?")
_SIDES = {
    "add": (Binding.ADD, Binding.NEGATE),
    "subtract": (Binding.ADD, Binding.NEGATE),
    "multiply": (Binding.MULTIPLY, Binding.NAME),
    "divide": (Binding.MULTIPLY, Binding.NAME),
    "negate": (Binding.POWER,),
    "power": (Binding.ATOM, Binding.ATOM),
    "both": (Binding.BOTH, Binding.NOT),
    "either": (Binding.EITHER, Binding.BOTH),
    "negation": (Binding.COMPARE,),
}


@dataclass(frozen=True, slots=True)
class _Slot:
    node: Node
    binding: int = Binding.RELATION


def to_python(node: Node) -> str:
    """Return an expression as Python source that evaluates to it.

    Functions have the names of Python's ``math`` (exp, log, sqrt, prod, ...) and builtins, beside ``sigmoid``,
    ``normal_cdf`` and ``normal_quantile``; elements are counted from 0 (``x[i - 1]``). An equation whose left side is a
    name is an assignment. Names are turned into identifiers, each its own: nothing that a name says becomes code.
    Formula text reads Python's operators too: where every name is an identifier and no function's, an expression that
    came from text is read back as the same one.

    Raises
    ------
    InputError
        If the expression shares its parts and would take more than five million nodes to write.

    Examples
    --------
    >>> from workings.expression import indexed, symbols, to_python, total
    >>> x, i, n = symbols("x i n")
    >>> to_python(-x ** 2 / 3)
    '(-x ** 2) / 3'
    >>> to_python(total(indexed("x", i) ** 2, i, 1, n))
    'sum(x[i - 1] ** 2 for i in range(1, n + 1))'
    """
    return several_to_python([node])[0]


def several_to_python(nodes: Sequence[Node]) -> list[str]:
    """Return expressions as Python source in which a name has the same identifier everywhere.

    Raises
    ------
    InputError
        As :func:`to_python`.

    Examples
    --------
    >>> from workings.expression import symbol
    >>> from workings.expression.render_python import several_to_python
    >>> several_to_python([symbol("a b"), symbol("a_b")])
    ['a_b', 'a_b_']
    """
    for node in nodes:
        check_size(node)
    names = _identifiers(nodes)
    return [_one(node, names) for node in nodes]


def _one(node: Node, names: dict[str, str]) -> str:
    out: list[str] = []
    stack: list[str | _Slot] = [_Slot(node)]
    while stack:
        part = stack.pop()
        if isinstance(part, str):
            out.append(part)
        elif _binding(part.node) < part.binding:
            stack.extend((")", _Slot(part.node), "("))
        else:
            stack.extend(reversed(tuple(_lower(part.node, names))))
    return "".join(out)


def _lower(node: Node, names: dict[str, str]) -> Iterable[str | _Slot]:
    if isinstance(node, Apply):
        yield from _apply(node)
    elif isinstance(node, Number):
        yield _number(node)
    elif isinstance(node, Indexed):
        yield _Slot(node.base)
        for index in node.indices:
            if isinstance(index, Number) and type(index.value) is int:
                yield f"[{index.value - 1}]"
            else:
                yield from ("[", _Slot(index, Binding.ADD), " - 1]")
    elif isinstance(node, Reduction):
        yield from (_FUNCTIONS[node.kind], "(", _Slot(node.body, Binding.EITHER))
        yield from (f" for {names[node.index.name]} in range(", _Slot(node.lower, Binding.EITHER))
        yield from (", ", _Slot(node.upper, Binding.ADD), " + 1))")
    elif isinstance(node, Elided):
        yield _Slot(node.reduction)
    elif isinstance(node, Equation):
        yield from _equation(node)
    else:
        yield names[_name(node)]


def _apply(node: Apply) -> Iterable[str | _Slot]:
    row = node.operation
    if row.binding == Binding.COMPARE:
        bindings: tuple[int, ...] = (Binding.ADD, Binding.ADD)
    elif row.name == "where":
        bindings = (Binding.EITHER,) * 3
    else:
        bindings = _SIDES.get(row.name, (Binding.RELATION,) * row.arity)
    for count, piece in enumerate(_PLACE.split(row.python)):
        yield _Slot(node.args[int(piece)], bindings[int(piece)]) if count % 2 else piece


def _equation(node: Equation) -> Iterable[str | _Slot]:
    if node.relation == "=" and isinstance(node.left, (Symbol, Integral, Partial)):
        yield from (_Slot(node.left), " = ", _Slot(node.right, Binding.EITHER))
    elif node.relation == "≈":
        yield from ("isclose(", _Slot(node.left), ", ", _Slot(node.right), ")")
    else:
        sign = {"=": "==", "≠": "!=", "≤": "<=", "≥": ">="}.get(node.relation, node.relation)
        yield from (_Slot(node.left, Binding.ADD), f" {sign} ", _Slot(node.right, Binding.ADD))


def _binding(node: Node) -> int:
    if isinstance(node, Apply):
        return node.operation.binding
    if isinstance(node, Equation):
        return Binding.RELATION
    if isinstance(node, Number) and not isinstance(node.value, Fraction):
        return Binding.NEGATE if math.copysign(1, node.value) < 0 else Binding.ATOM
    return Binding.ATOM


def _number(node: Number) -> str:
    """Return a number's value, with the digits that it is shown with where these say the same in Python."""
    value = node.value
    if isinstance(value, Fraction):
        return f"Fraction({value.numerator}, {value.denominator})"
    as_shown = isinstance(value, float) and _DECIMAL.fullmatch(node.text) is not None and float(node.text) == value
    return node.text if as_shown else repr(value)


def _name(node: Node) -> str:
    return node.name if isinstance(node, Symbol) else to_text(node)


def _identifiers(roots: Sequence[Node]) -> dict[str, str]:
    """Return an identifier for each name, no two alike."""
    names: dict[str, str] = {}
    nodes = list(dict.fromkeys(node for root in roots for node in postorder(root)))
    taken = set(_TAKEN)
    if not any(isinstance(node, Apply) and node.operation.name == "gamma" for node in nodes):
        taken.discard("gamma")  # a letter, where it calls nothing
    for node in nodes:
        symbol = node.index if isinstance(node, Reduction) else node
        if not isinstance(symbol, (Symbol, Integral, Partial)) or _name(symbol) in names:
            continue
        stem = unicodedata.normalize("NFKC", _name(symbol)).replace("∂", "d")
        if not stem.isidentifier() or stem.startswith("_"):
            stem = re.sub(r"\W", "_", stem).lstrip("_") or "x"
        if not stem.isidentifier():
            stem = f"x_{stem}" if f"x_{stem}".isidentifier() else "x"
        identifier, count = stem, 1
        while identifier in taken or keyword.iskeyword(identifier):
            count += 1
            identifier = f"{stem}_" if count == 2 else f"{stem}_{count}"
        taken.add(identifier)
        names[_name(symbol)] = identifier
    return names
