"""Areas and variances from tie groups: the AUC, DeLong's variance, a part of the area, average precision.

Where rows are counted, the area under the curve is a ratio of two whole numbers, 2 U / (2 P N), and is computed as
one; so are the deviations whose squares make DeLong's variance. Whole numbers beyond 64 bits (from about three thousand
million rows on) are Python's own.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.subjects.roc.groups import KERNEL_ROWS, TieGroups

__all__ = ["average_precision", "delong_variance", "partial_area", "sorted_area", "twice_area"]

# Sums and products in int64 stay below this.
_FITS = 2**62


def sorted_area(positive: NDArray[Any], negative: NDArray[Any]) -> float:
    r"""Return the AUC of the scores of two classes, rounded once; NaN where one is empty.

    .. math:: \frac{1}{P N} \sum_{i,j} [x_i > y_j] + \tfrac12 [x_i = y_j]

    Source
    ------
    Hanley and McNeil (1982), "The meaning and use of the area under a ROC curve", Radiology 143, equation 1.
    """
    if not len(positive) or not len(negative):
        return math.nan
    positive, negative = np.sort(positive), np.sort(negative)
    lower, with_ties = (np.searchsorted(negative, positive, side=side) for side in ("left", "right"))
    return int(lower.sum() + with_ties.sum()) / (2 * len(positive) * len(negative))


def twice_area(groups: TieGroups, first: int | None = None) -> int | float:
    r"""Return twice the area under the curve of counts (not rates) over the first groups, all by default.

    .. math:: 2 U = \sum_g (F_g - F_{g-1}) (T_g + T_{g-1})

    by trapezoids, with T and F the cumulative counts; it is also twice the number of ordered pairs.
    """
    tp, fp = groups.tp[:first], groups.fp[:first]
    if groups.weighted:
        return float((_steps(fp) * (tp + _shifted(tp))).sum())
    if not _fits(groups):
        t, f = [0, *tp.tolist()], [0, *fp.tolist()]
        return sum(
            (right - left) * (low + high) for (left, right), (low, high) in zip(pairwise(f), pairwise(t), strict=True)
        )
    if len(tp) < KERNEL_ROWS:
        tp, fp = tp.astype(np.int64), fp.astype(np.int64)
        return int(np.dot(_steps(fp), tp + _shifted(tp)))
    from workings.subjects.roc import kernel

    return int(kernel.twice_area(tp, fp))


def delong_variance(groups: TieGroups, twice_pairs: int) -> float:
    r"""Return DeLong's variance of the AUC, from counts with at least two positives and two negatives.

    .. math:: \frac{1}{P (P - 1)} \sum_i (V_{10}(x_i) - A)^2 + \frac{1}{N (N - 1)} \sum_j (V_{01}(y_j) - A)^2

    where :math:`V_{10}(x)` is the share of the negatives below a positive's score x, ties counted half, and
    :math:`V_{01}(y)` the share of the positives above a negative's score y.

    ``twice_pairs`` is 2 U. The deviations are whole numbers over 2 P N, so that nothing cancels: computed as a mean
    of squares less a squared mean, an AUC within 1e-9 of 1 would keep no digit of its variance.

    Source
    ------
    DeLong, DeLong and Clarke-Pearson (1988), "Comparing the areas under two or more correlated receiver operating
    characteristic curves", Biometrics 44, equations 3 to 6; in O(n log n) by midranks after Sun and Xu (2014), "Fast
    implementation of DeLong's algorithm", IEEE Signal Processing Letters 21.
    """
    positives, negatives = int(groups.total_positives), int(groups.total_negatives)
    if not _fits(groups):
        squares = _squares_of_python(groups, twice_pairs)
    elif len(groups) < KERNEL_ROWS:
        squares = _squares(groups, twice_pairs)
    else:
        from workings.subjects.roc import kernel

        squares = kernel.squared_deviations(groups.tp, groups.fp, twice_pairs)
    scale = (2 * positives * negatives) ** 2
    of_positives = squares[0] / (scale * positives * (positives - 1))
    of_negatives = squares[1] / (scale * negatives * (negatives - 1))
    return of_positives + of_negatives


def partial_area(groups: TieGroups, max_fpr: float) -> float:
    r"""Return the area under the curve of rates for false positive rates from 0 to ``max_fpr``, not normalised.

    The last trapezoid is cut where the curve, a straight line between two tie groups, reaches ``max_fpr``.
    """
    positives, negatives = groups.total_positives, groups.total_negatives
    width = max_fpr * negatives
    whole = int(np.searchsorted(groups.fp, groups.fp.dtype.type(width), side="right"))
    twice = float(twice_area(groups, whole))
    if whole < len(groups):
        low, start = groups.counts_of(whole)
        high, stop = groups.counts_of(whole + 1)
        rest = width - start
        twice += rest * (2 * low + (high - low) * (rest / (stop - start)))
    return twice / (2.0 * positives * negatives)


def average_precision(groups: TieGroups) -> float:
    r"""Return the mean over the positives of the precision at each one's score; there must be a positive.

    .. math:: \sum_g (R_g - R_{g-1}) P_g = \frac{1}{P} \sum_g p_g \frac{T_g}{T_g + F_g}
    """
    tp, fp = groups.tp, groups.fp
    if groups.weighted or len(groups) < KERNEL_ROWS:
        total = float((_steps(tp) * (tp / (tp + fp))).sum())
    else:
        from workings.subjects.roc import kernel

        total = float(kernel.precision_sum(tp, fp))
    return total / groups.total_positives


def _fits(groups: TieGroups) -> bool:
    return 2 * groups.total_positives * groups.total_negatives < _FITS


def _steps(cumulative: NDArray[Any]) -> NDArray[Any]:
    return np.diff(cumulative, prepend=cumulative.dtype.type(0))


def _shifted(cumulative: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate([cumulative[:0], [cumulative.dtype.type(0)], cumulative[:-1]])


def _squares(groups: TieGroups, twice_pairs: int) -> tuple[float, float]:
    tp, fp = groups.tp.astype(np.int64), groups.fp.astype(np.int64)
    of_positives = (tp[-1] * (2 * fp[-1] - fp - _shifted(fp)) - twice_pairs).astype(np.float64)
    of_negatives = (fp[-1] * (tp + _shifted(tp)) - twice_pairs).astype(np.float64)
    return float((_steps(tp) * of_positives**2).sum()), float((_steps(fp) * of_negatives**2).sum())


def _squares_of_python(groups: TieGroups, twice_pairs: int) -> tuple[int, int]:
    positives, negatives = int(groups.total_positives), int(groups.total_negatives)
    of_positives = of_negatives = above_tp = above_fp = 0
    for t, f in zip(groups.tp.tolist(), groups.fp.tolist(), strict=True):
        of_positives += (t - above_tp) * (positives * (2 * negatives - f - above_fp) - twice_pairs) ** 2
        of_negatives += (f - above_fp) * (negatives * (t + above_tp) - twice_pairs) ** 2
        above_tp, above_fp = t, f
    return of_positives, of_negatives
