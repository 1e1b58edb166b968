"""In which order factors and terms are written: 2·x·z, x²·e^x, 3·x² + 2·x + 1."""

from __future__ import annotations

import re

from workings.expression.names import normal_name
from workings.expression.nodes import Apply, Elided, Node, Number, Reduction, Symbol
from workings.expression.operations import OPERATIONS

__all__ = ["EXPONENTIAL", "FUNCTION", "NAME", "POLYNOMIAL", "SUMS", "Key", "Order"]

SUMS = frozenset({"add", "subtract"})
_FEW = 40  # parts of an expression that take part in a comparison
_DIGITS = re.compile(r"\d+")

Key = tuple[int, tuple[str, ...]]

# Numbers with names, names, sums of these, exponentials, functions, sums of functions, sums over data, cases.
_CONSTANT, NAME, POLYNOMIAL, EXPONENTIAL, FUNCTION, _SUM, _AGGREGATE, _CASES = range(8)
_ROWS = {name: place for place, name in enumerate(OPERATIONS)}
_ARITHMETIC = SUMS | {"multiply", "divide", "negate", "power", "pi", "e"}


class Order:
    """Keys to sort by. It remembers what it was asked; the order does not depend on what was asked before."""

    def __init__(self) -> None:
        self._keys: dict[Node, Key] = {}

    def key(self, base: Node) -> Key:
        """Return where a factor stands among others."""
        known = self._keys.get(base)
        if known is None:
            known = self._keys[base] = (_rank(base), signature(base))
        return known

    def degree(self, base: Node) -> int:
        """Return what a factor's exponent adds to a term's degree: 1 for a name or a sum of names, else 0."""
        return 1 if self.key(base)[0] in (NAME, POLYNOMIAL) else 0


def signature(node: Node) -> tuple[str, ...]:
    """Return an expression's first parts as text to sort by: x_2 before x_10, sin before cos as in the table."""
    parts: list[str] = []
    stack = [node]
    while stack and len(parts) < _FEW:
        here = stack.pop()
        if isinstance(here, Number):
            parts.append(f"0 {here.text}")
        elif isinstance(here, Symbol):
            parts.append(f"1 {_name(here.name)}")
        elif isinstance(here, Apply):
            parts.append(f"3 {_ROWS[here.operation.name]:03}")
        else:
            parts.append(f"2 {type(here).__name__}")
        stack.extend(reversed(here.children))
    return tuple(parts)


def _name(name: str) -> str:
    padded = _DIGITS.sub(lambda match: match[0].zfill(9), normal_name(name))
    return f"{padded.casefold()} {padded}"


def _rank(base: Node) -> int:
    if isinstance(base, Number):
        return _CONSTANT
    if isinstance(base, (Reduction, Elided)):
        return _AGGREGATE
    if not isinstance(base, Apply):
        return NAME
    name = base.operation.name
    if name in ("pi", "e"):
        return _CONSTANT
    if name == "exp" or _is_exponential(base):
        return EXPONENTIAL
    if name == "where":
        return _CASES
    if base.operation.over_rows:
        return _AGGREGATE
    if name in _ARITHMETIC:
        return POLYNOMIAL if _is_polynomial(base) else _SUM
    return FUNCTION


def _is_exponential(node: Apply) -> bool:
    """Whether it is a power with a name in the exponent: e^x, 2^n, but not x^(1/2)."""
    return node.operation.name == "power" and node.args[1].symbolic


def _is_polynomial(node: Node) -> bool:
    """Whether it holds no function but the four operations and powers, as far as a glance shows."""
    stack, seen = [node], 0
    while stack and seen < _FEW:
        here = stack.pop()
        seen += 1
        if isinstance(here, Apply) and (here.operation.name not in _ARITHMETIC or _is_exponential(here)):
            return False
        stack.extend(here.children)
    return not stack
