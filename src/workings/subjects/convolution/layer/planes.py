"""Images laid out for the compiled loop of conv2d, and its blocks shared out over the threads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.arrays import parallel_blocks, thread_count
from workings.subjects.convolution.layer.geometry import Geometry
from workings.subjects.convolution.layer.kernel import feature_map_loop, tile_of
from workings.subjects.convolution.layer.windows import Task, fill_from_windows

__all__ = ["feature_maps"]

Array = NDArray[Any]

# A thread is worth waking for so many products: about half a millisecond.
_WORTH = 1 << 24
# So many numbers of images are laid out at a time: they stay in a core's own cache, and their memory is used again.
_AT_A_TIME = 1 << 17
# Where less than this share of the places that the loop computes is kept, and so many filters use each, windows are
# gathered side by side first.
_SPARSE, _OFTEN = 0.7, 16


def feature_maps(images: Array, filters: Array, bias: Array, geometry: Geometry) -> Array:
    """Return the feature maps (N, O, H', W'); all arrays have one dtype, float32, float64 or int64."""
    rows, width = tile_of(geometry.group_outputs, images.itemsize)
    loop = feature_map_loop(rows, width)
    planes = _planes(geometry, width)
    weights = _packed(filters, geometry.groups, rows)
    out = np.empty(geometry.shape, images.dtype)
    kept = geometry.size[0] * geometry.size[1] / (-(-planes.positions // width) * width)
    if kept < _SPARSE and geometry.group_outputs >= _OFTEN:
        fill_from_windows(Task(images, weights, bias, out, geometry, rows, width), worth=_WORTH)
        return out
    in_place = planes.whole and images.flags.c_contiguous and images.flags.aligned and planes.positions >= width
    blocks = geometry.groups * -(-planes.positions // width) * -(-geometry.group_outputs // rows)

    def fill(laid: Array, batch: slice, begin: int, end: int) -> None:
        loop(
            laid, planes.image, planes.plane * geometry.group_channels, planes.offsets, weights, bias, out[batch],
            geometry.groups, planes.positions, planes.row, begin, end,
        )  # fmt: skip

    def images_from(start: int, stop: int) -> None:
        if in_place:
            fill(images[start:stop].reshape(-1), slice(start, stop), 0, (stop - start) * blocks)
            return
        count = max(1, min(stop - start, _AT_A_TIME // max(planes.image, 1)))
        laid = planes.empty(count, images.dtype)
        for first in range(start, stop, count):
            batch = slice(first, min(first + count, stop))
            planes.lay(images[batch], laid)
            fill(laid, batch, 0, (batch.stop - first) * blocks)

    # Whole images for each thread as long as there is one for every thread; the rest is shared block by block.
    per_image = geometry.work // geometry.batch
    shared = geometry.batch % thread_count() if per_image > _WORTH else 0
    whole = geometry.batch - shared
    if whole:
        parallel_blocks(images_from, whole, smallest=-(-_WORTH // max(per_image, 1)), align=1)
    if shared:
        batch = slice(whole, geometry.batch)
        laid = images[batch].reshape(-1) if in_place else planes.empty(shared, images.dtype)
        if not in_place:
            planes.lay(images[batch], laid)
        least = max(1, _WORTH * blocks // per_image)
        parallel_blocks(lambda begin, end: fill(laid, batch, begin, end), shared * blocks, smallest=least, align=1)
    return out


@dataclass(frozen=True)
class _Planes:
    """How images are laid out: as they are, or with their zeros, divided by the stride.

    With a stride of 2 the even columns stand together, and so do the odd ones: what neighbouring outputs take from
    one tap of their windows then lies side by side. The same holds for rows.

    Parameters
    ----------
    geometry
        The layer's shapes.
    phases
        Which rows (down) and columns (across) modulo the stride any window looks at.
    height, row
        Of the plane of one phase.
    offsets
        How far each tap lies from its window's first place.
    positions
        From the first place to the last one that is kept.
    slack
        How many numbers beyond the last image the loop may read.
    """

    geometry: Geometry
    phases: tuple[list[int], list[int]]
    height: int
    row: int
    offsets: Array
    positions: int
    slack: int

    @property
    def plane(self) -> int:
        """How many numbers one channel takes."""
        return len(self.phases[0]) * len(self.phases[1]) * self.height * self.row

    @property
    def image(self) -> int:
        """How many numbers one image takes."""
        return self.geometry.channels * self.plane

    @property
    def whole(self) -> bool:
        """Whether images lie so already."""
        geometry = self.geometry
        return geometry.stride == (1, 1) and geometry.padded == (geometry.height, geometry.width)

    def empty(self, count: int, dtype: Any) -> Array:
        """Return zeros for so many images."""
        return np.zeros(count * self.image + self.slack, dtype)

    def lay(self, images: Array, laid: Array) -> None:
        """Write images into what :meth:`empty` gave."""
        geometry = self.geometry
        shape = (len(images), geometry.channels, len(self.phases[0]), len(self.phases[1]), self.height, self.row)
        target = laid[: len(images) * self.image].reshape(shape)
        for a, down in enumerate(self.phases[0]):
            rows, from_row = _stretch(down, geometry.before[0], geometry.height, geometry.stride[0], self.height)
            for b, across in enumerate(self.phases[1]):
                columns, from_column = _stretch(
                    across, geometry.before[1], geometry.width, geometry.stride[1], self.row
                )
                target[:, :, a, b, rows, columns] = images[:, :, from_row, from_column]


def _stretch(phase: int, zeros: int, size: int, stride: int, length: int) -> tuple[slice, slice]:
    """Return which places of a phase hold pixels, and which pixels: place q of it is pixel q·stride + phase - zeros."""
    first = max(0, -(-(zeros - phase) // stride))
    last = min(length, (zeros + size - 1 - phase) // stride + 1)
    if last <= first:
        return slice(0, 0), slice(0, 0)
    start = first * stride + phase - zeros
    return slice(first, last), slice(start, start + (last - first - 1) * stride + 1, stride)


def _planes(geometry: Geometry, width: int) -> _Planes:
    (down, across), (height, length) = geometry.kernel, geometry.size
    (step_down, step_across), (apart_down, apart_across) = geometry.stride, geometry.dilation
    phases = (
        sorted({k * apart_down % step_down for k in range(down)}),
        sorted({k * apart_across % step_across for k in range(across)}),
    )
    plane_height = height + (down - 1) * apart_down // step_down
    row = length + (across - 1) * apart_across // step_across
    if geometry.stride == (1, 1):
        plane_height, row = geometry.padded
    one = plane_height * row
    k_down, k_across = np.arange(down) * apart_down, np.arange(across) * apart_across
    in_rows = np.searchsorted(phases[0], k_down % step_down) * len(phases[1]) * one + k_down // step_down * row
    in_columns = np.searchsorted(phases[1], k_across % step_across) * one + k_across // step_across
    channels = np.arange(geometry.group_channels) * (len(phases[0]) * len(phases[1]) * one)
    offsets = channels[:, None, None] + in_rows[:, None] + in_columns
    positions = (height - 1) * row + length
    return _Planes(
        geometry, phases, plane_height, row, offsets.reshape(-1).astype(np.int64), positions, max(0, width - positions)
    )


def _packed(filters: Array, groups: int, rows: int) -> Array:
    """Return the weights as the loop reads them: by group, by block of filters, by tap, the filters of a block last."""
    outputs = filters.shape[0] // groups
    blocks = -(-outputs // rows)
    padded = np.zeros((groups, blocks * rows, filters[0].size), filters.dtype)
    padded[:, :outputs] = filters.reshape(groups, outputs, -1)
    return np.ascontiguousarray(padded.reshape(groups, blocks, rows, -1).transpose(0, 1, 3, 2)).reshape(-1)
