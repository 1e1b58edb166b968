"""Many pixels of a feature map, each as a row of a table: where its window lies, what its channels give, their sum."""

from __future__ import annotations

from typing import Any

import numpy as np

from workings.expression import equation, indexed, number, symbol
from workings.language import message
from workings.subjects.convolution.layer.explain_window import (
    Where,
    number_of,
    slip,
    sum_of_channel,
    sum_of_products,
    sums_of_channels,
)
from workings.subjects.convolution.layer.layer import Layer
from workings.subjects.convolution.places import Places
from workings.working import Derivation, Derived, Table

__all__ = ["tell_table"]

# The sums of so many channels stand side by side.
_SIDE_BY_SIDE = 4


def tell_table(w: Derivation, layer: Layer, places: Places) -> None:
    """Tell each of these pixels of one feature map as a row; where all is finite, its numbers are checked."""
    channels = layer.geometry.group_channels
    written = channels if 1 < channels <= _SIDE_BY_SIDE else 0
    rows = [_row(layer, place, written) for place in places]
    told = sum(isinstance(row[-1], Derived) for row in rows)
    columns = (
        symbol("i"),
        symbol("j"),
        message("first row"),
        message("first column"),
        *(indexed("S", m + 1) for m in range(written)),
        symbol("y"),
    )
    w.table(
        "places",
        Table(columns, tuple(rows), whole=True),
        title=message("Value by value"),
        note=message("Where a value is not finite, its row is not checked.")
        if told < len(rows)
        else _of_windows(layer),
    )


def _row(layer: Layer, place: tuple[int, ...], written: int) -> tuple[Any, ...]:
    n, c, i, j = place
    g = layer.geometry
    where = Where.of(g, n, c, i, j)
    window = layer.window(n, c, i, j)
    value = layer.maps[place].item()
    at = (
        i + 1,
        j + 1,
        Derived(where.row - g.before[0], symbol("s_H") * i + 1 - g.before[0]),
        Derived(where.column - g.before[1], symbol("s_W") * j + 1 - g.before[1]),
    )
    sums = [number_of(each, layer) for each in sums_of_channels(layer, window, c)[:written]]
    if not (np.isfinite(window).all() and np.isfinite(value)):
        return (*at, *sums, value)
    allowed = slip(layer, window, c)
    cells = [
        Derived(
            each,
            equation(indexed("S", i + 1, j + 1, m + 1), sum_of_channel(g, where, number(m + 1))),
            allowed,
        )
        for m, each in enumerate(sums)
    ]
    return (*at, *cells, Derived(value, equation(indexed("y", i + 1, j + 1), sum_of_products(layer, where)), allowed))


def _of_windows(layer: Layer) -> Any:
    if not any(layer.geometry.before):
        return None
    return message("A window whose first row or column is 0 or less begins among the zeros.")
