"""Strips under samples: trapezoids under straight lines, pairs under parabolas, and the area so far."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import ACCENT, INK, MUTED, SECOND, inline, retained, themed
from workings.language import Message, message
from workings.subjects.integration import samples
from workings.subjects.integration.lanes import Lanes
from workings.working import plotter, shown

__all__ = ["plot_cumulative_trapezoid", "plot_simpson", "plot_trapezoid"]

Array = NDArray[np.float64]

_WIDTH, _HEIGHT = 320, 230
# So many samples are drawn one by one; of more, so many that keep their shape.
_DRAWN, _DRAWN_PARABOLAS, _DOTTED, _STOPS = 500, 161, 60, 200
# The fewer parabolas, the longer each is and the more points it needs to be seen round.
_ROUND, _FEWEST, _MOST_POINTS = 400, 12, 60


@plotter(samples.trapezoid)
def plot_trapezoid(y: Any, x: Any = None, dx: float = 1.0, axis: int = -1) -> alt.TopLevelMixin:
    """Return the strips of ``trapezoid`` under the polyline; a slider goes from strip to strip. Of rows, the first."""
    samples.trapezoid(y, x, dx, axis)
    lanes = Lanes.of(y, x, dx, axis, function="trapezoid")
    places, heights, kept = _drawn(lanes, _DRAWN)
    if len(kept) == lanes.count:
        with np.errstate(all="ignore"):
            areas = np.diff(places) * (heights[1:] + heights[:-1]) / 2
        said = [_strip_words(places[k : k + 2], heights[k : k + 2], k, float(area)) for k, area in enumerate(areas)]
    else:
        said = [_between(lanes, low, high, samples.trapezoid) for low, high in pairwise(kept.tolist())]
    curves = [(places[k : k + 2], heights[k : k + 2]) for k in range(len(places) - 1)]
    whole = float(np.asarray(samples.trapezoid(y, x, dx, axis)).reshape(-1)[0])
    return _strips(
        (places, heights),
        curves,
        said,
        title=message("Trapezoids under {n} samples: {area}", n=lanes.count, area=shown(whole, 8)),
        described=message(
            "{n} samples joined by straight lines, with a trapezoid below each; together their area is {area}.",
            n=lanes.count,
            area=shown(whole, 8),
        ),
        thinned=kept,
    )


@plotter(samples.simpson)
def plot_simpson(y: Any, x: Any = None, *, dx: float = 1.0, axis: int = -1) -> alt.TopLevelMixin:
    """Return the pairs of strips of ``simpson`` under their parabolas; a slider goes from pair to pair."""
    found = samples.simpson(y, x, dx=dx, axis=axis)
    lanes = Lanes.of(y, x, dx, axis, function="simpson")
    whole = float(np.asarray(found).reshape(-1)[0])
    places, heights, kept = _drawn(lanes, _DRAWN_PARABOLAS)
    points = min(_MOST_POINTS, max(_FEWEST, _ROUND // max(1, len(kept) // 2)))
    curves: list[tuple[Array, Array]] = []
    said: list[Message] = []
    for first in range(0, len(places) - 2, 2):
        piece = slice(first, first + 3)
        curves.append(_parabola(places[piece], heights[piece], places[first], places[first + 2], points))
        if len(kept) < lanes.count:
            said.append(_between(lanes, int(kept[first]), int(kept[first + 2]), samples.simpson))
            continue
        area = float(samples.simpson(heights[piece], places[piece]))
        said.append(
            message("Pair {k}: from {low} to {high}, area {area}", k=len(said) + 1, low=shown(places[first]),
                    high=shown(places[first + 2]), area=shown(area, 6))
        )  # fmt: skip
    if len(places) % 2 == 0 and len(places) > 2:
        curves.append(_parabola(places[-3:], heights[-3:], places[-2], places[-1], points))
        before = float(samples.simpson(heights[:-1], places[:-1]))
        last = float(samples.simpson(heights, places)) - before
        said.append(message("The last strip: from {low} to {high}, area {area}", low=shown(places[-2]),
                            high=shown(places[-1]), area=shown(last, 6)))  # fmt: skip
    elif len(places) == 2:
        curves.append((places, heights))
        said.append(message("One strip has no parabola: a trapezoid of area {area}", area=shown(whole, 6)))
    return _strips(
        (places, heights),
        curves,
        said,
        title=message("Parabolas through {n} samples: {area}", n=lanes.count, area=shown(whole, 8)),
        described=message(
            "{n} samples joined by parabolas through three at a time; the area below them is {area}.",
            n=lanes.count,
            area=shown(whole, 8),
        ),
        thinned=kept,
    )


@plotter(samples.cumulative_trapezoid)
def plot_cumulative_trapezoid(
    y: Any, x: Any = None, dx: float = 1.0, axis: int = -1, initial: float | None = None
) -> alt.TopLevelMixin:
    """Return the samples and below them the area so far; a slider moves how far."""
    running = np.asarray(samples.cumulative_trapezoid(y, x, dx, axis, initial=0))
    lanes = Lanes.of(y, x, dx, axis, function="cumulative_trapezoid")
    so_far = np.moveaxis(running, axis, -1).reshape(len(lanes.y), -1)[0].astype(np.float64)
    places, heights, kept = _drawn(lanes, _DRAWN)
    so_far = so_far[kept]
    stops = retained(len(places), min(_STOPS, max(2, len(places)))) if len(places) > 1 else np.array([0])
    said = [
        str(message("Up to {x} the area is {area}", x=shown(float(places[k])), area=shown(float(so_far[k]), 6)))
        for k in stops
    ]
    moved = _slider(len(stops), message("How far"), start=len(stops) - 1)
    x_axis = alt.X("x:Q", title=None, scale=_across(places)).axis(labels=False, ticks=False)
    y_axis = alt.Y("y:Q", title=str(message("y")), stack=None)
    rows = alt.Chart(inline(x=places, y=heights, i=range(len(places))))
    ends = alt.Chart(inline(stop=range(len(stops)), x=places[stops], y=so_far[stops], i=stops, said=said))
    now = ends.transform_filter("datum.stop == strip")
    under = (
        rows.transform_calculate(stop="strip")
        .transform_lookup("stop", from_=alt.LookupData(ends.data, "stop", ["i"]), as_=["to"])
        .transform_filter("datum.i <= datum.to")
        .mark_area(color=ACCENT, opacity=0.3, line=False)
        .encode(x_axis, y_axis)
    )
    words = now.mark_text(align="left", baseline="bottom", color=INK, fontSize=12.5, fontWeight=600).encode(
        x=alt.value(0), y=alt.value(-6), text="said:N"
    )
    upper = alt.LayerChart(
        layer=[under, rows.mark_line(color=INK, strokeWidth=1.6).encode(x_axis, y_axis, order="i:Q"), words],
        width=_WIDTH,
        height=150,
    )
    x_below = alt.X("x:Q", title=str(message("x")), scale=_across(places))
    y_below = alt.Y("y:Q", title=str(message("Area so far")))
    lower = alt.LayerChart(
        layer=[
            alt.Chart(inline(x=places, y=so_far, i=range(len(places))))
            .mark_line(color=ACCENT, strokeWidth=1.8)
            .encode(x_below, y_below, order="i:Q"),
            now.mark_rule(color=SECOND, strokeDash=[3, 3]).encode(x_below),
            now.mark_point(color=SECOND, filled=True, size=80, opacity=1).encode(x_below, y_below),
        ],
        width=_WIDTH,
        height=150,
    )
    return themed(
        alt.vconcat(upper, lower, spacing=16, bounds="flush").add_params(moved),
        title=message("The area under {n} samples as it grows", n=lanes.count),
        description=message(
            "{n} samples joined by straight lines, and below them the area from the first up to each, which ends at "
            "{area}.",
            n=lanes.count,
            area=shown(float(so_far[-1]), 8),
        ),
    )


def _drawn(lanes: Lanes, most: int) -> tuple[Array, Array, NDArray[np.intp]]:
    """Return the places and heights of the first row that are drawn, and which they are."""
    kept = retained(lanes.count, most) if lanes.count > 1 else np.arange(lanes.count)
    places = np.asarray(lanes.places(0), np.float64)[kept]
    return places, lanes.y[0].astype(np.float64)[kept], kept


def _strip_words(x: Array, y: Array, k: int, area: float) -> Message:
    return message(
        "Strip {k}: {width} × ({left} + {right})/2 = {area}",
        k=k + 1,
        width=shown(float(x[1] - x[0])),
        left=shown(float(y[0])),
        right=shown(float(y[1])),
        area=shown(area, 6),
    )


def _between(lanes: Lanes, low: int, high: int, rule: Callable[..., Any]) -> Message:
    """Say the area of all samples between two that are drawn."""
    x, y = lanes.places(0)[low : high + 1], lanes.y[0][low : high + 1]
    return message(
        "From {low} to {high}, over {n} samples: area {area}",
        low=shown(float(x[0])),
        high=shown(float(x[-1])),
        n=high - low + 1,
        area=shown(float(rule(y, x)), 6),
    )


def _parabola(x: Array, y: Array, low: float, high: float, points: int) -> tuple[Array, Array]:
    """Return points of the parabola through three samples; the line where two of them stand at one place."""
    if len(set(x.tolist())) < 3:
        return x, y
    at = np.linspace(low, high, points + 1)
    with np.errstate(all="ignore"):  # through a height that is infinite or NaN there is none to be drawn
        slope, bend = (y[1] - y[0]) / (x[1] - x[0]), (y[2] - y[1]) / (x[2] - x[1])
        return at, y[0] + (at - x[0]) * (slope + (bend - slope) / (x[2] - x[0]) * (at - x[1]))


def _across(places: Array) -> alt.Scale:
    return alt.Scale(domain=[float(places.min()), float(places.max())], nice=False)


def _slider(stops: int, name: Message, *, start: int = 0) -> alt.Parameter:
    bound = alt.binding_range(min=0, max=max(stops - 1, 0), step=1, name=f"{name} ")
    return alt.param(name="strip", value=start, bind=bound)


def _strips(
    points: tuple[Array, Array],
    curves: list[tuple[Array, Array]],
    said: list[Message],
    *,
    title: Message,
    described: Message,
    thinned: NDArray[np.intp],
) -> alt.LayerChart:
    places, heights = points
    columns: dict[str, list[Any]] = {"strip": [], "x": [], "y": []}
    for k, (x, y) in enumerate(curves):
        columns["strip"] += [k] * len(x)
        columns["x"] += x.tolist()
        columns["y"] += y.tolist()
    stops = retained(len(curves), min(_STOPS, max(2, len(curves)))) if len(curves) > 1 else np.arange(len(curves))
    x_axis = alt.X("x:Q", title=str(message("x")), scale=_across(places))
    y_axis = alt.Y("y:Q", title=str(message("y")), stack=None)
    rows = alt.Chart(inline(**columns))
    words = alt.Chart(inline(stop=range(len(stops)), at=stops, said=[str(said[k]) for k in stops]))
    chosen = (
        rows.transform_calculate(stop="strip_at")
        .transform_lookup("stop", from_=alt.LookupData(words.data, "stop", ["at"]))
        .transform_filter("datum.strip == datum.at")
    )
    chosen = chosen.mark_area(color=SECOND, opacity=0.55).encode(x_axis, y_axis)
    edges = alt.Chart(inline(x=places, y=heights))
    layers: list[alt.Chart] = [
        rows.mark_area(color=ACCENT, opacity=0.25).encode(x_axis, y_axis, detail="strip:N"),
        chosen,
        rows.mark_line(color=INK, strokeWidth=1.6).encode(x_axis, y_axis, detail="strip:N"),
        words.transform_filter("datum.stop == strip_at")
        .mark_text(align="left", baseline="bottom", color=INK, fontSize=12.5, fontWeight=600)
        .encode(x=alt.value(0), y=alt.value(-6), text="said:N"),
    ]
    if len(places) <= _DOTTED:
        layers.insert(1, edges.mark_rule(color=ACCENT, strokeWidth=1).encode(x_axis, y_axis, y2=alt.datum(0)))
        layers.append(edges.mark_point(color=INK, filled=True, size=36, opacity=1).encode(x_axis, y_axis))
    layers.append(alt.Chart(inline(y=[0])).mark_rule(color=MUTED, strokeWidth=1).encode(y_axis))
    bound = alt.binding_range(min=0, max=max(len(stops) - 1, 0), step=1, name=f"{message('Strip')} ")
    picture = alt.LayerChart(layer=layers, width=_WIDTH, height=_HEIGHT).add_params(
        alt.param(name="strip_at", value=0, bind=bound)
    )
    subtitle = message("The slider goes from strip to strip.")
    if len(thinned) and int(thinned[-1]) + 1 > len(thinned):
        subtitle = message("So many of the samples are drawn: {count}.", count=len(thinned))
    return themed(picture, title=title, description=described, subtitle=subtitle)
