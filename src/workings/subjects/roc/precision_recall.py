"""The precision-recall curve as a value."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from workings.errors import undefined_metric, warn
from workings.language import message
from workings.subjects.confusion.layout import counted
from workings.subjects.roc.groups import TieGroups
from workings.working import Explainable

__all__ = ["PrecisionRecallCurve", "precision_recall"]


@dataclass(frozen=True, eq=False, repr=False)
class PrecisionRecallCurve(Explainable):
    """Precision and recall at each threshold; it unpacks as ``precision, recall, thresholds``.

    Parameters
    ----------
    precision, recall
        (m + 1,) the rates at each threshold, then the point 1, 0 that belongs to none.
    thresholds
        (m,) rising scores, in their own dtype; a row is called positive where ``score >= threshold``.
    groups
        The counts at every different score, whatever points were dropped.
    """

    precision: NDArray[np.float64]
    recall: NDArray[np.float64]
    thresholds: NDArray[Any]
    groups: TieGroups

    @property
    def average_precision(self) -> float:
        r"""The area under the steps, :math:`\sum_k (R_k - R_{k+1}) P_k`; NaN without a positive row."""
        return float(-np.sum(np.diff(self.recall) * self.precision[:-1]))

    def __iter__(self) -> Iterator[NDArray[Any]]:
        return iter((self.precision, self.recall, self.thresholds))

    def __len__(self) -> int:
        return 3

    @overload
    def __getitem__(self, place: int) -> NDArray[Any]: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[NDArray[Any], ...]: ...
    def __getitem__(self, place: int | slice) -> NDArray[Any] | tuple[NDArray[Any], ...]:
        return tuple(self)[place]

    def __repr__(self) -> str:
        size = counted(len(self.thresholds), "threshold")
        average = self.average_precision
        shown = "" if math.isnan(average) else f"average precision {average:.4f}, "
        return f"<PrecisionRecallCurve: {shown}{size}>"


def precision_recall(groups: TieGroups, *, dtype: np.dtype[Any], drop_intermediate: bool) -> PrecisionRecallCurve:
    """Return the curve of tie groups; recall is NaN, with a warning, where there is no positive row."""
    scores, tp, fp = groups.scores, groups.tp, groups.fp
    if drop_intermediate and len(tp) > 2:
        # Where recall stays the same over several thresholds, the first and the last of them are enough.
        changes = np.diff(tp) != 0
        ends = np.ones(len(tp), np.bool_)
        ends[1:-1] = changes[:-1] | changes[1:]
        scores, tp, fp = scores[ends], tp[ends], fp[ends]
    if groups.total_positives:
        recall = tp / groups.total_positives
    else:
        warn(
            undefined_metric(
                message(
                    "No positive class found in y_true, recall is 0/0 for all thresholds and given as NaN "
                    "(scikit-learn sets it to one)"
                )
            ),
        )
        recall = np.full(len(tp), np.nan)
    return PrecisionRecallCurve(
        np.append((tp / (tp + fp))[::-1], 1.0), np.append(recall[::-1], 0.0), _as_given(scores[::-1], dtype), groups
    )


def _as_given(scores: NDArray[np.float64], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Return scores in the dtype in which they came."""
    if dtype.kind in "iu":
        # 2⁶⁴ - 1 is 2⁶⁴ among floats, which is no integer of 64 bits; the float before it divides the rows as well.
        scores = np.minimum(scores, np.nextafter(float(np.iinfo(dtype).max) + 1.0, 0.0))
    return scores.astype(dtype)
