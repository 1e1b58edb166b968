"""Labels, scores and weights at the door, on their way to tie groups."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.arrays import as_weights, check_same_length
from workings.subjects.confusion.classes import positive_rows
from workings.subjects.confusion.scores import as_scores, refuse_infinite
from workings.subjects.roc.area import sorted_area
from workings.subjects.roc.groups import (
    KERNEL_ROWS,
    TieGroups,
    group_rows,
    group_weighted_ties,
    groups_in_order,
    split_by_class,
)
from workings.subjects.roc.ordering import OrderedRows, ordered_rows

__all__ = ["area_of_rows", "groups_of_rows", "tie_groups", "weights_of_rows"]


def tie_groups(
    y_true: ArrayLike, y_score: ArrayLike, pos_label: Any, sample_weight: ArrayLike | None, *, function: str
) -> tuple[TieGroups, tuple[Any, Any]]:
    """Return the tie groups of checked input, and the labels of the negative and the positive class."""
    positive, labels = positive_rows(y_true, pos_label, function=function)
    scores = as_scores(y_score, function=function, argument="y_score", check=False)
    check_same_length(function, y_true=len(positive), y_score=len(scores))
    weights = weights_of_rows(sample_weight, len(scores), function=function)
    if weights is not None:
        refuse_infinite(scores, function=function, argument="y_score")
        return group_weighted_ties(scores, positive, weights), labels
    return groups_of_rows(positive, scores, function=function), labels


def groups_of_rows(positive: NDArray[np.bool_], scores: NDArray[Any], *, function: str) -> TieGroups:
    """Return the tie groups of rows, whose scores are checked to be finite."""
    if len(scores) < KERNEL_ROWS:
        refuse_infinite(scores, function=function, argument="y_score")
        return group_rows(positive, scores)
    return groups_in_order(_in_order(positive, scores, function))


def area_of_rows(positive: NDArray[np.bool_], scores: NDArray[Any], *, function: str) -> float:
    """Return the AUC of rows, whose scores are checked to be finite; NaN where a class has none."""
    if len(scores) < KERNEL_ROWS:
        refuse_infinite(scores, function=function, argument="y_score")
        return sorted_area(*split_by_class(positive, scores))
    rows = _in_order(positive, scores, function)
    of_positives = rows.positives()
    twice = 2 * of_positives * (len(scores) - of_positives)
    return rows.twice_pairs() / twice if twice else math.nan


def _in_order(positive: NDArray[np.bool_], scores: NDArray[Any], function: str) -> OrderedRows:
    rows = ordered_rows([(scores, positive)])
    if not rows.finite:
        refuse_infinite(scores, function=function, argument="y_score")
    return rows


def weights_of_rows(sample_weight: ArrayLike | None, rows: int, *, function: str) -> NDArray[np.float64] | None:
    """Return sample weights as float64 (None stays None)."""
    return as_weights(sample_weight, rows, function=function, beside=("y_true", "y_score"))
