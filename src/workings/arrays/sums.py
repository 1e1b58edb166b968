"""Sums of weights that do not depend on how the rows were cut or ordered.

A sum of floats rounds at every step, so that a running sum over ten million weights may lose its last eight digits
and two batchings of the same rows disagree. Here each weight is split once into a part on a coarse grid, whose sums
are exact in any order because they all fit 53 bits, and the small rest, whose rounding is below 1e-25 of the total.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["cumulative_sum", "split_on_grid", "two_sum"]


def split_on_grid(values: NDArray[np.float64], total: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Return ``coarse`` and ``fine`` with :math:`\text{coarse} + \text{fine} = \text{values}`, exactly.

    Sums of ``coarse`` are exact in any order, as long as they stay within ``total`` in magnitude.

    Parameters
    ----------
    values
        Finite numbers, any shape.
    total
        A bound for every sum that will be taken, such as ``len(values) * max(abs(values))``.

    Source
    ------
    Demmel and Nguyen (2013), "Fast reproducible floating-point summation", section III: the pre-rounding of each
    term to a multiple of a unit common to all.
    """
    if total == 0 or not math.isfinite(total):
        return values, np.zeros_like(values)
    # A multiple of `unit` below 2^52 units is a float, and so is every sum of such multiples up to `total`.
    unit = math.ldexp(1.0, max(math.frexp(total)[1] - 52, -1074))
    coarse = np.rint(values / unit) * unit
    return coarse, values - coarse


def cumulative_sum(values: NDArray[np.float64]) -> NDArray[np.float64]:
    r"""Return the running sums :math:`s_k = \sum_{i \le k} v_i` of weights that are not negative, each rounded once.

    The running sums never fall, even in their last digit.

    Examples
    --------
    >>> float(cumulative_sum(np.full(1000, 0.1))[-1]), float(np.cumsum(np.full(1000, 0.1))[-1])
    (100.0, 99.9999999999986)
    """
    if not len(values):
        return values.copy()
    coarse, fine = split_on_grid(values, len(values) * float(values.max()))
    return np.maximum.accumulate(np.cumsum(coarse) + np.cumsum(fine))


def two_sum(a: NDArray[np.float64], b: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the rounded sum of ``a`` and ``b`` and what the rounding lost, so that the pair is exact.

    Source
    ------
    Knuth (1969), "The Art of Computer Programming", volume 2, section 4.2.2, theorem B.
    """
    total = a + b
    seen = total - a
    return total, (a - (total - seen)) + (b - seen)
