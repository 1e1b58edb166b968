"""A descent on a formula, and a fit of one, drawn: where the way went, the rows with the curve, the cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import ACCENT, INK, MUTED, SECOND, inline, retained, themed
from workings.errors import InputError
from workings.expression.compiling import compile_nodes
from workings.language import message
from workings.subjects.regression.formula_columns import as_columns
from workings.subjects.regression.formula_descent import Descent, gradient_descent
from workings.subjects.regression.formula_fit import fit_formula
from workings.subjects.regression.formula_fitted import FormulaFit
from workings.subjects.regression.formula_path import FormulaPath
from workings.subjects.regression.plot_descent import cost_panel
from workings.working import plotter

__all__ = ["plot_descent", "plot_fit_formula", "plot_formula_fit", "plot_gradient_descent"]

Array = NDArray[np.float64]

_SIZE = (340, 260)
_CURVE, _GRID, _MOST_ROWS, _MOST_STOPS = 241, 36, 800, 300


@plotter(gradient_descent)
def plot_gradient_descent(f: Any, start: Mapping[str, float], /, **options: Any) -> alt.ConcatChart:
    """Return the picture of the descent.

    Parameters
    ----------
    f, start, **options
        As :func:`gradient_descent` takes them.
    """
    return plot_descent(gradient_descent(f, start, **options))


@plotter(fit_formula)
def plot_fit_formula(model: Any, target: Any, data: Any, /, **options: Any) -> alt.ConcatChart:
    """Return the picture of the fit.

    Parameters
    ----------
    model, target, data, **options
        As :func:`fit_formula` takes them.
    """
    return plot_formula_fit(fit_formula(model, target, data, **options))


@plotter(Descent)
def plot_descent(descent: Descent) -> alt.ConcatChart:
    """Return the way over the cost, of one or two parameters, and the cost by iteration.

    Parameters
    ----------
    descent
        What is drawn.
    """
    names, panels, subtitle = descent.path.names, [], None
    known = descent.columns is not None
    if len(names) == 1 and known:
        panels.append(_over_a_curve(descent))
    elif len(names) == 2 and known:
        panels.append(_over_a_plane(descent))
        subtitle = message("The darker, the lower the cost.")
    panels.append(_way(descent.path))
    words = message(
        "A gradient descent in {count} {count:step|steps} from cost {first} to {last}.",
        count=descent.iterations,
        first=f"{descent.path.cost[0]:.6g}",
        last=f"{descent.cost:.6g}",
    )
    picture = alt.concat(*panels, columns=2, spacing=50)
    return themed(picture, title=message("Gradient descent"), description=words, subtitle=subtitle)


@plotter(FormulaFit)
def plot_formula_fit(fit: FormulaFit, data: Any = None) -> alt.ConcatChart:
    """Return the rows with the curve through them, or of several columns the predictions; and the cost by iteration.

    Parameters
    ----------
    fit
        What is drawn.
    data
        Rows to be drawn; by default those that it was fitted on, or of many an even choice.

    Raises
    ------
    InputError
        If it kept no rows, because they came in batches, and none are given.
    """
    rows = fit.rows if data is None else as_columns(data, fit.program.columns, function="plot")
    if not rows:
        raise InputError(
            message("plot: data must be given, rows to be drawn; the fit was made from batches; try fit.plot(data)")
        )
    single = len(fit.model.rows) == 1 and not fit.model.data and not fit.model.aggregated
    panel = _curve_panel(fit, rows) if single else _predicted_panel(fit, rows)
    words = message(
        "{count} {count:row|rows} and the formula fitted to them; the cost falls from {first} to {last} in "
        "{iterations} {iterations:step|steps}.",
        count=fit.row_count,
        first=f"{fit.path.cost[0]:.6g}",
        last=f"{fit.cost:.6g}",
        iterations=fit.iterations,
    )
    picture = alt.concat(panel, _way(fit.path), columns=2, spacing=50)
    return themed(picture, title=message("A formula fitted to data"), description=words)


def _way(path: FormulaPath) -> alt.LayerChart:
    return cost_panel(path.iterations, path.cost, path.gradient_norm, width=_SIZE[0], height=_SIZE[1])


def _curve_panel(fit: FormulaFit, rows: Mapping[str, Array]) -> alt.LayerChart:
    (name,) = fit.model.rows
    x, y = rows[name], rows[fit.target]
    kept = np.argsort(x, kind="stable")[retained(len(x), _MOST_ROWS)]
    grid = np.linspace(float(x.min()), float(x.max()), _CURVE)
    (curve,) = fit.program.predictions(*fit.parameters.values(), grid)
    across = alt.X("x:Q", title=name, scale=alt.Scale(zero=False))
    up = alt.Y("y:Q", title=fit.target, scale=alt.Scale(zero=False))
    line = inline(x=grid, y=np.broadcast_to(curve, grid.shape))
    return alt.LayerChart(
        layer=[
            _points(x[kept], y[kept]).encode(x=across, y=up),
            alt.Chart(line).mark_line(color=SECOND, strokeWidth=2.2).encode(x=across, y=up),
        ],
        width=_SIZE[0],
        height=_SIZE[1],
    )


def _predicted_panel(fit: FormulaFit, rows: Mapping[str, Array]) -> alt.LayerChart:
    (found,) = fit.program.predictions(*fit.parameters.values(), *(rows[name] for name in fit.model.columns))
    y = rows[fit.target]
    predicted = np.broadcast_to(found, y.shape)
    kept = np.argsort(predicted, kind="stable")[retained(len(y), _MOST_ROWS)]
    low, high = float(min(y.min(), predicted.min())), float(max(y.max(), predicted.max()))
    across = alt.X("x:Q", title=str(message("Prediction")), scale=alt.Scale(zero=False))
    up = alt.Y("y:Q", title=fit.target, scale=alt.Scale(zero=False))
    same = alt.Chart(inline(x=[low, high], y=[low, high])).mark_line(color=MUTED, strokeDash=[4, 4])
    return alt.LayerChart(
        layer=[same.encode(x=across, y=up), _points(predicted[kept], y[kept]).encode(x=across, y=up)],
        width=_SIZE[0],
        height=_SIZE[1],
    )


def _points(x: Array, y: Array) -> alt.Chart:
    few = len(x) <= 60
    return alt.Chart(inline(x=x, y=y)).mark_point(
        color=ACCENT, filled=True, opacity=0.8 if few else 0.35, size=45 if few else 22
    )


def _over_a_curve(descent: Descent) -> alt.LayerChart:
    """Draw the cost over its one parameter, and the way on it."""
    (name,), path = descent.path.names, _shown(descent.path)
    at = path["parameters"][:, 0]
    low, high = _range(at)
    grid = np.linspace(low, high, _CURVE)
    cost = _costs(descent, grid[:, None])
    across = alt.X("x:Q", title=name, scale=alt.Scale(domain=[low, high], nice=False))
    up = alt.Y("y:Q", title=str(message("Cost")), scale=alt.Scale(zero=False))
    curve = alt.Chart(inline(x=grid, y=cost)).mark_line(color=MUTED).encode(x=across, y=up)
    steps = alt.Chart(inline(x=at, y=path["cost"], iteration=path["iteration"]))
    return alt.LayerChart(layer=[curve, *_steps(steps, across, up)], width=_SIZE[0], height=_SIZE[1])


def _over_a_plane(descent: Descent) -> alt.LayerChart:
    """Draw the way over its two parameters, on the cost in shades: by ranks, so that every height shows."""
    path = _shown(descent.path)
    first, second = path["parameters"].T
    (x0, x1), (y0, y1) = _range(first), _range(second)
    wide, high = (x1 - x0) / _GRID, (y1 - y0) / _GRID
    x, y = np.meshgrid(x0 + wide * np.arange(_GRID), y0 + high * np.arange(_GRID))
    middles: Array = np.stack([x.ravel() + wide / 2, y.ravel() + high / 2], axis=1, dtype=np.float64)
    cost = _costs(descent, middles)
    rank = np.argsort(np.argsort(cost)) / max(len(cost) - 1, 1)
    across = alt.X("x:Q", title=descent.path.names[0], scale=alt.Scale(domain=[x0, x1], nice=False))
    up = alt.Y("y:Q", title=descent.path.names[1], scale=alt.Scale(domain=[y0, y1], nice=False))
    # Each lies a little over the next: between cells that only touch, a renderer lets the white through.
    right, top = np.minimum(x.ravel() + 1.1 * wide, x1), np.minimum(y.ravel() + 1.1 * high, y1)
    ground = alt.Chart(inline(x=x.ravel(), x2=right, y=y.ravel(), y2=top, cost=cost, rank=rank))
    shades = ground.mark_rect(strokeWidth=0).encode(
        x=across,
        x2="x2:Q",
        y=up,
        y2="y2:Q",
        color=alt.Color("rank:Q", scale=alt.Scale(scheme="greys", reverse=True, domain=[-0.6, 1.3]), legend=None),
        tooltip=[alt.Tooltip("cost:Q", title=str(message("Cost")), format=".6~g")],
    )
    steps = alt.Chart(inline(x=first, y=second, cost=path["cost"], iteration=path["iteration"]))
    return alt.LayerChart(layer=[shades, *_steps(steps, across, up)], width=_SIZE[0], height=_SIZE[1])


def _steps(chart: alt.Chart, across: alt.X, up: alt.Y) -> list[alt.Chart]:
    tooltip = [alt.Tooltip("iteration:Q", title=str(message("Iteration")), format=",")]
    last = chart.transform_window(sort=[alt.SortField("iteration", order="descending")], back="row_number()")
    return [
        chart.mark_line(color=SECOND, strokeWidth=1.2).encode(x=across, y=up, order="iteration:Q"),
        chart.mark_point(color=SECOND, filled=True, size=22, opacity=0.9).encode(x=across, y=up, tooltip=tooltip),
        last.transform_filter("datum.back == 1")
        .mark_point(color=INK, shape="cross", filled=True, size=110, opacity=1)
        .encode(x=across, y=up, tooltip=tooltip),
    ]


def _shown(path: FormulaPath) -> dict[str, Array]:
    """Return the positions that are drawn: many early, fewer late."""
    count = len(path)
    ratios = np.geomspace(1, count, _MOST_STOPS // 2) - 1
    kept = np.unique(np.concatenate([retained(count, _MOST_STOPS // 2), ratios.astype(np.intp)]))
    return {
        "parameters": path.parameters[kept],
        "cost": path.cost[kept],
        "iteration": path.iterations[kept].astype(np.float64),
    }


def _range(values: Array) -> tuple[float, float]:
    """Return an axis that holds all values, with room around them."""
    low, high = float(values.min()), float(values.max())
    room = 0.25 * (high - low) or max(1.0, abs(high)) * 0.5
    return low - room, high + room


def _costs(descent: Descent, points: Array) -> Array:
    """Return the cost at points of the parameters, NaN where it is not defined."""
    columns = dict(descent.columns or {})
    names = descent.path.names
    compute = compile_nodes((descent.formula.node,), (*names, *columns), rows=tuple(columns))
    found = [compute(*point, *columns.values())[0] for point in points.tolist()]
    return np.array(found, dtype=np.float64)
