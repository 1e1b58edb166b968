"""Where operations are tried: ordinary points, the edges of their domains, and the edges of the floats."""

from __future__ import annotations

import itertools
import math

import mpmath
import numpy as np

from workings.expression import OPERATIONS, Apply, Node, Operation, evaluate, symbols
from workings.expression.reading import parse

LETTERS = symbols("a b c")
CONTEXT = mpmath.MPContext()
CONTEXT.dps = 60

_random = np.random.default_rng(20)
_EDGES = [
    *(0.0, 5e-324, 1e-310, 1e-300, 1e-20, 1e-9, 0.5, 1.0, 2.0, 3.0, 10.0, 20.0, 36.5, 38.0, 38.4, 100.0, 170.5, 171.5),
    *(171.7, 180.5, 300.0, 709.7, 745.0, 800.0, 1e5, 1e8, 1e15, 1e16, 1e17, 1e22, 1e100, 1e154, 1e200, 1e300),
    *(
        math.nextafter(1, 0),
        math.nextafter(1, 2),
        1.4616321449683623,
        math.pi,
        math.pi / 2,
        100000.5,
        1.7976931348623157e308,
    ),
]
SCALARS = np.concatenate(
    [
        _EDGES,
        np.negative(_EDGES),
        [math.inf, -math.inf, math.nan],
        _random.uniform(-10, 10, 40),
        _random.uniform(-1, 1, 40),
        _random.uniform(0, 1, 20),
        np.exp(_random.uniform(-30, 30, 20)),
    ]
)
_FEW = [0.0, 0.5, -0.5, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0, 1.5, 7.25, -7.25, 40.0, -40.5, 1e-5, 1e5, 1e-300, -1e300]
PAIRS = [
    *itertools.product([*_FEW, math.inf, -math.inf, math.nan], repeat=2),
    *_random.uniform(-4, 4, (60, 2)).tolist(),
]
# The order of polygamma is a count.
ORDERS = [
    (float(n), x) for n in (0, 1, 2, 3, 5, 20, 170, 171, 300, 10**6) for x in [*_FEW, 1e22, -1e9 - 0.25, math.inf]
]


def points(row: Operation) -> list[tuple[float, ...]]:
    """Return where an operation is tried, its domain or not."""
    if row.arity == 2:
        return [*map(tuple, PAIRS), *(ORDERS if row.name == "polygamma" else [])]
    return [(x,) for x in SCALARS.tolist()]


def real_functions() -> list[Operation]:
    """Return the operations that take and give real numbers."""
    conditions = ("equal", "different", "less", "at_most", "greater", "at_least", "both", "either", "negation")
    others = (*conditions, "iverson", "where")
    return [row for row in OPERATIONS.values() if row.arity and not row.over_rows and row.name not in others]


def precise(row: Operation, point: tuple[float, ...]) -> mpmath.mpf:
    """Return an operation's value at 60 digits."""
    node = row_node(row)
    return evaluate(node, dict(zip("abc", point, strict=False)), arithmetic="mpmath", digits=60)


def row_node(row: Operation) -> Node:
    """Return the operation of the letters a, b, c."""
    return Apply(row, LETTERS[: row.arity])


def condition(text: str) -> Node:
    """Return a condition that a row says in formula text."""
    return parse(f"where({text}, 1, 0)").root.children[0]


def is_defined(row: Operation, point: tuple[float, ...]) -> bool:
    """Whether the row says that it is defined there."""
    values = dict(zip("abc", point, strict=False))
    return not row.defined or bool(evaluate(condition(row.defined), values, arithmetic="mpmath", digits=60))
