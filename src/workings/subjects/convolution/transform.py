r"""The convolution by Fourier transforms: the transform of a convolution is the product of the transforms.

Whole, or by overlap-save: the longer array is cut on one axis into blocks, each with the values before it that the
kernel reaches; of a block's circular convolution the last part is that of the full one. The blocks stay in the cache
and are shared out over threads, where one transform of everything does neither.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from workings.arrays import thread_count
from workings.arrays.threads import in_pool, run_together
from workings.subjects.convolution.extent import Box

__all__ = ["by_blocks", "by_transform", "fast_length", "steps"]

# The vector units transform two rows of doubles at once.
_AT_ONCE = 2

# A block of so many times the kernel wastes an eighth on what it shares with the one before, and stays in the cache.
_BLOCK = 8


def fast_length(length: int, *, real: bool) -> int:
    """Return the least length from this one on with small prime factors only."""
    length_of: Any = fft.next_fast_len
    return int(length_of(length, real))


def steps(length: int) -> float:
    """Return how many steps a transform takes: n log2 n."""
    return length * math.log2(max(length, 2))


def block_length(kernel: int, longer: int, *, real: bool) -> int:
    """Return the length of blocks for a kernel along the axis that is cut, 0 where cutting does not pay."""
    length = fast_length(max(_BLOCK * kernel, 1 << 10), real=real)
    return length if 2 * length < longer + kernel - 1 else 0


def by_transform(x: NDArray[Any], k: NDArray[Any], axes: Sequence[int], box: Box) -> NDArray[Any]:
    """Return a box of the full convolution over some axes; on the others the arrays are broadcast.

    Parameters
    ----------
    x, k
        Floating-point or complex, of one dtype.
    axes
        At least one.
    box
        On the other axes it must be everything.
    """
    real = x.dtype.kind == "f"
    lengths = [fast_length(x.shape[a] + k.shape[a] - 1, real=real) for a in axes]
    return np.ascontiguousarray(_circular(x, k, axes, lengths, workers=1 if in_pool() else thread_count())[box.slices])


def by_blocks(x: NDArray[Any], k: NDArray[Any], axes: Sequence[int], box: Box) -> NDArray[Any]:
    """Return what :func:`by_transform` returns, the longer array cut on the axis where it is the longest of the two."""
    real = x.dtype.kind == "f"
    ratio = {a: max(x.shape[a], k.shape[a]) / min(x.shape[a], k.shape[a]) for a in axes}
    cut = max(axes, key=lambda a: ratio[a])
    if k.shape[cut] > x.shape[cut]:
        x, k = k, x
    length = block_length(k.shape[cut], x.shape[cut], real=real)
    if not length:
        return by_transform(x, k, axes, box)
    if x.ndim == 1:
        return _along_one_axis(x, k, length, box)
    return _across(x, k, axes, box, cut=cut, length=length)


def _along_one_axis(x: NDArray[Any], k: NDArray[Any], length: int, box: Box) -> NDArray[Any]:
    forward, backward = _transforms(x)
    reach = k.size - 1
    step, (start,), (size,) = length - reach, box.start, box.shape
    y, spectrum = np.empty(size, x.dtype), forward(k, length)

    def work(first: int, last: int) -> None:
        # One array for all blocks: fresh memory costs a transform's time to be given out.
        pieces = np.empty((_AT_ONCE, length), x.dtype)
        for block in range(first, last, _AT_ONCE):
            some = range(block, min(block + _AT_ONCE, last))
            for piece, b in zip(pieces, some, strict=False):
                # The block's outputs begin at ``begin``; the values that they meet, ``reach`` before.
                begin = start + b * step - reach
                low, high = max(begin, 0), min(begin + length, x.size)
                high = max(low, high)
                piece[: low - begin], piece[high - begin :] = 0, 0
                piece[low - begin : high - begin] = x[low:high]
            found = backward(forward(pieces[: len(some)], axis=-1) * spectrum, length, axis=-1)
            for piece, b in zip(found, some, strict=True):
                part = y[b * step : (b + 1) * step]
                part[:] = piece[reach : reach + part.size]

    _shared(work, -(-size // step))
    return y


def _across(x: NDArray[Any], k: NDArray[Any], axes: Sequence[int], box: Box, *, cut: int, length: int) -> NDArray[Any]:
    forward, backward = _transforms(x, several=True)
    real, reach = x.dtype.kind == "f", k.shape[cut] - 1
    step, start, size = length - reach, box.start[cut], box.shape[cut]
    lengths = [length if a == cut else fast_length(x.shape[a] + k.shape[a] - 1, real=real) for a in axes]
    y, spectrum = np.empty(box.shape, x.dtype), forward(k, lengths, axes)
    beside = list(box.slices)

    def work(first: int, last: int) -> None:
        for b in range(first, last):
            begin = start + b * step - reach
            low, high = max(begin, 0), min(begin + length, x.shape[cut])
            shape = list(x.shape)
            shape[cut] = length
            piece = np.zeros(shape, x.dtype)
            if low < high:
                piece[_on(cut, low - begin, high - begin)] = x[_on(cut, low, high)]
            found = backward(forward(piece, lengths, axes) * spectrum, lengths, axes)
            part = y[_on(cut, b * step, min((b + 1) * step, size))]
            inner = list(beside)
            inner[cut] = slice(reach, reach + part.shape[cut])
            part[...] = found[tuple(inner)]

    _shared(work, -(-size // step))
    return y


def _circular(
    x: NDArray[Any], k: NDArray[Any], axes: Sequence[int], lengths: Sequence[int], *, workers: int
) -> NDArray[Any]:
    forward, backward = _transforms(x, several=True)
    spectrum = forward(x, lengths, axes, workers=workers) * forward(k, lengths, axes, workers=workers)
    return backward(spectrum, lengths, axes, workers=workers)


def _transforms(x: NDArray[Any], *, several: bool = False) -> tuple[Any, Any]:
    if x.dtype.kind == "f":
        return (fft.rfftn, fft.irfftn) if several else (fft.rfft, fft.irfft)
    return (fft.fftn, fft.ifftn) if several else (fft.fft, fft.ifft)


def _on(axis: int, start: int, stop: int) -> tuple[Any, ...]:
    return (*(slice(None),) * axis, slice(start, stop))


def _shared(work: Any, blocks: int) -> None:
    """Share the blocks out over the threads."""
    threads = min(thread_count(), blocks)
    cuts = [blocks * i // threads for i in range(threads + 1)]
    run_together([lambda i=i: work(cuts[i], cuts[i + 1]) for i in range(threads)])
