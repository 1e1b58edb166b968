"""Formulas and their derivatives as pictures: a curve, a map, a matrix, or which variable depends on which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt

from workings.errors import InputError
from workings.expression import to_text
from workings.expression.formula import Formula, as_formula
from workings.expression.formula import formula as made_of
from workings.expression.nodes import Symbol
from workings.language import message
from workings.subjects.chain_rule import compute
from workings.subjects.chain_rule.explain_structure import Part
from workings.subjects.chain_rule.explain_unknown import by_which, of_unknown_functions
from workings.subjects.chain_rule.plot_curve import plot_bends, plot_curve, plot_slope
from workings.subjects.chain_rule.plot_dependencies import plot_dependencies, plot_unknown
from workings.subjects.chain_rule.plot_given import given_to_draw, is_range
from workings.subjects.chain_rule.plot_map import plot_curvature, plot_map, plot_slope_map
from workings.subjects.chain_rule.plot_matrix import plot_matrix
from workings.subjects.chain_rule.results import Gradient, Hessian, Jacobian, ValueAndGradient
from workings.subjects.chain_rule.variables import parameters, variable_of
from workings.working import plotter

__all__ = [
    "plot_differentiate",
    "plot_directional_derivative",
    "plot_formula",
    "plot_found_formula",
    "plot_found_gradient",
    "plot_found_hessian",
    "plot_found_jacobian",
    "plot_gradient",
    "plot_hessian",
    "plot_jacobian",
    "plot_value_and_gradient",
]

Picture = alt.LayerChart | alt.VConcatChart


@plotter(made_of)
def plot_formula(f: Any, /, *, rows: Iterable[str] | str = (), **values: Any) -> alt.LayerChart:
    """Return the curve of a formula in one variable, the map of one in two, the dependencies of one in more.

    Parameters
    ----------
    f, rows
        As for ``formula``.
    **values
        ``x=(-5, 5)``: from where to where x is drawn; by default where the formula shows what it does. A column of
        data has its values. All else is a definition, as for ``formula``: a number for a variable holds it there.

    Raises
    ------
    InputError, FormulaError
        As ``formula``; also if a range is none, or the formula has no finite value in it.
    """
    names = (rows,) if isinstance(rows, str) else tuple(rows)
    shown = {name: value for name, value in values.items() if name in names or is_range(value)}
    definitions = {name: value for name, value in values.items() if name not in shown}
    return plot_found_formula(made_of(f, rows=names, **definitions), **shown)


@plotter(Formula)
def plot_found_formula(f: Formula, /, **values: Any) -> alt.LayerChart:
    """Return the picture of a formula.

    Parameters
    ----------
    f
        The formula.
    **values
        For a variable from where to where it is drawn, as a pair, or the number at which it is held; for a column of
        data its values.

    Raises
    ------
    InputError
        If a name is no variable, a range is none, more than two variables are left to draw, or the formula has no
        finite value there.
    """
    given = given_to_draw(f, values)
    if given is None:
        return plot_dependencies(f, parameters(f))
    return plot_curve(given) if len(given.free) == 1 else plot_map(given)


@plotter(compute.differentiate)
def plot_differentiate(
    f: Any, /, *variables: str, rows: Iterable[str] = (), at: Mapping[str, Any] | None = None
) -> alt.LayerChart:
    """Return the dependencies of a formula; the ways to the variable of the first differentiation are marked.

    Functions may be unknown: of ``"y = f(u, v); u = g(x, z); v = h(x, z)"`` the ways carry the partials' names.

    Parameters
    ----------
    f, variables, rows
        As for ``differentiate``.
    at
        A number for each variable: then the picture has the values, worked out forward, and the slopes, backward.

    Raises
    ------
    InputError
        As ``differentiate``; also if ``at`` gives no number for a variable, or the formula has no value there.
    """
    unknown = of_unknown_functions(f)
    if unknown is not None:
        return _of_unknown(unknown, variables[:1], at)
    formula = as_formula(f, rows=rows)
    compute.differentiate(formula, *variables)  # refuses what cannot be differentiated
    first = variable_of(formula, variables[0], "differentiate") if variables else parameters(formula)[0]
    return plot_dependencies(formula, [first], at)


@plotter(compute.gradient)
def plot_gradient(
    f: Any,
    /,
    variables: str | Iterable[str] | None = None,
    *,
    rows: Iterable[str] = (),
    at: Mapping[str, Any] | None = None,
) -> alt.LayerChart:
    """Return the dependencies of a formula; the ways to all variables are marked.

    Parameters
    ----------
    f, variables, rows
        As for ``gradient``.
    at
        A number for each variable: then the picture has the values, worked out forward, and the slopes, backward.
    """
    unknown = of_unknown_functions(f)
    if unknown is not None:
        return _of_unknown(unknown, [variables] if isinstance(variables, str) else [*(variables or ())], at)
    return plot_found_gradient(compute.gradient(f, variables, rows=rows), at)


@plotter(compute.value_and_gradient)
def plot_value_and_gradient(
    f: Any,
    /,
    variables: str | Iterable[str] | None = None,
    *,
    rows: Iterable[str] = (),
    at: Mapping[str, Any] | None = None,
) -> alt.LayerChart:
    """Return the same as for ``gradient``.

    Parameters
    ----------
    f, variables, rows
        As for ``value_and_gradient``.
    at
        A number for each variable: then the picture has the values, worked out forward, and the slopes, backward.
    """
    return plot_found_gradient(compute.gradient(f, variables, rows=rows), at)


@plotter(Gradient, ValueAndGradient)
def plot_found_gradient(found: Gradient | ValueAndGradient, at: Mapping[str, Any] | None = None) -> alt.LayerChart:
    """Return the dependencies of the formula whose gradient this is, with the numbers of the point ``at``."""
    gradient = found if isinstance(found, Gradient) else found.gradient
    return plot_dependencies(found.formula, list(gradient), at)


@plotter(compute.directional_derivative)
def plot_directional_derivative(
    f: Any, direction: Mapping[str, float] | Sequence[float], /, *, rows: Iterable[str] = ()
) -> Picture:
    """Return how fast a formula in two variables changes along a direction, as a map with the direction as an arrow.

    In one variable, the curve and its slope; in more, the dependencies, the ways to the direction's variables marked.

    Parameters
    ----------
    f, direction, rows
        As for ``directional_derivative``.
    """
    formula = as_formula(f, rows=rows)
    along = compute.directional_derivative(formula, direction)
    steps = direction if isinstance(direction, Mapping) else dict(zip(parameters(formula), direction, strict=True))
    named = {variable_of(formula, name, "directional_derivative"): float(step) for name, step in steps.items()}
    given = given_to_draw(formula, {})
    if given is None:
        return plot_dependencies(formula, [name for name, step in named.items() if step])
    slope = message("slope along the direction")
    if len(given.free) == 1:
        return plot_slope(given, along, slope)
    return plot_slope_map(given, along, [named.get(name, 0.0) for name in given.free], slope)


@plotter(compute.hessian)
def plot_hessian(
    f: Any, /, variables: str | Iterable[str] | None = None, *, rows: Iterable[str] = ()
) -> alt.LayerChart:
    """Return where a formula in two variables is a bowl, a dome or a saddle; in one variable, how its curve bends.

    In more variables, the matrix of its second derivatives.

    Parameters
    ----------
    f, variables, rows
        As for ``hessian``.
    """
    return plot_found_hessian(compute.hessian(f, variables, rows=rows))


@plotter(Hessian)
def plot_found_hessian(found: Hessian) -> alt.LayerChart:
    """Return the picture of a Hessian that was found before."""
    formula, names = found.formula, list(found)
    given = given_to_draw(formula, {})
    if given is not None and set(given.free) == set(names):
        if len(names) == 1:
            return plot_bends(given, found[names[0]][names[0]])
        a, b = given.free
        return plot_curvature(given, (found[a][a], found[a][b], found[b][b]))
    letters = [to_text(Symbol(name)) for name in names]
    return plot_matrix(
        [[found[a][b] for b in names] for a in names],
        letters,
        letters,
        title=message("The second derivatives of {name}", name=_called(formula)),
        row_title=message("First by"),
        column_title=message("Then by"),
    )


@plotter(compute.jacobian)
def plot_jacobian(
    fs: Sequence[Any] | Mapping[str, Any], /, variables: str | Iterable[str] | None = None, *, rows: Iterable[str] = ()
) -> alt.LayerChart:
    """Return the matrix of all partial derivatives: what depends on what, and how.

    Parameters
    ----------
    fs, variables, rows
        As for ``jacobian``.
    """
    return plot_found_jacobian(compute.jacobian(fs, variables, rows=rows))


@plotter(Jacobian)
def plot_found_jacobian(found: Jacobian) -> alt.LayerChart:
    """Return the picture of a Jacobian that was found before."""
    return plot_matrix(
        [[row[name] for name in found.variables] for row in found],
        [f"f{_lowered(place)} = {_called(row.formula)}" for place, row in enumerate(found, 1)],
        [to_text(Symbol(name)) for name in found.variables],
        title=message("What changes with what"),
        row_title=message("Formula"),
        column_title=message("Differentiated by"),
    )


def _of_unknown(parts: Mapping[Symbol, Part], variables: Sequence[str], at: Mapping[str, Any] | None) -> alt.LayerChart:
    if at is not None:
        raise InputError(
            message(
                "plot: at must be left out where the functions are not known; got {got}; try formulas in their place, "
                "as u = x*z",
                got=", ".join(at) or "-",
            )
        )
    return plot_unknown(parts, by_which(parts, variables, "plot"))


def _lowered(place: int) -> str:
    return str(place).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def _called(formula: Formula, most: int = 30) -> str:
    text = to_text(formula.node)
    return text if len(text) <= most else text[: most - 1] + "…"
