"""The ROC curve, worked: the area twice over, its interval, the best thresholds, and two curves compared."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike

from workings.subjects.confusion.classes import positive_rows
from workings.subjects.roc import compute
from workings.subjects.roc.curve import RocCurve
from workings.subjects.roc.delong import AucComparison
from workings.subjects.roc.explain_comparison import explain_pair
from workings.subjects.roc.explain_curve import explain_points
from workings.subjects.roc.explain_results import (
    explain_band,
    explain_groups,
    explain_histogram,
    explain_operating_point,
    explain_some_points,
)
from workings.subjects.roc.explain_scores import (
    explain_area,
    explain_auc_score,
    explain_average_precision,
    explain_precision_recall,
)
from workings.subjects.roc.point_tables import scored_rows
from workings.working import Working, explainer

__all__ = [
    "explain_area",
    "explain_auc_score",
    "explain_average_precision",
    "explain_band",
    "explain_compare_auc",
    "explain_comparison",
    "explain_curve",
    "explain_groups",
    "explain_histogram",
    "explain_operating_point",
    "explain_precision_recall",
    "explain_roc_curve",
    "explain_some_points",
]


@explainer(RocCurve)
def explain_curve(
    curve: RocCurve, *, level: float = 0.95, max_fpr: float = 0.1, cost_fp: float = 1.0, cost_fn: float = 1.0
) -> Working:
    """Return the working of a curve: the area, its interval, the best thresholds, a part of the area.

    Parameters
    ----------
    curve
        The curve.
    level
        The confidence level of the interval.
    max_fpr
        Up to which false positive rate the partial area goes.
    cost_fp, cost_fn
        What the two errors cost.
    """
    return explain_points(curve, None, level=level, max_fpr=max_fpr, costs=(cost_fp, cost_fn))


@explainer(compute.roc_curve)
def explain_roc_curve(
    y_true: ArrayLike,
    y_score: ArrayLike,
    /,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
    drop_intermediate: bool = True,
) -> Working:
    """Return the working of the curve of these rows, which are counted again; ``at(threshold=0.5)`` is one matrix."""
    curve = compute.roc_curve(
        y_true, y_score, pos_label=pos_label, sample_weight=sample_weight, drop_intermediate=drop_intermediate
    )
    positive, _ = positive_rows(y_true, pos_label, function="explain")
    rows = scored_rows(positive, y_score, sample_weight)
    return explain_points(curve, rows, level=0.95, max_fpr=0.1, costs=(1.0, 1.0))


@explainer(AucComparison)
def explain_comparison(comparison: AucComparison, *, level: float = 0.95) -> Working:
    """Return the working of a paired test."""
    return explain_pair(comparison, level)


@explainer(compute.compare_auc)
def explain_compare_auc(
    y_true: ArrayLike, score_a: ArrayLike, score_b: ArrayLike, /, *, pos_label: Any = None
) -> Working:
    """Return the working of the paired test of two scores."""
    return explain_pair(compute.compare_auc(y_true, score_a, score_b, pos_label=pos_label), 0.95)
