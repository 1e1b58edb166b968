"""How near predictions come, to the last digit that the numbers allow: errors and sums of squared deviations.

Numbers may be large and lie close together, such as 10⁹ with a spread of 10⁻³. A prediction of one, rounded to a float,
is off by 10⁻⁷, which is a large part of such an error; so is the mean, which is no float as a rule.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from workings.arrays.sums import two_sum

__all__ = ["errors_of", "squared_deviations"]

Array = NDArray[np.float64]

# 2²⁷ + 1: a float times this, less the excess, is its upper half (Dekker 1971, section 5).
_HALVES = 134217729.0


def errors_of(X: Array, coefficients: Array, intercept: float, y: Array) -> Array:
    r"""Return the error of each row, :math:`b + \sum_j w_j x_{ij} - y_i`, rounded about once.

    Parameters
    ----------
    X, coefficients, intercept, y
        The rows, shape (rows, columns); the model; and the true numbers, shape (rows,).

    Notes
    -----
    Products and sums keep what they round off beside them, so that what cancels is not lost: the compensated dot
    product of T. Ogita, S. Rump and S. Oishi (2005), *SIAM Journal on Scientific Computing* 26, 1955-1988, algorithm
    5.3.

    Examples
    --------
    >>> import numpy as np
    >>> X, y = np.array([[1e9], [3e9]]), np.array([1e9, 3e9])
    >>> errors_of(X, np.array([1.0]), 1e-9, y).tolist()
    [1e-09, 1e-09]
    """
    total, lost = two_sum(np.full(len(y), float(intercept)), -y)
    for column, weight in zip(X.T, coefficients.tolist(), strict=True):
        product = column * weight
        total, rounded_off = two_sum(total, product)
        lost += rounded_off + _rounded_off_product(column, weight, product)
    return total + lost


def squared_deviations(y: Array, weight: Array | None = None) -> float:
    r"""Return :math:`\sum_i s_i (y_i - \bar y)^2`, as exact as the numbers allow.

    The mean is rounded to a float; what that adds to every deviation is taken off again.

    Parameters
    ----------
    y
        Finite numbers, shape (rows,): one at least.
    weight
        None counts every row once.

    Source
    ------
    T. Chan, G. Golub and R. LeVeque (1983), *The American Statistician* 37, 242-247, equation 1.7.

    Examples
    --------
    >>> import numpy as np
    >>> squared_deviations(np.array([1e9, 1e9 + 2**-10, 1e9 + 2**-9])) == 2 * 2**-20
    True
    """
    if y.min() == y.max():
        return 0.0
    of_each = np.ones(len(y)) if weight is None else weight
    size = math.fsum(of_each)
    deviations = y - math.fsum(of_each * (y / size))
    return max(0.0, math.fsum(of_each * deviations**2) - math.fsum(of_each * deviations) ** 2 / size)


def _rounded_off_product(column: Array, weight: float, product: Array) -> Array:
    """Return what was rounded off each product of a column and a number; 0 where that itself would overflow."""
    with np.errstate(over="ignore", invalid="ignore"):
        high, upper = _upper_half(column), float(_upper_half(np.array(weight)))
        low, lower = column - high, weight - upper
        off = low * lower - (((product - high * upper) - low * upper) - high * lower)
    return np.where(np.isfinite(off), off, 0.0)


def _upper_half(values: Array) -> Array:
    scaled = _HALVES * values
    return scaled - (scaled - values)
