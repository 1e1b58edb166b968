"""The way of an iteration: its cost, and the size of its gradient, from the start to where it ended."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import inline, powers_of_ten, retained, themed
from workings.language import Message, message

__all__ = ["cost_panel", "descent_picture"]

_SHOWN = 600
_FEW = 30
# An axis is logarithmic where its values are positive and the largest is so many times the smallest.
_FAR = 30

# Up to so many steps each has its tick.
_FEW_STEPS = 10

# 0.0001 as 1e-4, 10000 as 10,000 and 10000000 as 1e+7: fixed text, in Vega's expression language.
_NUMBERS = (
    "datum.value && (abs(datum.value) < 0.001 || abs(datum.value) >= 1e7)"
    " ? format(datum.value, '~e') : format(datum.value, ',~r')"
)

# What is as short written out as it is as a power of ten.
_SHORT = (1e-3, 1e4)

Numbers = Sequence[float] | NDArray[Any]


def descent_picture(iterations: Sequence[int] | NDArray[Any], cost: Numbers, gradient: Numbers) -> alt.ConcatChart:
    """Return the cost and the gradient's largest entry at each iteration, side by side.

    Parameters
    ----------
    iterations
        The numbers of the iterations, rising.
    cost, gradient
        The cost and the largest absolute partial derivative at each.
    """
    table = _Table(iterations, cost, gradient)
    return themed(
        alt.concat(
            _panel(table, "cost", message("Cost"), 360, 220),
            _panel(table, "gradient", message("Largest partial derivative"), 360, 220),
            columns=2,
            spacing=40,
        ),
        title=message("Cost by iteration"),
        description=message(
            "The cost falls from {first} at iteration 0 to {last} at iteration {iterations}; the largest partial "
            "derivative from {steep} to {flat}.",
            first=f"{table.cost[0]:.6g}",
            last=f"{table.cost[-1]:.6g}",
            iterations=table.iteration[-1],
            steep=f"{table.gradient[0]:.3g}",
            flat=f"{table.gradient[-1]:.3g}",
        ),
    )


def cost_panel(
    iterations: Sequence[int] | NDArray[Any], cost: Numbers, gradient: Numbers, *, width: int, height: int
) -> alt.LayerChart:
    """Draw the cost alone."""
    return _panel(_Table(iterations, cost, gradient), "cost", message("Cost"), width, height)


class _Table:
    """The iterations that are shown, of many some evenly and some by even ratios.

    So neither a plain nor a logarithmic axis shows corners.
    """

    def __init__(self, iterations: Sequence[int] | NDArray[Any], cost: Numbers, gradient: Numbers) -> None:
        count = len(iterations)
        ratios = np.geomspace(1, count, _SHOWN) - 1
        shown = sorted({*retained(count, _SHOWN).tolist(), *ratios.astype(int).tolist()})
        self.iteration = [int(iterations[k]) for k in shown]
        self.cost = [float(cost[k]) for k in shown]
        self.gradient = [float(gradient[k]) for k in shown]


def _panel(table: _Table, field: str, words: Message, width: int, height: int) -> alt.LayerChart:
    data = inline(iteration=table.iteration, cost=table.cost, gradient=table.gradient)
    scale, axis = _height_axis(table.cost if field == "cost" else table.gradient)
    base = alt.Chart(data).encode(
        x=_iteration_axis(table.iteration, table.cost),
        y=alt.Y(f"{field}:Q", title=str(words), scale=scale, axis=axis),
        tooltip=[
            alt.Tooltip("iteration:Q", title=str(message("Iteration")), format=","),
            alt.Tooltip("cost:Q", title=str(message("Cost")), format=".6~g"),
            alt.Tooltip("gradient:Q", title=str(message("Largest partial derivative")), format=".3~g"),
        ],
    )
    points = base.mark_point(size=40 if len(table.cost) <= _FEW else 0)
    return alt.LayerChart(layer=[base.mark_line(), points], width=width, height=height)


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
            axis=alt.Axis(format="~s", values=list(range(last + 1))) if last <= _FEW_STEPS else alt.Axis(format="~s"),
        )
    powers = [0, *(10**power for power in range(int(math.log10(last)) + 1))]
    return alt.X(
        "iteration:Q",
        title=str(message("Iteration (logarithmic)")),
        scale=alt.Scale(type="symlog", constant=1, domain=[0, last], nice=False),
        axis=alt.Axis(values=powers, labelExpr="format(datum.value, ',')"),
    )


def _height_axis(values: Sequence[float]) -> tuple[alt.Scale, alt.Axis]:
    """Use a logarithmic axis where all values are positive and lie far apart."""
    low, high = min(values), max(values)
    if not (low > 0 and high > _FAR * low):
        return alt.Scale(zero=False, nice=True), alt.Axis(labelExpr=_NUMBERS, tickCount=6)
    scale, axis = powers_of_ten(values)
    if low >= _SHORT[0] and high <= _SHORT[1]:
        axis.labelExpr = _NUMBERS  # 0.01, 1 and 100 say more than powers do
    return scale, axis
