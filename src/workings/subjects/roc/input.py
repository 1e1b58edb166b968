"""Labels, scores and weights at the door, on their way to tie groups."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.arrays import as_weights, check_same_length
from workings.errors import InputError
from workings.language import message
from workings.subjects.confusion.classes import positive_rows
from workings.subjects.confusion.scores import as_scores, refuse_infinite
from workings.subjects.roc.groups import TieGroups, group_ties, group_weighted_ties, sort_both, split_by_class

__all__ = ["as_checked_weights", "sorted_by_class", "tie_groups"]


def tie_groups(
    y_true: ArrayLike, y_score: ArrayLike, pos_label: Any, sample_weight: ArrayLike | None, *, function: str
) -> tuple[TieGroups, tuple[Any, Any]]:
    """Return the tie groups of checked input, and the labels of the negative and the positive class."""
    positive, labels = positive_rows(y_true, pos_label, function=function)
    scores = as_scores(y_score, function=function, argument="y_score", check=False)
    check_same_length(function, y_true=len(positive), y_score=len(scores))
    weights = as_checked_weights(sample_weight, len(scores), function=function)
    if weights is not None:
        refuse_infinite(scores, function=function, argument="y_score")
        return group_weighted_ties(scores, positive, weights), labels
    return group_ties(*sorted_by_class(positive, scores, function=function)), labels


def sorted_by_class(
    positive: NDArray[np.bool_], scores: NDArray[Any], *, function: str
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the sorted scores of the positive and of the negative rows, all of them finite."""
    above, below = split_by_class(positive, scores)
    sort_both(above, below)
    # Sorted, NaN and infinity stand at the ends: four looks in place of one pass.
    if not all(np.isfinite(side[end]) for side in (above, below) if len(side) for end in (0, -1)):
        refuse_infinite(scores, function=function, argument="y_score")
    return above, below


def as_checked_weights(sample_weight: ArrayLike | None, rows: int, *, function: str) -> NDArray[np.float64] | None:
    """Return sample weights as float64 (None stays None), refused in scikit-learn's words where all are zero."""
    if sample_weight is not None and not np.any(sample_weight):
        raise InputError(
            message(
                "Sample weights must contain at least one non-zero number. {function}: sample_weight must not be zero "
                "in every row",
                function=function,
            )
        )
    return as_weights(sample_weight, rows, function=function)
