"""The S of the sigmoid, with your own scores on it."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import ACCENT, MUTED, SECOND, inline, retained, themed
from workings.errors import InputError
from workings.language import message
from workings.subjects.sigmoid import compute
from workings.working import plotter, shown

__all__ = ["plot_sigmoid"]

# The curve is drawn at least from -6 to 6, where it has left 0 and not yet reached 1 by 0.25 %.
_LEAST_REACH = 6.0
# Further out than this it is a line on the axis; scores beyond are drawn at the edge.
_MOST_REACH = 40.0
_CURVE_POINTS, _MOST_SCORES = 241, 300


@plotter(compute.sigmoid)
def plot_sigmoid(x: Any, /, out: NDArray[Any] | None = None) -> alt.LayerChart:
    """Return the curve with the scores on it.

    Parameters
    ----------
    x
        One score or many, as for ``sigmoid``; of many at most 300 are drawn, evenly chosen in order of size.
    out
        As for ``sigmoid``.

    Raises
    ------
    InputError
        If no score is a number.
    """
    probabilities = np.asarray(compute.sigmoid(x, out), np.float64).reshape(-1)
    scores = np.asarray(x, np.float64).reshape(-1)
    seen = ~np.isnan(scores)
    if not seen.any():
        raise InputError(message("plot: x must hold at least one number"))
    order = np.argsort(scores[seen], kind="stable")
    scores, probabilities = scores[seen][order], probabilities[seen][order]
    reach = min(max(_LEAST_REACH, 1.1 * float(np.abs(scores).max())), _MOST_REACH)
    grid = np.linspace(-reach, reach, _CURVE_POINTS)
    scale = alt.Scale(domain=[-reach, reach], nice=False)
    across = alt.X("score:Q", title=str(message("Score x")), scale=scale)
    up = alt.Y("probability:Q", title=str(message("Probability σ(x)")), scale=alt.Scale(domain=[0, 1], nice=False))
    curve = alt.Chart(inline(score=grid, probability=compute.sigmoid(grid))).mark_line(color=ACCENT).encode(across, up)
    half = alt.Chart(inline(score=[-reach, reach], probability=[0.5, 0.5])).mark_line(
        color=MUTED, strokeDash=[4, 4], strokeWidth=1
    )
    kept = retained(len(scores), _MOST_SCORES)
    points = (
        alt.Chart(
            inline(
                score=np.clip(scores[kept], -reach, reach),
                probability=probabilities[kept],
                said=[str(shown(value)) for value in scores[kept]],
            )
        )
        .mark_point(color=SECOND, filled=True, opacity=0.9, size=70 if len(kept) <= 30 else 25)
        .encode(
            across,
            up,
            tooltip=[
                alt.Tooltip("said:N", title=str(message("Score x"))),
                alt.Tooltip("probability:Q", title=str(message("Probability σ(x)")), format=".5~g"),
            ],
        )
    )
    high = int((probabilities >= 0.5).sum())
    return themed(
        alt.LayerChart(layer=[half.encode(across, up), curve, points], width=420, height=280),
        title=message("The sigmoid"),
        description=message(
            "The S-shaped curve from 0 on the left through 0.5 at the score 0 to 1 on the right, with {count} scores "
            "on it, {high} of them at probabilities of 0.5 or more.",
            count=len(scores),
            high=high,
        ),
    )
