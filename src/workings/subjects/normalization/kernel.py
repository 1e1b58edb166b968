"""The compiled loops of normalisation, for large tables: each reads a value once from memory.

Tables are walked row by row, as they lie in memory; the inner loop over the columns has no branch, so that the compiler
makes vector instructions of it. Where there are few columns, callers lay several rows end to end (:func:`.wide_rows`):
a loop over ten numbers is begun and ended more often than it runs.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["column_extremes", "column_sums", "column_sums_seen", "scale_columns", "squared_deviations"]

Array = NDArray[Any]


@njit(nogil=True, cache=True, error_model="numpy")
def column_extremes(X: Array, minimum: Array, maximum: Array) -> None:
    """Lower ``minimum`` and raise ``maximum`` to the values of each column; both come in as +inf and -inf."""
    rows, columns = X.shape
    for i in range(rows):
        for j in range(columns):
            x = X[i, j]
            # Every comparison with NaN is false, so NaN changes nothing.
            minimum[j] = x if x < minimum[j] else minimum[j]
            maximum[j] = x if x > maximum[j] else maximum[j]


@njit(nogil=True, cache=True, error_model="numpy")
def column_sums(X: Array, total: Array, minimum: Array, maximum: Array) -> None:
    """Add up each column, NaN where it has one, and lower ``minimum`` and raise ``maximum`` to its values."""
    rows, columns = X.shape
    for i in range(rows):
        for j in range(columns):
            x = np.float64(X[i, j])
            total[j] += x
            minimum[j] = x if x < minimum[j] else minimum[j]
            maximum[j] = x if x > maximum[j] else maximum[j]


@njit(nogil=True, cache=True, error_model="numpy")
def column_sums_seen(X: Array, count: Array, total: Array) -> None:
    """Add up and count the values of each column that are there."""
    rows, columns = X.shape
    for i in range(rows):
        for j in range(columns):
            x = np.float64(X[i, j])
            seen = not np.isnan(x)
            count[j] += 1.0 if seen else 0.0
            total[j] += x if seen else 0.0


@njit(nogil=True, cache=True, error_model="numpy")
def squared_deviations(X: Array, mean: Array, left: Array, squares: Array) -> None:
    """Add up each column's deviations from ``mean`` (what its rounding left) and their squares."""
    rows, columns = X.shape
    for i in range(rows):
        for j in range(columns):
            d = np.float64(X[i, j]) - mean[j]
            d = 0.0 if np.isnan(d) else d
            left[j] += d
            squares[j] += d * d


@njit(nogil=True, cache=True, error_model="numpy")
def scale_columns(X: Array, shift: Array, divisor: Array, out: Array) -> None:
    """Write (x - shift) / divisor of each value; ``out`` may be ``X``."""
    rows, columns = X.shape
    for i in range(rows):
        for j in range(columns):
            out[i, j] = (X[i, j] - shift[j]) / divisor[j]
