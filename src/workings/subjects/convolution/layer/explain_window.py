"""One window of a convolution layer in full: what it sees in each channel, the products, and their sum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.expression import Node, Symbol, equation, indexed, number, symbol, symbols, total
from workings.language import message
from workings.subjects.convolution.layer.geometry import Geometry
from workings.subjects.convolution.layer.layer import Layer
from workings.working import Derivation, Derived, Rule, Step, Table

__all__ = [
    "Where",
    "number_of",
    "slip",
    "sum_of_channel",
    "sum_of_products",
    "sums_of_channels",
    "tell_products",
    "tell_sum",
]

Array = NDArray[Any]

# So many products, or sums of channels, stand in a table (of more, so many at its ends), and so many in a line.
_MOST_ROWS, _ENDS, _ADDED = 25, 10, 9


@dataclass(frozen=True)
class Where:
    """A pixel of a feature map, and the first row and column of its window between the zeros, counted from 1."""

    n: int
    c: int
    i: int
    j: int
    row: int
    column: int

    @classmethod
    def of(cls, g: Geometry, n: int, c: int, i: int, j: int) -> Where:
        """Return the pixel at this place, counted from 0."""
        return cls(n, c, i, j, i * g.stride[0] + 1, j * g.stride[1] + 1)


def tell_products(w: Derivation, layer: Layer, window: Array, where: Where, channel: int) -> None:
    """Tell what the window sees in one channel, pixel by pixel."""
    g = layer.geometry
    x, weight = symbols("x w")
    rows: list[tuple[Any, ...]] = []
    for k, (u, v) in enumerate(np.ndindex(g.kernel)):
        seen, tap = window[channel, u, v].item(), layer.filters[where.c, channel, u, v].item()
        row, column = where.row + u * g.dilation[0], where.column + v * g.dilation[1]
        pixel, its = indexed("x", channel + 1, row, column), indexed("w", channel + 1, u + 1, v + 1)
        rows.append(
            (
                Derived(row - g.before[0], symbol("r") + u * symbol("d_H") - g.before[0]),
                Derived(column - g.before[1], symbol("q") + v * symbol("d_W") - g.before[1]),
                Derived(seen, pixel),
                Derived(tap, its),
                Derived(seen * tap, equation(indexed("p", channel + 1, k + 1), its * pixel)),
            )
        )
    kept = rows if len(rows) <= _MOST_ROWS else [*rows[:_ENDS], *rows[-_ENDS:]]
    w.table(
        f"products_{channel + 1}",
        Table(
            (message("row"), message("column"), x, weight, equation(weight * x, weight * x)),
            tuple(kept),
            total=len(rows) if len(kept) < len(rows) else None,
            note=message("Here rows and columns are those of the image alone; outside it lie zeros.")
            if any(g.before) and not channel
            else None,
        ),
        title=message("Channel {number}: pixel times weight", number=layer.first_channel(where.c) + channel + 1),
    )


def tell_sum(w: Derivation, layer: Layer, window: Array, where: Where) -> Step:
    """Tell the sum of each channel, and the sum of those."""
    g, count = layer.geometry, layer.geometry.group_channels
    title = message("Add the products") if layer.bias is None else message("Add the products and the bias")
    terms: list[Node] = []
    if count > 1:
        _channels(w, layer, window, where)
        title = message("Add the channels") if layer.bias is None else message("Add the channels and the bias")
        terms = [indexed("S", m + 1) for m in range(count)] if count <= _ADDED else []
    elif g.taps <= _ADDED:
        terms = [indexed("p", 1, k + 1) for k in range(g.taps)]
    body = sum_of_products(layer, where)
    if terms:
        body = terms[0]
        for term in terms[1:]:
            body = body + term
        body = body if layer.bias is None else body + symbol("b")
    return w.line(
        "value",
        equation(indexed("y", where.i + 1, where.j + 1), body),
        layer.maps[where.n, where.c, where.i, where.j].item(),
        title=title,
        rule=Rule.SUM,
        absolute=slip(layer, window, where.c),
        folded=not terms,
        brief=True,
    )


def _channels(w: Derivation, layer: Layer, window: Array, where: Where) -> None:
    """Tell what the products of each channel add up to; of very many channels the first and the last."""
    count = layer.geometry.group_channels
    sums = sums_of_channels(layer, window, where.c)
    kept = list(range(count))
    if count > _MOST_ROWS:
        kept = [*kept[:_ENDS], *kept[-_ENDS:]]
    rows: list[tuple[Any, ...]] = []
    for m in kept:
        statement = equation(indexed("S", m + 1), sum_of_channel(layer.geometry, where, number(m + 1)))
        rows.append((layer.first_channel(where.c) + m + 1, Derived(number_of(sums[m], layer), statement)))
    w.table(
        "channels",
        Table(
            (message("channel"), message("sum of its products")),
            tuple(rows),
            total=count if len(kept) < count else None,
        ),
        title=message("The sum of each channel"),
        absolute=slip(layer, window, where.c),
    )


def sums_of_channels(layer: Layer, window: Array, c: int) -> Array:
    """Return what the products of each channel add up to, before the functions' own rounding."""
    return (window.astype(np.longdouble) * layer.filters[c]).sum(axis=(1, 2))


def number_of(value: Any, layer: Layer) -> float | int:
    """Return a sum as Python's number: whole numbers stay whole."""
    return int(value) if layer.maps.dtype.kind in "iu" else float(value)


def sum_of_channel(g: Geometry, where: Where, channel: Node, *, turned: bool = False) -> Node:
    """Return the sum of the products of one channel; ``turned``, with the filter turned by half a turn."""
    u, v = symbols("u v")
    weight = indexed("w", channel, g.kernel[0] + 1 - u, g.kernel[1] + 1 - v) if turned else indexed("w", channel, u, v)
    seen = indexed("x", channel, _tap(where.row, u, g.dilation[0]), _tap(where.column, v, g.dilation[1]))
    return total(total(weight * seen, v, 1, g.kernel[1]), u, 1, g.kernel[0])


def sum_of_products(layer: Layer, where: Where, *, turned: bool = False) -> Node:
    """Return what the value at a place is by definition: the sums of all channels, and the bias."""
    c = symbol("c")
    body = total(sum_of_channel(layer.geometry, where, c, turned=turned), c, 1, layer.geometry.group_channels)
    return body if layer.bias is None else body + symbol("b")


def _tap(first: int, tap: Symbol, dilation: int) -> Node:
    """Return first + d (u - 1) as d u + rest."""
    step: Node = tap if dilation == 1 else dilation * tap
    rest = first - dilation
    return step if not rest else step + rest if rest > 0 else step - -rest


def slip(layer: Layer, window: Array, c: int) -> float:
    """Return how far rounding may have moved the value: the bound that conv2d promises."""
    kind = layer.maps.dtype
    if kind.kind in "iu":
        return 0.0
    size = float((np.abs(window.astype(float)) * np.abs(layer.filters[c].astype(float))).sum())
    size += 0.0 if layer.bias is None else abs(float(layer.bias[c]))
    return (layer.geometry.taps + 2) * float(np.finfo(kind).eps) * size
