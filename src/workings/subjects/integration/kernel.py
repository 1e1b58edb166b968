"""The compiled sums of two rules over the subintervals of many integrals: one pass where arrays would take six."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from workings.subjects.integration.rule import ROUNDING

__all__ = ["estimate_members"]

Array = NDArray[np.float64]
Places = NDArray[np.int64]


# Sums may be taken in any order, which lets the processor take several members at once; NaN and infinity keep their
# meaning.
@njit(nogil=True, cache=True, fastmath={"reassoc", "contract"}, error_model="numpy")
def estimate_members(  # noqa: PLR0917 -- compiled functions take arguments by place
    values: Array,
    starts: Places,
    kronrod: Array,
    gauss: Array,
    half: Array,
    looks: Places,
    stretch: Array,
    matrix: Array,
    value: Array,
    error: Array,
    absolute: Array,
    missed: Array,
) -> None:
    """Write what :func:`workings.subjects.integration.rule.estimate` returns, for subintervals × members.

    Parameters
    ----------
    values
        (rows, members) the integrands at the places of :class:`~workings.subjects.integration.mesh.Nodes`.
    starts, kronrod, gauss, half, looks, stretch, matrix
        As there.
    value, error
        (subintervals, members) to write into.
    absolute
        (members,) ∫|f|.
    missed
        (members,) the largest area that a place between the nodes says was missed.
    """
    members, nodes = values.shape[1], starts[-1]
    g, spread, size = np.empty(members), np.empty(members), np.empty(members)
    absolute[:] = 0.0
    missed[:] = 0.0
    at = 0
    for panel in range(half.shape[0]):
        k, off = value[panel], error[panel]
        k[:] = 0.0
        g[:] = 0.0
        size[:] = 0.0
        spread[:] = 0.0
        for node in range(starts[panel], starts[panel + 1]):
            row, of_kronrod, of_gauss = values[node], kronrod[node], gauss[node]
            for m in range(members):
                k[m] += of_kronrod * row[m]
                g[m] += of_gauss * row[m]
                size[m] += of_kronrod * abs(row[m])
        for node in range(starts[panel], starts[panel + 1]):
            row, of_kronrod = values[node], kronrod[node]
            for m in range(members):
                spread[m] += of_kronrod * abs(row[m] - 0.5 * k[m])
        width = half[panel]
        for m in range(members):
            difference, deviation, rounding = abs(k[m] - g[m]), spread[m], ROUNDING * size[m]
            ratio = 200.0 * difference / deviation
            estimate = deviation * ratio * np.sqrt(ratio) if ratio < 1.0 else deviation
            estimate = estimate if deviation > 0.0 else difference
            # NaN is greater than nothing: it stays, and the member is looked at by itself.
            off[m] = rounding * width if estimate <= rounding else estimate * width
            k[m] *= width
            absolute[m] += size[m] * width
        count = starts[panel + 1] - starts[panel]
        for look in range(looks[panel], looks[panel + 1]):
            g[:] = 0.0
            for node in range(count):
                row, share = values[starts[panel] + node], matrix[at + node]
                for m in range(members):
                    g[m] += share * row[m]
            at += count
            row, length = values[nodes + look], stretch[look]
            for m in range(members):
                apart = abs(g[m] - row[m]) * length
                missed[m] = missed[m] if apart <= missed[m] else apart
