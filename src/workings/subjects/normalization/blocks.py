"""Which way a table goes: through NumPy where it is small, through the compiled loops over the threads where large."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.arrays import parallel_blocks

__all__ = ["COMPILED", "LARGE", "column_extremes", "scaled", "wide_rows"]

Array = NDArray[Any]

# From so many values on the compiled loops are worth loading.
LARGE = 1 << 18

# So many numbers in one loop keep the vector units busy, and the sums beside them stay in the first cache.
_WIDE = 512


def wide_rows(X: Array) -> list[tuple[Array, int]]:
    """Return views that cover a table, each with how many of its rows lie end to end in one row of the view.

    Only rows that lie in memory one after the other can be laid so; others are left as they are.

    Examples
    --------
    >>> [(view.shape, together) for view, together in wide_rows(np.zeros((1000, 10)))]
    [((19, 510), 51), ((31, 10), 1)]
    """
    rows, columns = X.shape
    together = min(_WIDE // max(columns, 1), rows)
    if together < 2 or not X.flags.c_contiguous:
        return [(X, 1)]
    whole = rows // together * together
    return [(X[:whole].reshape(-1, together * columns), together), (X[whole:], 1)]


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
        for view, together in wide_rows(X[start:stop]):
            least, greatest = np.tile(low, together), np.tile(high, together)
            kernel.column_extremes(view, least, greatest)
            low, high = least.reshape(-1, columns).min(axis=0), greatest.reshape(-1, columns).max(axis=0)
        return low, high

    parts = parallel_blocks(work, len(X), smallest=max(1, LARGE // (4 * columns)))
    low = np.minimum.reduce([part[0] for part in parts])
    high = np.maximum.reduce([part[1] for part in parts])
    seen = low <= high
    return np.where(seen, low, X.dtype.type(np.nan)), np.where(seen, high, X.dtype.type(np.nan))


def scaled(X: Array, shift: Array | None, divisor: Array | None, out: Array | None = None) -> Array:
    """Return (x - shift) / divisor of each value, in the table's dtype; ``out`` may be the table itself.

    It is computed in the widest dtype of the three and rounded once: a mean of 10⁷ in single precision is off by half a
    unit, which of a deviation of 1 is half.
    """
    target = np.empty(X.shape, X.dtype) if out is None else out
    kind = np.result_type(X, *(each for each in (shift, divisor) if each is not None))
    below = np.zeros(X.shape[1], kind) if shift is None else shift.astype(kind)
    by = np.ones(X.shape[1], kind) if divisor is None else divisor.astype(kind)
    if X.size < LARGE or X.dtype.name not in COMPILED:
        apart = np.subtract(X, below, out=target if kind == X.dtype else None)
        return np.divide(apart, by, out=target, casting="same_kind")
    from workings.subjects.normalization import kernel

    def work(start: int, stop: int) -> None:
        views, results = wide_rows(X[start:stop]), wide_rows(target[start:stop])
        if len(views) != len(results):
            views, results = [(X[start:stop], 1)], [(target[start:stop], 1)]
        for (view, together), (result, _) in zip(views, results, strict=True):
            kernel.scale_columns(view, np.tile(below, together), np.tile(by, together), result)

    parallel_blocks(work, len(X), smallest=max(1, LARGE // (4 * X.shape[1])))
    return target
