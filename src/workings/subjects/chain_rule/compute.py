r"""The derivatives of a formula: one by one, all at once, of several, and of second order.

Source: A. Griewank and A. Walther, Evaluating Derivatives, 2nd ed., SIAM 2008, chapter 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any

from workings.errors import InputError
from workings.expression import Node, Number, Symbol, as_node
from workings.expression.calculus import derivative
from workings.expression.calculus import gradient as partials_of
from workings.expression.calculus import jacobian as partials_of_several
from workings.expression.calculus.combine import plus, times
from workings.expression.calculus.steady import steady
from workings.expression.formula import Formula, as_formula
from workings.language import message
from workings.subjects.chain_rule.results import Gradient, Hessian, Jacobian, ValueAndGradient
from workings.subjects.chain_rule.variables import parameters, symbols_by_name, variable_of, variables_of

__all__ = ["differentiate", "directional_derivative", "gradient", "hessian", "jacobian", "value_and_gradient"]


def differentiate(f: Any, /, *variables: str, rows: Iterable[str] = ()) -> Formula:
    r"""Return the derivative of a formula, by one variable after another.

    .. math:: \frac{\partial^k f}{\partial x_k \cdots \partial x_1}

    Parameters
    ----------
    f
        A formula, text, or a Python function.
    *variables
        The names of the variables: one for the first derivative, ``"x", "x"`` for the second, ``"x", "z"`` for a mixed
        one. May be left out if the formula has one variable.
    rows
        Which names in a text are columns of data.

    Returns
    -------
    Formula
        With the same arguments as ``f``, those included that it no longer depends on.

    Raises
    ------
    InputError
        If a variable is not one of the formula's, or is a column of data; if none is named and it has several.
    FormulaError
        If ``f`` cannot be read, or an operation has no derivative by an argument in which the variable stands (the
        order of ``polygamma``).

    Notes
    -----
    At a kink the derivative is a documented choice between the slopes of the two sides: 0 for ``abs`` and ``relu`` at
    0, the mean of both for ``maximum`` and ``minimum`` at a tie. Of ``where``, only the branch taken counts: one that
    is undefined does no harm. A step (``sign``, ``floor``, a condition) has the derivative 0. Outside the domain of f
    the result may have a value though f has none, as 1/x beside log(x) for x < 0; but of what has a value nowhere, as
    1/(x - x), the derivative is undefined everywhere too, and not 0.

    Examples
    --------
    >>> import workings as wk
    >>> print(wk.differentiate("x^2 + x*z", "x"))
    2·x + z
    >>> wk.differentiate("x^3*z", "x", "x")(x=1, z=2)
    12.0
    """
    formula = as_formula(f, rows=rows)
    if not variables:
        variables = (_only_variable(formula),)
    node = formula.node
    symbols = symbols_by_name(formula)
    for name in variables:
        node = derivative(node, symbols[variable_of(formula, name, "differentiate")])
    return formula.alike(node)


def gradient(f: Any, /, variables: str | Iterable[str] | None = None, *, rows: Iterable[str] = ()) -> Gradient:
    r"""Return all partial derivatives of a formula.

    .. math:: \nabla f = \left(\frac{\partial f}{\partial x_1}, \ldots, \frac{\partial f}{\partial x_k}\right)

    Parameters
    ----------
    f
        A formula, text, or a Python function.
    variables
        By which to differentiate; by default by all that are no columns of data.
    rows
        Which names in a text are columns of data.

    Returns
    -------
    Gradient
        ``g["x"]`` is the formula ∂f/∂x; ``g(x=1, z=2)`` gives all partial derivatives at a point.

    Raises
    ------
    InputError, FormulaError
        As :func:`differentiate`.

    Notes
    -----
    One backward sweep over the formula gives all partial derivatives, at a small multiple of the formula's own cost
    however many variables there are. Kinks and ``where`` as in :func:`differentiate`.

    Source: A. Griewank and A. Walther, Evaluating Derivatives, 2nd ed., SIAM 2008, section 3.2; B. Speelpenning,
    Compiling Fast Partial Derivatives of Functions Given by Algorithms, University of Illinois 1980.

    Examples
    --------
    >>> import workings as wk
    >>> g = wk.gradient("y = u*v; u = x*z; v = x^2 + z")
    >>> g(x=1, z=2)
    {'x': 10.0, 'z': 5.0}
    """
    return _gradient(as_formula(f, rows=rows), variables, "gradient")


def value_and_gradient(
    f: Any, /, variables: str | Iterable[str] | None = None, *, rows: Iterable[str] = ()
) -> ValueAndGradient:
    """Return a function that gives a formula's value and all its partial derivatives in one pass.

    Parameters
    ----------
    f, variables, rows
        As in :func:`gradient`.

    Returns
    -------
    ValueAndGradient
        Called as the formula is, it gives (value, {variable: partial derivative}).

    Raises
    ------
    InputError, FormulaError
        As :func:`differentiate`.

    Examples
    --------
    >>> import workings as wk
    >>> cost = wk.value_and_gradient("mean((y - m*x)^2)", rows=("x", "y"))
    >>> cost(m=1, x=[1, 2], y=[2, 4])
    (2.5, {'m': -5.0})
    """
    formula = as_formula(f, rows=rows)
    return ValueAndGradient(formula, _gradient(formula, variables, "value_and_gradient"))


def jacobian(
    fs: Sequence[Any] | Mapping[str, Any], /, variables: str | Iterable[str] | None = None, *, rows: Iterable[str] = ()
) -> Jacobian:
    r"""Return the partial derivatives of several formulas.

    .. math:: J_{ij} = \frac{\partial f_i}{\partial x_j}

    Parameters
    ----------
    fs
        The formulas: each a formula, text, or a Python function.
    variables
        By which to differentiate; by default by all variables of all formulas, in order of first appearance.
    rows
        Which names in the texts are columns of data.

    Returns
    -------
    Jacobian
        ``j[0]["x"]`` is the formula ∂f₁/∂x; ``j(x=1, z=2)`` is the matrix at a point.

    Raises
    ------
    InputError, FormulaError
        As :func:`differentiate`; also if there is no formula.

    Notes
    -----
    Where there are fewer variables than formulas, one forward sweep for each variable; else one backward sweep for each
    formula.

    Examples
    --------
    >>> import workings as wk
    >>> wk.jacobian(["x*z", "x + z"])(x=1, z=2)
    array([[2., 1.],
           [1., 1.]])
    """
    names = tuple(rows)
    several = list(fs.values()) if isinstance(fs, Mapping) else [fs] if isinstance(fs, (str, Formula)) else list(fs)
    formulas = [as_formula(f, rows=names) for f in several]
    if not formulas:
        raise InputError(message("jacobian: fs must be one formula or more; got none"))
    whole = formulas[0] if len(formulas) == 1 else reduce(add, formulas)  # it has the arguments of all
    chosen = variables_of(whole, variables, "jacobian")
    symbols = symbols_by_name(whole)
    by = [symbols[name] for name in chosen]
    nodes = [formula.node for formula in formulas]
    found = partials_of_several(nodes, by, rows=whole.columns)
    return Jacobian(
        tuple(
            Gradient(whole.alike(node), dict(zip(chosen, whole.alike_each(row), strict=True)))
            for node, row in zip(nodes, found, strict=True)
        )
    )


def hessian(f: Any, /, variables: str | Iterable[str] | None = None, *, rows: Iterable[str] = ()) -> Hessian:
    r"""Return all second partial derivatives of a formula.

    .. math:: H_{ij} = \frac{\partial^2 f}{\partial x_i\, \partial x_j}

    Parameters
    ----------
    f, variables, rows
        As in :func:`gradient`.

    Returns
    -------
    Hessian
        ``h["x"]["z"]`` is the formula ∂²f/∂x∂z; ``h(x=1, z=2)`` is the matrix at a point.

    Raises
    ------
    InputError, FormulaError
        As :func:`differentiate`.

    Notes
    -----
    Each pair of variables is worked out once: the matrix is symmetric exactly, not only up to rounding.

    Examples
    --------
    >>> import workings as wk
    >>> wk.hessian("(1 - x)^2 + 100*(y - x^2)^2")(x=1, y=1)
    array([[ 802., -400.],
           [-400.,  200.]])
    """
    formula = as_formula(f, rows=rows)
    chosen = variables_of(formula, variables, "hessian")
    known = symbols_by_name(formula)
    symbols = [known[name] for name in chosen]
    shown = _second_order(formula.node, symbols, formula.columns)
    value = steady(formula.node)
    computed = shown if value is formula.node else _second_order(value, symbols, formula.columns)
    found = dict(zip(shown, formula.alike_each(tuple(shown.values())), strict=True))
    partials = {
        name: {other: found[min(i, j), max(i, j)] for j, other in enumerate(chosen)} for i, name in enumerate(chosen)
    }
    return Hessian(formula, partials, computed)


def directional_derivative(
    f: Any, direction: Mapping[str, float] | Sequence[float], /, *, rows: Iterable[str] = ()
) -> Formula:
    r"""Return how fast a formula changes along a direction.

    .. math:: D_v f = \nabla f \cdot v = \sum_i v_i \frac{\partial f}{\partial x_i}

    Parameters
    ----------
    f
        A formula, text, or a Python function.
    direction
        v: a number for each variable by name, 0 for those left out; or one for each variable in order. It is taken as
        it is; for the slope per unit of length give a vector of length 1.
    rows
        Which names in a text are columns of data.

    Returns
    -------
    Formula
        With the same arguments as ``f``.

    Raises
    ------
    InputError
        If the direction has a name that is no variable, or not as many numbers as there are variables.
    FormulaError
        As :func:`differentiate`.

    Examples
    --------
    >>> import workings as wk
    >>> print(wk.directional_derivative("x^2 + z", {"x": 3, "z": 4}))
    6·x + 4
    """
    formula = as_formula(f, rows=rows)
    named = _direction(formula, direction)
    symbols = symbols_by_name(formula)
    slopes = partials_of(formula.node, [symbols[name] for name in named], rows=formula.columns)
    total: Node = Number(0)
    for step, slope in zip(named.values(), slopes, strict=True):
        total = plus(total, times(as_node(step), slope))
    return formula.alike(total)


def _gradient(formula: Formula, variables: str | Iterable[str] | None, function: str) -> Gradient:
    chosen = variables_of(formula, variables, function)
    known = symbols_by_name(formula)
    symbols = [known[name] for name in chosen]
    found = partials_of(formula.node, symbols, rows=formula.columns)
    return Gradient(formula, dict(zip(chosen, formula.alike_each(found), strict=True)))


def _second_order(node: Node, symbols: Sequence[Symbol], rows: Sequence[str]) -> dict[tuple[int, int], Node]:
    """Return the second derivatives by the places of the two variables, the first not after the second."""
    first = partials_of(node, symbols, rows=rows)
    return {
        (i, i + k): second
        for i, slope in enumerate(first)
        for k, second in enumerate(partials_of(slope, symbols[i:], rows=rows))
    }


def _only_variable(formula: Formula) -> str:
    names = parameters(formula)
    if len(names) != 1:
        raise InputError(
            message(
                "differentiate: variables must name what to differentiate by, one of {names}; got none",
                names=", ".join(names),
            )
        )
    return names[0]


def _direction(formula: Formula, direction: Mapping[str, float] | Sequence[float]) -> dict[str, float]:
    names = parameters(formula)
    if isinstance(direction, Mapping):
        return {variable_of(formula, name, "directional_derivative"): step for name, step in direction.items()}
    steps = list(direction)
    if len(steps) != len(names):
        raise InputError(
            message(
                "directional_derivative: direction must have a number for each variable, {names}; got {count} numbers",
                names=", ".join(names),
                count=len(steps),
            )
        )
    return dict(zip(names, steps, strict=True))
