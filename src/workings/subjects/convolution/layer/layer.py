"""A convolution layer as it is told and drawn: its arrays, and what a window sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.language import message
from workings.subjects.convolution.layer import compute
from workings.subjects.convolution.layer.geometry import Geometry, geometry_of
from workings.subjects.convolution.sliding import told

__all__ = ["Layer", "layer_of"]

Array = NDArray[Any]


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
        places = [
            start * stride + np.arange(size) * apart - zeros
            for start, stride, size, apart, zeros in zip(
                (i, j),
                self.geometry.stride,
                self.geometry.kernel,
                self.geometry.dilation,
                self.geometry.before,
                strict=True,
            )
        ]
        inside = [(at >= 0) & (at < size) for at, size in zip(places, self.images.shape[2:], strict=True)]
        first = self.first_channel(c)
        channels = self.images[n, first : first + self.geometry.group_channels]
        seen = np.zeros((self.geometry.group_channels, *self.geometry.kernel), channels.dtype)
        rows, columns = (at[met] for at, met in zip(places, inside, strict=True))
        seen[:, inside[0][:, None] & inside[1]] = channels[:, rows[:, None], columns].reshape(len(channels), -1)
        return seen


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
    return Layer(told(x, maps), told(w, maps), None if b is None else told(b, maps), maps, geometry)
