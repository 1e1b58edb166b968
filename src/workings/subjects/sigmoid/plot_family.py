"""The sigmoid's inverse, logarithm and slope, each with your own values on its curve."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import ACCENT, SECOND, inline, retained, themed
from workings.errors import InputError
from workings.language import Message, message
from workings.subjects.sigmoid import compute
from workings.subjects.sigmoid.told import told_values
from workings.working import plotter

__all__ = ["plot_log_sigmoid", "plot_logit", "plot_sigmoid_derivative", "score_grid"]

# A curve is drawn at least from -6 to 6, where the sigmoid has left 0 and not yet reached 1 by 0.25 %. Further out than
# 40 it is a line on the axis; scores beyond are drawn at the edge.
_LEAST_REACH, _MOST_REACH = 6.0, 40.0
_CURVE_POINTS, _MOST_VALUES, _FEW = 241, 300, 30
# The log-odds are drawn from 0.0009 to 0.9991: beyond, the curve is a line along the edge.
_MOST_ODDS = 7.0


@plotter(compute.logit)
def plot_logit(p: Any, /, out: NDArray[Any] | None = None) -> alt.LayerChart:
    """Return the log-odds over the probabilities from 0 to 1; 0 and 1 themselves, at infinity, stand at the edge."""
    points = _pairs(compute.logit, p, out)
    return _picture(
        compute.sigmoid(np.linspace(-_MOST_ODDS, _MOST_ODDS, _CURVE_POINTS)),
        compute.logit,
        points,
        title=message("The logit"),
        axes=(message("Probability p"), message("Log-odds logit(p)")),
        description=message(
            "The curve of the log-odds rises from minus infinity at p = 0 through 0 at p = 0.5 to infinity at p = 1. "
            "Probabilities on it: {count}.",
            count=len(points.values),
        ),
    )


@plotter(compute.log_sigmoid)
def plot_log_sigmoid(x: Any, /, out: NDArray[Any] | None = None) -> alt.LayerChart:
    """Return the logarithm of the sigmoid with the scores on it."""
    points = _pairs(compute.log_sigmoid, x, out)
    return _picture(
        score_grid(points.values),
        compute.log_sigmoid,
        points,
        title=message("The logarithm of the sigmoid"),
        axes=(message("Score x"), message("Logarithm log σ(x)")),
        description=message(
            "The curve rises like x itself on the left, passes log 0.5 = -0.693 at 0, and nears 0 on the right. Scores "
            "on it: {count}.",
            count=len(points.values),
        ),
    )


@plotter(compute.sigmoid_derivative)
def plot_sigmoid_derivative(x: Any, /, out: NDArray[Any] | None = None) -> alt.LayerChart:
    """Return the sigmoid's slope with the scores on it."""
    points = _pairs(compute.sigmoid_derivative, x, out)
    return _picture(
        score_grid(points.values),
        compute.sigmoid_derivative,
        points,
        title=message("The slope of the sigmoid"),
        axes=(message("Score x"), message("Slope σ'(x)")),
        description=message(
            "The curve is a hill, 0.25 high at the score 0 and near 0 far out on both sides. Scores on it: {count}.",
            count=len(points.values),
        ),
    )


class _Points(NamedTuple):
    """Values and results that are drawn, and of how many others there is no result."""

    values: NDArray[np.float64]
    results: NDArray[np.float64]
    left_out: int


def _pairs(function: Callable[..., Any], given: Any, out: Any) -> _Points:
    """Return the values whose results are numbers, of many an even choice in order of size, and their results."""
    values, results = told_values(function, given, out)
    drawn = np.sort(values[~np.isnan(results)])
    if not len(drawn):
        raise InputError(message("plot: x must hold at least one number"))
    kept = drawn[retained(len(drawn), _MOST_VALUES)]
    return _Points(kept, function(kept), len(values) - len(drawn))


def score_grid(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the scores over which a curve is drawn: both signs alike, with all values if they are not too far out."""
    reach = min(max(_LEAST_REACH, 1.1 * float(np.abs(values).max())), _MOST_REACH)
    return np.linspace(-reach, reach, _CURVE_POINTS)


def _picture(
    grid: NDArray[np.float64],
    function: Callable[..., Any],
    points: _Points,
    *,
    title: Message,
    axes: tuple[Message, Message],
    description: Message,
) -> alt.LayerChart:
    heights = function(grid)
    low, high = float(heights.min()), float(heights.max())
    left, right = (0.0, 1.0) if function is compute.logit else (float(grid[0]), float(grid[-1]))
    across = alt.X("x:Q", title=str(axes[0]), scale=alt.Scale(domain=[left, right], nice=False))
    up = alt.Y("y:Q", title=str(axes[1]), scale=alt.Scale(domain=[low, high], nice=True))
    values, results, left_out = points
    few = len(values) <= _FEW
    curve = alt.Chart(inline(x=grid, y=heights)).mark_line(color=ACCENT).encode(across, up)
    marks = (
        # What lies beyond the picture is drawn at its edge.
        alt.Chart(inline(x=np.clip(values, left, right), y=np.clip(results, low, high), value=values, result=results))
        .mark_point(color=SECOND, filled=True, opacity=0.9 if few else 0.4, size=70 if few else 25)
        .encode(
            across,
            up,
            tooltip=[
                alt.Tooltip("value:Q", title=str(axes[0]), format=".6~g"),
                alt.Tooltip("result:Q", title=str(axes[1]), format=".6~g"),
            ],
        )
    )
    return themed(
        alt.LayerChart(layer=[curve, marks], width=300, height=240),
        title=title,
        subtitle=_said_of(values, results, left_out, ends=(left, right, low, high)),
        description=description,
    )


def _said_of(
    values: NDArray[np.float64],
    results: NDArray[np.float64],
    left_out: int,
    *,
    ends: tuple[float, float, float, float],
) -> Message | None:
    """Return what is not where it belongs, or not at all."""
    left, right, low, high = ends
    beyond = int(((values < left) | (values > right) | (results < low) | (results > high)).sum())
    if beyond and left_out:
        return message(
            "At the edge, though they lie beyond it: {beyond}; not drawn, for there is no value: {missing}",
            beyond=beyond,
            missing=left_out,
        )
    if beyond:
        return message("At the edge, though they lie beyond it: {beyond}", beyond=beyond)
    return message("Not drawn, for there is no value: {missing}", missing=left_out) if left_out else None
