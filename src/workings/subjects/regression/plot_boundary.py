"""Rows of two columns with the boundary between yes and no, and the lines of equal probability beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import ACCENT, INK, MUTED, SECOND, inline, retained
from workings.language import message
from workings.subjects.regression.history import History
from workings.subjects.regression.plot_rows import ITERATES, MOST_STOPS, stops_of

__all__ = ["Path", "boundary_panel", "path_of"]

Array = NDArray[np.float64]

_PROBABILITIES = (0.1, 0.25, 0.5, 0.75, 0.9)
_MOST_ROWS = 800


@dataclass(frozen=True, eq=False)
class Path:
    """What the slider stops at, the last of them being the fit itself.

    Parameters
    ----------
    number
        (m,) the iterations; none (an empty array) where the fit has no way.
    parameters
        (m, 3) or (1, 3) the two coefficients and the intercept at each.
    cost
        (m,) or (1,) the cost at each, NaN where it is not known.
    """

    number: NDArray[np.int64]
    parameters: Array
    cost: Array


def boundary_panel(
    X: Array, yes: Array, path: Path, names: Sequence[str], label: str, *, size: tuple[int, int]
) -> tuple[alt.LayerChart, list[Any]]:
    """Draw rows of two columns and, at each stop of the slider, where the probability is 0.1, 0.25, 0.5, 0.75 and 0.9.

    Parameters
    ----------
    X, yes
        The rows, and 1 where one is yes.
    path
        What the slider stops at.
    names, label
        What the columns are called, and yes.
    size
        Width and height.

    Returns
    -------
    panel, table
        The picture, and the rows of ``ITERATES``.
    """
    box = np.stack([X.min(axis=0), X.max(axis=0)])
    room = 0.04 * np.where(box[1] > box[0], box[1] - box[0], 1.0)
    box = box + [[-1.0], [1.0]] * room
    lines = [
        (i, p, *_segment(at[:2], at[2] - math.log(p / (1.0 - p)), box))
        for i, at in enumerate(path.parameters)
        for p in _PROBABILITIES
    ]
    i, p, *ends_of_lines = (list(column) for column in zip(*lines, strict=True))
    x0, y0, x1, y1 = ends_of_lines
    stops = len(path.parameters)
    words = [str(message("Iteration {number}", number=k)) for k in path.number.tolist()] or [""]
    numbers = path.number.tolist() or [None]
    table = inline(i=range(stops), iteration=numbers, cost=path.cost, words=words).values
    share = 0.92  # of the way along a line stands its probability
    label_x = [a + share * (b - a) for a, b in zip(x0, x1, strict=True)]
    label_y = [a + share * (b - a) for a, b in zip(y0, y1, strict=True)]
    across = alt.X("x:Q", title=names[0], scale=alt.Scale(domain=box[:, 0].tolist(), nice=False, zero=False))
    up = alt.Y("y:Q", title=names[1], scale=alt.Scale(domain=box[:, 1].tolist(), nice=False, zero=False))
    kept = np.sort(np.argsort(X[:, 0], kind="stable")[retained(len(X), _MOST_ROWS)])
    said = [str(message("not {label}", label=label)), label]
    rows = inline(x=X[kept, 0], y=X[kept, 1], truth=[said[int(one)] for one in yes[kept]])
    marks: Any = alt.Chart(rows).mark_point(filled=True, size=34, opacity=0.65)
    legend = alt.Legend(title=None, orient="bottom", columns=2)
    marks = marks.encode(
        x=across,
        y=up,
        color=alt.Color("truth:N", scale=alt.Scale(domain=said, range=[MUTED, ACCENT]), legend=legend),
        shape=alt.Shape("truth:N", scale=alt.Scale(domain=said, range=["triangle-up", "circle"]), legend=legend),
    )
    data = inline(i=i, p=p, x0=x0, y0=y0, x1=x1, y1=y1, label_x=label_x, label_y=label_y)
    moving: Any = alt.Chart(data).transform_filter("datum.i == step")
    ends: dict[str, Any] = {"x": alt.X("x0:Q"), "x2": "x1:Q", "y": alt.Y("y0:Q"), "y2": "y1:Q"}
    beside = moving.transform_filter("datum.p != 0.5").mark_rule(color=INK, strokeDash=[3, 3], strokeWidth=1)
    half = moving.transform_filter("datum.p == 0.5").mark_rule(color=SECOND, strokeWidth=2.4)
    named = moving.mark_text(color=INK, fontSize=10.5, align="center", dy=-6, clip=True)
    spoken = (
        alt.Chart(ITERATES).transform_filter("datum.i == step").mark_text(align="left", color=SECOND, fontWeight=600)
    )
    layers: list[Any] = [
        marks,
        beside.encode(**ends),
        half.encode(**ends),
        named.encode(x=alt.X("label_x:Q"), y=alt.Y("label_y:Q"), text=alt.Text("p:Q", format=".2~f")),
        spoken.encode(x=alt.value(0), y=alt.value(-11), text="words:N"),
    ]
    return alt.LayerChart(layer=layers, width=size[0], height=size[1]), table


def path_of(history: History | None, slopes: Sequence[float], intercept: float, question: int) -> Path:
    """Return the iterations at which the slider stops and the parameters there; without a way, the fit's alone."""
    if history is None or len(history.kept) < 2:
        return Path(np.array([], np.int64), np.array([[*slopes, intercept]]), np.array([math.nan]))
    shown = stops_of(history, MOST_STOPS)
    parameters = history.parameters[shown, question]
    if parameters.shape[1] == len(slopes):
        parameters = np.column_stack([parameters, np.zeros(len(parameters))])
    at = history.kept[shown]
    return Path(at, parameters, history.cost[at])


def _segment(w: Array, c: float, box: Array) -> tuple[float, float, float, float]:
    """Return the ends, within a box, of the line where w·x + c = 0; NaN where it does not meet it."""
    found: list[tuple[float, float]] = []
    for fixed in (0, 1):
        other = 1 - fixed
        if w[other] == 0.0:
            continue
        for edge in box[:, fixed]:
            value = -(w[fixed] * edge + c) / w[other]
            if box[0, other] <= value <= box[1, other]:
                found.append((float(edge), float(value)) if fixed == 0 else (float(value), float(edge)))
    ends = sorted(set(found))
    if len(ends) < 2:
        return math.nan, math.nan, math.nan, math.nan
    return (*ends[0], *ends[-1])
