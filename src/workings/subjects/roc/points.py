"""The points of the ROC curve as scikit-learn gives them: rates and thresholds, corners only where that is asked."""

from __future__ import annotations

from functools import partial
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.arrays import thread_count
from workings.arrays.threads import run_together
from workings.subjects.roc.groups import KERNEL_ROWS, TieGroups

__all__ = ["curve_points"]

Points = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def curve_points(groups: TieGroups, *, drop_intermediate: bool) -> Points:
    """Return false positive rates, true positive rates and thresholds, from (0, 0) at infinity on.

    A rate of a class without rows is NaN. With ``drop_intermediate`` a point between two others is left out where
    neither count bends, which is to say where it lies halfway on a straight line.
    """
    drop = drop_intermediate and len(groups) >= 3
    if drop and len(groups) >= KERNEL_ROWS:
        return _large_corners(groups)
    tp, fp, scores = groups.tp, groups.fp, groups.scores
    if drop:
        bends = np.ones(len(tp), np.bool_)
        bends[1:-1] = _bends(tp) | _bends(fp)
        kept = np.flatnonzero(bends)
        tp, fp, scores = tp[kept], fp[kept], scores[kept]
    return _rates(fp, groups.total_negatives), _rates(tp, groups.total_positives), np.concatenate([[np.inf], scores])


def _bends(counts: NDArray[Any]) -> NDArray[np.bool_]:
    steps = np.diff(counts)
    return steps[1:] != steps[:-1]


def _rates(counts: NDArray[Any], total: float) -> NDArray[np.float64]:
    if not total:
        return np.full(len(counts) + 1, np.nan)
    rates = np.empty(len(counts) + 1)
    rates[0] = 0.0
    np.divide(counts, total, out=rates[1:])
    return rates


def _large_corners(groups: TieGroups) -> Points:
    from workings.subjects.roc import kernel

    columns = (groups.scores, groups.tp, groups.fp)
    inner, parts = len(groups) - 2, thread_count()
    blocks = list(pairwise(1 + inner * k // parts for k in range(parts + 1)))
    # Counting first costs one more pass and saves the room for as many points as there are scores.
    sizes = run_together([partial(kernel.count_corners, groups.tp, groups.fp, *block) for block in blocks])
    places = list(accumulate(sizes, initial=2))
    points = (np.empty(places[-1] + 1), np.empty(places[-1] + 1), np.empty(places[-1] + 1))
    totals = (float(groups.total_negatives), float(groups.total_positives))
    for (rates, counts), total in zip(((points[0], groups.fp), (points[1], groups.tp)), totals, strict=True):
        rates[:2] = (0.0, counts[0] / total) if total else np.nan
        rates[-1] = 1.0 if total else np.nan
    points[2][[0, 1, -1]] = np.inf, groups.scores[0], groups.scores[-1]
    run_together(
        [
            partial(kernel.fill_corners, columns, block, totals, tuple(column[place:] for column in points))
            for block, place in zip(blocks, places, strict=False)
        ]
    )
    return points
