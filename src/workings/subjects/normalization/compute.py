"""Normalisation of arrays: every column to one range, or to mean 0 and deviation 1."""

from __future__ import annotations

import math
from typing import Any, cast

import numpy as np
from array_api_compat import array_namespace, is_array_api_obj, is_numpy_array
from numpy.typing import NDArray

from workings.arrays import native, not_numbers
from workings.arrays.frames import as_frame, computed_frame
from workings.arrays.shared import as_tensor, numpy_views
from workings.errors import InputError
from workings.language import message
from workings.subjects.normalization.blocks import column_extremes, scaled
from workings.subjects.normalization.devices import stretched_elsewhere, z_scores_elsewhere
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
        Real numbers, any shape: NumPy, a list, any array of the array API (PyTorch, CuPy, ...), or a data frame or
        series (pandas, Polars, PyArrow and what else narwhals knows).
    feature_range
        (a, b), a < b.
    axis
        The axis along which minimum and maximum are taken: 0 for each column of a table; None for all values together.

    Returns
    -------
    array
        Same shape and kind; float32 stays float32, integers become float64. The minimum comes out as exactly a and the
        maximum, where a = 0, as exactly b. NaN stays NaN and does not count. A column without variation comes out as a.
        Of a frame the names and the index are kept, and what is missing stays missing.

    Raises
    ------
    InputError
        If X is not numbers, is sparse or has infinite values, the axis does not exist, or ``feature_range`` is not a
        pair a < b of finite numbers.

    Examples
    --------
    >>> import workings as wk
    >>> wk.min_max_normalize([[0.5, 20.0], [1.0, 3000.0], [0.0, 1510.0]])
    array([[0.5, 0. ],
           [1. , 1. ],
           [0. , 0.5]])
    """
    low, high = checked_range(feature_range, function="min_max_normalize")
    frame = as_frame(X, function="min_max_normalize")
    if frame is not None:
        return computed_frame(
            frame, lambda values: min_max_normalize(values, feature_range, axis), function="min_max_normalize"
        )
    shared = numpy_views(X)
    if shared:
        return as_tensor(min_max_normalize(shared[0], feature_range, axis))
    xp, values, axis = _checked(X, axis, function="min_max_normalize")
    if values.size == 0:
        return values
    if xp is np or is_numpy_array(values):
        return _stretched(values, axis, low, high)
    return stretched_elsewhere(xp, values, axis, low, high)


def z_score_normalize(X: Any, /, axis: int | None = 0, ddof: int = 0) -> Any:
    r"""Give each column mean 0 and standard deviation 1.

    .. math:: z = \frac{x - \bar x}{s}, \qquad s^2 = \frac{1}{n - \text{ddof}} \sum_i (x_i - \bar x)^2

    Parameters
    ----------
    X
        As in :func:`min_max_normalize`.
    axis
        The axis along which mean and deviation are taken: 0 for each column of a table; None for all values together.
    ddof
        0 divides the squares by n (as scikit-learn's scaler), 1 by n - 1 (the sample's deviation).

    Returns
    -------
    array
        Same shape and kind, frames too; float32 stays float32, integers become float64. NaN stays NaN and does not
        count. A column without variation comes out as 0.

    Raises
    ------
    InputError
        If X is not numbers, is sparse or has infinite values, the axis does not exist, or ``ddof`` is no number or
        leaves nothing to divide by.

    Examples
    --------
    >>> import workings as wk
    >>> wk.z_score_normalize([[1.0, 20.0], [3.0, 3000.0]])
    array([[-1., -1.],
           [ 1.,  1.]])
    """
    if not isinstance(cast("object", ddof), int | float | np.number):
        raise InputError(
            message("{function}: ddof must be a number; got {got}", function="z_score_normalize", got=repr(ddof))
        )
    frame = as_frame(X, function="z_score_normalize")
    if frame is not None:
        return computed_frame(frame, lambda values: z_score_normalize(values, axis, ddof), function="z_score_normalize")
    shared = numpy_views(X)
    if shared:
        return as_tensor(z_score_normalize(shared[0], axis, ddof))
    xp, values, axis = _checked(X, axis, function="z_score_normalize")
    if values.size == 0:
        return values
    if xp is np or is_numpy_array(values):
        return _z_scores(values, axis, ddof)
    z, fewest = z_scores_elsewhere(xp, values, axis, ddof)
    _check_ddof(fewest, ddof)
    return z


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


def _stretched(X: NDArray[Any], axis: int | None, low: float, high: float) -> NDArray[Any]:
    columns = _columns(X, axis)
    least, greatest = column_extremes(columns)
    _refuse_infinite(least, greatest, function="min_max_normalize")
    power = _power(least, greatest, X.dtype)
    if power.any():
        columns, least, greatest = (np.ldexp(each, power) for each in (columns, least, greatest))
    spread = greatest - least
    # Divided, not multiplied by a reciprocal: x/x is exactly 1, where 49 * (1/49) is not.
    result = scaled(columns, least, np.where(spread > 0, spread, X.dtype.type(1)))
    if high - low != 1:
        result *= high - low
    if low != 0:
        result += low
    return _in_shape(result, X.shape, axis)


def _z_scores(X: NDArray[Any], axis: int | None, ddof: int) -> NDArray[Any]:
    columns = _columns(X, axis)
    moments = column_moments(columns)
    _refuse_infinite(moments.minimum, moments.maximum, function="z_score_normalize")
    power = _power(moments.minimum, moments.maximum, X.dtype)
    if power.any():
        columns = np.ldexp(columns, power)
        moments = column_moments(columns)
    _check_ddof(float(np.where(moments.count > 0, moments.count, np.inf).min()), ddof)
    spread = np.where(varies(moments), np.sqrt(moments.variance(ddof)), 1.0)
    return _in_shape(scaled(columns, moments.mean, spread), X.shape, axis)


def _columns(X: NDArray[Any], axis: int | None) -> NDArray[Any]:
    """Return an array as a table whose columns run along the axis."""
    return X.reshape(-1, 1) if axis is None else np.moveaxis(X, axis, 0).reshape(X.shape[axis], -1)


def _in_shape(columns: NDArray[Any], shape: tuple[int, ...], axis: int | None) -> NDArray[Any]:
    """Return the columns as an array of the shape that they were taken from."""
    if axis is None:
        return columns.reshape(shape)
    rest = shape[:axis] + shape[axis + 1 :]
    return np.moveaxis(columns.reshape(shape[axis], *rest), 0, axis)


def _refuse_infinite(least: NDArray[Any], greatest: NDArray[Any], *, function: str) -> None:
    if np.isinf(least).any() or np.isinf(greatest).any():
        raise _infinite(function)


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
    if hasattr(X, "toarray") and hasattr(X, "nnz"):
        raise InputError(
            message(
                "{function}: X must be dense, for its zeros become other numbers; got a sparse {kind}; X.toarray() "
                "makes it so",
                function=function,
                kind=type(X).__name__,
            )
        )
    values: Any = X if is_array_api_obj(X) else np.asarray(X)
    xp: Any = array_namespace(values)
    if not xp.isdtype(values.dtype, ("real floating", "integral", "bool")):
        raise not_numbers(values.dtype, function=function, argument="X")
    if is_numpy_array(values):
        values = _plain(values)
    elif not xp.isdtype(values.dtype, "real floating"):
        values = xp.astype(values, xp.float64)
    if axis is not None and (
        not isinstance(cast("object", axis), int | np.integer) or not -values.ndim <= axis < values.ndim
    ):
        raise InputError(
            message(
                "{function}: axis must be an axis of X, of which it has {count}; got {axis}",
                function=function,
                count=values.ndim,
                axis=axis,
            )
        )
    if not is_numpy_array(values) and bool(xp.any(xp.isinf(values))):
        raise _infinite(function)
    return xp, values, axis if axis is None else axis % values.ndim


def _plain(X: NDArray[Any]) -> NDArray[Any]:
    """Return floats in this machine's byte order; what is masked is missing."""
    kind = X.dtype if X.dtype.kind == "f" else np.dtype(np.float64)
    values = np.ma.filled(X.astype(kind), np.nan) if np.ma.isMaskedArray(X) else np.asarray(X)
    return native(values.astype(kind, copy=False))


def _infinite(function: str) -> InputError:
    return InputError(
        message(
            "{function}: X must not hold infinity, which has no place on a scale; drop or cap those values first",
            function=function,
        )
    )


def checked_range(feature_range: tuple[float, float], *, function: str) -> tuple[float, float]:
    """Return the ends of a range.

    Raises
    ------
    InputError
        If they are not two finite numbers, the first the smaller, or what lies between is beyond the floats.
    """
    try:
        low, high = map(float, feature_range)
    except (TypeError, ValueError):
        low, high = math.nan, math.nan
    if not (-math.inf < low < high < math.inf and high - low < math.inf):
        raise InputError(
            message(
                "{function}: feature_range must be a pair of numbers with the minimum of desired feature range smaller "
                "than the maximum; got {value}; try (0, 1)",
                function=function,
                value=str(feature_range),
            )
        )
    return low, high


def _check_ddof(count: float, ddof: int) -> None:
    if count <= ddof:
        raise InputError(
            message(
                "{function}: ddof must be less than the number of values in every column; got ddof {ddof} where that "
                "number is {count:g}; try ddof=0",
                function="z_score_normalize",
                ddof=ddof,
                count=count,
            )
        )
