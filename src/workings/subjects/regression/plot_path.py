"""Where plain descent stands after k steps, drawn: the line or the coefficients there, and the cost on the way."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import themed
from workings.language import message
from workings.subjects.regression.estimators import LinearRegression
from workings.subjects.regression.explain import names_of
from workings.subjects.regression.objectives import SquaredCost
from workings.subjects.regression.plot_coefficients import coefficients_panel
from workings.subjects.regression.plot_descent import cost_panel
from workings.subjects.regression.plot_rows import ITERATES, Iterates, current_cost, line, line_panel
from workings.subjects.regression.plot_surface import places_of, surface_of, surface_panel
from workings.subjects.regression.summary import GramMoments
from workings.working import plotter

__all__ = ["plot_path"]

_STOPS = 40
_SIZE, _LOW, _APART = (340, 240), 150, 26


@plotter(LinearRegression.path_at)
def plot_path(model: LinearRegression, iteration: int) -> alt.ConcatChart:
    """Return the line at iterations up to this one (one column) or the coefficients there, and the cost on the way.

    Parameters
    ----------
    model, iteration
        As :meth:`LinearRegression.path_at` takes them; of several targets the first is drawn.
    """
    model.path_at(iteration)
    last = int(iteration)
    numbers = np.unique(np.append(np.geomspace(1, last + 1, _STOPS).astype(np.int64) - 1, [0, last]))
    parameters = np.stack([_parameters(model, k) for k in numbers.tolist()])
    cost, gradient = _costs(model, parameters)
    names, columns = names_of(model, None, model.n_features_in_), model.n_features_in_
    title = message("Plain descent after {k} {k:step|steps}", k=last)
    way = cost_panel(numbers, cost, gradient, width=_SIZE[0], height=_LOW)
    rows = model.rows_
    if rows is None or columns > 1:
        panels: list[Any] = [coefficients_panel(names, parameters[-1, :columns].tolist(), width=_SIZE[0]), way]
        words = message("The coefficients after {k} {k:step|steps}, and the cost on the way there.", k=last)
        return themed(alt.concat(*panels, columns=1, spacing=_APART), title=title, description=words)
    intercepts = parameters[:, 1] if model.fit_intercept else np.zeros(len(numbers))
    iterates = Iterates(numbers, parameters[:, 0], intercepts, cost)
    x, y = rows.X[:, 0], np.asarray(rows.y, np.float64).reshape(len(rows.X), -1)[:, 0]
    surface = surface_of(x, y, rows.weight, model.alpha) if model.fit_intercept else None
    places = None if surface is None else places_of(surface, iterates)
    panel, table = line_panel(x, y, iterates, names[0], size=_SIZE, more=places)
    way.layer = [*way.layer, current_cost()]
    panels = [panel, *([] if surface is None else [surface_panel(surface, iterates, names[0], size=_SIZE)]), way]
    picture = alt.concat(*panels, columns=1, spacing=_APART).add_params(iterates.slider)
    picture.datasets = {ITERATES.name: table}
    words = message(
        "{count} rows over {column} and the line {line}, at which plain descent stands after {k} steps.",
        count=len(x),
        column=names[0],
        line=f"y = {line(float(parameters[-1, 0]), float(intercepts[-1]))}",
        k=last,
    )
    return themed(picture, title=title, description=words)


def _parameters(model: LinearRegression, iteration: int) -> NDArray[np.float64]:
    coef, intercept = model.path_at(iteration)
    return np.append(np.atleast_2d(coef)[0], np.atleast_1d(intercept)[:1] if model.fit_intercept else [])


def _costs(model: LinearRegression, parameters: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the cost of the first target and its largest partial derivative at each place."""
    cost = SquaredCost(_first_target(model.moments_), alpha=model.alpha, fit_intercept=model.fit_intercept)
    found = [cost.value(at[None]) for at in parameters]
    return np.array([value for value, _ in found]), np.array([float(np.abs(slopes).max()) for _, slopes in found])


def _first_target(moments: GramMoments) -> GramMoments:
    first = GramMoments(moments.columns)
    size = moments.columns + 1
    first.count, first.weight = moments.count, moments.weight
    first.mean, first.products = moments.mean[:size], moments.products[:size, :size]
    return first
