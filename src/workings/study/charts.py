"""The other pictures of the report: how the fit went, what it found, how far off it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt

from workings.chart import MUTED, SECOND, inline, themed
from workings.language import grouped, message
from workings.study.page import Coefficient, Descent, Residuals
from workings.study.tally import Tally
from workings.subjects.regression import plot_coefficients, plot_descent
from workings.subjects.regression.plot_coefficients import MOST_COEFFICIENTS

__all__ = [
    "MOST_COEFFICIENTS",
    "class_picture",
    "coefficient_picture",
    "descent_picture",
    "prediction_picture",
    "residual_picture",
]

_SIDE = 300
_MOST_CLASSES = 60


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
    error = alt.X(
        "left:Q",
        title=str(message("Residual (actual - predicted)")),
        axis=alt.Axis(tickCount=6),
        scale=alt.Scale(nice=True, zero=False),
    )
    bars = _bars(bins, error)
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
            shown=crowd,
            count=residuals.count,
            low=f"{float(residuals.edges[0]):.4g}",
            high=f"{float(residuals.edges[-1]):.4g}",
        ),
    )


def prediction_picture(tally: Tally, *, label: str | None = None, threshold: float | None = None) -> alt.LayerChart:
    """Return how often which number was predicted, or which probability of ``label``, with the threshold.

    Parameters
    ----------
    tally
        The counts.
    label, threshold
        Of two classes the positive one, and the probability from which on it is decided for.
    """
    edges, counts = tally.bins()
    named = message("Predicted") if label is None else message("Probability of {label}", label=label)
    bins = inline(left=edges[:-1], right=edges[1:], count=counts, zero=[0] * len(counts))
    x = alt.X(
        "left:Q",
        title=str(named),
        axis=alt.Axis(tickCount=6),
        scale=alt.Scale(domain=[0, 1]) if label is not None else alt.Scale(nice=True, zero=False),
    )
    bars = _bars(bins, x)
    layers: list[alt.Chart] = [bars]
    if threshold is not None:
        at = inline(left=[threshold], text=[str(message("Threshold {value}", value=f"{threshold:g}"))])
        rule = alt.Chart(at).mark_rule(color=SECOND, strokeWidth=1.5).encode(x="left:Q")
        words = alt.Chart(at).mark_text(align="left", dx=4, y=8, color=SECOND).encode(x="left:Q", text="text:N")
        layers += [rule, words]
    return themed(
        alt.LayerChart(layer=layers, width=480, height=_SIDE),
        title=message("What was predicted how often"),
        description=message(
            "A histogram of {count} predictions, from {low} to {high}.",
            count=tally.count,
            low=f"{edges[0]:.4g}" if edges else "-",
            high=f"{edges[-1]:.4g}" if edges else "-",
        ),
    )


def class_picture(counts: Mapping[str, int]) -> alt.Chart:
    """Return how often each class was predicted, the most frequent first."""
    rows = sorted(counts.items(), key=lambda one: -one[1])[:_MOST_CLASSES]
    data = inline(label=[label for label, _ in rows], count=[count for _, count in rows])
    bars = (
        alt.Chart(data)
        .mark_bar()
        .encode(
            x=alt.X("count:Q", title=str(message("Rows")), axis=alt.Axis(format="~s", tickMinStep=1)),
            y=alt.Y("label:N", title=str(message("Predicted")), sort=None),
            tooltip=[
                alt.Tooltip("label:N", title=str(message("Predicted"))),
                alt.Tooltip("count:Q", title=str(message("Rows")), format=","),
            ],
        )
        .properties(width=480, height=alt.Step(26))
    )
    return themed(
        bars,
        title=message("What was predicted how often"),
        description=message(
            "Bars of how often each class was predicted: {classes}.",
            classes=", ".join(f"{label} {grouped(count)}" for label, count in rows[:12]),
        ),
    )


def _bars(bins: alt.InlineData, x: alt.X) -> alt.Chart:
    """Return a histogram's bars: from left to right over x, from zero to the count."""
    return (
        alt.Chart(bins)
        .mark_bar(stroke="white", strokeWidth=0.5)
        .encode(
            x=x,
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
