"""Normalisation, worked: the figures of a column, each value before and after, and what an outlier does."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.arrays import as_matrix
from workings.arrays.frames import as_frame, frame_names, frame_values
from workings.errors import InputError
from workings.language import message
from workings.subjects.normalization import compute
from workings.subjects.normalization.columns import Columns, Results
from workings.subjects.normalization.devices import to_numpy
from workings.subjects.normalization.estimators import MinMaxScaler, StandardScaler
from workings.subjects.normalization.explain_min_max import MinMaxTeller
from workings.subjects.normalization.explain_z_score import ZScoreTeller
from workings.subjects.normalization.scaler import transformed_rows
from workings.subjects.normalization.summary import ColumnMoments, column_moments, pieces_of
from workings.working import Working, explainer

__all__ = [
    "columns_of",
    "explain_min_max_normalize",
    "explain_min_max_scaler",
    "explain_standard_scaler",
    "explain_z_score_normalize",
    "table_of",
]

# Beyond it, and below its reciprocal, a square is no float.
_LARGEST = 1e150


@explainer(StandardScaler)
def explain_standard_scaler(
    scaler: StandardScaler, X: ArrayLike | None = None, *, names: Sequence[str] | None = None, column: int | str = 0
) -> Working:
    """Return how mean and deviation came about; ``at(column=...)`` tells another column, ``at(row=...)`` one value.

    Rows are counted from 0, as Python does; what is told counts them from 1, as subscripts do.

    Parameters
    ----------
    scaler
        A fitted scaler.
    X
        The rows that it was fitted on; without them it tells from the copy that it kept of few, or its merged state.
    names
        The columns' names, by default those of the frame that it was fitted on.
    column
        Which column is told in full.
    """
    columns = columns_of(scaler, X, names)
    moments = scaler.moments_
    spread = np.sqrt(moments.variance())
    divisor = np.where(compute.varies(moments), spread, 1.0)
    # Handed rows may have been learned in as many pieces.
    left = _left(moments, 1 if X is None else len(columns.table))
    return ZScoreTeller(columns, moments.mean, spread, divisor, left=left).column(columns.place(column))


@explainer(MinMaxScaler)
def explain_min_max_scaler(
    scaler: MinMaxScaler, X: ArrayLike | None = None, *, names: Sequence[str] | None = None, column: int | str = 0
) -> Working:
    """Return how minimum and range came about; parameters and ``at`` as for the StandardScaler."""
    columns = columns_of(scaler, X, names)
    least, greatest = to_numpy(scaler.data_min_).astype(float), to_numpy(scaler.data_max_).astype(float)
    divisor = compute.divisor_of(to_numpy(scaler.data_range_)).astype(float)
    return MinMaxTeller(columns, least, greatest, divisor, scaler.feature_range).column(columns.place(column))


@explainer(compute.min_max_normalize)
def explain_min_max_normalize(X: Any, /, feature_range: tuple[float, float] = (0, 1), axis: int | None = 0) -> Working:
    """Return the working of ``min_max_normalize``; ``at(row=..., column=...)`` tells one value (row 0 is first)."""
    columns = table_of(X, axis, compute.min_max_normalize(X, feature_range, axis))
    moments = column_moments(columns.table)
    with np.errstate(over="ignore"):
        spread = moments.maximum - moments.minimum
    _refuse_unless(~np.isinf(spread), columns)
    divisor = np.where(spread > 0.0, spread, 1.0)
    return MinMaxTeller(columns, moments.minimum, moments.maximum, divisor, feature_range).column(0)


@explainer(compute.z_score_normalize)
def explain_z_score_normalize(X: Any, /, axis: int | None = 0, ddof: int = 0) -> Working:
    """Return the working of ``z_score_normalize``; ``at(row=..., column=...)`` tells one value (row 0 is first)."""
    columns = table_of(X, axis, compute.z_score_normalize(X, axis, ddof))
    moments = column_moments(columns.table)
    peak = np.fmax(np.abs(moments.minimum), np.abs(moments.maximum))
    _refuse_unless(~((peak > _LARGEST) | ((peak > 0.0) & (peak < 1.0 / _LARGEST))), columns)
    spread = np.sqrt(moments.variance(ddof))
    divisor = np.where(compute.varies(moments), spread, 1.0)
    left = _left(moments, pieces_of(columns.table.shape))
    return ZScoreTeller(columns, moments.mean, spread, divisor, left=left, ddof=ddof).column(0)


def _left(moments: ColumnMoments, pieces: int) -> NDArray[np.float64]:
    """Return how far rounding may have moved the mean of each column.

    A few units in the last place of its largest value; where states of pieces were merged, as the root of their number,
    for each merging rounds up or down.
    """
    peak = np.fmax(np.abs(moments.minimum), np.abs(moments.maximum))
    return 2.0**-50 * peak * math.sqrt(max(1, pieces))


def _refuse_unless(tellable: NDArray[np.bool_], columns: Columns) -> None:
    """Raise InputError for a column whose figures are no floats, though its normalised values are."""
    if not tellable.all():
        raise InputError(
            message(
                "explain: the squares and differences of the values must be floats; those of {column} are not; "
                "multiply the column by a power of ten, which changes nothing of what it becomes",
                column=columns.titled(int(np.argmin(tellable))),
            )
        )


def table_of(X: Any, axis: int | None, result: Any = None) -> Columns:
    """Return what a function is given and what it gave, as columns."""
    frame = as_frame(X, function="explain")
    given: Any = X if frame is None else frame_values(frame, function="explain")
    # What is masked is missing.
    values = np.ma.filled(given.astype(np.float64), np.nan) if np.ma.isMaskedArray(given) else to_numpy(given)
    values = values.astype(np.float64, copy=False)
    if np.isnan(values).all():
        raise InputError(message("explain: X must hold at least one value"))
    rows = values.reshape(-1, 1) if axis is None else np.moveaxis(values, axis, 0).reshape(values.shape[axis], -1)
    results = None
    if result is not None:
        after = table_of(result, axis).table
        results = Results(after.__getitem__, _precision_of(result, after))
    if frame is not None and axis in (0, -values.ndim):
        return Columns(frame_names(frame), rows, {}, results)
    names = ["x"] if rows.shape[1] == 1 else [f"x_{j + 1}" for j in range(rows.shape[1])]
    return Columns(names, rows, {}, results)


def _precision_of(result: Any, values: NDArray[np.float64]) -> float:
    """Return what results are rounded to; of a frame, whose columns may differ, what all of them may be."""
    kind = str(getattr(result, "dtype", "")).lower()
    if "float16" in kind:
        return 2.0**-10
    with np.errstate(over="ignore"):
        single = "float32" in kind or (not kind and np.array_equal(values.astype("f4"), values, equal_nan=True))
    return 2.0**-23 if single else 2.0**-52


def columns_of(scaler: MinMaxScaler | StandardScaler, X: ArrayLike | None, names: Sequence[str] | None) -> Columns:
    """Return what a scaler has learned from: the rows given, else those that it kept, else its merged state.

    Raises
    ------
    InputError
        If it is not fitted, it leaves the mean or the deviation as it is, or the names are not one a column.
    """
    if not hasattr(scaler, "n_features_in_"):
        raise InputError(message("explain: the {name} must be fitted first; call fit", name=type(scaler).__name__))
    if isinstance(scaler, MinMaxScaler):
        state = {"seen": ~np.isnan(to_numpy(scaler.data_min_))}
    else:
        if not (scaler.with_mean and scaler.with_std):
            raise InputError(
                message(
                    "explain: the StandardScaler must take off the mean and divide by the deviation; got "
                    "with_mean={with_mean} and with_std={with_std}; fit one with both",
                    with_mean=scaler.with_mean,
                    with_std=scaler.with_std,
                )
            )
        moments = scaler.moments_
        state = {
            "weight": moments.weight,
            "sum": moments.weight * moments.mean,
            "squares": moments.squares,
            "seen": moments.count > 0,
        }
    rows = _rows_of(scaler, X)
    results = None if rows is None else Results(lambda places: transformed_rows(scaler, rows[places]))
    return Columns(_names_of(scaler, names), rows, state, results)


def _rows_of(scaler: MinMaxScaler | StandardScaler, X: ArrayLike | None) -> NDArray[np.float64] | None:
    if X is None:
        return None if scaler.rows_ is None else to_numpy(scaler.rows_)
    return as_matrix(X, function="explain", argument="X", finite=False).astype(np.float64)


def _names_of(scaler: MinMaxScaler | StandardScaler, names: Sequence[str] | None) -> list[str]:
    known = names if names is not None else getattr(scaler, "feature_names_in_", None)
    count = scaler.n_features_in_
    if known is None:
        return ["x"] if count == 1 else [f"x_{j + 1}" for j in range(count)]
    if len(known) != count:
        raise InputError(
            message("explain: names must be one a column; got {found} for {count}", found=len(known), count=count)
        )
    return [str(name) for name in known]
