r"""For which outputs a transform is as good as a direct sum.

What it loses. The error of each output is at most

.. math:: F = c\, u \log_2 N \, \lVert x \rVert_2 \lVert k \rVert_2

with u the unit roundoff, N the length of the transform and x what it transforms (Brent, Percival and Zimmermann, 2007,
theorem 3.1, with the constant rounded up): one size for all outputs of a block, the least of them too. The direct sum
of n products errs at most by :math:`n u S_f`, with :math:`S_f = \sum_t |k_t| |x_{f-t}|`, output by output. A transform
is trusted where F is below the direct bound for 2¹⁵ products: a relative error of 4·10⁻¹² of :math:`S_f` at most.

:math:`S_f` is as long to compute as the convolution, but seldom needed. If of the values that output f meets at most q
are below β, then

.. math:: S_f \ge \beta \Bigl( \sum_{t \text{ met}} |k_t| - \text{the } q \text{ largest of all } |k_t| \Bigr)

and counting is cheap: x is gone through once, in cells. Only where that does not settle it are the sums themselves
computed, in float32.
"""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from workings.arrays import parallel_blocks
from workings.subjects.convolution.extent import Box
from workings.subjects.convolution.transform import block_length, by_blocks, by_transform, fast_length

__all__ = ["Way", "doubtful", "error_bound"]

Way = Literal["direct", "transform", "blocks"]
Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

# Brent, Percival and Zimmermann: 3 n (1 + √5 + 1/√2) u for a transform of 2ⁿ, rounded up; other factors no worse.
_PER_STAGE, _STAGES_MORE = 12.0, 8.0

# For so many products the direct bound is what a transform may come to.
_TRUSTED = 1 << 15

# Where squares or products are near the least or the largest number there is, rounding is no longer relative; nor, for
# numbers that are at most 1, so near the least of float32.
_LEAST, _LARGEST, _FAINT = 1e-270, 1e270, 1e-30

# Doubtful outputs that are left to direct sums without a look at the sums; and with one: more, and all are summed.
_FEW, _MANY = 1 / 32, 1 / 4

# Values looked at to choose β, and the shares of them below it that are tried.
_SAMPLE, _SHARES = 1 << 10, np.linspace(0.02, 0.7, 35)

# Numbers gone through at a time: they stay in the cache.
_AT_ONCE = 1 << 17

# From so many on the pass over them is worth a compiled loop.
_COMPILED = 1 << 18

# What of a kernel's length may have to be computed directly at each end of an axis, where there are several.
_INSETS = (0.0, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0)


def doubtful(x: NDArray[Any], k: NDArray[Any], box: Box, way: Way) -> list[Box] | None:
    """Return the parts of a box of the full convolution for which a transform is not trusted; None for all of it.

    The arrays are of float32, float64 or their complex kinds.
    """
    if k.size > x.size:
        x, k = k, x
    with np.errstate(all="ignore"):
        return _runs(x, k, box, way) if x.ndim == 1 else _ends(x, k, box, way)


def error_bound(x: NDArray[Any], k: NDArray[Any], way: Way) -> float:
    """Return what a transform's error in float64 cannot exceed anywhere; NaN where nothing can be promised."""
    if k.size > x.size:
        x, k = k, x
    with np.errstate(all="ignore"):
        if x.ndim == 1:
            bounds, _ = _survey(x, k, way, _cell(k), least=0.0)
            return float(bounds.max())
        return float(_bounds(np.array(np.sum(_squares(x))), k, _length(x, k)))


def _length(x: NDArray[Any], k: NDArray[Any]) -> int:
    real = x.dtype.kind != "c"
    return math.prod(fast_length(n + m - 1, real=real) for n, m in zip(x.shape, k.shape, strict=True))


def _bounds(energies: Floats, k: NDArray[Any], length: int) -> Floats:
    """Return F for transforms of values whose squares add up to these; NaN, below no number, where it is not known."""
    norms = np.sqrt(energies) * math.sqrt(float(np.sum(_squares(k))))
    known = (energies > _LEAST) & (energies < _LARGEST) & (norms > _LEAST) & (norms < _LARGEST)
    bounds = np.where(known, (_PER_STAGE * math.log2(length) + _STAGES_MORE) * 2.0**-53 * norms, np.nan)
    # A transform of zeros is zeros.
    return np.where(energies == 0, 0.0, bounds)


def _squares(x: NDArray[Any]) -> NDArray[Any]:
    wide: Any = x.astype(np.result_type(x.dtype, np.float64), copy=False)
    return wide.real**2 + wide.imag**2 if wide.dtype.kind == "c" else wide * wide


def _allowed(x: NDArray[Any], k: NDArray[Any]) -> float:
    """Return which part of the sum of absolute values an error may be."""
    unit = float(np.finfo(x.dtype).eps) / 2
    return unit * (max(_TRUSTED, min(x.size, k.size)) if unit < 2.0**-50 else 1)


def _cell(k: NDArray[Any]) -> int:
    return max(8, k.size // 32)


def _runs(x: NDArray[Any], k: NDArray[Any], box: Box, way: Way) -> list[Box] | None:
    """Return stretches of outputs of which a transform is not trusted; the shorter array is the second."""
    cell, (start,), (size,) = _cell(k), box.start, box.shape
    cells = np.arange(start // cell, (start + size - 1) // cell + 1)
    weights = np.abs(k).astype(np.float64)
    least = _threshold(x, weights)
    bounds, below = _survey(x, k, way, cell, least)
    bounds = bounds[cells]
    needed = bounds / _allowed(x, k)
    bad = ~(least * _heavier(weights, x.size, cells * cell, cell, below[cells]) >= needed)
    if bad.mean() > _FEW:
        sums, unit = _sums(x, k, box, way)
        sums = np.minimum.reduceat(sums, np.maximum(cells * cell - start, 0))
        # What float32 itself may have wrong: the same bound in its own roundoff, which is 2²⁹ times that of float64.
        bad = ~(sums >= np.maximum((needed + bounds * 2.0**29) / unit, _FAINT)) & (bounds != 0)
    at = cells[bad]
    if not at.size:
        return []
    # Stretches nearer to each other than the kernel is long are taken together.
    cuts = np.flatnonzero(np.diff(at) > -(-k.size // cell))
    firsts, lasts = at[np.append(0, cuts + 1)], at[np.append(cuts, at.size - 1)]
    parts: list[Box] = []
    for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
        low, high = max(first * cell, start), min((last + 1) * cell, start + size)
        parts.append(Box((low,), (high - low,)))
    return parts if sum(part.shape[0] for part in parts) <= _MANY * size else None


def _threshold(x: NDArray[Any], weights: Floats) -> float:
    """Return the β that promises most: any is right, and one value in many tells where to look."""
    sample = np.sort(np.abs(x[:: max(1, x.size // _SAMPLE)]).astype(np.float64))
    sample = sample[np.isfinite(sample)]
    if not sample.size:
        return 0.0
    candidates = sample[(_SHARES * (sample.size - 1)).astype(int)]
    left = weights.sum() - _heaviest(weights)[(_SHARES * weights.size).astype(int)]
    return float(candidates[np.argmax(candidates * left)])


def _heaviest(weights: Floats) -> Floats:
    """Return what the q heaviest weights add up to, for q from 0."""
    return np.append(0.0, np.cumsum(np.sort(weights)[::-1]))


def _survey(x: NDArray[Any], k: NDArray[Any], way: Way, cell: int, least: float) -> tuple[Floats, Counts]:
    """Return for each cell of the full convolution F, and how many values that it meets may be below ``least``."""
    energies, below = _counted(x, cell, least)
    outputs = np.arange(-(-(x.size + k.size - 1) // cell))
    length = block_length(k.size, x.size, real=x.dtype.kind != "c") if way == "blocks" else 0
    if length:
        # A block reaches no further from an output than its length, which is less than nine eighths and a cell.
        group = max(1, length // 8 // cell)
        energies = np.convolve(np.add.reduceat(energies, np.arange(0, energies.size, group)), np.ones(19))
        energies = energies[outputs // group + 9]
    else:
        energies = np.full(outputs.size, energies.sum())
    sums = np.append(0, np.cumsum(below))
    first = outputs - -(-(k.size - 1) // cell)
    met = sums[np.minimum(outputs + 1, below.size)] - sums[np.clip(first, 0, below.size)]
    return _bounds(energies, k, length or _length(x, k)), met


def _counted(x: NDArray[Any], cell: int, least: float) -> tuple[Floats, Counts]:
    """Return the sum of squares of each cell of values, and how many are below ``least``."""
    whole, cells = x.size // cell, -(-x.size // cell)
    energies, below = np.empty(cells), np.empty(cells, np.int64)

    def look(first: int, last: int) -> None:
        for begin in range(first, last, max(1, _AT_ONCE // cell)):
            some = slice(begin, min(begin + max(1, _AT_ONCE // cell), last))
            values = np.abs(x[some.start * cell : some.stop * cell]).astype(np.float64, copy=False)
            values = values.reshape(some.stop - some.start, -1)
            squares = np.einsum("ij,ij->i", values, values)
            # Squares that are too small for a number are not those of zeros.
            squares[squares == 0] = np.where(values[squares == 0].any(axis=1), _LEAST, 0.0)
            energies[some], below[some] = squares, np.count_nonzero(values < least, axis=1)

    count_cells = look
    if x.size >= _COMPILED and x.dtype.type in (np.float32, np.float64) and x.flags.c_contiguous:
        from workings.subjects.convolution.survey_kernel import survey_cells

        def count_cells(first: int, last: int) -> None:
            survey_cells(x, cell, least, first, last, energies, below)
            for c in (first + np.flatnonzero(energies[first:last] == 0)).tolist():
                energies[c] = _LEAST if x[c * cell : (c + 1) * cell].any() else 0.0

    parallel_blocks(count_cells, whole, smallest=max(1, _AT_ONCE // cell), align=1)
    if whole < cells:
        look(whole, cells)
    return energies, below


def _heavier(weights: Floats, longer: int, first: Counts, cell: int, below: Counts) -> Floats:
    """Return what the weights add up to that meet values not below β, at least, for the outputs of each cell."""
    sums = np.append(0.0, np.cumsum(weights))

    def met(outputs: Counts) -> Floats:
        return sums[np.clip(outputs + 1, 0, weights.size)] - sums[np.clip(outputs - longer + 1, 0, weights.size)]

    # The sum of those that meet a value rises at the one end and falls at the other: it is least at a cell's ends.
    last = np.minimum(first + cell, longer + weights.size - 1) - 1
    left = np.minimum(met(first), met(last)) - _heaviest(weights)[np.minimum(below, weights.size)]
    # Less what these sums may be wrong by themselves.
    return np.maximum(left - 1e-11 * sums[-1], 0.0)


def _ends(x: NDArray[Any], k: NDArray[Any], box: Box, way: Way) -> list[Box] | None:
    """Return the ends of the axes of which a transform is not trusted."""
    bound = error_bound(x, k, way)
    if not math.isfinite(bound) or bound == 0:
        return None
    sums, unit = _sums(x, k, box, way)
    least = max((bound / _allowed(x, k) + bound * 2.0**29) / unit, _FAINT)
    for part in _INSETS:
        inner = _inset(x.shape, k.shape, box, part)
        if inner is None:
            return None
        within = Box(tuple(p - b for p, b in zip(inner.start, box.start, strict=True)), inner.shape)
        if sums[within.slices].min() >= least:
            beside = math.prod(box.shape) - math.prod(inner.shape)
            return _around(box, inner) if beside <= _MANY * math.prod(box.shape) else None
    return None


def _sums(x: NDArray[Any], k: NDArray[Any], box: Box, way: Way) -> tuple[NDArray[np.float32], float]:
    """Return the sums of the products' absolute values, by transforms in float32, and the unit that they come in."""
    most = [float(np.nanmax(np.where(np.isfinite(a), np.abs(a), 0))) for a in (x, k)]
    first, second = ((np.abs(a) / each).astype(np.float32) for a, each in zip((x, k), most, strict=True))
    run = by_blocks if way == "blocks" else by_transform
    return run(first, second, range(x.ndim), box), most[0] * most[1]


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
