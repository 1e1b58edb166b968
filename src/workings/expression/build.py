"""Functions that build names, numbers, elements, sums and equations, named as mathematics names them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workings.expression.nodes import (
    Elided,
    Equation,
    Indexed,
    Integral,
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
    "elided",
    "equation",
    "indexed",
    "integral",
    "largest",
    "number",
    "partial",
    "product_of",
    "smallest",
    "symbol",
    "symbols",
    "total",
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


def indexed(base: Node | str, *indices: Operand) -> Indexed:
    """Return an element of an array, indices counted from 1.

    Examples
    --------
    >>> from workings.expression import indexed, symbols
    >>> i, j = symbols("i j")
    >>> print(indexed("x", i), indexed("a", i, j), indexed("x", i + 1))
    xᵢ a_{i,j} xᵢ₊₁
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


def integral(body: Operand, variable: Symbol, lower: Operand, upper: Operand) -> Integral:
    """Return the definite integral of ``body`` as a name: shown, and valued as it is given.

    Examples
    --------
    >>> from workings.expression import integral, symbols
    >>> x, a, b = symbols("x a b")
    >>> print(integral(x**2 + 1, x, a, b))
    ∫_{a}^{b} (x² + 1) dx
    """
    return Integral(body, variable, lower, upper)


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
