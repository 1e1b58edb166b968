"""The ROC curve in pieces: the scores seen so far, kept by class, so that any number of batches gives the exact curve.

A score is kept in its own precision and nothing else of its row is: a hundred million float32 scores take 0.4 GB.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.arrays import as_weights, check_same_length, pack, unpack
from workings.errors import InputError
from workings.language import message
from workings.subjects.confusion.scores import as_scores
from workings.subjects.roc.by_class import ByClass
from workings.subjects.roc.curve import RocCurve
from workings.subjects.roc.delong import AucComparison, compare_scores
from workings.subjects.roc.groups import group_sides, group_weighted_ties

__all__ = ["PairedScores", "RocSummary"]

_VERSION = 1


class RocSummary:
    """A mergeable state: the scores of the positive and of the negative rows.

    Parameters
    ----------
    labels
        What the negative and the positive class are called in the result.
    weighted
        Whether every batch comes with weights.

    Examples
    --------
    >>> state = RocSummary()
    >>> state.update(([False, True], [0.1, 0.4], None))
    >>> state.update(([False, True], [0.35, 0.8], None))
    >>> state.result().auc
    1.0
    """

    def __init__(self, labels: tuple[Any, Any] = (0, 1), *, weighted: bool = False) -> None:
        self._labels = labels
        self._weighted = weighted
        self._rows = ByClass(2 if weighted else 1)

    def update(self, batch: tuple[ArrayLike, ArrayLike, ArrayLike | None], /) -> None:
        """Take in a batch of rows: whether each is positive, its score, and its weight or None.

        Raises
        ------
        InputError
            If the columns differ in length, a score is no real number, NaN or infinite, a weight is negative, or
            weights come where none were announced, or do not.
        """
        is_positive, y_score, sample_weight = batch
        name = "RocSummary.update"
        positive = _as_flags(is_positive, name)
        if (sample_weight is not None) != self._weighted:
            raise InputError(
                message("RocSummary.update: every batch must come with weights or none; say so with weighted=True")
            )
        if not positive.size:
            return
        scores = as_scores(y_score, function=name, argument="y_score")
        check_same_length(name, y_true=len(positive), y_score=len(scores))
        weights = as_weights(sample_weight, len(scores), function=name, batch=True, beside=("y_true", "y_score"))
        self._rows.append(positive, (scores,) if weights is None else (scores, weights))

    def merge(self, other: Self, /) -> None:
        """Take in what another state has seen."""
        self._rows.extend(other._rows)

    def result(self) -> RocCurve:
        """Return the curve of all rows seen.

        Raises
        ------
        InputError
            If no row was seen, or none with weight.
        """
        positive, negative = self._rows.joined()
        if not len(positive[0]) and not len(negative[0]):
            raise InputError(message("RocSummary.result: at least one row must have been seen; got none"))
        if self._weighted:
            flags = np.repeat([True, False], [len(positive[0]), len(negative[0])])
            scores, weights = (np.concatenate(pair) for pair in zip(positive, negative, strict=True))
            as_weights(weights, len(weights), function="RocSummary.result")
            return RocCurve(group_weighted_ties(scores, flags, weights), self._labels)
        return RocCurve(group_sides(positive[0], negative[0]), self._labels)

    def to_bytes(self) -> bytes:
        """Return the state for a checkpoint."""
        return pack("roc.scores", _VERSION, {"labels": self._labels, "weighted": self._weighted}, self._rows.arrays())

    @classmethod
    def from_bytes(cls, data: bytes, /) -> Self:
        """Return the state that ``to_bytes`` wrote.

        Raises
        ------
        SummaryFormatError
            If the bytes are no such state.
        """
        fields, arrays = unpack("roc.scores", _VERSION, data)
        state = cls(tuple(fields["labels"]), weighted=fields["weighted"])
        state._rows = ByClass.from_arrays(arrays)
        return state


class PairedScores:
    """A mergeable state: two scores of each positive and of each negative row, for DeLong's paired test.

    Examples
    --------
    >>> state = PairedScores()
    >>> state.update(([True, False, True, False], [0.9, 0.2, 0.7, 0.8], [0.6, 0.3, 0.4, 0.1]))
    >>> state.result()
    <AucComparison: AUC 0.7500 and 1.0000, difference -0.2500, z -0.707, p 0.48>
    """

    def __init__(self) -> None:
        self._rows = ByClass(2)

    def update(self, batch: tuple[ArrayLike, ArrayLike, ArrayLike], /) -> None:
        """Take in a batch of rows: whether each is positive, its first score, its second score.

        Raises
        ------
        InputError
            If the columns differ in length, or a score is no real number, NaN or infinite.
        """
        is_positive, score_a, score_b = batch
        name = "PairedScores.update"
        positive = _as_flags(is_positive, name)
        if not positive.size:
            return
        first = as_scores(score_a, function=name, argument="score_a")
        second = as_scores(score_b, function=name, argument="score_b")
        check_same_length(name, y_true=len(positive), score_a=len(first), score_b=len(second))
        self._rows.append(positive, (first, second))

    def merge(self, other: Self, /) -> None:
        """Take in what another state has seen; its rows count as coming after."""
        self._rows.extend(other._rows)

    def result(self) -> AucComparison:
        """Return the comparison over all rows seen.

        Raises
        ------
        InputError
            If a class has no rows.
        """
        (positive_a, positive_b), (negative_a, negative_b) = self._rows.joined()
        return compare_scores((positive_a, positive_b), (negative_a, negative_b), function="PairedScores.result")

    def to_bytes(self) -> bytes:
        """Return the state for a checkpoint."""
        return pack("roc.pairs", _VERSION, {}, self._rows.arrays())

    @classmethod
    def from_bytes(cls, data: bytes, /) -> Self:
        """Return the state that ``to_bytes`` wrote.

        Raises
        ------
        SummaryFormatError
            If the bytes are no such state.
        """
        state = cls()
        state._rows = ByClass.from_arrays(unpack("roc.pairs", _VERSION, data)[1])
        return state


def _as_flags(is_positive: ArrayLike, function: str) -> NDArray[np.bool_]:
    flags = np.asarray(is_positive)
    if flags.ndim != 1 or (flags.size and flags.dtype.kind != "b"):
        raise InputError(
            message(
                "{function}: is_positive must be one True or False a row; got {dtype} of shape {shape}; "
                "compare the labels with the positive one first",
                function=function,
                dtype=str(flags.dtype),
                shape=str(flags.shape),
            )
        )
    return flags.astype(np.bool_, copy=False)
