"""How well rows tell the coefficients of a log-loss apart: their standard errors, from its curvature at the minimum."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from workings.arrays.blas import solve_triangular
from workings.subjects.regression.log_loss import LogLoss
from workings.subjects.regression.rows import Fold

__all__ = ["standard_errors_of"]

Array = NDArray[np.float64]


def standard_errors_of(fold: Fold, parameters: Array, columns: int) -> Array:
    r"""Return the standard errors of coefficients that maximise the likelihood, by one pass over the rows.

    .. math:: \sqrt{\operatorname{diag} I^{-1}}, \qquad I = \sum_i s_i\, p_i (1 - p_i)\, z_i z_i^T

    I is the observed information, the matrix of second derivatives of the log-loss's sum, and z a row with a 1 for the
    intercept. A weight says how often a row counts; that a row counts with a part of its weight only is the same here.

    Parameters
    ----------
    fold
        One pass over the data; y holds the number of each row's class, from 0.
    parameters
        Where the log-loss without a penalty is least, shape (outputs, columns) or with the intercept last.
    columns
        The number of columns of X.

    Returns
    -------
    array
        Shape (outputs, columns + 1), the intercept's last (NaN where there is none); NaN where columns depend on each
        other.

    Notes
    -----
    B. Efron and D. Hinkley (1978), *Biometrika* 65, 457-487, on the observed information.
    """
    second = fold(lambda: LogLoss(parameters, columns, curvature=True)).second
    if second is None:
        raise TypeError("this fold let go of the curvature")
    errors = np.full((len(parameters), columns + 1), np.nan)
    for found, information in zip(errors, second, strict=True):
        found[: parameters.shape[1]] = np.sqrt(_diagonal_of_inverse(information))
    return errors


def _diagonal_of_inverse(information: Array) -> Array:
    """Return the diagonal of the inverse of a matrix that has one, else NaN."""
    undefined = np.full(len(information), np.nan)
    # Scaled to a unit diagonal first, so that columns in different units do not look dependent.
    size = np.sqrt(np.diagonal(information))
    if not (np.isfinite(size).all() and (size > 0.0).all()):
        return undefined
    try:
        factor = linalg.cholesky(information / np.outer(size, size), check_finite=False)
    except linalg.LinAlgError:
        return undefined
    if np.diagonal(factor).min() ** 2 <= 16 * np.finfo(float).eps * len(size):
        return undefined
    inverse = solve_triangular(factor, np.eye(len(size)))
    return (inverse**2).sum(axis=1) / size**2
