r"""Which way ``method="auto"`` takes: transforms only where they pay, and only where no digit is lost by them.

What they lose. The error of each output is at most

.. math:: F = c\, u \log_2 N \, \lVert x \rVert_2 \lVert k \rVert_2

with u the unit roundoff and N the length of a transform (Brent, Percival and Zimmermann, 2007, theorem 3.1, with the
constant rounded up): one size for all outputs, the least of them too. The direct sum of n products errs at most by
:math:`n u \sum_t |k_t| |x_{f-t}|`, output by output. So the sums :math:`|x| * |k|` are computed besides, in float32,
and a transform is trusted for an output if F is below the direct bound for 2¹⁵ products: a relative error of 4·10⁻¹²
of that sum at most. The ends, where few taps meet a value, are computed directly; if any other output fails, all are.
"""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from workings.subjects.convolution.direct import convolve_directly
from workings.subjects.convolution.extent import Box
from workings.subjects.convolution.transform import block_length, by_blocks, by_transform, fast_length, steps

__all__ = ["Way", "automatic", "cheapest", "error_bound", "transformed"]

Way = Literal["direct", "transform", "blocks"]

# Nanoseconds, measured once on two cores of a server with AVX-512 and kept, so that every machine, every number of
# threads and every run takes the same way and gives the same answer: a product of the compiled loop, a step of one
# large transform (in memory; several axes in two threads), a step of a block's (in the cache, in two threads), and
# what calling any transform costs.
_PRODUCT, _COMPLEX_PRODUCT = 0.05, 0.25
_STEP, _STEP_OF_SEVERAL_AXES, _STEP_OF_BLOCK = 1.1, 0.45, 0.16
_CALL = 100_000.0

# The direct sum is the more exact: left only for half the time. The sums of absolute values are half a transform more.
_GAIN, _CHECKED = 2.0, 1.6

# Brent, Percival and Zimmermann: 3 n (1 + √5 + 1/√2) u for a transform of 2ⁿ, rounded up; other factors no worse.
_PER_STAGE, _STAGES_MORE = 12.0, 8.0

# For so many products the direct bound is what a transform may come to.
_TRUSTED = 1 << 15

# What of a kernel's length may have to be computed directly at each end.
_INSETS = (0.0, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0)


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
    return best if ways[best] * _CHECKED * _GAIN < direct else "direct"


def automatic(x: NDArray[Any], k: NDArray[Any], box: Box) -> NDArray[Any]:
    """Return a box of the full convolution of two arrays of float32, float64 or their complex kinds.

    By transforms where :func:`cheapest` says so and every output is trusted, else directly.
    """
    real = x.dtype.kind == "f"
    way = cheapest(x.shape, k.shape, box, real=real)
    if way == "direct":
        return convolve_directly(x, k, box)
    bound = error_bound(x, k, way)
    inner = _trusted_part(x, k, box, way, bound)
    if inner is None:
        return convolve_directly(x, k, box)
    y = transformed(x, k, box, way)
    for part in _around(box, inner):
        within = Box(tuple(p - b for p, b in zip(part.start, box.start, strict=True)), part.shape)
        y[within.slices] = convolve_directly(x, k, part)
    return y


def transformed(x: NDArray[Any], k: NDArray[Any], box: Box, way: Way) -> NDArray[Any]:
    """Return a box by transforms in float64 (longdouble in itself), rounded once to the dtype of the arrays."""
    wide = np.result_type(x.dtype, np.float64)
    run = by_blocks if way == "blocks" else by_transform
    found = run(x.astype(wide, copy=False), k.astype(wide, copy=False), range(x.ndim), box)
    return found.astype(x.dtype, copy=False)


def error_bound(x: NDArray[Any], k: NDArray[Any], way: Way) -> float:
    """Return what a transform's error in float64 cannot exceed; infinite or NaN where nothing can be promised."""
    if k.size > x.size:
        x, k = k, x
    with np.errstate(all="ignore"):
        length = block_length(k.size, x.size, real=x.dtype.kind != "c") if way == "blocks" and x.ndim == 1 else 0
        if length:
            energy = _energy_of_blocks(x, length)
        else:
            length = math.prod(fast_length(n + m - 1, real=True) for n, m in zip(x.shape, k.shape, strict=True))
            energy = float(np.sum(_squares(x)))
        norms = math.sqrt(energy) * math.sqrt(float(np.sum(_squares(k)))) if math.isfinite(energy) else math.inf
    # Where the products are near the least number there is, rounding is no longer relative.
    if not 1e-270 < norms < 1e270:
        return math.inf if norms else 0.0
    return (_PER_STAGE * math.log2(length) + _STAGES_MORE) * 2.0**-53 * norms


def _squares(x: NDArray[Any]) -> NDArray[Any]:
    wide: Any = x.astype(np.result_type(x.dtype, np.float64), copy=False)
    return wide.real**2 + wide.imag**2 if wide.dtype.kind == "c" else wide * wide


def _energy_of_blocks(x: NDArray[Any], length: int) -> float:
    """Return the most that the squares in a block add up to: it lies within nine eighths of one on a fixed grid."""
    grid = max(length // 8, 1)
    sums = np.add.reduceat(_squares(x), np.arange(0, x.size, grid))
    gathered = np.convolve(sums, np.ones(9)) if np.isfinite(sums).all() else sums
    return float(gathered.max())


def _trusted_part(x: NDArray[Any], k: NDArray[Any], box: Box, way: Way, bound: float) -> Box | None:
    """Return the part of the box for which a transform is trusted, all but its ends; None where it pays no more."""
    if not math.isfinite(bound) or bound == 0:
        return None
    largest, heaviest = float(np.abs(x).max()), float(np.abs(k).max())
    weights = ((np.abs(a) / most).astype(np.float32) for a, most in ((x, largest), (k, heaviest)))
    run = by_blocks if way == "blocks" else by_transform
    sums = run(next(weights), next(weights), range(x.ndim), box)
    unit = float(np.finfo(x.dtype).eps) / 2
    count = max(_TRUSTED, min(x.size, k.size)) if unit < 2.0**-50 else 1
    # What float32 itself may have wrong: the same bound in its own roundoff, which is 2²⁹ times that of float64.
    least = (bound / (count * unit) + bound * 2.0**29) / (largest * heaviest)
    for part in _INSETS:
        inner = _inset(x.shape, k.shape, box, part)
        if inner is None:
            return None
        within = Box(tuple(p - b for p, b in zip(inner.start, box.start, strict=True)), inner.shape)
        if sums[within.slices].min() >= least:
            beside = math.prod(box.shape) - math.prod(inner.shape)
            return inner if beside * 4 < math.prod(box.shape) else None
    return None


def _inset(x: tuple[int, ...], k: tuple[int, ...], box: Box, part: float) -> Box | None:
    """Return the box without the outputs that meet less than this part of the shorter array on an axis."""
    start, shape = [], []
    for n, m, first, length in zip(x, k, box.start, box.shape, strict=True):
        away = math.ceil(part * (min(n, m) - 1))
        low, high = max(first, away), min(first + length, n + m - 1 - away)
        if low >= high:
            return None
        start.append(low)
        shape.append(high - low)
    return Box(tuple(start), tuple(shape))


def _around(box: Box, inner: Box) -> list[Box]:
    """Return boxes that fill what lies in the box and not in the inner one."""
    parts: list[Box] = []
    start, shape = list(box.start), list(box.shape)
    for a, (low, length) in enumerate(zip(inner.start, inner.shape, strict=True)):
        for first, stop in ((start[a], low), (low + length, start[a] + shape[a])):
            if stop > first:
                parts.append(Box((*start[:a], first, *start[a + 1 :]), (*shape[:a], stop - first, *shape[a + 1 :])))
        start[a], shape[a] = low, length
    return parts
