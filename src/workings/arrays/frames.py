"""Data frames in and out: their values computed as one table, their kind, names and index kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from array_api_compat import is_array_api_obj
from numpy.typing import NDArray

from workings.errors import InputError
from workings.language import message

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["as_frame", "computed_frame", "frame_names", "frame_values"]

Array = NDArray[Any]

# No frame is one of these, which are most of what functions are given.
_NO_FRAMES = (np.ndarray, np.generic, list, tuple, int, float, complex, str)


def as_frame(values: Any, *, function: str, argument: str = "X") -> nw.DataFrame[Any] | nw.Series[Any] | None:
    """Return a data frame or a series of any library that narwhals knows, as narwhals'; None for all else.

    Raises
    ------
    InputError
        If a frame is lazy, or two of its columns have one name.
    """
    if isinstance(values, _NO_FRAMES) or is_array_api_obj(values):
        return None
    import narwhals as nw
    from narwhals.exceptions import DuplicateError

    try:
        known = nw.from_native(values, allow_series=True, pass_through=True)
    except DuplicateError as error:
        raise InputError(
            message(
                "{function}: {argument} must have columns of different names; got some name twice; rename one",
                function=function,
                argument=argument,
            )
        ) from error
    if isinstance(known, nw.LazyFrame):
        raise InputError(
            message(
                "{function}: {argument} must be in memory; got a {kind}, which is not computed yet; try .collect()",
                function=function,
                argument=argument,
                kind=type(values).__name__,
            )
        )
    return known if isinstance(known, nw.DataFrame | nw.Series) else None


def computed_frame(
    frame: nw.DataFrame[Any] | nw.Series[Any], compute: Callable[[Array], Array], *, function: str, argument: str = "X"
) -> Any:
    """Return a frame or series of the same kind with computed values, and what is missing still missing.

    Parameters
    ----------
    frame
        As :func:`as_frame` gives it.
    compute
        Takes all values, shape (rows, columns) or (rows,), and returns as many.
    function, argument
        Of which an error speaks.

    Raises
    ------
    InputError
        If a column does not hold numbers.
    """
    import narwhals as nw

    values = frame_values(frame, function=function, argument=argument)
    found = np.asarray(compute(values))
    if isinstance(frame, nw.Series):
        table = frame.alias("x").to_frame()
        filled = _filled(table, found[:, None], [values.dtype])
        return filled["x"].alias(frame.name).to_native()
    # A column of single precision beside others of double is single again.
    kinds = [_float_of(column) or found.dtype for column in frame.iter_columns()]
    return _filled(frame, found, kinds).to_native()


def frame_values(frame: nw.DataFrame[Any] | nw.Series[Any], *, function: str, argument: str = "X") -> Array:
    """Return the values of a frame (rows, columns) or series (rows,), NaN where one is missing; integers as float64.

    Raises
    ------
    InputError
        If a column does not hold numbers.
    """
    import narwhals as nw

    if isinstance(frame, nw.Series):
        return _numbers(frame, function=function, argument=argument)
    columns = [_numbers(column, function=function, argument=argument) for column in frame.iter_columns()]
    return np.stack(columns, axis=1) if columns else np.zeros(frame.shape)


def frame_names(frame: nw.DataFrame[Any] | nw.Series[Any]) -> list[str]:
    """Return the names of a frame's columns, or of a series, which may have none and is then x."""
    import narwhals as nw

    names = [frame.name or "x"] if isinstance(frame, nw.Series) else frame.columns
    return [str(name) for name in names]


def _numbers(column: nw.Series[Any], *, function: str, argument: str) -> Array:
    import narwhals as nw

    if not (column.dtype.is_numeric() or column.dtype == nw.Boolean):
        raise InputError(
            message(
                "{function}: {argument} must be real numbers; the column {name} holds {dtype}; leave it out, or "
                "convert it first",
                function=function,
                argument=argument,
                name=str(column.name),
                dtype=str(column.dtype),
            )
        )
    kind = _float_of(column)
    return (column.cast(nw.Float64) if kind is None else column).to_numpy().astype(kind or np.float64, copy=False)


def _float_of(column: nw.Series[Any]) -> np.dtype[Any] | None:
    """Return a column's dtype if it is a float's, else None."""
    return np.dtype(str(column.dtype).lower()) if column.dtype.is_float() else None


def _filled(frame: nw.DataFrame[Any], values: Array, kinds: list[np.dtype[Any]]) -> nw.DataFrame[Any]:
    import narwhals as nw

    # In pandas a missing value is NaN, which the values have already.
    gaps = not frame.implementation.is_pandas_like()
    columns: list[Any] = []
    for k, (column, kind) in enumerate(zip(frame.iter_columns(), kinds, strict=True)):
        values_of = np.ascontiguousarray(values[:, k]).astype(kind, copy=False)
        new = nw.new_series(column.name, values_of, backend=frame.implementation)
        missing = column.is_null()
        columns.append(nw.when(~missing).then(new).alias(column.name) if gaps and missing.any() else new)
    return frame.with_columns(*columns) if columns else frame
