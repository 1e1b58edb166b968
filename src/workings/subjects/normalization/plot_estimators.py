"""The scalers' pictures: the columns that they learned from before and after, or their ends where the rows are gone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.subjects.normalization.columns import Columns
from workings.subjects.normalization.devices import to_numpy
from workings.subjects.normalization.estimators import MinMaxScaler, StandardScaler
from workings.subjects.normalization.explain_estimators import columns_of
from workings.subjects.normalization.plot import Z_SCORES, Way, before_and_after, stretched_unit
from workings.subjects.normalization.scaler import transformed_rows
from workings.working import plotter

__all__ = ["plot_min_max_scaler", "plot_standard_scaler"]

Array = NDArray[np.float64]


@plotter(StandardScaler)
def plot_standard_scaler(
    scaler: StandardScaler, X: ArrayLike | None = None, *, names: Sequence[str] | None = None
) -> alt.ConcatChart:
    """Return the columns before and after; without the rows, each as the stretch from minimum to maximum."""
    columns = columns_of(scaler, X, names)
    rows = _ends(columns, scaler.moments_.minimum, scaler.moments_.maximum)
    return before_and_after(columns, rows, transformed_rows(scaler, rows), Z_SCORES, Way())


@plotter(MinMaxScaler)
def plot_min_max_scaler(
    scaler: MinMaxScaler, X: ArrayLike | None = None, *, names: Sequence[str] | None = None
) -> alt.ConcatChart:
    """Return the columns before and after, as for the StandardScaler."""
    columns = columns_of(scaler, X, names)
    rows = _ends(columns, to_numpy(scaler.data_min_), to_numpy(scaler.data_max_))
    way = Way(scaler.feature_range)
    return before_and_after(columns, rows, transformed_rows(scaler, rows), stretched_unit(scaler.feature_range), way)


def _ends(columns: Columns, least: Any, greatest: Any) -> Array:
    """Return the rows, or in their place one row of minima and one of maxima."""
    return columns.table if len(columns.table) else np.stack([least, greatest]).astype(np.float64)
