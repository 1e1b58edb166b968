"""Tie groups: the different scores from the highest, and how many positives and negatives lie at or above each.

Everything that a ROC curve is asked for is a function of them, and most of it of whole numbers. They come from the rows
in the order of their scores, each with its class.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.arrays.sums import cumulative_sum
from workings.subjects.confusion.layout import counted
from workings.subjects.roc.ordering import OrderedRows, ordered_rows
from workings.working import Explainable

__all__ = [
    "KERNEL_ROWS",
    "TieGroups",
    "group_rows",
    "group_sides",
    "group_weighted_ties",
    "groups_in_order",
    "split_by_class",
]

KERNEL_ROWS = 1 << 18
"""Below this many rows NumPy is done before Numba has started."""


@dataclass(frozen=True, eq=False, repr=False)
class TieGroups(Explainable):
    """The different scores and the cumulative counts at each.

    Parameters
    ----------
    scores
        (g,) the different scores, from the highest to the lowest.
    tp, fp
        (g,) how many positives and how many negatives have at least that score: whole numbers, or float64 sums of
        weights.
    """

    scores: NDArray[Any]
    tp: NDArray[Any]
    fp: NDArray[Any]

    @property
    def weighted(self) -> bool:
        """Whether rows count by weight."""
        return self.tp.dtype.kind == "f"

    @property
    def total_positives(self) -> int | float:
        """P, the number (or weight) of positive rows."""
        return self.tp[-1].item() if len(self.tp) else 0

    @property
    def total_negatives(self) -> int | float:
        """N, the number (or weight) of negative rows."""
        return self.fp[-1].item() if len(self.fp) else 0

    @property
    def positives(self) -> NDArray[Any]:
        """(g,) how many positives have exactly that score."""
        return np.diff(self.tp, prepend=self.tp.dtype.type(0))

    @property
    def negatives(self) -> NDArray[Any]:
        """(g,) how many negatives have exactly that score."""
        return np.diff(self.fp, prepend=self.fp.dtype.type(0))

    def reaching(self, threshold: float) -> int:
        """Return how many of the scores are at or above a threshold, which is taken in the scores' precision."""
        return bisect_right(self.scores, -self._rounded(threshold), key=_negated)

    def exceeding(self, threshold: float) -> int:
        """Return how many of the scores are above a threshold, which is taken in the scores' precision."""
        return bisect_left(self.scores, -self._rounded(threshold), key=_negated)

    def counts_at(self, threshold: float) -> tuple[int | float, int | float]:
        """Return how many positives and how many negatives have ``score >= threshold``."""
        return self.counts_of(self.reaching(threshold))

    def counts_of(self, groups: int) -> tuple[int | float, int | float]:
        """Return how many positives and how many negatives the first ``groups`` groups hold."""
        return (self.tp[groups - 1].item(), self.fp[groups - 1].item()) if groups else (0, 0)

    def _rounded(self, threshold: float) -> float:
        if self.scores.dtype.kind == "i":
            return threshold
        with np.errstate(over="ignore"):
            return self.scores.dtype.type(threshold).item()

    def __len__(self) -> int:
        return len(self.scores)

    def __repr__(self) -> str:
        size = f"{counted(self.total_positives, 'positive')}, {counted(self.total_negatives, 'negative')}"
        return f"<TieGroups of {counted(len(self), 'score')}, {size}>"


def _negated(score: Any) -> float:
    # Python's own number: negating a NumPy integer may wrap, and comparing a float32 would round the threshold again.
    return -score.item()


def split_by_class(positive: NDArray[np.bool_], scores: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the scores of the positive and of the negative rows, in new arrays."""
    if len(scores) < KERNEL_ROWS:
        return scores[positive], scores[~positive]
    from workings.subjects.roc import kernel

    count = int(np.count_nonzero(positive))
    # One place more than needed, because the kernel writes each score to both sides before it knows where it belongs.
    above = np.empty(count + 1, scores.dtype)
    below = np.empty(len(scores) - count + 1, scores.dtype)
    kernel.split_by_class(positive.view(np.uint8), scores, above, below)
    return above[:-1], below[:-1]


def group_rows(positive: NDArray[np.bool_], scores: NDArray[Any]) -> TieGroups:
    """Return the tie groups of rows, of which there is at least one; all scores are finite."""
    if len(scores) < KERNEL_ROWS:
        return _small_groups(scores[positive], scores[~positive])
    return groups_in_order(ordered_rows([(scores, positive)]))


def group_sides(positive: NDArray[Any], negative: NDArray[Any]) -> TieGroups:
    """Return the tie groups of the scores of two classes, of which one may be empty, but not both."""
    if len(positive) + len(negative) < KERNEL_ROWS:
        return _small_groups(positive, negative)
    sides = ((positive, np.ones(len(positive), np.bool_)), (negative, np.zeros(len(negative), np.bool_)))
    return groups_in_order(ordered_rows(sides))


def groups_in_order(rows: OrderedRows) -> TieGroups:
    """Return the tie groups of rows that are in order."""
    return _frozen(*rows.groups())


def _small_groups(positive: NDArray[Any], negative: NDArray[Any]) -> TieGroups:
    positive, negative = np.sort(positive), np.sort(negative)
    distinct = np.unique(np.concatenate([positive, negative]))
    tp = len(positive) - np.searchsorted(positive, distinct, side="left")
    fp = len(negative) - np.searchsorted(negative, distinct, side="left")
    # Adding zero makes -0.0, which is tied with 0.0, into 0.0.
    return _frozen(distinct[::-1] + distinct.dtype.type(0), tp[::-1].copy(), fp[::-1].copy())


def group_weighted_ties(scores: NDArray[Any], positive: NDArray[np.bool_], weights: NDArray[np.float64]) -> TieGroups:
    """Return the tie groups of weighted rows, of which there is at least one; rows of no weight are left out."""
    if not weights.all():
        kept = weights != 0
        scores, positive, weights = scores[kept], positive[kept], weights[kept]
    order = np.argsort(scores, kind="stable")[::-1]
    scores, positive, weights = scores[order], positive[order], weights[order]
    last = np.append(np.flatnonzero(scores[1:] != scores[:-1]), len(scores) - 1)
    tp = cumulative_sum(np.where(positive, weights, 0.0))[last]
    fp = cumulative_sum(np.where(positive, 0.0, weights))[last]
    return _frozen(scores[last] + scores.dtype.type(0), tp, fp)


def _frozen(scores: NDArray[Any], tp: NDArray[Any], fp: NDArray[Any]) -> TieGroups:
    for column in (scores, tp, fp):
        column.setflags(write=False)
    return TieGroups(scores, tp, fp)
