"""The public functions: check the labels at the door, count, and return the matrix or the table."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.arrays import as_weights, check_same_length, without_gradient
from workings.errors import InputError, WorkingsWarning, undefined_metric, warn
from workings.language import message
from workings.subjects.confusion.classes import as_classes, plain, positive_rows, same_kind
from workings.subjects.confusion.counts import count_label_pairs, select_classes, weigh_label_pairs
from workings.subjects.confusion.matrix import ConfusionMatrix, Normalize
from workings.subjects.confusion.scores import as_scores, as_thresholds
from workings.subjects.confusion.thresholds import (
    LARGEST_KEPT,
    ThresholdTable,
    count_at_thresholds,
    count_reaching,
    every_score,
)

__all__ = ["confusion_matrix", "threshold_table"]

# Whole weights are added up in int64, where more would wrap.
_LARGEST_TOTAL = 2.0**63


def confusion_matrix(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    /,
    *,
    labels: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
    normalize: Normalize | None = None,
) -> ConfusionMatrix:
    r"""Return how often each class was taken for each: :math:`C_{ij} = \sum_r [y_r = i][\hat y_r = j]`.

    Parameters
    ----------
    y_true
        (n,) actual classes: integers, booleans or text.
    y_pred
        (n,) predicted classes, of the same kind.
    labels
        The classes of rows and columns, in this order; rows of other classes are left out. By default all that
        occur, sorted.
    sample_weight
        (n,) what each row counts, not negative; whole numbers add up as integers.
    normalize
        Give shares instead of counts: "true" of each actual class, "pred" of each predicted class, "all" of all rows.

    Returns
    -------
    ConfusionMatrix
        (k, k), rows actual, columns predicted: as scikit-learn's array, with all rates besides. Where a class to be
        normalised over has no rows the shares are 0/0: NaN with a warning, where scikit-learn gives 0.

    Raises
    ------
    InputError
        If the inputs are empty (and ``labels`` not given), differ in length, hold missing labels, scores in place of
        classes or text among numbers; if ``labels`` is empty, repeats a class or has none of ``y_true``; if a weight
        is negative, NaN or infinite, all are zero or whole ones add up to 2^63; if ``normalize`` is something else.

    Examples
    --------
    >>> import workings as wk
    >>> wk.confusion_matrix(["cat", "dog", "cat"], ["cat", "cat", "cat"])
    actual \ predicted  cat  dog
    cat                   2    0
    dog                   1    0
    3 rows, accuracy 0.6667
    """
    name = "confusion_matrix"
    if normalize not in (None, "true", "pred", "all"):
        raise InputError(
            message('confusion_matrix: normalize must be "true", "pred", "all" or None; got {got}', got=repr(normalize))
        )
    actual = as_classes(y_true, function=name, argument="y_true")
    predicted = as_classes(y_pred, function=name, argument="y_pred")
    check_same_length(name, y_true=len(actual), y_pred=len(predicted))
    same_kind(name, y_true=actual, y_pred=predicted)
    wanted = None if labels is None else _wanted(labels, actual)
    if not actual.size:
        return _of_nothing(wanted)
    weights = _weights(sample_weight, len(actual))
    if weights is None:
        found, counts = count_label_pairs(actual, predicted)
    else:
        found, total, rest = weigh_label_pairs(actual, predicted, weights)
        counts = total + rest
    names = plain(found)
    if wanted is not None:
        names, counts = wanted, select_classes(counts, names, wanted)
    if len(names) == 1:
        warn(
            WorkingsWarning(
                message(
                    "A single label was found in 'y_true' and 'y_pred'. For the confusion matrix to have the correct "
                    "shape, use the 'labels' parameter to pass all known labels."
                )
            ),
        )
    counts.setflags(write=False)
    matrix = ConfusionMatrix(counts, names, normalize, weighted=weights is not None)
    if normalize is not None and np.isnan(matrix.values).any():
        warn(
            undefined_metric(
                message(
                    'confusion_matrix: normalize="{normalize}" divides by the rows of a class that has none; '
                    "its shares are 0/0 and given as NaN",
                    normalize=normalize,
                )
            ),
        )
    return matrix


def threshold_table(
    y_true: ArrayLike,
    y_score: ArrayLike,
    thresholds: ArrayLike | None = (0.3, 0.5, 0.7),
    /,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
) -> ThresholdTable:
    r"""Return the four counts at each threshold: a row is predicted positive where ``score >= threshold``.

    Parameters
    ----------
    y_true
        (n,) actual classes.
    y_score
        (n,) scores, higher where the positive class is likelier.
    thresholds
        (m,) thresholds in any order; infinity predicts all rows negative. They are taken in the scores' own
        precision, as NumPy's ``score >= threshold`` takes them. None takes every different score, from the highest
        (of rows that have weight), as scikit-learn's ``confusion_matrix_at_thresholds``.
    pos_label
        The positive class; 1 by default, where the classes are {0, 1}, {-1, 1} or booleans.
    sample_weight
        (n,) what each row counts.

    Returns
    -------
    ThresholdTable
        One entry a threshold, in the order given; for small data also each row's decision and cell.

    Raises
    ------
    InputError
        If the inputs are empty or differ in length, a score is NaN or infinite, a threshold is NaN, or it is not known
        which class is positive.

    Examples
    --------
    >>> import workings as wk
    >>> table = wk.threshold_table([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], [0.3, 0.5, 0.7])
    >>> table
    threshold  TP  FP  FN  TN
          0.3   2   1   0   1
          0.5   1   0   1   2
          0.7   1   0   1   2
    >>> table.confusion(0).recall
    1.0
    """
    name = "threshold_table"
    positive, labels = positive_rows(y_true, pos_label, function=name)
    scores = as_scores(y_score, function=name, argument="y_score")
    check_same_length(name, y_true=len(positive), y_score=len(scores))
    weights = as_weights(sample_weight, len(scores), function=name, beside=("y_true", "y_score"))
    sides = [(rows, None if weights is None else weights[rows]) for rows in (positive, ~positive)]
    if thresholds is None:
        cuts, places = every_score(scores, weights)
        found = [count_reaching(places[rows], len(cuts), of_rows)[:, ::-1] for rows, of_rows in sides]
        cuts = cuts[::-1]
    else:
        cuts = as_thresholds(thresholds, scores.dtype, function=name)
        found = [count_at_thresholds(scores[rows], cuts, of_rows) for rows, of_rows in sides]
    (tp, fn), (fp, tn) = found
    kept = len(scores) <= LARGEST_KEPT
    return ThresholdTable(
        cuts,
        tp,
        fp,
        fn,
        tn,
        labels,
        positive.copy() if kept else None,
        scores.copy() if kept else None,
    )


def _wanted(labels: ArrayLike, actual: NDArray[Any]) -> tuple[Any, ...]:
    given = as_classes(labels, function="confusion_matrix", argument="labels")
    if not given.size:
        raise InputError(
            message(
                "'labels' should contain at least one label. confusion_matrix: labels must not be empty; leave it out"
            )
        )
    same_kind("confusion_matrix", y_true=actual, labels=given)
    names = plain(given)
    if len(set(names)) < len(names):
        raise InputError(
            message("confusion_matrix: labels must name each class once; got {labels}", labels=repr(names))
        )
    if actual.size and not np.isin(actual, given).any():
        raise InputError(
            message(
                "At least one label specified must be in y_true. confusion_matrix: labels must be classes of the data; "
                "got {labels}, of which y_true has none",
                labels=repr(names),
            )
        )
    return names


def _of_nothing(wanted: tuple[Any, ...] | None) -> ConfusionMatrix:
    if wanted is None:
        raise InputError(
            message(
                "Found empty input array (e.g., `y_true` or `y_pred`) while a minimum of 1 sample is required. "
                "confusion_matrix: y_true must have rows; got none; pass labels for a matrix of zeros"
            )
        )
    return ConfusionMatrix.from_counts(np.zeros((len(wanted), len(wanted)), np.int64), wanted)


def _weights(sample_weight: ArrayLike | None, rows: int) -> NDArray[Any] | None:
    """Return weights as integers where they are, else as float64."""
    if sample_weight is None:
        return None
    given = np.asarray(without_gradient(sample_weight))
    if given.dtype.kind == "O":
        given = given.astype(np.float64)
    checked = as_weights(given, rows, function="confusion_matrix", beside=("y_true", "y_pred"))
    if checked is None or given.dtype.kind not in "iub":
        return checked
    if checked.sum() >= _LARGEST_TOTAL:
        raise InputError(
            message(
                "confusion_matrix: whole sample_weight must add up to less than 2^63; got {total}; give them as floats",
                total=f"{checked.sum():.6g}",
            )
        )
    return given.reshape(-1)
