"""Functions that build expressions, named as mathematics names them; Python's operators build the rest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workings.expression.nodes import (
    Apply,
    Elided,
    Equation,
    Indexed,
    Node,
    Number,
    Operand,
    Partial,
    Reduction,
    Relation,
    Style,
    Symbol,
    as_node,
)

__all__ = [
    "absolute",
    "at_least",
    "at_most",
    "both",
    "cos",
    "different",
    "either",
    "elided",
    "equal",
    "equation",
    "exp",
    "expm1",
    "greater",
    "indexed",
    "iverson",
    "largest",
    "less",
    "log",
    "log1p",
    "log2",
    "log10",
    "maximum",
    "minimum",
    "negation",
    "normal_cdf",
    "normal_quantile",
    "number",
    "partial",
    "product_of",
    "sigmoid",
    "sin",
    "smallest",
    "sqrt",
    "symbol",
    "symbols",
    "tan",
    "tanh",
    "total",
    "where",
]


def number(value: Any, text: str | None = None) -> Number:
    """Return a number, shown with the digits in ``text`` (by default all that it has).

    Examples
    --------
    >>> from workings.expression import number
    >>> print(number(2.1970001, "2.197") * 3)
    2.197 × 3
    """
    return Number(value, text)


def symbol(name: str, *, style: Style | None = None, latex: str | None = None) -> Symbol:
    """Return a name; see :class:`Symbol`.

    Examples
    --------
    >>> from workings.expression import symbol
    >>> print(symbol("beta_1") * symbol("mean radius"))
    β₁·mean radius
    """
    return Symbol(name, style, latex)


def symbols(names: str) -> tuple[Symbol, ...]:
    """Return one symbol for each name in a text of names separated by spaces.

    Examples
    --------
    >>> from workings.expression import symbols
    >>> TP, FN = symbols("TP FN")
    >>> print(TP / (TP + FN))
    TP / (TP + FN)
    """
    return tuple(Symbol(name) for name in names.split())


def exp(x: Operand) -> Apply:
    """Return the exponential of x."""
    return Apply("exp", (x,))


def expm1(x: Operand) -> Apply:
    """Return exp(x) - 1, computed without cancellation near 0."""
    return Apply("expm1", (x,))


def log(x: Operand) -> Apply:
    """Return the natural logarithm of x > 0."""
    return Apply("log", (x,))


def log1p(x: Operand) -> Apply:
    """Return log(1 + x), computed without cancellation near 0, for x > -1."""
    return Apply("log1p", (x,))


def log2(x: Operand) -> Apply:
    """Return the logarithm of x > 0 to base 2."""
    return Apply("log2", (x,))


def log10(x: Operand) -> Apply:
    """Return the logarithm of x > 0 to base 10."""
    return Apply("log10", (x,))


def sqrt(x: Operand) -> Apply:
    """Return the square root of x ≥ 0."""
    return Apply("sqrt", (x,))


def absolute(x: Operand) -> Apply:
    """Return the absolute value |x|."""
    return Apply("absolute", (x,))


def sigmoid(x: Operand) -> Apply:
    """Return σ(x) = 1/(1 + exp(-x))."""
    return Apply("sigmoid", (x,))


def sin(x: Operand) -> Apply:
    """Return the sine of x radians."""
    return Apply("sin", (x,))


def cos(x: Operand) -> Apply:
    """Return the cosine of x radians."""
    return Apply("cos", (x,))


def tan(x: Operand) -> Apply:
    """Return the tangent of x radians."""
    return Apply("tan", (x,))


def tanh(x: Operand) -> Apply:
    """Return the hyperbolic tangent of x."""
    return Apply("tanh", (x,))


def normal_cdf(z: Operand) -> Apply:
    """Return Φ(z), the probability that a standard normal variable is at most z."""
    return Apply("normal_cdf", (z,))


def normal_quantile(p: Operand) -> Apply:
    """Return Φ⁻¹(p), the z with Φ(z) = p, for 0 < p < 1."""
    return Apply("normal_quantile", (p,))


def maximum(a: Operand, b: Operand) -> Apply:
    """Return the larger of two values."""
    return Apply("maximum", (a, b))


def minimum(a: Operand, b: Operand) -> Apply:
    """Return the smaller of two values."""
    return Apply("minimum", (a, b))


def where(condition: Operand, a: Operand, b: Operand) -> Apply:
    """Return a where the condition holds, else b."""
    return Apply("where", (condition, a, b))


def equal(a: Operand, b: Operand) -> Apply:
    """Return the condition a = b."""
    return Apply("equal", (a, b))


def different(a: Operand, b: Operand) -> Apply:
    """Return the condition a ≠ b."""
    return Apply("different", (a, b))


def less(a: Operand, b: Operand) -> Apply:
    """Return the condition a < b."""
    return Apply("less", (a, b))


def at_most(a: Operand, b: Operand) -> Apply:
    """Return the condition a ≤ b."""
    return Apply("at_most", (a, b))


def greater(a: Operand, b: Operand) -> Apply:
    """Return the condition a > b."""
    return Apply("greater", (a, b))


def at_least(a: Operand, b: Operand) -> Apply:
    """Return the condition a ≥ b."""
    return Apply("at_least", (a, b))


def both(a: Operand, b: Operand) -> Apply:
    """Return the condition that both conditions hold."""
    return Apply("both", (a, b))


def either(a: Operand, b: Operand) -> Apply:
    """Return the condition that at least one of two conditions holds."""
    return Apply("either", (a, b))


def negation(a: Operand) -> Apply:
    """Return the condition that a condition does not hold."""
    return Apply("negation", (a,))


def iverson(condition: Operand) -> Apply:
    """Return 1 where the condition holds, else 0, written [condition] (Iverson, 1962).

    Examples
    --------
    >>> from workings.expression import at_least, iverson, symbols
    >>> s, t = symbols("s t")
    >>> print(iverson(at_least(s, t)))
    [s ≥ t]
    """
    return Apply("iverson", (condition,))


def indexed(base: Node | str, *indices: Operand) -> Indexed:
    """Return an element of an array, indices counted from 1.

    Examples
    --------
    >>> from workings.expression import indexed, symbols
    >>> i, j = symbols("i j")
    >>> print(indexed("x", i), indexed("a", i, j), indexed("x", i + 1))
    xᵢ a_{i,j} x_{i + 1}
    """
    return Indexed(Symbol(base) if isinstance(base, str) else base, indices)


def total(body: Operand, index: Symbol, lower: Operand, upper: Operand) -> Reduction:
    """Return the sum of ``body`` for ``index`` from ``lower`` to ``upper``.

    Examples
    --------
    >>> from workings.expression import indexed, symbols, total
    >>> i, n = symbols("i n")
    >>> print(total(indexed("x", i), i, 1, n) / n)
    (Σ_{i=1}^{n} xᵢ) / n
    """
    return Reduction("sum", body, index, lower, upper)


def product_of(body: Operand, index: Symbol, lower: Operand, upper: Operand) -> Reduction:
    """Return the product of ``body`` for ``index`` from ``lower`` to ``upper``."""
    return Reduction("product", body, index, lower, upper)


def smallest(body: Operand, index: Symbol, lower: Operand, upper: Operand) -> Reduction:
    """Return the smallest ``body`` for ``index`` from ``lower`` to ``upper``."""
    return Reduction("minimum", body, index, lower, upper)


def largest(body: Operand, index: Symbol, lower: Operand, upper: Operand) -> Reduction:
    """Return the largest ``body`` for ``index`` from ``lower`` to ``upper``."""
    return Reduction("maximum", body, index, lower, upper)


def elided(reduction: Node, first: tuple[Operand, ...], last: tuple[Operand, ...]) -> Elided:
    """Return a long reduction written with its first and last terms only; its value is the reduction's.

    Examples
    --------
    >>> from workings.expression import elided, indexed, symbols, total
    >>> i, n = symbols("i n")
    >>> print(elided(total(indexed("x", i), i, 1, n), (17.99, 20.57), (7.76,)))
    17.99 + 20.57 + … + 7.76
    """
    return Elided(reduction, first, last)


def partial(function: Operand, *variables: Operand, held: Iterable[Operand] = (), ordinary: bool = False) -> Partial:
    """Return the partial derivative ∂f/∂x as a name: shown, and valued as it is given.

    Parameters
    ----------
    function
        What is differentiated.
    *variables
        By what, in the order of differentiating.
    held
        What is held fixed besides, where that is not plain.
    ordinary
        Whether there is nothing else to hold fixed: then it is written df/dx.

    Examples
    --------
    >>> from workings.expression import partial, symbols
    >>> J, m, b, u = symbols("J m b u")
    >>> print(partial(J, m), partial(J, m, m), partial(J, m, b), partial(J, m, held=[u]))
    ∂J/∂m ∂²J/∂m² ∂²J/∂b∂m (∂J/∂m)_u
    >>> print(partial(J, m, ordinary=True))
    dJ/dm
    """
    return Partial(as_node(function), map(as_node, variables), map(as_node, held), ordinary=ordinary)


def equation(left: Operand, right: Operand, relation: Relation = "=") -> Equation:
    """Return two sides and the relation between them: = ≈ ≠ < ≤ > ≥.

    Examples
    --------
    >>> from workings.expression import equation, exp, sigmoid, symbol
    >>> x = symbol("x")
    >>> print(equation(sigmoid(x), 1 / (1 + exp(-x))))
    σ(x) = 1 / (1 + exp(-x))
    """
    return Equation(left, right, relation)
