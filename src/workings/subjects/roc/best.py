"""The best threshold by three criteria, each of which is also known under other names.

Every different score is a candidate, and so is a threshold above all of them (no row positive). Two thresholds are
compared by the exact value of the criterion, not by a rounded one; of equally good thresholds the highest is taken,
which calls the fewest rows positive.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from workings.subjects.roc.groups import TieGroups
from workings.working import Explainable

__all__ = ["Method", "OperatingPoint", "best_point", "in_decimals", "point_at"]

Method = Literal["youden", "corner", "cost"]

# As many groups at a time, so that a hundred million cost a few megabytes beside themselves.
_BLOCK = 1 << 18
# The criteria lie within [-1, 2] and their float values within a few 1e-16 of the truth: only what is this close to
# the best has to be compared exactly.
_SLACK = 1e-14


@dataclass(frozen=True, eq=False, repr=False)
class OperatingPoint(Explainable):
    """A threshold and what it does: rows with ``score >= threshold`` are called positive.

    It unpacks as ``threshold, sensitivity, specificity``.

    Parameters
    ----------
    threshold
        An observed score, or infinity, which calls no row positive.
    midpoint
        Half way from the threshold to the next lower score: it decides all rows alike. The R package pROC reports
        this one. Between scores that are next to each other it is the threshold.
    sensitivity, specificity
        The shares of the positive and of the negative rows that are called right.
    tp, fp, fn, tn
        The four counts.
    method
        The criterion.
    value
        Youden's J, the distance to the corner, or the cost a row.
    groups
        Every different score with its cumulative counts: the thresholds among which this one is the best.
    costs
        What a false positive and a false negative cost.
    labels
        The negative and the positive class.

    Examples
    --------
    >>> import workings as wk
    >>> wk.roc_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).best_threshold()
    <OperatingPoint: threshold 0.8, sensitivity 0.5, specificity 1, Youden's J 0.5>
    """

    threshold: float
    midpoint: float
    sensitivity: float
    specificity: float
    tp: int | float
    fp: int | float
    fn: int | float
    tn: int | float
    method: Method
    value: float
    groups: TieGroups
    costs: tuple[float, float] = (1.0, 1.0)
    labels: tuple[Any, Any] = (0, 1)

    def __iter__(self) -> Iterator[float]:
        return iter((self.threshold, self.sensitivity, self.specificity))

    def __repr__(self) -> str:
        criterion = {"youden": "Youden's J", "corner": "distance to the corner", "cost": "cost a row"}[self.method]
        rates = f"sensitivity {self.sensitivity:.4g}, specificity {self.specificity:.4g}"
        return f"<OperatingPoint: threshold {self.threshold:.6g}, {rates}, {criterion} {self.value:.4g}>"


def best_point(groups: TieGroups, method: Method, cost_fp: float, cost_fn: float) -> OperatingPoint:
    r"""Return the point that is best by a criterion; both classes must have rows.

    "youden"
        the largest :math:`J = TPR - FPR`, the height over the diagonal (Youden 1950, Cancer 3, 32).
    "corner"
        the smallest distance :math:`\sqrt{(1 - TPR)^2 + FPR^2}` to the corner of a perfect classifier.
    "cost"
        the smallest mean cost :math:`(c_{FP} FP + c_{FN} FN) / n`.
    """
    positives, negatives = groups.total_positives, groups.total_negatives
    if method == "youden":
        loss, exact = _youden(positives, negatives)
    elif method == "corner":
        loss, exact = _corner(positives, negatives)
    else:
        loss, exact = _cost(positives, negatives, cost_fp, cost_fn)
    near = _nearly_best(groups, loss)
    # `min` keeps the first of equals, and the first is the highest threshold.
    return point_at(groups, min(near, key=lambda k: exact(*groups.counts_of(k))), method, cost_fp, cost_fn)


def point_at(groups: TieGroups, k: int, method: Method, cost_fp: float, cost_fn: float) -> OperatingPoint:
    """Return the point at which the first ``k`` groups are called positive."""
    positives, negatives = groups.total_positives, groups.total_negatives
    tp, fp = groups.counts_of(k)
    fn, tn = positives - tp, negatives - fp
    threshold = groups.scores[k - 1].item() if k else math.inf
    below = groups.scores[k].item() if k < len(groups) else -math.inf
    if method == "youden":
        value = (tp * negatives - fp * positives) / (positives * negatives)
    elif method == "corner":
        value = math.hypot(fn / positives, fp / negatives)
    else:
        value = (cost_fp * fp + cost_fn * fn) / (positives + negatives)
    rounded = float(threshold)
    return OperatingPoint(
        # An integer beyond 2^53 may be no float, and its neighbour would decide other rows.
        rounded if rounded == threshold else threshold,
        _between(below, threshold, groups.scores.dtype),
        tp / positives,
        tn / negatives,
        tp,
        fp,
        fn,
        tn,
        method,
        value,
        groups,
        (cost_fp, cost_fn),
    )


def _between(below: float, threshold: float, dtype: np.dtype[Any]) -> float:
    """Return a number half way up from one score to the next higher; that one where no number of theirs lies between.

    Half way between two scores that are next to each other is rounded to one of them, and the lower decides its own
    rows otherwise.
    """
    if math.isinf(threshold) or math.isinf(below):
        return threshold if math.isinf(threshold) else below
    if dtype.kind == "i":
        return threshold - (threshold - below) // 2
    middle = below / 2 + threshold / 2
    return middle if dtype.type(middle) > below else threshold


_Loss = Callable[[NDArray[Any], NDArray[Any]], NDArray[np.float64]]
_Exact = Callable[[Any, Any], Any]


def _youden(positives: float, negatives: float) -> tuple[_Loss, _Exact]:
    return (
        lambda tp, fp: fp / negatives - tp / positives,
        lambda tp, fp: fp * positives - tp * negatives,
    )


def _corner(positives: float, negatives: float) -> tuple[_Loss, _Exact]:
    return (
        lambda tp, fp: ((positives - tp) / positives) ** 2 + (fp / negatives) ** 2,
        # As fractions: fourth powers of weights as large as they may be are beyond every float.
        lambda tp, fp: (
            (Fraction(positives - tp) * Fraction(negatives)) ** 2 + (Fraction(fp) * Fraction(positives)) ** 2
        ),
    )


def _cost(positives: float, negatives: float, cost_fp: float, cost_fn: float) -> tuple[_Loss, _Exact]:
    scale = cost_fp * negatives + cost_fn * positives
    of_fp, of_fn = in_decimals(cost_fp), in_decimals(cost_fn)
    return (
        lambda tp, fp: (cost_fp * fp + cost_fn * (positives - tp)) / scale,
        lambda tp, fp: of_fp * Fraction(fp) + of_fn * Fraction(positives - tp),
    )


def in_decimals(cost: float) -> Fraction:
    """Return a cost as the decimal that was written: three false positives at 0.1 cost as much as one at 0.3."""
    return Fraction(repr(float(cost)))


def _nearly_best(groups: TieGroups, loss: _Loss) -> list[int]:
    """Return the numbers of groups to call positive whose loss, in floats, is the smallest or all but the smallest."""
    nothing = np.zeros(1, groups.tp.dtype)
    least = float(loss(nothing, nothing)[0])
    near = [(0, least)]
    for start in range(0, len(groups), _BLOCK):
        tp, fp = groups.tp[start : start + _BLOCK], groups.fp[start : start + _BLOCK]
        losses = loss(tp, fp)
        least = min(least, float(losses.min()))
        # A group without a positive only adds false positives to the one above it, which is no worse and comes first.
        gains = np.diff(tp, prepend=groups.tp[start - 1] if start else 0) > 0
        found = np.flatnonzero((losses <= least + _SLACK) & gains)
        near += zip((start + 1 + found).tolist(), losses[found].tolist(), strict=True)
    return [k for k, value in near if value <= least + _SLACK]
