"""The S of the sigmoid, with your own scores on it."""

from __future__ import annotations

from typing import Any, Literal

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import ACCENT, INK, MUTED, SECOND, inline, retained, themed
from workings.errors import InputError
from workings.language import message
from workings.subjects.sigmoid import compute
from workings.subjects.sigmoid.plot_family import plot_log_sigmoid, plot_logit, plot_sigmoid_derivative, score_grid
from workings.working import plotter, shown

__all__ = ["plot_log_sigmoid", "plot_logit", "plot_sigmoid", "plot_sigmoid_derivative"]

_MOST_SCORES = 300
# So few scores have their probabilities written beside them, if they are so far apart: where the curve is steep, and
# where it is flat, beyond _FLAT. These are shares of the reach.
_FEW, _STEEP_GAP, _FLAT_GAP, _FLAT, _EDGE = 8, 0.07, 0.27, 0.4, 0.75


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
    grid = score_grid(scores)
    reach = float(grid[-1])
    scale = alt.Scale(domain=[-reach, reach], nice=False)
    across = alt.X("score:Q", title=str(message("Score x")), scale=scale)
    up = alt.Y(
        "probability:Q", title=str(message("Probability σ(x)")), scale=alt.Scale(domain=[0, 1], nice=False)
    ).axis(values=[0, 0.25, 0.5, 0.75, 1], format=".2~f")
    curve = alt.Chart(inline(score=grid, probability=compute.sigmoid(grid))).mark_line(color=ACCENT).encode(across, up)
    half = alt.Chart(inline(score=[-reach, reach], probability=[0.5, 0.5])).mark_line(
        color=MUTED, strokeDash=[4, 4], strokeWidth=1
    )
    kept = retained(len(scores), _MOST_SCORES)
    drawn = np.clip(scores[kept], -reach, reach)
    flat = np.abs(drawn) > _FLAT * reach
    gaps = np.where(flat[1:] & flat[:-1], _FLAT_GAP, _STEEP_GAP) * reach
    written = len(kept) <= _FEW and bool((np.diff(drawn) >= gaps).all())
    rows = alt.Chart(
        inline(
            score=drawn,
            probability=probabilities[kept],
            said=[str(shown(value)) for value in scores[kept]],
            words=[f"{value:.5g}" if written else "" for value in probabilities[kept]],
            # Clear of the curve: over it on the left and under it on the right.
            side=np.where(drawn > 0, 1, -1) * np.where(np.abs(drawn) > _EDGE * reach, 3, np.where(flat, 2, 1)),
        )
    )
    points = rows.mark_point(
        color=SECOND, filled=True, opacity=0.9 if len(kept) <= 30 else 0.4, size=70 if len(kept) <= 30 else 25
    ).encode(
        across,
        up,
        tooltip=[
            alt.Tooltip("said:N", title=str(message("Score x"))),
            alt.Tooltip("probability:Q", title=str(message("Probability σ(x)")), format=".5~g"),
        ],
    )
    high = int((probabilities >= 0.5).sum())
    layers = [half.encode(across, up), curve, points, *_words(rows.encode(across, up, text="words:N"))]
    return themed(
        alt.LayerChart(layer=layers, width=340, height=260),
        title=message("The sigmoid"),
        description=message(
            "The S-shaped curve from 0 on the left through 0.5 at the score 0 to 1 on the right, with {count} scores "
            "on it, {high} of them at probabilities of 0.5 or more.",
            count=len(scores),
            high=high,
        ),
    )


def _words(rows: alt.Chart) -> list[alt.Chart]:
    """Write each score's probability; ``side`` says how far out it is (steep, flat, edge), with the score's sign."""

    def placed(side: int, align: Literal["left", "center", "right"], dx: int, dy: int) -> alt.Chart:
        words = rows.transform_filter(f"datum.side == {side}")
        return words.mark_text(align=align, dx=dx, dy=dy, color=INK, fontSize=11.5)

    return [
        placed(-3, "center", 0, -13),
        placed(-2, "center", -16, -12),
        placed(-1, "right", -9, -7),
        placed(1, "left", 9, 8),
        placed(2, "center", 16, 14),
        placed(3, "center", 0, 14),
    ]
