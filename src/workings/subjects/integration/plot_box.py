"""An integral over a box: the integrand as a map, and over it the boxes; more dimensions are cut into slices."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import INK, inline, themed
from workings.language import message
from workings.subjects.integration.box import integrate_box
from workings.subjects.integration.explain_box import traced_in, variable_names
from workings.subjects.integration.points import Points
from workings.subjects.integration.result import Boxes, Integral
from workings.working import plotter, shown

__all__ = ["plot_box", "plot_integrate_box"]

Array = NDArray[np.float64]

_SIDE = 320
_GRID, _COARSER, _SLICES, _MOST_BOXES = 48, 26, 6, 600
_SEEN = 1e-3


@plotter(integrate_box)
def plot_integrate_box(f: Any, lower: Any, upper: Any, **options: Any) -> alt.TopLevelMixin:
    """Return the picture of ``integrate_box`` with the same arguments."""
    return plot_box(integrate_box(f, lower, upper, **options))


def plot_box(found: Integral) -> alt.TopLevelMixin:
    """Return the map of f over the first two variables with the boxes; a slider moves along the third variable."""
    dimensions = len(found.limits[0])
    body = traced_in(found.integrand, found.args, dimensions)
    names = [each.name for each in (body[1] if body is not None else variable_names(dimensions))]
    ends = [_range(found, axis) for axis in range(dimensions)]
    slices = _SLICES if dimensions > 2 else 1
    side = _COARSER if dimensions > 2 else _GRID
    low, high = ends[2] if dimensions > 2 else (0.0, 0.0)
    stops = [low + (high - low) * (k + 0.5) / slices for k in range(slices)]
    points = Points(found.integrand, dimensions, found.args)
    columns: dict[str, list[Any]] = {"slice": [], "x": [], "x2": [], "y": [], "y2": [], "f": []}
    (x0, x1), (y0, y1) = ends[0], ends[1]
    wide, tall = (x1 - x0) / side, (y1 - y0) / side
    across, up = (part.reshape(-1) for part in np.meshgrid(np.arange(side), np.arange(side)))
    middle = [(low + high) / 2 for low, high in ends]
    for k, stop in enumerate(stops):
        at = np.tile(np.array(middle), (len(across), 1))
        at[:, 0], at[:, 1] = x0 + (across + 0.5) * wide, y0 + (up + 0.5) * tall
        if dimensions > 2:
            at[:, 2] = stop
        columns["slice"] += [k] * len(across)
        columns["x"] += (x0 + across * wide).tolist()
        columns["x2"] += (x0 + (across + 1) * wide).tolist()
        columns["y"] += (y0 + up * tall).tolist()
        columns["y2"] += (y0 + (up + 1) * tall).tolist()
        columns["f"] += points(at).tolist()
    shown_now = "datum.slice == slice_at"
    x_axis = alt.X("x:Q", title=names[0], scale=alt.Scale(domain=[x0, x1], nice=False), axis=alt.Axis(grid=False))
    y_axis = alt.Y("y:Q", title=names[1], scale=alt.Scale(domain=[y0, y1], nice=False), axis=alt.Axis(grid=False))
    values = np.array(columns["f"])
    values = values[np.isfinite(values)]
    crossing = bool(len(values) and values.min() < 0 < values.max())
    reach = float(np.abs(values).max()) if len(values) else 1.0
    colours = alt.Scale(scheme="blueorange", domain=[-reach, reach]) if crossing else alt.Scale(scheme="blues")
    colour = alt.Color(
        "f:Q", title=str(message("f")), scale=colours, legend=alt.Legend(orient="bottom", gradientLength=_SIDE - 20)
    )
    cells = alt.Chart(inline(**columns))
    boxes = alt.Chart(inline(**_outlines(found.boxes, stops, dimensions, ends)))
    if dimensions > 2:
        cells, boxes = cells.transform_filter(shown_now), boxes.transform_filter(shown_now)
    layers: list[alt.Chart] = [
        cells.mark_rect(clip=True).encode(x_axis, y_axis, alt.X2("x2:Q"), alt.Y2("y2:Q"), colour),
        boxes.mark_rect(fill=None, stroke=INK, strokeWidth=0.6, strokeOpacity=0.7, clip=True).encode(
            x_axis, y_axis, alt.X2("x2:Q"), alt.Y2("y2:Q")
        ),
    ]
    count = len(found.boxes) if found.boxes is not None else 0
    subtitle = message("The boxes into which it was halved, over the values of f: {count}", count=count)
    picture = alt.LayerChart(layer=layers, width=_SIDE, height=_SIDE)
    if dimensions > 2:
        said = [str(message("{name} = {value}", name=names[2], value=shown(stop))) for stop in stops]
        words = (
            alt.Chart(inline(slice=range(slices), said=said))
            .transform_filter(shown_now)
            .mark_text(align="left", baseline="bottom", color=INK, fontSize=12.5, fontWeight=600)
            .encode(x=alt.value(0), y=alt.value(-6), text="said:N")
        )
        label = message("Slice across {name}", name=names[2])
        bound = alt.binding_range(min=0, max=slices - 1, step=1, name=f"{label} ")
        picture = alt.LayerChart(layer=[*layers, words], width=_SIDE, height=_SIDE).add_params(
            alt.param(name="slice_at", value=slices // 2, bind=bound)
        )
        subtitle = message(
            "The slider cuts across {name}. Boxes: {count}",
            name=names[2],
            count=count,
        )
    value = shown(found.value, 8)
    return themed(
        picture,
        title=message("The integral over the box: {value}", value=value),
        subtitle=subtitle,
        description=message(
            "A map of f over {x} and {y}, with the {count} {count:box|boxes} into which the range was halved. The "
            "integral is {value}, with an estimated error of {error}.",
            x=names[0],
            y=names[1],
            count=count,
            value=value,
            error=shown(found.error, 2),
        ),
    )


def _range(found: Integral, axis: int) -> tuple[float, float]:
    """Return between which values an axis is drawn; of an infinite one, as far as the boxes that matter reach."""
    low, high = sorted((float(found.limits[0][axis]), float(found.limits[1][axis])))
    boxes = found.boxes
    if np.isfinite(low) and np.isfinite(high):
        return (low, high) if high > low else (low - 0.5, high + 0.5)
    ends = np.array([low, high])
    if boxes is not None and len(boxes):
        heavy = np.abs(boxes.value) > _SEEN * np.abs(boxes.value).max()
        ends = np.concatenate([ends, boxes.low[heavy, axis], boxes.high[heavy, axis]])
    finite = ends[np.isfinite(ends)]
    if not len(finite):
        return -5.0, 5.0
    first, last = float(finite.min()), float(finite.max())
    return (first, last) if last > first else (first - 5.0, last + 5.0)


def _outlines(
    boxes: Boxes | None, stops: list[float], dimensions: int, ends: list[tuple[float, float]]
) -> dict[str, list[Any]]:
    """Return the outlines of the boxes that each slice meets, the largest errors first where they are many."""
    columns: dict[str, list[Any]] = {"slice": [], "x": [], "x2": [], "y": [], "y2": []}
    if boxes is None:
        return columns
    order = np.argsort(-boxes.error, kind="stable")
    middle = [(low + high) / 2 for low, high in ends]
    for k, stop in enumerate(stops):
        meets = np.ones(len(boxes), bool)
        for axis in range(2, dimensions):
            at = stop if axis == 2 else middle[axis]
            meets &= (boxes.low[:, axis] <= at) & (at < boxes.high[:, axis])
        kept = order[meets[order]][: _MOST_BOXES // len(stops)]
        columns["slice"] += [k] * len(kept)
        for name, axis in (("x", 0), ("y", 1)):
            low, high = ends[axis]
            columns[name] += np.clip(boxes.low[kept, axis], low, high).tolist()
            columns[f"{name}2"] += np.clip(boxes.high[kept, axis], low, high).tolist()
    return columns
