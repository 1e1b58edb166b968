"""The single numbers, worked: the area under any points, and the curve from which the others are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.arrays import as_matrix
from workings.errors import InputError
from workings.expression import equation, indexed, symbols, total
from workings.language import message
from workings.subjects.confusion.classes import as_classes, plain, positive_rows
from workings.subjects.roc import compute, score
from workings.subjects.roc.averaging import Average
from workings.subjects.roc.explain_averages import Column, explain_columns, explain_pairs
from workings.subjects.roc.explain_curve import explain_points
from workings.subjects.roc.explain_precision import explain_precision
from workings.subjects.roc.input import weights_of_rows
from workings.subjects.roc.point_tables import scored_rows
from workings.subjects.roc.precision_recall import PrecisionRecallCurve
from workings.working import Derivation, Derived, Rule, Working, explain, explainer

__all__ = [
    "explain_area",
    "explain_auc_score",
    "explain_average_precision",
    "explain_precision_recall",
    "explain_precision_recall_result",
]


@explainer(compute.auc)
def explain_area(x: ArrayLike, y: ArrayLike, /) -> Working:
    """Return the working of the area under points by trapezoids."""
    value = compute.auc(x, y)
    across = np.asarray(x, np.float64).reshape(-1)
    heights = np.asarray(y, np.float64).reshape(-1)
    falling = bool((np.diff(across) < 0).any())
    if falling:
        across, heights = across[::-1].copy(), heights[::-1].copy()
    w = Derivation("roc", message("How large is the area under the points?"))
    k, n, A = symbols("k n A")
    w.given("x", across, message("the coordinates, rising"))
    w.given("y", heights, message("the heights"))
    w.given("n", len(across), message("the number of points"))
    width = indexed("x", k + 1) - indexed("x", k)
    height = (indexed("y", k) + indexed("y", k + 1)) / 2
    w.line("area", equation(A, total(width * height, k, 1, n - 1)), value, rule=Rule.TRAPEZOID, absolute=1e-15)
    if falling:
        w.note(message("The coordinates fall; they are read from the other end."))
    steps = total(width * indexed("y", k), k, 1, n - 1)
    rival = float((np.diff(across) * heights[:-1]).sum())
    w.convention(
        None,
        message("from point to point the curve is a straight line, and each strip a trapezoid"),
        message("as steps that keep the height of the point on their left, the area would be {value}"),
        rival,
        steps,
    )
    w.conclude(message("The area is {area}.", area=Derived(value, A, 1e-15)))
    return w.build()


@explainer(score.roc_auc_score)
def explain_auc_score(y_true: ArrayLike, y_score: ArrayLike, /, **options: Any) -> Working:
    """Return the working of the AUC: of two classes, the greater being the positive one; or of each of several.

    Raises
    ------
    InputError
        As :func:`~workings.roc_auc_score`; and if ``max_fpr`` is given for several labels.
    """
    value = score.roc_auc_score(y_true, y_score, **options)
    weights, max_fpr = options.get("sample_weight"), options.get("max_fpr")
    indicator = score.as_indicator(y_true)
    if indicator is not None:
        if max_fpr not in (None, 1):
            raise InputError(
                message("explain: max_fpr must be left out for several labels; got {got}; take one label", got=max_fpr)
            )
        return _of_labels(indicator, y_score, ("auc", value), options)
    classes = as_classes(y_true, function="explain", argument="y_true")
    present = plain(np.unique(classes))
    if len(present) > 2 or (np.ndim(y_score) == 2 and np.shape(y_score)[1] > 2):
        labels = options.get("labels")
        known = present if labels is None else plain(as_classes(labels, function="explain", argument="labels"))
        if options.get("multi_class") == "ovo":
            scores = as_matrix(y_score, function="explain", argument="y_score")
            codes = np.searchsorted(np.array(known), classes)
            return explain_pairs(codes, known, scores, float(value), weighted=options.get("average") == "weighted")
        return _of_labels(classes[:, None] == np.array(known), y_score, ("auc", value), options, known)
    curve = compute.roc_curve(classes, y_score, pos_label=max(present), sample_weight=weights)
    rows = scored_rows(classes == max(present), y_score, weights)
    up_to = None if max_fpr in (None, 1) else float(max_fpr)
    asked = float(value), up_to
    return explain_points(curve, rows, level=0.95, max_fpr=up_to or 0.1, costs=(1.0, 1.0), asked=asked)


@explainer(score.average_precision_score)
def explain_average_precision(y_true: ArrayLike, y_score: ArrayLike, /, **options: Any) -> Working:
    """Return the working of average precision: of two classes with the curve it is read from; or of each of several."""
    value = score.average_precision_score(y_true, y_score, **options)
    indicator = score.as_indicator(y_true)
    if indicator is not None:
        return _of_labels(indicator, y_score, ("precision", value), options)
    classes = as_classes(y_true, function="explain", argument="y_true")
    present = plain(np.unique(classes))
    if len(present) > 2:
        return _of_labels(classes[:, None] == np.array(present), y_score, ("precision", value), options, present)
    pos_label, weights = options.get("pos_label", 1), options.get("sample_weight")
    curve = compute.precision_recall_curve(y_true, y_score, pos_label=pos_label, sample_weight=weights)
    positive, _ = positive_rows(y_true, pos_label, function="explain")
    return explain_precision(curve, scored_rows(positive, y_score, weights), float(value))


def _of_labels(
    indicator: NDArray[np.bool_],
    y_score: ArrayLike,
    computed: tuple[Literal["auc", "precision"], Any],
    options: Mapping[str, Any],
    labels: Sequence[Any] | None = None,
) -> Working:
    """Return the working of a number of several columns, averaged as it was asked for."""
    of, value = computed
    scores = as_matrix(y_score, function="explain", argument="y_score")
    weights = weights_of_rows(options.get("sample_weight"), len(indicator), function="explain")
    average: Average = options.get("average", "macro")
    if average == "micro":
        every = None if weights is None else np.repeat(weights, indicator.shape[1])
        function = compute.roc_curve if of == "auc" else compute.precision_recall_curve
        return explain(function, indicator.ravel(), scores.ravel(), sample_weight=every)
    if average == "samples":
        rows = [
            Column(row, flags, of_row) for row, (flags, of_row) in enumerate(zip(indicator, scores, strict=True), 1)
        ]
        return explain_columns(rows, of, float(value), weights)
    names = range(indicator.shape[1]) if labels is None else labels
    columns = [
        Column(name, flags, column, weights) for name, flags, column in zip(names, indicator.T, scores.T, strict=True)
    ]
    if average is None:
        return explain_columns(columns, of, None)
    shares = np.array([column.sides()[0] for column in columns]) if average == "weighted" else None
    return explain_columns(columns, of, float(value), shares)


@explainer(compute.precision_recall_curve)
def explain_precision_recall(
    y_true: ArrayLike,
    y_score: ArrayLike,
    /,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
    drop_intermediate: bool = False,
) -> Working:
    """Return the working of the curve of these rows, which are counted again; ``at(threshold=0.5)`` is one matrix."""
    curve = compute.precision_recall_curve(
        y_true, y_score, pos_label=pos_label, sample_weight=sample_weight, drop_intermediate=drop_intermediate
    )
    positive, _ = positive_rows(y_true, pos_label, function="explain")
    return explain_precision(curve, scored_rows(positive, y_score, sample_weight))


@explainer(PrecisionRecallCurve)
def explain_precision_recall_result(curve: PrecisionRecallCurve) -> Working:
    """Return the working of a curve from its counts; ``at(threshold=0.5)`` is one matrix."""
    return explain_precision(curve, None)
