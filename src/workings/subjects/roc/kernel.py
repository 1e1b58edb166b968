"""The compiled loops of the ROC curve: split scores by class, add up areas and squares over tie groups.

Each is one linear pass. Imported when a large input first needs them, because Numba takes longer to start than NumPy
takes for a small one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = [
    "count_corners",
    "fill_corners",
    "precision_sum",
    "split_by_class",
    "squared_deviations",
    "twice_area",
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
def count_corners(tp: NDArray[Any], fp: NDArray[Any], start: int, stop: int) -> int:
    """Return at how many of some groups the curve bends, of which neither is the first or the last of all."""
    corners = 0
    # In slices, whose places are seen not to be negative: the compiler then makes vector instructions of the loop.
    t0, t1, t2 = tp[start - 1 : stop - 1], tp[start:stop], tp[start + 1 : stop + 1]
    f0, f1, f2 = fp[start - 1 : stop - 1], fp[start:stop], fp[start + 1 : stop + 1]
    for k in range(len(t1)):
        corners += (t2[k] - t1[k] != t1[k] - t0[k]) | (f2[k] - f1[k] != f1[k] - f0[k])
    return corners


@njit(nogil=True, cache=True, error_model="numpy")
def fill_corners(
    groups: tuple[NDArray[Any], ...],
    block: tuple[int, int],
    totals: tuple[float, float],
    into: tuple[NDArray[np.float64], ...],
) -> None:
    """Write the groups of a block at which the curve bends: ``groups`` are scores, ``tp`` and ``fp``, ``into`` FPR, TPR
    and thresholds; ``totals`` are all negatives and all positives.
    """
    scores, tp, fp = groups
    fpr, tpr, thresholds = into
    start, stop = block
    # What follows the last corner would be written to a place of the next block.
    while stop > start and count_corners(tp, fp, stop - 1, stop) == 0:
        stop -= 1
    t0, t1, t2 = tp[start - 1 : stop - 1], tp[start:stop], tp[start + 1 : stop + 1]
    f0, f1, f2 = fp[start - 1 : stop - 1], fp[start:stop], fp[start + 1 : stop + 1]
    here = scores[start:stop]
    place = np.uint64(0)
    for k in range(len(t1)):
        # What is no corner is written over by the next that is one: no branch, which nobody could foretell.
        fpr[place] = f1[k] / totals[0]
        tpr[place] = t1[k] / totals[1]
        thresholds[place] = here[k]
        place += np.uint64((t2[k] - t1[k] != t1[k] - t0[k]) | (f2[k] - f1[k] != f1[k] - f0[k]))


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
