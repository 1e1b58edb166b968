"""The public functions: check what comes in, group the ties, return the curve or the number."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from workings.arrays import as_vector, check_same_length
from workings.errors import InputError
from workings.language import message
from workings.subjects.confusion.classes import positive_rows
from workings.subjects.confusion.scores import as_scores, score_column
from workings.subjects.roc.curve import RocCurve
from workings.subjects.roc.delong import AucComparison, compare_scores
from workings.subjects.roc.groups import split_by_class
from workings.subjects.roc.input import tie_groups
from workings.subjects.roc.precision_recall import PrecisionRecallCurve, precision_recall
from workings.subjects.roc.undefined import warn_of_missing_class

__all__ = ["auc", "compare_auc", "precision_recall_curve", "roc_curve"]


def roc_curve(
    y_true: ArrayLike,
    y_score: ArrayLike,
    /,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
    drop_intermediate: bool = True,
) -> RocCurve:
    r"""Return the ROC curve: at each threshold t, :math:`FPR = P(s \ge t | -)` and :math:`TPR = P(s \ge t | +)`.

    Parameters
    ----------
    y_true
        (n,) actual classes: numbers, booleans or text.
    y_score
        (n,) scores, higher where the positive class is likelier; any finite numbers, for only their order counts.
    pos_label
        The positive class, held against all others. By default 1, where the classes are {0, 1}, {-1, 1} or booleans.
    sample_weight
        (n,) what each row counts, not negative; rows of no weight are left out.
    drop_intermediate
        Leave out of ``fpr``, ``tpr`` and ``thresholds`` the points that lie on a line between their neighbours.
        Nothing else of the result depends on it.

    Returns
    -------
    RocCurve
        Unpacks as scikit-learn's ``fpr, tpr, thresholds`` and holds the AUC, its interval, the best thresholds.
        A class without rows makes its rate NaN, with a warning.

    Raises
    ------
    InputError
        If the inputs are empty or differ in length, a label is missing, a score is NaN or infinite, a weight is
        negative or all are zero, or it is not known which class is positive.

    Notes
    -----
    One sort of each class's scores and one linear merge: O(n log n), and whole numbers throughout.

    Examples
    --------
    >>> import workings as wk
    >>> fpr, tpr, thresholds = wk.roc_curve(["ill", "well", "ill"], [0.9, 0.4, 0.6], pos_label="ill")
    >>> tpr
    array([0. , 0.5, 1. , 1. ])
    """
    groups, labels = tie_groups(y_true, y_score, pos_label, sample_weight, function="roc_curve")
    warn_of_missing_class(groups)
    return RocCurve(groups, labels, drop_intermediate)


def precision_recall_curve(
    y_true: ArrayLike,
    y_score: ArrayLike,
    /,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
    drop_intermediate: bool = False,
) -> PrecisionRecallCurve:
    """Return precision and recall at every threshold.

    Parameters
    ----------
    y_true, y_score, pos_label, sample_weight
        As :func:`roc_curve`.
    drop_intermediate
        Where recall stays the same over several thresholds, keep only the first and the last of them.

    Returns
    -------
    PrecisionRecallCurve
        Unpacks as scikit-learn's ``precision, recall, thresholds``, the thresholds in the scores' dtype. Without a
        positive row recall is 0/0: NaN with a warning, where scikit-learn gives 1.

    Raises
    ------
    InputError
        As :func:`roc_curve`.

    Examples
    --------
    >>> import workings as wk
    >>> precision, recall, thresholds = wk.precision_recall_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> recall
    array([1. , 1. , 0.5, 0.5, 0. ])
    """
    name = "precision_recall_curve"
    scores = score_column(y_score, function=name, argument="y_score")
    groups, _ = tie_groups(y_true, scores, pos_label, sample_weight, function=name)
    return precision_recall(groups, dtype=scores.dtype, drop_intermediate=drop_intermediate)


def compare_auc(
    y_true: ArrayLike, score_a: ArrayLike, score_b: ArrayLike, /, *, pos_label: Any = None
) -> AucComparison:
    """Return DeLong's paired test of whether two scores of the same rows differ in their AUC by more than chance.

    Parameters
    ----------
    y_true
        (n,) actual classes.
    score_a, score_b
        (n,) the two models' scores of the same rows.
    pos_label
        The positive class, as :func:`roc_curve`.

    Returns
    -------
    AucComparison
        Both areas, their variances and covariance, z, the two-sided p value, the interval of the difference.

    Raises
    ------
    InputError
        If the inputs are empty or differ in length, a label is missing, a score is NaN or infinite, a class has no
        rows, or it is not known which class is positive.

    Source
    ------
    DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44; the figures are those of pROC's ``roc.test(paired=TRUE)``.

    Examples
    --------
    >>> import workings as wk
    >>> y = [0, 0, 0, 0, 1, 1, 1, 1]
    >>> wk.compare_auc(y, [1, 2, 3, 4, 3, 5, 6, 7], [2, 1, 6, 3, 4, 2, 5, 7])
    <AucComparison: AUC 0.9062 and 0.7188, difference 0.1875, z 0.843, p 0.399>
    """
    name = "compare_auc"
    positive, _ = positive_rows(y_true, pos_label, function=name)
    first = as_scores(score_a, function=name, argument="score_a")
    second = as_scores(score_b, function=name, argument="score_b")
    check_same_length(name, y_true=len(positive), score_a=len(first), score_b=len(second))
    (above_a, below_a), (above_b, below_b) = split_by_class(positive, first), split_by_class(positive, second)
    return compare_scores((above_a, above_b), (below_a, below_b), function=name)


def auc(x: ArrayLike, y: ArrayLike, /) -> float:
    r"""Return the area under points of a curve by trapezoids, :math:`\sum_k (x_{k+1} - x_k) (y_{k+1} + y_k) / 2`.

    Parameters
    ----------
    x
        (n,) coordinates that rise or fall throughout; falling ones are read from the other end.
    y
        (n,) heights.

    Returns
    -------
    float
        The area.

    Raises
    ------
    InputError
        If there are fewer than two points, the lengths differ, or ``x`` neither rises nor falls throughout.

    Examples
    --------
    >>> import workings as wk
    >>> wk.auc([0, 1, 2], [0, 1, 0])
    1.0
    """
    across = as_vector(x, function="auc", argument="x", finite=False)
    heights = as_vector(y, function="auc", argument="y", finite=False)
    check_same_length("auc", x=len(across), y=len(heights))
    if len(across) < 2:
        raise InputError(
            message(
                "At least 2 points are needed to compute area under curve, but x.shape = {shape}. auc: x must hold two "
                "points or more",
                shape=str(across.shape),
            )
        )
    # Whole numbers of few bits wrap: a fall of unsigned ones, a width or a sum of two heights of the others.
    across, heights = (each if each.dtype.kind == "f" else each.astype(np.float64) for each in (across, heights))
    with np.errstate(over="ignore", invalid="ignore"):
        steps = np.diff(across)
    falls = bool((steps < 0).any())
    if falls and not (steps <= 0).all():
        raise InputError(
            message(
                "x is neither increasing nor decreasing : {x}. auc: x must rise or fall throughout; "
                "sort the points by x",
                x=str(np.ravel(x)),
            )
        )
    with np.errstate(over="ignore", invalid="ignore"):
        area = float((steps * (heights[1:] + heights[:-1]) / 2.0).sum())
    return -area if falls else area
