"""Windows gathered side by side, for feature maps so small that the loop would compute most places in vain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from workings.arrays import parallel_blocks
from workings.subjects.convolution.layer.geometry import Geometry
from workings.subjects.convolution.layer.kernel import feature_map_loop

__all__ = ["Task", "fill_from_windows"]

Array = NDArray[Any]

# So many numbers are gathered at a time, and so many by a thread at least.
_GATHERED, _LEAST = 1 << 22, 1 << 16


@dataclass(frozen=True)
class Task:
    """A layer as the loop takes it.

    Parameters
    ----------
    images, bias
        As conv2d takes them, of one dtype.
    weights
        As the loop reads them.
    out
        The feature maps to fill, (N, O, H', W').
    geometry
        The layer's shapes.
    rows, width
        How many filters and how many places the loop takes at a time.
    """

    images: Array
    weights: Array
    bias: Array
    out: Array
    geometry: Geometry
    rows: int
    width: int


def fill_from_windows(task: Task, *, worth: int) -> None:
    """Fill the feature maps; each output is added up in the order in which it is from whole images.

    For ``worth`` products a thread is worth waking.
    """
    g = task.geometry
    taps, places = g.groups * g.taps, g.size[0] * g.size[1]
    count = max(1, min(g.batch, _GATHERED // (taps * places)))
    padded = np.zeros((count, g.channels, *g.padded), task.images.dtype)
    inside = padded[:, :, g.before[0] : g.before[0] + g.height, g.before[1] : g.before[1] + g.width]
    for start in range(0, g.batch, count):
        batch = slice(start, min(start + count, g.batch))
        n = batch.stop - start
        inside[:n] = task.images[batch]
        laid = _gathered(_windows(padded[:n], g), task.width)
        found = _computed(laid, task, worth)
        flat = found.swapaxes(0, 1).reshape(g.outputs, -1)[:, : n * places]
        task.out[batch] = flat.reshape(g.outputs, n, *g.size).swapaxes(0, 1)


def _windows(padded: Array, g: Geometry) -> Array:
    """Return what each tap sees, as a view: (channels, kernel height and width, images, map height and width)."""
    reach = tuple(d * (k - 1) + 1 for d, k in zip(g.dilation, g.kernel, strict=True))
    windows = sliding_window_view(padded, reach, axis=(2, 3))
    strided = windows[:, :, :: g.stride[0], :: g.stride[1], :: g.dilation[0], :: g.dilation[1]]
    return strided.transpose(1, 4, 5, 0, 2, 3)


def _gathered(windows: Array, width: int) -> Array:
    """Return the windows' pixels as (tiles, taps, places), zeros behind the last place."""
    channels, down, across = windows.shape[:3]
    places = windows[0, 0, 0].size
    tiles = -(-places // width)
    laid = np.empty((tiles, channels * down * across, width), windows.dtype)

    def lay(first: int, last: int) -> None:
        rows = np.zeros((last - first, down, across, tiles * width), windows.dtype)
        rows[..., :places] = windows[first:last].reshape(*rows.shape[:3], places)
        laid[:, first * down * across : last * down * across] = rows.reshape(-1, tiles, width).swapaxes(0, 1)

    parallel_blocks(lay, channels, smallest=-(-_LEAST // (down * across * places)), align=1)
    return laid


def _computed(laid: Array, task: Task, worth: int) -> Array:
    """Run the loop over tiles that stand for images: their channels are the taps, their one row the places."""
    g, rows, width = task.geometry, task.rows, task.width
    loop = feature_map_loop(rows, width)
    offsets = np.arange(g.taps, dtype=np.int64) * width
    pixels, taps = laid.reshape(-1), g.taps * width
    found = np.empty((len(laid), g.outputs, 1, width), laid.dtype)

    def fill(begin: int, end: int) -> None:
        loop(
            pixels, g.groups * taps, taps, offsets, task.weights, task.bias, found, g.groups, width, width, begin, end
        )  # fmt: skip

    blocks = len(laid) * g.groups * -(-g.group_outputs // rows)
    parallel_blocks(fill, blocks, smallest=-(-worth // (taps * rows)), align=1)
    return found
