r"""The mergeable states of linear regression: moments for descent, an orthogonal factor for the exact solution.

Both keep their columns centred. With means kept apart, products of large nearly equal numbers never cancel: the sum
of squares of the years 1947 to 1962 loses five digits where their deviations lose none.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from workings.arrays import pack, unpack
from workings.arrays.blas import solve_triangular
from workings.subjects.regression.products import in_a_loop, worth_a_loop
from workings.subjects.regression.rows import Rows

__all__ = ["LEAST_NORM", "TALL", "WELL_CONDITIONED", "GramMoments", "LeastSquares", "triangular"]

Array = NDArray[np.float64]


class _CentredColumns(ABC):
    """What both states share: the number and weight of the rows, the mean of each column of [X y], and one array more.

    ``kept`` names that array.
    """

    kind: ClassVar[str]
    kept: ClassVar[str]

    def __init__(self, columns: int, targets: int = 1) -> None:
        self.columns = columns
        self.targets = targets
        self.count = 0
        self.weight = 0.0
        self.mean: Array = np.zeros(columns + targets)

    def update(self, batch: Rows, /) -> None:
        """Take in a batch of rows."""
        found = self._seen(batch)
        if found is not None:
            # A row without weight is as one that is not there.
            rows = len(batch.X) if batch.weight is None else int(np.count_nonzero(batch.weight))
            self._add(rows, *found)

    def merge(self, other: Self, /) -> None:
        """Take in what another state has seen."""
        self._add(other.count, other.weight, other.mean, getattr(other, other.kept))

    def result(self) -> Self:
        """Return the state itself."""
        return self

    def to_bytes(self) -> bytes:
        """Return the state, versioned."""
        fields = {name: getattr(self, name) for name in ("columns", "targets", "count", "weight")}
        return pack(self.kind, 1, fields, {"mean": self.mean, self.kept: getattr(self, self.kept)})

    @classmethod
    def from_bytes(cls, data: bytes, /) -> Self:
        """Return the state that ``to_bytes`` wrote."""
        fields, arrays = unpack(cls.kind, 1, data)
        state = cls(fields["columns"], fields["targets"])
        state.count, state.weight, state.mean = fields["count"], fields["weight"], arrays["mean"]
        setattr(state, cls.kept, arrays[cls.kept])
        return state

    @abstractmethod
    def _of_rows(self, table: Array, weight: Array | None) -> Array:
        """Return what is kept of centred rows, which may be written over."""

    @abstractmethod
    def _add(self, count: int, weight: float, mean: Array, other: Array) -> None:
        """Take in rows: their number, weight and means, and what is kept of them."""

    def _seen(self, batch: Rows) -> tuple[float, Array, Array] | None:
        """Return a batch's weight, its means and what is kept of its rows; None where they have no weight."""
        table = np.empty((len(batch.X), self.columns + self.targets))
        table[:, : self.columns] = batch.X
        if self.targets:
            table[:, self.columns :] = np.asarray(batch.y).reshape(len(batch.X), self.targets)
        weight = None if batch.weight is None else np.asarray(batch.weight, np.float64)
        total = float(len(table)) if weight is None else float(weight.sum())
        if total == 0.0:
            return None
        share = np.full(len(table), 1.0 / len(table)) if weight is None else weight / total
        mean = share @ table
        table -= mean
        # The first mean is off by its rounding; the mean of what is left says by how much.
        left = share @ table
        table -= left
        return total, mean + left, self._of_rows(table, weight)

    def _count_in(self, count: int, weight: float, mean: Array) -> None:
        self.count += count
        self.weight += weight
        if self.weight > 0.0:
            self.mean = self.mean + (weight / self.weight) * (mean - self.mean)


class GramMoments(_CentredColumns):
    r"""Weight, means and centred products of the columns of [X y]: all that a descent on squared errors needs.

    .. math:: M = \sum_i s_i (z_i - \bar z)(z_i - \bar z)^T, \qquad z_i = [x_i\ y_i]

    Two states merge exactly: M = M₁ + M₂ + (S₁S₂/(S₁+S₂)) (z̄₂ - z̄₁)(z̄₂ - z̄₁)ᵀ, the rule of Chan, Golub and LeVeque
    for a matrix. After one pass every iterate of full-batch descent costs (columns)² operations, whatever the number
    of rows.

    Parameters
    ----------
    columns, targets
        The numbers of columns of X and of y.

    Notes
    -----
    T. Chan, G. Golub and R. LeVeque (1983), *The American Statistician* 37, 242-247, equation 2.1.
    """

    kind = "gram-moments"
    kept = "products"

    def __init__(self, columns: int, targets: int = 1) -> None:
        super().__init__(columns, targets)
        self.products: Array = np.zeros((columns + targets, columns + targets))

    def _seen(self, batch: Rows) -> tuple[float, Array, Array] | None:
        return in_a_loop(batch, self.targets) if worth_a_loop(batch, self.targets) else super()._seen(batch)

    def _of_rows(self, table: Array, weight: Array | None) -> Array:
        return table.T @ table if weight is None else table.T @ (weight[:, None] * table)

    def _add(self, count: int, weight: float, mean: Array, other: Array) -> None:
        products = self.products + other
        if self.weight > 0.0 and weight > 0.0:
            apart = mean - self.mean
            products += (self.weight * weight / (self.weight + weight)) * np.outer(apart, apart)
        self.products = products
        self._count_in(count, weight, mean)


class LeastSquares(_CentredColumns):
    r"""The triangular factor of the centred columns of [X y]: all that the exact least squares need.

    RᵀR is the matrix of centred products, but R comes from orthogonal transformations of the data and not from
    products, which would square the condition number: on NIST's Longley data that is the difference between 13 digits
    and 7. Two states merge as R = qr([R₁; R₂; √(S₁S₂/(S₁+S₂)) (z̄₂ - z̄₁)ᵀ]).

    Parameters
    ----------
    columns, targets
        The numbers of columns of X and of y.

    Notes
    -----
    G. Golub and C. Van Loan (2013), *Matrix Computations*, section 6.5 (updating a QR factorisation by rows).
    """

    kind = "least-squares"
    kept = "factor"

    def __init__(self, columns: int, targets: int = 1) -> None:
        super().__init__(columns, targets)
        self.factor: Array = np.zeros((0, columns + targets))

    def _of_rows(self, table: Array, weight: Array | None) -> Array:
        if weight is not None:
            table *= np.sqrt(weight)[:, None]
        return table

    def _add(self, count: int, weight: float, mean: Array, other: Array) -> None:
        parts = [self.factor, other]
        if self.weight > 0.0 and weight > 0.0:
            parts.append(np.sqrt(self.weight * weight / (self.weight + weight)) * (mean - self.mean)[None])
        self.factor = triangular(parts)
        self._count_in(count, weight, mean)


def triangular(parts: list[Array]) -> Array:
    """Return the upper triangular R with RᵀR the sum of the parts' PᵀP; at most as many rows as columns."""
    stacked = np.concatenate(parts)
    if len(stacked) >= TALL * stacked.shape[1]:
        factor = _by_products(stacked)
        if factor is not None:
            return factor
    (factor,) = linalg.qr(stacked, mode="r", overwrite_a=True, check_finite=False)[:1]
    return np.ascontiguousarray(factor[: stacked.shape[1]])


# From so many times as many rows as columns on the way by matrix products is the faster one.
TALL = 32
# Products square a condition number; up to here the second round repairs what that costs (its bound is about
# 1 / sqrt(64 ε) = 8·10⁶, Yamamoto and others, theorem 3.1), beyond it Householder's way is taken.
WELL_CONDITIONED = 1e6
# Products of shorter columns would fall among the subnormal numbers and lose digits.
LEAST_NORM = 1e-140


def _by_products(tall: Array) -> Array | None:
    """Return the triangular factor by Cholesky's method done twice, as exact as by reflections; None if unsafe.

    Notes
    -----
    Y. Yamamoto, Y. Nakatsukasa, Y. Yanagisawa and T. Fukaya (2015), *Electronic Transactions on Numerical Analysis* 44,
    306-326 (CholeskyQR2). The products are scaled to columns of unit norm, so that their units do not enter into it.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        products = tall.T @ tall
    norms = np.sqrt(np.diagonal(products))
    if not (np.isfinite(norms).all() and (norms > LEAST_NORM).all()):
        return None
    try:
        first = linalg.cholesky(products / np.outer(norms, norms), check_finite=False)
        if np.linalg.cond(first) > WELL_CONDITIONED:
            return None
        nearly = tall @ (solve_triangular(first, np.eye(len(first))) / norms[:, None])
        second = linalg.cholesky(nearly.T @ nearly, check_finite=False)
    except linalg.LinAlgError:
        return None
    return (second @ first) * norms
