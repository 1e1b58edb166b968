"""A convolution layer as a picture: image, window, filter and feature map side by side, under two sliders."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import FAINT, MUTED, SECOND, inline, themed
from workings.errors import InputError
from workings.language import Message, message
from workings.subjects.convolution.layer import compute
from workings.subjects.convolution.layer.geometry import Geometry, Padding, Pair
from workings.subjects.convolution.layer.layer import Layer, layer_of
from workings.subjects.convolution.panels import (
    DARK,
    cells,
    coloured,
    grey,
    ink,
    minus_in,
    number,
    outlined,
    panel,
    side_lengths,
    signed,
    squares,
    words_in,
)
from workings.working import plotter

__all__ = ["MOST_TAPS", "Words", "layer_picture", "plot_conv2d"]

Array = NDArray[Any]

# So many rows and columns of an image, and of a feature map, are drawn; of a filter so many.
_MOST, MOST_TAPS = 48, 12
# The pixels of a panel's longer side; cells with numbers in them, and with a minus sign, are at least so wide.
_SIDE, _SMALL, _WRITTEN, _SIGNED = 230, 150, 30, 9

# The pixels of the image, which two panels read: kept once, at the top of the specification.
_PIXELS = alt.NamedData(name="pixels")
_VALUES = alt.NamedData(name="values")


@plotter(compute.conv2d)
def plot_conv2d(
    images: Any,
    filters: Any,
    bias: Any = None,
    *,
    stride: Pair = 1,
    padding: Padding = 0,
    dilation: Pair = 1,
    groups: int = 1,
) -> alt.ConcatChart:
    """Return the first image and the first filter, each in its first channel, and the first feature map.

    The sliders move the window; it starts where the feature map is strongest. Of a large image the part around that
    place is drawn.
    """
    layer = layer_of(images, filters, bias, stride=stride, padding=padding, dilation=dilation, groups=groups)
    g = layer.geometry
    if not (layer.maps.size and layer.images.size):
        raise InputError(
            message("plot: images must hold a pixel at least; got shape {shape}", shape=str(layer.images.shape))
        )
    if max(g.kernel) > MOST_TAPS:
        raise InputError(
            message(
                "plot: filters must be at most {most} × {most} to be seen; got {down} × {across}; draw the feature map "
                "as an image",
                most=MOST_TAPS,
                down=g.kernel[0],
                across=g.kernel[1],
            )
        )
    return layer_picture(layer, _WORDS)


@dataclass(frozen=True)
class Words:
    """What the picture and its panels are called.

    Parameters
    ----------
    title
        Over the picture.
    filter, map
        Over the filter's panel and over the feature map's.
    description
        The text alternative, with places for what :func:`layer_picture` fills in.
    """

    title: Message
    filter: Message
    map: Message
    description: Message


_WORDS = Words(
    message("A filter slides over an image"),
    message("Filter"),
    message("Feature map"),
    message(
        "An image of {height} × {width} pixels, a filter of {down} × {across} weights and their feature map of "
        "{rows} × {columns} values, from {low} to {high}. The window starts at row {i}, column {j} of the feature "
        "map, where its value is {value}; two sliders move it."
    ),
)


def layer_picture(layer: Layer, words: Words) -> alt.ConcatChart:
    """Return the picture of the first image, filter and feature map of a layer, which must have a pixel."""
    g = layer.geometry
    feature_map = layer.maps[0, 0].astype(float)
    strength = np.nan_to_num(np.abs(feature_map), posinf=0.0)
    i, j = (int(k) for k in np.unravel_index(int(strength.argmax()), strength.shape))
    part = _Part(g, i, j)
    row = _slider("row", message("row"), part.maps[0], i + 1)
    column = _slider("column", message("column"), part.maps[1], j + 1)
    image = layer.images[0, 0].astype(float)
    greys, middle = grey(image)
    picture = alt.concat(
        _image_panel(layer, part, greys),
        _window_panel(layer, greys, middle),
        _filter_panel(layer.filters[0, 0].astype(float), words.filter),
        _map_panel(layer, part, words.map),
        columns=4,
        # On a narrow page they stand below one another, and the sum stands below the window.
        spacing={"row": 84, "column": 40},
        bounds="flush",
    )
    picture = picture.add_params(row, column).resolve_scale(color="independent", x="independent", y="independent")
    picture.datasets = {
        _PIXELS.name: cells(image, part.pixels).values,
        _VALUES.name: cells(feature_map, part.maps).values,
    }
    return themed(
        picture,
        title=words.title,
        subtitle=_subtitle(layer, part),
        description=replace(
            words.description,
            values={
                "height": g.height,
                "width": g.width,
                "down": g.kernel[0],
                "across": g.kernel[1],
                "rows": g.size[0],
                "columns": g.size[1],
                "low": number(float(np.fmin.reduce(feature_map, axis=None))),
                "high": number(float(np.fmax.reduce(feature_map, axis=None))),
                "i": i + 1,
                "j": j + 1,
                "value": number(float(feature_map[i, j])),
            },
        ),
    )


class _Part:
    """What of a large image and its feature map is drawn: the part around a place (i, j) of the feature map.

    ``maps`` and ``pixels`` are the first and the last row, and the first and the last column, counted from 0.
    """

    def __init__(self, g: Geometry, i: int, j: int) -> None:
        maps: list[tuple[int, int]] = []
        pixels: list[tuple[int, int]] = []
        for k, (place, size) in enumerate(zip((i, j), (g.height, g.width), strict=True)):
            reach = g.dilation[k] * (g.kernel[k] - 1) + 1
            if max(size, g.size[k]) <= _MOST:
                maps.append((0, g.size[k] - 1))
                pixels.append((0, size - 1))
                continue
            count = max(1, min(g.size[k], (_MOST - reach) // g.stride[k] + 1))
            first = min(max(0, place - count // 2), g.size[k] - count)
            start = first * g.stride[k] - g.before[k]
            maps.append((first, first + count - 1))
            pixels.append((max(0, start), min(size - 1, start + (count - 1) * g.stride[k] + reach - 1)))
        self.maps, self.pixels = (maps[0], maps[1]), (pixels[0], pixels[1])
        self.whole = pixels == [(0, g.height - 1), (0, g.width - 1)]


def _subtitle(layer: Layer, part: _Part) -> Message | None:
    channels = layer.geometry.group_channels
    if part.whole:
        return message("Channel 1 of {count}; the feature map adds them all", count=channels) if channels > 1 else None
    (top, bottom), (left, right) = part.pixels
    places = {"top": top + 1, "bottom": bottom + 1, "left": left + 1, "right": right + 1}
    if channels == 1:
        return message("Rows {top} to {bottom}, columns {left} to {right} of the image", **places)
    return message(
        "Channel 1 of {count}, rows {top} to {bottom}, columns {left} to {right}",
        count=channels,
        **places,
    )


def _slider(name: str, words: Message, ends: tuple[int, int], start: int) -> alt.Parameter:
    if ends[0] == ends[1]:
        return alt.param(name=name, value=start)
    bind = alt.binding_range(min=ends[0] + 1, max=ends[1] + 1, step=1, name=str(words))
    return alt.param(name=name, value=start, bind=bind)


def _image_panel(layer: Layer, part: _Part, greys: alt.Scale) -> alt.LayerChart:
    g = layer.geometry
    (top, bottom), (left, right) = part.pixels
    # With the zeros around the image, over which the window hangs at the edges.
    down = (top - (g.before[0] if top == 0 else 0) + 0.5, bottom + (g.after[0] if bottom == g.height - 1 else 0) + 1.5)
    across = (left - (g.before[1] if left == 0 else 0) + 0.5, right + (g.after[1] if right == g.width - 1 else 0) + 1.5)
    grid = squares(_PIXELS, "column", "row", across, down, ticks=(part.pixels[1], part.pixels[0]))
    reach = [d * (k - 1) + 1 for d, k in zip(g.dilation, g.kernel, strict=True)]
    outline = (
        alt.Chart(alt.InlineData(values=[{}]))
        .transform_calculate(
            left=f"(column - 1) * {g.stride[1]} - {g.before[1]} + 0.5",
            top=f"(row - 1) * {g.stride[0]} - {g.before[0]} + 0.5",
        )
        .transform_calculate(right=f"datum.left + {reach[1]}", bottom=f"datum.top + {reach[0]}")
        .encode(x="left:Q", x2="right:Q", y="top:Q", y2="bottom:Q")
    )
    zeros = (
        alt.Chart(alt.InlineData(values=[{}]))
        .mark_rect(color=FAINT)
        .encode(x=alt.datum(across[0]), x2=alt.datum(across[1]), y=alt.datum(down[0]), y2=alt.datum(down[1]))
    )
    layers = [zeros, coloured(grid, greys), *outlined(outline)]
    return panel(layers, message("Image"), side_lengths(across, down, _SIDE))


def _window_panel(layer: Layer, greys: alt.Scale, middle: float) -> alt.LayerChart:
    """Draw what the window sees, enlarged; where no pixel lies it sees a zero."""
    g = layer.geometry
    across, down = (0.5, g.kernel[1] + 0.5), (0.5, g.kernel[0] + 0.5)
    places = list(np.ndindex(g.kernel))
    zeros = inline(u=[u + 1 for u, _ in places], v=[v + 1 for _, v in places], words=["0"] * len(places))
    seen = squares(_PIXELS, "v", "u", across, down)
    # Before the squares are laid out: the places u, v of the window at which the pixels lie.
    where = [
        alt.CalculateTransform(
            calculate=f"(datum.{axis} - ({axis} - 1) * {g.stride[k]} + {g.before[k] - 1}) / {g.dilation[k]} + 1",
            **{"as": place},
        )
        for k, (axis, place) in enumerate((("row", "u"), ("column", "v")))
    ]
    inside = " && ".join(
        f"datum.{place} >= 1 && datum.{place} <= {g.kernel[k]} && datum.{place} == floor(datum.{place})"
        for k, place in enumerate("uv")
    )
    seen.transform = [*where, alt.FilterTransform(filter=inside), *seen.transform]
    sides = side_lengths(across, down, _SMALL)
    empty = squares(zeros, "v", "u", across, down)
    layers: list[alt.Chart] = [empty.mark_rect(color=FAINT)]
    written = sides[0] / g.kernel[1] >= _WRITTEN
    if written:
        layers.append(words_in(empty, alt.value(MUTED)))
    layers.append(coloured(seen, greys))
    if written:
        layers.append(words_in(seen, ink(f"datum.value < {middle}")))
    return panel([*layers, *_sum(layer, sides[1])], message("Window"), sides, outline=True)


def _sum(layer: Layer, height: float) -> list[alt.Chart]:
    """Write below the window what its products add up to: the value of the feature map at this place."""
    channels, bias = layer.geometry.group_channels > 1, layer.bias is not None
    if channels and bias:
        words = message("The products of all channels and the bias, added up")
    elif channels:
        words = message("The products of all channels, added up")
    elif bias:
        words = message("The products and the bias, added up")
    else:
        words = message("The products, added up")
    below: dict[str, Any] = {"align": "left", "baseline": "top"}
    label = alt.Chart(inline(words=[str(words)])).mark_text(fontSize=11.5, color=MUTED, **below)
    value = (
        alt.Chart(_VALUES)
        .transform_filter("datum.row == row && datum.column == column")
        .mark_text(fontSize=15, fontWeight=600, color=SECOND, **below)
    )
    return [
        each.encode(x=alt.value(0), y=alt.value(height + drop), text="words:N")
        for each, drop in ((label, 16), (value, 34))
    ]


def _filter_panel(weights: Array, title: Message) -> alt.LayerChart:
    down, across = weights.shape
    data = cells(weights, ((0, down - 1), (0, across - 1)))
    ends = (0.5, across + 0.5), (0.5, down + 0.5)
    grid = squares(data, "column", "row", *ends)
    sides = side_lengths(*ends, _SMALL)
    scale, most = signed(weights)
    layers = [coloured(grid, scale)]
    if sides[0] / across >= _WRITTEN:
        layers.append(words_in(grid, ink(f"abs(datum.value) > {DARK * most}")))
    return panel(layers, title, sides)


def _map_panel(layer: Layer, part: _Part, title: Message) -> alt.LayerChart:
    (top, bottom), (left, right) = part.maps
    down, across = (top + 0.5, bottom + 1.5), (left + 0.5, right + 1.5)
    grid = squares(_VALUES, "column", "row", across, down, ticks=(part.maps[1], part.maps[0]))
    scale, most = signed(layer.maps[0, 0].astype(float))
    here = grid.transform_filter("datum.row == row && datum.column == column")
    sides = side_lengths(across, down, _SIDE)
    layers = [
        coloured(grid, scale, legend=alt.Legend(title=None, type="gradient", gradientLength=110)),
        *([minus_in(grid, most)] if sides[0] / (right - left + 1) >= _SIGNED else []),
        *outlined(here),
    ]
    return panel(layers, title, sides)
