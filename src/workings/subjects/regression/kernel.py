r"""The compiled loop of the log-loss: one visit to each score gives its loss, its slope and its bend.

.. math:: ℓ = \log(1 + e^{m}), \quad ℓ' = ±σ(m), \quad ℓ'' = σ(m) σ(-m), \qquad m = -z\ (t = 1),\ z\ (t = 0)
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["losses"]

Array = NDArray[Any]


@njit(nogil=True, cache=True, error_model="numpy")
def losses(z: Array, target: Array, slope: Array, bend: Array) -> tuple[float, float]:
    """Write the slope and the bend of each score's loss; return the sum of the losses, and the largest m.

    Parameters
    ----------
    z
        The scores, shape (rows,).
    target
        Whether the truth is yes, shape (rows,).
    slope, bend
        Where ℓ' and ℓ'' are written, shape (rows,).
    """
    total, nearest = 0.0, -np.inf
    for i in range(z.size):
        sign = -1.0 if target[i] else 1.0
        m = sign * z[i]
        # e is at most 1, so nothing overflows; log1p keeps the digits of a loss near 0.
        e = math.exp(-abs(m))
        whole = 1.0 + e
        total += (m if m > 0.0 else 0.0) + math.log1p(e)
        slope[i] = sign * (1.0 if m >= 0.0 else e) / whole
        bend[i] = e / (whole * whole)
        nearest = m if m > nearest else nearest
    return total, nearest
