"""The compiled loops of the confusion matrix: one pass over the two columns of labels.

Imported when a large input first needs them, because Numba takes longer to start than NumPy takes for a small one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["count_pairs", "count_two_classes", "mark_class"]


@njit(nogil=True, cache=True)
def count_two_classes(y_true: NDArray[Any], y_pred: NDArray[Any], low: int) -> NDArray[np.int64]:
    """Return how many rows are actually, how many predicted, and how many both of the class ``low + 1``, and how many
    hold neither ``low`` nor ``low + 1``: four sums without a branch, which the compiler turns into vector code.
    """
    actual = predicted = both = strangers = 0
    for i in range(len(y_true)):
        t = np.int64(y_true[i]) - low
        p = np.int64(y_pred[i]) - low
        actual += t
        predicted += p
        both += t & p
        strangers += ((t | p) & ~1) != 0
    return np.array([actual, predicted, both, strangers])


@njit(nogil=True, cache=True)
def count_pairs(y_true: NDArray[Any], y_pred: NDArray[Any], low: int, size: int) -> tuple[NDArray[np.int64], bool]:
    """Return ``counts[t, p]`` of the pairs of labels ``(low + t, low + p)``, and whether no label fell outside.

    Four rows go to four copies of the matrix: adding twice to one cell in a row would wait for the first to be stored.
    """
    counts = np.zeros((4, size * size), np.int64)
    for i in range(len(y_true)):
        t = np.int64(y_true[i]) - low
        p = np.int64(y_pred[i]) - low
        if t < 0 or p < 0 or t >= size or p >= size:
            return counts[0].reshape(size, size), False
        counts[i & 3, t * size + p] += 1
    return (counts[0] + counts[1] + counts[2] + counts[3]).reshape(size, size), True


@njit(nogil=True, cache=True)
def mark_class(labels: NDArray[Any], low: int, high: int, marked: NDArray[np.bool_]) -> int:
    """Write which labels are ``high``; return how many are neither ``low`` nor ``high``."""
    strangers = 0
    for i in range(len(labels)):
        label = np.int64(labels[i])
        marked[i] = label == high
        strangers += (label != high) & (label != low)
    return strangers
