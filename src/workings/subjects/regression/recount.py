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

__all__ = ["Moments", "errors_again", "information_again", "log_losses_again", "moments_again"]

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

    def sums(X: Array, y: Array, weight: Array | None) -> Array:
        table = np.column_stack([X, y])
        each = np.ones(len(table)) if weight is None else weight
        return np.append(each @ table, each.sum())

    *added, weight = _added(rows, sums)
    mean = np.array(added) / weight

    def products(X: Array, y: Array, weights: Array | None) -> Array:
        apart = np.column_stack([X, y])
        apart -= mean
        if weights is None:
            return np.vstack([np.ones(len(apart)) @ apart, apart.T @ apart])
        return np.vstack([weights @ apart, apart.T @ (weights[:, None] * apart)])

    found = _added(rows, products) / weight
    # The first mean is off by its rounding; the mean of the deviations says by how much.
    off = found[0]
    return Moments(float(weight), mean + off, found[1:] - np.outer(off, off))


def log_losses_again(rows: Rows, parameters: Array, *, fit_intercept: bool) -> tuple[Array, Array]:
    """Return the sums of the log-losses, and of error times value, at several parameters by one look at the rows.

    Parameters
    ----------
    rows
        With y 1 for yes and 0 for no.
    parameters
        Shape (sets, columns), the intercept last where there is one.

    Returns
    -------
    tuple of arrays
        Shapes (sets,) and (sets, columns): for the intercept the sum of the errors.
    """
    columns, sets = rows.X.shape[1], len(parameters)

    def sums(X: Array, yes: Array, weight: Array | None) -> Array:
        found = np.empty((sets, columns + 2))
        # In m = ±z the loss of either class is log(1 + exp(m)), of which large ones are kept from exp.
        sign = 1.0 - 2.0 * yes
        for row, at in zip(found, parameters, strict=True):
            m = X[:, 0] * at[0] if columns == 1 else X @ at[:columns]
            if fit_intercept:
                m += at[columns]
            m *= sign
            small = np.exp(-np.abs(m))
            slope = np.where(m >= 0.0, 1.0, small)
            loss = np.log1p(small)
            loss += np.maximum(m, 0.0, out=m)
            small += 1.0
            slope *= sign
            slope /= small
            if weight is not None:
                loss *= weight
                slope *= weight
            row[0] = loss.sum()
            row[1 : columns + 1] = slope @ X
            row[columns + 1] = slope.sum()
        return found

    found = _added(rows, sums, at_once=_AT_ONCE // 4)
    return found[:, 0], found[:, 1:] if fit_intercept else found[:, 1:-1]


def information_again(
    rows: Rows, parameters: Array, about: Array, *, fit_intercept: bool
) -> tuple[float, Array, Array]:
    """Return the sum of p (1 - p), the columns' means by it as weight, and their products about these means.

    ``about`` is near the means. Without an intercept the means are 0, and the products about 0.
    """
    columns = rows.X.shape[1]
    centre = about if fit_intercept else np.zeros(columns)

    def sums(X: Array, y: Array, weight: Array | None) -> Array:
        del y
        z = X @ parameters[:columns] + (parameters[columns] if fit_intercept else 0.0)
        small = np.exp(-np.abs(z))
        told = small / (1.0 + small) ** 2
        if weight is not None:
            told *= weight
        apart = X - centre
        return np.vstack([np.append(told @ apart, told.sum()), np.c_[apart.T @ (told[:, None] * apart), told @ apart]])

    found = _added(rows, sums)
    total = float(found[0, -1])
    if not fit_intercept:
        return total, centre, found[1:, :-1]
    off = found[0, :-1] / total
    return total, centre + off, found[1:, :-1] - total * np.outer(off, off)


def errors_again(rows: Rows, parameters: Array, *, fit_intercept: bool) -> tuple[float, float]:
    """Return the sums of the squared and of the absolute errors of a linear model."""
    columns = rows.X.shape[1]

    def sums(X: Array, y: Array, weight: Array | None) -> Array:
        error = X @ parameters[:columns] - y
        error += parameters[columns] if fit_intercept else 0.0
        sizes = np.abs(error)
        if weight is None:
            return np.array([error @ error, sizes.sum()])
        return np.array([weight @ error**2, weight @ sizes])

    squares, absolutes = _added(rows, sums)
    return float(squares), float(absolutes)


def _added(rows: Rows, sums: Callable[[Array, Array, Array | None], Array], *, at_once: int = _AT_ONCE) -> Array:
    """Return the sums over blocks of the rows, X, y and their weights, added up in the order of the rows."""
    count, columns = rows.X.shape
    height = max(256, at_once // (columns + 1))
    blocks = -(-count // height)

    def work(first: int, last: int) -> list[Array]:
        found: list[Array] = []
        for block in range(first, last):
            cut = slice(block * height, (block + 1) * height)
            X, y = (np.asarray(part[cut], np.float64) for part in (rows.X, rows.y))
            found.append(sums(X, y, None if rows.weight is None else rows.weight[cut]))
        return found

    with one_blas_thread():
        parts: list[Any] = [part for some in parallel_blocks(work, blocks, smallest=1, align=1) for part in some]
    # Pairwise, as NumPy adds along an axis that is laid out last: rounding grows with the logarithm of their number.
    return np.ascontiguousarray(np.stack(parts, axis=-1)).sum(axis=-1)
