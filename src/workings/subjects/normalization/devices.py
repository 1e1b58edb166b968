"""Tables of other array libraries: their moments and extremes, taken where they live.

Only what is known of each column, a few numbers, comes from there and goes back.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from array_api_compat import (
    array_namespace,
    device,
    is_array_api_obj,
    is_array_api_strict_namespace,
    is_numpy_array,
    is_torch_array,
    to_device,
)
from numpy.typing import NDArray

from workings.arrays.shared import shared_memory
from workings.subjects.normalization.blocks import column_extremes
from workings.subjects.normalization.summary import ColumnMoments, column_moments

__all__ = [
    "array_extremes",
    "array_moments",
    "beside",
    "float_dtypes",
    "is_elsewhere",
    "live_together",
    "scaled_elsewhere",
    "stretched_elsewhere",
    "to_numpy",
    "z_scores_elsewhere",
]


def is_elsewhere(values: Any) -> bool:
    """Return whether values are an array of another library than NumPy."""
    return not isinstance(values, np.ndarray) and is_array_api_obj(values) and not is_numpy_array(values)


def live_together(first: Any, second: Any) -> bool:
    """Return whether two arrays are of one library and on one device; what is no array counts as NumPy's."""
    if not (is_elsewhere(first) and is_elsewhere(second)):
        return not is_elsewhere(first) and not is_elsewhere(second)
    return array_namespace(first) == array_namespace(second) and device(first) == device(second)


def float_dtypes(like: Any) -> list[Any]:
    """Return the dtypes of real numbers that an array's library has on its device, the widest first."""
    xp: Any = array_namespace(like)
    known = xp.__array_namespace_info__().dtypes(kind="real floating", device=device(like))
    found = [known[name] for name in ("float64", "float32") if name in known]
    return [*found, xp.float16] if hasattr(xp, "float16") else found


def beside(like: Any, values: NDArray[Any], dtype: Any = None) -> Any:
    """Return NumPy values as an array of another one's library on its device, in the widest dtype there or ``dtype``.

    Beside what is no array, or NumPy's, they stay NumPy's.
    """
    if not is_elsewhere(like):
        return values if dtype is None else values.astype(dtype)
    xp: Any = array_namespace(like)
    return xp.astype(xp.asarray(values, device=device(like)), float_dtypes(like)[0] if dtype is None else dtype)


def to_numpy(values: Any) -> NDArray[Any]:
    """Return an array of any library as NumPy's."""
    if not is_elsewhere(values):
        return np.asarray(values)
    if is_torch_array(values):
        values = values.detach()
    xp: Any = array_namespace(values)
    # The strict library names its devices otherwise, and begins on the one that NumPy can read.
    home = xp.__array_namespace_info__().default_device() if is_array_api_strict_namespace(xp) else "cpu"
    return np.asarray(to_device(values, home))


def array_extremes(X: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the least and the greatest value of each column, in the table's dtype; NaN where no value was seen."""
    view = shared_memory(X)
    if view is not None:
        return column_extremes(view)
    xp: Any = array_namespace(X)
    missing = xp.isnan(X)
    infinity = xp.asarray(float("inf"), dtype=X.dtype, device=device(X))
    low = to_numpy(xp.min(xp.where(missing, infinity, X), axis=0))
    high = to_numpy(xp.max(xp.where(missing, -infinity, X), axis=0))
    unseen = low > high
    return np.where(unseen, low.dtype.type(np.nan), low), np.where(unseen, high.dtype.type(np.nan), high)


def array_moments(X: Any, weight: NDArray[np.float64] | None = None) -> ColumnMoments:
    """Return the moments of rows, shape (rows, columns), by the corrected two passes in the widest dtype there is."""
    view = shared_memory(X)
    if view is not None:
        return column_moments(view, weight)
    xp: Any = array_namespace(X)
    state = ColumnMoments(X.shape[1])
    state.rows = X.shape[0]
    state.minimum, state.maximum = (each.astype(np.float64) for each in array_extremes(X))
    values = xp.astype(X, float_dtypes(X)[0])
    missing = xp.isnan(values)
    zero, one = (xp.asarray(each, dtype=values.dtype, device=device(values)) for each in (0.0, 1.0))
    weights = xp.where(missing, zero, one if weight is None else beside(X, weight)[:, None])
    total = xp.sum(weights, axis=0)
    divisor = xp.where(total > 0, total, one)
    # Divided before they are added: the sum of two values near 1e308 is infinite, their mean is not.
    mean = xp.sum(weights * (xp.where(missing, zero, values) / divisor), axis=0)
    apart = xp.where(missing, zero, values - mean)
    left = xp.sum(weights * apart, axis=0) / divisor
    squares = xp.sum(weights * apart**2, axis=0) - divisor * left**2
    state.count = state.rows - to_numpy(xp.sum(xp.astype(missing, xp.int64), axis=0))
    state.weight, state.mean = to_numpy(total).astype(np.float64), to_numpy(mean + left).astype(np.float64)
    state.squares = np.maximum(to_numpy(squares).astype(np.float64), 0.0)
    return state


def scaled_elsewhere(X: Any, shift: NDArray[Any] | None, divisor: NDArray[Any] | None, *, in_place: bool) -> Any:
    """Return (x - shift) / divisor of each value in the widest dtype of the device, rounded once to the table's."""
    xp: Any = array_namespace(X)
    values = xp.astype(X, float_dtypes(X)[0], copy=False)
    below = 0.0 if shift is None else beside(X, shift)
    by = 1.0 if divisor is None else beside(X, divisor)
    result = xp.astype((values - below) / by, X.dtype, copy=False)
    if not in_place:
        return result
    X[...] = result
    return X


def stretched_elsewhere(xp: Any, X: Any, axis: int | None, low: float, high: float) -> Any:
    """Return each column along the axis stretched to the range from ``low`` to ``high``; X is finite or NaN."""
    missing = xp.isnan(X)
    infinity = xp.asarray(float("inf"), dtype=X.dtype, device=device(X))
    least = xp.min(xp.where(missing, infinity, X), axis=axis, keepdims=True)
    greatest = xp.max(xp.where(missing, -infinity, X), axis=axis, keepdims=True)
    # Halved, where the difference of the ends would be no float.
    one = xp.ones_like(least)
    unit = xp.where(greatest / 4 - least / 4 > float(xp.finfo(X.dtype).max) / 8, one / 2, one)
    least = least * unit
    spread = greatest * unit - least
    return (X * unit - least) / xp.where(spread > 0, spread, one) * (high - low) + low


def z_scores_elsewhere(xp: Any, X: Any, axis: int | None, ddof: int) -> tuple[Any, float]:
    """Return the z-scores of each column along the axis, and how many values the column with the fewest has.

    Columns without a value do not count. Single precision is computed in double, where the device has it.
    """
    values = xp.astype(X, float_dtypes(X)[0], copy=False)
    missing = xp.isnan(values)
    zero = xp.asarray(0.0, dtype=values.dtype, device=device(values))
    known = xp.where(missing, zero, values)
    one = xp.ones_like(xp.sum(known, axis=axis, keepdims=True))
    # By a power of two, exactly: neither may the squares leave the floats' range, nor fall below it.
    peak, exponent = xp.max(xp.abs(known), axis=axis, keepdims=True), _most_exponent(xp, values.dtype)
    far, near = one * 2.0 ** (2 * exponent // 5), one * 2.0 ** (-2 * exponent // 5)
    unit = xp.where(peak > far, one * 2.0 ** (-3 * exponent // 5), one)
    unit = xp.where(peak < near, one * 2.0 ** (3 * exponent // 5), unit)
    known, values = known * unit, values * unit
    count = xp.sum(xp.astype(~missing, values.dtype), axis=axis, keepdims=True)
    divisor = xp.where(count > 0, count, one)
    mean = xp.sum(known, axis=axis, keepdims=True) / divisor
    # The first mean is off by its rounding; the mean of what is left says by how much.
    mean = mean + xp.sum(xp.where(missing, zero, values - mean), axis=axis, keepdims=True) / divisor
    apart = xp.where(missing, zero, values - mean)
    fewest = float(xp.min(xp.where(count > 0, count, one * (ddof + 1))))
    squares, eps = xp.sum(apart**2, axis=axis, keepdims=True), float(xp.finfo(values.dtype).eps)
    # The bound of compute.varies: what rounding leaves of a column that is constant.
    constant = squares / divisor <= eps * squares + (count * mean * eps) ** 2
    variance = squares / xp.where(count > ddof, count - ddof, one)
    z = (values - mean) / xp.sqrt(xp.where(constant, one, variance))
    return xp.astype(z, X.dtype, copy=False), fewest


def _most_exponent(xp: Any, dtype: Any) -> int:
    """Return the exponent beyond which a number of this dtype is infinite: 1024 of float64."""
    return math.frexp(float(xp.finfo(dtype).max))[1]
