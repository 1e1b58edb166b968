"""The confusion matrix in pieces: counts of the label pairs seen so far, which add up."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.arrays import as_weights, check_same_length, pack, unpack
from workings.arrays.sums import two_sum
from workings.errors import InputError
from workings.language import message
from workings.subjects.confusion.classes import as_classes, plain, same_kind
from workings.subjects.confusion.counts import count_label_pairs, select_classes, weigh_label_pairs
from workings.subjects.confusion.matrix import ConfusionMatrix

__all__ = ["ConfusionCounts"]

_KIND, _VERSION = "confusion.counts", 1


class ConfusionCounts:
    """A mergeable state: how often each pair (actual, predicted) has occurred.

    Parameters
    ----------
    labels
        The classes of rows and columns; None for all that occur, sorted.
    weighted
        Whether every batch comes with weights. They add up to float64 without rounding on the way.

    Examples
    --------
    >>> state = ConfusionCounts()
    >>> state.update((["yes", "no"], ["yes", "yes"], None))
    >>> state.update((["no"], ["no"], None))
    >>> state.result().tolist()
    [[1, 1], [0, 1]]
    """

    def __init__(self, labels: tuple[Any, ...] | None = None, *, weighted: bool = False) -> None:
        self._wanted = labels
        self._weighted = weighted
        self._labels: tuple[Any, ...] = ()
        dtype = np.float64 if weighted else np.int64
        self._counts: NDArray[Any] = np.zeros((0, 0), dtype)
        self._rest: NDArray[Any] = np.zeros((0, 0), dtype)

    def update(self, batch: tuple[ArrayLike, ArrayLike, ArrayLike | None], /) -> None:
        """Take in a batch of rows: actual classes, predicted classes, and weights or None.

        Raises
        ------
        InputError
            As :func:`workings.confusion_matrix`; or if weights come where none were announced, or do not.
        """
        y_true, y_pred, sample_weight = batch
        name = "ConfusionCounts.update"
        actual = as_classes(y_true, function=name, argument="y_true")
        predicted = as_classes(y_pred, function=name, argument="y_pred")
        check_same_length(name, y_true=len(actual), y_pred=len(predicted))
        same_kind(name, y_true=actual, y_pred=predicted, earlier_labels=np.asarray(self._labels))
        if (sample_weight is not None) != self._weighted:
            raise InputError(
                message("ConfusionCounts.update: every batch must come with weights or none; say so with weighted=True")
            )
        if not actual.size:
            return
        weights = as_weights(sample_weight, len(actual), function=name, batch=True, beside=("y_true", "y_pred"))
        if weights is None:
            labels, counts = count_label_pairs(actual, predicted)
            self._add(plain(labels), counts, np.zeros_like(counts))
        else:
            labels, counts, rest = weigh_label_pairs(actual, predicted, weights)
            self._add(plain(labels), counts, rest)

    def merge(self, other: Self, /) -> None:
        """Take in what another state has seen."""
        self._add(other._labels, other._counts, other._rest)

    def result(self) -> ConfusionMatrix:
        """Return the matrix of all rows seen.

        Raises
        ------
        InputError
            If no row was seen and no labels were given.
        """
        wanted = self._labels if self._wanted is None else self._wanted
        if not wanted:
            raise InputError(message("ConfusionCounts.result: at least one row must have been seen; got none"))
        counts = select_classes(self._counts + self._rest, self._labels, wanted)
        return ConfusionMatrix.from_counts(counts, wanted)

    def to_bytes(self) -> bytes:
        """Return the state for a checkpoint."""
        fields = {
            "labels": self._labels,
            "wanted": self._wanted,
            "weighted": self._weighted,
        }
        return pack(_KIND, _VERSION, fields, {"counts": self._counts, "rest": self._rest})

    @classmethod
    def from_bytes(cls, data: bytes, /) -> Self:
        """Return the state that ``to_bytes`` wrote.

        Raises
        ------
        SummaryFormatError
            If the bytes are no such state.
        """
        fields, arrays = unpack(_KIND, _VERSION, data)
        wanted = fields["wanted"]
        state = cls(None if wanted is None else tuple(wanted), weighted=fields["weighted"])
        state._labels, state._counts, state._rest = tuple(fields["labels"]), arrays["counts"], arrays["rest"]
        return state

    def _add(self, labels: tuple[Any, ...], counts: NDArray[Any], rest: NDArray[Any]) -> None:
        together = tuple(sorted({*self._labels, *labels}))
        ours, theirs = (select_classes(c, of, together) for c, of in ((self._counts, self._labels), (counts, labels)))
        rests = select_classes(self._rest, self._labels, together) + select_classes(rest, labels, together)
        if self._weighted:
            self._counts, lost = two_sum(ours, theirs)
            self._rest = rests + lost
        else:
            self._counts, self._rest = ours + theirs, rests
        self._labels = together
