"""The compiled sums of the two rules over many subintervals: one pass where arrays would take six."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from workings.subjects.integration.rule import ROUNDING

__all__ = ["estimate_rows"]

Array = NDArray[np.float64]


# Sums may be taken in any order, which lets the processor take four at once; NaN and infinity keep their meaning.
@njit(nogil=True, cache=True, fastmath={"reassoc", "contract"})
def estimate_rows(  # noqa: PLR0917 -- compiled functions take arguments by place
    values: Array, half: Array, value: Array, error: Array, absolute: Array, missed: Array, rules: Array, looks: Array
) -> None:
    """Write what :func:`workings.subjects.integration.rule.estimate` returns, for members × subintervals.

    Parameters
    ----------
    values
        (members, 21·subintervals + looks·subintervals) the integrand at the nodes of one subinterval after the other,
        then, where it was looked at, between the nodes.
    half
        (subintervals,) half their lengths.
    value, error, absolute
        (members, subintervals) to write into.
    missed
        (members,) the largest area that a place between the nodes says was missed.
    rules
        (2, 21) the weights of K21 and of G10.
    looks
        (looks, 21) what interpolates from the nodes to each place between them; no row where there was no look.
    """
    panels, places = half.shape[0], looks.shape[0]
    for member in range(values.shape[0]):
        most = 0.0
        for panel in range(panels):
            start = 21 * panel
            row = values[member, start : start + 21]
            k = g = size = 0.0
            for node in range(21):
                k += row[node] * rules[0, node]
                size += abs(row[node]) * rules[0, node]
            for node in range(1, 21, 2):  # the others are Kronrod's alone
                g += row[node] * rules[1, node]
            mean, spread = 0.5 * k, 0.0
            for node in range(21):
                spread += abs(row[node] - mean) * rules[0, node]
            off, spread, size = abs(k - g) * half[panel], spread * half[panel], size * half[panel]
            if spread > 0.0 and off > 0.0:
                ratio = 200.0 * off / spread
                off = spread * min(1.0, ratio * np.sqrt(ratio))
            value[member, panel] = k * half[panel]
            # NaN is greater than nothing: it stays, and the member is looked at by itself.
            error[member, panel] = off if off > ROUNDING * size or np.isnan(off) else ROUNDING * size
            absolute[member, panel] = size
            for look in range(places):
                expected = 0.0
                for node in range(21):
                    expected += row[node] * looks[look, node]
                apart = abs(expected - values[member, 21 * panels + places * panel + look])
                apart *= 2.0 * half[panel] / places
                if not apart <= most:
                    most = apart
        missed[member] = most
