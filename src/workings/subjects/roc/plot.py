"""The pictures of this room: the ROC curve under a slider, precision and recall, two areas compared."""

from __future__ import annotations

from typing import Any

import altair as alt
from numpy.typing import ArrayLike

from workings.errors import InputError
from workings.language import message
from workings.subjects.confusion.thresholds import ThresholdTable
from workings.subjects.roc import compute
from workings.subjects.roc.band import CurveBand
from workings.subjects.roc.best import OperatingPoint
from workings.subjects.roc.curve import RocCurve
from workings.subjects.roc.delong import AucComparison
from workings.subjects.roc.groups import TieGroups
from workings.subjects.roc.histogram import ScoreHistogram
from workings.subjects.roc.plot_band import band_picture
from workings.subjects.roc.plot_comparison import comparison_picture, curves_compared
from workings.subjects.roc.plot_histogram import histogram_picture
from workings.subjects.roc.plot_precision import precision_recall_picture
from workings.subjects.roc.plot_scores import plot_area, plot_auc_score, plot_average_precision
from workings.subjects.roc.plot_threshold import retained_thresholds, threshold_picture
from workings.subjects.roc.precision_recall import PrecisionRecallCurve
from workings.subjects.roc.thin import CurvePoints
from workings.working import plot, plotter

__all__ = [
    "plot_area",
    "plot_auc_score",
    "plot_average_precision",
    "plot_band",
    "plot_compare_auc",
    "plot_comparison",
    "plot_curve",
    "plot_groups",
    "plot_histogram",
    "plot_operating_point",
    "plot_precision_recall",
    "plot_precision_recall_curve",
    "plot_roc_curve",
    "plot_some_points",
]


@plotter(RocCurve)
def plot_curve(curve: RocCurve, *, threshold: float | None = None) -> alt.ConcatChart:
    """Return the curve, the scores by class and the four counts, moved together by a slider over the thresholds.

    Parameters
    ----------
    curve
        The curve.
    threshold
        Where the slider starts: by default 0.5 if all scores lie within [0, 1], else the best by Youden's index.

    Raises
    ------
    InputError
        If a class has no rows, or the threshold is NaN.
    """
    _need_both(curve)
    best = curve.best_threshold().threshold
    scores = curve.groups.scores
    probabilities = scores[-1] >= 0 and scores[0] <= 1
    chosen = threshold if threshold is not None else 0.5 if probabilities else best
    negative, positive = curve.confusion_at(chosen).labels
    return threshold_picture(
        curve,
        retained_thresholds(curve, (chosen, best)),
        chosen,
        positive=str(positive),
        negative=str(negative),
        interval=_interval(curve),
    )


@plotter(TieGroups)
def plot_groups(groups: TieGroups, *, threshold: float | None = None) -> alt.ConcatChart:
    """Return the picture of the curve of these counts, as :func:`plot_curve`."""
    return plot_curve(RocCurve(groups), threshold=threshold)


@plotter(OperatingPoint)
def plot_operating_point(point: OperatingPoint) -> alt.ConcatChart:
    """Return the picture of the curve with its slider at this threshold, as :func:`plot_curve`."""
    return plot_curve(RocCurve(point.groups, point.labels), threshold=point.threshold)


@plotter(CurvePoints)
def plot_some_points(points: CurvePoints) -> alt.ConcatChart:
    """Return the rates by threshold and the four counts, moved by a slider over these points."""
    labels = (str(message("negative")), str(message("positive")))
    return plot(ThresholdTable(points.thresholds, points.tp, points.fp, points.fn, points.tn, labels))


@plotter(CurveBand)
def plot_band(band: CurveBand) -> alt.LayerChart:
    """Return the curve in its band."""
    return band_picture(band)


@plotter(ScoreHistogram)
def plot_histogram(histogram: ScoreHistogram) -> alt.LayerChart:
    """Return the scores of each class, the negatives upward and the positives downward."""
    return histogram_picture(histogram)


@plotter(compute.roc_curve)
def plot_roc_curve(y_true: ArrayLike, y_score: ArrayLike, /, **options: Any) -> alt.ConcatChart:
    """Return the picture of the curve of these rows, as :func:`plot_curve`."""
    return plot_curve(compute.roc_curve(y_true, y_score, **options))


@plotter(PrecisionRecallCurve)
def plot_precision_recall(curve: PrecisionRecallCurve) -> alt.LayerChart:
    """Return precision against recall, with average precision as the area below.

    Raises
    ------
    InputError
        If there is no positive row.
    """
    return precision_recall_picture(curve)


@plotter(compute.precision_recall_curve)
def plot_precision_recall_curve(y_true: ArrayLike, y_score: ArrayLike, /, **options: Any) -> alt.LayerChart:
    """Return the picture of the precision-recall curve of these rows."""
    return precision_recall_picture(compute.precision_recall_curve(y_true, y_score, **options))


@plotter(AucComparison)
def plot_comparison(comparison: AucComparison) -> alt.VConcatChart:
    """Return both areas and their difference as points with their 95 % intervals."""
    return comparison_picture(comparison)


@plotter(compute.compare_auc)
def plot_compare_auc(
    y_true: ArrayLike, score_a: ArrayLike, score_b: ArrayLike, /, *, pos_label: Any = None
) -> alt.ConcatChart:
    """Return both curves, and beside them the areas and their difference with 95 % intervals."""
    comparison = compute.compare_auc(y_true, score_a, score_b, pos_label=pos_label)
    curves = [compute.roc_curve(y_true, score, pos_label=pos_label) for score in (score_a, score_b)]
    return curves_compared(comparison, curves)


def _interval(curve: RocCurve) -> tuple[float, float] | None:
    """Return the area's 95 % interval where there is one that says something."""
    if curve.weighted or min(curve.positives, curve.negatives) < 2 or curve.auc_variance == 0:
        return None
    return curve.auc_interval()


def _need_both(curve: RocCurve) -> None:
    if not curve.positives or not curve.negatives:
        raise InputError(
            message(
                "plot: both classes must have rows, or there is no curve; got {positives} positive and {negatives} "
                "negative; look at how the positive class was chosen",
                positives=curve.positives,
                negatives=curve.negatives,
            )
        )
