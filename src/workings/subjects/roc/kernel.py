"""The compiled loops of the ROC curve: split scores by class, merge two sorted columns into tie groups, add up areas.

Each is one linear pass. Imported when a large input first needs them, because Numba takes longer to start than NumPy
takes for a small one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = [
    "count_groups",
    "fill_groups",
    "precision_sum",
    "split_by_class",
    "squared_deviations",
    "twice_area",
    "twice_ordered_pairs",
]

# Squares are added up in runs of this many groups, and the runs' sums to each other: the rounding of a sum of 10^8
# terms is then that of a sum of 10^5.
_RUN = 1024


@njit(nogil=True, cache=True)
def split_by_class(positive: NDArray[np.uint8], scores: NDArray[Any], above: NDArray[Any], below: NDArray[Any]) -> None:
    """Copy the scores of positive rows to the front of ``above`` and the others to ``below``, one more long each.

    Every score is written to both and only one place moves on: without a branch, which random classes would make the
    processor mispredict for every second row.
    """
    p = 0
    n = 0
    for i in range(len(scores)):
        above[p] = scores[i]
        below[n] = scores[i]
        p += positive[i]
        n += 1 - positive[i]


@njit(nogil=True, cache=True)
def count_groups(positive: NDArray[Any], negative: NDArray[Any]) -> int:
    """Return how many different values stand in two sorted arrays together."""
    p = len(positive) - 1
    n = len(negative) - 1
    groups = 0
    while p >= 0 or n >= 0:
        score = positive[p] if n < 0 or (p >= 0 and positive[p] >= negative[n]) else negative[n]
        while p >= 0 and positive[p] == score:
            p -= 1
        while n >= 0 and negative[n] == score:
            n -= 1
        groups += 1
    return groups


@njit(nogil=True, cache=True)
def fill_groups(
    positive: NDArray[Any], negative: NDArray[Any], before: tuple[int, int], into: tuple[NDArray[Any], ...]
) -> None:
    """Write the different values of two sorted arrays, from the highest, and how many of each lie at or above.

    ``before`` holds how many lie above all of these already; ``into`` is ``scores, tp, fp``.
    """
    scores, tp, fp = into
    p = len(positive) - 1
    n = len(negative) - 1
    k = 0
    while p >= 0 or n >= 0:
        score = positive[p] if n < 0 or (p >= 0 and positive[p] >= negative[n]) else negative[n]
        while p >= 0 and positive[p] == score:
            p -= 1
        while n >= 0 and negative[n] == score:
            n -= 1
        # Adding zero makes -0.0, which is tied with 0.0, into 0.0.
        scores[k] = score + 0
        tp[k] = before[0] + len(positive) - 1 - p
        fp[k] = before[1] + len(negative) - 1 - n
        k += 1


@njit(nogil=True, cache=True)
def twice_ordered_pairs(positive: NDArray[Any], negative: NDArray[Any]) -> int:
    """Return twice the number of pairs of sorted scores in which the positive is the higher, ties counted half."""
    twice = 0
    lower = 0
    tied = 0
    for p in range(len(positive)):
        score = positive[p]
        while lower < len(negative) and negative[lower] < score:
            lower += 1
        tied = max(tied, lower)
        while tied < len(negative) and negative[tied] == score:
            tied += 1
        twice += lower + tied
    return twice


@njit(nogil=True, cache=True)
def twice_area(tp: NDArray[Any], fp: NDArray[Any]) -> np.int64:
    """Return twice the area under the curve of counts, by trapezoids over the tie groups."""
    twice = np.int64(0)
    above_tp = np.int64(0)
    above_fp = np.int64(0)
    for k in range(len(tp)):
        t = np.int64(tp[k])
        f = np.int64(fp[k])
        twice += (f - above_fp) * (t + above_tp)
        above_tp = t
        above_fp = f
    return twice


@njit(nogil=True, cache=True)
def squared_deviations(tp: NDArray[Any], fp: NDArray[Any], twice_pairs: int) -> tuple[float, float]:
    """Return the sums of squares of DeLong's two structural components about their mean, times (2 P N)²."""
    positives = np.int64(tp[-1])
    negatives = np.int64(fp[-1])
    of_positives = 0.0
    of_negatives = 0.0
    above_tp = np.int64(0)
    above_fp = np.int64(0)
    for start in range(0, len(tp), _RUN):
        run_of_positives = 0.0
        run_of_negatives = 0.0
        for k in range(start, min(start + _RUN, len(tp))):
            t = np.int64(tp[k])
            f = np.int64(fp[k])
            # Whole numbers up to 2 P N: the deviations are exact, and only their squares are rounded.
            of_positive = np.float64(positives * (2 * negatives - f - above_fp) - twice_pairs)
            of_negative = np.float64(negatives * (t + above_tp) - twice_pairs)
            run_of_positives += (t - above_tp) * of_positive * of_positive
            run_of_negatives += (f - above_fp) * of_negative * of_negative
            above_tp = t
            above_fp = f
        of_positives += run_of_positives
        of_negatives += run_of_negatives
    return of_positives, of_negatives


@njit(nogil=True, cache=True)
def precision_sum(tp: NDArray[Any], fp: NDArray[Any]) -> float:
    """Return the sum over the positives of the precision at each one's score."""
    total = 0.0
    above = np.int64(0)
    for start in range(0, len(tp), _RUN):
        run = 0.0
        for k in range(start, min(start + _RUN, len(tp))):
            t = np.int64(tp[k])
            run += (t - above) * (t / (t + np.int64(fp[k])))
            above = t
        total += run
    return total
