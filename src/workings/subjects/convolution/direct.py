"""The direct convolution of NumPy arrays: the definition for few products, the compiled loop over threads for many."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.arrays import parallel_blocks
from workings.subjects.convolution.definition import by_definition
from workings.subjects.convolution.extent import Box

__all__ = ["convolve_directly"]

# From so many products on the compiled loop is worth loading.
_MANY = 1 << 21

# No thread gets fewer products than this.
_LEAST = 1 << 18

_COMPILED = frozenset({"float32", "float64", "complex64", "complex128", "int64"})


def convolve_directly(x: NDArray[Any], k: NDArray[Any], box: Box) -> NDArray[Any]:
    """Return a box of the full convolution of two arrays of one dtype: int64 wraps around, nothing is checked."""
    if k.size > x.size:
        x, k = k, x
    if math.prod(box.shape) * k.size >= _MANY and x.dtype.name in _COMPILED:
        return _compiled(x, k, box)
    if x.ndim == 1:
        return _by_numpy(x, k, box)
    return by_definition(np, x, k, box)


def _by_numpy(x: NDArray[Any], k: NDArray[Any], box: Box) -> NDArray[Any]:
    # Of the signal no more than the box meets: a few values at the end of a long one need not cost all of it.
    (start,), (size,) = box.start, box.shape
    low, high = max(start - (k.size - 1), 0), min(start + size, x.size)
    return np.convolve(x[low:high], k)[start - low : start - low + size]


def _compiled(x: NDArray[Any], k: NDArray[Any], box: Box) -> NDArray[Any]:
    y = np.empty(box.shape, x.dtype)
    x, turned = np.ascontiguousarray(x), np.ascontiguousarray(np.flip(k))
    if x.ndim == 1:
        from workings.subjects.convolution.kernel import convolve_row

        base = box.start[0] - (k.size - 1)
        parallel_blocks(
            lambda begin, end: convolve_row(y, x, turned, base, begin, end),
            y.size,
            smallest=max(64, _LEAST // k.size),
        )
    else:
        _planes(y, x, turned, box)
    return y


def _planes(y: NDArray[Any], x: NDArray[Any], turned: NDArray[Any], box: Box) -> None:
    from workings.subjects.convolution.kernel import convolve_box

    first = [start - (length - 1) for start, length in zip(box.start, turned.shape, strict=True)]
    table = np.array([y.shape, x.shape, turned.shape, first], np.int64)
    outer, plane = np.ascontiguousarray(table[:, :-2]), np.ascontiguousarray(table[:, -2:])
    flat, values, taps = y.reshape(-1), x.reshape(-1), turned.reshape(-1)
    rows, columns = math.prod(y.shape[:-1]), y.shape[-1]
    if rows > 1:
        # Pairs of rows stay together.
        parallel_blocks(
            lambda start, stop: convolve_box(flat, values, taps, outer, plane, (start, stop), (0, columns)),
            rows,
            smallest=max(2, _LEAST // (columns * taps.size)),
            align=2,
        )
    else:
        parallel_blocks(
            lambda start, stop: convolve_box(flat, values, taps, outer, plane, (0, 1), (start, stop)),
            columns,
            smallest=max(64, _LEAST // taps.size),
        )
