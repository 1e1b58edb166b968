"""Rows of one column with the line, or the curve of the probability, that was fitted: at any iteration of its way.

A slider runs over the iterations whose parameters were kept. What moves reads one row of one table, made in Python.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import ACCENT, MUTED, SECOND, inline, retained
from workings.language import Message, message
from workings.subjects.regression.history import History
from workings.subjects.sigmoid import sigmoid

__all__ = [
    "ITERATES",
    "MOST_STOPS",
    "Iterates",
    "current_cost",
    "curve_panel",
    "iterates_of",
    "line",
    "line_panel",
    "slider_of",
    "stops_of",
]

Array = NDArray[np.float64]

# The table that everything that moves reads: kept once, at the top of the specification.
ITERATES = alt.NamedData(name="iterates")
_MOST_ROWS, MOST_STOPS, _CURVE_POINTS = 800, 50, 61
_FEW_ROWS = 60


@dataclass(frozen=True, eq=False)
class Iterates:
    """What the slider stops at, the last of them being the fit itself.

    Parameters
    ----------
    number
        (m,) the iterations; none (an empty array) where the fit was not made step by step.
    slope, intercept
        (m,) or (1,) the parameters at each.
    cost
        (m,) or (1,) the cost at each, NaN where it is not known.
    """

    number: NDArray[np.int64]
    slope: Array
    intercept: Array
    cost: Array

    @property
    def slider(self) -> alt.Parameter:
        """The slider, standing at the last; without one where there is only one stop."""
        return slider_of(len(self.slope))

    def words(self, left: str) -> list[str]:
        """Write each iterate's line as the right side of an equation for ``left``."""
        lines = [f"{left} = {line(m, b)}" for m, b in zip(self.slope.tolist(), self.intercept.tolist(), strict=True)]
        if not len(self.number):
            return lines
        return [
            str(message("Iteration {number}: {line}", number=number, line=text))
            for number, text in zip(self.number.tolist(), lines, strict=True)
        ]


def iterates_of(history: History | None, slope: float, intercept: float, question: int) -> Iterates:
    """Return the iterates kept of the way to a fit of one column, of many an even choice; without a way, the fit."""
    if history is None or len(history.kept) < 2:
        fit = np.array([slope]), np.array([intercept])
        return Iterates(np.array([], np.int64), *fit, np.array([math.nan]))
    shown = stops_of(history, MOST_STOPS)
    parameters = history.parameters[shown, question]
    at = history.kept[shown]
    flat = np.zeros(len(shown))
    return Iterates(at, parameters[:, 0], parameters[:, 1] if parameters.shape[1] > 1 else flat, history.cost[at])


def slider_of(stops: int) -> alt.Parameter:
    """Return a slider over so many stops, standing at the last; of one stop a fixed value."""
    if stops == 1:
        return alt.param(name="step", value=0)
    bind = alt.binding_range(min=0, max=stops - 1, step=1, name=str(message("Iteration")))
    return alt.param(name="step", value=stops - 1, bind=bind)


def stops_of(history: History, most: int) -> NDArray[np.intp]:
    """Return which of the iterates kept the slider stops at: some evenly and some by even ratios."""
    count = len(history.kept)
    ratios = np.geomspace(1, count, most // 2) - 1
    return np.unique(np.concatenate([retained(count, most // 2), ratios.astype(np.intp)]))


def line(slope: float, intercept: float) -> str:
    """Write m x + b with six significant digits."""
    sign = "-" if intercept < 0 else "+"
    text = f"{slope:.6g} x {sign} {abs(intercept):.6g}" if intercept else f"{slope:.6g} x"
    return text.replace("-", "\N{MINUS SIGN}")


def line_panel(
    x: Array, y: Array, iterates: Iterates, name: str, *, size: tuple[int, int], more: dict[str, Any] | None = None
) -> tuple[Any, list[Any]]:
    """Draw rows and the line through them; return the panel and the rows of ``ITERATES``, with ``more`` columns."""
    ends = np.array([x.min(), x.max()])
    heights = iterates.slope[:, None] * ends + iterates.intercept[:, None]
    table = _table(
        iterates,
        "y",
        **(more or {}),
        x0=[ends[0]] * len(heights),
        x1=[ends[1]] * len(heights),
        y0=heights[:, 0],
        y1=heights[:, 1],
    )
    lowest, highest = min(y.min(), heights[-1].min()), max(y.max(), heights[-1].max())
    margin = 0.05 * (highest - lowest) or 1.0
    across = alt.X("x:Q", title=name, scale=alt.Scale(zero=False))
    up = alt.Y(
        "y:Q",
        title=str(message("Target")),
        scale=alt.Scale(domain=[lowest - margin, highest + margin], zero=False, nice=True),
    )
    moving = alt.Chart(ITERATES).transform_filter("datum.i == step")
    fitted = moving.mark_rule(color=SECOND, strokeWidth=2.2, clip=True).encode(
        x=alt.X("x0:Q"), x2="x1:Q", y=alt.Y("y0:Q"), y2="y1:Q"
    )
    layers = [_points(x, y).encode(x=across, y=up), fitted, _said(moving)]
    return alt.LayerChart(layer=layers, width=size[0], height=size[1]), table


def curve_panel(
    x: Array, yes: Array, iterates: Iterates, name: str, title: Message, *, size: tuple[int, int]
) -> tuple[Any, list[Any]]:
    """Draw rows at 0 and 1 and the curve of their probability, with the place where it is one half."""
    grid = np.linspace(x.min(), x.max(), _CURVE_POINTS)
    slope, intercept = iterates.slope, iterates.intercept
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = -intercept / slope
    middle[~((middle >= grid[0]) & (middle <= grid[-1]))] = np.nan
    table = _table(iterates, "z", middle=middle)
    curves = inline(
        i=np.repeat(np.arange(len(slope)), len(grid)),
        x=np.tile(grid, len(slope)),
        p=sigmoid(slope[:, None] * grid + intercept[:, None]).ravel(),
    )
    across = alt.X("x:Q", title=name, scale=alt.Scale(zero=False))
    scale = alt.Scale(domain=[-0.04, 1.04], nice=False)
    axis = alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".2~f")
    moving = alt.Chart(ITERATES).transform_filter("datum.i == step")
    half = moving.mark_rule(color=MUTED, strokeDash=[4, 4]).encode(x=alt.X("middle:Q"))
    curve = alt.Chart(curves).transform_filter("datum.i == step").mark_line(color=SECOND, strokeWidth=2.2)
    up = alt.Y("y:Q", title=str(title), scale=scale, axis=axis)
    layers = [
        half,
        _points(x, yes).encode(x=across, y=up),
        curve.encode(x=across, y=alt.Y("p:Q", title=str(title), scale=scale, axis=axis)),
        _said(moving),
    ]
    return alt.LayerChart(layer=layers, width=size[0], height=size[1]), table


def current_cost() -> alt.Chart:
    """Draw the cost at the iteration at which the slider stands, on the axes of a panel of costs."""
    moving = alt.Chart(ITERATES).transform_filter("datum.i == step")
    return moving.mark_point(color=SECOND, size=110, opacity=1, stroke="white", strokeWidth=1.5).encode(
        x=alt.X("iteration:Q"), y=alt.Y("cost:Q")
    )


def _table(iterates: Iterates, left: str, **columns: Any) -> list[Any]:
    count = len(iterates.slope)
    numbers = iterates.number if len(iterates.number) else [None] * count
    words = iterates.words(left)
    return inline(i=range(count), iteration=numbers, cost=iterates.cost, words=words, **columns).values


def _said(moving: alt.Chart) -> alt.Chart:
    """Write the iterate over the panel."""
    return moving.mark_text(align="left", color=SECOND, fontWeight=600).encode(
        x=alt.value(0), y=alt.value(-11), text="words:N"
    )


def _points(x: Array, y: Array) -> alt.Chart:
    """Draw rows, of many an even choice in the order of x."""
    kept = np.argsort(x, kind="stable")[retained(len(x), _MOST_ROWS)]
    few = len(kept) <= _FEW_ROWS
    return alt.Chart(inline(x=x[kept], y=y[kept])).mark_point(
        color=ACCENT, filled=True, opacity=0.8 if few else 0.35, size=45 if few else 22
    )
