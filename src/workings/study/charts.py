"""The other pictures of the report: how the fit went, what it found, how far off it is."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from workings.chart import MUTED, SECOND, inline, themed
from workings.language import message
from workings.study.page import Coefficient, Descent, Residuals
from workings.subjects.regression import plot_coefficients, plot_descent
from workings.subjects.regression.plot_coefficients import MOST_COEFFICIENTS

__all__ = [
    "MOST_COEFFICIENTS",
    "coefficient_picture",
    "descent_picture",
    "residual_picture",
]

_SIDE = 300


def descent_picture(descent: Descent) -> alt.ConcatChart:
    """Return the cost and the gradient's size at each iteration."""
    return plot_descent.descent_picture(descent.iterations, descent.cost, descent.gradient)


def coefficient_picture(coefficients: Sequence[Coefficient]) -> alt.LayerChart:
    """Return the coefficients as bars from zero, the largest in magnitude first, at most ``MOST_COEFFICIENTS``."""
    return plot_coefficients.coefficient_picture(
        [one.name for one in coefficients], [one.value for one in coefficients]
    )


def residual_picture(residuals: Residuals) -> alt.ConcatChart:
    """Return predicted against actual, with the line on which they agree, and the histogram of what is left over."""
    values = [*map(float, residuals.predicted), *map(float, residuals.actual)]
    ends = [min(values), max(values)] if values else [0.0, 1.0]
    same = alt.Scale(domain=ends, nice=True, zero=False)
    rows = inline(predicted=residuals.predicted, actual=residuals.actual)
    x = alt.X("predicted:Q", title=str(message("Predicted")), scale=same)
    y = alt.Y("actual:Q", title=str(message("Actual")), scale=same)
    tooltip = [
        alt.Tooltip("predicted:Q", title=str(message("Predicted")), format=",.6~g"),
        alt.Tooltip("actual:Q", title=str(message("Actual")), format=",.6~g"),
    ]
    crowd = len(residuals.predicted)
    points = (
        alt.Chart(rows).mark_point(size=26, opacity=0.75 if crowd < 300 else 0.35).encode(x=x, y=y, tooltip=tooltip)
    )
    agree = alt.Chart(inline(predicted=ends, actual=ends)).mark_line(color=MUTED, strokeDash=[4, 4], strokeWidth=1)
    bins = inline(
        left=residuals.edges[:-1], right=residuals.edges[1:], count=residuals.counts, zero=[0] * len(residuals.counts)
    )
    bars = (
        alt.Chart(bins)
        .mark_bar(stroke="white", strokeWidth=0.5)
        .encode(
            x=alt.X(
                "left:Q",
                title=str(message("Residual (actual - predicted)")),
                axis=alt.Axis(tickCount=6),
                scale=alt.Scale(nice=True, zero=False),
            ),
            x2="right:Q",
            y=alt.Y("count:Q", title=str(message("Rows")), stack=None, axis=alt.Axis(format="~s", tickMinStep=1)),
            y2="zero:Q",
            tooltip=[
                alt.Tooltip("left:Q", title=str(message("From")), format=",.4~g"),
                alt.Tooltip("right:Q", title=str(message("To")), format=",.4~g"),
                alt.Tooltip("count:Q", title=str(message("Rows")), format=","),
            ],
        )
    )
    zero = alt.Chart(inline(left=[0])).mark_rule(color=SECOND, strokeWidth=1.5).encode(x="left:Q")
    return themed(
        alt.concat(
            alt.LayerChart(layer=[agree.encode(x=x, y=y), points], width=_SIDE, height=_SIDE),
            alt.LayerChart(layer=[bars, zero], width=_SIDE + 40, height=_SIDE),
            columns=2,
            spacing=44,
        ),
        title=message("Predicted and actual"),
        description=message(
            "Predicted against actual for {shown} of {count} held-out rows, with the line on which they are equal; "
            "and a histogram of the residuals, from {low} to {high}.",
            shown=f"{crowd:,}",
            count=f"{residuals.count:,}",
            low=f"{float(residuals.edges[0]):.4g}",
            high=f"{float(residuals.edges[-1]):.4g}",
        ),
    )
