"""Columns before and after their normalisation, side by side, and what one outlier does to them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import ACCENT, SECOND, inline, retained, themed, with_power_of_ten
from workings.language import Message, message
from workings.subjects.normalization import compute
from workings.subjects.normalization.columns import Columns
from workings.subjects.normalization.explain import table_of
from workings.subjects.normalization.plot_outlier import axis_number, farthest_value, outlier_panels
from workings.working import plotter

__all__ = ["Z_SCORES", "Way", "before_and_after", "plot_min_max_normalize", "plot_z_score_normalize", "stretched_unit"]

Array = NDArray[np.float64]

# So many columns are drawn, and of each so many values: 12 × 150 marks in each of two panels.
_MOST_COLUMNS, _MOST_VALUES = 12, 150
# A name stands above its strip, in both panels: on a narrow page the second lies below the first.
_ROW_HEIGHT, _NAME, _STRIP = 38, -10, 6
_WIDTH = 270
# Below and beyond, the numbers of an axis have a power of ten.
_SMALLEST, _LARGEST = 1e-3, 1e7
Z_SCORES = message("After: standard deviations from the mean")


@plotter(compute.min_max_normalize)
def plot_min_max_normalize(
    X: Any, /, feature_range: tuple[float, float] = (0, 1), axis: int | None = 0
) -> alt.ConcatChart:
    """Return the columns before and after."""
    compute.min_max_normalize(X, feature_range, axis)
    columns = table_of(X, axis)
    after = compute.min_max_normalize(columns.table, feature_range)
    return before_and_after(columns, columns.table, after, stretched_unit(feature_range), Way(feature_range))


@plotter(compute.z_score_normalize)
def plot_z_score_normalize(X: Any, /, axis: int | None = 0, ddof: int = 0) -> alt.ConcatChart:
    """Return the columns before and after."""
    compute.z_score_normalize(X, axis, ddof)
    columns = table_of(X, axis)
    after = compute.z_score_normalize(columns.table, 0, ddof)
    return before_and_after(columns, columns.table, after, Z_SCORES, Way(ddof=ddof))


def stretched_unit(feature_range: tuple[float, float]) -> Message:
    """Return the title of an axis of values that were stretched to a range."""
    low, high = feature_range
    return message("After: the least is {low}, the greatest {high}", low=axis_number(low), high=axis_number(high))


@dataclass(frozen=True)
class Way:
    """How both methods are asked to normalise: the one that was called as it was, the other as by default."""

    feature_range: tuple[float, float] = (0.0, 1.0)
    ddof: int = 0


def before_and_after(columns: Columns, rows: Array, after: Array, unit: Message, way: Way) -> alt.ConcatChart:
    """Return the columns before and after, ``after`` in ``unit``, and what one value of theirs does if it is moved."""
    whole = len(columns.table) > 0
    told = list(range(min(len(columns), _MOST_COLUMNS)))
    panels = [
        _panel(columns, rows, told, message("Before, in each column's own unit"), ACCENT, whole=whole),
        _panel(columns, after, told, unit, SECOND, whole=whole),
    ]
    # What one value does to the others is a question to the rows that were learned from.
    outlier = farthest_value(columns, told) if columns.others is None else None
    picture = alt.concat(*panels, columns=2, spacing=30)
    if outlier is not None:
        moved, data, slider = outlier_panels(outlier, columns.name(outlier.column), way.feature_range, way.ddof)
        picture = alt.concat(*panels, *moved, columns=2, spacing=30).add_params(slider)
        picture.datasets = data
    widths = {j: high - low for j in told for low, high in [_ends_of(rows[:, j])]}
    widest = max(told, key=lambda j: -1.0 if math.isnan(widths[j]) else widths[j])
    (low, high), (new_low, new_high) = (_ends_of(table[:, widest]) for table in (rows, after))
    return themed(
        picture.resolve_scale(x="independent", y="independent"),
        title=message("Before and after"),
        subtitle=None
        if len(told) == len(columns)
        else message("The first {count} of {all} columns", count=len(told), all=len(columns)),
        description=message(
            "Columns before and after: {count}. The widest, {name}, goes from {low} to {high} before and from "
            "{new_low} to {new_high} after.",
            count=len(told),
            name=columns.name(widest),
            low=f"{low:.5g}",
            high=f"{high:.5g}",
            new_low=f"{new_low:.5g}",
            new_high=f"{new_high:.5g}",
        ),
    )


def _ends_of(values: Array) -> tuple[float, float]:
    """Return the least and the greatest value that is there, NaN where none is."""
    return float(np.fmin.reduce(values)), float(np.fmax.reduce(values))


def _axis(peak: float) -> alt.Axis:
    """Return an axis whose labels stay apart, of which those of very large or small numbers are longest."""
    if _SMALLEST <= peak < _LARGEST or not peak > 0.0:
        return alt.Axis(tickCount=6)
    return alt.Axis(tickCount=4, labelExpr=with_power_of_ten("datum.value", 3))


def _panel(
    columns: Columns, table: Array, told: Sequence[int], title: Message, colour: str, *, whole: bool
) -> alt.LayerChart:
    """Draw each column as a strip of its values over the stretch from its minimum to its maximum."""
    place: list[int] = []
    value: list[float] = []
    for j in told:
        seen = np.sort(table[:, j][~np.isnan(table[:, j])])
        kept = seen[retained(len(seen), _MOST_VALUES)]
        place += [j] * len(kept)
        value += kept.tolist()
    # A row is a place in the order, and its name is data: two columns may have one name.
    lows, highs = zip(*(_ends_of(table[:, j]) for j in told), strict=True)
    up = alt.Y("place:O", axis=None, scale=alt.Scale(domain=list(told)))
    scale = alt.Scale(zero=False, padding=6, nice=False)
    across = alt.X(
        "value:Q", title=str(title), scale=scale, axis=_axis(float(np.nan_to_num(np.abs([lows, highs])).max()))
    )
    spans = alt.Chart(inline(place=told, value=lows, high=highs, name=[str(columns.name(j)) for j in told]))
    layers: list[alt.Chart] = [
        spans.mark_rule(color=colour, strokeWidth=2 if whole else 6, opacity=0.45, yOffset=_STRIP).encode(
            across, up, x2="high:Q"
        )
    ]
    if whole:
        tooltip = [alt.Tooltip("value:Q", title=str(message("Value")), format=".6~g")]
        marks = alt.Chart(inline(place=place, value=value)).mark_tick(
            color=colour, thickness=1.5, size=14, opacity=0.7, yOffset=_STRIP
        )
        layers.append(marks.encode(across, up, tooltip=tooltip))
    layers.append(
        spans.mark_text(align="left", limit=_WIDTH, fontSize=11.5, yOffset=_NAME).encode(
            up, x=alt.value(0), text="name:N"
        )
    )
    return alt.LayerChart(layer=layers, width=_WIDTH, height=_ROW_HEIGHT * len(told))
