"""The compiled pass over a signal that counts, cell by cell, what a transform's error is judged by."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["survey_cells"]

Array = NDArray[Any]


# The order of a sum of squares is free: it is one part of a bound. Values that are not finite stay what they are.
@njit(nogil=True, cache=True, fastmath={"reassoc", "contract"}, error_model="numpy")
def survey_cells(  # noqa: PLR0917 -- a compiled function takes arguments by position
    x: Array, cell: int, least: float, first: int, last: int, energies: Array, below: Array
) -> None:
    """Put each cell's sum of squares into ``energies``, and into ``below`` how many sizes are less than ``least``."""
    for c in range(first, last):
        energy = 0.0
        count = 0
        for i in range(c * cell, (c + 1) * cell):
            size = abs(np.float64(x[i]))
            energy += size * size
            count += size < least
        energies[c] = energy
        below[c] = count
