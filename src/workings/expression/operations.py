"""What can be computed with: one table, one row an operation.

A row says everything that the rest of this room needs to know: how tightly the operation binds, how it is written in
text, LaTeX, MathML and Python, how each arithmetic computes it, and where it is defined. Adding an operation is adding
a row.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Literal

import numpy as np

from workings.expression import floats, multiprecision, rationals

__all__ = ["OPERATIONS", "Binding", "Layout", "Operation"]


class Binding(IntEnum):
    """How tightly something binds its parts, loosest first; what binds less tightly than its place is put in ( )."""

    RELATION = 0
    EITHER = 1
    BOTH = 2
    NOT = 3
    COMPARE = 4
    ADD = 5
    NEGATE = 6
    MULTIPLY = 7
    NAME = 8  # what reads as one thing, though written with several signs: ∂J/∂m
    POWER = 9
    ATOM = 10


Layout = Literal["infix", "prefix", "fraction", "power", "root", "fence", "cases", "call"]


@dataclass(frozen=True, eq=False)
class Operation:
    """One operation.

    Parameters
    ----------
    name
        Its name, which serialised trees use.
    arity
        How many arguments it takes.
    binding
        How tightly it binds.
    layout
        How it is laid out: the sign between its arguments, before its argument, a fraction, a call, ...
    text, ascii, latex, mathml
        Its sign or name. For a "fence", the opening and the closing sign, separated by a space.
    python
        A format of its arguments, ``{0}``, ``{1}``: an operator or a call.
    numpy
        How the float arithmetic computes it.
    mpmath
        How mpmath computes it, with a context as the first argument.
    fraction
        How fractions compute it; None where the value is not a fraction.
    domain
        Where it is defined, in text for a reader of this table.
    """

    name: str
    arity: int
    binding: Binding
    layout: Layout
    text: str
    ascii: str
    latex: str
    mathml: str
    python: str
    numpy: Callable[..., Any]
    mpmath: Callable[..., Any]
    fraction: Callable[..., Any] | None
    domain: str = "all real numbers"

    def __repr__(self) -> str:
        return f"<operation {self.name}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return (_row, (self.name,))


def _row(name: str) -> Operation:
    return OPERATIONS[name]


def _mo(sign: str) -> str:
    return f"<mo>{sign}</mo>"


def _mi(name: str) -> str:
    return f"<mi>{name}</mi>"


def _call(
    name: str,
    numpy: Any,
    mpmath: Any,
    fraction: Any = None,
    *,
    domain: str = "all real numbers",
    arity: int = 1,
    **forms: str,
) -> Operation:
    """Return the row of a function, written name(x)."""
    written = {
        "text": name,
        "ascii": name,
        "latex": rf"\{name}",
        "mathml": _mi(name),
        "python": f"{name}({{0}})",
    } | forms
    return Operation(
        name, arity, Binding.ATOM, "call", **written, numpy=numpy, mpmath=mpmath, fraction=fraction, domain=domain
    )


def _infix(name: str, binding: Binding, signs: tuple[str, str, str], python: str, *ways: Any) -> Operation:
    """Return the row of a sign between two arguments: ``signs`` in text, ASCII and LaTeX; ``ways`` to compute it."""
    text, plain, latex = signs
    sign = _mo(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("-", "−"))
    return Operation(name, 2, binding, "infix", text, plain, latex, sign, "{0} " + python + " {1}", *ways)


def _compare(name: str, signs: tuple[str, str, str], python: str, compare: Any) -> Operation:
    ways = (floats.comparison(compare), multiprecision.compare(compare), compare)
    return _infix(name, Binding.COMPARE, signs, python, *ways)


def _indicator(condition: Any) -> int:
    return int(bool(condition))


def _where(condition: Any, a: Any, b: Any) -> Any:
    return a if condition else b


def _tanh(mp: Any, x: Any) -> Any:
    return mp.tanh(x)


def _not(a: Any) -> bool:
    return not a


def _both(a: Any, b: Any) -> Any:
    return bool(a) and bool(b)


def _either(a: Any, b: Any) -> Any:
    return bool(a) or bool(b)


_real = floats.real
_stay = multiprecision.integers_stay
_exactly = rationals.exactly

_ROWS = (
    _infix("add", Binding.ADD, ("+", "+", "+"), "+", floats.add, _stay(operator.add), _exactly(operator.add)),
    _infix("subtract", Binding.ADD, ("-", "-", "-"), "-", floats.subtract, _stay(operator.sub), _exactly(operator.sub)),
    _infix(
        "multiply",
        Binding.MULTIPLY,
        ("·", "*", r"\cdot"),
        "*",
        floats.multiply,
        _stay(operator.mul),
        _exactly(operator.mul),
    ),
    Operation(
        "divide",
        2,
        Binding.MULTIPLY,
        "fraction",
        "/",
        "/",
        r"\frac",
        "",
        "{0} / {1}",
        floats.divide,
        multiprecision.divide,
        rationals.divide,
        "b ≠ 0; NaN for 0/0",
    ),
    Operation(
        "power",
        2,
        Binding.POWER,
        "power",
        "^",
        "^",
        "^",
        "",
        "{0} ** {1}",
        floats.power,
        multiprecision.power,
        rationals.power,
        "a > 0, or b whole; 0 to the power 0 is 1",
    ),
    Operation(
        "negate",
        1,
        Binding.NEGATE,
        "prefix",
        "-",
        "-",
        "-",
        _mo("−"),
        "-{0}",
        floats.negate,
        _stay(operator.neg),
        _exactly(operator.neg),
    ),
    Operation(
        "sqrt",
        1,
        Binding.ATOM,
        "root",
        "√",
        "sqrt",
        r"\sqrt",
        "",
        "sqrt({0})",
        floats.square_root,
        multiprecision.square_root,
        rationals.square_root,
        "x ≥ 0",
    ),
    Operation(
        "absolute",
        1,
        Binding.ATOM,
        "fence",
        "| |",
        "| |",
        r"\left| \right|",
        "| |",
        "abs({0})",
        floats.absolute,
        _stay(abs),
        _exactly(abs),
    ),
    Operation(
        "iverson",
        1,
        Binding.ATOM,
        "fence",
        "[ ]",
        "[ ]",
        r"\left[ \right]",
        "[ ]",
        "int({0})",
        floats.indicator,
        multiprecision.indicator,
        _indicator,
        "a condition: 1 where it holds, else 0",
    ),
    Operation(
        "where",
        3,
        Binding.ATOM,
        "cases",
        "where",
        "where",
        r"\begin{cases}",
        "",
        "({1} if {0} else {2})",
        floats.where,
        multiprecision.where,
        _where,
        "a condition and two values",
    ),
    _call("exp", _real(np.exp), multiprecision.exponential),
    _call("expm1", _real(np.expm1), multiprecision.exponential_minus_one, latex=r"\operatorname{expm1}"),
    _call("log", _real(np.log), multiprecision.logarithm(), domain="x > 0"),
    _call("log1p", _real(np.log1p), multiprecision.logarithm(shift=1), domain="x > -1", latex=r"\operatorname{log1p}"),
    _call(
        "log2",
        _real(np.log2),
        multiprecision.logarithm(base=2),
        domain="x > 0",
        text="log₂",
        latex=r"\log_{2}",
        mathml="<msub><mi>log</mi><mn>2</mn></msub>",
    ),
    _call(
        "log10",
        _real(np.log10),
        multiprecision.logarithm(base=10),
        domain="x > 0",
        text="log₁₀",
        latex=r"\log_{10}",
        mathml="<msub><mi>log</mi><mn>10</mn></msub>",
    ),
    _call("sin", _real(np.sin), multiprecision.trigonometric("sin")),
    _call("cos", _real(np.cos), multiprecision.trigonometric("cos")),
    _call("tan", _real(np.tan), multiprecision.trigonometric("tan"), domain="x is not an odd multiple of π/2"),
    _call("tanh", _real(np.tanh), _tanh),
    _call("sigmoid", floats.sigmoid, multiprecision.sigmoid, text="σ", latex=r"\sigma", mathml=_mi("σ")),
    _call(
        "normal_cdf",
        floats.normal_cdf,
        multiprecision.normal_cdf,
        text="Φ",
        latex=r"\Phi",
        mathml='<mi mathvariant="normal">Φ</mi>',
    ),
    _call(
        "normal_quantile",
        floats.normal_quantile,
        multiprecision.normal_quantile,
        domain="0 < p < 1",
        text="Φ⁻¹",
        latex=r"\Phi^{-1}",
        mathml='<msup><mi mathvariant="normal">Φ</mi><mrow><mo>−</mo><mn>1</mn></mrow></msup>',
    ),
    _call(
        "maximum",
        floats.maximum,
        multiprecision.maximum,
        _exactly(max),
        text="max",
        ascii="max",
        latex=r"\max",
        mathml=_mi("max"),
        python="max({0}, {1})",
        arity=2,
    ),
    _call(
        "minimum",
        floats.minimum,
        multiprecision.minimum,
        _exactly(min),
        text="min",
        ascii="min",
        latex=r"\min",
        mathml=_mi("min"),
        python="min({0}, {1})",
        arity=2,
    ),
    _compare("equal", ("=", "=", "="), "==", operator.eq),
    _compare("different", ("≠", "!=", r"\ne"), "!=", operator.ne),
    _compare("less", ("<", "<", "<"), "<", operator.lt),
    _compare("at_most", ("≤", "<=", r"\le"), "<=", operator.le),
    _compare("greater", (">", ">", ">"), ">", operator.gt),
    _compare("at_least", ("≥", ">=", r"\ge"), ">=", operator.ge),
    _infix(
        "both",
        Binding.BOTH,
        ("∧", "and", r"\land"),
        "and",
        floats.truth(np.logical_and),
        multiprecision.compare(_both),
        _both,
    ),
    _infix(
        "either",
        Binding.EITHER,
        ("∨", "or", r"\lor"),
        "or",
        floats.truth(np.logical_or),
        multiprecision.compare(_either),
        _either,
    ),
    Operation(
        "negation",
        1,
        Binding.NOT,
        "prefix",
        "¬",
        "not ",
        r"\lnot ",
        _mo("¬"),
        "not {0}",
        floats.truth(np.logical_not),
        multiprecision.compare(_not),
        _not,
        "a condition",
    ),
)

OPERATIONS: dict[str, Operation] = {row.name: row for row in _ROWS}
