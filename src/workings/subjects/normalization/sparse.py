"""The moments of a sparse table's columns, from the values that are stored: the others are zeros, and count."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.subjects.normalization.summary import ColumnMoments

__all__ = ["sparse_moments"]


def sparse_moments(X: Any, weight: NDArray[np.float64] | None = None) -> ColumnMoments:
    """Return the moments of a SciPy CSR or CSC array of floats, by the corrected two passes of the dense ones.

    Parameters
    ----------
    X
        Shape (rows, columns); a stored NaN is a value not seen.
    weight
        Shape (rows,), where rows do not count alike.
    """
    table = X
    if not table.has_canonical_format:
        # A value stored in two parts is their sum: neither part is an extreme, nor its deviation one of the column.
        table = table.copy()
        table.sum_duplicates()
    rows, columns = table.shape
    line = np.repeat(np.arange(len(table.indptr) - 1), np.diff(table.indptr))
    row, column = (line, table.indices) if table.format == "csr" else (table.indices, line)
    value = table.data.astype(np.float64)
    seen = ~np.isnan(value)
    share = np.ones(len(value)) if weight is None else weight[row]

    def total(of: NDArray[np.float64], where: NDArray[np.bool_]) -> NDArray[np.float64]:
        # Of no values at all NumPy gives whole numbers, whatever the weights.
        return np.bincount(column[where], of[where], columns).astype(np.float64, copy=False)

    state = ColumnMoments(columns)
    state.rows = rows
    state.count = rows - np.bincount(column[~seen], minlength=columns)
    state.weight = (rows if weight is None else float(weight.sum())) - total(share, ~seen)
    stored = np.bincount(column[seen], minlength=columns)
    # Where no zero is left out its weight is none, not what rounding leaves of a difference.
    left_out = np.where(state.count > stored, np.maximum(state.weight - total(share, seen), 0.0), 0.0)
    divisor = np.where(state.weight > 0.0, state.weight, 1.0)
    with np.errstate(over="ignore", invalid="ignore"):
        # Divided before they are added: the sum of two values near 1e308 is infinite, their mean is not.
        mean = total(share * (value / divisor[column]), seen)
        apart = value - mean[column]
        left = (total(share * apart, seen) - left_out * mean) / divisor
        squares = total(share * apart**2, seen) + left_out * mean**2
        state.mean = mean + left
        state.squares = np.maximum(squares - divisor * left**2, 0.0)
    zero = np.where(state.count > stored, 0.0, np.nan)
    state.minimum, state.maximum = zero.copy(), zero.copy()
    np.fmin.at(state.minimum, column[seen], value[seen])
    np.fmax.at(state.maximum, column[seen], value[seen])
    return state
