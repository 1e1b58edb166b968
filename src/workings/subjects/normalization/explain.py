"""Normalisation, worked: the figures of a column, each value before and after, and what an outlier does."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.arrays.frames import as_frame, frame_names, frame_values
from workings.errors import InputError
from workings.language import message
from workings.subjects.normalization import compute
from workings.subjects.normalization.blocks import column_extremes
from workings.subjects.normalization.columns import Columns, Results, unnamed
from workings.subjects.normalization.devices import to_numpy
from workings.subjects.normalization.explain_min_max import MinMaxTeller
from workings.subjects.normalization.explain_z_score import ZScoreTeller
from workings.subjects.normalization.summary import ColumnMoments, column_moments, pieces_of
from workings.working import Working, explainer

__all__ = ["explain_min_max_normalize", "explain_z_score_normalize", "mean_rounding", "refuse_lost_squares", "table_of"]

# Beyond it, and below its reciprocal, a square is no float.
_LARGEST = 1e150


@explainer(compute.min_max_normalize)
def explain_min_max_normalize(X: Any, /, feature_range: tuple[float, float] = (0, 1), axis: int | None = 0) -> Working:
    """Return the working of ``min_max_normalize``; ``at(row=..., column=...)`` tells one value (row 0 is first)."""
    columns = table_of(X, axis, compute.min_max_normalize(X, feature_range, axis))
    least, greatest = column_extremes(columns.table)
    with np.errstate(over="ignore"):
        spread = greatest - least
    _refuse_unless(~np.isinf(spread), columns)
    divisor = np.where(spread > 0.0, spread, 1.0)
    return MinMaxTeller(columns, least, greatest, divisor, feature_range).column(0)


@explainer(compute.z_score_normalize)
def explain_z_score_normalize(X: Any, /, axis: int | None = 0, ddof: int = 0) -> Working:
    """Return the working of ``z_score_normalize``; ``at(row=..., column=...)`` tells one value (row 0 is first)."""
    columns = table_of(X, axis, compute.z_score_normalize(X, axis, ddof))
    moments = column_moments(columns.table)
    refuse_lost_squares(moments, columns)
    spread = np.sqrt(moments.variance(ddof))
    divisor = np.where(compute.varies(moments), spread, 1.0)
    left = mean_rounding(moments, pieces_of(columns.table.shape))
    return ZScoreTeller(columns, moments.mean, spread, divisor, left=left, ddof=ddof).column(0)


def mean_rounding(moments: ColumnMoments, pieces: int) -> NDArray[np.float64]:
    """Return how far rounding may have moved the mean of each column.

    A few units in the last place of its largest value; where states of pieces were merged, as the root of their number,
    for each merging rounds up or down.
    """
    peak = np.fmax(np.abs(moments.minimum), np.abs(moments.maximum))
    return 2.0**-50 * peak * math.sqrt(max(1, pieces))


def refuse_lost_squares(moments: ColumnMoments, columns: Columns) -> None:
    """Raise InputError for a column of values whose squares are no floats."""
    peak = np.fmax(np.abs(moments.minimum), np.abs(moments.maximum))
    _refuse_unless(~((peak > _LARGEST) | ((peak > 0.0) & (peak < 1.0 / _LARGEST))), columns)


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
    names = unnamed(rows.shape[1])
    return Columns(names, rows, {}, results, named=len(names) == 1)


def _precision_of(result: Any, values: NDArray[np.float64]) -> float:
    """Return what results are rounded to; of a frame, whose columns may differ, what all of them may be."""
    kind = str(getattr(result, "dtype", "")).lower()
    if "float16" in kind:
        return 2.0**-10
    with np.errstate(over="ignore"):
        single = "float32" in kind or (not kind and np.array_equal(values.astype("f4"), values, equal_nan=True))
    return 2.0**-23 if single else 2.0**-52
