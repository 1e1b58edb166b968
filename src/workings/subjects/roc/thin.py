"""A few of the points of a curve that stand for all of them, for pictures and sliders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.subjects.confusion.layout import counted
from workings.subjects.roc.groups import TieGroups
from workings.working import Explainable

__all__ = ["CurvePoints", "thinned"]


@dataclass(frozen=True, eq=False, repr=False)
class CurvePoints(Explainable):
    """Points of a ROC curve, from the strictest threshold to the most generous.

    Parameters
    ----------
    thresholds
        (m,) infinity, which calls no row positive, then observed scores, falling.
    tp, fp, fn, tn
        (m,) the counts at each.
    """

    thresholds: NDArray[np.float64]
    tp: NDArray[Any]
    fp: NDArray[Any]
    fn: NDArray[Any]
    tn: NDArray[Any]

    @property
    def tpr(self) -> NDArray[np.float64]:
        """(m,) the true positive rate at each."""
        return self.tp / (self.tp + self.fn)

    @property
    def fpr(self) -> NDArray[np.float64]:
        """(m,) the false positive rate at each."""
        return self.fp / (self.fp + self.tn)

    def __len__(self) -> int:
        return len(self.thresholds)

    def __repr__(self) -> str:
        return f"<CurvePoints of {counted(len(self), 'threshold')}>"


def thinned(groups: TieGroups, most: int, always: Iterable[float]) -> CurvePoints:
    """Return at most ``most`` points: the two ends, those at the thresholds ``always``, and others spread evenly.

    They are spread by the way along the curve, FPR + TPR, so that no step of the curve is longer than it need be.
    Both classes must have rows, and ``always`` hold at most ``most - 2`` thresholds.
    """
    last = len(groups)
    if last + 1 <= most:
        return _points(groups, np.arange(last + 1))
    kept = {0, last, *(groups.reaching(threshold) for threshold in always)}
    room = most - len(kept)
    if room > 0:
        way = np.linspace(0.0, 2.0, room + 2)[1:-1]
        kept.update(_along(groups, way).tolist())
    return _points(groups, np.array(sorted(kept)))


def _along(groups: TieGroups, way: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return, for each distance along the curve, how many groups lie before it: all bisections in step."""
    positives, negatives = groups.total_positives, groups.total_negatives
    low = np.zeros(len(way), np.int64)
    high = np.full(len(way), len(groups), np.int64)
    while (low < high).any():
        middle = np.minimum((low + high) // 2, len(groups) - 1)
        before = groups.fp[middle] / negatives + groups.tp[middle] / positives < way
        low, high = np.where(before, np.minimum(middle + 1, high), low), np.where(before, high, middle)
    return low


def _points(groups: TieGroups, reached: NDArray[np.int64]) -> CurvePoints:
    """Return the points at which so many groups are called positive."""
    at = reached - 1
    some = at >= 0
    thresholds = np.where(some, groups.scores[at], np.inf).astype(np.float64)
    tp, fp = (np.where(some, counts[at], 0).astype(_wide(counts)) for counts in (groups.tp, groups.fp))
    return CurvePoints(thresholds, tp, fp, groups.total_positives - tp, groups.total_negatives - fp)


def _wide(counts: NDArray[Any]) -> type[np.int64 | np.float64]:
    return np.float64 if counts.dtype.kind == "f" else np.int64
