"""The scalers' workings: what was learned of each column, from the rows or from the state that was merged of them.

They stand apart from the functions' because they need scikit-learn, which takes as long to import as all else together.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.arrays import as_matrix
from workings.errors import InputError
from workings.language import message
from workings.subjects.normalization import compute
from workings.subjects.normalization.columns import Columns, Results
from workings.subjects.normalization.devices import to_numpy
from workings.subjects.normalization.estimators import MinMaxScaler, StandardScaler
from workings.subjects.normalization.explain import mean_rounding, refuse_lost_squares
from workings.subjects.normalization.explain_min_max import MinMaxTeller
from workings.subjects.normalization.explain_z_score import ZScoreTeller
from workings.subjects.normalization.scaler import transformed_rows
from workings.working import Working, explainer

__all__ = ["columns_of", "explain_min_max_scaler", "explain_standard_scaler"]


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
    if X is not None and (moments.weight != moments.count).any():
        raise InputError(
            message(
                "explain: X must not be given for a scaler that was fitted with weights, for they are not at hand; "
                "leave X out, and what was merged is told"
            )
        )
    refuse_lost_squares(moments, columns)
    spread = np.sqrt(moments.variance())
    divisor = np.where(compute.varies(moments), spread, 1.0)
    # Handed rows may have been learned in as many pieces.
    left = mean_rounding(moments, 1 if X is None else len(columns.table))
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


def columns_of(scaler: MinMaxScaler | StandardScaler, X: ArrayLike | None, names: Sequence[str] | None) -> Columns:
    """Return what a scaler has learned from: the rows given, else those that it kept, else its merged state.

    Raises
    ------
    InputError
        If it is not fitted, it leaves the mean or the deviation as it is, the rows are not those that it may have been
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
    rows = _rows_of(scaler, X)
    # A range that was rounded to single precision leaves its rounding in every result.
    learned = to_numpy(scaler.data_range_).dtype if isinstance(scaler, MinMaxScaler) else np.dtype(np.float64)
    precision = float(np.finfo(learned).eps)
    results = None if rows is None else Results(lambda places: transformed_rows(scaler, rows[places]), precision)
    return Columns(_names_of(scaler, names), rows, state, results)


def _rows_of(scaler: MinMaxScaler | StandardScaler, X: ArrayLike | None) -> NDArray[np.float64] | None:
    if X is None:
        return None if scaler.rows_ is None else to_numpy(scaler.rows_)
    rows = as_matrix(X, function="explain", argument="X", finite=False).astype(np.float64)
    if len(rows) == 0 or rows.shape[1] != scaler.n_features_in_:
        raise InputError(
            message(
                "explain: X must be the rows that the scaler was fitted on, with {columns} columns; got shape {shape}",
                columns=scaler.n_features_in_,
                shape=str(rows.shape),
            )
        )
    return rows


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
