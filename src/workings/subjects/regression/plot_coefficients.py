"""Coefficients as bars from zero, the largest first."""

from __future__ import annotations

import math
from collections.abc import Sequence

import altair as alt

from workings.chart import ACCENT, INK, MUTED, SECOND, inline, themed
from workings.language import Message, message

__all__ = ["MOST_COEFFICIENTS", "coefficient_picture", "coefficients_panel", "coefficients_words"]

MOST_COEFFICIENTS = 30
_ROOM = 0.16  # beside a bar, for its number, as a share of the longest


def coefficient_picture(names: Sequence[str], values: Sequence[float]) -> alt.LayerChart:
    """Return the coefficients as bars, the largest in magnitude first, at most ``MOST_COEFFICIENTS``."""
    return themed(
        coefficients_panel(names, values),
        title=message("Coefficients"),
        description=coefficients_words(names, values),
    )


def coefficients_words(names: Sequence[str], values: Sequence[float]) -> Message:
    """Say what the bars show."""
    order = _largest(values)
    return message(
        "Bars for {shown} of {count} {count:coefficient|coefficients}, the largest first: {name} with {value}.",
        shown=len(order),
        count=len(values),
        name=names[order[0]] if order else "",
        value=f"{values[order[0]]:.4g}" if order else "",
    )


def coefficients_panel(
    names: Sequence[str],
    values: Sequence[float],
    errors: Sequence[float] | None = None,
    *,
    width: int = 420,
    height: int = 0,
) -> alt.LayerChart:
    """Draw the bars with their numbers; with standard errors, each as a line from one below to one above.

    The panel is at least ``height`` pixels high.
    """
    order = _largest(values)
    shown = [values[j] for j in order]
    # A dependent column's error is not known, and takes no room.
    around = [0.0 if errors is None or math.isnan(errors[j]) else errors[j] for j in order]
    # A row is a place in the order, and its name is data: two columns may have one name.
    data = inline(
        place=range(len(order)),
        name=[names[j] for j in order],
        value=shown,
        low=[value - error for value, error in zip(shown, around, strict=True)],
        high=[value + error for value, error in zip(shown, around, strict=True)],
        sign=[int(value >= 0) for value in shown],
        words=[f"{value:+.3g}".replace("-", "\N{MINUS SIGN}") for value in shown],
    )
    reach = [value + math.copysign(error, value) for value, error in zip(shown, around, strict=True)]
    extent = max(map(abs, reach), default=0.0) or 1.0
    domain = [min([0.0, *reach]) - _ROOM * extent, max([0.0, *reach]) + _ROOM * extent]
    words = message("Coefficient, per unit of the term as fitted")
    if errors is not None:
        words = message("Coefficient, with one standard error to each side")
    x = alt.X("value:Q", title=str(words), scale=alt.Scale(domain=domain, nice=False), axis=alt.Axis(tickCount=6))
    base = alt.Chart(data).encode(
        y=alt.Y("place:O", axis=None),
        tooltip=[
            alt.Tooltip("name:N", title=str(message("Term"))),
            alt.Tooltip("value:Q", title=str(message("Coefficient")), format=".6~g"),
        ],
    )
    bars = base.mark_bar(height=9).encode(
        x=x, color=alt.Color("sign:N", scale=alt.Scale(domain=[0, 1], range=[SECOND, ACCENT]), legend=None)
    )
    called = base.mark_text(align="right", limit=150, fontSize=11.5).encode(x=alt.value(-10), text="name:N")
    right = base.transform_filter("datum.sign == 1").mark_text(align="left", dx=4, color=MUTED, fontSize=10.5)
    left = base.transform_filter("datum.sign == 0").mark_text(align="right", dx=-4, color=MUTED, fontSize=10.5)
    layers = [
        bars,
        alt.Chart(inline(value=[0])).mark_rule(color=MUTED).encode(x=x),
        called,
        right.encode(x=alt.X("high:Q"), text="words:N"),
        left.encode(x=alt.X("low:Q"), text="words:N"),
    ]
    if errors is not None:
        layers.insert(2, base.mark_rule(color=INK, strokeWidth=1.2).encode(x=alt.X("low:Q"), x2="high:Q"))
    return alt.LayerChart(layer=layers, width=width, height=max(17 * max(1, len(order)), height))


def _largest(values: Sequence[float]) -> list[int]:
    return sorted(range(len(values)), key=lambda j: -abs(values[j]))[:MOST_COEFFICIENTS]
