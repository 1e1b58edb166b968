"""The exact least squares, from the triangular factor of the centred columns."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from workings.arrays.blas import solve_triangular
from workings.subjects.regression.summary import LeastSquares, triangular

__all__ = ["LeastSquaresSolution", "solve"]

Array = NDArray[np.float64]

# A factor of a larger condition would bring the rounding of the normal equations in, which is squared there.
_WELL_APART = 1e7


@dataclass(frozen=True, eq=False)
class LeastSquaresSolution:
    """The coefficients that make the sum of squared errors (and penalty) least.

    Parameters
    ----------
    coef
        Shape (targets, columns).
    intercept
        Shape (targets,); zero where none was asked for.
    rank
        The number of columns that do not depend on the others; with a penalty, of those without it.
    squared_errors
        The sum of squared errors of each target, shape (targets,).
    standard_errors
        Of the coefficients, shape (targets, columns + 1), the intercept's last (NaN where there is none): the square
        roots of the diagonal of s²(XᵀX)⁻¹ with s² = squared errors / (rows - parameters). NaN where the rank is
        deficient, there are no rows to spare, or there is a penalty.
    """

    coef: Array
    intercept: Array
    rank: int
    squared_errors: Array
    standard_errors: Array


def solve(
    state: LeastSquares,
    *,
    alpha: float = 0.0,
    fit_intercept: bool = True,
    ended: tuple[Array, Array] | None = None,
) -> LeastSquaresSolution:
    r"""Return the least squares of what ``state`` has seen.

    .. math:: \min_{W, b} \sum_i s_i \lVert y_i - W x_i - b \rVert^2 + α \lVert W \rVert^2

    Parameters
    ----------
    state
        The merged factor.
    alpha
        The penalty α >= 0; the intercept is not penalised.
    fit_intercept
        Whether b is fitted; else it is 0.
    ended
        Coefficients and intercept that a descent has ended at, shapes (targets, columns) and (targets,): they stand in
        place of the least squares, and the errors are those that they leave.

    Notes
    -----
    Where columns depend on each other, the coefficients of the least norm among all that fit equally well are given.
    Dependence is judged on columns of unit norm, so that units do not enter into it.
    """
    p = state.columns
    parts = [state.factor]
    if not fit_intercept:
        parts.append(np.sqrt(state.weight) * state.mean[None])
    factor = triangular(parts)
    full = factor
    if alpha != 0.0:
        # The larger rows stand first: reflections lose what is far smaller above what is large (Cox and Higham 1998).
        rows = np.concatenate([factor, np.sqrt(alpha) * np.eye(p, p + state.targets)])
        full = triangular([rows[np.argsort(-np.abs(rows[:, :p]).max(axis=1, initial=0.0), kind="stable")]])
    X, Y = full[:, :p], full[:, p:]
    norms = _column_norms(state, factor[:, :p], centred=fit_intercept)
    rank = _rank(factor[:, :p], norms)
    used = p if alpha > 0.0 else rank
    coef = solve_triangular(X[:p], Y[:p]) if used == p else _least_norm(X, Y, norms, rank)
    ends = np.abs(np.diagonal(X[:p]))
    if alpha > 0.0 and ends.max(initial=0.0) <= _WELL_APART * ends.min(initial=math.inf):
        # A coefficient far smaller than another gets its own digits by one step on the normal equations (Björck 1987).
        left = factor[:, :p].T @ (factor[:, p:] - factor[:, :p] @ coef) - alpha * coef
        coef = coef + linalg.cho_solve((X[:p], False), left, check_finite=False)
    coef = np.ascontiguousarray(coef.T)
    intercept = state.mean[p:] - coef @ state.mean[:p] if fit_intercept else np.zeros(state.targets)
    astray = np.zeros(state.targets)
    if ended is not None:
        coef, intercept = ended
        # All rows lie, in the mean, so far from their predictions; without an intercept that stands in the factor.
        astray = state.mean[p:] - coef @ state.mean[:p] - intercept if fit_intercept else astray
    errors = ((factor[:, p:] - factor[:, :p] @ coef.T) ** 2).sum(axis=0) + state.weight * astray**2
    spare = state.count - p - fit_intercept
    standard = np.full((state.targets, p + 1), np.nan)
    if rank == p and alpha == 0.0 and spare > 0:
        standard = np.sqrt(np.outer(errors / spare, _spreads(state, X[:p], fit_intercept)))
    return LeastSquaresSolution(coef, intercept, rank, errors, standard)


def _column_norms(state: LeastSquares, X: Array, *, centred: bool) -> Array:
    """Return the norm of each column, with 0 for one that is constant up to the rounding of its mean."""
    norms = np.sqrt((X**2).sum(axis=0))
    if centred:
        rounding = 4 * np.finfo(float).eps * np.sqrt(state.weight) * np.abs(state.mean[: state.columns])
        norms[norms <= rounding] = 0.0
    return norms


def _rank(X: Array, norms: Array) -> int:
    varying = norms > 0.0
    if not varying.any() or not len(X):
        return 0
    diagonal = np.abs(np.diagonal(_pivoted(X[:, varying] / norms[varying])[0]))
    return int((diagonal > _negligible(X.shape[1]) * diagonal[0]).sum())


def _least_norm(X: Array, Y: Array, norms: Array, rank: int) -> Array:
    """Return the coefficients of least norm, shape (columns, targets), by a complete orthogonal decomposition."""
    coef = np.zeros((X.shape[1], Y.shape[1]))
    varying = np.flatnonzero(norms)
    if rank == 0:
        return coef
    factor, order, rotated = _pivoted(X[:, varying] / norms[varying], Y)
    # The first rows of the factor are a basis of the row space; in the columns' own units it is factor * norms.
    basis = factor[:rank] * norms[varying][order]
    Q, R = cast("tuple[Array, Array]", linalg.qr(basis.T, mode="economic", check_finite=False))
    coef[varying[order]] = Q @ solve_triangular(R.T, rotated[:rank], lower=True)
    return coef


def _pivoted(X: Array, Y: Array | None = None) -> tuple[Array, NDArray[np.intp], Array]:
    Q, R, order = cast(
        "tuple[Array, Array, NDArray[np.intp]]", linalg.qr(X, mode="economic", pivoting=True, check_finite=False)
    )
    return R, order, np.zeros((0, 0)) if Y is None else Q.T @ Y


def _negligible(columns: int) -> float:
    # A column that is the sum of k others leaves about k roundings of unit size after elimination.
    return 16 * np.finfo(float).eps * (columns + 4)


def _spreads(state: LeastSquares, X: Array, fit_intercept: bool) -> Array:
    """Return the diagonal of (ZᵀSZ)⁻¹, the intercept's entry last, NaN where there is none."""
    p = state.columns
    inverse = solve_triangular(X, np.eye(p))
    spread = np.empty(p + 1)
    spread[:p] = (inverse**2).sum(axis=1)
    mean = inverse.T @ state.mean[:p]
    spread[p] = 1.0 / state.weight + float(mean @ mean) if fit_intercept else np.nan
    return spread
