"""A convolution layer, worked: where a window lies, what it sees in each channel, the products, and their sum."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.expression import Node, equation, floor, indexed, symbol, symbols, total
from workings.language import message
from workings.subjects.convolution.layer import compute
from workings.subjects.convolution.layer.explain_notes import tell_notes
from workings.subjects.convolution.layer.explain_table import tell_table
from workings.subjects.convolution.layer.explain_window import (
    Where,
    number_of,
    sum_of_products,
    tell_products,
    tell_sum,
)
from workings.subjects.convolution.layer.geometry import Geometry, Padding, Pair
from workings.subjects.convolution.layer.layer import Layer, layer_of
from workings.subjects.convolution.places import Places, asked
from workings.working import Derivation, Working, explainer

__all__ = ["explain_conv2d"]

Array = NDArray[Any]

# So many channels are told product by product.
_TOLD = 3


@explainer(compute.conv2d)
def explain_conv2d(
    images: Any,
    filters: Any,
    bias: Any = None,
    *,
    stride: Pair = 1,
    padding: Padding = 0,
    dilation: Pair = 1,
    groups: int = 1,
) -> Working:
    """Return the working of one pixel of a feature map; ``at(n=0, c=1, i=2, j=3)`` tells another, as ``y[n, c, i, j]``.

    ``at(i=range(0, 8), j=range(0, 8))`` tells a part of a feature map, each value as a row of a table, and
    ``at(i=slice(None), j=slice(None))`` all of a small one. Images, feature maps, rows and columns are counted from 0,
    as Python does; what is told counts them from 1, as subscripts do.
    """
    layer = layer_of(images, filters, bias, stride=stride, padding=padding, dilation=dilation, groups=groups)
    if not layer.maps.size:
        raise InputError(
            message("explain: images must hold at least one image; got shape {shape}", shape=str(layer.images.shape))
        )
    # The first value, or the first that is a number: of one that is none there is nothing to add up.
    first = int(np.isfinite(layer.maps).argmax())
    n, c, i, j = map(int, np.unravel_index(first, layer.maps.shape))
    return _at(layer, (n, c, i, j))


def _at(layer: Layer, place: tuple[int, ...]) -> Working:
    n, c, i, j = place
    g = layer.geometry
    where = Where.of(g, n, c, i, j)
    window = layer.window(n, c, i, j)
    if not (np.isfinite(window).all() and np.isfinite(layer.maps[n, c, i, j])):
        raise InputError(
            message(
                "explain: window and filter must be finite where they are told; at n={n}, c={c}, i={i}, j={j} they are "
                "not; look elsewhere with at(...)",
                n=n,
                c=c,
                i=i,
                j=j,
            )
        )
    w = Derivation(
        "convolution",
        message(
            "What does filter {filter} make of an image of {height} × {width} pixels at row {i}, column {j} of the "
            "feature map?",
            filter=c + 1,
            height=g.height,
            width=g.width,
            i=i + 1,
            j=j + 1,
        ),
    )
    _definition(w, layer)
    _size(w, g)
    _place(w, g, where)
    _arrays(w, layer, n, c)
    for channel in range(g.group_channels if g.group_channels <= _TOLD else 1):
        tell_products(w, layer, window, where, channel)
    result = tell_sum(w, layer, window, where)
    w.conclude(
        message(
            "{y}: row {i}, column {j} of feature map {map}, which has {height} × {width} values.",
            y=result.shown,
            i=i + 1,
            j=j + 1,
            height=g.size[0],
            width=g.size[1],
            map=c + 1,
        )
    )
    _turned(w, layer, window, where)
    tell_notes(w, layer, where)
    return w.build(more=_closer(layer, place))


def _closer(layer: Layer, told: tuple[int, ...]) -> Callable[..., Working]:
    """Return what ``at`` asks: one pixel, or several of one feature map."""

    def more(n: Any = told[0], c: Any = told[1], i: Any = told[2], j: Any = told[3]) -> Working:
        places = asked({"n": n, "c": c, "i": i, "j": j}, layer.maps.shape)
        if places.several:
            return _several(layer, places.within(layer.geometry.taps))
        return _at(layer, places.first)

    return more


def _several(layer: Layer, places: Places) -> Working:
    n, c = (run[0] for run in places.runs[:2])
    if len(places.runs[0]) > 1 or len(places.runs[1]) > 1:
        raise InputError(
            message(
                "at: n and c must be one number each, for a table is of one feature map; got {got}", got=places.text
            )
        )
    w = Derivation(
        "convolution",
        message("What are {count} values of feature map {map}, one by one?", count=places.count, map=c + 1),
    )
    _definition(w, layer)
    _size(w, layer.geometry)
    _arrays(w, layer, n, c)
    tell_table(w, layer, places)
    w.conclude(
        message(
            "{count} of {total} values, in Python y[{at}].",
            count=places.count,
            total=layer.maps[n, c].size,
            at=places.text,
        )
    )
    return w.build(more=_closer(layer, places.first))


def _arrays(w: Derivation, layer: Layer, n: int, c: int) -> None:
    w.given("x", layer.padded(n, c), message("the channels of the image, between their zeros"))
    w.given("w", layer.filters[c], message("the filter"))
    if layer.bias is not None:
        w.given("b", layer.bias[c].item(), message("the bias of the filter"))


def _definition(w: Derivation, layer: Layer) -> None:
    g = layer.geometry
    i, j, c, u, v = symbols("i j c u v")
    several = (c,) if g.group_channels > 1 else ()
    seen = indexed("x", *several, _index(i, u, g.stride[0], g.dilation[0]), _index(j, v, g.stride[1], g.dilation[1]))
    body = total(total(indexed("w", *several, u, v) * seen, v, 1, g.kernel[1]), u, 1, g.kernel[0])
    body = total(body, c, 1, g.group_channels) if several else body
    zeros = any(g.before + g.after)
    if several and zeros:
        note = message(
            "x is the image between its rows and columns of zeros; c counts the channels, u and v the rows and columns "
            "of the filter w."
        )
    elif several:
        note = message("x is the image; c counts the channels, u and v the rows and columns of the filter w.")
    elif zeros:
        note = message(
            "x is the image between its rows and columns of zeros; u and v count the rows and columns of the filter w."
        )
    else:
        note = message("x is the image; u and v count the rows and columns of the filter w.")
    right = body if layer.bias is None else body + symbol("b")
    w.define("definition", equation(indexed("y", i, j), right), note=note)


def _index(place: Node, tap: Node, stride: int, dilation: int) -> Node:
    """Return s (i - 1) + d (u - 1) + 1, without the factors that are 1."""
    if stride == 1:
        return place + tap - 1 if dilation == 1 else place + dilation * (tap - 1)
    first = stride * (place - 1)
    return first + tap if dilation == 1 else first + dilation * (tap - 1) + 1


def _size(w: Derivation, g: Geometry) -> None:
    """Tell how large the feature map is; once, where it is the same in both directions."""
    given = [
        (message("rows of the image"), message("columns of the image")),
        (message("rows of zeros, above and below together"), message("columns of zeros, left and right together")),
        (message("how far rows of the window lie apart"), message("how far columns of the window lie apart")),
        (message("rows of the filter"), message("columns of the filter")),
        (message("the stride down"), message("the stride across")),
    ]
    for k, letter in enumerate("HW"):
        names = [symbol(letter), *(symbol(f"{name}_{letter}") for name in "pdks")]
        values = ((g.height, g.width)[k], g.before[k] + g.after[k], g.dilation[k], g.kernel[k], g.stride[k])
        for name, value, words in zip(names, values, given, strict=True):
            w.given(name.name, value, words[k])
        pixels, p, d, size, s = names
        alike = k == 0 and _alike(g)
        w.line(
            f"size_{letter}",
            equation(symbol(f"{letter}'", style="italic"), floor((pixels + p - d * (size - 1) - 1) / s) + 1),
            g.size[k],
            title=message("Height of the feature map, and likewise its width")
            if alike
            else (message("Height of the feature map"), message("Width of the feature map"))[k],
            note=message(
                "H rows of the image, p rows of zeros in all, a filter of k rows that lie d apart, and a stride of s."
            )
            if k == 0
            else None,
            place="sentence" if k == 1 and _alike(g) else "line",
        )


def _alike(g: Geometry) -> bool:
    pairs = (g.before, g.after, g.dilation, g.kernel, g.stride, (g.height, g.width))
    return all(down == across for down, across in pairs)


def _place(w: Derivation, g: Geometry, where: Where) -> None:
    """Tell where the window begins."""
    for k, (name, title) in enumerate(
        (("r", message("The window's first row")), ("q", message("The window's first column")))
    ):
        place = symbol("ij"[k])
        w.given(place.name, (where.i, where.j)[k] + 1, (message("the row"), message("the column"))[k])
        note = None
        if zeros := g.before[k]:
            first = zeros + 1
            note = (
                message("counted with the zeros: the first row of pixels is row {first}.", first=first),
                message("counted with the zeros: the first column of pixels is column {first}.", first=first),
            )[k]
        right = symbol(f"s_{'HW'[k]}") * (place - 1) + 1
        w.line(name, equation(symbol(name), right), (where.row, where.column)[k], title=title, note=note)


def _turned(w: Derivation, layer: Layer, window: Array, where: Where) -> None:
    """Say what the convolution of mathematics would give."""
    turned = layer.filters[where.c][:, ::-1, ::-1].astype(np.longdouble)
    rival = (window * turned).sum() + (0 if layer.bias is None else layer.bias[where.c])
    w.convention(
        None,
        message("the filter lies on the image as it is (a cross-correlation), as in every neural network"),
        message("turned by half a turn first, as mathematics defines a convolution, it would give {value}"),
        number_of(rival, layer),
        sum_of_products(layer, where, turned=True),
    )
