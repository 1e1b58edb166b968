"""Sums over rows that are rounded about once, however many rows there are."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.arrays.sums import two_sum

__all__ = ["accurate_sum", "combined", "folded"]

_FEW = 512  # numbers that are handed to math.fsum, which takes 20 ns for each


def accurate_sum(values: Any) -> float:
    """Return the sum of all values, as if added exactly and rounded once (but for cancellation beyond 30 digits)."""
    return combined([folded(np.ravel(values))])


def folded(values: NDArray[np.float64]) -> list[float]:
    r"""Return a few numbers whose exact sum is the sum of the values, but for a part in :math:`2^{-104}` of their size.

    The array is folded in half until little is left; what each addition rounds away is kept and added up beside it.

    Source
    ------
    Ogita, Rump and Oishi (2005), "Accurate sum and dot product", algorithm 4.4 (Sum2), here by halves.
    """
    lost: list[float] = []
    while len(values) > _FEW:
        half = len(values) // 2
        odd = values[2 * half :]
        total, error = two_sum(values[:half], values[half : 2 * half])
        lost.append(float(error.sum()))
        values = np.concatenate((total, odd)) if len(odd) else total
    kept = values.tolist()
    # Beyond the largest float, and of infinities, what was "lost" is NaN and the plain sum is the answer.
    return kept + lost if all(map(math.isfinite, lost)) else kept


def combined(parts: list[list[float]]) -> float:
    """Return the sum of the parts of all blocks, rounded once; in the order of the rows where it is not finite."""
    terms = [term for part in parts for term in part]
    try:
        return math.fsum(terms)
    except (OverflowError, ValueError):  # an overflow on the way, or inf - inf: IEEE 754 says what they are
        with np.errstate(all="ignore"):
            return float(np.sum(np.asarray(terms)))
