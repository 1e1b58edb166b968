"""The AUC of three classes and more."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.arrays import as_matrix, check_same_length
from workings.errors import InputError, undefined_metric, warn
from workings.language import message
from workings.subjects.confusion.classes import as_classes, plain, same_kind
from workings.subjects.roc.averaging import Average, Metric, mean_of_labels, mean_of_pairs
from workings.subjects.roc.input import weights_of_rows

__all__ = ["UnsupportedAverageError", "area_of_classes", "needs_table"]


class UnsupportedAverageError(InputError, NotImplementedError):
    """An average that has no meaning for pairs of classes; scikit-learn raises a NotImplementedError for it."""


def area_of_classes(
    area: Metric,
    classes: NDArray[Any],
    y_score: ArrayLike,
    *,
    labels: ArrayLike | None,
    how: tuple[Literal["ovr", "ovo"], Average],
    sample_weight: ArrayLike | None,
) -> float | NDArray[np.float64]:
    """Return the area of each class against the rest, or of each pair, averaged."""
    name = "roc_auc_score"
    multi_class, average = how
    if np.ndim(y_score) != 2:
        raise needs_table(np.shape(y_score))
    scores = as_matrix(y_score, function=name, argument="y_score")
    check_same_length(name, y_true=len(classes), y_score=len(scores))
    if not np.allclose(1, scores.sum(axis=1)):
        raise InputError(
            message(
                "Target scores need to be probabilities for multiclass roc_auc, i.e. they should sum up to 1.0 over "
                "classes. roc_auc_score: the first such row is {row}",
                row=int(np.argmin(np.isclose(1, scores.sum(axis=1)))),
            )
        )
    allowed = ("micro", "macro", "weighted", None) if multi_class == "ovr" else ("macro", "weighted", None)
    if average not in allowed:
        raise InputError(
            message(
                "average must be one of {allowed} for multiclass problems. roc_auc_score: got {got}",
                allowed=repr(allowed),
                got=repr(average),
            )
        )
    if average is None and multi_class == "ovo":
        raise UnsupportedAverageError(
            message('average=None is not implemented for multi_class=\'ovo\'. roc_auc_score: try "macro" or "weighted"')
        )
    order = _columns(classes, labels, scores.shape[1])
    if multi_class == "ovr":
        weights = weights_of_rows(sample_weight, len(classes), function=name)
        return mean_of_labels(area, classes[:, None] == order, scores, average, weights, function=name)
    if sample_weight is not None:
        raise InputError(
            message(
                "sample_weight is not supported for multiclass one-vs-one ROC AUC, 'sample_weight' must be None in "
                'this case. roc_auc_score: leave it out or take multi_class="ovr"'
            )
        )
    if len(np.unique(classes)) < 2:
        warn(
            undefined_metric(
                message(
                    "Only one class is present in y_true. ROC AUC score is not defined in that case: there is no pair "
                    "of classes, and it is given as NaN"
                )
            ),
        )
        return math.nan
    return mean_of_pairs(area, np.searchsorted(order, classes), scores, weighted=average == "weighted")


def _columns(classes: NDArray[Any], labels: ArrayLike | None, width: int) -> NDArray[Any]:
    """Return the classes in the order of the columns of scores."""
    present = np.unique(classes)
    if labels is None:
        if len(present) != width:
            raise InputError(
                message(
                    "Number of classes in y_true not equal to the number of columns in 'y_score'. roc_auc_score: got "
                    "{classes} classes and {width} columns; name all classes with labels",
                    classes=len(present),
                    width=width,
                )
            )
        return present
    given = as_classes(labels, function="roc_auc_score", argument="labels")
    same_kind("roc_auc_score", y_true=classes, labels=given)
    if len(np.unique(given)) != len(given):
        raise InputError(
            message("Parameter 'labels' must be unique. roc_auc_score: got {labels}", labels=repr(plain(given)))
        )
    if not np.array_equal(np.unique(given), given):
        raise InputError(
            message(
                "Parameter 'labels' must be ordered. roc_auc_score: got {labels}; sort them", labels=repr(plain(given))
            )
        )
    if len(given) != width:
        raise InputError(
            message(
                "Number of given labels, {count}, not equal to the number of columns in 'y_score', {width}. "
                "roc_auc_score: name one class a column",
                count=len(given),
                width=width,
            )
        )
    strangers = np.setdiff1d(present, given)
    if len(strangers):
        raise InputError(
            message(
                "'y_true' contains labels not in parameter 'labels'. roc_auc_score: got {strangers}",
                strangers=repr(plain(strangers)),
            )
        )
    return given


def needs_table(shape: tuple[int, ...]) -> InputError:
    """Return the error of scores that are not one column a class."""
    return InputError(
        message(
            "`y_score` needs to be of shape `(n_samples, n_classes)`, since `y_true` contains multiple classes. Got "
            "`y_score.shape={shape}`.",
            shape=str(shape),
        )
    )
