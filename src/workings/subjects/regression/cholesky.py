r"""The triangular factor of many more rows than columns, by two passes of products instead of reflections.

The factor R₁ of the products XᵀX alone would lose twice as many digits as the columns are alike. But the rows of
B = X R₁⁻¹ are then nearly orthonormal in their columns, products of those lose none, and with their factor R₂ the
factor R₂R₁ of X is as exact as by Householder's reflections (Yamamoto and others 2015). Whether the columns of B came
out as they should is seen from their products; where they did not, this way is not taken.
"""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from workings.arrays.blas import solve_triangular
from workings.subjects.regression.products import products_about, worth_a_loop
from workings.subjects.regression.rows import Fold, Rows
from workings.subjects.regression.summary import LEAST_NORM, TALL, WELL_CONDITIONED, GramMoments, LeastSquares

__all__ = ["by_products", "by_reflections", "least_squares_of", "least_squares_of_moments"]

Array = NDArray[np.float64]

# How far the products of columns may be from those of orthonormal ones. Within it their condition is below √3, so their
# factor loses less than a bit.
_NEARLY = 0.5
# No error of y is thought smaller than this part of y at first: where y is a sum of the columns, the rounding of that
# error is scaled to a column of no more than unit norm.
_LEAST_ERROR = 1e-7
# Columns, y among them, whose condition is at most this are told apart by one pass of products alone.
_TOLD_APART = 1e3


class _TurnedProducts:
    """Sums of products of the rows b with b R = [x y] - c, and of the rows themselves."""

    def __init__(self, targets: int, shift: Array, R: Array) -> None:
        self.targets = targets
        self.shift = shift
        self.R = R
        self.products: Array = np.zeros((len(shift), len(shift)))
        self.sums: Array = np.zeros(len(shift))

    def update(self, batch: Rows, /) -> None:
        """Take in a batch of rows."""
        products, sums = products_about(batch, self.targets, self.shift, self.R)
        self.products += products
        self.sums += sums

    def merge(self, other: Self, /) -> None:
        """Take in what another has seen."""
        self.products += other.products
        self.sums += other.sums


class _Moved:
    """The least squares of rows less a given one: the blocks' means are then small, and keep their digits in merging.

    Of means of 10⁶ that differ by 10⁻³ the difference would be known to seven digits.
    """

    def __init__(self, columns: int, targets: int, shift: Array) -> None:
        self.state = LeastSquares(columns, targets)
        self.shift = shift

    def update(self, batch: Rows, /) -> None:
        """Take in a batch of rows."""
        p, y = self.state.columns, np.asarray(batch.y)
        y = y.reshape(len(y), -1) - self.shift[p:]
        self.state.update(Rows(batch.X - self.shift[:p], y, batch.weight))

    def merge(self, other: Self, /) -> None:
        """Take in what another has seen."""
        self.state.merge(other.state)


def least_squares_of(rows: Rows, fold: Fold, columns: int, targets: int) -> LeastSquares:
    """Return the least squares of all rows, the faster way where it is as exact.

    Parameters
    ----------
    rows
        The rows.
    fold
        One pass over them.
    columns, targets
        The numbers of columns of X and of y.

    Notes
    -----
    Y. Yamamoto, Y. Nakatsukasa, Y. Yanagisawa and T. Fukaya (2015), *Electronic Transactions on Numerical Analysis* 44,
    306-326 (CholeskyQR2).
    """
    found = None
    if worth_a_loop(rows, targets) and len(rows.X) >= TALL * (columns + targets):
        found = by_products(fold, columns, targets)
    return by_reflections(rows, fold, columns, targets) if found is None else found


def least_squares_of_moments(moments: GramMoments) -> LeastSquares | None:
    """Return the least squares of rows of which only the moments are left; None where these have lost too many digits.

    Products square a condition number: within ``_TOLD_APART`` what follows from their factor has ten digits.
    """
    norms = np.sqrt(np.diagonal(moments.products))
    if not (np.isfinite(norms).all() and (norms > LEAST_NORM).all()):
        return None
    try:
        upper = linalg.cholesky(moments.products / np.outer(norms, norms), check_finite=False)
    except linalg.LinAlgError:
        return None
    if np.linalg.cond(upper) > _TOLD_APART:
        return None
    state = LeastSquares(moments.columns, moments.targets)
    state.count, state.weight = moments.count, moments.weight
    state.mean, state.factor = moments.mean, upper * norms
    return state


def by_reflections(rows: Rows, fold: Fold, columns: int, targets: int) -> LeastSquares:
    """Return the least squares by the orthogonal factors of blocks of rows."""
    first = slice(0, min(len(rows.X), 256))
    some = np.column_stack([rows.X[first], np.asarray(rows.y[first]).reshape(first.stop, -1)]).astype(np.float64)
    shift = some.mean(axis=0)
    state = fold(lambda: _Moved(columns, targets, shift)).state
    state.mean = state.mean + shift
    return state


def by_products(fold: Fold, columns: int, targets: int) -> LeastSquares | None:
    """Return the least squares by two passes of products; None where the columns are too much alike for it."""
    moments = fold(lambda: GramMoments(columns, targets))
    first = _first_factor(moments)
    if first is None:
        return None
    turned = fold(lambda: _TurnedProducts(targets, moments.mean, first))
    off = turned.sums / moments.weight
    products = turned.products - moments.weight * np.outer(off, off)
    if np.linalg.norm(products[:columns, :columns] - np.eye(columns), 2) > _NEARLY:
        return None
    second = _factor(products)
    if second is None:
        return None
    state = LeastSquares(columns, targets)
    state.count, state.weight = moments.count, moments.weight
    state.mean, state.factor = moments.mean + off @ first, second @ first
    return state


def _first_factor(moments: GramMoments) -> Array | None:
    """Return an upper triangular R that turns the columns nearly orthonormal, and y to its errors of at most unit size.

    None where the columns are so much alike that the products do not tell them apart.
    """
    p = moments.columns
    norms = np.sqrt(np.diagonal(moments.products))
    if not (np.isfinite(norms).all() and (norms > LEAST_NORM).all()):
        return None
    scaled = moments.products / np.outer(norms, norms)
    try:
        upper = linalg.cholesky(scaled[:p, :p], check_finite=False)
    except linalg.LinAlgError:
        return None
    if np.linalg.cond(upper) > WELL_CONDITIONED:
        return None
    R = np.zeros_like(scaled)
    R[:p, :p] = upper
    R[:p, p:] = solve_triangular(upper.T, scaled[:p, p:], lower=True)
    error = np.diagonal(scaled)[p:] - (R[:p, p:] ** 2).sum(axis=0)
    R[p:, p:] = np.diag(np.sqrt(np.maximum(error, _LEAST_ERROR**2)))
    return R * norms


def _factor(products: Array) -> Array | None:
    """Return the triangular factor of products, scaled to a unit diagonal first; None where there is none."""
    norms = np.sqrt(np.diagonal(products))
    if not (norms > 0.0).all():
        return None
    try:
        upper = linalg.cholesky(products / np.outer(norms, norms), check_finite=False)
    except linalg.LinAlgError:
        return None
    return None if np.linalg.cond(upper) > WELL_CONDITIONED else upper * norms
