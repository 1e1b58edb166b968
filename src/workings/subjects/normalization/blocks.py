"""Which way a table goes: through NumPy where it is small, through the compiled loops over the threads where large."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.arrays import parallel_blocks

__all__ = ["COMPILED", "LARGE", "column_extremes", "scaled"]

Array = NDArray[Any]

# From so many values on the compiled loops are worth loading.
LARGE = 1 << 18
# The dtypes that the compiled loops know; there is none for half precision.
COMPILED = ("float64", "float32")


def column_extremes(X: Array) -> tuple[Array, Array]:
    """Return the least and the greatest value of each column, in the table's dtype; NaN where no value was seen."""
    if X.size < LARGE or X.dtype.name not in COMPILED:
        return np.fmin.reduce(X, axis=0), np.fmax.reduce(X, axis=0)
    from workings.subjects.normalization import kernel

    columns = X.shape[1]

    def work(start: int, stop: int) -> tuple[Array, Array]:
        low, high = np.full(columns, np.inf, X.dtype), np.full(columns, -np.inf, X.dtype)
        kernel.column_extremes(X[start:stop], low, high)
        return low, high

    parts = parallel_blocks(work, len(X), smallest=max(1, LARGE // (4 * columns)))
    low = np.minimum.reduce([part[0] for part in parts])
    high = np.maximum.reduce([part[1] for part in parts])
    seen = low <= high
    return np.where(seen, low, X.dtype.type(np.nan)), np.where(seen, high, X.dtype.type(np.nan))


def scaled(X: Array, shift: Array | None, divisor: Array | None, out: Array | None = None) -> Array:
    """Return (x - shift) / divisor of each value, in the table's dtype; ``out`` may be the table itself."""
    target = np.empty(X.shape, X.dtype) if out is None else out
    below = np.zeros(X.shape[1], X.dtype) if shift is None else shift.astype(X.dtype)
    by = np.ones(X.shape[1], X.dtype) if divisor is None else divisor.astype(X.dtype)
    if X.size < LARGE or X.dtype.name not in COMPILED:
        np.subtract(X, below, out=target)
        np.divide(target, by, out=target)
        return target
    from workings.subjects.normalization import kernel

    def work(start: int, stop: int) -> None:
        kernel.scale_columns(X[start:stop], below, by, target[start:stop])

    parallel_blocks(work, len(X), smallest=max(1, LARGE // (4 * X.shape[1])))
    return target
