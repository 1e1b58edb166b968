"""How often each pair (actual class, predicted class) occurs: the one thing that a confusion matrix counts."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.arrays import parallel_blocks
from workings.arrays.sums import split_on_grid

__all__ = ["count_label_pairs", "select_classes", "weigh_label_pairs"]

# Below this many rows NumPy is done before Numba has started.
_KERNEL_ROWS = 1 << 18
# Integer labels that span no more than this are their own codes, whatever the number of rows.
_DENSE = 64
_SAMPLE = 1024


def count_label_pairs(y_true: NDArray[Any], y_pred: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return the sorted labels that occur in either column and ``counts[i, j]``, how often label i was taken for j."""
    found = _count_dense(y_true, y_pred) if y_true.size >= _KERNEL_ROWS and _are_numbers(y_true, y_pred) else None
    if found is not None:
        low, counts = found
        return _without_absent(_labels_from(low, len(counts), y_true, y_pred), counts)
    labels, codes_true, codes_pred = _encode(y_true, y_pred)
    size = len(labels)
    counts = np.bincount(codes_true * size + codes_pred, minlength=size * size).reshape(size, size)
    return _without_absent(labels, counts.astype(np.int64, copy=False))


def weigh_label_pairs(
    y_true: NDArray[Any], y_pred: NDArray[Any], weights: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return the labels that occur and the weight of each pair as an unrounded sum of two matrices.

    Whole-number weights add up as integers (the second matrix is zero); floats as in :mod:`workings.arrays.sums`.
    """
    labels, codes_true, codes_pred = _encode(y_true, y_pred)
    size = len(labels)
    cells = codes_true * size + codes_pred
    present = np.zeros(size, np.bool_)
    present[codes_true] = present[codes_pred] = True
    if weights.dtype.kind in "iub":
        total = np.zeros(size * size, np.int64)
        np.add.at(total, cells, weights.astype(np.int64))
        rest = np.zeros_like(total)
    else:
        weights = weights.astype(np.float64, copy=False)
        coarse, fine = split_on_grid(weights, len(weights) * float(weights.max(initial=0.0)))
        total = np.bincount(cells, coarse, size * size)
        rest = np.bincount(cells, fine, size * size)
    keep = np.ix_(present, present)
    return labels[present], total.reshape(size, size)[keep], rest.reshape(size, size)[keep]


def select_classes(counts: NDArray[Any], found: tuple[Any, ...], wanted: tuple[Any, ...]) -> NDArray[Any]:
    """Return the rows and columns of ``wanted`` classes, in their order; zeros for those not ``found``."""
    where = {label: k for k, label in enumerate(found)}
    inner = [(k, where[label]) for k, label in enumerate(wanted) if label in where]
    to, of = [k for k, _ in inner], [k for _, k in inner]
    out = np.zeros((len(wanted), len(wanted)), counts.dtype)
    out[np.ix_(to, to)] = counts[np.ix_(of, of)]
    return out


def _encode(y_true: NDArray[Any], y_pred: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64], NDArray[np.int64]]:
    """Return labels and each row's two positions among them; some of the labels may not occur."""
    if y_true.size and _are_numbers(y_true, y_pred):
        low = min(int(y_true.min()), int(y_pred.min()))
        size = max(int(y_true.max()), int(y_pred.max())) - low + 1
        if _is_dense(size, y_true.size) and abs(low) < 2**62:
            return (
                _labels_from(low, size, y_true, y_pred),
                y_true.astype(np.int64) - low,
                y_pred.astype(np.int64) - low,
            )
    labels, codes = np.unique(np.concatenate([y_true, y_pred]), return_inverse=True)
    return labels, codes[: y_true.size], codes[y_true.size :]


def _count_dense(y_true: NDArray[Any], y_pred: NDArray[Any]) -> tuple[int, NDArray[np.int64]] | None:
    """Count integer labels by the kernel; None where they spread too far to be their own codes."""
    y_true, y_pred = _as_integers(y_true), _as_integers(y_pred)
    step = max(1, y_true.size // _SAMPLE)
    # A sample tells the span of nearly all data that people have; where it was wrong, the whole columns are looked at.
    for every in (step, 1):
        low = min(int(y_true[::every].min()), int(y_pred[::every].min()))
        size = max(int(y_true[::every].max()), int(y_pred[::every].max())) - low + 1
        if not _is_dense(size, y_true.size) or abs(low) >= 2**62:
            return None
        counts = _count_two(y_true, y_pred, low) if size <= 2 else _count_span(y_true, y_pred, low, size)
        if counts is not None:
            return low, counts
    return None


def _count_two(y_true: NDArray[Any], y_pred: NDArray[Any], low: int) -> NDArray[np.int64] | None:
    from workings.subjects.confusion.kernel import count_two_classes

    blocks = parallel_blocks(
        lambda start, stop: count_two_classes(y_true[start:stop], y_pred[start:stop], low), y_true.size
    )
    actual, predicted, both, strangers = reduce(add, blocks).tolist()
    if strangers:
        return None
    neither = y_true.size - actual - predicted + both
    return np.array([[neither, predicted - both], [actual - both, both]], np.int64)


def _count_span(y_true: NDArray[Any], y_pred: NDArray[Any], low: int, size: int) -> NDArray[np.int64] | None:
    from workings.subjects.confusion.kernel import count_pairs

    blocks = parallel_blocks(
        lambda start, stop: count_pairs(y_true[start:stop], y_pred[start:stop], low, size), y_true.size
    )
    return reduce(add, (counts for counts, _ in blocks)) if all(inside for _, inside in blocks) else None


def _without_absent(labels: NDArray[Any], counts: NDArray[np.int64]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    present = counts.any(axis=0) | counts.any(axis=1)
    return (labels, counts) if present.all() else (labels[present], counts[np.ix_(present, present)])


def _labels_from(low: int, size: int, y_true: NDArray[Any], y_pred: NDArray[Any]) -> NDArray[Any]:
    labels = np.arange(low, low + size)
    return labels.astype(np.bool_) if y_true.dtype.kind == y_pred.dtype.kind == "b" else labels


def _is_dense(size: int, rows: int) -> bool:
    return size <= _DENSE or size * size <= rows


def _are_numbers(y_true: NDArray[Any], y_pred: NDArray[Any]) -> bool:
    return y_true.dtype.kind in "biu" and y_pred.dtype.kind in "biu"


def _as_integers(labels: NDArray[Any]) -> NDArray[Any]:
    return labels.view(np.uint8) if labels.dtype.kind == "b" else labels
