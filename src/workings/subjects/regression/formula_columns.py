"""Columns of data for a formula: taken from a mapping, a data frame or a batch of a table, and checked row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.arrays import as_vector
from workings.errors import InputError
from workings.expression.formula.arguments import suggestion
from workings.language import grouped, message

__all__ = ["Columns", "as_columns", "column_names", "first_bad_row", "refuse_row"]

Array = NDArray[np.float64]
Columns = Mapping[str, Array]
"""The columns that a formula needs, by name, of one length."""


def column_names(data: Any, *, function: str) -> tuple[str, ...]:
    """Return the names of the columns that there are.

    Raises
    ------
    InputError
        If ``data`` is neither a mapping nor a data frame.
    """
    if isinstance(data, Mapping):
        return tuple(str(name) for name in data)
    return tuple(str(name) for name in _frame(data, function).columns)


def as_columns(data: Any, names: Iterable[str], *, function: str) -> dict[str, Array]:
    """Return these columns as float64, a missing value as NaN.

    Parameters
    ----------
    data
        A mapping from names to arrays, a data frame (pandas, Polars, PyArrow, and what else narwhals knows), or an
        Arrow record batch.
    names
        Which columns.
    function
        What an error calls the function.

    Raises
    ------
    InputError
        If a column is not there, holds no real numbers or has more than one dimension, or the lengths differ.
    """
    source: Any = data if isinstance(data, Mapping) else _frame(data, function)
    known = tuple(str(name) for name in (source if isinstance(source, Mapping) else source.columns))
    found: dict[str, Array] = {}
    for name in names:
        if name not in known:
            raise InputError(
                message(
                    "{function}: data must have the columns that are named; got no {name} among {known}{suggestion}",
                    function=function,
                    name=name,
                    known=", ".join(known) or "0",
                    suggestion=suggestion(name, known),
                )
            )
        values = source[name]
        plain = values if isinstance(source, Mapping) else values.to_numpy()
        found[name] = _numbers(plain, name, function)
    _check_lengths(found, function)
    return found


def first_bad_row(columns: Columns) -> tuple[str, int, float] | None:
    """Return the first row that has a NaN or an infinity: its column, its number from 0, and the value."""
    worst: tuple[str, int, float] | None = None
    for name, values in columns.items():
        with np.errstate(all="ignore"):
            if np.isfinite(values.sum()):  # one pass decides the usual case
                continue
        bad = np.flatnonzero(~np.isfinite(values))
        if bad.size and (worst is None or bad[0] < worst[1]):
            worst = (name, int(bad[0]), float(values[bad[0]]))
    return worst


def refuse_row(function: str, name: str, row: int, value: float) -> InputError:
    """Return the error of a row that has no finite value."""
    if np.isnan(value):
        return InputError(
            message(
                "{function}: every row must have a number in {name}; row {row} (the first is row 0) has none; drop or "
                "fill such rows first",
                function=function,
                name=name,
                row=row,
            )
        )
    return InputError(
        message(
            "{function}: every number in {name} must be finite; row {row} (the first is row 0) has {value}; drop or "
            "fill such rows first",
            function=function,
            name=name,
            row=row,
            value=value,
        )
    )


def _frame(data: Any, function: str) -> Any:
    """Return something with ``columns`` whose columns have ``to_numpy``."""
    import narwhals as nw

    if type(data).__module__.startswith("pyarrow") and hasattr(data, "schema") and not hasattr(data, "column_names"):
        return _Batch(data)
    if type(data).__module__.startswith("pyarrow") and type(data).__name__ == "RecordBatch":
        return _Batch(data)
    try:
        frame: Any = nw.from_native(data)
    except TypeError as error:
        raise InputError(
            message(
                "{function}: data must be columns by name: a mapping of arrays or a data frame; got {kind}; "
                "try {example}",
                function=function,
                kind=type(data).__name__,
                example='{"x": [1, 2], "y": [3, 4]}',
            )
        ) from error
    return frame.collect() if isinstance(frame, nw.LazyFrame) else frame


class _Batch:
    """An Arrow record batch, seen as a frame."""

    def __init__(self, batch: Any) -> None:
        self._batch = batch
        self.columns: Sequence[str] = batch.schema.names

    def __getitem__(self, name: str) -> _Column:
        return _Column(self._batch.column(self.columns.index(name)))


class _Column:
    def __init__(self, column: Any) -> None:
        self._column = column

    def to_numpy(self) -> NDArray[Any]:
        return self._column.to_numpy(zero_copy_only=False)


def _numbers(values: Any, name: str, function: str) -> Array:
    if isinstance(values, list | tuple) or (isinstance(values, np.ndarray) and values.dtype.kind == "O"):
        values = _without_none(values)
    array = as_vector(values, function=function, argument=name, finite=False)
    return np.ascontiguousarray(array, np.float64)


def _without_none(values: Any) -> Any:
    """Return objects with NaN for what is missing, where the others are numbers."""
    if any(value is None for value in np.ravel(np.asarray(values, dtype=object))):
        return [np.nan if value is None else value for value in values]
    return np.asarray(list(values)) if isinstance(values, np.ndarray) else values


def _check_lengths(columns: Columns, function: str) -> None:
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        raise InputError(
            message(
                "{function}: columns must have one length; got {lengths}",
                function=function,
                lengths=", ".join(f"{name}: {grouped(length)}" for name, length in lengths.items()),
            )
        )
