"""Comparisons, what joins them, and what chooses by them. No derivative is taken by a condition."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from workings.expression import floats
from workings.expression import multiprecision as precise
from workings.expression import rationals as exact
from workings.expression.operations.row import Binding, Operation, function, infix

__all__ = ["ROWS"]


def _compare(name: str, signs: str, compare: Any, python: str = "") -> Operation:
    ways = (floats.comparison(compare), precise.compare(compare), compare)
    return infix(name, signs, Binding.COMPARE, *ways, "", "", domain="two real numbers", python=python)


def _join(name: str, signs: str, binding: Binding, numpy: Any, join: Any, arity: int = 2) -> Operation:
    ways = (floats.truth(numpy), precise.compare(join), join)
    layout = "infix" if arity == 2 else "prefix"
    return infix(name, signs, binding, *ways, *[""] * arity, domain="conditions", layout=layout)


ROWS = (
    _compare("equal", "= = =", operator.eq, "=="),
    _compare("different", r"≠ != \ne", operator.ne),
    _compare("less", "< < <", operator.lt),
    _compare("at_most", r"≤ <= \le", operator.le),
    _compare("greater", "> > >", operator.gt),
    _compare("at_least", r"≥ >= \ge", operator.ge),
    _join("both", r"∧ and \land", Binding.BOTH, np.logical_and, lambda a, b: bool(a) and bool(b)),
    _join("either", r"∨ or \lor", Binding.EITHER, np.logical_or, lambda a, b: bool(a) or bool(b)),
    _join("negation", r"¬ not \lnot", Binding.NOT, np.logical_not, operator.not_, arity=1),
    function(
        "where",
        floats.where,
        precise.where,
        "",
        "where(a, 1, 0)",
        "where(a, 0, 1)",
        fraction=exact.where,
        rule="cases",
        domain="a condition and two real numbers",
        python="({1} if {0} else {2})",
        layout="cases",
    ),
    function(
        "iverson",
        floats.indicator,
        precise.indicator,
        "",
        fraction=exact.indicator,
        domain="a condition: 1 where it holds, else 0",
        python="int({0})",
        fence="[ ]",
    ),
)
