"""The pictures behind single numbers: the points whose area is taken, and the curves from which a score is read."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
from numpy.typing import ArrayLike

from workings.chart import ACCENT, MUTED, inline, retained, themed
from workings.errors import held_warnings
from workings.language import message
from workings.subjects.confusion.classes import as_classes, plain
from workings.subjects.roc import compute, score
from workings.subjects.roc.plot_curves import curves_picture
from workings.subjects.roc.plot_pairs import pairs_picture
from workings.subjects.roc.plot_precision import precision_curves_picture
from workings.working import plot, plotter

__all__ = ["plot_area", "plot_auc_score", "plot_average_precision"]

_MOST_POINTS, _FEW_POINTS = 1_500, 60


@plotter(compute.auc)
def plot_area(x: ArrayLike, y: ArrayLike, /) -> alt.LayerChart:
    """Return the points with the area below them, cut into its trapezoids where they are few."""
    area = compute.auc(x, y)
    across, heights = np.asarray(x, np.float64).reshape(-1), np.asarray(y, np.float64).reshape(-1)
    shown = retained(len(across), _MOST_POINTS)
    few = len(across) <= _FEW_POINTS
    points = inline(i=range(len(shown)), x=across[shown], y=heights[shown], zero=[0] * len(shown))
    right = alt.X("x:Q", title="x", scale=alt.Scale(zero=False, nice=False))
    up = alt.Y("y:Q", title="y", scale=alt.Scale(zero=True))
    base = alt.Chart(points).encode(x=right, y=up)
    layers = [
        # In the rows' own order: sorted by x, points above each other would change places.
        base.encode(y=up.stack(None)).mark_area(color=ACCENT, opacity=0.1, order=False, tooltip=None),
        base.mark_line(color=ACCENT).encode(order="i:Q"),
    ]
    if few:
        tooltip = [alt.Tooltip("x:Q", title="x", format=".6~g"), alt.Tooltip("y:Q", title="y", format=".6~g")]
        layers[1:1] = [base.mark_rule(color=MUTED, strokeWidth=0.75).encode(y2="zero:Q")]
        layers.append(base.mark_point(color=ACCENT, size=40, opacity=1).encode(tooltip=tooltip))
    return themed(
        alt.LayerChart(layer=layers, width=340, height=260),
        title=message("The area under the points"),
        subtitle=message("{count} points, area {area}", count=len(across), area=f"{area:.6g}"),
        description=message(
            "{count} points joined by straight lines from x = {left} to x = {right}; the area below them is {area}.",
            count=len(across),
            left=f"{across.min():.6g}",
            right=f"{across.max():.6g}",
            area=f"{area:.6g}",
        ),
    )


@plotter(score.roc_auc_score)
def plot_auc_score(y_true: ArrayLike, y_score: ArrayLike, /, **options: Any) -> alt.ConcatChart | alt.LayerChart:
    """Return the curve of two classes, of which the greater is the positive one; of more, each against the rest.

    With ``multi_class="ovo"`` each pair of classes has a panel with two curves, one for the scores of either.

    Raises
    ------
    InputError
        As :func:`~workings.roc_auc_score`.
    """
    score.roc_auc_score(y_true, y_score, **options)
    weight = options.get("sample_weight")
    if np.ndim(y_true) == 2 and np.shape(y_true)[1] > 1:
        labels = np.asarray(y_true).T
        named = {str(message("label {number}", number=k)): of for k, of in enumerate(labels)}
    else:
        classes = as_classes(y_true, function="plot", argument="y_true")
        present = plain(np.unique(classes if options.get("labels") is None else np.asarray(options["labels"])))
        if len(present) == 2:
            return plot(compute.roc_curve, classes, y_score, pos_label=max(present), sample_weight=weight)
        if options.get("multi_class") == "ovo":
            return pairs_picture(np.searchsorted(np.array(present), classes), present, np.asarray(y_score))
        named = {str(label): classes == label for label in present}
    columns = zip(named.items(), np.asarray(y_score).T, strict=True)
    curves = {name: compute.roc_curve(of, column, sample_weight=weight) for (name, of), column in columns}
    return curves_picture(curves)


@plotter(score.average_precision_score)
def plot_average_precision(y_true: ArrayLike, y_score: ArrayLike, /, **options: Any) -> alt.LayerChart:
    """Return the precision-recall curve, the area under whose steps is average precision; of several, one a class.

    Raises
    ------
    InputError
        As :func:`~workings.average_precision_score`.
    """
    score.average_precision_score(y_true, y_score, **options)
    weight = options.get("sample_weight")
    flags = score.as_indicator(y_true)
    if flags is None:
        classes = as_classes(y_true, function="plot", argument="y_true")
        present = plain(np.unique(classes))
        if len(present) <= 2:
            pos_label = options.get("pos_label", 1)
            return plot(compute.precision_recall_curve, y_true, y_score, pos_label=pos_label, sample_weight=weight)
        named = {str(label): classes == label for label in present}
    else:
        named = {str(message("label {number}", number=k)): of for k, of in enumerate(flags.T)}
    columns = zip(named.items(), np.asarray(y_score).T, strict=True)
    with held_warnings():
        curves = {
            name: compute.precision_recall_curve(of, column, sample_weight=weight) for (name, of), column in columns
        }
        return precision_curves_picture(curves)
