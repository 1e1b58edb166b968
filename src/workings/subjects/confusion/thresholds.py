"""The four counts at each of several thresholds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.arrays.sums import split_on_grid
from workings.errors import InputError
from workings.language import message
from workings.subjects.confusion.matrix import ConfusionMatrix
from workings.working import Explainable

__all__ = ["LARGEST_KEPT", "ThresholdTable", "count_at_thresholds"]

LARGEST_KEPT = 1000
"""Data up to this many rows is kept, so that each row's decision can be shown."""


@dataclass(frozen=True, eq=False, repr=False)
class ThresholdTable(Explainable):
    """The four counts at each threshold, a row being predicted positive where ``score >= threshold``.

    Parameters
    ----------
    thresholds
        (m,) in the order in which they were asked for.
    tp, fp, fn, tn
        (m,) the counts at each: int64, or float64 where rows are weighted.
    labels
        The negative and the positive class.
    actual, scores
        (n,) whether each row is positive, and its score; None for more than 1,000 rows.
    """

    thresholds: NDArray[Any]
    tp: NDArray[Any]
    fp: NDArray[Any]
    fn: NDArray[Any]
    tn: NDArray[Any]
    labels: tuple[Any, Any]
    actual: NDArray[np.bool_] | None = None
    scores: NDArray[Any] | None = None

    def confusion(self, k: int) -> ConfusionMatrix:
        """Return the confusion matrix at the k-th threshold."""
        counts = [[self.tn[k], self.fp[k]], [self.fn[k], self.tp[k]]]
        return ConfusionMatrix.from_counts(counts, self.labels, threshold=float(self.thresholds[k]))

    def rows(self, k: int) -> Iterator[tuple[int, bool, float, bool, str]]:
        """Yield each row's number, whether it is positive, its score, the decision at the k-th threshold, its cell.

        Raises
        ------
        InputError
            If there were more than 1,000 rows, so that they were not kept.
        """
        if self.actual is None or self.scores is None:
            raise InputError(
                message("rows: only up to {most} rows are kept one by one; got more", most=f"{LARGEST_KEPT:,}")
            )
        decisions = self.scores >= self.thresholds[k]
        for row, (is_positive, score, yes) in enumerate(
            zip(self.actual.tolist(), self.scores.tolist(), decisions.tolist(), strict=True)
        ):
            yield row, is_positive, score, yes, ("T" if is_positive == yes else "F") + ("P" if yes else "N")

    def __len__(self) -> int:
        return len(self.thresholds)

    def __repr__(self) -> str:
        columns = [("threshold", [f"{cut:.6g}" for cut in self.thresholds.tolist()])]
        for name, counts in (("TP", self.tp), ("FP", self.fp), ("FN", self.fn), ("TN", self.tn)):
            columns.append((name, [f"{count:,.6g}" if counts.dtype.kind == "f" else f"{count:,}" for count in counts]))
        widths = [max(map(len, [name, *cells])) for name, cells in columns]
        lines = [[name for name, _ in columns], *zip(*(cells for _, cells in columns), strict=True)]
        return "\n".join("  ".join(cell.rjust(w) for cell, w in zip(line, widths, strict=True)) for line in lines)


def count_at_thresholds(scores: NDArray[Any], cuts: NDArray[Any], weights: NDArray[Any] | None) -> NDArray[Any]:
    """Return for each threshold how many scores (or how much weight) lie at or above it, in O(n log m)."""
    order = np.argsort(cuts, kind="stable")
    # How many thresholds a score reaches; then how many scores reach at least so many.
    reached = np.searchsorted(cuts[order], scores, side="right")
    size = len(cuts) + 1
    if weights is None:
        above = _from_the_right(np.bincount(reached, minlength=size))
    else:
        coarse, fine = split_on_grid(weights, len(weights) * float(weights.max(initial=0.0)))
        above = _from_the_right(np.bincount(reached, coarse, size)) + _from_the_right(np.bincount(reached, fine, size))
    counts = np.empty_like(above)
    counts[order] = above
    return counts


def _from_the_right(counts: NDArray[Any]) -> NDArray[Any]:
    return np.cumsum(counts[:0:-1])[::-1]
