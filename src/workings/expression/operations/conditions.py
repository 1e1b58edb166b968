"""Comparisons, what joins them, and what chooses by them. No derivative is taken by a condition."""

from __future__ import annotations

import operator

import numpy as np

from workings.expression import floats
from workings.expression import multiprecision as precise
from workings.expression import rationals as exact
from workings.expression.operations.row import Binding, Operation, Way, function, infix

__all__ = ["ROWS"]


def _compare(name: str, signs: str, compare: Way, python: str = "") -> Operation:
    ways = (floats.comparison(compare), precise.compare(compare), compare)
    return infix(name, signs, Binding.COMPARE, ways, "", "", domain="two real numbers", python=python)


def _join(name: str, signs: str, binding: Binding, numpy: Way, join: Way) -> Operation:
    ways = (floats.truth(numpy), precise.compare(join), join)
    return infix(name, signs, binding, ways, "", "", domain="two conditions")


# A table is read across.
# fmt: off
ROWS = (
    _compare("equal", "= = =", operator.eq, python="=="),
    _compare("different", r"≠ != \ne", operator.ne),
    _compare("less", "< < <", operator.lt),
    _compare("at_most", r"≤ <= \le", operator.le),
    _compare("greater", "> > >", operator.gt),
    _compare("at_least", r"≥ >= \ge", operator.ge),

    _join("both", r"∧ and \land", Binding.BOTH, np.logical_and, lambda a, b: bool(a) and bool(b)),
    _join("either", r"∨ or \lor", Binding.EITHER, np.logical_or, lambda a, b: bool(a) or bool(b)),
    infix("negation", r"¬ not \lnot", Binding.NOT,
          (floats.truth(np.logical_not), precise.compare(operator.not_), operator.not_), "",
          layout="prefix", domain="a condition"),

    function("where", floats.where, precise.where, "", "where(a, 1, 0)", "where(a, 0, 1)", fraction=exact.where,
             rule="cases", layout="cases", domain="a condition and two real numbers", python="({1} if {0} else {2})"),
    function("iverson", floats.indicator, precise.indicator, "", fraction=exact.indicator,
             domain="a condition: 1 where it holds, else 0", fence="[ ]", python="int({0})"),
)
