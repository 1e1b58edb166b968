r"""The compiled loop of the direct convolution: each output is the sum of its products, taken tap by tap in one order.

.. math:: y_f = \sum_t k_t \, x_{f - t} = \sum_q k_{K-1-q} \, x_{f-(K-1)+q}

The kernel comes turned around, so that output and input are read in the same direction. A row of outputs is worked on
in pieces that stay in the first-level cache, and there in passes that add up to eight taps: eight multiplications for
one load and one store of the sum. Two rows of outputs that lie below each other share the rows of the input that both
meet, and so every load of them; for a kernel of 3 x 3 all nine taps are one pass. The order in which an output's
products are added does not depend on any of this.

No zeros are padded on. At the ends only the taps that meet a value are added: 0 times an infinite tap would be NaN.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, cast

import numpy as np
from numba import njit
from numba.np.unsafe.ndarray import to_fixed_tuple
from numpy.typing import NDArray

__all__ = ["convolve_box", "convolve_row"]

# Outputs worked on together: two rows of float64 and the row that they come from are 24 KiB, of a cache of 32 KiB.
_PIECE = 1024

# Columns gone through for all rows before the next ones: the rows that a kernel of 7 spans are 448 KiB, in the cache
# of the second level.
_STRIP = 8 * _PIECE

# The columns of the one kernel that has a pass of its own, 3 x 3.
_SIDE = np.uintp(0), np.uintp(1), np.uintp(2)

# Called from compiled functions only: without the doors for Python and C a fifth of the compiling is saved.
_inner: Any = partial(cast("Any", njit), no_cpython_wrapper=True, no_cfunc_wrapper=True)

# In Python's eyes an intrinsic of Numba has its compiler's context for a first argument.
_tuple: Any = to_fixed_tuple


def _adder(count: int) -> Callable[..., None]:
    """Return the pass that adds ``count`` taps at once: y_j += k_0 x_j + k_1 x_(j+1) + ..."""
    taps = tuple(np.uintp(t) for t in range(count))

    @_inner(nogil=True, cache=True, fastmath={"contract"}, error_model="numpy")
    def add(  # noqa: PLR0917 -- a compiled function takes arguments by position
        y: NDArray[Any], y_at: int, x: NDArray[Any], x_at: int, k: NDArray[Any], k_at: int, outputs: int
    ) -> None:
        # In registers: read from the array, each would be loaded again after every store, which might have changed it.
        c = _tuple(k[k_at : k_at + count], count)
        # Unsigned: an index that could be negative would be looked at, whether it counts from the end.
        to, of = np.uintp(y_at), np.uintp(x_at)
        for j in range(np.uintp(outputs)):
            total = y[to + j]
            for t in taps:
                total += c[t] * x[of + j + t]
            y[to + j] = total

    return add


def _pair_adder(count: int) -> Callable[..., None]:
    """Return the pass that adds ``count`` taps to two rows of outputs: each value is loaded once for both."""
    taps = tuple(np.uintp(t) for t in range(count))

    @_inner(nogil=True, cache=True, fastmath={"contract"}, error_model="numpy")
    def add(  # noqa: PLR0917 -- a compiled function takes arguments by position
        y: NDArray[Any],
        upper: int,
        lower: int,
        x: NDArray[Any],
        x_at: int,
        k: NDArray[Any],
        k_at: int,
        m_at: int,
        outputs: int,
    ) -> None:
        c = _tuple(k[k_at : k_at + count], count)
        d = _tuple(k[m_at : m_at + count], count)
        above, below, of = np.uintp(upper), np.uintp(lower), np.uintp(x_at)
        for j in range(np.uintp(outputs)):
            total, other = y[above + j], y[below + j]
            for t in taps:
                value = x[of + j + t]
                total += c[t] * value
                other += d[t] * value
            y[above + j], y[below + j] = total, other

    return add


@_inner(nogil=True, cache=True, fastmath={"contract"}, error_model="numpy")
def _add_square_to_both(  # noqa: PLR0917 -- a compiled function takes arguments by position
    y: NDArray[Any],
    upper: int,
    lower: int,
    x: NDArray[Any],
    x_at: int,
    x_wide: int,
    k: NDArray[Any],
    k_at: int,
    outputs: int,
) -> None:
    """Add 3 x 3 taps to two rows of outputs: as three passes would, but the sums stay in registers from row to row."""
    c = _tuple(k[k_at : k_at + 9], 9)
    above, below = np.uintp(upper), np.uintp(lower)
    first, second = np.uintp(x_at), np.uintp(x_at + x_wide)
    third, fourth = np.uintp(x_at + 2 * x_wide), np.uintp(x_at + 3 * x_wide)
    for j in range(np.uintp(outputs)):
        total, other = y[above + j], y[below + j]
        for t in _SIDE:
            total += c[t] * x[first + j + t]
        for t in _SIDE:
            value = x[second + j + t]
            total += c[t + 3] * value
            other += c[t] * value
        for t in _SIDE:
            value = x[third + j + t]
            total += c[t + 6] * value
            other += c[t + 3] * value
        for t in _SIDE:
            other += c[t + 6] * x[fourth + j + t]
        y[above + j], y[below + j] = total, other


# Each count costs half a second of compiling. With these, kernels of 3, 5, 7 and 8 taps a row need one pass, and of up
# to 16 two or three.
_add1, _add3, _add5, _add7, _add8 = _adder(1), _adder(3), _adder(5), _adder(7), _adder(8)
_pair3, _pair5, _pair7, _pair8 = _pair_adder(3), _pair_adder(5), _pair_adder(7), _pair_adder(8)


@njit(nogil=True, cache=True, error_model="numpy")
def convolve_row(  # noqa: PLR0917 -- a compiled function takes arguments by position
    y: NDArray[Any], x: NDArray[Any], k: NDArray[Any], base: int, begin: int, end: int
) -> None:
    """Fill ``y[begin:end]`` of one axis, as :func:`convolve_box`, which takes twice as long to compile.

    The first output meets the input place ``base`` with the first tap of ``k``, which is turned around.
    """
    # A copy of this thread's own: slices of one array count its users in one place, for which threads would queue.
    k = k.copy()
    for left in range(begin, end, _PIECE):
        size = min(left + _PIECE, end) - left
        y[left : left + size] = 0
        _add_row(y, left, size, x, 0, x.size, k, 0, k.size, base + left)


@njit(nogil=True, cache=True, error_model="numpy")
def convolve_box(  # noqa: PLR0917 -- a compiled function takes arguments by position
    y: NDArray[Any],
    x: NDArray[Any],
    k: NDArray[Any],
    outer: NDArray[np.int64],
    plane: NDArray[np.int64],
    rows: tuple[int, int],
    columns: tuple[int, int],
) -> None:
    """Fill a box of the full convolution of ``x`` with the kernel that is ``k`` turned around.

    Parameters
    ----------
    y, x, k
        Output, input and turned kernel: C-contiguous, of one dtype, made flat.
    outer
        A column for each axis but the last two: the length of ``y``, of ``x``, of ``k``, and the input place that the
        first output meets with the first tap of ``k`` (below 0 where it begins before the input).
    plane
        The same for the last two axes.
    rows, columns
        The part of ``y`` to fill; the rows are counted through all outer places.
    """
    k = k.copy()
    high, wide = plane[0, 0], plane[0, 1]
    taps = k.size // (plane[2, 0] * plane[2, 1])
    for start in range(columns[0], columns[1], _STRIP):
        row = rows[0]
        while row < rows[1]:
            place, at = row // high, row % high
            count = 2 if at + 1 < high and row + 1 < rows[1] else 1
            for left in range(start, min(start + _STRIP, columns[1]), _PIECE):
                y_at, size = row * wide + left, min(left + _PIECE, columns[1]) - left
                for r in range(count):
                    y[y_at + r * wide : y_at + r * wide + size] = 0
                for tap in range(taps):
                    met = _met(outer, place, tap)
                    if met >= 0:
                        _add_plane(y, y_at, count, size, x, met, k, tap, plane, at, left)
            row += count


@_inner(nogil=True, cache=True, error_model="numpy")
def _met(outer: NDArray[np.int64], place: int, tap: int) -> int:
    """Return which outer place of the input meets this one of the kernel for this one of outputs; -1 for none."""
    found, stride = 0, 1
    for axis in range(outer.shape[1] - 1, -1, -1):
        at = place % outer[0, axis] + tap % outer[2, axis] + outer[3, axis]
        if not 0 <= at < outer[1, axis]:
            return -1
        found += at * stride
        stride *= outer[1, axis]
        place //= outer[0, axis]
        tap //= outer[2, axis]
    return found


@_inner(nogil=True, cache=True, error_model="numpy")
def _add_plane(  # noqa: PLR0917 -- a compiled function takes arguments by position
    y: NDArray[Any],
    y_at: int,
    count: int,
    size: int,
    x: NDArray[Any],
    met: int,
    k: NDArray[Any],
    tap: int,
    plane: NDArray[np.int64],
    at: int,
    left: int,
) -> None:
    """Add a plane of the kernel to a piece of one row of outputs, or of two that lie below each other."""
    wide, x_high, x_wide, k_high, k_wide = plane[0, 1], plane[1, 0], plane[1, 1], plane[2, 0], plane[2, 1]
    top, base = at + plane[3, 0], left + plane[3, 1]
    if count == 2 and k_high == 3 and k_wide == 3 and top >= 0 and top + 4 <= x_high:
        x_row, k_row = (met * x_high + top) * x_wide, tap * 9
        first, last = _whole(size, x_wide, base, 3)
        if last - first < size:
            for q in range(3):
                _add_ends(y, y_at, size, x, x_row + q * x_wide, x_wide, k, k_row + 3 * q, 3, base, first, last)
                _add_ends(
                    y, y_at + wide, size, x, x_row + (q + 1) * x_wide, x_wide, k, k_row + 3 * q, 3, base, first, last
                )
        _add_square_to_both(
            y, y_at + first, y_at + wide + first, x, x_row + base + first, x_wide, k, k_row, last - first
        )
        return
    # The row that the tap q of the upper row of outputs meets, the tap q - 1 of the lower one meets.
    for q in range(max(0, -top), min(k_high + count - 1, x_high - top)):
        x_row, k_row = (met * x_high + top + q) * x_wide, (tap * k_high + q) * k_wide
        if q == k_high:
            _add_row(y, y_at + wide, size, x, x_row, x_wide, k, k_row - k_wide, k_wide, base)
        elif q == 0 or count == 1:
            _add_row(y, y_at, size, x, x_row, x_wide, k, k_row, k_wide, base)
        else:
            _add_row_to_both(y, y_at, y_at + wide, size, x, x_row, x_wide, k, k_row, k_wide, base)


@_inner(nogil=True, cache=True, error_model="numpy")
def _add_row(  # noqa: PLR0917 -- a compiled function takes arguments by position
    y: NDArray[Any],
    y_at: int,
    size: int,
    x: NDArray[Any],
    x_row: int,
    x_wide: int,
    k: NDArray[Any],
    k_row: int,
    k_wide: int,
    base: int,
) -> None:
    """Add a row of the kernel, which meets the row of ``x`` at ``base + j`` for the output j."""
    done = 0
    while done < k_wide:
        count, k_at, shift = _together(k_wide - done), k_row + done, base + done
        first, last = _whole(size, x_wide, shift, count)
        if last - first < size:
            _add_ends(y, y_at, size, x, x_row, x_wide, k, k_at, count, shift, first, last)
        to, of, inner = y_at + first, x_row + shift + first, last - first
        if inner == 0:
            pass
        elif count == 8:
            _add8(y, to, x, of, k, k_at, inner)
        elif count == 7:
            _add7(y, to, x, of, k, k_at, inner)
        elif count == 5:
            _add5(y, to, x, of, k, k_at, inner)
        elif count == 3:
            _add3(y, to, x, of, k, k_at, inner)
        else:
            _add1(y, to, x, of, k, k_at, inner)
        done += count


@_inner(nogil=True, cache=True, error_model="numpy")
def _add_row_to_both(  # noqa: PLR0917 -- a compiled function takes arguments by position
    y: NDArray[Any],
    upper: int,
    lower: int,
    size: int,
    x: NDArray[Any],
    x_row: int,
    x_wide: int,
    k: NDArray[Any],
    k_row: int,
    k_wide: int,
    base: int,
) -> None:
    """Add a row of the kernel to the upper row of outputs and the one before it to the lower, as :func:`_add_row`."""
    done = 0
    while done < k_wide:
        count, k_at, shift = _together(k_wide - done), k_row + done, base + done
        m_at = k_at - k_wide
        first, last = _whole(size, x_wide, shift, count)
        if last - first < size:
            _add_ends(y, upper, size, x, x_row, x_wide, k, k_at, count, shift, first, last)
            _add_ends(y, lower, size, x, x_row, x_wide, k, m_at, count, shift, first, last)
        to, below, of, inner = upper + first, lower + first, x_row + shift + first, last - first
        if inner == 0:
            pass
        elif count == 8:
            _pair8(y, to, below, x, of, k, k_at, m_at, inner)
        elif count == 7:
            _pair7(y, to, below, x, of, k, k_at, m_at, inner)
        elif count == 5:
            _pair5(y, to, below, x, of, k, k_at, m_at, inner)
        elif count == 3:
            _pair3(y, to, below, x, of, k, k_at, m_at, inner)
        else:
            _add1(y, to, x, of, k, k_at, inner)
            _add1(y, below, x, of, k, m_at, inner)
        done += count


@_inner(nogil=True, cache=True)
def _together(left: int) -> int:
    """Return how many taps of those left the next pass adds."""
    if left >= 7:
        return min(left, 8)
    return 5 if left >= 5 else 3 if left >= 3 else 1


@_inner(nogil=True, cache=True)
def _whole(outputs: int, values: int, shift: int, count: int) -> tuple[int, int]:
    """Return the outputs, from first to last, that have a value under each of ``count`` taps."""
    first = min(max(-shift, 0), outputs)
    return first, max(min(values - shift - count + 1, outputs), first)


@_inner(nogil=True, cache=True, fastmath={"contract"}, error_model="numpy")
def _add_ends(  # noqa: PLR0917 -- a compiled function takes arguments by position
    y: NDArray[Any],
    y_at: int,
    size: int,
    x: NDArray[Any],
    x_row: int,
    x_wide: int,
    k: NDArray[Any],
    k_at: int,
    count: int,
    shift: int,
    first: int,
    last: int,
) -> None:
    """Add the taps to the outputs before ``first`` and from ``last`` on, leaving out those that fall beside ``x``."""
    for t in range(count):
        at = shift + t
        for j in range(max(-at, 0), min(first, x_wide - at)):
            y[y_at + j] += k[k_at + t] * x[x_row + at + j]
        for j in range(max(last, -at), min(size, x_wide - at)):
            y[y_at + j] += k[k_at + t] * x[x_row + at + j]
