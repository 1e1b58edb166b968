"""The compiled sums of the two rules over many subintervals: one pass where arrays would take six."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from workings.subjects.integration.rule import ROUNDING

__all__ = ["estimate_rows"]

Array = NDArray[np.float64]


@njit(nogil=True, cache=True)
def estimate_rows(  # noqa: PLR0917 -- compiled functions take arguments by place
    values: Array, half: Array, value: Array, error: Array, absolute: Array, kronrod: Array, gauss: Array
) -> None:
    """Write what :func:`workings.subjects.integration.rule.estimate` returns, for members × subintervals.

    Parameters
    ----------
    values
        (members, 21·subintervals) the integrand at the nodes of one subinterval after the other.
    half
        (subintervals,) half their lengths.
    value, error, absolute
        (members, subintervals) to write into.
    kronrod, gauss
        (21,) the weights.
    """
    for member in range(values.shape[0]):
        for panel in range(half.shape[0]):
            start = 21 * panel
            k = g = size = 0.0
            for node in range(21):
                v = values[member, start + node]
                k += v * kronrod[node]
                g += v * gauss[node]
                size += abs(v) * kronrod[node]
            mean, spread = 0.5 * k, 0.0
            for node in range(21):
                spread += abs(values[member, start + node] - mean) * kronrod[node]
            off, spread, size = abs(k - g) * half[panel], spread * half[panel], size * half[panel]
            if spread > 0.0 and off > 0.0:
                ratio = 200.0 * off / spread
                off = spread * min(1.0, ratio * np.sqrt(ratio))
            value[member, panel] = k * half[panel]
            # NaN is greater than nothing: it stays, and the member is looked at by itself.
            error[member, panel] = off if off > ROUNDING * size or np.isnan(off) else ROUNDING * size
            absolute[member, panel] = size
