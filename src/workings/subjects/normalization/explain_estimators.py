"""The scalers' workings: what was learned of each column, from the rows or from the state that was merged of them.

They stand apart from the functions' because they need scikit-learn, which takes as long to import as all else together.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.arrays import as_matrix
from workings.errors import InputError
from workings.language import message
from workings.subjects.normalization import compute
from workings.subjects.normalization.blocks import column_extremes
from workings.subjects.normalization.columns import Columns, Results, unnamed
from workings.subjects.normalization.devices import to_numpy
from workings.subjects.normalization.estimators import MinMaxScaler, StandardScaler
from workings.subjects.normalization.explain import mean_rounding, refuse_lost_squares
from workings.subjects.normalization.explain_min_max import MinMaxTeller
from workings.subjects.normalization.explain_z_score import ZScoreTeller
from workings.subjects.normalization.scaler import transformed_rows
from workings.working import Working, explainer

__all__ = ["columns_of", "explain_min_max_scaler", "explain_standard_scaler"]

Array = NDArray[np.float64]


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
        The rows to tell: those that it was fitted on, from which what it learned is then computed again, or others,
        changed by what it learned. Without them it tells the copy that it kept of few rows, or its merged state.
    names
        The columns' names, by default those of the frame that it was fitted on.
    column
        Which column is told in full.
    """
    columns = columns_of(scaler, X, names)
    moments = scaler.moments_
    refuse_lost_squares(moments, columns)
    spread = np.sqrt(moments.variance())
    divisor = np.where(compute.varies(moments), spread, 1.0)
    # Handed rows may have been learned in as many pieces.
    left = mean_rounding(moments, 1 if X is None or columns.rows is None else len(columns.rows))
    return ZScoreTeller(columns, moments.mean, spread, divisor, left=left).column(columns.place(column))


@explainer(MinMaxScaler)
def explain_min_max_scaler(
    scaler: MinMaxScaler, X: ArrayLike | None = None, *, names: Sequence[str] | None = None, column: int | str = 0
) -> Working:
    """Return how minimum and range came about; parameters and ``at`` as for the StandardScaler."""
    columns = columns_of(scaler, X, names)
    least, greatest = to_numpy(scaler.data_min_).astype(float), to_numpy(scaler.data_max_).astype(float)
    divisor = compute.divisor_of(to_numpy(scaler.data_range_)).astype(float)
    teller = MinMaxTeller(columns, least, greatest, divisor, scaler.feature_range, clip=scaler.clip)
    return teller.column(columns.place(column))


def columns_of(scaler: MinMaxScaler | StandardScaler, X: ArrayLike | None, names: Sequence[str] | None) -> Columns:
    """Return what a scaler has learned from, rows that it kept or was given or else its merged state, and what is told.

    Raises
    ------
    InputError
        If it is not fitted, it leaves the mean or the deviation as it is, the rows have not as many columns as it was
        fitted on, or the names are not one a column.
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
    rows, others = _rows_of(scaler, X)
    told = rows if others is None else others
    # A range that was rounded to single precision leaves its rounding in every result.
    learned = to_numpy(scaler.data_range_).dtype if isinstance(scaler, MinMaxScaler) else np.dtype(np.float64)
    precision = float(np.finfo(learned).eps)
    results = None if told is None else Results(lambda places: transformed_rows(scaler, told[places]), precision)
    known = _names_of(scaler, names)
    count = scaler.n_features_in_
    return Columns(known or unnamed(count), rows, state, results, others, named=known is not None or count == 1)


def _rows_of(scaler: MinMaxScaler | StandardScaler, X: ArrayLike | None) -> tuple[Array | None, Array | None]:
    """Return the rows that were learned from, where they are at hand, and the rows given, where they are others."""
    kept = None if scaler.rows_ is None else to_numpy(scaler.rows_)
    if X is None:
        return kept, None
    rows = as_matrix(X, function="explain", argument="X", finite=False).astype(np.float64)
    if len(rows) == 0 or rows.shape[1] != scaler.n_features_in_:
        raise InputError(
            message(
                "explain: X must have at least one row, of {columns} columns as the scaler was fitted on; got shape "
                "{shape}",
                columns=scaler.n_features_in_,
                shape=str(rows.shape),
            )
        )
    if kept is None:
        return (rows, None) if _may_be_learned(scaler, rows) else (None, rows)
    return kept, None if np.array_equal(kept, rows, equal_nan=True) else rows


def _may_be_learned(scaler: MinMaxScaler | StandardScaler, rows: Array) -> bool:
    """Return whether a scaler that kept no rows may have learned from these: as many, with the same ends."""
    if isinstance(scaler, MinMaxScaler):
        alike = len(rows) == scaler.n_samples_seen_
        known = to_numpy(scaler.data_min_), to_numpy(scaler.data_max_)
    else:
        moments = scaler.moments_
        # Weights are not at hand, so that rows that had any cannot be counted again.
        alike = len(rows) == moments.rows and bool((moments.weight == moments.count).all())
        known = moments.minimum, moments.maximum
    return alike and all(map(partial(np.array_equal, equal_nan=True), known, column_extremes(rows)))


def _names_of(scaler: MinMaxScaler | StandardScaler, names: Sequence[str] | None) -> list[str] | None:
    known = names if names is not None else getattr(scaler, "feature_names_in_", None)
    if known is None:
        return None
    if len(known) != scaler.n_features_in_:
        raise InputError(
            message(
                "explain: names must be one a column; got {found} for {count}",
                found=len(known),
                count=scaler.n_features_in_,
            )
        )
    return [str(name) for name in known]
