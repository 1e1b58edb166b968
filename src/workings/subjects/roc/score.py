"""One number for a column, a table of classes or one of labels: the AUC and average precision."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.arrays import as_matrix, check_same_length, without_gradient
from workings.errors import InputError, undefined_metric, warn
from workings.language import message
from workings.subjects.confusion.classes import as_classes, plain, rows_of_greater
from workings.subjects.confusion.scores import as_scores
from workings.subjects.roc.area import average_precision
from workings.subjects.roc.averaging import Average, mean_of_labels
from workings.subjects.roc.curve import RocCurve
from workings.subjects.roc.groups import group_weighted_ties
from workings.subjects.roc.input import area_of_rows, groups_of_rows, tie_groups, weights_of_rows
from workings.subjects.roc.multiclass import area_of_classes, needs_table

__all__ = ["area_of_column", "as_indicator", "average_precision_score", "precision_of_column", "roc_auc_score"]

Weights = NDArray[np.float64] | None


def roc_auc_score(
    y_true: ArrayLike,
    y_score: ArrayLike,
    /,
    *,
    average: Average = "macro",
    sample_weight: ArrayLike | None = None,
    max_fpr: float | None = None,
    multi_class: Literal["raise", "ovr", "ovo"] = "raise",
    labels: ArrayLike | None = None,
) -> float | NDArray[np.float64]:
    r"""Return the area under the ROC curve: the share of (positive, negative) pairs in the right order.

    .. math:: \frac{1}{P N} \sum_{i,j} [x_i > y_j] + \tfrac12 [x_i = y_j]

    Without weights it is a ratio of two whole numbers, rounded once.

    Parameters
    ----------
    y_true
        (n,) classes, the greater (or later in the alphabet) of two being the positive one; or (n, k) zeros and ones,
        one column a label.
    y_score
        (n,) scores of the positive class; (n, k) probabilities of the classes, or scores of the labels.
    average
        How the areas of several classes or labels become one number: "macro" (their mean), "weighted" (by how often
        each occurs), "micro" (all columns as one), "samples" (the mean over rows); None gives each.
    sample_weight
        (n,) what each row counts.
    max_fpr
        Take the area for false positive rates up to this only, with McClish's correction; two classes only.
    multi_class
        For three classes and more: each against the rest ("ovr") or each pair ("ovo", Hand and Till 2001).
    labels
        The classes in the order of the columns, sorted; needed where not all occur in ``y_true``.

    Returns
    -------
    float or array
        NaN, with a warning, where only one class is present.

    Raises
    ------
    InputError
        If the inputs are empty or differ in length, a label is missing, a score is NaN or infinite, probabilities of
        classes do not add up to 1, or an option does not go with the kind of target.

    Source
    ------
    Hanley and McNeil (1982), Radiology 143, 29; Hand and Till (2001), Machine Learning 45, 171.

    Examples
    --------
    >>> import workings as wk
    >>> wk.roc_auc_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.75
    """
    name = "roc_auc_score"
    _check_average(name, average)
    if multi_class not in ("raise", "ovr", "ovo"):
        raise InputError(
            message('roc_auc_score: multi_class must be "raise", "ovr" or "ovo"; got {got}', got=repr(multi_class))
        )

    def area(positive: NDArray[np.bool_], scores: NDArray[Any], weights: Weights) -> float:
        return area_of_column(positive, scores, weights, max_fpr)

    indicator = as_indicator(y_true)
    if indicator is not None:
        scores = as_matrix(y_score, function=name, argument="y_score")
        weights = weights_of_rows(sample_weight, len(indicator), function=name)
        return mean_of_labels(area, indicator, scores, average, weights, function=name)
    classes = as_classes(y_true, function=name, argument="y_true")
    columns = np.ndim(y_score)
    two = rows_of_greater(classes)
    if two is not None and not (columns == 2 and np.shape(y_score)[1] > 2):
        scores = as_scores(y_score, function=name, argument="y_score", check=False)
        check_same_length(name, y_true=len(two), y_score=len(scores))
        return area(two, scores, weights_of_rows(sample_weight, len(scores), function=name))
    if max_fpr not in (None, 1):
        raise InputError(
            message(
                "Partial AUC computation not available in multiclass setting, 'max_fpr' must be set to `None`, "
                "received `max_fpr={got}` instead. roc_auc_score: leave max_fpr out",
                got=max_fpr,
            )
        )
    if multi_class == "raise":
        raise InputError(
            message(
                "multi_class must be in ('ovo', 'ovr'). roc_auc_score: y_true has more than two classes; say with "
                'multi_class how their areas are averaged; try "ovr"'
            )
        )
    return area_of_classes(
        area, classes, y_score, labels=labels, how=(multi_class, average), sample_weight=sample_weight
    )


def average_precision_score(
    y_true: ArrayLike,
    y_score: ArrayLike,
    /,
    *,
    average: Average = "macro",
    pos_label: Any = 1,
    sample_weight: ArrayLike | None = None,
) -> float | NDArray[np.float64]:
    r"""Return average precision, :math:`\sum_k (R_k - R_{k-1}) P_k` over the thresholds from the highest.

    Parameters
    ----------
    y_true
        (n,) classes, or (n, k) zeros and ones, one column a label.
    y_score
        (n,) scores of the positive class; (n, k) scores of the classes or labels.
    average
        As :func:`roc_auc_score`; of no account for two classes.
    pos_label
        The positive one of two classes.
    sample_weight
        (n,) what each row counts.

    Returns
    -------
    float or array
        NaN, with a warning, without a positive row, where scikit-learn gives 0.

    Raises
    ------
    InputError
        If the inputs are empty or differ in length or shape, a label is missing, a score is NaN or infinite, or
        ``pos_label`` is not one of two classes, or given for several.

    Examples
    --------
    >>> import workings as wk
    >>> round(wk.average_precision_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]), 4)
    0.8333
    """
    name = "average_precision_score"
    _check_average(name, average)
    indicator = as_indicator(y_true)
    if indicator is None:
        classes = as_classes(y_true, function=name, argument="y_true")
        present = plain(np.unique(classes))
        if len(present) <= 2:
            if len(present) == 2 and pos_label not in present:
                raise InputError(
                    message(
                        "pos_label={got} is not a valid label. It should be one of {present}. average_precision_score: "
                        "pos_label must be one of the two classes",
                        got=pos_label,
                        present=str(np.array(present)),
                    )
                )
            groups, _ = tie_groups(y_true, y_score, pos_label, sample_weight, function=name)
            return _precision(groups)
        indicator = classes[:, None] == np.array(present)
        _refuse_pos_label(pos_label, "multiclass")
        if np.shape(y_score) != indicator.shape:
            raise needs_table(np.shape(y_score))
    else:
        _refuse_pos_label(pos_label, "multilabel-indicator")

    scores = as_matrix(y_score, function=name, argument="y_score")
    weights = weights_of_rows(sample_weight, len(indicator), function=name)
    return mean_of_labels(precision_of_column, indicator, scores, average, weights, function=name)


def area_of_column(
    positive: NDArray[np.bool_], scores: NDArray[Any], weights: Weights, max_fpr: float | None = None
) -> float:
    """Return the area of one column of scores; NaN, with a warning, where a class has no rows."""
    name = "roc_auc_score"
    if weights is not None:
        curve = RocCurve(group_weighted_ties(scores, positive, weights))
    else:
        if max_fpr in (None, 1):
            area = area_of_rows(positive, scores, function=name)
            if not math.isnan(area):
                return area
        curve = RocCurve(groups_of_rows(positive, scores, function=name))
    return curve.auc if max_fpr is None else curve.partial_auc(max_fpr)


def precision_of_column(positive: NDArray[np.bool_], scores: NDArray[Any], weights: Weights) -> float:
    """Return average precision of one column of scores; NaN, with a warning, without a positive row."""
    if weights is not None:
        return _precision(group_weighted_ties(scores, positive, weights))
    return _precision(groups_of_rows(positive, scores, function="average_precision_score"))


def _precision(groups: Any) -> float:
    if groups.total_positives:
        return average_precision(groups)
    warn(
        undefined_metric(
            message(
                "No positive class found in y_true, so that recall is 0/0 and average precision undefined: "
                "it is given as NaN"
            )
        ),
    )
    return math.nan


def as_indicator(y_true: ArrayLike) -> NDArray[np.bool_] | None:
    """Return a table of labels as booleans; None for one column of classes."""
    if np.ndim(y_true) != 2 or np.shape(y_true)[1] == 1:
        return None
    table = np.asarray(without_gradient(y_true))
    if table.dtype.kind not in "biuf" or not np.isin(table, (0, 1)).all():
        raise InputError(
            message(
                "multiclass-multioutput format is not supported. a table of labels must hold only 0 and 1; got {dtype} "
                "of shape {shape}; give one column of classes, or one column of 0 and 1 a label",
                dtype=str(table.dtype),
                shape=str(table.shape),
            )
        )
    return table.astype(np.bool_)


def _check_average(function: str, average: object) -> None:
    if average not in ("macro", "micro", "weighted", "samples", None):
        raise InputError(
            message(
                '{function}: average must be "macro", "micro", "weighted", "samples" or None; got {got}',
                function=function,
                got=repr(average),
            )
        )


def _refuse_pos_label(pos_label: Any, kind: str) -> None:
    if pos_label != 1:
        raise InputError(
            message(
                "Parameter pos_label is fixed to 1 for {kind} y_true. Do not set pos_label or set pos_label to 1. "
                "average_precision_score: got {got}",
                kind=kind,
                got=repr(pos_label),
            )
        )
