"""Normalisation of arrays: every column to one range, or to mean 0 and deviation 1."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from array_api_compat import array_namespace, is_array_api_obj, is_numpy_array
from numpy.typing import NDArray

from workings.arrays import native, not_numbers
from workings.errors import InputError
from workings.language import message
from workings.subjects.normalization.summary import ColumnMoments, column_moments

__all__ = ["checked_range", "divisor_of", "min_max_normalize", "varies", "z_score_normalize"]

# Beyond 2^480 a square leaves float64's range, and below 2^-480 it is 0; beyond 3/4 of the exponents of a smaller
# format a difference or a deviation leaves that format's.
_LARGEST_EXPONENT = 480


def min_max_normalize(X: Any, /, feature_range: tuple[float, float] = (0, 1), axis: int | None = 0) -> Any:
    r"""Stretch each column to a range, by default 0 to 1.

    .. math:: x' = a + \frac{x - \min x}{\max x - \min x} (b - a)

    Parameters
    ----------
    X
        Real numbers, any shape: NumPy, a list, or any array of the array API (PyTorch, CuPy, ...).
    feature_range
        (a, b), a < b.
    axis
        The axis along which minimum and maximum are taken: 0 for each column of a table; None for all values together.

    Returns
    -------
    array
        Same shape and kind; float32 stays float32, integers become float64. The minimum comes out as exactly a and the
        maximum, where a = 0, as exactly b. NaN stays NaN and does not count. A column without variation comes out as a.

    Raises
    ------
    InputError
        If X is not numbers or has infinite values, the axis does not exist, or ``feature_range`` is not a pair a < b of
        finite numbers.

    Examples
    --------
    >>> import workings as wk
    >>> wk.min_max_normalize([[0.5, 20.0], [1.0, 3000.0], [0.0, 1510.0]])
    array([[0.5, 0. ],
           [1. , 1. ],
           [0. , 0.5]])
    """
    low, high = checked_range(feature_range, function="min_max_normalize")
    xp, values, axis = _checked(X, axis, function="min_max_normalize")
    if values.size == 0:
        return values
    missing = xp.isnan(values)
    infinity = xp.asarray(float("inf"), dtype=values.dtype)
    least = xp.min(xp.where(missing, infinity, values), axis=axis, keepdims=True)
    greatest = xp.max(xp.where(missing, -infinity, values), axis=axis, keepdims=True)
    if xp is np or is_numpy_array(values):
        power = _power(least, greatest, values.dtype)
        values, least, greatest = (np.ldexp(each, power) if power.any() else each for each in (values, least, greatest))
    spread = greatest - least
    spread = xp.where(spread > 0, spread, xp.ones_like(spread))
    # Divided, not multiplied by a reciprocal: x/x is exactly 1, where 49 * (1/49) is not.
    return (values - least) / spread * (high - low) + low


def z_score_normalize(X: Any, /, axis: int | None = 0, ddof: int = 0) -> Any:
    r"""Give each column mean 0 and standard deviation 1.

    .. math:: z = \frac{x - \bar x}{s}, \qquad s^2 = \frac{1}{n - \text{ddof}} \sum_i (x_i - \bar x)^2

    Parameters
    ----------
    X
        Real numbers, any shape: NumPy, a list, or any array of the array API (PyTorch, CuPy, ...).
    axis
        The axis along which mean and deviation are taken: 0 for each column of a table; None for all values together.
    ddof
        0 divides the squares by n (as scikit-learn's scaler), 1 by n - 1 (the sample's deviation).

    Returns
    -------
    array
        Same shape and kind; float32 stays float32, integers become float64. NaN stays NaN and does not count. A column
        without variation comes out as 0.

    Raises
    ------
    InputError
        If X is not numbers or has infinite values, the axis does not exist, or ``ddof`` leaves nothing to divide by.

    Examples
    --------
    >>> import workings as wk
    >>> wk.z_score_normalize([[1.0, 20.0], [3.0, 3000.0]])
    array([[-1., -1.],
           [ 1.,  1.]])
    """
    xp, values, axis = _checked(X, axis, function="z_score_normalize")
    if values.size == 0:
        return values
    if xp is np or is_numpy_array(values):
        return _z_scores(values, axis, ddof)
    missing = xp.isnan(values)
    zero = xp.zeros_like(values)
    count = xp.sum(xp.astype(~missing, values.dtype), axis=axis, keepdims=True)
    mean = xp.sum(xp.where(missing, zero, values), axis=axis, keepdims=True) / count
    # The first mean is off by its rounding; the mean of what is left says by how much.
    mean = mean + xp.sum(xp.where(missing, zero, values - mean), axis=axis, keepdims=True) / count
    deviation = xp.where(missing, zero, values - mean)
    _check_ddof(float(xp.min(xp.where(count > 0, count, ddof + 1))), ddof)
    spread = xp.sqrt(xp.sum(deviation**2, axis=axis, keepdims=True) / (count - ddof))
    rounding = xp.finfo(values.dtype).eps * xp.abs(mean) * count
    spread = xp.where(spread > rounding, spread, xp.ones_like(spread))
    return (values - mean) / spread


def varies(moments: ColumnMoments) -> NDArray[np.bool_]:
    """Return which columns vary by more than the rounding of their mean.

    Notes
    -----
    The bound is that of the two-pass algorithm, n ε s² + (n x̄ ε)² (Chan, Golub and LeVeque 1983, equation 1.6), which
    scikit-learn takes too. A column of which nothing was seen counts as varying: its scale is NaN.
    """
    eps = float(np.finfo(np.float64).eps)
    with np.errstate(over="ignore"):
        variance = moments.variance()
        return ~(variance <= moments.weight * eps * variance + (moments.weight * moments.mean * eps) ** 2)


def divisor_of(spread: NDArray[Any]) -> NDArray[Any]:
    """Return what a scaler divides each column by: its range, or 1 where that is below ten roundings of 1.

    The bound is scikit-learn's, in the range's own dtype.
    """
    return np.where(spread < 10 * np.finfo(spread.dtype).eps, spread.dtype.type(1), spread)


def _z_scores(X: NDArray[Any], axis: int | None, ddof: int) -> NDArray[Any]:
    columns = X.reshape(-1, 1) if axis is None else np.moveaxis(X, axis, 0).reshape(X.shape[axis], -1)
    moments = column_moments(columns)
    power = _power(moments.minimum, moments.maximum, X.dtype)
    if power.any():
        columns = np.ldexp(columns, power)
        moments = column_moments(columns)
    _check_ddof(float(np.where(moments.count > 0, moments.count, ddof + 1).min()), ddof)
    spread = np.where(varies(moments), np.sqrt(moments.variance(ddof)), 1.0)
    z = (columns - moments.mean.astype(X.dtype)) / spread.astype(X.dtype)
    return z.reshape(X.shape) if axis is None else np.moveaxis(z.reshape(np.moveaxis(X, axis, 0).shape), 0, axis)


def _power(least: NDArray[Any], greatest: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[np.intc]:
    """Return by which power of two to multiply each column: 0, but for one so large or small that squares are lost.

    Neither a z-score nor a place between minimum and maximum changes with the column's unit. Left as they are, 1e200
    and -1e200 have an infinite variance, and 0 and 1e-200 none.
    """
    peak = np.fmax(np.abs(least), np.abs(greatest))
    exponent = np.frexp(np.where(np.isfinite(peak), peak, 0.0))[1]
    most = min(_LARGEST_EXPONENT, 3 * np.finfo(dtype).maxexp // 4)
    return np.where(np.abs(exponent) > most, -exponent, 0).astype(np.intc)


def _checked(X: Any, axis: int | None, *, function: str) -> tuple[Any, Any, int | None]:
    """Return the namespace, X as floating point, and the axis counted from the front."""
    values: Any = X if is_array_api_obj(X) else np.asarray(X)
    xp: Any = array_namespace(values)
    if not (
        xp.isdtype(values.dtype, "real floating")
        or xp.isdtype(values.dtype, "integral")
        or xp.isdtype(values.dtype, "bool")
    ):
        raise not_numbers(values.dtype, function=function, argument="X")
    if is_numpy_array(values):
        values = native(values)
    if not xp.isdtype(values.dtype, "real floating"):
        values = xp.astype(values, xp.float64)
    if axis is not None and not -values.ndim <= axis < values.ndim:
        raise InputError(
            message(
                "{function}: axis must be one of the {count} axes of X; got {axis}",
                function=function,
                count=values.ndim,
                axis=axis,
            )
        )
    if bool(xp.any(xp.isinf(values))):
        raise InputError(
            message(
                "{function}: X must not hold infinity, which has no place on a scale; drop or cap those values first",
                function=function,
            )
        )
    return xp, values, axis if axis is None else axis % values.ndim


def checked_range(feature_range: tuple[float, float], *, function: str) -> tuple[float, float]:
    """Return the ends of a range.

    Raises
    ------
    InputError
        If they are not two finite numbers, the first the smaller.
    """
    if len(feature_range) != 2 or not -math.inf < feature_range[0] < feature_range[1] < math.inf:
        raise InputError(
            message(
                "{function}: feature_range must be a pair of numbers with the minimum of desired feature range smaller "
                "than the maximum; got {value}; try (0, 1)",
                function=function,
                value=str(feature_range),
            )
        )
    return float(feature_range[0]), float(feature_range[1])


def _check_ddof(count: float, ddof: int) -> None:
    if count <= ddof:
        raise InputError(
            message(
                "{function}: ddof must be less than the number of values in every column; got ddof {ddof} for "
                "{count:g} values; try ddof=0",
                function="z_score_normalize",
                ddof=ddof,
                count=count,
            )
        )
