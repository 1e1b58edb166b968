"""A convolution layer, worked: where a window lies, what it sees in each channel, the products, and their sum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.expression import Node, Symbol, equation, floor, indexed, number, symbol, symbols, total
from workings.language import message
from workings.subjects.convolution.layer import compute
from workings.subjects.convolution.layer.geometry import Geometry, Padding, Pair, geometry_of
from workings.working import Derivation, Derived, Rule, Step, Table, Working, explainer

__all__ = ["Layer", "explain_conv2d", "layer_of"]

Array = NDArray[Any]

# So many channels are told product by product; so many products, or sums of channels, stand in a table (of more, so
# many at its ends), and so many in a line.
_TOLD, _MOST_ROWS, _ENDS, _ADDED = 3, 25, 10, 9


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

    Images, feature maps, rows and columns are counted from 0, as Python does; what is told counts them from 1, as
    subscripts do.
    """
    layer = layer_of(images, filters, bias, stride=stride, padding=padding, dilation=dilation, groups=groups)
    if not layer.maps.size:
        raise InputError(
            message("explain: images must hold at least one image; got shape {shape}", shape=str(layer.images.shape))
        )
    return _at(layer, 0, 0, 0, 0)


@dataclass(frozen=True, eq=False)
class Layer:
    """What a layer is given and what comes out, as NumPy arrays of real numbers.

    Parameters
    ----------
    images, filters, bias
        As conv2d takes them, images always four-dimensional.
    maps
        The feature maps.
    geometry
        The shapes.
    """

    images: Array
    filters: Array
    bias: Array | None
    maps: Array
    geometry: Geometry

    def group(self, c: int) -> int:
        """Return the group of a filter."""
        return c // self.geometry.group_outputs

    def first_channel(self, c: int) -> int:
        """Return the first channel that a filter sees."""
        return self.group(c) * self.geometry.group_channels

    def padded(self, n: int, c: int) -> Array:
        """Return the channels of an image that a filter sees, between their zeros."""
        g = self.geometry
        first = self.first_channel(c)
        edges = ((0, 0), (g.before[0], g.after[0]), (g.before[1], g.after[1]))
        return np.pad(self.images[n, first : first + g.group_channels], edges)

    def window(self, n: int, c: int, i: int, j: int) -> Array:
        """Return what a filter sees of an image at a place: (channels, height, width)."""
        g = self.geometry
        rows = i * g.stride[0] + np.arange(g.kernel[0]) * g.dilation[0]
        columns = j * g.stride[1] + np.arange(g.kernel[1]) * g.dilation[1]
        return self.padded(n, c)[:, rows[:, None], columns]


def layer_of(images: Any, filters: Any, bias: Any, **how: Any) -> Layer:
    """Return the layer that ``conv2d`` computes from these arguments.

    Raises
    ------
    InputError
        As ``conv2d``; or if the values are complex, which have no order to be drawn or told in.
    """
    maps = np.asarray(compute.conv2d(images, filters, bias, **how))
    x, w = np.asarray(images), np.asarray(filters)
    b = None if bias is None else np.asarray(bias)
    if maps.dtype.kind == "c":
        raise InputError(
            message(
                "explain: images and filters must be real numbers; got {dtype}; take the real and the imaginary part "
                "as two layers",
                dtype=str(maps.dtype),
            )
        )
    geometry = geometry_of(x.shape, w.shape, None if b is None else b.shape, **how)
    if x.ndim == 3:
        x, maps = x[None], maps[None]
    return Layer(x, w, b, maps, geometry)


@dataclass(frozen=True)
class _Where:
    """A pixel of a feature map, and the first row and column of its window between the zeros, counted from 1."""

    n: int
    c: int
    i: int
    j: int
    row: int
    column: int


def _at(layer: Layer, n: int, c: int, i: int, j: int) -> Working:
    g = layer.geometry
    where = _Where(n, c, i, j, i * g.stride[0] + 1, j * g.stride[1] + 1)
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
    w.given("x", layer.padded(n, c), message("the channels of the image, between their zeros"))
    w.given("w", layer.filters[c], message("the filter"))
    if layer.bias is not None:
        w.given("b", layer.bias[c].item(), message("the bias of the filter"))
    for channel in range(g.group_channels if g.group_channels <= _TOLD else 1):
        _products(w, layer, window, where, channel)
    result = _sum(w, layer, window, where)
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
    _notes(w, layer, where)

    def more(n: Any = n, c: Any = c, i: Any = i, j: Any = j) -> Working:
        found = (n, c, i, j)
        for name, got, size in zip("ncij", found, layer.maps.shape, strict=True):
            if isinstance(got, bool) or not isinstance(got, int | np.integer) or not 0 <= got < size:
                raise InputError(
                    message("at: {name} must be one of 0 to {last}; got {got}", name=name, last=size - 1, got=repr(got))
                )
        return _at(layer, *(int(each) for each in found))

    return w.build(more=more)


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


def _place(w: Derivation, g: Geometry, where: _Where) -> None:
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


def _products(w: Derivation, layer: Layer, window: Array, where: _Where, channel: int) -> None:
    """Tell what the window sees in one channel, pixel by pixel."""
    g = layer.geometry
    x, weight = symbols("x w")
    rows: list[tuple[Any, ...]] = []
    for k, (u, v) in enumerate(np.ndindex(g.kernel)):
        seen, tap = window[channel, u, v].item(), layer.filters[where.c, channel, u, v].item()
        row, column = where.row + u * g.dilation[0], where.column + v * g.dilation[1]
        product = indexed("w", channel + 1, u + 1, v + 1) * indexed("x", channel + 1, row, column)
        cell = Derived(seen * tap, equation(indexed("p", channel + 1, k + 1), product))
        rows.append((row - g.before[0], column - g.before[1], seen, tap, cell))
    kept = rows if len(rows) <= _MOST_ROWS else [*rows[:_ENDS], *rows[-_ENDS:]]
    w.table(
        f"products_{channel + 1}",
        Table(
            (message("row"), message("column"), x, weight, equation(weight * x, weight * x)),
            tuple(kept),
            total=len(rows) if len(kept) < len(rows) else None,
        ),
        title=message("Channel {number}: pixel times weight", number=layer.first_channel(where.c) + channel + 1),
    )


def _sum(w: Derivation, layer: Layer, window: Array, where: _Where) -> Step:
    """Tell the sum of each channel, and the sum of those."""
    g, count = layer.geometry, layer.geometry.group_channels
    slip = _slip(layer, window, where.c)
    title = message("Add the products") if layer.bias is None else message("Add the products and the bias")
    terms: list[Node] = []
    if count > 1:
        _channels(w, layer, window, where)
        title = message("Add the channels") if layer.bias is None else message("Add the channels and the bias")
        terms = [indexed("S", m + 1) for m in range(count)] if count <= _ADDED else []
    elif g.taps <= _ADDED:
        terms = [indexed("p", 1, k + 1) for k in range(g.taps)]
    k = symbol("c")
    body = terms[0] if terms else total(_channel(g, where, k), k, 1, count)
    for term in terms[1:]:
        body = body + term
    return w.line(
        "value",
        equation(indexed("y", *symbols("i j")), body if layer.bias is None else body + symbol("b")),
        layer.maps[where.n, where.c, where.i, where.j].item(),
        title=title,
        rule=Rule.SUM,
        absolute=slip,
        folded=not terms,
        brief=True,
    )


def _channels(w: Derivation, layer: Layer, window: Array, where: _Where) -> None:
    """Tell what the products of each channel add up to; of very many channels the first and the last."""
    count = layer.geometry.group_channels
    sums = (window.astype(np.longdouble) * layer.filters[where.c]).sum(axis=(1, 2))
    kept = list(range(count))
    if count > _MOST_ROWS:
        kept = [*kept[:_ENDS], *kept[-_ENDS:]]
    rows: list[tuple[Any, ...]] = []
    for m in kept:
        statement = equation(indexed("S", m + 1), _channel(layer.geometry, where, number(m + 1)))
        rows.append((layer.first_channel(where.c) + m + 1, Derived(_number(sums[m], layer), statement)))
    w.table(
        "channels",
        Table(
            (message("channel"), message("sum of its products")),
            tuple(rows),
            total=count if len(kept) < count else None,
        ),
        title=message("The sum of each channel"),
        absolute=_slip(layer, window, where.c),
    )


def _number(value: Any, layer: Layer) -> float | int:
    return int(value) if layer.maps.dtype.kind in "iu" else float(value)


def _channel(g: Geometry, where: _Where, channel: Node, *, turned: bool = False) -> Node:
    """Return the sum of the products of one channel; ``turned``, with the filter turned by half a turn."""
    u, v = symbols("u v")
    weight = indexed("w", channel, g.kernel[0] + 1 - u, g.kernel[1] + 1 - v) if turned else indexed("w", channel, u, v)
    seen = indexed("x", channel, _tap(where.row, u, g.dilation[0]), _tap(where.column, v, g.dilation[1]))
    return total(total(weight * seen, v, 1, g.kernel[1]), u, 1, g.kernel[0])


def _tap(first: int, tap: Symbol, dilation: int) -> Node:
    """Return first + d (u - 1) as d u + rest."""
    step: Node = tap if dilation == 1 else dilation * tap
    rest = first - dilation
    return step if not rest else step + rest if rest > 0 else step - -rest


def _turned(w: Derivation, layer: Layer, window: Array, where: _Where) -> None:
    """Say what the convolution of mathematics would give."""
    k = symbol("c")
    body = total(_channel(layer.geometry, where, k, turned=True), k, 1, layer.geometry.group_channels)
    turned = layer.filters[where.c][:, ::-1, ::-1].astype(np.longdouble)
    rival = (window * turned).sum() + (0 if layer.bias is None else layer.bias[where.c])
    w.convention(
        None,
        message("the filter lies on the image as it is (a cross-correlation), as in every neural network"),
        message("turned by half a turn first, as mathematics defines a convolution, it would give {value}"),
        _number(rival, layer),
        body if layer.bias is None else body + symbol("b"),
    )


def _notes(w: Derivation, layer: Layer, where: _Where) -> None:
    g = layer.geometry
    rows = where.row - 1 - g.before[0] + np.arange(g.kernel[0]) * g.dilation[0]
    columns = where.column - 1 - g.before[1] + np.arange(g.kernel[1]) * g.dilation[1]
    inside = int(((rows >= 0) & (rows < g.height)).sum()) * int(((columns >= 0) & (columns < g.width)).sum())
    if outside := g.kernel[0] * g.kernel[1] - inside:
        w.note(
            message(
                "{count} of the {all} places of this window lie outside the image and count as 0: at an edge the sum "
                "has fewer terms.",
                count=outside,
                all=g.kernel[0] * g.kernel[1],
            )
        )
    if max(g.stride) > 1:
        w.note(
            message(
                "The next window lies {across} columns to the right, that of the next row {down} rows below: the "
                "stride makes the feature map smaller than the image.",
                across=g.stride[1],
                down=g.stride[0],
            )
        )
    if max(g.dilation) > 1:
        w.note(
            message(
                "The window leaves gaps: its pixels lie {down} rows and {across} columns apart.",
                down=g.dilation[0],
                across=g.dilation[1],
            )
        )
    if g.groups > 1:
        c = where.c
        first = layer.first_channel(c)
        w.note(
            message(
                "Filter {filter} belongs to group {group} of {groups}, and sees only the channels {first} to {last}.",
                filter=c + 1,
                group=layer.group(c) + 1,
                groups=g.groups,
                first=first + 1,
                last=first + g.group_channels,
            )
            if g.group_channels > 1
            else message(
                "Filter {filter} belongs to group {group} of {groups}, and sees only channel {first}.",
                filter=c + 1,
                group=layer.group(c) + 1,
                groups=g.groups,
                first=first + 1,
            )
        )


def _slip(layer: Layer, window: Array, c: int) -> float:
    """Return how far rounding may have moved the value: the bound that conv2d promises."""
    kind = layer.maps.dtype
    if kind.kind in "iu":
        return 0.0
    size = float((np.abs(window.astype(float)) * np.abs(layer.filters[c].astype(float))).sum())
    size += 0.0 if layer.bias is None else abs(float(layer.bias[c]))
    return (layer.geometry.taps + 2) * float(np.finfo(kind).eps) * size
