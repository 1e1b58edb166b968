"""Strips under a curve, whose number a slider changes, and how far each rule is off as they double."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import ACCENT, DASHES, INK, MUTED, SERIES, inline, powers_of_ten
from workings.language import Message, message
from workings.subjects.integration import samples
from workings.subjects.integration.integrand import Integrand
from workings.working import shown

__all__ = ["WIDTH", "Curve", "curve_panel", "strip_panels"]

Array = NDArray[np.float64]

WIDTH, _HEIGHT = 320, 240
_CURVE = 401
# The slider takes every number of strips up to this; together they have 1,275 heights.
_EVERY = 50
_DOUBLED = (1, 2, 4, 8, 16, 32, 64, 128)
# Of more strips than these no eye can tell the edges.
_MOST = 512
# Where the curve runs off to a pole, the picture ends at so many times the height that 98 of 100 places stay under.
_POLE = 4.0
_RULES: dict[str, Message] = {
    "left": message("left"),
    "right": message("right"),
    "midpoint": message("midpoint"),
    "trapezoid": message("trapezoid"),
    "simpson": message("Simpson"),
}


@dataclass(frozen=True, eq=False)
class Curve:
    """What is drawn.

    Parameters
    ----------
    integrand, low, high
        The integrand, over a finite range.
    value
        What its strips approach; NaN where there is nothing such.
    above
        Whether it stands above a panel that has the axis of x.
    """

    integrand: Integrand
    low: float
    high: float
    value: float
    above: bool

    def __call__(self, places: Array) -> Array:
        """Return the heights at some places; NaN where there is none."""
        values = self.integrand(np.asarray(places, np.float64).reshape(-1))
        return np.where(np.isfinite(values), values, np.nan).reshape(np.shape(places))

    def at(self, shares: Array) -> Array:
        """Return the heights at places in parts of the range."""
        return self(self.low + (self.high - self.low) * shares)


def curve_panel(curve: Curve, under: list[alt.Chart]) -> alt.LayerChart:
    """Return the curve with layers under it, or its area shaded where there are none."""
    grid = np.linspace(curve.low, curve.high, _CURVE)
    x, y = _axes(curve)
    rows = alt.Chart(inline(x=grid, y=curve(grid)))
    line = rows.mark_line(color=INK, strokeWidth=1.8, clip=True).encode(x, y)
    area = [] if under else [rows.mark_area(color=ACCENT, opacity=0.25, clip=True).encode(x, y)]
    return alt.LayerChart(layer=[*under, *area, line], width=WIDTH, height=_HEIGHT)


def strip_panels(
    curve: Curve, rule: samples.StripRule, start: int
) -> tuple[alt.Parameter, list[alt.Chart], alt.LayerChart | None]:
    """Return a slider for the number of strips, the layers of the strips, and the panel of the rules' errors.

    The last is None where every rule is exact for every number of strips, or there is no area to be off.

    Parameters
    ----------
    curve
        The integrand.
    rule
        Where a strip takes its height.
    start
        With how many strips the picture begins.
    """
    if start <= _EVERY:
        counts = list(range(1, _EVERY + 1))
        bound = alt.binding_range(min=1, max=_EVERY, step=1, name=str(message("Number of strips n")) + " ")
        moved = alt.param(name="strips", value=start, bind=bound)
        stops = counts
    else:
        counts = sorted({count for count in (*_DOUBLED, start) if count <= max(_DOUBLED[-1], min(start, _MOST))})
        bound = alt.binding_range(min=0, max=len(counts) - 1, step=1, name=str(message("Strips, doubled")) + " ")
        moved = alt.param(name="strips", value=counts.index(min(start, counts[-1])), bind=bound)
        stops = list(range(len(counts)))
    return moved, _strips(curve, rule, stops, counts), _errors(curve, stops, counts)


def _axes(curve: Curve) -> tuple[alt.X, alt.Y]:
    bottom, top = _heights(curve)
    room = 0.12 * (top - bottom or 1.0)
    x = alt.X("x:Q", title=str(message("x")), scale=alt.Scale(domain=[curve.low, curve.high], nice=False))
    if curve.above:
        x = x.axis(labels=False, ticks=False, title=None)
    scale = alt.Scale(domain=[bottom - (room if bottom < 0 else 0.0), top + room], nice=False)
    return x, alt.Y("y:Q", title=str(message("f(x)")), scale=scale)


def _heights(curve: Curve) -> tuple[float, float]:
    values = curve.at((np.arange(_CURVE) + 0.5) / _CURVE)
    seen = values[np.isfinite(values)]
    if not len(seen):
        return 0.0, 1.0
    top, bottom = float(max(seen.max(), 0.0)), float(min(seen.min(), 0.0))
    usual = float(np.quantile(np.abs(seen), 0.98))
    limit = _POLE * usual if usual > 0 else math.inf
    return max(bottom, -limit), min(top, limit)


def _strips(curve: Curve, rule: samples.StripRule, stops: list[int], counts: list[int]) -> list[alt.Chart]:
    """Return the strips at each stop of the slider, and the sentence that says their area."""
    columns: dict[str, list[Any]] = {"stop": [], "x": [], "x2": [], "y": []}
    said: list[str] = []
    for stop, count in zip(stops, counts, strict=True):
        edges = np.arange(count + 1) / count
        heights = curve.at(edges[:-1] + samples.STRIP_RULES[rule] / count)
        places = curve.low + (curve.high - curve.low) * edges
        columns["stop"] += [stop] * count
        columns["x"] += places[:-1].tolist()
        columns["x2"] += places[1:].tolist()
        columns["y"] += heights.tolist()
        area = (curve.high - curve.low) / count * float(np.nansum(heights))
        off, seen = shown(abs(area - curve.value), 2), shown(area, 6)
        known = math.isfinite(curve.value)
        sentence = message("n = {n}: {area}, off by {off}", n=count, area=seen, off=off)
        said.append(str(sentence if known else message("n = {n}: {area}", n=count, area=seen)))
    x, y = _axes(curve)
    strips = (
        alt.Chart(inline(**columns))
        .transform_filter("datum.stop == strips")
        .mark_rect(color=ACCENT, opacity=0.35, stroke=ACCENT, strokeWidth=0.8, clip=True)
        .encode(x, alt.X2("x2:Q"), y, alt.Y2(datum=0))
    )
    words = (
        alt.Chart(inline(stop=stops, said=said))
        .transform_filter("datum.stop == strips")
        .mark_text(align="left", baseline="top", color=INK, fontSize=12.5, fontWeight=600)
        .encode(x=alt.value(6), y=alt.value(2), text="said:N")
    )
    return [strips, words]


def _errors(curve: Curve, stops: list[int], counts: list[int]) -> alt.LayerChart | None:
    """Return each rule's error against the number of strips, both on logarithmic axes, and where the slider stands."""
    if math.isnan(curve.value):
        return None
    columns: dict[str, list[Any]] = {"n": [], "error": [], "rule": []}
    # Several units in the last place of the sum: what is below is the rounding of the heights, not the rule.
    sizes = np.abs(curve.at((np.arange(_CURVE) + 0.5) / _CURVE))
    size = float(np.nanmean(sizes)) if np.isfinite(sizes).any() else 0.0
    floor = 1e-15 * (curve.high - curve.low) * size
    off = {count: {rule: abs(area - curve.value) for rule, area in _areas(curve, count).items()} for count in _DOUBLED}
    for count, errors in off.items():
        for rule, error in errors.items():
            columns["n"].append(count)
            columns["error"].append(error if error > floor else math.nan)
            columns["rule"].append(str(_RULES[rule]))
    exact = [name for rule, name in _RULES.items() if all(off[count][rule] <= floor for count in _DOUBLED)]
    undefined = [name for rule, name in _RULES.items() if all(math.isnan(off[count][rule]) for count in _DOUBLED)]
    drawn = [str(name) for name in _RULES.values() if name not in exact and name not in undefined]
    if not drawn:
        return None
    kept = [list(_RULES.values()).index(name) for name in _RULES.values() if str(name) in drawn]
    legend = alt.Legend(title=None, orient="bottom", columns=3, symbolType="stroke", symbolSize=300)
    scale, axis = powers_of_ten(columns["error"])
    across = alt.X(
        "n:Q",
        title=str(message("Number of strips n")),
        scale=alt.Scale(type="log", base=2, domain=[_DOUBLED[0], _DOUBLED[-1]], clamp=True),
        axis=alt.Axis(values=list(_DOUBLED)),
    )
    lines = (
        alt.Chart(inline(**columns))
        .mark_line(point=True)
        .encode(
            across,
            alt.Y("error:Q", title=str(message("Error")), scale=scale, axis=axis),
            alt.Color("rule:N", scale=alt.Scale(domain=drawn, range=[SERIES[k] for k in kept]), legend=legend),
            alt.StrokeDash(
                "rule:N", scale=alt.Scale(domain=drawn, range=[list(DASHES[k]) for k in kept]), legend=legend
            ),
        )
    )
    here = (
        alt.Chart(inline(stop=stops, n=counts))
        .transform_filter("datum.stop == strips")
        .mark_rule(color=MUTED, strokeDash=[3, 3])
        .encode(across)
    )
    panel = alt.LayerChart(layer=[here, lines], width=270, height=_HEIGHT)
    remarks: list[str] = []
    for heading, names in (
        (message("Off by no more than rounding:"), exact),
        (message("Undefined, as f is at an end:"), undefined),
    ):
        if names:
            remarks += [str(heading), ", ".join(str(name) for name in names)]
    return panel.properties(title=alt.Title(remarks, anchor="start", fontSize=11, fontWeight=400)) if remarks else panel


def _areas(curve: Curve, count: int) -> dict[str, float]:
    width = (curve.high - curve.low) / count
    edges, middle = curve.at(np.arange(count + 1) / count), curve.at((np.arange(count) + 0.5) / count)
    left, right, middles = (width * float(np.sum(part)) for part in (edges[:-1], edges[1:], middle))
    trapezoid = (left + right) / 2
    return {
        "left": left,
        "right": right,
        "midpoint": middles,
        "trapezoid": trapezoid,
        "simpson": (trapezoid + 2 * middles) / 3,
    }
