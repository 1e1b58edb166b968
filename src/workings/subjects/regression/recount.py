"""The sums that a fit is made of, counted again for its explanation by NumPy alone: no kernel of this room takes part.

Of millions of rows a derivation cannot work every term. It starts from such sums, and holds against them what the fit's
own loops returned.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.arrays import parallel_blocks
from workings.arrays.blas import one_blas_thread
from workings.subjects.regression.rows import Rows

__all__ = ["Moments", "errors_again", "log_loss_again", "moments_again"]

Array = NDArray[np.float64]

# Values looked at together: they stay in a processor's cache.
_AT_ONCE = 1 << 16


@dataclass(frozen=True, eq=False)
class Moments:
    """Means and covariances of the columns of [X y].

    Parameters
    ----------
    weight
        The number of rows, or the sum of their weights.
    mean
        Shape (columns,), of X and then y.
    covariance
        Shape (columns, columns): mean products of deviations from the means.
    """

    weight: float
    mean: Array
    covariance: Array


def moments_again(rows: Rows) -> Moments:
    """Return the means and covariances of the columns of [X y], by two passes: means first, then deviations."""

    def sums(table: Array, weight: Array) -> Array:
        return np.append(weight @ table, weight.sum())

    *added, weight = _added(rows, sums)
    mean = np.array(added) / weight

    def products(table: Array, weights: Array) -> Array:
        apart = table - mean
        return np.vstack([weights @ apart, apart.T @ (weights[:, None] * apart)])

    found = _added(rows, products) / weight
    # The first mean is off by its rounding; the mean of the deviations says by how much.
    off = found[0]
    return Moments(float(weight), mean + off, found[1:] - np.outer(off, off))


def log_loss_again(rows: Rows, parameters: Array, *, fit_intercept: bool) -> tuple[float, Array]:
    """Return the sum of the log-losses at parameters, and of error times value for each (the intercept's last)."""
    columns = rows.X.shape[1]

    def sums(table: Array, weight: Array) -> Array:
        X, yes = table[:, :columns], table[:, columns]
        z = X @ parameters[:columns] + (parameters[columns] if fit_intercept else 0.0)
        # The loss is log(1 + exp(-z)) of a yes and log(1 + exp(z)) of a no, of which large ones are kept from exp.
        small = np.exp(-np.abs(z))
        loss = np.maximum(np.where(yes > 0.5, -z, z), 0.0) + np.log1p(small)
        p = np.where(z >= 0.0, 1.0, small) / (1.0 + small)
        error = weight * (p - yes)
        return np.concatenate([[weight @ loss], error @ X, [error.sum()]])

    found = _added(rows, sums)
    return float(found[0]), found[1:] if fit_intercept else found[1:-1]


def errors_again(rows: Rows, parameters: Array, *, fit_intercept: bool) -> tuple[float, float]:
    """Return the sums of the squared and of the absolute errors of a linear model."""
    columns = rows.X.shape[1]

    def sums(table: Array, weight: Array) -> Array:
        error = table[:, :columns] @ parameters[:columns] - table[:, columns]
        error += parameters[columns] if fit_intercept else 0.0
        return np.array([weight @ error**2, weight @ np.abs(error)])

    squares, absolutes = _added(rows, sums)
    return float(squares), float(absolutes)


def _added(rows: Rows, sums: Callable[[Array, Array], Array]) -> Array:
    """Return the sums over blocks of the rows of [X y] and their weights, added up in the order of the rows."""
    count, columns = rows.X.shape
    height = max(256, _AT_ONCE // (columns + 1))
    blocks = -(-count // height)

    def work(first: int, last: int) -> list[Array]:
        found: list[Array] = []
        for block in range(first, last):
            cut = slice(block * height, (block + 1) * height)
            table = np.column_stack([rows.X[cut], rows.y[cut]]).astype(np.float64, copy=False)
            weight = np.ones(len(table)) if rows.weight is None else rows.weight[cut]
            found.append(sums(table, weight))
        return found

    with one_blas_thread():
        parts: list[Any] = [part for some in parallel_blocks(work, blocks, smallest=1, align=1) for part in some]
    # Pairwise, as NumPy adds along an axis that is laid out last: rounding grows with the logarithm of their number.
    return np.ascontiguousarray(np.stack(parts, axis=-1)).sum(axis=-1)
