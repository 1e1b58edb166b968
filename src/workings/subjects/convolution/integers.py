"""The convolution of integers: exact in int64, or an error; nothing wraps around and nothing is rounded."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
from array_api_compat import array_namespace
from numpy.typing import NDArray

from workings.errors import InputError
from workings.language import message
from workings.subjects.convolution.choice import cheapest, transformed
from workings.subjects.convolution.direct import convolve_directly
from workings.subjects.convolution.extent import Box
from workings.subjects.convolution.trust import Way, error_bound

__all__ = ["convolve_integers", "exact_or_refused", "taken_for_integers"]

_LARGEST = 2**63 - 1

# Integers up to here are float64s, and so are their sums: the compiled loop of float64 is then exact, and faster.
_EXACT = 2**53


def convolve_integers(x: NDArray[Any], k: NDArray[Any], box: Box, way: Way | None, *, function: str) -> NDArray[Any]:
    """Return a box of the full convolution of two arrays of integers or booleans, as int64.

    Parameters
    ----------
    x, k
        Integers of any width.
    box
        The part.
    way
        How; None chooses the cheapest. A transform is used only where its error is less than half, so that rounding
        gives the integers; otherwise the sum is taken directly.
    function
        What an error calls the function.

    Raises
    ------
    InputError
        If a value of the result does not fit int64.
    """
    most = _most(np, x) * _most(np, k) * min(x.size, k.size)
    if way is None:
        way = cheapest(x.shape, k.shape, box, real=True)
    if most < _EXACT:
        wide_x, wide_k = x.astype(np.float64), k.astype(np.float64)
        if way != "direct" and error_bound(wide_x, wide_k, way) < 0.49:
            return np.rint(transformed(wide_x, wide_k, box, way)).astype(np.int64)
        return convolve_directly(wide_x, wide_k, box).astype(np.int64)
    return exact_or_refused(array_namespace(x), x, k, box, convolve_directly, function=function)


def taken_for_integers(x: NDArray[Any], k: NDArray[Any], box: Box, way: Way | None) -> Way:
    """Return the way that :func:`convolve_integers` takes where this one is asked for, None leaving it to choose."""
    if way is None:
        way = cheapest(x.shape, k.shape, box, real=True)
    if way == "direct" or _most(np, x) * _most(np, k) * min(x.size, k.size) >= _EXACT:
        return "direct"
    return way if error_bound(x.astype(np.float64), k.astype(np.float64), way) < 0.49 else "direct"


def exact_or_refused(
    xp: Any, x: Any, k: Any, box: Box, convolve: Callable[[Any, Any, Box], Any], *, function: str
) -> Any:
    """Return the exact result in int64; what does not fit is an error.

    int64 wraps around, so its result is right up to a multiple of 2⁶⁴. Where the largest values could pass 2⁶³, the
    result is computed in float64 as well, which says of nearly every value whether it did; the others are added up in
    Python's integers.
    """
    wrapped = convolve(xp.astype(x, xp.int64), xp.astype(k, xp.int64), box)
    if _most(xp, x) * _most(xp, k) * min(_size(x), _size(k)) <= _LARGEST:
        return wrapped
    near_x, near_k = xp.astype(x, xp.float64), xp.astype(k, xp.float64)
    near = convolve(near_x, near_k, box)
    sums = convolve(xp.abs(near_x), xp.abs(near_k), box)
    # Rounding of the two factors, of n products and of n sums, and of this sum itself.
    error = sums * (2 * min(_size(x), _size(k)) + 8) * 2.0**-53
    doubtful = xp.abs(near) + error >= 2.0**63
    for found in zip(*xp.nonzero(doubtful), strict=True):
        place = tuple(int(i) for i in found)
        value = _exactly(x, k, tuple(start + i for start, i in zip(box.start, place, strict=True)))
        if not -_LARGEST - 1 <= value <= _LARGEST:
            raise InputError(
                message(
                    "{function}: integers are convolved exactly, and the result must fit int64; the value at {place} "
                    "is {value}; convert x to float64 first for a rounded result",
                    function=function,
                    place=str(place),
                    value=str(value),
                )
            )
    return wrapped


def _exactly(x: Any, k: Any, at: tuple[int, ...]) -> int:
    met = (range(max(0, f - n + 1), min(m, f + 1)) for f, n, m in zip(at, x.shape, k.shape, strict=True))
    return sum(int(k[tap]) * int(x[tuple(f - t for f, t in zip(at, tap, strict=True))]) for tap in product(*met))


def _most(xp: Any, x: Any) -> int:
    """Return the largest absolute value; the absolute value of the least int64 is none in int64."""
    if xp is np and x.dtype.kind == "b":
        return int(x.max())
    return max(int(xp.max(x)), -int(xp.min(x)))


def _size(x: Any) -> int:
    size = 1
    for n in x.shape:
        size *= n
    return size
