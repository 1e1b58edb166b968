"""An image, the window that the kernel sees, the kernel, and what comes out, side by side."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import retained, themed
from workings.language import Message, message
from workings.subjects.convolution.layer.geometry import Geometry
from workings.subjects.convolution.layer.layer import Layer
from workings.subjects.convolution.layer.plot import MOST_TAPS, Words, layer_picture
from workings.subjects.convolution.panels import (
    cells,
    coloured,
    grey,
    number,
    panel,
    side_lengths,
    signed,
    squares,
)
from workings.subjects.convolution.sliding import Sliding

__all__ = ["image_picture"]

Array = NDArray[Any]

# Of what does not move so many rows and columns are drawn, evenly chosen.
_MOST, _SIDE = 40, 230


def image_picture(s: Sliding) -> alt.ConcatChart:
    """Return the picture of a convolution over two axes; kernels too large for their numbers to be read stay still."""
    if max(s.k.shape) > MOST_TAPS or any(k > n for k, n in zip(s.k.shape, s.x.shape, strict=True)):
        return _still(s)
    return layer_picture(_as_layer(s), _WORDS[s.turned])


def _as_layer(s: Sliding) -> Layer:
    """Return the convolution as a layer: a turned kernel lies on the image between its zeros as it is."""
    kernel = np.flip(s.k) if s.turned else s.k
    before = [k - 1 - first for k, first in zip(s.k.shape, s.box.start, strict=True)]
    after = [first + length - n for first, length, n in zip(s.box.start, s.box.shape, s.x.shape, strict=True)]
    geometry = Geometry(
        batch=1,
        channels=1,
        height=s.x.shape[0],
        width=s.x.shape[1],
        outputs=1,
        kernel=(s.k.shape[0], s.k.shape[1]),
        stride=(1, 1),
        dilation=(1, 1),
        before=(before[0], before[1]),
        after=(after[0], after[1]),
        groups=1,
    )
    return Layer(s.x[None, None], kernel[None, None], None, s.y[None, None], geometry)


_DESCRIPTION = message(
    "An image of {height} × {width} pixels, a kernel of {down} × {across} values and their result of {rows} × "
    "{columns} values, from {low} to {high}. The window starts at row {i}, column {j} of the result, where its value "
    "is {value}; two sliders move it."
)
_WORDS = {
    True: Words(
        message("A kernel, turned around, slides over an image"),
        message("Kernel, turned around"),
        message("Result"),
        _DESCRIPTION,
    ),
    False: Words(
        message("A kernel slides over an image as it lies"), message("Kernel"), message("Result"), _DESCRIPTION
    ),
}


def _still(s: Sliding) -> alt.ConcatChart:
    image, kernel, result = (np.asarray(array, np.float64) for array in (s.x, s.k, s.y))
    panels = [
        _panel(image, message("Image"), grey(image)[0]),
        _panel(kernel, message("Kernel"), signed(kernel)[0]),
        _panel(result, message("Result"), signed(result)[0]),
    ]
    picture = alt.concat(*panels, columns=3, spacing={"row": 50, "column": 80}, bounds="flush").resolve_scale(
        color="independent", x="independent", y="independent"
    )
    return themed(
        picture,
        title=message("An image, a kernel, and their convolution")
        if s.turned
        else message("An image, a kernel, and their cross-correlation"),
        description=message(
            "An image of {height} × {width} pixels, a kernel of {down} × {across} values and their result of {rows} × "
            "{columns} values, from {low} to {high}.",
            height=s.x.shape[0],
            width=s.x.shape[1],
            down=s.k.shape[0],
            across=s.k.shape[1],
            rows=s.y.shape[0],
            columns=s.y.shape[1],
            low=number(float(np.fmin.reduce(result, axis=None))),
            high=number(float(np.fmax.reduce(result, axis=None))),
        ),
    )


def _panel(values: Array, title: Message, scale: alt.Scale) -> alt.LayerChart:
    """Draw a matrix, of a large one the values at evenly chosen rows and columns."""
    longest = max(values.shape)
    rows, columns = (
        retained(size, max(2, round(size * min(1.0, _MOST / longest)))) if size > 1 else np.zeros(1, np.intp)
        for size in values.shape
    )
    thin = values[np.ix_(rows, columns)]
    data = cells(thin, ((0, thin.shape[0] - 1), (0, thin.shape[1] - 1)))
    for cell in data.values:
        cell["drawn_row"], cell["drawn_column"] = cell["row"], cell["column"]
        cell["row"], cell["column"] = int(rows[cell["row"] - 1]) + 1, int(columns[cell["column"] - 1]) + 1
    down, across = (0.5, thin.shape[0] + 0.5), (0.5, thin.shape[1] + 0.5)
    grid = squares(data, "drawn_column", "drawn_row", across, down)
    legend = alt.Legend(title=None, type="gradient", gradientLength=110)
    heading = message("{title}, {height} × {width}", title=title, height=values.shape[0], width=values.shape[1])
    return panel([coloured(grid, scale, legend=legend)], heading, side_lengths(across, down, _SIDE))
