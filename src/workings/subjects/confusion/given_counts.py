"""Counts that are already known, checked before they become a matrix."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.errors import InputError
from workings.language import message

__all__ = ["checked_counts"]


def checked_counts(counts: ArrayLike, labels: tuple[Any, ...] | None) -> tuple[NDArray[Any], tuple[Any, ...]]:
    """Return counts as a read-only table of int64 or float64, and the classes: 0 to k - 1 by default.

    Raises
    ------
    InputError
        As :meth:`ConfusionMatrix.from_counts`.
    """
    table = np.array(counts)
    if table.ndim != 2 or table.shape[0] != table.shape[1] or table.dtype.kind not in "iuf" or not table.size:
        raise InputError(
            message(
                "ConfusionMatrix.from_counts: counts must be a square table of numbers; got shape {shape} of "
                "{dtype}; give one row a class",
                shape=str(table.shape),
                dtype=str(table.dtype),
            )
        )
    if not np.isfinite(table).all() or (table < 0).any():
        raise InputError(
            message(
                "ConfusionMatrix.from_counts: counts must be finite and not negative; got {least}",
                least=str(table.min()),
            )
        )
    if table.dtype.kind != "f" and sum(table.ravel().tolist()) > np.iinfo(np.int64).max:
        raise InputError(
            message(
                "ConfusionMatrix.from_counts: whole counts must add up to less than 2^63; got {total}; "
                "give them as floats",
                total=sum(table.ravel().tolist()),
            )
        )
    table = table.astype(np.float64 if table.dtype.kind == "f" else np.int64)
    names = tuple(range(len(table))) if labels is None else tuple(labels)
    if len(set(names)) != len(table):
        raise InputError(
            message(
                "ConfusionMatrix.from_counts: labels must name {size} different classes; got {labels}",
                size=len(table),
                labels=repr(names),
            )
        )
    table.setflags(write=False)
    return table, names
