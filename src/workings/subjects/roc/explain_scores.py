"""The single numbers, worked: the area under any points, and the curve from which the others are read."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from workings.errors import InputError
from workings.expression import equation, indexed, symbols, total
from workings.language import message
from workings.subjects.confusion.classes import as_classes, plain, positive_rows
from workings.subjects.roc import compute, score
from workings.subjects.roc.explain_curve import Rows, explain_points
from workings.subjects.roc.explain_precision import explain_precision
from workings.subjects.roc.precision_recall import PrecisionRecallCurve
from workings.working import Derivation, Rule, Working, explainer, shown

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
    line = w.line("area", equation(A, total(width * height, k, 1, n - 1)), value, rule=Rule.TRAPEZOID, absolute=1e-15)
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
    w.conclude(message("The area is {area}.", area=line.shown or shown(value)))
    return w.build()


@explainer(score.roc_auc_score)
def explain_auc_score(y_true: ArrayLike, y_score: ArrayLike, /, **options: Any) -> Working:
    """Return the working of the AUC of two classes, of which the greater is the positive one."""
    classes = as_classes(y_true, function="explain", argument="y_true")
    present = plain(np.unique(classes))
    if len(present) > 2:
        raise InputError(
            message(
                "explain: y_true must have two classes; got {count}; explain roc_curve with pos_label for one class "
                "against the rest",
                count=len(present),
            )
        )
    score.roc_auc_score(y_true, y_score, **options)
    weights = options.get("sample_weight")
    curve = compute.roc_curve(classes, y_score, pos_label=max(present), sample_weight=weights)
    rows = Rows.of(classes == max(present), y_score, weights)
    return explain_points(curve, rows, level=0.95, max_fpr=options.get("max_fpr") or 0.1, costs=(1.0, 1.0))


@explainer(score.average_precision_score)
def explain_average_precision(y_true: ArrayLike, y_score: ArrayLike, /, **options: Any) -> Working:
    """Return the working of the curve from which average precision is read, at its key ``average_precision``."""
    score.average_precision_score(y_true, y_score, **options)
    return explain_precision_recall(
        y_true, y_score, pos_label=options.get("pos_label", 1), sample_weight=options.get("sample_weight")
    )


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
    return explain_precision(curve, Rows.of(positive, y_score, sample_weight))


@explainer(PrecisionRecallCurve)
def explain_precision_recall_result(curve: PrecisionRecallCurve) -> Working:
    """Return the working of a curve from its counts; ``at(threshold=0.5)`` is one matrix."""
    return explain_precision(curve, None)
