"""The other pictures of the report: how the fit went, what it found, how far off it is."""

from __future__ import annotations

import math
from collections.abc import Sequence

import altair as alt
import numpy as np

from workings.chart import ACCENT, MUTED, SECOND, inline, retained, themed
from workings.language import message
from workings.study.page import Coefficient, Descent, Residuals

__all__ = [
    "MOST_COEFFICIENTS",
    "coefficient_picture",
    "descent_picture",
    "residual_picture",
]

MOST_COEFFICIENTS = 30
_SHOWN_ITERATIONS = 600
_SIDE = 300

# 0.0001 as 1e-4 and 10000 as 10,000: fixed text, in Vega's expression language.
_NUMBERS = "datum.value && abs(datum.value) < 0.001 ? format(datum.value, '~e') : format(datum.value, ',~r')"


def descent_picture(descent: Descent) -> alt.ConcatChart:
    """Return the cost and the gradient's size at each iteration."""
    shown = _shown_iterations(len(descent.iterations))
    iterations = [int(descent.iterations[i]) for i in shown]
    cost = [float(descent.cost[i]) for i in shown]
    gradient = [float(descent.gradient[i]) for i in shown]
    data = inline(iteration=iterations, cost=cost, gradient=gradient)
    tooltip = [
        alt.Tooltip("iteration:Q", title=str(message("Iteration")), format=","),
        alt.Tooltip("cost:Q", title=str(message("Cost")), format=".6~g"),
        alt.Tooltip("gradient:Q", title=str(message("Largest partial derivative")), format=".3~g"),
    ]
    x = _iteration_axis(iterations, cost)
    panels: list[alt.LayerChart] = []
    for field, values, words in (
        ("cost", cost, message("Cost")),
        ("gradient", gradient, message("Largest partial derivative")),
    ):
        scale, axis = _height_axis(values)
        base = alt.Chart(data).encode(
            x=x, y=alt.Y(f"{field}:Q", title=str(words), scale=scale, axis=axis), tooltip=tooltip
        )
        panels.append(
            alt.LayerChart(
                layer=[base.mark_line(), base.mark_point(size=40 if len(cost) <= 30 else 0)], width=360, height=220
            )
        )
    return themed(
        alt.concat(*panels, columns=2, spacing=40),
        title=message("Cost by iteration"),
        description=message(
            "The cost falls from {first} at iteration 0 to {last} at iteration {iterations}; the largest partial "
            "derivative from {steep} to {flat}.",
            first=f"{cost[0]:.6g}",
            last=f"{cost[-1]:.6g}",
            iterations=f"{iterations[-1]:,}",
            steep=f"{gradient[0]:.3g}",
            flat=f"{gradient[-1]:.3g}",
        ),
    )


def coefficient_picture(coefficients: Sequence[Coefficient]) -> alt.LayerChart:
    """Return the coefficients as bars from zero, the largest in magnitude first, at most ``MOST_COEFFICIENTS``."""
    largest = sorted(coefficients, key=lambda one: -abs(one.value))[:MOST_COEFFICIENTS]
    # A row is a place in the order, and its name is data: two columns may have one name.
    data = inline(
        place=range(len(largest)),
        name=[one.name for one in largest],
        value=[one.value for one in largest],
        sign=[int(one.value >= 0) for one in largest],
        words=[f"{one.value:+.3g}".replace("-", "\N{MINUS SIGN}") for one in largest],
    )
    extent = max((abs(one.value) for one in largest), default=0.0) or 1.0
    low = min(0.0, *(one.value for one in largest)) - 0.16 * extent
    high = max(0.0, *(one.value for one in largest)) + 0.16 * extent
    y = alt.Y("place:O", axis=None)
    base = alt.Chart(data).encode(
        y=y,
        tooltip=[
            alt.Tooltip("name:N", title=str(message("Term"))),
            alt.Tooltip("value:Q", title=str(message("Coefficient")), format=".6~g"),
        ],
    )
    x = alt.X(
        "value:Q",
        title=str(message("Coefficient, per unit of the term as fitted")),
        scale=alt.Scale(domain=[low, high]),
        axis=alt.Axis(tickCount=7),
    )
    bars = base.mark_bar(height=9).encode(
        x=x, color=alt.Color("sign:N", scale=alt.Scale(domain=[0, 1], range=[SECOND, ACCENT]), legend=None)
    )
    names = base.mark_text(align="right", limit=190, fontSize=11.5).encode(x=alt.value(-10), text="name:N")
    right = base.transform_filter("datum.sign == 1").mark_text(align="left", dx=4, color=MUTED, fontSize=10.5)
    left = base.transform_filter("datum.sign == 0").mark_text(align="right", dx=-4, color=MUTED, fontSize=10.5)
    zero = alt.Chart(inline(value=[0])).mark_rule(color=MUTED).encode(x=x)
    strongest = largest[0] if largest else None
    return themed(
        alt.LayerChart(
            layer=[bars, zero, names, right.encode(x=x, text="words:N"), left.encode(x=x, text="words:N")],
            width=420,
            height=max(1, len(largest)) * 17,
        ),
        title=message("Coefficients"),
        description=message(
            "Bars for {shown} of {count} coefficients, the largest first: {name} with {value}.",
            shown=len(largest),
            count=len(coefficients),
            name=strongest.name if strongest else "",
            value=f"{strongest.value:.4g}" if strongest else "",
        ),
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


def _shown_iterations(count: int) -> list[int]:
    """Choose some evenly and some by even ratios, so that neither a plain nor a logarithmic axis shows corners."""
    ratios = np.geomspace(1, count, _SHOWN_ITERATIONS) - 1
    return sorted({*retained(count, _SHOWN_ITERATIONS).tolist(), *ratios.astype(int).tolist()})


def _iteration_axis(iterations: Sequence[int], cost: Sequence[float]) -> alt.X:
    """Stretch the early iterations where most of the fall happens in the first twentieth of a long way."""
    title = str(message("Iteration"))
    last = iterations[-1]
    early = next((c for i, c in zip(iterations, cost, strict=True) if i >= last / 20), cost[-1])
    if last < 100 or cost[0] - early < 0.5 * (cost[0] - cost[-1]):
        return alt.X(
            "iteration:Q",
            title=title,
            scale=alt.Scale(domain=[0, max(last, 1)], nice=False),
            axis=alt.Axis(format="~s"),
        )
    powers = [0, *(10**power for power in range(int(math.log10(last)) + 1))]
    return alt.X(
        "iteration:Q",
        title=str(message("Iteration (logarithmic)")),
        scale=alt.Scale(type="symlog", constant=1, domain=[0, last], nice=False),
        axis=alt.Axis(values=powers, labelExpr="format(datum.value, ',')"),
    )


def _height_axis(values: Sequence[float]) -> tuple[alt.Scale, alt.Axis]:
    """Use a logarithmic axis where all values are positive and the largest is 30 times the smallest."""
    low, high = min(values), max(values)
    if not (low > 0 and high > 30 * low):
        return alt.Scale(zero=False, nice=True), alt.Axis(labelExpr=_NUMBERS, tickCount=6)
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    ticks = [10.0**power for power in range(first, last + 1, math.ceil((last - first) / 7))]
    return alt.Scale(type="log", domain=[10.0**first, 10.0**last]), alt.Axis(values=ticks, labelExpr=_NUMBERS)
