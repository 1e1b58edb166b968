"""Input checks for the public doors: what was found, what was expected, what to try. What is inside trusts them."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.errors import InputError
from workings.language import message

__all__ = [
    "as_labels",
    "as_matrix",
    "as_row_weights",
    "as_vector",
    "as_weights",
    "check_same_length",
    "missing",
    "native",
    "not_numbers",
    "without_gradient",
]

_LEAST_TOTAL, _MOST_TOTAL = 1e-150, 1e150


def as_vector(values: ArrayLike, *, function: str, argument: str, finite: bool = True) -> NDArray[Any]:
    """Return ``values`` as a one-dimensional array of real numbers, without a copy where none is needed.

    A column vector (n, 1) is taken as its column. Floats keep their dtype; integers and booleans stay as they are; the
    bytes are in this machine's order, which the compiled loops need. What is masked is NaN.

    Raises
    ------
    InputError
        If the values are not real numbers, not one-dimensional, or (with ``finite``) NaN or infinite.
    """
    array = _one_column(_unmasked(values, float, np.nan), function=function, argument=argument)
    return _checked_numbers(array, function=function, argument=argument, finite=finite)


def as_matrix(values: ArrayLike, *, function: str, argument: str, finite: bool = True) -> NDArray[Any]:
    """Return ``values`` as a two-dimensional array of real numbers (rows, columns).

    Raises
    ------
    InputError
        As :func:`as_vector`, for two dimensions.
    """
    array = native(_as_numpy(_unmasked(values, float, np.nan), function=function, argument=argument))
    if array.ndim != 2:
        raise InputError(
            message(
                "{function}: {argument} must have two dimensions (rows, columns); got shape {shape}; "
                "reshape a single column with .reshape(-1, 1)",
                function=function,
                argument=argument,
                shape=str(array.shape),
            )
        )
    return _checked_numbers(array, function=function, argument=argument, finite=finite)


def as_labels(values: ArrayLike, *, function: str, argument: str) -> NDArray[Any]:
    """Return ``values`` as a one-dimensional array of class labels: numbers, booleans or text.

    Raises
    ------
    InputError
        If there is more than one dimension or a label is missing (None, NaN, masked).
    """
    array = _one_column(_unmasked(values, object, None), function=function, argument=argument)
    if array.dtype.kind == "f":
        absent = np.isnan(array)
    elif array.dtype.kind == "O":
        absent = np.fromiter(map(missing, array), bool, len(array))
    else:
        return array
    if absent.any():
        raise InputError(
            message(
                "Input {argument} contains NaN. {function}: {argument} must have a label in every row; {count} "
                "{count:is|are} missing, the first in row {row}; drop those rows first",
                function=function,
                argument=argument,
                count=int(absent.sum()),
                row=int(np.argmax(absent)),
            )
        )
    return array


def as_weights(
    values: ArrayLike | None,
    length: int,
    *,
    function: str,
    batch: bool = False,
    beside: tuple[str, ...] = ("X",),
) -> NDArray[np.float64] | None:
    """Return sample weights as float64 (None stays None): finite, none negative, not all zero.

    Parameters
    ----------
    values
        One weight a row.
    length
        The number of rows.
    function
        What an error calls the function.
    batch
        Whether other rows come besides, so that all of these may be zero.
    beside
        The arguments that have these rows.

    Raises
    ------
    InputError
        If a weight is negative, NaN or infinite, all are zero or their sum is beyond 1e150 either way (a product of two
        such sums is no float, or is 0), or there is not one a row.
    """
    if values is None:
        return None
    weights = as_vector(values, function=function, argument="sample_weight").astype(np.float64, copy=False)
    check_same_length(function, **dict.fromkeys(beside, length), sample_weight=len(weights))
    if (weights < 0).any():
        row = int(np.argmax(weights < 0))
        raise InputError(
            message(
                "{function}: sample_weight must not be negative; row {row} has {value}",
                function=function,
                row=row,
                value=float(weights[row]),
            )
        )
    if batch or not length:
        return weights
    if not weights.any():
        raise InputError(
            message(
                "Sample weights must contain at least one non-zero number. {function}: sample_weight must not be zero "
                "in every row; give some rows a weight",
                function=function,
            )
        )
    with np.errstate(over="ignore"):
        total = float(weights.sum())
    if not _LEAST_TOTAL <= total <= _MOST_TOTAL:
        raise InputError(
            message(
                "{function}: sample_weight must add up to a number between 1e-150 and 1e150; got {total}; multiply all "
                "weights by one number",
                function=function,
                total=total,
            )
        )
    return weights


def as_row_weights(
    values: ArrayLike | None, length: int, *, function: str, batch: bool = False
) -> NDArray[np.float64] | None:
    """Return the weights that an estimator was given, as scikit-learn's take them: one number is that of every row.

    Raises
    ------
    InputError
        As :func:`as_weights`, and for a table of weights, one of a single column too.
    """
    if values is None:
        return None
    given = np.asanyarray(values)
    if given.ndim > 1:
        raise InputError(
            message(
                "Sample weights must be 1D array or scalar. {function}: sample_weight must be one number a row; got "
                "shape {shape}; try .ravel()",
                function=function,
                shape=str(given.shape),
            )
        )
    each = given if given.ndim else np.full(length, given)
    return as_weights(each, length, function=function, batch=batch)


def check_same_length(function: str, **lengths: int) -> None:
    """Raise InputError unless all the named lengths are equal."""
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"{name} {count}" for name, count in lengths.items())
        raise InputError(
            message(
                "Found input variables with inconsistent numbers of samples: {counts}. {function}: inputs must have "
                "the same number of rows; got {found}",
                counts=str(list(lengths.values())),
                function=function,
                found=found,
            )
        )


def native(array: NDArray[Any]) -> NDArray[Any]:
    """Return an array with its bytes in this machine's order, without a copy where they are: files may have the other.

    Examples
    --------
    >>> native(np.array([1.5], ">f8")).dtype.isnative
    True
    """
    return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))


def _unmasked(values: Any, dtype: Any, missing: Any) -> Any:
    """Return a masked array with ``missing`` where it is masked, for NumPy would give what lies under the mask."""
    if not np.ma.is_masked(values):
        return values
    return np.where(np.ma.getmaskarray(values), missing, np.ma.getdata(values).astype(dtype))


def without_gradient(values: Any) -> Any:
    """Return a PyTorch tensor as one that keeps no gradient, which NumPy can read; anything else as it is."""
    detach = getattr(values, "detach", None)
    return detach() if callable(detach) else values


def _as_numpy(values: Any, *, function: str, argument: str) -> NDArray[Any]:
    """Return what NumPy makes of the values: of a PyTorch tensor its numbers, whether or not it keeps a gradient."""
    try:
        return np.asarray(without_gradient(values))
    except (RuntimeError, TypeError) as error:
        raise InputError(
            message(
                "{function}: {argument} must be readable as a NumPy array; got {kind} ({reason}); copy it to the CPU, "
                "in a type that NumPy has, first",
                function=function,
                argument=argument,
                kind=type(values).__name__,
                reason=str(error),
            )
        ) from error


def _one_column(values: ArrayLike, *, function: str, argument: str) -> NDArray[Any]:
    array = native(_as_numpy(values, function=function, argument=argument))
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        raise InputError(
            message(
                "y should be a 1d array, got an array of shape {shape} instead. {function}: {argument} must have one "
                "dimension; got shape {shape}; pass one value a row",
                function=function,
                argument=argument,
                shape=str(array.shape),
            )
        )
    return array


def _checked_numbers(array: NDArray[Any], *, function: str, argument: str, finite: bool) -> NDArray[Any]:
    if array.dtype.kind == "O":
        array = _out_of_objects(array)
    if array.dtype.kind not in "fiub":
        raise not_numbers(array.dtype, function=function, argument=argument)
    if finite and array.dtype.kind == "f":
        _refuse_nan_and_infinity(array, function=function, argument=argument)
    return array


def _out_of_objects(array: NDArray[Any]) -> NDArray[Any]:
    """Return objects that are all real numbers, such as the decimals of a database, as float64; others as they are.

    What is missing among them is NaN.
    """
    given = [None if missing(value) else value for value in array.ravel().tolist()]
    if not given or not all(value is None or isinstance(value, Real | Decimal) for value in given):
        return array
    with np.errstate(over="ignore"), suppress(OverflowError):  # of a whole number beyond every float
        return np.array(given, object).astype(np.float64).reshape(array.shape)
    return array


def missing(value: object) -> bool:
    """Return whether this stands for no value: None, NaN, or what pandas has in its place."""
    if isinstance(value, float | np.floating):
        return bool(np.isnan(value))
    return value is None or type(value).__name__ in ("NAType", "NaTType")


def not_numbers(dtype: Any, *, function: str, argument: str) -> InputError:
    """Return the error of values that are not real numbers."""
    return InputError(
        message(
            "{function}: {argument} must be real numbers; got {dtype}; convert the values first",
            function=function,
            argument=argument,
            dtype=str(dtype),
        )
    )


def _refuse_nan_and_infinity(array: NDArray[Any], *, function: str, argument: str) -> None:
    # One pass decides the usual case: a sum is finite unless some element is not (or the sum overflows).
    with np.errstate(all="ignore"):
        if np.isfinite(array.sum()):
            return
    bad = ~np.isfinite(array)
    if bad.any():
        where = np.argwhere(bad)[0]
        raise InputError(
            message(
                "{function}: {argument} must be finite; {count} {count:value is|values are} NaN or infinity, "
                "the first ({value}) at {where}; drop or fill those rows first",
                function=function,
                argument=argument,
                count=int(bad.sum()),
                value=str(array[tuple(where)]),
                where=str([int(k) for k in where]),
            )
        )
