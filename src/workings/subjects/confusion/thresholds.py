"""The four counts at each of several thresholds."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.arrays.sums import split_on_grid
from workings.errors import InputError, undefined_metric, warn
from workings.language import grouped, message
from workings.subjects.confusion.layout import counted
from workings.subjects.confusion.matrix import ConfusionMatrix
from workings.subjects.confusion.rates import Cells, find_rate, value_of
from workings.working import Explainable

__all__ = ["LARGEST_KEPT", "ThresholdTable", "count_at_thresholds", "count_reaching", "every_score"]

LARGEST_KEPT = 1000
"""Data up to this many rows is kept, so that each row's decision can be shown."""
# So many thresholds are printed at most.
_MOST_SHOWN = 60


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
            raise InputError(message("rows: only up to {most} rows are kept one by one; got more", most=LARGEST_KEPT))
        decisions = self.scores >= self.thresholds[k]
        for row, (is_positive, score, yes) in enumerate(
            zip(self.actual.tolist(), self.scores.tolist(), decisions.tolist(), strict=True)
        ):
            yield row, is_positive, score, yes, ("T" if is_positive == yes else "F") + ("P" if yes else "N")

    def rate(self, name: str, undefined: float | None = None) -> NDArray[np.float64]:
        """Return a rate at every threshold, as :meth:`ConfusionMatrix.rate` gives it at one.

        Parameters
        ----------
        name
            The rate, or one of its other names in the field.
        undefined
            What to give where the rate is undefined; None gives NaN and warns with the cause.

        Raises
        ------
        InputError
            If no rate has this name.
        """
        found = find_rate(name, function="rate")
        columns = (counts.tolist() for counts in (self.tp, self.fp, self.fn, self.tn))
        cells = [Cells(*counts) for counts in zip(*columns, strict=True)]
        values = np.array([value_of(found, each) for each in cells])
        missing = np.isnan(values)
        if undefined is not None:
            values[missing] = undefined
        elif missing.any():
            warn(
                undefined_metric(
                    message(
                        "{rate} is undefined at {count} of {all} {all:threshold|thresholds} and given as NaN there: "
                        "{cause}",
                        rate=found.title,
                        count=int(missing.sum()),
                        all=len(cells),
                        cause=found.cause(cells[int(np.argmax(missing))]),
                    )
                ),
            )
        return values

    def cost(self, cost_fp: float = 1.0, cost_fn: float = 1.0) -> NDArray[np.float64]:
        """Return what all errors cost at every threshold, as :meth:`ConfusionMatrix.cost` gives it at one.

        Raises
        ------
        InputError
            If a cost is NaN or infinite.
        """
        if not (math.isfinite(cost_fp) and math.isfinite(cost_fn)):
            raise InputError(
                message(
                    "cost: costs must be finite; got cost_fp {cost_fp}, cost_fn {cost_fn}",
                    cost_fp=cost_fp,
                    cost_fn=cost_fn,
                )
            )
        return np.asarray(cost_fp * self.fp + cost_fn * self.fn, np.float64)

    def __len__(self) -> int:
        return len(self.thresholds)

    def __repr__(self) -> str:
        if len(self) > _MOST_SHOWN:
            return f"<ThresholdTable of {counted(len(self), 'threshold')}>"
        columns = [("threshold", [f"{cut:.6g}" for cut in self.thresholds.tolist()])]
        for name, counts in (("TP", self.tp), ("FP", self.fp), ("FN", self.fn), ("TN", self.tn)):
            columns.append(
                (name, [grouped(f"{count:.6g}" if counts.dtype.kind == "f" else str(count)) for count in counts])
            )
        widths = [max(map(len, [name, *cells])) for name, cells in columns]
        lines = [[name for name, _ in columns], *zip(*(cells for _, cells in columns), strict=True)]
        return "\n".join("  ".join(cell.rjust(w) for cell, w in zip(line, widths, strict=True)) for line in lines)


def count_at_thresholds(scores: NDArray[Any], cuts: NDArray[Any], weights: NDArray[Any] | None) -> NDArray[Any]:
    """Return for each threshold how many scores (or how much weight) lie at or above it, and how many below it.

    (2, m), in O(n log m). Neither is what the other leaves: of weights that are all on one side that may be -3e-14.
    """
    order = np.argsort(cuts, kind="stable")
    found = count_reaching(np.searchsorted(cuts[order], scores, side="right"), len(cuts), weights)
    counts = np.empty_like(found)
    counts[:, order] = found
    return counts


def every_score(scores: NDArray[Any], weights: NDArray[Any] | None) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return the different scores of rows that have weight, rising, and how many of them each score reaches."""
    if weights is None or weights.all():
        cuts, places = np.unique(scores, return_inverse=True)
        places = places + 1
    else:
        cuts = np.unique(scores[weights != 0])
        places = np.searchsorted(cuts, scores, side="right")
    # Adding zero makes -0.0, which is tied with 0.0, into 0.0.
    return cuts + cuts.dtype.type(0), places


def count_reaching(reached: NDArray[np.int64], cuts: int, weights: NDArray[Any] | None) -> NDArray[Any]:
    """Return (2, m) for each of m rising thresholds how many rows (or how much weight) reach it, and how many do not.

    ``reached`` says how many thresholds each row's score reaches.
    """
    size = cuts + 1
    if weights is None:
        return _on_either_side(np.bincount(reached, minlength=size))
    coarse, fine = split_on_grid(weights, len(weights) * float(weights.max(initial=0.0)))
    return _on_either_side(np.bincount(reached, coarse, size)) + _on_either_side(np.bincount(reached, fine, size))


def _on_either_side(counts: NDArray[Any]) -> NDArray[Any]:
    return np.stack([np.cumsum(counts[:0:-1])[::-1], np.cumsum(counts[:-1])])
