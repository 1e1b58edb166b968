r"""Which way ``method="auto"`` takes: transforms only where they pay, and only where no digit is lost by them.

Where they pay is a matter of the shapes, where they are trusted one of the values: see
:mod:`workings.subjects.convolution.trust`. What is doubtful is summed directly; if that is much, all is.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.subjects.convolution.direct import convolve_directly
from workings.subjects.convolution.extent import Box
from workings.subjects.convolution.transform import block_length, by_blocks, by_transform, fast_length, steps
from workings.subjects.convolution.trust import Way, doubtful

__all__ = ["automatic", "cheapest", "taken", "transformed"]

# Nanoseconds, measured once on two cores of a server with AVX-512 and kept, so that every machine, every number of
# threads and every run takes the same way and gives the same answer: a product of the compiled loop, a step of one
# large transform (in memory; several axes in two threads), a step of a block's (in the cache, in two threads), and
# what calling any transform costs.
_PRODUCT, _COMPLEX_PRODUCT = 0.05, 0.25
_STEP, _STEP_OF_SEVERAL_AXES, _STEP_OF_BLOCK = 1.1, 0.45, 0.16
_CALL = 100_000.0

# The direct sum is the more exact: left only for half the time. To see what is doubtful costs some of a transform more;
# along several axes, where the sums of absolute values are always computed, half of one.
_GAIN, _CHECKED, _CHECKED_OF_SEVERAL_AXES = 2.0, 1.4, 1.6


def cheapest(x: tuple[int, ...], k: tuple[int, ...], box: Box, *, real: bool) -> Way:
    """Return the way that the model expects to take the least time, for the two shapes."""
    if math.prod(k) > math.prod(x):
        x, k = k, x
    direct = math.prod(box.shape) * math.prod(k) * (_PRODUCT if real else _COMPLEX_PRODUCT)
    twice = 1.0 if real else 2.0
    lengths = [fast_length(n + m - 1, real=real) for n, m in zip(x, k, strict=True)]
    step = _STEP if len(x) == 1 else _STEP_OF_SEVERAL_AXES
    ways: dict[Way, float] = {"transform": _CALL + twice * 3 * step * steps(math.prod(lengths))}
    length = block_length(k[0], x[0], real=real) if len(x) == 1 else 0
    if length:
        blocks = math.ceil(box.shape[0] / (length - k[0] + 1))
        ways["blocks"] = _CALL + twice * 2 * _STEP_OF_BLOCK * blocks * steps(length)
    best = min(ways, key=lambda way: ways[way])
    checked = _CHECKED if len(x) == 1 else _CHECKED_OF_SEVERAL_AXES
    return best if ways[best] * checked * _GAIN < direct else "direct"


def automatic(x: NDArray[Any], k: NDArray[Any], box: Box) -> NDArray[Any]:
    """Return a box of the full convolution of two arrays of float32, float64 or their complex kinds.

    By transforms where :func:`cheapest` says so and for those outputs that they are trusted with, else directly.
    """
    way = cheapest(x.shape, k.shape, box, real=x.dtype.kind == "f")
    if way == "direct":
        return convolve_directly(x, k, box)
    x, k = np.ascontiguousarray(x), np.ascontiguousarray(k)
    parts = doubtful(x, k, box, way)
    if parts is None:
        return convolve_directly(x, k, box)
    y = transformed(x, k, box, way)
    for part in parts:
        within = Box(tuple(p - b for p, b in zip(part.start, box.start, strict=True)), part.shape)
        y[within.slices] = convolve_directly(x, k, part)
    return y


def taken(x: NDArray[Any], k: NDArray[Any], box: Box) -> Way:
    """Return the way that :func:`automatic` takes for most outputs."""
    way = cheapest(x.shape, k.shape, box, real=x.dtype.kind == "f")
    if way != "direct" and doubtful(np.ascontiguousarray(x), np.ascontiguousarray(k), box, way) is None:
        return "direct"
    return way


def transformed(x: NDArray[Any], k: NDArray[Any], box: Box, way: Way) -> NDArray[Any]:
    """Return a box by transforms in float64 (longdouble in itself), rounded once to the dtype of the arrays."""
    wide = np.result_type(x.dtype, np.float64)
    run = by_blocks if way == "blocks" else by_transform
    found = run(x.astype(wide, copy=False), k.astype(wide, copy=False), range(x.ndim), box)
    return found.astype(x.dtype, copy=False)
